// The justice model: a whole scenario with all its measures, beside the bare loop, and what threads add.
//
// The scenario is that of the environment variable PRISONFLOW_BENCH_SCENARIO, by default the one named below. One core
// is timed by processor time, threads by the clock on the wall. Reading and compiling the scenario are not timed; a
// replication is, from its initial population to its last measure.
//
// What justice in depth costs is told by three versions of that default in turn: plain.toml, the law as it is, and
// every_mechanism.toml. A scenario is complete in its folder, so the texts are laid beside the law they extend first.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/replication.hpp"
#include "models/scenario_reader.hpp"
#include "sim/workers.hpp"
#include "tests/bench/bare_loop.hpp"
#include "tests/bench/processor_time.hpp"

namespace {

using namespace prisonflow;
using models::Experiment;
using models::Measures;
using models::Replication;
using models::ReplicationResult;
using models::Scenario;

constexpr std::uint32_t kBareEntities = 100'000;
constexpr sim::Day kBareDays = 365;  // of the yardstick beside each replication: its mean delay, so 100,000 events
constexpr int kBareRounds = 10;
constexpr double kLargeSystem = 1e6;  // persons
constexpr std::uint16_t kPartitions = 8;
constexpr std::size_t kReplications = 8;

const Scenario& scenario() {
  static const Scenario read = [] {
    const char* const path = std::getenv("PRISONFLOW_BENCH_SCENARIO");
    return models::read_scenario(path != nullptr ? std::filesystem::path(path)
                                                 : std::filesystem::path(PRISONFLOW_SOURCE_DIR) /
                                                       "scenarios/kazakhstan/law_of_2010.toml");
  }();
  return read;
}

models::Valuation central_values() {
  return models::draw_values(scenario(), sim::stream_key(scenario().seed, 0));
}

const Experiment& experiment() {
  static const Experiment compiled(scenario(), central_values());
  return compiled;
}

const Measures& measures() {
  static const Measures all(scenario());
  return all;
}

ReplicationResult replicate(const Experiment& of, std::uint32_t number, std::uint16_t partitions = 1,
                            sim::Workers* workers = nullptr) {
  return Replication(of, measures(), scenario().seed, number, partitions).run(workers);
}

/// The scenario in a country so large that about a million persons are in it at once: newcomers, places, services and
/// the numbers of the first day grow alike.
const Experiment& large_experiment() {
  static const Experiment compiled = [] {
    const double factor = kLargeSystem / static_cast<double>(replicate(experiment(), 0).peak_persons);
    models::Valuation values = central_values();
    const auto grow = [&](models::ParameterId id) {
      if (models::given(id)) values[models::index_of(id)] *= factor;
    };
    const auto grow_series = [&](const models::Series& series) {
      for (const auto& point : series.points) grow(point.second);
    };
    for (const auto& arrivals : scenario().arrivals) grow_series(arrivals.rate);
    for (const auto& stock : scenario().initial) grow(stock.persons);
    for (const auto& facility : scenario().facilities) grow_series(facility.places);
    for (const auto& service : scenario().services) {
      grow(service.servers);
      grow(service.per_day);
    }
    return Experiment(scenario(), values);
  }();
  return compiled;
}

bool same_bytes(const ReplicationResult& a, const ReplicationResult& b) {
  for (std::size_t measure = 0; measure < a.values.size(); ++measure) {
    const auto& first = a.values[measure];
    const auto& second = b.values[measure];
    if (first.size() != second.size() || std::memcmp(first.data(), second.data(), first.size() * sizeof(double)) != 0) {
      return false;
    }
  }
  return a.values.size() == b.values.size() && a.events == b.events;
}

double wall_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// One replication on one core in turn with the bare loop at 100,000 entities.
void one_core(benchmark::State& state) {
  const Experiment& compiled = experiment();
  const bench::Hold hold{sim::stream_key(20'260, 0), 1.0 * kBareDays * sim::kMinutesPerDay};
  bench::BareLoop bare(kBareEntities, hold);
  for (sim::Day day = 0; day < kBareDays; ++day) bare.run_day();
  replicate(compiled, 0);  // warms tables and memory
  double bare_time = 0, model_time = 0;
  std::uint64_t bare_events = 0, model_events = 0;
  ReplicationResult result;
  std::uint32_t number = 0;
  for (auto iteration : state) {
    static_cast<void>(iteration);
    double begin = bench::processor_seconds();
    for (sim::Day day = 0; day < kBareRounds * kBareDays; ++day) bare_events += bare.run_day();
    bare_time += bench::processor_seconds() - begin;
    begin = bench::processor_seconds();
    result = replicate(compiled, ++number);
    const double seconds = bench::processor_seconds() - begin;
    model_time += seconds;
    model_events += result.events;
    state.SetIterationTime(seconds);
  }
  const double model_ns = 1e9 * model_time / static_cast<double>(model_events);
  const double bare_ns = 1e9 * bare_time / static_cast<double>(bare_events);
  state.counters["model_ns"] = model_ns;
  state.counters["bare_ns"] = bare_ns;
  state.counters["model_M_per_s"] = 1e3 / model_ns;
  state.counters["ratio"] = bare_ns / model_ns;
  state.counters["events"] = static_cast<double>(result.events);
  state.counters["persons"] = static_cast<double>(result.persons);
  state.counters["peak_persons"] = static_cast<double>(result.peak_persons);
  state.counters["peak_bytes_per_person"] =
      static_cast<double>(result.peak_bytes) / static_cast<double>(result.peak_persons);
}

/// One replication of a million persons: its partitions in one thread, then in two.
void large_system(benchmark::State& state) {
  const Experiment& compiled = large_experiment();
  sim::Workers two(2);
  double one_thread = 0, two_threads = 0;
  ReplicationResult alone, together;
  std::uint64_t events = 0;
  std::uint32_t number = 0;
  for (auto iteration : state) {
    static_cast<void>(iteration);
    double begin = wall_seconds();
    alone = replicate(compiled, number, kPartitions);
    one_thread += wall_seconds() - begin;
    begin = wall_seconds();
    together = replicate(compiled, number, kPartitions, &two);
    const double seconds = wall_seconds() - begin;
    two_threads += seconds;
    events += together.events;
    ++number;
    state.SetIterationTime(seconds);
    if (!same_bytes(alone, together)) {
      state.SkipWithError("one thread and two differ");
      return;
    }
  }
  state.counters["one_thread_ns"] = 1e9 * one_thread / static_cast<double>(events);
  state.counters["two_threads_ns"] = 1e9 * two_threads / static_cast<double>(events);
  state.counters["speedup"] = one_thread / two_threads;
  state.counters["peak_persons"] = static_cast<double>(together.peak_persons);
  state.counters["peak_bytes_per_person"] =
      static_cast<double>(together.peak_bytes) / static_cast<double>(together.peak_persons);
}

/// Replications side by side: in one thread, then in two.
void replications(benchmark::State& state) {
  const Experiment& compiled = experiment();
  const auto run_all = [&](sim::Workers& workers) {
    std::uint64_t events = 0;
    const double begin = wall_seconds();
    workers.produce_in_order<ReplicationResult>(
        kReplications, [&](std::size_t number) { return replicate(compiled, static_cast<std::uint32_t>(number)); },
        [&](std::size_t, ReplicationResult&& result) { events += result.events; }, [] { return false; });
    return std::pair(wall_seconds() - begin, events);
  };
  sim::Workers one(1);
  sim::Workers two(2);
  run_all(two);
  double one_thread = 0, two_threads = 0;
  std::uint64_t events = 0;
  for (auto iteration : state) {
    static_cast<void>(iteration);
    one_thread += run_all(one).first;
    const auto [seconds, happened] = run_all(two);
    two_threads += seconds;
    events += happened;
    state.SetIterationTime(seconds);
  }
  state.counters["one_thread_ns"] = 1e9 * one_thread / static_cast<double>(events);
  state.counters["two_threads_ns"] = 1e9 * two_threads / static_cast<double>(events);
  state.counters["speedup"] = one_thread / two_threads;
}

/// A version of the default scenario, ready to run.
struct DepthVersion {
  explicit DepthVersion(const std::filesystem::path& path)
      : scenario(models::read_scenario(path)),
        measures(scenario),
        experiment(scenario, models::draw_values(scenario, sim::stream_key(scenario.seed, 0))) {}
  Scenario scenario;
  Measures measures;
  Experiment experiment;
  double seconds = 0;
  std::uint64_t events = 0;
  ReplicationResult result;

  double replicate(std::uint32_t number) {
    const double begin = bench::processor_seconds();
    result = Replication(experiment, measures, scenario.seed, number, 1).run(nullptr);
    const double taken = bench::processor_seconds() - begin;
    seconds += taken;
    events += result.events;
    return taken;
  }
  double ns() const { return 1e9 * seconds / static_cast<double>(events); }
};

const std::vector<std::unique_ptr<DepthVersion>>& depth_versions() {
  static const std::vector<std::unique_ptr<DepthVersion>> all = [] {
    namespace fs = std::filesystem;
    const fs::path source(PRISONFLOW_SOURCE_DIR);
    const fs::path folder = fs::temp_directory_path() / ("prisonflow_bench_" + std::to_string(::getpid()));
    fs::create_directories(folder);
    for (const char* const from : {"scenarios/kazakhstan", "tests/bench"}) {
      for (const auto& file : fs::directory_iterator(source / from)) {
        const std::string type = file.path().extension().string();
        if (type == ".toml" || type == ".csv") fs::copy_file(file.path(), folder / file.path().filename());
      }
    }
    std::vector<std::unique_ptr<DepthVersion>> versions;
    for (const char* const name : {"plain.toml", "law_of_2010.toml", "every_mechanism.toml"}) {
      versions.push_back(std::make_unique<DepthVersion>(folder / name));
    }
    fs::remove_all(folder);
    return versions;
  }();
  return all;
}

/// A replication of version `number` in turn with one of the plain version.
void in_depth(benchmark::State& state) {
  DepthVersion& plain = *depth_versions().front();
  DepthVersion& version = *depth_versions()[static_cast<std::size_t>(state.range(0))];
  std::uint32_t number = 0;
  plain.seconds = version.seconds = 0;
  plain.events = version.events = 0;
  for (auto iteration : state) {
    static_cast<void>(iteration);
    ++number;
    if (&plain != &version) plain.replicate(number);
    state.SetIterationTime(version.replicate(number));
  }
  state.counters["model_ns"] = version.ns();
  state.counters["plain_ns"] = plain.ns();
  state.counters["to_plain"] = version.ns() / plain.ns();
  state.counters["model_M_per_s"] = 1e3 / version.ns();
  state.counters["peak_bytes_per_person"] =
      static_cast<double>(version.result.peak_bytes) / static_cast<double>(version.result.peak_persons);
}

BENCHMARK(one_core)->Unit(benchmark::kMillisecond)->Iterations(2)->UseManualTime();
BENCHMARK(in_depth)
    ->ArgName("version")
    ->DenseRange(0, 2)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(2)
    ->UseManualTime();
BENCHMARK(large_system)->Unit(benchmark::kMillisecond)->Iterations(1)->UseManualTime();
BENCHMARK(replications)->Unit(benchmark::kMillisecond)->Iterations(1)->UseManualTime();

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  try {
    benchmark::RunSpecifiedBenchmarks();
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
  return 0;
}
