// Nobody is lost (promise P3): the recount passes on every day of a run, in release builds too, and throws as soon as a
// person is removed, moved, aged or placed behind the tallies' back. Waiting persons are recounted here as well.
#include <catch2/catch.hpp>

#include "tests/support/everything.hpp"

namespace prisonflow::testing {
namespace {

using models::Partition;
using models::Person;

/// Somebody for whom `wanted` holds, with the partition.
template <class Wanted>
std::pair<Partition*, sim::Slot> find_person(models::Replication& replication, Wanted wanted) {
  for (const auto& partition : replication.partitions()) {
    for (const sim::Slot slot : partition->people.slots()) {
      const Person& person = partition->people[slot];
      if (person.state != models::kFreeSlot && wanted(person)) return {partition.get(), slot};
    }
  }
  throw std::logic_error("the test finds nobody to lose");
}

/// Persons waiting for each service, as they stand in their records and as the tallies say.
void check_waiting(const World& world, const models::Replication& replication) {
  std::vector<std::int32_t> found(world.scenario().services.size(), 0);
  std::vector<std::int32_t> counted(found.size(), 0);
  for (const auto& partition : replication.partitions()) {
    for (const sim::Slot slot : partition->people.slots()) {
      const Person& person = partition->people[slot];
      if (person.state == models::kFreeSlot || !person.waiting) continue;
      const models::StateFacts& state = world.experiment().model().facts()[person.state];
      if (state.service != 0xff) ++found[models::service_of(state, person.cell, world.experiment().facts())];
    }
    for (std::size_t service = 0; service < found.size(); ++service) {
      counted[service] += partition->tallies.services[service].waiting;
    }
  }
  CHECK(found == counted);
}

TEST_CASE("nobody lost: the recount agrees with the tallies all along") {
  const World world(everything(), tables_of_everything());
  const auto replication = world.begin(0, 3);
  for (sim::Day day = 0; day < world.experiment().model().days(); ++day) {
    replication->run_day(day);
    if (day % 50 != 0) continue;
    CHECK_NOTHROW(replication->check_nobody_lost());
    check_waiting(world, *replication);
  }
  CHECK_NOTHROW(replication->finish());
}

TEST_CASE("nobody lost: a recount finds what was done behind the tallies' back") {
  const World world(everything_from_empty(), tables_of_everything());
  const auto replication = world.begin(0, 2);
  for (sim::Day day = 0; day < 300; ++day) replication->run_day(day);
  REQUIRE_NOTHROW(replication->check_nobody_lost());
  const auto in_state = [&](const std::string& name) {
    const auto state = static_cast<std::uint8_t>(world.scenario().find_state(name));
    return [state](const Person& person) { return person.state == state; };
  };

  SECTION("a person removed from the population") {
    const auto [partition, slot] = find_person(*replication, in_state("community"));
    partition->people.remove(slot);
    partition->people[slot].state = models::kFreeSlot;
    CHECK_THROWS_AS(replication->check_nobody_lost(), models::ConservationError);
    CHECK_THROWS_AS(replication->finish(), models::ConservationError);
  }
  SECTION("a person whose record is wiped while the slot stays in use") {
    const auto [partition, slot] = find_person(*replication, in_state("prison"));
    partition->people[slot].state = models::kFreeSlot;
    CHECK_THROWS_AS(replication->check_nobody_lost(), models::ConservationError);
  }
  SECTION("a person added without being counted") {
    const auto [partition, slot] = find_person(*replication, in_state("prison"));
    const Person twin = partition->people[slot];
    const sim::Slot added = partition->people.add();
    partition->people[added] = twin;
    CHECK_THROWS_AS(replication->check_nobody_lost(), models::ConservationError);
  }
  SECTION("a state changed by hand") {
    const auto [partition, slot] = find_person(*replication, in_state("prison"));
    partition->people[slot].state = static_cast<std::uint8_t>(world.scenario().find_state("community"));
    CHECK_THROWS_AS(replication->check_nobody_lost(), models::ConservationError);
    CHECK_THROWS_WITH(replication->check_nobody_lost(), Catch::Contains("prison") || Catch::Contains("community"));
  }
  SECTION("a class changed by hand") {
    const auto [partition, slot] = find_person(*replication, [](const Person& person) { return person.cell > 0; });
    --partition->people[slot].cell;
    CHECK_THROWS_AS(replication->check_nobody_lost(), models::ConservationError);
  }
  SECTION("a facility changed by hand") {
    const auto [partition, slot] =
        find_person(*replication, [](const Person& person) { return person.facility != models::kNoFacility; });
    Person& person = partition->people[slot];
    SECTION("to none") {
      person.facility = models::kNoFacility;
    }
    SECTION("to another") {
      person.facility = person.facility == 0 ? 1 : 0;
    }
    CHECK_THROWS_AS(replication->check_nobody_lost(), models::ConservationError);
  }
  SECTION("a person forgotten in a queue") {
    SECTION("their request is one of an earlier visit") {
      const auto is_granted = [&](const Person& person) {
        for (const auto& partition : replication->partitions()) {
          for (const models::Grant& grant : partition->grants) {
            if (grant.name == person.name) return true;
          }
        }
        return false;
      };
      const auto [partition, slot] =
          find_person(*replication, [&](const Person& person) { return person.waiting && !is_granted(person); });
      ++partition->people[slot].round;
    }
    SECTION("what they were given went astray") {
      std::size_t lost = 0;
      for (const auto& partition : replication->partitions()) {
        lost += partition->grants.size();
        partition->grants.clear();
      }
      REQUIRE(lost > 0);
    }
    CHECK_THROWS_WITH(replication->check_nobody_lost(), Catch::Contains("in a queue"));
  }
  SECTION("a tally changed by hand") {
    SECTION("stock") {
      ++replication->partitions()[1]->tallies.by_cell[5].stock;
    }
    SECTION("stock of a whole state") {
      ++replication->partitions()[1]->tallies.stocks[3];
    }
    SECTION("exits") {
      ++replication->partitions()[1]->tallies.exited;
    }
    CHECK_THROWS_AS(replication->check_nobody_lost(), models::ConservationError);
  }
}

}  // namespace
}  // namespace prisonflow::testing
