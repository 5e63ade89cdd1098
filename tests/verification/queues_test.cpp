// Queues against exact results: M/M/1, M/M/c (Erlang C), M/D/1 and M/U/1 (Pollaczek and Khinchine), two priorities
// (Cobham), a daily throughput, and who waits: nobody is served before he came or while all servers are busy.
//
// One scenario holds many independent copies of a queue, each with its own arrivals, so that one run gives many
// batches. Bounds and false-alarm rate: tests/support/bounds.hpp. Two properties of the daily settlement bias a mean
// wait, both far below the bounds: a service shorter than the rest of its first day ends at midnight (services of mean
// m days get longer by about 1 / 6m days: 0.04 per cent of m = 20; fixed and uniform services here have no such days),
// and persons of higher priority who come during a day are served before those who could have begun earlier that day
// (at most a day in waits of tens of days).
#include <catch2/catch.hpp>
#include <cmath>

#include "tests/support/bounds.hpp"
#include "tests/support/world.hpp"
#include "tests/verification/erlang.hpp"

namespace prisonflow::testing {
namespace {

constexpr double kYear = 365.2425;

/// Waits of the persons whose service began after the warm-up: sums of days and counts, one batch a queue and run.
struct Waits {
  std::vector<double> days;
  std::vector<double> begun;
  Estimate mean() const { return ratio_of(days, begun); }
};

struct Queue {
  int servers = 1;
  double arrivals_per_day = 0;
  std::string service;  ///< as in a scenario
};

/// `copies` queues run for `years` after `warm` years, `runs` times.
Waits waits_of(const Queue& queue, int copies, int years, int warm, std::uint32_t runs) {
  std::string text = header("2000-01-01", std::to_string(2000 + warm + years) + "-01-01");
  for (int copy = 0; copy < copies; ++copy) {
    const std::string name = std::to_string(copy);
    text += "[arrivals.a" + name + "]\nto = \"s" + name +
            "\"\nrate = " + std::to_string(queue.arrivals_per_day * kYear) + "\n[services.q" + name +
            "]\nservers = " + std::to_string(queue.servers) + "\n[states.s" + name +
            "]\nkind = \"service\"\nnext = \"out\"\nservice = \"q" + name + "\"\nduration = " + queue.service + "\n";
  }
  const World world(text + "[states.out]\nkind = \"exit\"\n");
  const auto& months = world.measures().months();
  Waits waits;
  for (std::uint32_t run = 0; run < runs; ++run) {
    const auto result = world.run(run);
    // The mean wait of a month times the number begun, which is what entered less the growth of the queue.
    for (int copy = 0; copy < copies; ++copy) {
      const auto place = static_cast<std::size_t>(copy);
      double days = 0;
      double begun = 0;
      for (std::size_t month = static_cast<std::size_t>(warm) * 12; month + 1 < months.size(); ++month) {
        const double mean = world.value(result, "service_waiting_days", month, place);
        const double count = world.state(result, "entries", month, "s" + std::to_string(copy)) -
                             world.value(result, "service_queue", month + 1, place) +
                             world.value(result, "service_queue", month, place);
        if (count > 0) days += mean * count;
        begun += count;
      }
      waits.days.push_back(days);
      waits.begun.push_back(begun);
    }
  }
  return waits;
}

std::string exponential(double days) {
  return "{ distribution = \"exponential\", mean = \"" + std::to_string(days) + " days\" }";
}

TEST_CASE("queues: M/M/1 and M/M/c have the mean wait of Erlang C") {
  for (const auto& [servers, arrivals] : std::vector<std::pair<int, double>>{{1, 0.03}, {4, 0.15}, {12, 0.54}}) {
    const Waits waits = waits_of({servers, arrivals, exponential(20)}, 30, 180, 15, 4);
    INFO(servers << " servers");
    // The twin: services 5 per cent longer.
    check_with_twin("mean wait of M/M/" + std::to_string(servers), waits.mean(),
                    erlang(servers, arrivals, 20).mean_wait, erlang(servers, arrivals, 21).mean_wait);
  }
}

TEST_CASE("queues: M/G/1 has the mean wait of Pollaczek and Khinchine") {
  const double arrivals = 0.035;
  // Services of 20 days, or even between 5 and 35 days: second moments 400 and 475.
  const auto wait = [&](double mean, double second_moment) {
    return arrivals * second_moment / (2 * (1 - arrivals * mean));
  };
  check_with_twin("mean wait of M/D/1", waits_of({1, arrivals, "\"20 days\""}, 30, 180, 10, 4).mean(), wait(20, 400),
                  wait(20.6, 20.6 * 20.6));
  check_with_twin(
      "mean wait of M/U/1",
      waits_of({1, arrivals, "{ distribution = \"uniform\", shortest = \"5 days\", longest = \"35 days\" }"}, 30, 180,
               10, 4)
          .mean(),
      wait(20, 475), wait(20, 400));
}

/// Mean stays, waiting and being served, of the two classes of priority queues.
std::pair<Estimate, Estimate> stays_by_priority(const std::string& first) {
  constexpr int kCopies = 30;
  std::string text = header("2000-01-01", "2200-01-01");
  for (int copy = 0; copy < kCopies; ++copy) {
    const std::string name = std::to_string(copy);
    text += "[services.q" + name + "]\nservers = 1\npriority = [\"" + first + name + "\"]\n";
    for (const std::string state : {"high", "low"}) {
      text += "[arrivals." + state + "_" + name + "]\nto = \"" + state + name +
              "\"\nrate = " + std::to_string(0.012 * kYear) + "\n[states." + state + name +
              "]\nkind = \"service\"\nnext = \"out\"\nservice = \"q" + name +
              "\"\nduration = { distribution = \"uniform\", shortest = \"20 days\", longest = \"40 days\" }\n";
    }
  }
  const World world(text + "[states.out]\nkind = \"exit\"\n");
  std::vector<double> time[2];
  std::vector<double> entries[2];
  for (std::uint32_t run = 0; run < 4; ++run) {
    const auto result = world.run(run);
    for (int copy = 0; copy < kCopies; ++copy) {
      for (int kind = 0; kind < 2; ++kind) {
        const std::string state = (kind == 0 ? "high" : "low") + std::to_string(copy);
        double days = 0;
        for (std::size_t month = 120; month < world.months(); ++month) {
          days += world.state(result, "person_years", month, state) * kYear;
        }
        time[kind].push_back(days);
        entries[kind].push_back(world.entries(result, state, 120, world.months()));
      }
    }
  }
  return {ratio_of(time[0], entries[0]), ratio_of(time[1], entries[1])};
}

TEST_CASE("queues: two priorities have the mean waits of Cobham's formula") {
  // Non-preemptive: W1 = R / (1 - r1), W2 = R / ((1 - r1)(1 - r1 - r2)), R = sum of rate x second moment / 2; services
  // even between 20 and 40 days.
  const double second_moment = 30.0 * 30.0 + 400.0 / 12;
  const double residual = 2 * 0.012 * second_moment / 2;
  const double load = 0.012 * 30;
  const double high = residual / (1 - load) + 30;
  const double low = residual / ((1 - load) * (1 - 2 * load)) + 30;
  const auto [high_stay, low_stay] = stays_by_priority("high");
  const auto [swapped_high, swapped_low] = stays_by_priority("low");
  check_with_twin_run("mean stay of the first class", high_stay, swapped_high, high);
  check_with_twin_run("mean stay of the second class", low_stay, swapped_low, low);
  // Without priorities both would wait R / (1 - r1 - r2).
  check_with_twin("mean stay of the first class", high_stay, high, residual / (1 - 2 * load) + 30);
}

TEST_CASE("queues: a daily throughput is never passed, is used when there is work, and loses nobody") {
  const auto run = [](const std::string& per_day) {
    const World world(header("2010-01-01", "2014-01-01") + "[arrivals.a]\nto = \"court\"\nrate = " +
                      std::to_string(6 * kYear) + "\n[services.courts]\nper_day = " + per_day +
                      "\n[states.court]\nkind = \"service\"\nnext = \"out\"\nservice = \"courts\"\nduration = \"30 "
                      "days\"\n[states.out]\nkind = \"exit\"\n");
    const auto replication = world.begin(0, 3);
    double begun = 0;
    double begun_this_month = 0;
    double most_a_day = 0;
    std::size_t next_month = 1;
    std::vector<double> days;
    for (sim::Day day = 0; day < world.experiment().model().days(); ++day) {
      const bool new_month = next_month < world.months() && world.measures().months()[next_month] == day;
      if (new_month) ++next_month;
      replication->run_day(day);
      double now = 0;
      for (const auto& partition : replication->partitions()) now += partition->tallies.services[0].begun;
      const double today = new_month ? now : now - begun_this_month;
      begun_this_month = now;
      begun += today;
      most_a_day = std::max(most_a_day, today);
      days.push_back(today);
    }
    const auto result = replication->finish();
    double arrived = world.entries(result, "court", 0, world.months());
    std::int32_t waiting = 0;
    for (const auto& partition : replication->partitions()) waiting += partition->tallies.services[0].waiting;
    double granted_tonight = 0;
    for (const auto& partition : replication->partitions())
      granted_tonight += static_cast<double>(partition->grants.size());
    CHECK(arrived == begun + waiting - granted_tonight);
    return std::make_tuple(begun, most_a_day, days, arrived);
  };
  const auto [few, most, days, arrived] = run("4.5");
  // Saturated after the first days: exactly 4.5 a day, 4 and 5 in turn.
  CHECK(most == 5);
  double late = 0;
  for (std::size_t day = days.size() - 1000; day < days.size(); ++day) late += days[day];
  CHECK(late == 4500);
  CHECK(few < arrived);
  // The twin: one case in a hundred days more is seen at once.
  const auto [more, most_twin, days_twin, arrived_twin] = run("4.51");
  double late_twin = 0;
  for (std::size_t day = days_twin.size() - 1000; day < days_twin.size(); ++day) late_twin += days_twin[day];
  CHECK(late_twin == 4510);
  CHECK(more > few);
  // Not saturated: all but those of the last day are served, as many as come.
  const auto [all, most_wide, days_wide, arrived_wide] = run("60");
  CHECK(all == arrived_wide);
  CHECK(most_wide <= 60);
}

TEST_CASE("queues: servers are never more than busy, and never idle while somebody waits") {
  const World world(header("2010-01-01", "2013-01-01") +
                    "[arrivals.a]\nto = \"court\"\nrate = 300\n[services.courts]\nservers = 20\n"
                    "[policies.fewer]\nfrom = 2011-01-01\nuntil = 2012-01-01\nset.services.courts.servers = 12\n"
                    "[states.court]\nkind = \"service\"\nnext = \"out\"\nservice = \"courts\"\nduration = " +
                    exponential(22) + "\n[states.out]\nkind = \"exit\"\n");
  const auto replication = world.begin(0, 4);
  int cut = 0;
  for (sim::Day day = 0; day < world.experiment().model().days(); ++day) {
    replication->run_day(day);
    int busy = 0;
    int waiting = 0;
    for (const auto& partition : replication->partitions()) {
      for (const sim::Slot slot : partition->people.slots()) {
        const models::Person& person = partition->people[slot];
        if (person.state == models::kFreeSlot) continue;
        ++(person.waiting ? waiting : busy);
      }
      busy += static_cast<int>(partition->grants.size());
      waiting -= static_cast<int>(partition->grants.size());
    }
    INFO("evening of day " << day << ": " << busy << " busy, " << waiting << " waiting");
    const bool fewer = day >= 365 && day < 730;
    cut = fewer && busy > 12 ? std::min(cut == 0 ? 20 : cut, busy) : 0;
    // While a cut is worked off, as many as were busy may still be, and nobody begins.
    REQUIRE(busy <= (fewer ? std::max(12, cut) : 20));
    if (waiting > 0) REQUIRE(busy >= (fewer ? 12 : 20));
  }
}

}  // namespace
}  // namespace prisonflow::testing
