// The steady state of sentences against closed forms, each with a twin: parole, recall and detention before trial
// change when a term ends.
#include <catch2/catch.hpp>
#include <cmath>
#include <string>

#include "models/steady_state.hpp"
#include "tests/verification/steady_state_system.hpp"

using namespace prisonflow::models;
namespace sim = prisonflow::sim;

TEST_CASE("Steady state: parole, certain or refused some times") {
  const auto text = [](const std::string& granted) {
    return kPrison + R"(
term = "1000 days"
on_parole = "board"
parole_eligibility = 0.5
parole_retry = "90 days"
[states.board]
grade = "assumed"
kind = "decision"
shares = { parole = )" +
           granted + R"(, prison = "rest" }
[states.parole]
grade = "assumed"
kind = "supervision"
term = "remainder"
next = "out"
breach = 0
on_breach = "out"
)";
  };
  const Steady certain(text("1.0"), "prison");
  check(certain.stock("prison"), 10 * 500, 10 * 501);
  check(certain.stock("parole"), 10 * 500, 10 * 499);
  const Steady refused(text("0.3"), "prison");
  const auto expected = [](double granted) {
    double present = 1, prison = 500, parole = 0, heard = 0;
    for (double hearing = 500; hearing < 1000; hearing += 90) {
      heard += present;
      parole += present * granted * (1000 - hearing);
      present *= 1 - granted;
      prison += present * std::min(90.0, 1000 - hearing);
    }
    return std::vector<double>{10 * prison, 10 * parole, 10 * heard};
  };
  check(refused.stock("prison"), expected(0.3)[0], expected(0.31)[0]);
  check(refused.stock("parole"), expected(0.3)[1], expected(0.31)[1]);
  check(refused.entries("board"), expected(0.3)[2], expected(0.31)[2]);
  check(refused.entries("prison"), 10, 10 + 0.7 * expected(0.3)[2]);  // a refusal is no new admission
}

TEST_CASE("Steady state: a board that takes time") {
  const Steady steady(kPrison + R"(
term = "1000 days"
automatic_release = 0.9
on_parole = "board"
parole_eligibility = 0.5
parole_retry = "90 days"
[states.board]
grade = "assumed"
kind = "delay"
duration = "40 days"
next = "ruling"
[states.ruling]
grade = "assumed"
kind = "decision"
shares = { parole = 0.3, prison = "rest" }
[states.parole]
grade = "assumed"
kind = "supervision"
term = "remainder"
next = "out"
breach = 0
on_breach = "out"
)",
                      "prison");
  const auto expected = [](double board) {
    double present = 1, prison = 500, parole = 0, heard = 0, now = 500;
    while (now < 900) {
      heard += present;
      parole += present * 0.3 * std::max(1000 - now - board, 0.0);
      present *= 0.7;
      now += board;
      prison += present * std::clamp(900 - now, 0.0, 90.0);
      now += 90;
    }
    return std::vector<double>{10 * prison, 10 * parole, 10 * heard};
  };
  check(steady.stock("prison"), expected(40)[0], expected(45)[0], 2e-6);
  check(steady.stock("parole"), expected(40)[1], expected(45)[1], 2e-6);
  check(steady.stock("board"), 40 * expected(40)[2], 41 * expected(40)[2], 2e-6);
}

TEST_CASE("Steady state: release on licence, recall, release again") {
  const auto text = [](const std::string& length) {
    return R"(
[states.start]
grade = "assumed"
kind = "custody"
next = "licence"
pretrial_credit = 1
automatic_release = 0.6
term = )" + length +
           R"(
[states.licence]
grade = "assumed"
kind = "supervision"
term = "remainder"
next = "out"
breach = 1.5
on_breach = "recalled"
[states.recalled]
grade = "assumed"
kind = "custody"
term = "remainder"
automatic_release = 0.5
next = "second_licence"
[states.second_licence]
grade = "assumed"
kind = "supervision"
term = "remainder"
next = "out"
breach = 0
on_breach = "out"
)";
  };
  const Steady fixed(text("\"1000 days\""));
  const double recalled = -std::expm1(-1.5 * 400 / kYear);
  const double wrong = -std::expm1(-1.5 * 410 / kYear);
  check(fixed.stock("licence"), 10 * recalled * kYear / 1.5, 10 * wrong * kYear / 1.5);
  check(fixed.stock("recalled"), 10 * recalled * 200, 10 * wrong * 200);
  check(fixed.stock("second_licence"), 10 * recalled * 200, 10 * wrong * 200);
  // The same with an exponential term: R = 0.4 T is exponential too.
  const Steady drawn(text("{ distribution = \"exponential\", mean = \"1000 days\" }"));
  const double rate = 1.5 / kYear, mean = 400;
  check(drawn.entries("recalled"), 10 * rate / (rate + 1 / mean), 10 * rate / (rate + 1 / 420.0), 1e-4);
  // E[(1 - exp(-bR)) R / 2]
  const double rest = 0.5 * (mean - mean / std::pow(1 + rate * mean, 2));
  check(drawn.stock("recalled"), 10 * rest, 10 * rest * 1.02, 1e-4);
  check(drawn.stock("second_licence"), 10 * rest, 10 * rest * 1.02, 1e-4);
}

TEST_CASE("Steady state: tightened supervision keeps the end of the term, recall the whole rest") {
  const Steady steady(R"(
[states.start]
grade = "assumed"
kind = "custody"
next = "licence"
pretrial_credit = 1
automatic_release = 0.5
term = "1000 days"
[states.licence]
grade = "assumed"
kind = "supervision"
term = "remainder"
next = "out"
breach = 1
on_breach = "intensive"
[states.intensive]
grade = "assumed"
kind = "supervision"
term = "remainder"
next = "out"
breach = 2
on_breach = "recalled"
[states.recalled]
grade = "assumed"
kind = "custody"
term = "remainder"
next = "out"
)");
  const double a = 1 / kYear, b = 2 / kYear, rest = 500;
  // Present in the second of two exponential phases at t: a (exp(-a t) - exp(-b t)) / (b - a).
  const auto second = [&](double until) {
    return (-std::expm1(-a * until) - a / b * -std::expm1(-b * until)) / (b - a);
  };
  check(steady.stock("licence"), 10 * -std::expm1(-a * rest) / a, 10 * -std::expm1(-a * 501) / a);
  check(steady.stock("intensive"), 10 * second(rest), 10 * second(rest + 20), 3e-4);
  check(steady.stock("recalled"), 10 * b * second(rest) * rest, 10 * b * second(rest) * (rest - 20), 3e-4);
}

TEST_CASE("Steady state: pretrial detention is taken off the term") {
  const auto text = [](const std::string& law, const std::string& term, const std::string& more = "") {
    return "[states.start]\ngrade = \"assumed\"\nkind = \"custody\"\npretrial = true\nnext = \"prison\"\nduration = " +
           law + "\n" + kPrison + "term = " + term + "\n" + more;
  };
  const auto prison = [](const Steady& steady) -> const CreditDistribution& {
    return steady.result().credit[steady.scenario().find_state("prison")][0];
  };
  const Steady fixed(text("\"100 days\"", "\"300 days\""));
  check(fixed.stock("prison"), 2000, 2001, 1e-6);
  CHECK(prison(fixed).mean() == Approx(100 * 1440.0));
  const Steady varied(
      text("{ distribution = \"uniform\", shortest = \"0 days\", longest = \"200 days\" }", "\"300 days\""));
  check(varied.stock("prison"), 2000, 2001, 1e-6);
  CHECK(prison(varied).mean() == Approx(100 * 1440.0).epsilon(1e-6));
  CHECK(std::accumulate(prison(varied).shares.begin(), prison(varied).shares.end(), 0.0) == Approx(1.0));
  // Half of them have sat longer than their term and are let go at once: E[(100 - C)+] = 25 days.
  const Steady clamped(
      text("{ distribution = \"uniform\", shortest = \"0 days\", longest = \"200 days\" }", "\"100 days\""));
  check(clamped.stock("prison"), 250, 256, 1e-3);
  // An exponential term survives C with chance exp(-C / mean): E = mean (1 - exp(-200 / mean)) mean / 200.
  const Steady drawn(text("{ distribution = \"uniform\", shortest = \"0 days\", longest = \"200 days\" }",
                          "{ distribution = \"exponential\", mean = \"300 days\" }"));
  const auto served = [](double mean) { return 10 * mean * -std::expm1(-200 / mean) * mean / 200; };
  check(drawn.stock("prison"), served(300), served(303), 3e-4);
  // Two stages of detention, and death in the first; in the second nobody dies.
  const Steady stages(R"(
[states.start]
grade = "assumed"
kind = "custody"
pretrial = true
duration = { distribution = "exponential", mean = "100 days" }
next = "court"
[states.court]
grade = "assumed"
kind = "custody"
pretrial = true
duration = "20 days"
mortality_ratio = 0
next = "prison"
)" + kPrison + "mortality_ratio = 0\nterm = \"5000 days\"\n" +
                      kDeath);
  const double completed = 1 / (1 + 0.5 / kYear * 100);
  const double credit = 20 + 100 * completed;  // survivors' detention is shorter
  check(stages.stock("prison"), 10 * completed * (5000 - credit), 10 * completed * (5000 - 120), 1e-5);
}
