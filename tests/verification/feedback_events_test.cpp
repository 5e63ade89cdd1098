// Feedback on a state's own events, and what people lived through inside: against closed forms, each with a twin; and
// a link that changes nothing changes no byte.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <string>

#include "tests/support/bounds.hpp"
#include "tests/support/world.hpp"

namespace prisonflow::testing {
namespace {

constexpr double kKnown = std::numeric_limits<double>::infinity();  // degrees of freedom of a known error

/// 4,000 prisoners for four years, who misbehave at half a time a year; the link reads an occupancy of 200 per cent.
std::string wing(const std::string& factor) {
  return header("2010-01-01", "2014-01-01") +
         "[states.wing]\nkind = \"custody\"\nfacilities = \"wings\"\nterm = \"10 years\"\nnext = \"out\"\n"
         "parole_eligibility = 0.5\nparole_retry = \"1 year\"\non_parole = \"board\"\n"
         "[states.wing.events.misconduct]\nrate = 0.5\nTO\n"
         "[states.wing.events.study]\nrate = 0.3\n"
         "[states.board]\nkind = \"decision\"\nshares = { out = 1 }\n"
         "[states.out]\nkind = \"exit\"\n"
         "[initial.wing]\npersons = 4000\nelapsed = \"none\"\n"
         "[facilities.wings]\nwhen_full = \"crowd\"\n[facilities.wings.all]\nplaces = 2000\n" +
         (factor.empty() ? ""
                         : "[feedback.crowding]\noccupancy = \"wings\"\nresponse = { 100 = 1.0, 200 = " + factor +
                               " }\nacts_on = [\"states.wing.events.misconduct\"]\n");
}
std::string wing(const std::string& factor, const std::string& to) {
  const std::string cell = "[states.cell]\nkind = \"decision\"\nshares = { wing = 1 }\n";
  return replaced(wing(factor), "TO", to) + (to.empty() ? "" : cell);
}

TEST_CASE("feedback: the hazard of an event follows its factor, up and down, whether people leave for it or not") {
  for (const std::string to : {"", "to = \"cell\""}) {
    for (const auto& [factor, value] : {std::pair{"3.0", 3.0}, std::pair{"0.4", 0.4}}) {
      const World world(wing(factor, to));
      const auto result = world.run();
      const double expected = 4000 * 4 * (1461 / 1460.97) * 0.5 * value;
      check_with_twin("misconduct", {world.total(result, "events", 0), std::sqrt(expected), kKnown}, expected,
                      expected / value);
      // What the link does not name goes on as before.
      check_with_twin("study", {world.total(result, "events", 1), std::sqrt(4800.0), kKnown}, 4800, 4800 * value);
    }
  }
}

TEST_CASE("feedback: a factor of one on an event changes no byte") {
  for (const std::string to : {"", "to = \"cell\""}) {
    const auto hash = [&](const std::string& factor) { return hash_of_people(World(wing(factor, to)), 0, 3); };
    CHECK(hash("1.0") == hash(""));
    CHECK(hash("1.2") != hash(""));
  }
}

/// 20,000 prisoners who are all released after `days`, and reoffend at a hazard of one in 500 days times what the link
/// `marks` makes of it; the occupancy is 200 per cent for 50 days and 100 per cent then.
std::string released(const std::string& days, const std::string& marks) {
  return header("2010-01-01", "2013-01-01") + "[classes]\nrisk = [\"low\", \"high\"]\n" +
         "[states.prison]\nkind = \"custody\"\nfacilities = \"prisons\"\nterm = \"" + days +
         " days\"\nnext = \"free\"\n[states.free]\nkind = \"liberty\"\n[states.again]\nkind = \"exit\"\n"
         "[initial.prison]\npersons = 20000\nelapsed = \"none\"\nmix.risk = { low = 0.5, high = 0.5 }\n"
         "[reoffending]\nto = \"again\"\ntime = { distribution = \"exponential\", mean = \"500 days\" }\n"
         "[facilities.prisons]\nwhen_full = \"crowd\"\n[facilities.prisons.all]\n"
         "places = { between = \"steps\", on = { 2010-01-01 = 10000, 2010-02-20 = 20000 } }\n" +
         marks;
}
std::string lived(const std::string& more = "") {
  return "[feedback.lived]\noccupancy = \"prisons\"\nlived_through = true\nresponse = { 100 = 1.0, 200 = 3.0 "
         "}\nacts_on "
         "= [\"reoffending\"]\n" +
         more;
}
const std::string kServed =
    "[feedback.served]\ntime_served = true\nresponse = { 0 = 1.0, 10 = 2.0 }\nacts_on = [\"reoffending\"]\n";

/// How many of 20,000 have reoffended 200 days after their release.
Estimate reoffended(const std::string& text, int days) {
  const World world(text);
  const auto replication = world.begin(0, 2);
  for (sim::Day day = 0; day < days + 200; ++day) replication->run_day(day);
  const double left = static_cast<double>(persons_by_name(*replication).size());
  return {20000 - left, std::sqrt(left * (20000 - left) / 20000), kKnown};
}
double expected(double ratio) {
  return 20000 * (1 - std::exp(-200 * ratio / 500));
}

TEST_CASE("feedback: crowding lived through is the mean of the time inside") {
  check_with_twin("50 days", reoffended(released("50", lived()), 50), expected(3), expected(2));
  check_with_twin("100 days, half of them crowded", reoffended(released("100", lived()), 100), expected(2),
                  expected(3));
  check_with_twin("200 days", reoffended(released("200", lived()), 200), expected(1.5), expected(2));
  check_with_twin("only the high risk", reoffended(released("50", lived("only.risk = [\"high\"]\n")), 50),
                  (expected(3) + expected(1)) / 2, expected(3));
  check_with_twin(
      "and a link of every day on top",
      reoffended(released("50", lived() + "[feedback.daily]\ncaseload = [\"free\"]\nofficers = 1\nresponse = { 0 = "
                                          "1.5 }\nacts_on = [\"reoffending\"]\n"),
                 50),
      expected(4.5), expected(3));
}

TEST_CASE("feedback: the time served counts in months up to the release") {
  const double months = 100 / (365.2425 / 12);
  check_with_twin("100 days", reoffended(released("100", kServed), 100), expected(1 + months / 10), expected(1));
  check_with_twin("400 days", reoffended(released("400", kServed), 400), expected(2), expected(1 + months / 10));
}

TEST_CASE("feedback: a later release in the case counts instead of the earlier one") {
  // 100 days in prison, 30 outside, 20 in prison again: the second stay was not crowded.
  const std::string twice = replaced(
      released("50", lived()), "[states.free]",
      "[states.licence]\nkind = \"supervision\"\nduration = \"30 days\"\nnext = \"back\"\nreoffending_ratio = 0\n"
      "[states.back]\nkind = \"custody\"\nfacilities = \"prisons\"\nduration = \"20 days\"\nnext = \"free\"\n"
      "[states.free]");
  check_with_twin(
      "second release",
      reoffended(replaced(twice, "next = \"free\"\n[states.licence]", "next = \"licence\"\n[states.licence]"), 100),
      expected(1), expected(3));
}

TEST_CASE("feedback: what was lived through changes no byte while its factor is one") {
  const std::string one = replaced(lived(), "200 = 3.0", "200 = 1.0");
  CHECK(hash_of_people(World(released("100", one)), 0, 3) == hash_of_people(World(released("100", ""))));
  CHECK(hash_of_people(World(released("100", lived())), 0, 3) != hash_of_people(World(released("100", ""))));
  CHECK(hash_of_people(World(released("100", lived("enabled = false\n")))) ==
        hash_of_people(World(released("100", ""))));
}

}  // namespace
}  // namespace prisonflow::testing
