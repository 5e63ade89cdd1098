// HOLD through the engine's public interface beside the bare loop: the same events, in turns, in one process.
//
// An iteration runs a slice of about a million events of the bare loop, then the same days of the engine, and times
// each by the processor time of this thread. The ratio is that of the two halves of one iteration, so a neighbour on
// the machine disturbs both or neither. tests/bench/run.sh prints the medians over the repetitions.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <optional>

#include "sim/population.hpp"
#include "tests/bench/bare_loop.hpp"
#include "tests/bench/processor_time.hpp"

namespace {

using namespace prisonflow;
using bench::BareLoop;
using bench::Entity;
using bench::Hold;

using People = sim::Population<Entity>;

constexpr double kEventsPerSlice = 1e6;
constexpr double kLatestDay = 1'400'000;  // time ends some years later

People populate(std::uint32_t entities, const Hold& hold) {
  People people;
  people.reserve(entities);
  for (std::uint32_t entity = 0; entity < entities; ++entity) {
    const sim::Slot slot = people.add();
    people[slot] = Entity{};
    people.schedule(slot, hold(people[slot], slot, 0));
  }
  return people;
}

bool same_histories(BareLoop& bare, const People& people) {
  for (const sim::Slot slot : people.slots()) {
    if (bare[slot].trace != people[slot].trace) return false;
  }
  return true;
}

/// Arguments: entities, mean delay in days.
void hold(benchmark::State& state) {
  const auto entities = static_cast<std::uint32_t>(state.range(0));
  const auto mean_days = static_cast<double>(state.range(1));
  const Hold work{sim::stream_key(20'260, 0), mean_days * sim::kMinutesPerDay};
  const double days_per_slice = kEventsPerSlice / (static_cast<double>(entities) / mean_days);
  const auto slice = static_cast<sim::Day>(std::clamp(days_per_slice, 1.0, 20'000.0));
  std::optional<BareLoop> bare;
  std::optional<People> people;
  sim::Day day = 0;
  const auto begin_anew = [&] {
    bare.emplace(entities, work);
    people.emplace(populate(entities, work));
    // One mean delay, so that buckets and entities lie in memory as they do in a long run.
    for (day = 0; day < static_cast<sim::Day>(mean_days); ++day) {
      bare->run_day();
      people->run_day(day, work);
    }
  };
  begin_anew();
  double bare_seconds = 0, engine_seconds = 0;
  std::uint64_t bare_events = 0, engine_events = 0;
  for (auto iteration : state) {
    static_cast<void>(iteration);
    if (day + slice > kLatestDay) begin_anew();
    double begin = bench::processor_seconds();
    for (sim::Day passed = 0; passed < slice; ++passed) bare_events += bare->run_day();
    bare_seconds += bench::processor_seconds() - begin;
    begin = bench::processor_seconds();
    for (const sim::Day end = day + slice; day < end; ++day) engine_events += people->run_day(day, work);
    const double seconds = bench::processor_seconds() - begin;
    engine_seconds += seconds;
    state.SetIterationTime(seconds);
  }
  if (bare_events != engine_events || !same_histories(*bare, *people)) {
    state.SkipWithError("the engine and the bare loop differ");
    return;
  }
  const auto events = static_cast<double>(engine_events);
  state.counters["engine_ns"] = 1e9 * engine_seconds / events;
  state.counters["bare_ns"] = 1e9 * bare_seconds / events;
  state.counters["engine_M_per_s"] = 1e-6 * events / engine_seconds;
  state.counters["ratio"] = bare_seconds / engine_seconds;
  state.counters["bytes_per_entity"] = static_cast<double>(people->bytes()) / entities;
}

BENCHMARK(hold)
    ->ArgNames({"entities", "mean_days"})
    ->ArgsProduct({{1'000, 100'000, 1'000'000, 10'000'000}, {365, 30}})
    ->Unit(benchmark::kMillisecond)
    ->Iterations(5)
    ->UseManualTime();

}  // namespace

BENCHMARK_MAIN();
