// How supervision ends, new cases, deaths in custody by class and what links read: on paper, and adding up.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "tests/support/everything.hpp"

namespace prisonflow::testing {
namespace {

/// One group of people in each of these states, who leave it in a way of their own. A hazard of 365 a year has nearly
/// everybody leave within a month; at 200 days at risk those who are still out reoffend.
const std::string kWaysOut = R"(
[initial]
straight = { persons = 100, elapsed = "none" }
heard = { persons = 50, elapsed = "none" }
warned = { persons = 30, elapsed = "none" }
served = { persons = 20, elapsed = "none" }
absconds = { persons = 10, elapsed = "none" }
searched = { persons = 15, elapsed = "none" }
detained = { persons = 12, elapsed = "none" }
reoffends = { persons = 40, elapsed = "none" }
joins = { persons = 7, elapsed = "none" }

[states.straight]
kind = "supervision"
duration = "20 years"
breach = 365
on_breach = "decides"
next = "gone"
[states.decides]
kind = "decision"
shares = { prison = 1.0 }

[states.heard]
kind = "supervision"
duration = "20 years"
breach = 365
on_breach = "hearing"
next = "gone"
[states.hearing]
kind = "delay"
duration = "10 days"
next = "prison"

[states.warned]
kind = "supervision"
duration = "20 years"
breach = 365
on_breach = "gone"
next = "gone"

[states.served]
kind = "supervision"
duration = "30 days"
next = "prison"

[states.absconds]
kind = "supervision"
duration = "20 years"
next = "gone"
events.absence = { after = "15 days", to = "prison" }
[states.searched]
kind = "supervision"
duration = "20 years"
next = "gone"
events.absence = { after = "15 days", to = "search" }
[states.search]
kind = "delay"
duration = "9 days"
next = "prison"

[states.detained]
kind = "supervision"
duration = "20 years"
breach = 365
on_breach = "detention"
next = "gone"
[states.detention]
kind = "custody"
pretrial = true
duration = "5 days"
next = "prison"

[states.reoffends]
kind = "supervision"
duration = "20 years"
next = "gone"
[states.joins]
kind = "supervision"
duration = "20 years"
next = "gone"
on_new_offence = "prison"

[states.charge]
kind = "decision"
shares = { prison = 1.0 }
[states.prison]
kind = "custody"
duration = "1 year"
next = "gone"
[states.gone]
kind = "exit"

[reoffending]
to = "charge"
time = "200 days"
)";

TEST_CASE("cases: breaches, completions and revocations, by the way people leave supervision") {
  const World world(header("2011-01-01", "2012-12-01") + kWaysOut);
  for (const std::uint16_t partitions : std::vector<std::uint16_t>{1, 4}) {
    const auto result = world.run(0, partitions);
    const auto sum = [&](const char* measure, const char* state) {
      double whole = 0;
      for (std::size_t month = 0; month < world.months(); ++month) {
        whole += world.value(result, measure, month, world.scenario().find_state(state));
      }
      return whole;
    };
    struct Expected {
      const char* state;
      double breaches, completions, revocations;
    };
    for (const Expected& expected : {Expected{"straight", 100, 0, 100},
                                     {"heard", 50, 0, 50},
                                     {"warned", 30, 0, 0},
                                     {"served", 0, 20, 0},
                                     {"absconds", 0, 0, 10},
                                     {"searched", 0, 0, 15},
                                     {"detained", 12, 0, 0},
                                     {"reoffends", 0, 0, 0},
                                     {"joins", 0, 0, 7},
                                     {"prison", 0, 0, 0},
                                     {"hearing", 0, 0, 0}}) {
      INFO(expected.state << ", " << partitions << " partitions");
      CHECK(sum("breaches", expected.state) == expected.breaches);
      CHECK(sum("completions", expected.state) == expected.completions);
      CHECK(sum("revocations", expected.state) == expected.revocations);
    }
    // All but those warned went to prison, one way or another.
    CHECK(world.entries(result, "prison", 0, world.months()) == 284 - 30);
    double new_cases = 0;
    for (std::size_t month = 0; month < world.months(); ++month) new_cases += world.value(result, "new_cases", month);
    CHECK(new_cases == 47);
    CHECK(world.value(result, "new_cases", 6) == 47);  // day 200 is 20 July
  }
}

TEST_CASE("cases: a revocation is counted in the month in which custody begins") {
  // Absent on day 15, searched for until day 24: all within January; with a search of 40 days, in February.
  const auto in_month = [](const std::string& text, std::size_t month) {
    const World world(header("2011-01-01", "2011-06-01") + text);
    return world.value(world.run(), "revocations", month, world.scenario().find_state("searched"));
  };
  CHECK(in_month(kWaysOut, 0) == 15);
  const std::string later = replaced(kWaysOut, "duration = \"9 days\"", "duration = \"40 days\"");
  CHECK(in_month(later, 0) == 0);
  CHECK(in_month(later, 1) == 15);
}

TEST_CASE("cases: breaches and completions are what leaves supervision in a system in depth") {
  const World world(in_depth(), tables_of_everything());
  const auto result = world.run();
  // Nobody is warned and stays in strict probation: who breaches it goes to prison.
  const models::StateIndex strict = world.scenario().find_state("strict_probation");
  double breaches = 0, revocations = 0, bail = 0;
  for (std::size_t month = 0; month < world.months(); ++month) {
    breaches += world.value(result, "breaches", month, strict);
    revocations += world.value(result, "revocations", month, strict);
    bail += world.value(result, "revocations", month, world.scenario().find_state("bail"));
    for (std::size_t state = 0; state < world.scenario().states.size(); ++state) {
      if (world.scenario().states[state].kind == models::Kind::supervision) continue;
      CHECK(world.value(result, "breaches", month, state) == 0);
      CHECK(world.value(result, "completions", month, state) == 0);
    }
  }
  CHECK(breaches > 10);
  CHECK(revocations == breaches);
  CHECK(bail == 0);  // its breach leads to detention before trial, its end to court
}

TEST_CASE("cases: classes add up to the whole") {
  const World world(in_depth(), tables_of_everything());
  const auto result = world.run();
  double cases = 0, deaths = 0;
  for (std::size_t month = 0; month < world.months(); ++month) {
    const auto sum = [&](const std::string& measure, std::size_t cells) {
      double whole = 0;
      for (std::size_t cell = 0; cell < cells; ++cell) whole += world.value(result, measure, month, cell);
      return whole;
    };
    INFO("month " << month);
    const double of_month = world.value(result, "new_cases", month);
    CHECK(sum("new_cases_by_offence", 2) == of_month);
    CHECK(sum("new_cases_by_sex_and_age", 2 * 3) == of_month);
    CHECK(sum("offences", 2) == Approx(2.1 * of_month));  // in two regions
    CHECK(sum("deaths_in_custody_by_sex_and_age", 2 * 3) == world.value(result, "deaths_in_custody", month));
    cases += of_month;
    deaths += world.value(result, "deaths_in_custody", month);
  }
  CHECK(cases > 1000);
  CHECK(deaths > 10);
}

TEST_CASE("cases: who dies in custody is counted with their sex and age") {
  // Women of 50 and more alone, and they all die within a month.
  const World world(
      header("2011-01-01", "2011-12-01") +
      "[classes]\nsex = [\"male\", \"female\"]\nage = [18, 50]\noldest_age = 60\n[initial.prison]\npersons "
      "= 25\nelapsed = \"none\"\nmix.sex = { female = 1, male = 0 }\nmix.age = { 18-49 = 0, \"50+\" = 1 "
      "}\n[states.prison]\n"
      "kind = \"custody\"\nterm = \"life\"\n[states.dead]\nkind = \"exit\"\n[mortality]\nto = "
      "\"dead\"\nrate = 100\n");
  const auto result = world.run();
  for (std::size_t cell = 0; cell < 4; ++cell) {
    double deaths = 0;
    for (std::size_t month = 0; month < world.months(); ++month) {
      deaths += world.value(result, "deaths_in_custody_by_sex_and_age", month, cell);
    }
    CHECK(deaths == (cell == 3 ? 25 : 0));
  }
}

TEST_CASE("cases: what links read, month by month") {
  // Sixty persons under supervision for three officers, then for four; thirty in forty places until noon of day 45.
  const std::string text = R"(
[initial]
probation = { persons = 60, elapsed = "none" }
prison = { persons = 30, elapsed = "none" }
[states.probation]
kind = "supervision"
duration = "20 years"
breach = 0
on_breach = "gone"
next = "gone"
[states.prison]
kind = "custody"
facilities = "prisons"
duration = "1092 hours"
next = "gone"
[states.gone]
kind = "exit"
[states.again]
kind = "decision"
shares = { gone = 1 }
[reoffending]
to = "again"
time = { distribution = "exponential", mean = "1000 days", never = 1 }
[facilities.prisons.main]
places = 40
[feedback.served]
time_served = true
response = { 0 = 1.0, 24 = 1.2 }
acts_on = ["reoffending"]
[feedback.off]
enabled = false
occupancy = "prisons"
response = { 0 = 1.0, 100 = 1.2 }
acts_on = ["states.probation.breach"]
[feedback.lived]
occupancy = "prisons"
lived_through = true
response = { 0 = 1.0, 100 = 1.2 }
acts_on = ["reoffending"]
[feedback.load]
caseload = ["probation"]
officers = 3
response = { 0 = 1.0, 100 = 1.2 }
acts_on = ["states.probation.breach"]
[policies.more]
from = 2011-03-01
set.feedback.load.officers = 4
)";
  const World world(header("2011-01-01", "2011-05-01") + text);
  const auto& dimensions = world.measures().dimensions();
  const auto feedback =
      std::find_if(dimensions.begin(), dimensions.end(), [](const auto& each) { return each.name == "feedback"; });
  REQUIRE(feedback != dimensions.end());
  CHECK(feedback->labels == std::vector<std::string>{"lived", "load"});  // the links that read something of all
  const auto result = world.run();
  const double occupancy[] = {75, 75.0 * 14 / 28, 0, 0};  // nights after 1 to 14 February
  const double load[] = {20, 20, 15, 15};
  for (std::size_t month = 0; month < 4; ++month) {
    INFO("month " << month);
    CHECK(world.value(result, "link_ratio", month, 0) == Approx(occupancy[month]));
    CHECK(world.value(result, "link_ratio", month, 1) == load[month]);
  }
  // Nothing to divide by: without any place the ratio has no value, while somebody is held.
  const World without(
      header("2011-01-01", "2011-05-01") +
      replaced(text, "places = 40", "places = { between = \"steps\", on = { 2011-01-01 = 40, 2011-01-02 = 0 } }"));
  const auto none = without.run();
  CHECK(without.value(none, "link_ratio", 0, 0) == 75);  // of the one night with places
  CHECK(without.value(none, "link_ratio", 2, 0) == 0);   // nobody is held
}

}  // namespace
}  // namespace prisonflow::testing
