// A capacity by region: people queue in their own region only, each region is a queue of its own with the exact waits
// of its own load, and courts that close in one region are missed by nobody elsewhere.
#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/support/bounds.hpp"
#include "tests/support/world.hpp"
#include "tests/verification/erlang.hpp"

namespace prisonflow::testing {
namespace {

constexpr double kYear = 365.2425;
const std::string kRegions = "[classes]\nregion = [\"north\", \"south\"]\n";

std::string court(const std::string& name, const std::string& service, const std::string& duration) {
  return "[states." + name + "]\nkind = \"service\"\nnext = \"out\"\nservice = \"" + service +
         "\"\nduration = " + duration + "\n";
}
const std::string kExponential = "{ distribution = \"exponential\", mean = \"20 days\" }";
const std::string kOut = "[states.out]\nkind = \"exit\"\n";

std::string arrivals(const std::string& name, const std::string& to, double per_day, const std::string& north) {
  return "[arrivals." + name + "]\nto = \"" + to + "\"\nrate = " + std::to_string(per_day * kYear) +
         (north.empty() ? "" : "\nmix.region = { north = " + north + ", south = \"rest\" }") + "\n";
}

/// Of one region: those whose service began, how many had waited and how long, one batch a copy and run.
struct Waits {
  std::vector<double> begun, waited, days;
};

TEST_CASE("regional services: two loads have the waits of Erlang C, each its own") {
  // 0.15 cases a day for four servers in the north, 0.05 for two in the south; many independent copies.
  constexpr int kCopies = 20;
  constexpr sim::Day kWarm = 5 * 365;
  std::string text = header("2000-01-01", "2100-01-01") + kRegions + kOut;
  for (int copy = 0; copy < kCopies; ++copy) {
    const std::string name = std::to_string(copy);
    text += arrivals("a" + name, "s" + name, 0.2, "0.75") + court("s" + name, "q" + name, kExponential) +
            "[services.q" + name + "]\nservers_in.south = 2\nservers_in.north = 4\n";
  }
  const World world(text);
  const models::Cells& cells = world.experiment().model().cells();
  Waits waits[2];
  for (std::uint32_t run = 0; run < 3; ++run) {
    const std::size_t first = run * kCopies;
    for (Waits& region : waits) {
      for (auto* list : {&region.begun, &region.waited, &region.days}) list->resize(first + kCopies);
    }
    const auto replication = world.begin(run);
    for (sim::Day day = 0; day < world.experiment().model().days(); ++day) {
      replication->run_day(day);
      if (day < kWarm) continue;
      const models::Partition& partition = *replication->partitions().front();
      for (const models::Grant& grant : partition.grants) {
        const models::Person& person = partition.people[grant.slot];
        Waits& region = waits[cells.label(person.cell, models::Trait::region)];
        const std::size_t batch = first + person.state - 1u;  // the first state is the exit
        ++region.begun[batch];
        if (grant.start > person.last) ++region.waited[batch];
        region.days[batch] += static_cast<double>(grant.start - person.last) / sim::kMinutesPerDay;
      }
    }
  }
  const auto check = [](const std::string& where, const Waits& found, int servers, double per_day) {
    // The twin: services 5 per cent longer.
    const ManyServers right = erlang(servers, per_day, 20);
    const ManyServers wrong = erlang(servers, per_day, 21);
    check_with_twin("chance to wait in the " + where, ratio_of(found.waited, found.begun), right.chance_to_wait,
                    wrong.chance_to_wait);
    check_with_twin("mean wait in the " + where, ratio_of(found.days, found.begun), right.mean_wait, wrong.mean_wait);
  };
  check("north", waits[0], 4, 0.15);
  check("south", waits[1], 2, 0.05);
}

/// Queue and waits of a service in every month.
std::vector<double> months_of(const World& world, std::size_t service) {
  const auto result = world.run();
  std::vector<double> values;
  for (std::size_t month = 0; month < world.months(); ++month) {
    values.push_back(world.value(result, "service_queue", month, service));
    const double days = world.value(result, "service_waiting_days", month, service);
    values.push_back(days == days ? days : -1);  // nobody's
  }
  return values;
}

TEST_CASE("regional services: a region is as if it were alone") {
  const std::string period = header("2010-01-01", "2016-01-01");
  const auto both = [&](const std::string& key, const std::string& north, const std::string& south) {
    return World(period + kRegions + arrivals("a", "court", 0.6, "1") + arrivals("b", "court", 0.3, "0") +
                 court("court", "courts", kExponential) + kOut + "[services.courts]\n" + key + "_in.north = " + north +
                 "\n" + key + "_in.south = " + south + "\n");
  };
  const auto alone = [&](const std::string& name, double per_day, const std::string& capacity) {
    return World(period + arrivals(name, "court", per_day, "") + court("court", "courts", kExponential) + kOut +
                 "[services.courts]\n" + capacity + "\n");
  };
  for (const auto& [key, north, south, more] :
       {std::array<std::string, 4>{"servers", "13", "7", "8"}, {"per_day", "0.62", "0.32", "0.34"}}) {
    const World world = both(key, north, south);
    const auto north_alone = months_of(alone("a", 0.6, key + " = " + north), 0);
    CHECK(months_of(world, 0) == north_alone);
    CHECK(months_of(world, 1) == months_of(alone("b", 0.3, key + " = " + south), 0));
    // What the other region has is nothing to it; what it has itself is.
    CHECK(months_of(both(key, north, more), 0) == north_alone);
    CHECK(months_of(both(key, more, south), 0) != north_alone);
  }
}

struct Evening {
  std::int64_t waiting[2]{};  ///< of those whom the night gave nothing
  std::int64_t begins[2]{};
};

/// What the nights of `world` leave waiting and let begin, in the north and in the south.
std::vector<Evening> evenings_of(const World& world) {
  const models::Cells& cells = world.experiment().model().cells();
  const auto replication = world.begin(0, 3);
  std::vector<Evening> evenings;
  for (sim::Day day = 0; day < world.experiment().model().days(); ++day) {
    replication->run_day(day);
    Evening evening;
    for (const auto& partition : replication->partitions()) {
      for (std::size_t region = 0; region < 2; ++region) {
        evening.waiting[region] += partition->tallies.services[region].waiting;
      }
      for (const models::Grant& grant : partition->grants) {
        const std::uint16_t region = cells.label(partition->people[grant.slot].cell, models::Trait::region);
        ++evening.begins[region];
        --evening.waiting[region];
      }
    }
    evenings.push_back(evening);
  }
  CHECK_NOTHROW(replication->finish());
  return evenings;
}

TEST_CASE("regional services: courts that close in one region for a time") {
  const std::string text = header("2010-01-01", "2014-01-01") + kRegions + arrivals("a", "court", 2, "0.6") +
                           court("court", "courts", kExponential) + kOut +
                           "[services.courts]\nlabel = \"Courts\"\nservers_in.north = 36\nservers_in.south = 24\n";
  const std::string shock =
      "[policies.closed]\nfrom = 2011-01-01\nuntil = 2011-07-01\nset.services.courts.servers_in.north = 0\n";
  const auto open = evenings_of(World(text));
  const World closing(text + shock);
  const auto closed = evenings_of(closing);
  const std::size_t from = 365, until = 365 + 181;
  std::int64_t arrived = 0;
  for (std::size_t day = 0; day < closed.size(); ++day) {
    // The south does not notice, nor does the north before.
    REQUIRE(closed[day].waiting[1] == open[day].waiting[1]);
    REQUIRE(closed[day].begins[1] == open[day].begins[1]);
    if (day < from) REQUIRE(closed[day].waiting[0] == open[day].waiting[0]);
    if (day < from || day >= until) continue;
    // Nobody begins, and all who come wait: as many as begin or wait where the courts are open.
    REQUIRE(closed[day].begins[0] == 0);
    arrived += open[day].begins[0] + open[day].waiting[0] - open[day - 1].waiting[0];
    REQUIRE(closed[day].waiting[0] == open[from - 1].waiting[0] + arrived);
  }
  CHECK(arrived > 150);
  CHECK(closed[until].begins[0] > 30);  // all servers are free
  CHECK(closed.back().waiting[0] < 20);
  const auto peak = std::max_element(closed.begin(), closed.end(),
                                     [](const Evening& a, const Evening& b) { return a.waiting[0] < b.waiting[0]; });
  CHECK(static_cast<std::size_t>(peak - closed.begin()) == until - 1);
  CHECK(hash_of(closing.run(0, 7, 2)) == hash_of(closing.run(0, 1, 1)));
  // Results have a row a region.
  const auto& dimensions = closing.measures().dimensions();
  const auto service =
      std::find_if(dimensions.begin(), dimensions.end(), [](const auto& d) { return d.name == "service"; });
  REQUIRE(service != dimensions.end());
  CHECK(service->labels == std::vector<std::string>{"courts_north", "courts_south"});
  CHECK(service->descriptions == std::vector<std::string>{"Courts, north", "Courts, south"});
  // The whole table is scaled at once; a half-closed north lets some begin.
  const World half(
      text + replaced(shock, "set.services.courts.servers_in.north = 0", "scale.services.courts.servers_in = 0.5"));
  const auto fewer = evenings_of(half);
  std::int64_t begun[2]{};
  for (std::size_t day = from; day < until; ++day) {
    for (int region = 0; region < 2; ++region) begun[region] += fewer[day].begins[region];
  }
  CHECK(begun[0] > 100);
  CHECK(begun[1] > 60);
  CHECK(fewer[until - 1].waiting[1] > open[until - 1].waiting[1]);
}

TEST_CASE("regional services: a backlog is that of all regions together") {
  // Of 50 persons 10 are served for ever, from the first night on, and 40 wait: 4 for each of the 10 servers. In the
  // north alone they would be many more for each of two.
  const auto deaths = [](const std::string& response) {
    const World world(header("2010-01-01", "2010-12-01") + kRegions + court("court", "courts", "\"90 years\"") + kOut +
                      "[states.free]\nkind = \"liberty\"\nleaving = 0\nnext = \"out\"\n[states.dead]\nkind = "
                      "\"exit\"\n[mortality]\nto = \"dead\"\nrate = \"20 per 100 per year\"\n[initial.free]\npersons "
                      "= 2000\n[initial.court]\npersons = 50\nmix.region = { north = 0.6, south = \"rest\" }\n"
                      "[arrivals.nobody]\nto = \"free\"\nrate = 0\n[services.courts]\nservers_in = { south = 8, north "
                      "= 2 }\n[feedback.backlog]\nbacklog = \"courts\"\nresponse = { " +
                      response + " }\nacts_on = [\"states.free.mortality\"]\n");
    return world.entries(world.run(), "dead", 0, world.months());
  };
  const double plain = deaths("0 = 1.0");
  CHECK(deaths("5 = 1.0, 6 = 9.0") == plain);
  CHECK(deaths("3 = 1.0, 4 = 9.0") > 2 * plain);
}

}  // namespace
}  // namespace prisonflow::testing
