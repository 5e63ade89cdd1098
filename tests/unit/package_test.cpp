// A reform as a package: which parts it has, which world a set of parts makes, what is left without a date, and which
// policies cannot stand without each other.
#include <catch2/catch.hpp>

#include "models/package_split.hpp"
#include "tests/support/world.hpp"

namespace prisonflow::testing {
namespace {

using models::Package;
using models::Subset;

const char* const kBase = R"(
[arrivals.a]
to = "choice"
rate = 100
[states.choice]
kind = "decision"
shares = { prison = 0.4, probation = 0.3, out = 0.3 }
[states.prison]
kind = "custody"
facilities = "colonies"
term = { distribution = "uniform", shortest = "100 days", longest = "200 days" }
next = "out"
[states.probation]
kind = "supervision"
term = "1 year"
next = "out"
[states.out]
kind = "exit"
[facilities.colonies]
when_full = "crowd"
[facilities.colonies.all]
places = 20
)";
const std::string kShorter =
    "[policies.shorter]\nlabel = \"Shorter\"\nfrom = 2011-06-01\nscale.states.prison.term = 0.8\n";
const std::string kFewer =
    "[policies.fewer]\nfrom = 2011-01-01\nset.states.choice.shares.prison = 0.3\nset.states.choice.shares.out = 0.4\n";
const std::string kAmnesty =
    "[amnesties.day]\nlabel = \"The day\"\non = 2011-03-01\nfrom = [\"prison\"]\nto = \"out\"\nshare = 0.5\n";
const std::string kRelease =
    "[emergency_releases.full]\noccupancy = \"colonies\"\nabove = 110\ndown_to = 100\nfrom = [\"prison\"]\nto = "
    "\"out\"\n";

models::Scenario scenario(const std::string& more) {
  return read_text(header("2010-01-01", "2013-01-01") + kBase + more);
}
std::vector<std::string> names_of_parts(const Package& package) {
  std::vector<std::string> names;
  for (const models::PackagePart& part : package.parts()) names.push_back(part.name);
  return names;
}
using Names = std::vector<std::string>;

TEST_CASE("package: the parts are what the reform has and the baseline has not, by date") {
  const models::Scenario base = scenario(""), reform = scenario(kRelease + kShorter + kAmnesty + kFewer);
  CHECK(names_of_parts(Package(base, reform)) == Names{"fewer", "day", "shorter", "full"});
  CHECK(names_of_parts(Package(scenario(kShorter), reform)) == Names{"fewer", "day", "full"});
  CHECK(names_of_parts(Package(scenario(kAmnesty + kRelease), reform)) == Names{"fewer", "shorter"});
  const models::Scenario same = reform;
  CHECK(names_of_parts(Package(same, reform)).empty());
  // What only the baseline has is no part.
  CHECK(names_of_parts(Package(reform, base)).empty());
}

TEST_CASE("package: measures of one law are one part, with the date of the first") {
  const auto in = [](const std::string& part, std::string measure) {
    return measure.insert(measure.find('\n') + 1, "package_part = \"" + part + "\"\n");
  };
  const models::Scenario base = scenario("");
  const models::Scenario reform = scenario(in("law", kShorter) + in("law", kAmnesty) + kFewer + in("law", kRelease));
  const Package package(base, reform);
  REQUIRE(names_of_parts(package) == Names{"fewer", "law"});
  CHECK(package.parts()[1].policies == Names{"shorter"});
  CHECK(package.parts()[1].amnesties == Names{"day"});
  CHECK(package.parts()[1].emergency_releases == Names{"full"});
  CHECK(package.parts()[1].description == "The day; Shorter");
  // A measure that has the name of a part belongs to it.
  const models::Scenario by_name = scenario(in("fewer", kShorter) + kFewer);
  CHECK(names_of_parts(Package(base, by_name)) == Names{"fewer"});
}

TEST_CASE("package: a world has the parts that are on, and its numbers keep their places") {
  const models::Scenario base = scenario(""), reform = scenario(kShorter + kFewer + kAmnesty + kRelease);
  const Package package(base, reform);  // fewer, day, shorter, full
  const auto policies = [&](Subset on) {
    Names names;
    for (const models::Policy& policy : package.with(on).policies) names.push_back(policy.name);
    return names;
  };
  CHECK(policies(0).empty());
  CHECK(policies(0b0001) == Names{"fewer"});
  CHECK(policies(0b0100) == Names{"shorter"});
  CHECK(policies(0b1111) == Names{"fewer", "shorter"});
  CHECK(package.with(0b0010).amnesties.size() == 1);
  CHECK(package.with(0b1101).amnesties.empty());
  CHECK(package.with(0b1000).emergency_releases.size() == 1);
  CHECK(package.with(0b0111).emergency_releases.empty());
  CHECK(package.with(0).parameters.size() == reform.parameters.size());

  // All parts on is the reform, none the baseline, one the scenario written with that one alone: to the last bit.
  const auto result_of = [](const models::Scenario& of) {
    const models::Measures measures(of);
    const models::Experiment experiment(of, models::draw_values(of, sim::stream_key(3, 0)));
    return hash_of(models::Replication(experiment, measures, 3, 0, 1).run());
  };
  CHECK(result_of(package.with(0b1111)) == result_of(reform));
  CHECK(result_of(package.with(0)) == result_of(base));
  CHECK(result_of(package.with(0b0010)) == result_of(scenario(kAmnesty)));
  CHECK(result_of(package.with(0b1000)) == result_of(scenario(kRelease)));
  CHECK(result_of(package.with(0b0101)) == result_of(scenario(kShorter + kFewer)));
  CHECK(result_of(package.with(0b0100)) != result_of(base));
}

TEST_CASE("package: what differs without a date is seen, and what cannot move a result is not") {
  const models::Scenario base = scenario(""), reform = scenario(kShorter + kFewer + kAmnesty + kRelease);
  CHECK_FALSE(Package(base, reform).has_undated());
  models::Scenario named = reform;
  named.name = "another";
  named.title = "Another title";
  named.seed = 77;
  CHECK_FALSE(Package(base, named).has_undated());
  const auto changed = [&](const std::string& from, const std::string& to) {
    return read_text(replaced(header("2010-01-01", "2013-01-01") + kBase + kShorter, from, to));
  };
  CHECK(Package(base, changed("rate = 100", "rate = 101")).has_undated());
  CHECK(Package(base, changed("places = 20", "places = 21")).has_undated());
  CHECK(Package(base, changed("term = \"1 year\"", "term = \"1 year\"\ncontrol = \"intensive\"")).has_undated());
  // A measure of the same name with another number is on in every world of the reform.
  const models::Scenario shorter = scenario(kShorter);
  const models::Scenario shortest = changed("scale.states.prison.term = 0.8", "scale.states.prison.term = 0.7");
  const Package renamed(shorter, shortest);
  CHECK(renamed.parts().empty());
  CHECK(renamed.has_undated());
  CHECK(Package(shorter, reform).parts().size() == 3);
  CHECK_FALSE(Package(shorter, reform).has_undated());
}

std::string refused(const std::string& measures, const std::vector<Subset>& worlds = {}) {
  const models::Scenario base = scenario(""), reform = scenario(measures);
  const Package package(base, reform);
  std::vector<Subset> all = worlds;
  for (Subset on = 0; worlds.empty() && on < Subset{1} << package.parts().size(); ++on) all.push_back(on);
  try {
    package.check(all);
  } catch (const models::PackageError& error) {
    return error.what();
  }
  return {};
}

TEST_CASE("package: policies that cannot stand alone are named with what they need") {
  const std::string less = "[policies.less_prison]\nfrom = 2011-01-01\nset.states.choice.shares.prison = 0.2\n";
  const std::string more = "[policies.more_probation]\nfrom = 2011-01-01\nset.states.choice.shares.probation = 0.5\n";
  const std::string answer = refused(less + more + kShorter);
  CHECK_THAT(answer, Catch::Contains("'less_prison' cannot be without 'more_probation'"));
  CHECK_THAT(answer, Catch::Contains("with policies.less_prison the shares of states.choice.shares add up to 0.8"));
  CHECK_THAT(answer, Catch::Contains("package_part"));
  // As one law they stand.
  const auto law = [](std::string measure) {
    return measure.insert(measure.find('\n') + 1, "package_part = \"law\"\n");
  };
  CHECK(refused(law(less) + law(more) + kShorter).empty());
  CHECK(refused(kShorter + kFewer + kAmnesty + kRelease).empty());
  // Only worlds that are asked for are looked at.
  CHECK(refused(less + more, {0, 3}).empty());
  CHECK_FALSE(refused(less + more, {0, 2, 3}).empty());
}

TEST_CASE("package: numbers out of their range, and ends out of order, are found in the world that has them") {
  const std::string twice = "[policies.twice]\nfrom = 2011-01-01\nscale.states.prison.term.shortest = 1.9\n";
  const std::string longer =
      "[policies.longer]\nfrom = 2010-06-01\nset.states.prison.term.longest = \"400 days\"\n"
      "set.states.prison.term.shortest = \"150 days\"\n";
  CHECK_THAT(
      refused(twice + longer +
              "[policies.down]\nfrom = 2010-07-01\nshift.states.choice.shares.prison = "
              "-0.3\nshift.states.choice.shares.out = 0.3\n[policies.down_again]\nfrom = "
              "2010-08-01\nset.states.choice.shares.prison = 0.4\nset.states.choice.shares.out = 0.3\n"
              "[policies.last]\nfrom = 2010-09-01\nshift.states.choice.shares.prison = "
              "-0.3\nshift.states.choice.shares.out = 0.3\n"),
      Catch::Contains("'last' cannot be without 'down_again'") && Catch::Contains("states.choice.shares.prison"));
  const std::string ends =
      "[policies.to_300]\nfrom = 2010-06-01\nset.states.prison.term.longest = \"300 days\"\n"
      "[policies.from_250]\nfrom = 2011-01-01\nset.states.prison.term.shortest = \"250 days\"\n";
  CHECK_THAT(refused(ends), Catch::Contains("'from_250' cannot be without 'to_300'") &&
                                Catch::Contains("states.prison.term.shortest longer than"));
  CHECK(refused(twice + longer).empty());
}

TEST_CASE("package: no measure may have the name of what has no date") {
  const models::Scenario base = scenario("");
  const models::Scenario reform = scenario(replaced(kShorter, "policies.shorter", "policies.undated"));
  CHECK_THROWS_WITH(Package(base, reform), Catch::Contains("\"undated\""));
}

}  // namespace
}  // namespace prisonflow::testing
