// The steady state by linear algebra against closed forms, each with a twin: the same check with a wrong number, which
// must fail. The last cases compare with the simulation itself.
#include "models/steady_state.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/diagnostics.hpp"
#include "models/replication.hpp"
#include "models/scenario_reader.hpp"

using namespace prisonflow::models;
namespace sim = prisonflow::sim;

namespace {

constexpr double kYear = sim::kDaysPerYear;  // days

/// A scenario from text; ten newcomers a day unless the text says otherwise.
Scenario scenario_of(const std::string& text, const std::string& first = "start", double per_day = 10) {
  const auto folder = std::filesystem::temp_directory_path() / "prisonflow_steady_state_test";
  std::filesystem::create_directories(folder);
  const auto path = folder / (std::to_string(std::hash<std::string>{}(text)) + ".toml");
  std::ofstream file(path);
  file << "[scenario]\nname = \"steady\"\ntitle = \"Steady\"\nstart = 2000-01-01\nend = 2020-01-01\n"
       << "[arrivals.newcomers]\ngrade = \"assumed\"\nto = \"" << first
       << "\"\nrate = " << std::to_string(per_day * kYear) << "\n"
       << text << "\n[states.out]\nkind = \"exit\"\n";
  file.close();
  try {
    return read_scenario(path);
  } catch (const InvalidScenario& invalid) {
    FAIL(invalid.what());
    throw;
  }
}

/// A scenario and its steady state.
class Steady {
 public:
  explicit Steady(const std::string& text, const std::string& first = "start")
      : scenario_(std::make_unique<Scenario>(scenario_of(text, first))),
        model_(std::make_unique<Model>(*scenario_, draw_values(*scenario_, {}))),
        result_(steady_state(*model_)) {}
  double stock(const std::string& state) const { return result_.total(scenario_->find_state(state)); }
  double entries(const std::string& state) const { return sum(result_.entries_per_day[scenario_->find_state(state)]); }
  double entries(const std::string& state, std::uint32_t cell) const {
    return result_.entries_per_day[scenario_->find_state(state)][cell];
  }
  double susceptible(const std::string& state) const { return sum(result_.susceptible[scenario_->find_state(state)]); }
  const SteadyState& result() const { return result_; }
  const Scenario& scenario() const { return *scenario_; }
  const Model& model() const { return *model_; }

 private:
  static double sum(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }
  std::unique_ptr<Scenario> scenario_;
  std::unique_ptr<Model> model_;
  SteadyState result_;
};

bool near(double value, double expected, double tolerance) {
  return std::abs(value - expected) <= tolerance * std::abs(expected);
}

/// `value` is `right` and not `wrong`, the same formula with another number.
void check(double value, double right, double wrong, double tolerance = 1e-6) {
  INFO("value " << value << ", right " << right << ", wrong " << wrong);
  CHECK(near(value, right, tolerance));
  CHECK_FALSE(near(value, wrong, 10 * tolerance));
}

std::string one_delay(const std::string& law, const std::string& more = "") {
  return "[states.start]\ngrade = \"assumed\"\nkind = \"delay\"\nnext = \"out\"\nduration = " + law + "\n" + more;
}
const std::string kDeath = "[mortality]\ngrade = \"assumed\"\nto = \"out\"\nrate = 0.5\n";

/// E[(1 - exp(-h D)) / h] by the midpoint rule over the quantiles, slowly.
double mean_stay_by_quantiles(const sim::Distribution& law, double hazard) {
  constexpr int kSteps = 4'000'000;
  double sum = 0;
  for (int step = 0; step < kSteps; ++step) sum += -std::expm1(-hazard * law.quantile((step + 0.5) / kSteps)) / hazard;
  return sum / kSteps;
}

const std::string kPrison = R"(
[states.prison]
grade = "assumed"
kind = "custody"
next = "out"
pretrial_credit = 1
)";

/// All that the algebra covers, together: two ways to trial, credit, parole by a board that takes time, recall,
/// warnings at once and after a hearing, suspended sentences, reoffending with a never-returning share, priors, death.
std::string whole_system(const std::string& granted) {
  return R"(
[classes]
sex = ["male", "female"]
offence = ["violent", "theft"]
prior = [0, 1, 3]
[arrivals.newcomers.mix]
sex = { male = 0.8, female = 0.2 }
offence = { violent = 0.3, theft = 0.7 }
offence_by.sex.female = { violent = 0.5 }
prior = { 0 = 0.7, 1-2 = 0.2, "3+" = 0.1 }
[states.start]
grade = "assumed"
kind = "decision"
shares = { detention = 0.5, investigation = "rest" }
shares_by.offence.violent = { detention = 2 }
[states.detention]
grade = "assumed"
kind = "custody"
pretrial = true
duration = { distribution = "gamma", mean = "90 days", shape = 2 }
next = "remand_court"
[states.remand_court]
grade = "assumed"
kind = "custody"
pretrial = true
duration = { distribution = "uniform", shortest = "10 days", longest = "40 days" }
next = "sentence"
[states.investigation]
grade = "assumed"
kind = "delay"
reoffending_ratio = 0.7
duration = { distribution = "lognormal", mean = "80 days", sigma = 0.8 }
next = "sentence"
[states.sentence]
grade = "assumed"
kind = "decision"
conviction = true
shares = { prison = 0.4, suspended = 0.3, community = "rest" }
shares_by.prior."3+" = { prison = 2.5 }
[states.prison]
grade = "assumed"
kind = "custody"
next = "licence"
term = { distribution = "lognormal", mean = "16 months", sigma = 0.6 }
term_by.offence.violent = 1.7
pretrial_credit = 1
automatic_release = 0.8
on_parole = "board"
parole_eligibility = 0.5
parole_eligibility_by.offence.violent = 1.2
parole_retry = "2 months"
[states.board]
grade = "assumed"
kind = "delay"
duration = { distribution = "exponential", mean = "12 days" }
next = "ruling"
[states.ruling]
grade = "assumed"
kind = "decision"
shares = { licence = )" +
         granted + R"(, prison = "rest" }
[states.licence]
grade = "assumed"
kind = "supervision"
term = "remainder"
reoffending_ratio = 0.8
breach = 0.9
on_breach = "breach_hearing"
next = "community"
[states.breach_hearing]
grade = "assumed"
kind = "delay"
duration = "15 days"
next = "breach_ruling"
[states.breach_ruling]
grade = "assumed"
kind = "decision"
shares = { licence = 0.5, recalled = "rest" }
[states.recalled]
grade = "assumed"
kind = "custody"
term = "remainder"
automatic_release = 0.7
next = "licence"
[states.suspended]
grade = "assumed"
kind = "supervision"
term = { distribution = "uniform", shortest = "6 months", longest = "2 years" }
breach = 0.6
on_breach = "warning"
next = "community"
[states.warning]
grade = "assumed"
kind = "decision"
shares = { suspended = 0.6, prison = "rest" }
[states.community]
grade = "assumed"
kind = "liberty"
leaving = 0.25
next = "out"
[states.dead]
kind = "exit"
[reoffending]
grade = "assumed"
to = "start"
time = { distribution = "exponential", mean = "700 days", never = 0.4 }
ratio_by.prior."3+" = 1.8
same_offence = 0.5
[reoffending.mix]
offence = { violent = 0.2, theft = 0.8 }
[mortality]
grade = "assumed"
to = "dead"
rate = 0.02
)";
}

/// Mean and standard error over replications.
struct Estimate {
  double mean = 0, error = 0;
};
Estimate estimate(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return {mean, std::sqrt(squares / (n - 1) / n)};
}

}  // namespace

TEST_CASE("Steady state: persons in one state are arrivals times the mean stay, whatever the law") {
  check(Steady(one_delay("\"30 days\"")).stock("start"), 300, 301, 1e-9);
  check(Steady(one_delay("{ distribution = \"exponential\", mean = \"30 days\" }")).stock("start"), 300, 301, 1e-9);
  check(
      Steady(one_delay("{ distribution = \"uniform\", shortest = \"10 days\", longest = \"60 days\" }")).stock("start"),
      350, 351, 1e-9);
  check(Steady(one_delay("{ distribution = \"gamma\", mean = \"30 days\", shape = 0.5 }")).stock("start"), 300, 301);
  check(Steady(one_delay("{ distribution = \"gamma\", mean = \"30 days\", shape = 7 }")).stock("start"), 300, 301,
        1e-7);
  check(Steady(one_delay("{ distribution = \"lognormal\", mean = \"30 days\", sigma = 1.5 }")).stock("start"), 300, 301,
        1e-7);
  check(Steady(one_delay("{ distribution = \"weibull\", scale = \"30 days\", shape = 0.6 }")).stock("start"),
        300 * std::tgamma(1 + 1 / 0.6), 300 * std::tgamma(1 + 1 / 0.61));
}

TEST_CASE("Steady state: a constant hazard of death shortens stays as the law's transform says") {
  const double hazard = 0.5 / kYear;
  const auto stock = [](const std::string& law) { return Steady(one_delay(law, kDeath)).stock("start"); };
  const auto fixed = [&](double days) { return 10 * -std::expm1(-hazard * days) / hazard; };
  check(stock("\"300 days\""), fixed(300), fixed(301));
  check(stock("{ distribution = \"exponential\", mean = \"300 days\" }"), 10 / (1.0 / 300 + hazard),
        10 / (1.0 / 301 + hazard));
  const auto gamma = [&](double shape) { return 10 * (1 - std::pow(1 + hazard * 300 / shape, -shape)) / hazard; };
  check(stock("{ distribution = \"gamma\", mean = \"300 days\", shape = 0.4 }"), gamma(0.4), gamma(0.41));
  check(stock("{ distribution = \"gamma\", mean = \"300 days\", shape = 3 }"), gamma(3), gamma(3.1));
  const auto uniform = [&](double low, double high) {
    const double completed = (std::exp(-hazard * low) - std::exp(-hazard * high)) / (hazard * (high - low));
    return 10 * (1 - completed) / hazard;
  };
  check(stock("{ distribution = \"uniform\", shortest = \"100 days\", longest = \"900 days\" }"), uniform(100, 900),
        uniform(100, 901));
  check(stock("{ distribution = \"lognormal\", median = \"300 days\", sigma = 1.2 }"),
        10 * mean_stay_by_quantiles(sim::Distribution::lognormal(300, 1.2), hazard),
        10 * mean_stay_by_quantiles(sim::Distribution::lognormal(300, 1.21), hazard));
  check(stock("{ distribution = \"weibull\", scale = \"300 days\", shape = 0.7 }"),
        10 * mean_stay_by_quantiles(sim::Distribution::weibull(300, 0.7), hazard),
        10 * mean_stay_by_quantiles(sim::Distribution::weibull(300, 0.71), hazard));
}

TEST_CASE("Steady state: decisions split by class") {
  const Steady steady(R"(
[classes]
sex = ["male", "female"]
[arrivals.newcomers.mix]
sex = { male = 0.75, female = 0.25 }
[states.start]
kind = "decision"
grade = "assumed"
shares = { held = 0.4, out = "rest" }
shares_by.sex.female = { held = 0.5 }
[states.held]
kind = "custody"
grade = "assumed"
next = "out"
duration = "100 days"
duration_by.sex.female = 0.5
)");
  const double women = 0.2 / (0.2 + 0.6);  // odds ratio one half
  check(steady.entries("held"), 10 * (0.75 * 0.4 + 0.25 * women), 10 * 0.4, 1e-6);
  check(steady.stock("held"), 10 * (0.75 * 0.4 * 100 + 0.25 * women * 50), 10 * (0.75 * 0.4 + 0.25 * women) * 100,
        1e-6);
  check(steady.entries("start", 1), 2.5, 7.5);
}

TEST_CASE("Steady state: hazards compete") {
  const Steady steady(kDeath + R"(
[states.start]
grade = "assumed"
kind = "supervision"
term = "400 days"
next = "out"
on_breach = "revoked"
breach = 0.8
[states.revoked]
grade = "assumed"
kind = "custody"
duration = "50 days"
mortality_ratio = 0
next = "out"
)");
  const auto stay = [](double hazard) { return -std::expm1(-hazard * 400 / kYear) / hazard * kYear; };
  check(steady.stock("start"), 10 * stay(1.3), 10 * stay(1.31));
  check(steady.entries("revoked"), 10 * stay(1.3) * 0.8 / kYear, 10 * stay(1.3) * 0.81 / kYear);
  check(steady.stock("revoked"), 50 * steady.entries("revoked"), 51 * steady.entries("revoked"));
}

TEST_CASE("Steady state: warnings leave a measure's end where it was") {
  const auto text = [](const std::string& breach) {
    return R"(
[states.start]
grade = "assumed"
kind = "supervision"
term = "400 days"
next = "out"
on_breach = "hearing"
breach = 2
)" + breach;
  };
  const Steady steady(
      text("[states.hearing]\nkind = \"decision\"\ngrade = \"assumed\"\nshares = { start = 0.75, out = \"rest\" }\n"));
  const auto stay = [](double revoked) { return -std::expm1(-2 * revoked * 400 / kYear) / (2 * revoked) * kYear; };
  check(steady.stock("start"), 10 * stay(0.25), 10 * stay(0.26));
  check(steady.entries("hearing"), 20 * stay(0.25) / kYear, 20 * stay(0.26) / kYear);
  check(steady.entries("start"), 10, 10 + 15 * stay(0.25) / kYear);  // a warning is no new entry
}

TEST_CASE("Steady state: a warning that takes time uses the measure up") {
  // Back after a fixed time d: the chance to be there with x left solves a renewal equation; with breach b and no loss,
  // m(x) = (1 - exp(-b x)) / b + integral of b exp(-b t) m(x - t - d) over t, m = 0 below 0. Solved here step by step.
  const Steady steady(R"(
[states.start]
grade = "assumed"
kind = "supervision"
term = "400 days"
next = "out"
on_breach = "hearing"
breach = 2
[states.hearing]
kind = "delay"
grade = "assumed"
duration = "60 days"
next = "start"
)");
  const auto stay = [](double length, double waited) {
    constexpr double kStep = 0.05;
    const double hazard = 2 / kYear;
    const auto steps = static_cast<std::size_t>(length / kStep + 0.5);
    const auto shift = static_cast<std::size_t>(waited / kStep + 0.5);
    std::vector<double> mean(steps + 1, 0.0);
    double integral = 0;
    for (std::size_t at = 1; at <= steps; ++at) {
      // integral(x + s) = exp(-b s) integral(x) + b m s, by the midpoint of the last step
      const double newest = at > shift ? 0.5 * (mean[at - shift] + mean[at - shift - 1]) : 0.0;
      integral = integral * std::exp(-hazard * kStep) + -std::expm1(-hazard * kStep) * newest;
      mean[at] = -std::expm1(-hazard * kStep * static_cast<double>(at)) / hazard + integral;
    }
    return mean[steps];
  };
  check(steady.stock("start"), 10 * stay(400, 60), 10 * stay(400, 70), 3e-4);
  CHECK(steady.entries("out") == Approx(10).epsilon(1e-9));
}

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

TEST_CASE("Steady state: a geometric number of cases") {
  const auto text = [](const std::string& never) {
    return R"(
[states.start]
grade = "assumed"
kind = "custody"
duration = "100 days"
next = "community"
[states.community]
grade = "assumed"
kind = "liberty"
leaving = 0.3
next = "out"
[reoffending]
grade = "assumed"
to = "start"
time = { distribution = "exponential", mean = "500 days", never = )" +
           never + " }\n";
  };
  const auto cases = [](double never) {
    const double again = (1 - never) * (1 / 500.0) / (1 / 500.0 + 0.3 / kYear);
    return 10 / (1 - again);
  };
  const Steady steady(text("0.4"));
  check(steady.entries("start"), cases(0.4), cases(0.41));
  check(steady.stock("start"), 100 * cases(0.4), 100 * cases(0.41));
  check(steady.susceptible("community"), 0.6 * cases(0.4) / (1 / 500.0 + 0.3 / kYear),
        0.6 * cases(0.4) / (1 / 510.0 + 0.3 / kYear));
  check(steady.stock("community") - steady.susceptible("community"), 0.4 * cases(0.4) * kYear / 0.3,
        0.4 * cases(0.4) * kYear / 0.31);
  check(Steady(text("0.0")).entries("start"), cases(0), cases(0.01));
  CHECK(steady.entries("out") == Approx(10).epsilon(1e-9));
}

TEST_CASE("Steady state: convictions move people through the bands of priors") {
  const Steady steady(R"(
[classes]
offence = ["theft", "other"]
prior = [0, 1, 3]
[arrivals.newcomers.mix]
prior = { 0 = 0.5, 1-2 = 0.5 }
offence = { theft = 0.25, other = 0.75 }
[states.start]
kind = "decision"
grade = "assumed"
shares = { convicted = 0.8, community = "rest" }
[states.convicted]
grade = "assumed"
kind = "decision"
conviction = true
shares = { community = 1 }
[states.community]
grade = "assumed"
kind = "liberty"
leaving = 0.3
next = "out"
[reoffending]
grade = "assumed"
to = "start"
time = { distribution = "exponential", mean = "500 days" }
same_offence = 0.6
[reoffending.mix]
offence = { theft = 0.9, other = 0.1 }
)");
  const auto expected = [](double convicted) {
    const double again = (1 / 500.0) / (1 / 500.0 + 0.3 / kYear);
    std::vector<double> by_band(3, 0.0);
    for (const int first : {0, 1}) {
      std::vector<double> cases(2000, 0.0);
      cases[static_cast<std::size_t>(first)] = 5;
      // z(n) = y(n) / (1 - again (1 - convicted)), then on to n + 1
      for (std::size_t priors = 0; priors + 1 < cases.size(); ++priors) {
        cases[priors] /= 1 - again * (1 - convicted);
        by_band[priors == 0 ? 0 : priors < 3 ? 1 : 2] += cases[priors];
        cases[priors + 1] += cases[priors] * again * convicted;
      }
    }
    return by_band;
  };
  const auto band = [&](std::uint16_t prior) {
    double sum = 0;
    for (std::uint32_t cell = 0; cell < steady.model().cells().count; ++cell) {
      if (steady.model().cells().label(cell, Trait::prior) == prior) sum += steady.entries("start", cell);
    }
    return sum;
  };
  for (std::uint16_t prior = 0; prior < 3; ++prior) check(band(prior), expected(0.8)[prior], expected(0.81)[prior]);
  // Offences: cases of theft t = 2.5 + again ((0.6 + 0.4 × 0.9) t + 0.4 × 0.9 o), and t + o are all.
  const double again = (1 / 500.0) / (1 / 500.0 + 0.3 / kYear);
  const double all = 10 / (1 - again);
  const auto theft = [&](double same) { return (2.5 + again * (1 - same) * 0.9 * all) / (1 - again * same); };
  double found = 0;
  for (std::uint32_t cell = 0; cell < steady.model().cells().count; ++cell) {
    if (steady.model().cells().label(cell, Trait::offence) == 0) found += steady.entries("start", cell);
  }
  check(found, theft(0.6), theft(0.61));
}

TEST_CASE("Steady state: no steady state, no number") {
  const auto never_leaves = R"(
[states.start]
grade = "assumed"
kind = "custody"
term = "life"
)";
  CHECK_THROWS_AS(Steady(std::string(never_leaves) + "[mortality]\ngrade = \"assumed\"\nto = \"out\"\nrate = 0\n"),
                  std::domain_error);
  CHECK_NOTHROW(Steady(never_leaves + kDeath));
  const auto for_ever = [](const std::string& leaving) {
    return "[states.start]\nkind = \"liberty\"\ngrade = \"assumed\"\nnext = \"out\"\nleaving = " + leaving + R"(
[reoffending]
grade = "assumed"
to = "start"
time = { distribution = "exponential", mean = "500 days" }
)";
  };
  CHECK_THROWS_AS(Steady(for_ever("0")), std::domain_error);
  CHECK_NOTHROW(Steady(for_ever("0.01")));
}

TEST_CASE("Steady state: what it does not cover is said") {
  const auto said = [](const std::string& text, const std::string& first = "start") {
    const Steady steady(text, first);
    std::string all;
    for (const std::string& sentence : outside_steady_state(steady.model())) all += sentence + "\n";
    return all;
  };
  const auto again = [](const std::string& law) {
    return R"(
[states.start]
kind = "liberty"
grade = "assumed"
next = "out"
leaving = 0.3
[reoffending]
grade = "assumed"
to = "start"
time = )" + law +
           "\n";
  };
  CHECK(said(again("{ distribution = \"exponential\", mean = \"500 days\", never = 0.5 }")).empty());
  CHECK_THAT(said(again("{ distribution = \"weibull\", scale = \"500 days\", shape = 0.7 }")),
             Catch::Contains("weibull"));
  const auto service = [](const std::string& limit) {
    return "[states.start]\nkind = \"service\"\ngrade = \"assumed\"\nnext = \"out\"\nservice = \"courts\"\nduration = "
           "\"9 days\"\n"
           "[services.courts]\nlabel = \"Courts\"\n" +
           limit;
  };
  CHECK(said(service("")).empty());
  CHECK_THAT(said(service("grade = \"assumed\"\nservers = 200\n")), Catch::Contains("`courts`"));
  const auto rest = [](const std::string& term) {
    return "[states.start]\nkind = \"supervision\"\ngrade = \"assumed\"\nnext = \"out\"\nbreach = 0\non_breach = "
           "\"out\"\nterm = " +
           term + "\n";
  };
  CHECK(said(rest("\"90 days\"")).empty());
  CHECK_THAT(said(rest("\"remainder\"")), Catch::Contains("before any term"));
}

TEST_CASE("Steady state: Little's law and conservation in a whole system") {
  const Steady steady(whole_system("0.35"));
  CHECK(steady.entries("out") + steady.entries("dead") == Approx(10).epsilon(1e-9));
  // A stay of known length without other hazards than death: stock = entries × mean stay.
  const double death = 0.02 / kYear;
  check(steady.stock("breach_hearing"), steady.entries("breach_hearing") * -std::expm1(-15 * death) / death,
        steady.entries("breach_hearing") * 15.01, 1e-6);
  check(steady.stock("board"), steady.entries("board") / (1 / 12.0 + death), steady.entries("board") * 12.01, 1e-6);
  // The dead of all states at one rate.
  double everybody = 0;
  for (const auto& by_cell : steady.result().stock)
    everybody = std::accumulate(by_cell.begin(), by_cell.end(), everybody);
  check(steady.entries("dead"), everybody * death, everybody * 1.001 * death, 1e-6);
  // What enters a decision leaves it again.
  CHECK(steady.entries("ruling") == Approx(steady.entries("board") / (1 + 12 * death)).epsilon(1e-6));
}

TEST_CASE("Steady state: the simulation goes there") {
  constexpr std::uint32_t kReplications = 16;
  constexpr sim::Day kWarmUp = 15'000;  // days, 41 years: the slowest, who reoffend, forget a sixth a year
  constexpr double kErrors = 4.5;       // Student's t with 15 degrees: two-sided 4e-4 a comparison, 40 comparisons
  std::string text = whole_system("0.35");
  const Scenario scenario = [&] {
    Scenario longer = scenario_of(text);
    longer.end = sim::add_days(longer.start, 30'000);
    return longer;
  }();
  const Experiment experiment(scenario, draw_values(scenario, {}));
  const Measures measures(scenario);
  const std::size_t states = scenario.states.size();
  const std::uint32_t cells = experiment.model().cells().count;
  std::vector<std::vector<double>> stock(states), repeaters(states);  // by replication
  for (std::uint32_t number = 0; number < kReplications; ++number) {
    Replication replication(experiment, measures, 20'260'101, number, 1);
    replication.start();
    std::vector<double> sum(states, 0.0), of_repeaters(states, 0.0);
    int samples = 0;
    for (sim::Day day = 0; day < experiment.model().days(); ++day) {
      replication.run_day(day);
      if (day < kWarmUp || day % 10 != 0) continue;
      ++samples;
      const Tallies& tallies = replication.partitions().front()->tallies;
      for (std::size_t state = 0; state < states; ++state) {
        for (std::uint32_t cell = 0; cell < cells; ++cell) {
          const double persons = tallies.by_cell[state * cells + cell].stock;
          sum[state] += persons;
          if (experiment.model().cells().label(cell, Trait::prior) == 2) of_repeaters[state] += persons;
        }
      }
    }
    for (std::size_t state = 0; state < states; ++state) {
      stock[state].push_back(sum[state] / samples);
      repeaters[state].push_back(of_repeaters[state] / samples);
    }
  }
  const SteadyState right = steady_state(experiment.model());
  const Steady wrong(whole_system("0.25"));
  int rejected = 0;
  for (std::size_t state = 0; state < states; ++state) {
    if (scenario.states[state].kind == Kind::decision || scenario.states[state].kind == Kind::exit) continue;
    const Estimate all = estimate(stock[state]);
    const double expected = right.total(static_cast<StateIndex>(state));
    INFO(scenario.states[state].name << ": simulated " << all.mean << " +- " << all.error << ", algebra " << expected);
    CHECK(std::abs(all.mean - expected) <= kErrors * all.error);
    CHECK(all.error < 0.01 * expected);
    double expected_repeaters = 0;
    for (std::uint32_t cell = 0; cell < cells; ++cell) {
      if (experiment.model().cells().label(cell, Trait::prior) == 2) expected_repeaters += right.stock[state][cell];
    }
    const Estimate three = estimate(repeaters[state]);
    INFO("of 3+ priors: simulated " << three.mean << " +- " << three.error << ", algebra " << expected_repeaters);
    CHECK(std::abs(three.mean - expected_repeaters) <= kErrors * three.error);
    if (std::abs(all.mean - wrong.result().total(static_cast<StateIndex>(state))) > kErrors * all.error) ++rejected;
  }
  CHECK(rejected >= 3);  // prison, board, licence at least
}
