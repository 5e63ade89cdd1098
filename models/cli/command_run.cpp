// `prisonflow run`: simulates one or more scenarios with the same random numbers and writes one result file.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "models/cli/case_file.hpp"
#include "models/cli/interrupt.hpp"
#include "models/cli/kept_results.hpp"
#include "models/cli/messages.hpp"
#include "models/cli/options.hpp"
#include "models/cli/package_runs.hpp"
#include "models/cli/prepared_run.hpp"
#include "models/cli/program_facts.hpp"
#include "models/cli/progress.hpp"
#include "models/cli/result_layout.hpp"
#include "models/world_pairs.hpp"
#include "output/durable_file.hpp"
#include "output/result_writer.hpp"
#include "output/run_record.hpp"
#include "output/table.hpp"

namespace prisonflow::cli {

namespace {

struct RunPlan {
  std::uint64_t seed = 1;
  std::uint32_t replications = 1;
  int threads = 1;
  std::uint32_t partitions = 1;
  bool side_by_side = true;     ///< parallel over replications; else the partitions of one after the other
  double expected_persons = 0;  ///< in one world
  double bytes_per_person = 0;  ///< at most
  double ledger_bytes = 0;      ///< at most, in one replication: of the baseline and the reform at work
  std::size_t at_once = 1;      ///< replications

  double bytes() const { return (expected_persons * bytes_per_person + ledger_bytes) * static_cast<double>(at_once); }
};

/// What all worlds have gone through.
struct Totals {
  std::uint64_t events = 0;
  std::uint64_t persons = 0;
  std::uint64_t peak_persons = 0;
  std::uint64_t peak_bytes = 0;
  double worst_bytes_per_person = 0;
  std::uint64_t cases = 0;         ///< in the ledgers of one world, at most
  std::uint64_t ledger_bytes = 0;  ///< of one world, at most

  void add(const models::ReplicationResult& result, std::uint32_t partitions) {
    events += result.events;
    persons += result.persons;
    peak_persons = std::max(peak_persons, result.peak_persons);
    peak_bytes = std::max(peak_bytes, result.peak_bytes);
    cases = std::max(cases, result.cases);
    ledger_bytes = std::max(ledger_bytes, result.ledger_bytes);
    // A handful of persons is outweighed by the pages and tables that every partition has.
    constexpr std::uint64_t kEnoughPersons = 20'000;
    if (result.peak_persons >= kEnoughPersons * partitions) {
      worst_bytes_per_person = std::max(
          worst_bytes_per_person, static_cast<double>(result.peak_bytes) / static_cast<double>(result.peak_persons));
    }
  }
};

/// The results of one replication, a scenario each.
using Worlds = std::vector<models::ReplicationResult>;

class Run {
 public:
  explicit Run(const RunOptions& options) : options_(options) {}
  int carry_out();

 private:
  void make_plan();
  void refuse_what_does_not_fit() const;
  std::string ledgers_in_words() const;
  void announce() const;
  std::uint32_t simulate_all(output::ResultWriter& writer);
  Worlds simulate_worlds(std::uint32_t replication) const;
  void split(std::size_t scenario, std::uint32_t replication, const PackageRuns::Report& report, Worlds& worlds) const;
  void take_in(std::size_t replication, const Worlds& worlds, output::ResultWriter& writer);
  void write_fewer(std::uint32_t replications) const;
  void write_side_file(std::uint32_t finished, double seconds) const;
  void say_what_was_done(std::uint32_t finished, double seconds) const;
  bool talks() const { return !options_.quiet && !options_.json; }

  const RunOptions& options_;
  RunPlan plan_;
  std::vector<PreparedScenario> prepared_;
  std::unique_ptr<const models::WorldPairs> pairs_;
  std::unique_ptr<PackageRuns> package_;
  std::unique_ptr<ResultLayout> layout_;
  std::unique_ptr<KeptResults> kept_;
  std::unique_ptr<Progress> progress_;
  std::unique_ptr<sim::Workers> workers_;
  mutable std::string cases_;  ///< written by the one task that has the first replication
  Totals totals_;
};

void json_line(const nlohmann::ordered_json& facts) {
  std::fputs((facts.dump() + "\n").c_str(), stderr);
}

/// Before the first event a place that cannot be written to is wrong use, not a failure of the run.
template <class Action>
void begin_writing(Action action) {
  try {
    action();
  } catch (const output::OutputError& refused) {
    throw UsageError(refused.what());
  }
}

int Run::carry_out() {
  if (!options_.cases.empty() && options_.scenarios.size() < 2)
    throw UsageError(
        "--cases needs a baseline and a reform (it sets the cases of two worlds side by side); "
        "give two scenarios, or leave it out");
  begin_writing([&] {
    output::require_place_for_file(options_.output);
    if (!options_.cases.empty()) output::require_place_for_file(options_.cases);
  });
  std::vector<models::Scenario> scenarios = read_together(options_.scenarios);
  plan_.seed = options_.seed.value_or(scenarios.front().seed);
  const auto steady_states = std::make_shared<models::SteadyStates>();
  for (models::Scenario& scenario : scenarios) prepared_.emplace_back(std::move(scenario), plan_.seed, steady_states);
  std::vector<const models::Scenario*> all_scenarios;
  std::vector<const models::Measures*> all_measures;
  for (const PreparedScenario& prepared : prepared_) {
    all_scenarios.push_back(&prepared.scenario());
    all_measures.push_back(&prepared.measures());
  }
  pairs_ = std::make_unique<const models::WorldPairs>(all_scenarios, all_measures);
  make_plan();
  refuse_what_does_not_fit();
  if (options_.split)
    package_ = std::make_unique<PackageRuns>(prepared_, plan_.seed, plan_.replications, options_.orders);
  std::vector<models::MeasureSet> sets;
  for (std::size_t scenario = 0; scenario < prepared_.size(); ++scenario) {
    sets.push_back(pairs_->set(scenario));
    if (package_ && scenario > 0) sets.back().append({{package_->dimension()}, package_->infos()});
  }
  layout_ = std::make_unique<ResultLayout>(all_scenarios, sets, all_measures.front()->months());
  const InterruptGuard interrupts(output::partial_path(options_.output));
  std::unique_ptr<output::ResultWriter> writer;
  begin_writing([&] {
    writer =
        std::make_unique<output::ResultWriter>(options_.output, layout_->description(plan_.seed, plan_.replications));
    kept_ = std::make_unique<KeptResults>(std::filesystem::path(options_.output).parent_path(), layout_->cells());
  });
  announce();

  const std::uint32_t finished = simulate_all(*writer);
  progress_->close();
  const double seconds = progress_->seconds();
  if (finished == plan_.replications) {
    writer->finish();
  } else {
    writer.reset();
    if (finished == 0) {
      print_error("ended before the first replication was complete; nothing was written");
      return kFailed;
    }
    write_fewer(finished);
  }
  if (!options_.cases.empty()) output::write_durably(options_.cases, case_heading() + cases_);
  write_side_file(finished, seconds);
  say_what_was_done(finished, seconds);
  return kDone;
}

void Run::make_plan() {
  const std::uint32_t wanted = options_.replications.value_or(prepared_.front().scenario().replications);
  plan_.replications = wanted;
  plan_.threads = options_.threads > 0 ? options_.threads : sim::available_threads();
  plan_.side_by_side = wanted >= static_cast<std::uint32_t>(plan_.threads);
  constexpr std::uint32_t kPartitionsPerThread = 4;  // evens out days on which one partition has more to do
  const std::uint32_t usual = plan_.side_by_side ? 1 : kPartitionsPerThread * static_cast<std::uint32_t>(plan_.threads);
  plan_.partitions = options_.partitions > 0 ? options_.partitions : usual;
  plan_.at_once = plan_.side_by_side ? static_cast<std::size_t>(plan_.threads) : 1;
  double cases = 0;
  for (const PreparedScenario& prepared : prepared_) {
    plan_.expected_persons = std::max(plan_.expected_persons, prepared.expected_persons());
    plan_.bytes_per_person = std::max(plan_.bytes_per_person, prepared.bytes_per_person());
    cases = std::max(cases, prepared.expected_cases());
  }
  constexpr double kWorldsAtOnce = 2;  // the baseline and one reform
  if (pairs_->ledgers() == models::Ledgers::kept)
    plan_.ledger_bytes =
        kWorldsAtOnce * cases * models::Ledger::kBytesACase + plan_.expected_persons * models::Ledger::kBytesAPerson;
}

void Run::refuse_what_does_not_fit() const {
  const double machine = static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
  if (plan_.bytes() > machine) {
    throw UsageError(
        fmt::format("about {} persons at {:.0f} bytes each{} in {} at once need {} of memory (this machine has {}); "
                    "scale the arrivals and stocks down, or use fewer threads",
                    output::format_number(plan_.expected_persons), plan_.bytes_per_person, ledgers_in_words(),
                    plural(plan_.at_once, "replication"), bytes_in_words(plan_.bytes()), bytes_in_words(machine)));
  }
}

std::string Run::ledgers_in_words() const {
  if (plan_.ledger_bytes == 0) return {};
  return fmt::format(" and {} for the ledgers of cases", bytes_in_words(plan_.ledger_bytes));
}

void Run::announce() const {
  const models::Scenario& first = prepared_.front().scenario();
  if (options_.json) {
    nlohmann::ordered_json names = nlohmann::ordered_json::array();
    for (const PreparedScenario& prepared : prepared_) names.push_back(prepared.scenario().name);
    json_line({{"event", "start"},
               {"scenarios", names},
               {"start", sim::to_string(first.start)},
               {"end", sim::to_string(first.end)},
               {"replications", plan_.replications},
               {"seed", std::to_string(plan_.seed)},
               {"threads", plan_.threads},
               {"partitions", plan_.partitions},
               {"expected_persons", plan_.expected_persons},
               {"expected_bytes", plan_.bytes()},
               {"expected_ledger_bytes", plan_.ledger_bytes},
               {"split_bytes", package_ ? package_->kept_bytes() : 0.0},
               {"split_simulations", package_ ? package_->simulations() : std::uint64_t{0}},
               {"output", options_.output}});
  }
  if (!talks() || !stderr_is_terminal()) return;
  std::string text;
  const auto line = [&](std::string_view key, const std::string& value) {
    text += fmt::format("{}  {}\n", toned(Tone::faint, fmt::format("{:<12}", key)), value);
  };
  for (std::size_t index = 0; index < prepared_.size(); ++index) {
    const models::Scenario& scenario = prepared_[index].scenario();
    line(index == 0 ? plural(prepared_.size(), "scenario").substr(prepared_.size() == 1 ? 2 : 0) : "",
         toned(Tone::strong, scenario.name) + (scenario.title.empty() ? "" : "  " + scenario.title));
  }
  line("period", fmt::format("{} to {}", sim::to_string(first.start), sim::to_string(sim::add_days(first.end, -1))));
  line("replications", fmt::format("{}, seed {}", output::format_count(plan_.replications), plan_.seed));
  line("threads", plan_.side_by_side
                      ? fmt::format("{}, replications side by side", plan_.threads)
                      : fmt::format("{}, each replication in {} partitions", plan_.threads, plan_.partitions));
  line("expected",
       fmt::format("{} persons inside at once, at most {:.0f} bytes each{}: {} in {}",
                   output::format_number(plan_.expected_persons), plan_.bytes_per_person, ledgers_in_words(),
                   bytes_in_words(plan_.bytes()), plural(plan_.at_once, "replication")));
  if (package_) {
    for (const std::string& words : package_->in_words()) line("split", words);
    line("", fmt::format("{} more; {} in memory, about {}", plural(package_->simulations(), "simulation"),
                         plural(package_->kept_models(), "compiled model"), bytes_in_words(package_->kept_bytes())));
  }
  std::fputs(text.c_str(), stderr);
}

std::uint32_t Run::simulate_all(output::ResultWriter& writer) {
  Progress::Size size;
  size.replications = plan_.replications;
  size.days = static_cast<std::uint64_t>(prepared_.front().days()) *
              (plan_.replications * prepared_.size() + (package_ ? package_->simulations() : 0));
  const auto style = options_.quiet         ? Progress::Style::none
                     : options_.json        ? Progress::Style::json
                     : stderr_is_terminal() ? Progress::Style::line
                                            : Progress::Style::none;
  progress_ = std::make_unique<Progress>(style, size);
  workers_ = std::make_unique<sim::Workers>(plan_.threads);

  if (!plan_.side_by_side) {
    std::uint32_t done = 0;
    for (; done < plan_.replications && !InterruptGuard::requested(); ++done) {
      take_in(done, simulate_worlds(done), writer);
    }
    return done;
  }
  const std::size_t done = workers_->produce_in_order<Worlds>(
      plan_.replications,
      [&](std::size_t replication) { return simulate_worlds(static_cast<std::uint32_t>(replication)); },
      [&](std::size_t replication, Worlds&& worlds) { take_in(replication, worlds, writer); },
      [] { return InterruptGuard::requested(); });
  return static_cast<std::uint32_t>(done);
}

/// One replication of all scenarios, one after the other: a reform is compared with the baseline as soon as both are
/// there, so that no more than two ledgers are held.
Worlds Run::simulate_worlds(std::uint32_t replication) const {
  sim::Workers* const workers = plan_.side_by_side ? nullptr : workers_.get();
  const PackageRuns::Report report = [&](sim::Day days, std::uint64_t events) {
    progress_->advance(static_cast<std::uint64_t>(days), events);
  };
  Worlds worlds;
  const auto baseline = prepared_.front().experiment(replication);  // kept, so that the others can share its first day
  for (std::size_t scenario = 0; scenario < prepared_.size(); ++scenario) {
    const PreparedScenario& prepared = prepared_[scenario];
    const auto experiment = scenario == 0 ? baseline : prepared.experiment(replication);
    worlds.push_back(simulate(*experiment, prepared.measures(), plan_.seed, replication, plan_.partitions, workers,
                              report, pairs_->ledgers()));
    if (replication == 0 && scenario > 0 && !options_.cases.empty()) {
      append_cases(prepared_.front().scenario(), worlds.front().ledgers, prepared.scenario(), worlds.back().ledgers,
                   cases_);
    }
    pairs_->complete(scenario, worlds.front(), worlds.back());
    if (package_ && scenario > 0) split(scenario, replication, report, worlds);
  }
  worlds.front().ledgers.clear();
  return worlds;
}

/// Shares a reform's effect out among its parts, in worlds of its own.
void Run::split(std::size_t scenario, std::uint32_t replication, const PackageRuns::Report& report,
                Worlds& worlds) const {
  models::ReplicationResult& reform = worlds[scenario];
  const auto taken = [&](const models::ReplicationResult& world) {
    reform.events += world.events;
    reform.persons += world.persons;
    reform.peak_persons = std::max(reform.peak_persons, world.peak_persons);
    reform.peak_bytes = std::max(reform.peak_bytes, world.peak_bytes);
  };
  for (std::vector<double>& values :
       package_->split(scenario, replication, plan_.partitions, plan_.side_by_side ? nullptr : workers_.get(),
                       worlds.front(), reform, report, taken)) {
    reform.values.push_back(std::move(values));
  }
}

void Run::take_in(std::size_t replication, const Worlds& worlds, output::ResultWriter& writer) {
  for (std::size_t scenario = 0; scenario < worlds.size(); ++scenario) {
    std::vector<double> all;
    all.reserve(layout_->cells());
    for (std::size_t measure = 0; measure < layout_->measures(); ++measure) {
      const std::vector<double> values = layout_->slab(measure, scenario, worlds[scenario]);
      writer.write(scenario, replication, layout_->name(measure), values);
      all.insert(all.end(), values.begin(), values.end());
    }
    kept_->add(all);
    totals_.add(worlds[scenario], plan_.partitions);
  }
  progress_->finish_replication();
}

/// After an early end: the file as a run of so many replications would have written it.
void Run::write_fewer(std::uint32_t replications) const {
  output::ResultWriter writer(options_.output, layout_->description(plan_.seed, replications));
  for (std::size_t task = 0; task < replications * prepared_.size(); ++task) {
    const std::vector<double> all = kept_->get(task);
    std::size_t first = 0;
    for (std::size_t measure = 0; measure < layout_->measures(); ++measure) {
      writer.write(task % prepared_.size(), task / prepared_.size(), layout_->name(measure),
                   std::span(all).subspan(first, layout_->cells(measure)));
      first += layout_->cells(measure);
    }
  }
  writer.finish();
}

void Run::write_side_file(std::uint32_t finished, double seconds) const {
  const auto whole = [](auto value) { return static_cast<std::int64_t>(value); };
  std::vector<output::RunFact> facts = {
      {"date", output::utc_now()},
      {"host", output::host_name()},
      {"command_line", options_.command_line},
      {"version", std::string(version())},
      {"revision", std::string(revision())},
      {"compiler", std::string(compiler())},
      {"build_type", std::string(build_type())},
      {"libraries", std::string(libraries())},
      {"threads", whole(plan_.threads)},
      {"partitions", whole(plan_.partitions)},
      {"replications", whole(finished)},
      {"replications_wanted", whole(plan_.replications)},
      {"complete", finished == plan_.replications},
      {"wall_seconds", seconds},
      {"events", whole(totals_.events)},
      {"events_per_second", seconds > 0 ? static_cast<double>(totals_.events) / seconds : 0.0},
      {"persons", whole(totals_.persons)},
      {"expected_persons", plan_.expected_persons},
      {"peak_persons", whole(totals_.peak_persons)},
      {"peak_bytes", whole(totals_.peak_bytes)},
      {"bytes_per_person", totals_.worst_bytes_per_person},
      {"ledger_cases", whole(totals_.cases)},
      {"ledger_bytes", whole(totals_.ledger_bytes)},
      {"process_peak_bytes", whole(output::peak_memory_bytes())},
  };
  output::write_run_record(output::run_record_path(options_.output), facts);
}

void Run::say_what_was_done(std::uint32_t finished, double seconds) const {
  const double rate = seconds > 0 ? static_cast<double>(totals_.events) / seconds : 0.0;
  const bool early = finished < plan_.replications;
  if (options_.json) {
    json_line({{"event", early ? "ended_early" : "done"},
               {"replications", finished},
               {"seconds", seconds},
               {"events", totals_.events},
               {"events_per_second", rate},
               {"peak_persons", totals_.peak_persons},
               {"bytes_per_person", totals_.worst_bytes_per_person},
               {"output", options_.output}});
  }
  if (totals_.worst_bytes_per_person > plan_.bytes_per_person) {
    print_warning(fmt::format("a person took {:.0f} bytes at the peak (at most {:.0f} were announced)",
                              totals_.worst_bytes_per_person, plan_.bytes_per_person));
  }
  if (!talks()) return;
  std::string text = fmt::format("{} in {}, {} events ({:.1f} million a second)\n", plural(finished, "replication"),
                                 duration_in_words(seconds),
                                 output::format_count(static_cast<std::int64_t>(totals_.events)), rate / 1e6);
  text += fmt::format("at most {} persons inside at once",
                      output::format_count(static_cast<std::int64_t>(totals_.peak_persons)));
  if (totals_.worst_bytes_per_person > 0) {
    text += fmt::format(", {:.0f} bytes each (at most {:.0f} announced)", totals_.worst_bytes_per_person,
                        plan_.bytes_per_person);
  }
  text += "\n";
  if (early) {
    text += fmt::format("ended early: {} holds the {} that were complete, of {}\n", options_.output,
                        plural(finished, "replication"), plan_.replications);
  } else {
    text += fmt::format("written to {} ({})\n", options_.output,
                        bytes_in_words(static_cast<double>(std::filesystem::file_size(options_.output))));
  }
  if (stderr_is_terminal())
    text += toned(Tone::faint, fmt::format("next: prisonflow summary {}", options_.output)) + "\n";
  std::fputs(text.c_str(), stderr);
}

}  // namespace

int run(const RunOptions& options) {
  return Run(options).carry_out();
}

}  // namespace prisonflow::cli
