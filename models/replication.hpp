// A replication: one run of one scenario from its first day to its last.
//
//   begin the day     close the month, swap the policy version, prepare amnesties
//   each partition    carry out yesterday's grants, interventions, newcomers, the events of the day    (in parallel)
//   end the day       settle requests for places and services in one fixed order
//
// The result depends on the model, the seed and the number of the replication alone: not on partitions or threads.
#pragma once

#include <memory>
#include <stdexcept>
#include <vector>

#include "models/crowding.hpp"
#include "models/day_walk.hpp"
#include "models/initial_population.hpp"
#include "models/measures.hpp"
#include "models/settlement.hpp"
#include "sim/workers.hpp"

namespace prisonflow::models {

/// What every replication of one scenario shares: read only, for any number of threads.
class Experiment {
 public:
  /// `values`: one for each parameter of the scenario (draw_values). `scenario` must outlive the experiment. `shared`:
  /// steady states that other worlds may have in common with this one.
  Experiment(const Scenario& scenario, const Valuation& values, SteadyStates* shared = nullptr);

  const Scenario& scenario() const { return model_.scenario(); }
  const Model& model() const { return model_; }
  const MovementFacts& facts() const { return facts_; }
  const InitialPopulation& initial() const { return initial_; }

 private:
  Model model_;
  MovementFacts facts_;
  InitialPopulation initial_;
};

/// Somebody was lost or counted twice (promise P3): a defect of the program, never of the scenario.
class ConservationError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

struct ReplicationResult {
  std::vector<std::vector<double>> values;  ///< as Measures::empty_values()
  std::uint64_t events = 0;                 ///< see Tallies::events
  std::uint64_t persons = 0;                ///< persons who ever entered
  std::uint64_t peak_persons = 0;           ///< most persons in the system at once
  std::uint64_t peak_bytes = 0;             ///< most memory held for persons, calendars and queues
  LedgersOfWorld ledgers;                   ///< empty unless asked for
  std::uint64_t cases = 0;                  ///< in the ledgers
  std::uint64_t ledger_bytes = 0;           ///< most memory held for them
};

/// Whether a replication keeps the ledger of its cases, which costs models/ledger.hpp's bytes a case.
enum class Ledgers : bool { none, kept };

class Replication {
 public:
  /// `partitions` from 1 to 65,535. The references must outlive the replication.
  Replication(const Experiment& experiment, const Measures& measures, std::uint64_t seed, std::uint32_t number,
              std::uint32_t partitions, Ledgers ledgers = Ledgers::none);

  /// Runs to the end. `workers`: for the partitions of a day; null = in this thread. Throws ConservationError.
  ReplicationResult run(sim::Workers* workers = nullptr);

  // Step by step, for tests and benchmarks: start(), then day after day, then finish().
  void start();
  void run_day(sim::Day day, sim::Workers* workers = nullptr);
  ReplicationResult finish();

  /// Recounts everybody and compares with the tallies; throws ConservationError.
  void check_nobody_lost() const;

  Partitions& partitions() { return partitions_; }
  const Partitions& partitions() const { return partitions_; }

 private:
  void begin_day(sim::Day day);
  void run_partition(sim::Day day, Partition& partition);
  void let_in_newcomers(sim::Day day, DayWalk& walk) const;
  void open_month(std::size_t month, sim::Day day);
  void close_month();
  void count_new_cases();
  void note_size();

  const Experiment& experiment_;
  const Model& model_;
  const Measures& measures_;
  sim::StreamKey key_;
  Partitions partitions_;
  Settlement settlement_;
  Feedback feedback_;
  Crowding crowding_;
  const Version* version_ = nullptr;
  const Version* version_before_ = nullptr;  ///< set on the day a new version begins
  std::size_t next_version_ = 0;
  std::vector<std::pair<const Amnesty*, double>> amnesties_today_;      ///< with the chance of release
  std::vector<std::vector<std::vector<sim::Slot>>> emergencies_today_;  ///< [emergency release][partition]
  std::vector<std::uint8_t> closing_today_;
  std::size_t next_month_ = 0;
  MonthOfTallies month_;
  ReplicationResult result_;
};

}  // namespace prisonflow::models
