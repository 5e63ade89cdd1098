// Links on the capacity of a service: it is the factor's part of the scenario's, day by day; a backlog that works on
// its own court settles where its equation says.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "tests/support/bounds.hpp"
#include "tests/support/world.hpp"

namespace prisonflow::testing {
namespace {

constexpr double kYear = 365.2425;

std::string court(const std::string& capacity, const std::string& duration) {
  return "[states.court]\nkind = \"service\"\nnext = \"out\"\nservice = \"courts\"\nduration = " + duration +
         "\n[states.out]\nkind = \"exit\"\n[services.courts]\n" + capacity + "\n";
}
std::string arrivals(double per_day) {
  return "[arrivals.a]\nto = \"court\"\nrate = " + std::to_string(per_day * kYear) + "\n";
}
std::string link(const std::string& name, const std::string& ratio, const std::string& response) {
  return "[feedback." + name + "]\n" + ratio + "\nresponse = { " + response + " }\nacts_on = [\"services.courts\"]\n";
}
/// A factor that is always the same.
std::string always(const std::string& factor, const std::string& name = "always") {
  return link(name, "caseload = [\"court\"]\nofficers = 1", "0 = " + factor);
}

TEST_CASE("feedback on capacity: a factor that stays is a smaller service, to the byte") {
  const std::string period = header("2010-01-01", "2016-01-01");
  const std::string exponential = "{ distribution = \"exponential\", mean = \"20 days\" }";
  const auto run = [&](const std::string& capacity, double per_day, const std::string& links) {
    return hash_of_people(World(period + arrivals(per_day) + court(capacity, exponential) + links));
  };
  CHECK(run("servers = 28", 0.6, always("0.5")) == run("servers = 14", 0.6, ""));
  CHECK(run("servers = 28", 0.6, always("0.5")) != run("servers = 15", 0.6, ""));
  // Servers are whole, rounded down, but not by an error of the last digit; several links multiply.
  CHECK(run("servers = 29", 0.6, always("0.5")) == run("servers = 14", 0.6, ""));
  CHECK(run("servers = 100", 1.4, always("0.29")) == run("servers = 29", 1.4, ""));
  CHECK(run("servers = 56", 0.6, always("0.5") + always("0.5", "again")) == run("servers = 14", 0.6, ""));
  CHECK(run("per_day = 1.25", 0.6, always("0.5")) == run("per_day = 0.625", 0.6, ""));
  CHECK(run("per_day = 1.25", 0.6, always("0.5")) != run("per_day = 0.64", 0.6, ""));
  // Nothing is done by one, nor by a link that is off.
  CHECK(run("servers = 14", 0.6, always("1.0")) == run("servers = 14", 0.6, ""));
  CHECK(run("servers = 14", 0.6, always("0.5") + "enabled = false\n") == run("servers = 14", 0.6, ""));
}

TEST_CASE("feedback on capacity: every region of a service is moved") {
  const auto run = [](const std::string& capacity, const std::string& links) {
    return hash_of_people(World(header("2010-01-01", "2014-01-01") + "[classes]\nregion = [\"north\", \"south\"]\n" +
                                arrivals(1) + "mix.region = { north = 0.6, south = \"rest\" }\n" +
                                court(capacity, "{ distribution = \"exponential\", mean = \"20 days\" }") + links));
  };
  const std::uint64_t halved = run("servers_in = { north = 26, south = 18 }", always("0.5"));
  CHECK(halved == run("servers_in = { north = 13, south = 9 }", ""));
  CHECK(halved != run("servers_in = { north = 13, south = 18 }", ""));
}

/// Places of a prison with 200 prisoners, half as many after a year: its courts have half their capacity from then on.
std::string crowding(const std::string& capacity) {
  return header("2010-01-01", "2013-01-01") + arrivals(20) + court(capacity, "\"30 days\"") +
         "[states.prison]\nkind = \"custody\"\nfacilities = \"prisons\"\nterm = \"20 years\"\nnext = "
         "\"out\"\n[initial.prison]\n"
         "persons = 200\nelapsed = \"none\"\n[arrivals.nobody]\nto = \"prison\"\nrate = 0\n[facilities.prisons]\n"
         "[facilities.prisons.one]\nplaces = 200\n[policies.fewer]\nfrom = 2011-01-01\nuntil = 2012-01-01\n"
         "set.facilities.prisons.one.places = 100\n" +
         link("crowding", "occupancy = \"prisons\"", "100 = 1.0, 200 = 0.5");
}

TEST_CASE("feedback on capacity: the next day has it, and the last one loses it") {
  const World world(crowding("per_day = 9"));
  const auto replication = world.begin(0, 3);
  double begun = 0;
  for (sim::Day day = 0; day < world.experiment().model().days(); ++day) {
    replication->run_day(day);
    std::size_t grants = 0;
    for (const auto& partition : replication->partitions()) grants += partition->grants.size();
    if (day < 10) continue;  // until there is a backlog
    INFO("night of day " << day);
    // The night of 2011-01-01 is the first to see the crowding: capacity is less from the day after it on.
    const bool crowded = day > 365 && day <= 730;
    begun += static_cast<double>(grants);
    if (crowded) REQUIRE((grants == 4 || grants == 5));
    if (!crowded) REQUIRE(grants == 9);
  }
  CHECK(begun == Approx(9 * (1096 - 10 - 365) + 4.5 * 365).margin(1));
}

TEST_CASE("feedback on capacity: nobody is sent away when servers go, and nobody begins until there are fewer") {
  const World world(crowding("servers = 41"));
  const auto replication = world.begin(0, 3);
  int before = 0;
  for (sim::Day day = 0; day < world.experiment().model().days(); ++day) {
    replication->run_day(day);
    int busy = 0, grants = 0;
    for (const auto& partition : replication->partitions()) {
      for (const sim::Slot slot : partition->people.slots()) {
        const models::Person& person = partition->people[slot];
        if (person.state == models::kFreeSlot || person.facility != models::kNoFacility || person.waiting) continue;
        ++busy;
      }
      grants += static_cast<int>(partition->grants.size());
    }
    busy += grants;
    INFO("night of day " << day << ": " << busy << " busy");
    const bool crowded = day > 365 && day <= 730;
    if (day < 10) continue;
    if (crowded && day <= 365 + 31) {
      REQUIRE(busy <= std::max(before, 20));
      REQUIRE((grants == 0 || busy <= 20));
    } else {
      REQUIRE(busy == (crowded ? 20 : 41));
    }
    before = busy;
  }
  CHECK_NOTHROW(replication->finish());
  CHECK(hash_of(world.run(0, 7, 2)) == hash_of(world.run(0, 1, 1)));
}

TEST_CASE("feedback on capacity: a backlog that brings its own judges settles where its equation says") {
  // Ten cases come a day; eight are begun, times 1 + ratio / 100, where the ratio is of those who wait in the night to
  // eight: 200 wait in the mean, and ten fewer after those of the night are gone.
  const auto system = [](const std::string& factor) {
    return World(header("2000-01-01", "2060-01-01") + arrivals(10) + court("per_day = 8", "\"2 days\"") +
                 link("overtime", "backlog = \"courts\"", "0 = 1.0, 100 = " + factor));
  };
  const auto mean_queue = [](const World& world) {
    std::vector<double> means;
    for (std::uint32_t number = 0; number < 24; ++number) {
      const auto result = world.run(number);
      double sum = 0;
      for (std::size_t month = 48; month < world.months(); ++month) sum += world.value(result, "service_queue", month);
      means.push_back(sum / static_cast<double>(world.months() - 48));
    }
    return mean_of(means);
  };
  // The twin's curve rises to 1.9 only: 8 (1 + 0.9 ratio / 100) = 10 at 222 persons.
  check_with_twin_run("the queue that feeds back on its court", mean_queue(system("2.0")), mean_queue(system("1.9")),
                      190);
}

}  // namespace
}  // namespace prisonflow::testing
