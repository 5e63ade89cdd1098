// Emergency releases: they come when the facilities are too full, bring the number down to what is asked, let those go
// who have the least time left, and whoever reoffends comes back: less capacity means more admissions.
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

#include "tests/support/world.hpp"

namespace prisonflow::testing {
namespace {

std::string system(const std::string& places, const std::string& more = "") {
  return header("2010-01-01", "2016-01-01") +
         "[states.prison]\nkind = \"custody\"\nfacilities = \"colonies\"\nterm = { distribution = \"exponential\", "
         "mean = "
         "\"2 years\" }\nnext = \"free\"\n"
         "[states.free]\nkind = \"liberty\"\nleaving = \"10 per 100 per year\"\nnext = \"out\"\n[states.out]\nkind = "
         "\"exit\"\n"
         "[arrivals.a]\nto = \"prison\"\nrate = 1000\n"
         "[reoffending]\nto = \"prison\"\ntime = { distribution = \"exponential\", mean = \"900 days\" }\n"
         "[facilities.colonies]\nwhen_full = \"crowd\"\n[facilities.colonies.all]\nplaces = " +
         places + "\n" + more;
}
const std::string kRelease =
    "[emergency_releases.when_full]\noccupancy = \"colonies\"\nabove = 110\ndown_to = 95\nfrom = [\"prison\"]\nto = "
    "\"free\"\n";

struct Inside {
  sim::Minute term_end;
  std::uint64_t name;
  bool operator<(const Inside& other) const {
    return term_end != other.term_end ? term_end < other.term_end : name < other.name;
  }
};
std::vector<Inside> prisoners(const models::Replication& replication) {
  std::vector<Inside> found;
  for (const auto& [name, person] : persons_by_name(replication)) {
    if (person.facility != models::kNoFacility) found.push_back({person.term_end, name});
  }
  std::sort(found.begin(), found.end());
  return found;
}

TEST_CASE("emergency release: when too full, down to what is asked, the least time left first") {
  const World world(system("1000", kRelease));
  const auto replication = world.begin(0, 3);
  int releases = 0;
  for (sim::Day day = 0; day < world.experiment().model().days(); ++day) {
    const auto before = prisoners(*replication);
    replication->run_day(day);
    const auto after = prisoners(*replication);
    if (before.size() <= 1100) continue;
    ++releases;
    std::set<std::uint64_t> still;
    for (const Inside& person : after) still.insert(person.name);
    // Some may be back on the same day, but hardly any of those released; of the others few leave in a day.
    const std::size_t wanted = before.size() - 950;
    const auto gone = [&](auto first, auto last) {
      return std::count_if(first, last, [&](const Inside& person) { return still.count(person.name) == 0; });
    };
    const auto edge = before.begin() + static_cast<std::ptrdiff_t>(wanted);
    CHECK(gone(before.begin(), edge) >= static_cast<std::ptrdiff_t>(wanted) - 2);
    CHECK(gone(edge, before.end()) <= 2);
    CHECK(after.size() <= 950 + 30);  // and the day's newcomers
  }
  CHECK(releases > 5);
  CHECK_NOTHROW(replication->finish());
}

TEST_CASE("emergency release: less capacity, more admissions; enough of it, nothing at all") {
  const auto admissions = [](const World& world) { return world.entries(world.run(), "prison", 36, world.months()); };
  const double plain = admissions(World(system("1000")));
  const double full = admissions(World(system("1000", kRelease)));
  const double fuller = admissions(World(system("600", kRelease)));
  CHECK(full > 1.05 * plain);
  CHECK(fuller > 1.05 * full);
  CHECK(hash_of(World(system("100000", kRelease)).run()) == hash_of(World(system("100000")).run()));
}

TEST_CASE("emergency release: only those eligible, and the same on any partitions") {
  const World women(replaced(system("1000", kRelease), "[states.prison]",
                             "[classes]\nsex = [\"male\", \"female\"]\n[arrivals.a.mix]\nsex = { male = 0.9, female = "
                             "0.1 }\n[states.prison]") +
                    "only.sex = [\"female\"]\nlongest_remaining = \"6 months\"\n");
  const auto replication = women.begin(0, 2);
  for (sim::Day day = 0; day < women.experiment().model().days(); ++day) {
    const auto before = persons_by_name(*replication);
    replication->run_day(day);
    for (const auto& [name, person] : persons_by_name(*replication)) {
      const auto found = before.find(name);
      if (found == before.end() || found->second.state == person.state || person.state != 1) continue;
      // Out of prison before the end of the term: a woman with half a year left at most.
      const sim::Minute left = found->second.term_end - sim::start_of(day);
      if (found->second.term_end < sim::start_of(day + 1)) continue;
      REQUIRE(women.experiment().model().cells().label(person.cell, models::Trait::sex) == 1);
      REQUIRE(left <= 6 * sim::kDaysPerMonth * sim::kMinutesPerDay + 1);
    }
  }
  const World world(system("800", kRelease));
  CHECK(hash_of(world.run(0, 7, 2)) == hash_of(world.run(0, 1, 1)));
}

}  // namespace
}  // namespace prisonflow::testing
