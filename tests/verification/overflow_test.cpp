// Police cells: who finds a group full is held in another one, at once, and moves when a place is free, longest there
// first. With Poisson arrivals the number inside is that of M/G/inf, so in the cells are those beyond the places.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/bounds.hpp"
#include "tests/support/world.hpp"

namespace prisonflow::testing {
namespace {

constexpr double kYear = 365.2425;

std::string prison(const std::string& term) {
  return "[states.prison]\nkind = \"custody\"\nfacilities = \"prisons\"\nterm = " + term +
         "\nnext = \"out\"\n[states.out]\nkind = \"exit\"\n";
}
std::string arrivals(double per_day) {
  return "[arrivals.a]\nto = \"prison\"\nrate = " + std::to_string(per_day * kYear) + "\n";
}
std::string places(int first) {
  return "[facilities.prisons]\nwhen_full = \"overflow\"\noverflow = \"cells\"\n[facilities.prisons.one]\nplaces = " +
         std::to_string(first) + "\n[facilities.cells]\n[facilities.cells.station]\nplaces = 30\n";
}
std::string exponential(double days) {
  return "{ distribution = \"exponential\", mean = \"" + std::to_string(days) + " days\" }";
}

/// Someone held, as the coming morning will have it.
struct Held {
  std::uint8_t before = models::kNoFacility, facility = models::kNoFacility;
  std::pair<sim::Minute, std::uint64_t> since;  ///< came in, name: the order of places
  models::Cell cell = 0;
  std::uint8_t state = 0;
};
std::vector<Held> held_in_the_morning(const models::Replication& replication) {
  std::vector<Held> all;
  for (const auto& partition : replication.partitions()) {
    std::map<sim::Slot, std::uint8_t> moves;
    for (const models::Grant& grant : partition->grants) {
      if (grant.facility != models::kNoFacility) moves[grant.slot] = grant.facility;
    }
    for (const sim::Slot slot : partition->people.slots()) {
      const models::Person& person = partition->people[slot];
      if (person.state == models::kFreeSlot) continue;
      const auto move = moves.find(slot);
      all.push_back({person.facility,
                     move == moves.end() ? person.facility : move->second,
                     {person.last, person.name},
                     person.cell,
                     person.state});
    }
  }
  return all;
}
std::size_t count(const std::vector<Held>& all, std::uint8_t facility) {
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [&](const Held& held) { return held.facility == facility; }));
}

TEST_CASE("overflow: every night the places are full or the cells empty, and those longest there go first") {
  const World world(header("2010-01-01", "2014-01-01") + prison(exponential(20)) + arrivals(5) + places(100) +
                    "[initial.prison]\npersons = 130\nelapsed = \"none\"\n[policies.fewer]\nfrom = 2012-01-01\nuntil = "
                    "2012-07-01\nset.facilities.prisons.one.places = 80\n");
  const auto replication = world.begin(0, 3);
  int moved = 0, in_cells_at_times = 0, left_the_cells = 0;
  std::vector<Held> yesterday = held_in_the_morning(*replication);
  CHECK(count(yesterday, 0) == 100);
  CHECK(count(yesterday, 1) == 30);
  for (sim::Day day = 0; day < world.experiment().model().days(); ++day) {
    replication->run_day(day);
    const std::vector<Held> all = held_in_the_morning(*replication);
    const std::size_t inside = count(all, 0), in_cells = count(all, 1);
    INFO("morning after day " << day << ": " << inside << " in prison, " << in_cells << " in cells");
    const bool fewer = day >= 730 && day < 730 + 182;
    const std::size_t most = fewer ? 80 : 100;
    REQUIRE(inside + in_cells == all.size());  // everybody is held, nobody waits
    // While places are cut nobody comes in before there are fewer inside than places.
    const auto stayed = static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [](const Held& held) { return held.before == 0; }));
    REQUIRE(inside == std::max(stayed, std::min(all.size(), most)));
    std::pair<sim::Minute, std::uint64_t> last_in{-1, 0}, first_left_out{sim::kNever, 0};
    for (const Held& held : all) {
      if (held.before != 0 && held.facility == 0) last_in = std::max(last_in, held.since);
      if (held.facility == 1) first_left_out = std::min(first_left_out, held.since);
      if (held.before == 1 && held.facility == 0) ++moved;
    }
    REQUIRE(last_in < first_left_out);
    in_cells_at_times += in_cells > 0;
    for (const Held& held : yesterday) {
      if (held.facility != 1) continue;
      const bool there = std::any_of(all.begin(), all.end(), [&](const Held& now) { return now.since == held.since; });
      left_the_cells += there ? 0 : 1;
    }
    yesterday = all;
    if (day % 30 == 0) CHECK_NOTHROW(replication->check_nobody_lost());
  }
  CHECK(moved > 300);
  CHECK(in_cells_at_times > 600);
  CHECK(left_the_cells > 50);  // straight from there
  CHECK_NOTHROW(replication->finish());
}

/// Mean of max(0, N - places), N Poisson.
double expected_overflow(double mean, int places_there) {
  double sum = 0;
  double chance = std::exp(-mean);
  for (int n = 0; n < 1000; ++n) {
    sum += chance * std::max(0, n - places_there);
    chance *= mean / (n + 1);
  }
  return sum;
}

/// The mean number in the cells on every `step`-th night after the first 400 days, a batch a run.
Estimate mean_in_cells(const std::string& term, int first_places, sim::Day step, std::uint32_t runs) {
  const World world(header("2000-01-01", "2060-01-01") + prison(term) + arrivals(5) + places(first_places));
  std::vector<double> means;
  for (std::uint32_t run = 0; run < runs; ++run) {
    const auto replication = world.begin(run);
    double sum = 0, nights = 0;
    for (sim::Day day = 0; day < world.experiment().model().days(); ++day) {
      replication->run_day(day);
      if (day < 400 || day % step != 0) continue;
      std::int32_t in_cells = replication->partitions().front()->tallies.facilities[1].stock;
      for (const models::Grant& grant : replication->partitions().front()->grants) {
        in_cells += (grant.facility == 1 ? 1 : 0) - (grant.from == 1 ? 1 : 0);
      }
      sum += in_cells;
      ++nights;
    }
    means.push_back(sum / nights);
  }
  return mean_of(means);
}

TEST_CASE("overflow: the number in the cells is that of M/G/inf beyond the places") {
  // Five a day for 20 days: Poisson, 100 in the mean. The twins: a place more or fewer.
  check_with_twin("in cells, fixed terms", mean_in_cells("\"20 days\"", 105, 7, 40), expected_overflow(100, 105),
                  expected_overflow(100, 106));
  check_with_twin("in cells, exponential terms", mean_in_cells(exponential(20), 98, 7, 40), expected_overflow(100, 98),
                  expected_overflow(100, 97));
}

TEST_CASE("overflow: places that are never short change nothing") {
  const auto run = [](const std::string& when_full, int each) {
    const std::string two =
        "[facilities.prisons]\n" + when_full + "[facilities.prisons.one]\nplaces = " + std::to_string(each) +
        "\n[facilities.prisons.two]\nplaces = 70\n" + "[facilities.cells]\n[facilities.cells.station]\nplaces = 30\n";
    return hash_of(World(header("2010-01-01", "2014-01-01") + prison(exponential(20)) + arrivals(5) + two).run());
  };
  const std::string overflow = "when_full = \"overflow\"\noverflow = \"cells\"\n";
  CHECK(run(overflow, 1000) == run("", 1000));
  CHECK(run(overflow, 40) != run("", 40));
}

/// Men and women, a court whose prisoners wait for it, facilities that close, cells of which one closes, an emergency
/// release from the cells.
const std::string kEverything =
    header("2010-01-01", "2014-01-01") +
    "[classes]\nsex = [\"male\", \"female\"]\nage = [18, 25]\noldest_age = 40\n"
    "[states.charge]\nkind = \"service\"\nservice = \"courts\"\nfacilities = \"prisons\"\npretrial = true\n"
    "duration = \"10 days\"\nnext = \"sentence\"\n"
    "[states.sentence]\nkind = \"decision\"\nconviction = true\nshares = { prison = 0.7, free = \"rest\" }\n"
    "[states.prison]\nkind = \"custody\"\nfacilities = \"prisons\"\nterm = " +
    exponential(60) +
    "\npretrial_credit = 1\nparole_eligibility = 0.5\nparole_retry = \"20 days\"\non_parole = \"board\"\nnext = "
    "\"free\"\n"
    "[states.board]\nkind = \"decision\"\nshares = { free = 0.4, prison = \"rest\" }\n"
    "[states.arrest]\nkind = \"custody\"\nfacilities = \"cells\"\nduration = \"2 days\"\nnext = \"charge\"\npretrial = "
    "true\n[states.free]\nkind = \"liberty\"\nleaving = \"20 per 100 per year\"\nnext = \"out\"\n[states.out]\nkind = "
    "\"exit\"\n[states.dead]\nkind = \"exit\"\n"
    "[arrivals.a]\nto = \"arrest\"\nrate = 1000\nmix.sex = { male = 0.85, female = \"rest\" }\n"
    "[initial.prison]\npersons = 200\n"
    "[reoffending]\nto = \"arrest\"\ntime = { distribution = \"exponential\", mean = \"500 days\", never = 0.4 }\n"
    "[mortality]\nto = \"dead\"\nrate = \"30 per 1000 per year\"\n"
    "[services.courts]\nservers = 48\n"
    "[facilities.prisons]\nwhen_full = \"overflow\"\noverflow = \"cells\"\n"
    "[facilities.prisons.men]\nplaces = 120\nonly.sex = [\"male\"]\n"
    "[facilities.prisons.old]\nplaces = 60\nonly.sex = [\"male\"]\ncloses = 2011-03-10\n"
    "[facilities.prisons.women]\nplaces = 25\nonly.sex = [\"female\"]\n"
    "[facilities.cells]\n[facilities.cells.east]\nplaces = 40\n[facilities.cells.west]\nplaces = 20\ncloses = "
    "2012-05-05\n"
    "[policies.more]\nfrom = 2013-01-01\nscale.facilities.prisons.men.places = 1.5\n";
std::string release(int above, int down_to) {
  return "[emergency_releases.cells]\noccupancy = \"cells\"\nabove = " + std::to_string(above) +
         "\ndown_to = " + std::to_string(down_to) + "\nfrom = [\"prison\"]\nto = \"free\"\n";
}

TEST_CASE("overflow: closing, changing states, waiting for a court and leaving lose nobody and pass no limit") {
  const World world(kEverything + release(25, 15));
  const models::Cells& cells = world.experiment().model().cells();
  const auto& facilities = world.scenario().facilities;
  const auto number = [&](const std::string& name) {
    const auto found =
        std::find_if(facilities.begin(), facilities.end(), [&](const auto& f) { return f.name == name; });
    return static_cast<std::uint8_t>(found - facilities.begin());
  };
  const std::uint8_t men = number("men"), old = number("old"), women = number("women"), west = number("west");
  const models::StateIndex arrest = world.scenario().find_state("arrest");
  const auto replication = world.begin(0, 3);
  int overflows = 0;
  for (sim::Day day = 0; day < world.experiment().model().days(); ++day) {
    replication->run_day(day);
    REQUIRE_NOTHROW(replication->check_nobody_lost());
    const std::vector<Held> all = held_in_the_morning(*replication);
    INFO("morning after day " << day);
    const std::size_t places_of_men = day < 1096 ? 120 : 180;
    REQUIRE(count(all, men) <= places_of_men);
    REQUIRE(count(all, women) <= 25);
    REQUIRE(count(all, old) <= (day < 433 ? 60u : 0u));
    if (day > 856) REQUIRE(count(all, west) == 0);
    // A place is empty only when nobody whom it admits is in the cells for want of one.
    std::size_t out_of_place[2]{};
    for (const Held& held : all) {
      const auto& facts = world.experiment().model().facts()[held.state];
      if (!facts.held) continue;
      REQUIRE(held.facility != models::kNoFacility);
      if (held.state != arrest && held.facility > women) ++out_of_place[cells.label(held.cell, models::Trait::sex)];
      if (held.state == arrest) REQUIRE(held.facility > women);
    }
    if (out_of_place[0] > 0) REQUIRE(count(all, men) == places_of_men);
    if (out_of_place[1] > 0) REQUIRE(count(all, women) == 25);
    overflows += out_of_place[0] > 0 && count(all, women) < 25;
  }
  CHECK(overflows > 100);
  CHECK_NOTHROW(replication->finish());
}

TEST_CASE("overflow: partitions and threads change nothing") {
  const World world(kEverything + release(25, 15));
  const std::uint64_t one = hash_of(world.run(0, 1, 1));
  CHECK(hash_of(world.run(0, 7, 1)) == one);
  CHECK(hash_of(world.run(0, 7, 2)) == one);
  CHECK(hash_of(world.run(1, 7, 1)) != one);
  CHECK(hash_of(World(kEverything).run()) != one);  // some are released
}

TEST_CASE("overflow: an emergency release empties the cells and nothing else") {
  const std::string few = replaced(kEverything, "places = 120", "places = 20");
  const World without(few), world(few + release(120, 100));
  const auto crowd = [](const World& each) {
    const auto replication = each.begin(0, 2);
    std::int32_t most = 0;
    for (sim::Day day = 0; day < 800; ++day) {
      replication->run_day(day);
      std::int32_t in_cells = 0;
      for (const auto& partition : replication->partitions()) {
        for (const std::size_t cell : {3u, 4u}) in_cells += partition->tallies.facilities[cell].stock;
      }
      if (day > 500) most = std::max(most, in_cells);
    }
    return most;
  };
  // 120 per cent of 60 places are 72; a day brings a few more.
  CHECK(crowd(world) < 85);
  CHECK(crowd(without) > 105);
  const auto free_entries = [](const World& each) { return each.entries(each.run(), "free", 0, each.months()); };
  CHECK(free_entries(world) > free_entries(without));
}

}  // namespace
}  // namespace prisonflow::testing
