// Same seed, same bytes (promise P1): threads, partitions and repetition change no bit of any value of a scenario that
// uses all of the language; and a seed, a replication or a number of the scenario does.
#include <catch2/catch.hpp>
#include <cmath>

#include "models/day_walk.hpp"
#include "tests/support/everything.hpp"

namespace prisonflow::testing {
namespace {

TEST_CASE("same bytes: threads and partitions change no value") {
  const World world(everything(), tables_of_everything());
  const std::uint64_t expected = hash_of(world.run());
  for (const std::uint16_t partitions : std::vector<std::uint16_t>{1, 7, 64}) {
    for (const int threads : {1, 2, 8}) {
      INFO(threads << " threads, " << partitions << " partitions");
      CHECK(hash_of(world.run(0, partitions, threads)) == expected);
    }
  }
}

TEST_CASE("same bytes: a day that takes many pieces changes no value") {
  // Of five partitions each goes through a day in one piece or two, one alone in many.
  const World world(replaced(unlimited_everything(), "2010-01-01 = 1500, 2013-01-01 = 1700, 2015-01-01 = 1400",
                             "2010-01-01 = 50000, 2013-01-01 = 70000, 2015-01-01 = 60000"),
                    tables_of_everything());
  const models::ReplicationResult alone = world.run();
  const double days = static_cast<double>(world.months()) * sim::kDaysPerMonth;
  const double events_a_day = static_cast<double>(alone.events) / days;
  CHECK(events_a_day > 3.0 * models::kWalkersOfPiece);
  CHECK(events_a_day / 5 < 1.5 * models::kWalkersOfPiece);
  CHECK(hash_of(world.run(0, 5, 2)) == hash_of(alone));
}

TEST_CASE("same bytes: replications do not depend on each other or on their order") {
  const World world(everything(), tables_of_everything());
  const std::uint64_t second = hash_of(world.run(1));
  const std::uint64_t first = hash_of(world.run(0));
  const World again(everything(), tables_of_everything());
  CHECK(hash_of(again.run(0, 5)) == first);
  CHECK(hash_of(again.run(1, 3)) == second);
  CHECK(first != second);
}

TEST_CASE("same bytes: what should change the result does") {
  const World world(everything(), tables_of_everything());
  const models::ReplicationResult result = world.run();
  const std::uint64_t expected = hash_of(result);
  SECTION("another seed") {
    const World other(replaced(everything(), "seed = 7041776", "seed = 7041777"), tables_of_everything());
    CHECK(hash_of(other.run()) != expected);
  }
  SECTION("a number of the scenario, by one part in a thousand") {
    const World other(replaced(everything(), "scale = \"700 days\"", "scale = \"700.7 days\""), tables_of_everything());
    CHECK(hash_of(other.run()) != expected);
  }
  SECTION("the last bit of one value") {
    models::ReplicationResult touched = result;
    double& value = touched.values[2].back();
    value = std::nextafter(value, 1e300);
    CHECK(hash_of(touched) != expected);
  }
}

TEST_CASE("same bytes: the scenario uses what it is there for") {
  // A test of sameness over things that never happen would prove nothing.
  const World world(everything(), tables_of_everything());
  const models::ReplicationResult result = world.run();
  const auto& scenario = world.scenario();
  for (const models::State& state : scenario.states) {
    double entries = 0;
    for (std::size_t month = 0; month < world.months(); ++month) {
      for (std::size_t region = 0; region < 2; ++region) {
        entries += world.state(result, "entries", month, state.name, region);
      }
    }
    INFO(state.name);
    CHECK(entries > 0);
  }
  double queue = 0;
  double deaths = 0;
  for (std::size_t month = 0; month < world.months(); ++month) {
    queue += world.value(result, "service_queue", month, 0) * world.value(result, "service_queue", month, 1);
    deaths += world.value(result, "deaths_in_custody", month);
  }
  CHECK(queue > 0);
  CHECK(deaths > 0);
  const std::size_t last = world.months() - 1;
  for (std::size_t facility = 0; facility < scenario.facilities.size(); ++facility) {
    INFO(scenario.facilities[facility].name);
    double persons = 0;
    for (std::size_t month = 0; month <= last; ++month)
      persons += world.value(result, "facility_population", month, facility);
    CHECK(persons > 0);
    if (scenario.facilities[facility].closes) CHECK(world.value(result, "facility_population", last, facility) == 0);
  }
}

}  // namespace
}  // namespace prisonflow::testing
