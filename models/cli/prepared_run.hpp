// Everything `run` and `verify` need before the first event: scenarios read, compiled and measured up.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/course.hpp"
#include "models/replication.hpp"
#include "models/scenario.hpp"

namespace prisonflow::cli {

class PreparedScenario {
 public:
  /// `steady_states`: what the scenarios of one command share.
  PreparedScenario(models::Scenario scenario, std::uint64_t seed,
                   std::shared_ptr<models::SteadyStates> steady_states = std::make_shared<models::SteadyStates>());

  const models::Scenario& scenario() const { return *scenario_; }
  const models::Measures& measures() const { return measures_; }
  /// The compiled model of one replication: shared by all, or its own where parameters are drawn.
  std::shared_ptr<const models::Experiment> experiment(std::uint32_t replication) const;
  models::SteadyStates& steady_states() const { return *steady_states_; }
  /// Persons inside at once, roughly.
  double expected_persons() const;
  /// Bytes a person in the system may cost: hot record, pending event, share of the tables, growth of the pages; and
  /// the course, where the scenario keeps one.
  double bytes_per_person() const {
    constexpr double kWithoutCourse = 128;
    return kWithoutCourse + (first_->model().keeps_courses() ? static_cast<double>(sizeof(models::Course)) : 0.0);
  }
  /// Cases that a whole run may have, roughly: everybody inside on the first day and everybody who comes, twice each.
  double expected_cases() const;
  sim::Day days() const { return first_->model().days(); }

 private:
  double expected_newcomers() const;
  std::unique_ptr<const models::Scenario> scenario_;  // a stable address: models refer to it
  std::uint64_t seed_;
  std::shared_ptr<models::SteadyStates> steady_states_;
  models::Measures measures_;
  std::shared_ptr<const models::Experiment> first_;
};

/// Reads all scenarios and checks that they can be run together: one period, names that differ. Errors of all files are
/// reported at once (models::InvalidScenario, UsageError).
std::vector<models::Scenario> read_together(const std::vector<std::string>& paths);

/// Runs one replication day by day; `report(days, events)` hears of the progress since it was last called.
models::ReplicationResult simulate(const models::Experiment& experiment, const models::Measures& measures,
                                   std::uint64_t seed, std::uint32_t number, std::uint32_t partitions,
                                   sim::Workers* workers, const std::function<void(sim::Day, std::uint64_t)>& report,
                                   models::Ledgers ledgers = models::Ledgers::none);

}  // namespace prisonflow::cli
