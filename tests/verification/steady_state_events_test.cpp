// Events of states against closed forms, each with a twin.
#include <catch2/catch.hpp>
#include <cmath>
#include <string>

#include "models/steady_state.hpp"
#include "tests/verification/steady_state_system.hpp"

using namespace prisonflow::models;

namespace {

const std::string kDetention = R"(
[states]
grade = "assumed"
[states.start]
kind = "custody"
pretrial = true
next = "out"
)";

std::string replaced_next(std::string text) {
  return text.replace(text.find("\"out\""), 5, "\"court\"");
}

}  // namespace

TEST_CASE("Steady state: reviews of a detention of exponential length") {
  const auto text = [](const std::string& released) {
    return kDetention + R"(duration = { distribution = "exponential", mean = "100 days" }
events.review = { after = "30 days", to = "review" }
[states.review]
kind = "decision"
shares = { bail = )" +
           released + R"(, start = "rest" }
[states.bail]
kind = "delay"
duration = "1 day"
next = "out"
)";
  };
  const auto stays = [](double released) {
    const double last = std::exp(-0.3);  // a month
    return 10 * 100 * (1 - last) / (1 - last * (1 - released));
  };
  const auto bailed = [](double released) {
    return 10 * released * std::exp(-0.3) / (1 - std::exp(-0.3) * (1 - released));
  };
  const Steady steady(text("0.2"));
  check(steady.stock("start"), stays(0.2), stays(0.21), 1e-5);
  check(steady.stock("bail"), bailed(0.2), bailed(0.21), 1e-5);
  check(steady.entries("start"), 10, 10 + bailed(0.2));  // who is kept does not enter anew
}

TEST_CASE("Steady state: a longest detention over two states") {
  const auto text = [](const std::string& longest) {
    return replaced_next(kDetention) + R"(duration = "60 days"
events.longest = { after_pretrial = ")" +
           longest + R"( days", to = "bail" }
[states.court]
kind = "custody"
pretrial = true
duration = { distribution = "exponential", mean = "50 days" }
next = "out"
events.longest = { after_pretrial = ")" +
           longest + R"( days", to = "bail" }
[states.bail]
kind = "delay"
duration = "1 day"
next = "out"
)";
  };
  const Steady steady(text("100"));
  const auto in_court = [](double longest) { return 10 * 50 * (1 - std::exp(-(longest - 60) / 50)); };
  check(steady.stock("start"), 600, 601);
  check(steady.stock("court"), in_court(100), in_court(101), 1e-5);
  check(steady.stock("bail"), 10 * std::exp(-0.8), 10 * std::exp(-0.82), 1e-5);
  const Steady shorter(text("40"));  // before the court
  check(shorter.stock("start"), 400, 401);
  CHECK(shorter.stock("court") == 0);
}

TEST_CASE("Steady state: drop-out at a rate competes with a programme of fixed length") {
  const auto text = [](const std::string& rate) {
    return R"(
[states]
grade = "assumed"
[states.start]
kind = "delay"
duration = "200 days"
next = "done"
events.drop_out = { rate = ")" +
           rate + R"( per year", to = "dropped" }
[states.done]
kind = "delay"
duration = "1 day"
next = "out"
[states.dropped]
kind = "delay"
duration = "1 day"
next = "out"
)";
  };
  const Steady steady(text("0.8"));
  const auto done = [](double rate) { return 10 * std::exp(-rate * 200 / kYear); };
  check(steady.stock("done"), done(0.8), done(0.81));
  check(steady.stock("dropped"), 10 - done(0.8), 10 - done(0.81));
  check(steady.stock("start"), (10 - done(0.8)) / 0.8 * kYear, (10 - done(0.81)) / 0.81 * kYear);
}

TEST_CASE("Steady state: an absence after which the measure goes on to its end") {
  // Absent on day 40 of 100, found after 25 days: 75 days are left less 35.
  const auto text = [](const std::string& search) {
    return R"(
[states]
grade = "assumed"
[states.start]
kind = "supervision"
duration = "100 days"
next = "out"
events.absconds = { after = "40 days", to = "search" }
[states.search]
kind = "delay"
duration = ")" +
           search + R"( days"
next = "start"
)";
  };
  // 40 present, 25 away, 35 until the end of 100 days: less than another 40.
  const Steady steady(text("25"));
  check(steady.stock("start"), 10 * 75, 10 * 76);
  check(steady.stock("search"), 10 * 25, 10 * 26);
  const Steady longer(text("15"));  // present 40, away 15, present 40, away 15: the end has passed
  check(longer.stock("search"), 10 * 30, 10 * 15, 1e-4);
}

TEST_CASE("Steady state: an early end after a fraction of the measure") {
  const auto text = [](const std::string& granted) {
    return R"(
[states]
grade = "assumed"
[states.start]
kind = "supervision"
term = { distribution = "uniform", shortest = "100 days", longest = "300 days" }
next = "out"
events.early = { at = 0.6, to = "early" }
[states.early]
kind = "decision"
shares = { out = )" +
           granted + R"(, start = "rest" }
)";
  };
  const Steady steady(text("0.7"));
  check(steady.stock("start"), 10 * 200 * (1 - 0.4 * 0.7), 10 * 200 * (1 - 0.4 * 0.71), 1e-5);
  check(steady.entries("early"), 10, 7);
}

TEST_CASE("Steady state: a new offence that is joined to the case") {
  // On bail for 100 days at a hazard of a thousandth a day, for those who can reoffend; then detention of 50 days.
  const auto text = [](const std::string& never) {
    return R"(
[states]
grade = "assumed"
[states.start]
kind = "supervision"
duration = "100 days"
next = "out"
on_new_offence = "detention"
[states.detention]
kind = "custody"
pretrial = true
duration = "50 days"
next = "out"
[reoffending]
grade = "assumed"
to = "start"
time = { distribution = "exponential", mean = "1000 days", never = )" +
           never + " }\n";
  };
  const auto joined = [](double never) { return (1 - never) * (1 - std::exp(-0.1)); };
  const Steady steady(text("0.4"));
  check(steady.stock("detention"), 10 * 50 * joined(0.4), 10 * 50 * joined(0.41));
  check(steady.entries("start"), 10, 10 * (1 + joined(0.4)));  // no case begins
}
