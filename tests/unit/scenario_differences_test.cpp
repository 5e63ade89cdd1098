// What a reform changes is told completely and once.
#include "models/scenario_differences.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/support/everything.hpp"
#include "tests/unit/reader_support.hpp"

using namespace prisonflow::models;
using prisonflow::testing::replaced;
using reader_tests::read_text_as;

namespace {

const std::string kFirst = replaced(replaced(reader_tests::kSmallest, "to = \"prison\"", "to = \"court\""),
                                    "duration = \"6 months\"", "duration = \"6 months\"\nfacilities = \"prisons\"") +
                           R"toml(
[states.court]
kind = "decision"
shares = { prison = 0.4, probation = "rest" }

[states.probation]
kind = "supervision"
duration = "2 years"
next = "end"

[facilities.prisons.old]
places = { value = 90, unit = "places", source = "a report", grade = "measured" }

[policies.shorter]
label = "Shorter terms"
from = 2012-01-01
scale.states.prison.duration = 0.9
)toml";

std::vector<ScenarioDifference> from_base(const std::string& reform) {
  return differences_between(read_text_as(kFirst), read_text_as(reform));
}

}  // namespace

TEST_CASE("a scenario does not differ from itself, whatever it is called") {
  CHECK(from_base(kFirst).empty());
  CHECK(from_base(replaced(replaced(kFirst, "\"smallest\"", "\"other\""), "Shorter terms", "Terms made shorter"))
            .empty());
  const Scenario everything =
      prisonflow::testing::World(prisonflow::testing::everything(), prisonflow::testing::tables_of_everything())
          .scenario();
  CHECK(differences_between(everything, everything).empty());
}

TEST_CASE("policies come first, by date, with their numbers and nowhere else") {
  const std::string reform = kFirst + R"toml(
[policies.fewer]
label = "Fewer to prison"
from = 2011-06-01
phase_in = "12 months"
source = "the ministry"
grade = "derived"
set.states.court.shares.prison = 0.3
)toml";
  const auto found = from_base(reform);
  REQUIRE(found.size() == 1);
  CHECK(found[0].kind == "policy");
  CHECK(found[0].change == "added");
  CHECK(found[0].name == "fewer");
  CHECK(found[0].label == "Fewer to prison");
  CHECK(found[0].date == "2011-06-01");
  CHECK(found[0].words == "phased in over 12 months");
  REQUIRE(found[0].details.size() == 1);
  CHECK(found[0].details[0] ==
        DifferenceDetail{"set states.court.shares.prison", "0.4", "0.3", "1", "the ministry", "derived"});

  // The other way round the same policy is removed.
  const auto back = differences_between(read_text_as(reform), read_text_as(kFirst));
  REQUIRE(back.size() == 1);
  CHECK(back[0].change == "removed");
  CHECK(back[0].date == "2011-06-01");
}

TEST_CASE("a policy that is in both is told by what differs in it") {
  auto found = from_base(replaced(kFirst, "duration = 0.9", "duration = 0.8"));
  REQUIRE(found.size() == 1);
  CHECK(found[0].change == "changed");
  REQUIRE(found[0].details.size() == 1);
  CHECK(found[0].details[0].before == "0.9");
  CHECK(found[0].details[0].after == "0.8");
  CHECK(found[0].details[0].grade == "assumed");

  found = from_base(replaced(kFirst, "2012-01-01", "2013-01-01"));
  REQUIRE(found.size() == 1);
  REQUIRE(found[0].details.size() == 1);
  CHECK(found[0].details[0] == DifferenceDetail{"from", "2012-01-01", "2013-01-01"});

  found = from_base(kFirst + "set.states.court.shares.prison = 0.3\n");
  REQUIRE(found.size() == 1);
  REQUIRE(found[0].details.size() == 1);
  CHECK(found[0].details[0].before.empty());
  CHECK(found[0].details[0].after == "0.3");
}

TEST_CASE("numbers that differ are told with unit, source and grade") {
  const auto found = from_base(replaced(kFirst, "value = 90", "value = 120"));
  REQUIRE(found.size() == 1);
  CHECK(found[0].kind == "number");
  CHECK(found[0].name == "facilities.prisons.old.places");
  REQUIRE(found[0].details.size() == 1);
  CHECK(found[0].details[0] ==
        DifferenceDetail{"facilities.prisons.old.places", "90 places", "120 places", "places", "a report", "measured"});
  const auto term = from_base(replaced(kFirst, "\"6 months\"", "\"9 months\""));
  REQUIRE(term.size() == 1);
  CHECK(term[0].details[0].after == "9 months");
}

TEST_CASE("states, arrivals, places and releases that only one has are told whole") {
  const auto found = from_base(kFirst + R"toml(
[states.at_home]
label = "House arrest"
kind = "supervision"
control = "intensive"
duration = "3 months"
next = "end"

[arrivals.more]
to = "at_home"
rate = 12

[facilities.prisons.new]
places = 50

[amnesties.one]
label = "An amnesty"
on = 2015-05-01
from = ["prison"]
to = "end"
persons = 20
)toml");
  REQUIRE(found.size() == 4);
  CHECK(found[0].kind == "amnesty");
  CHECK(found[0].date == "2015-05-01");
  CHECK(found[0].words == "20 persons from prison to end");
  CHECK(found[1].kind == "state");
  CHECK(found[1].name == "at_home");
  CHECK(found[1].words == "supervision, control: intensive");
  CHECK(found[2].kind == "arrivals");
  CHECK(found[2].words == "12 per year, to at_home");
  CHECK(found[3].kind == "facility");
  CHECK(found[3].name == "prisons.new");
}

TEST_CASE("structure that differs is told key by key") {
  const auto found = from_base(
      replaced(kFirst, "duration = \"2 years\"\nnext = \"end\"", "duration = \"2 years\"\nnext = \"prison\""));
  REQUIRE(found.size() == 1);
  CHECK(found[0].kind == "state");
  CHECK(found[0].change == "changed");
  REQUIRE(found[0].details.size() == 1);
  CHECK(found[0].details[0] == DifferenceDetail{"on_completion", "\"end\"", "\"prison\""});
}
