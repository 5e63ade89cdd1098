// See the header.
#include "models/cli/prepared_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "models/cli/options.hpp"
#include "models/scenario_reader.hpp"

namespace prisonflow::cli {

namespace {

std::shared_ptr<const models::Experiment> make_experiment(const models::Scenario& scenario, std::uint64_t seed,
                                                          std::uint32_t replication,
                                                          models::SteadyStates& steady_states) {
  return std::make_shared<const models::Experiment>(
      scenario, models::draw_values(scenario, sim::stream_key(seed, replication)), &steady_states);
}

}  // namespace

PreparedScenario::PreparedScenario(models::Scenario scenario, std::uint64_t seed,
                                   std::shared_ptr<models::SteadyStates> steady_states)
    : scenario_(std::make_unique<const models::Scenario>(std::move(scenario))),
      seed_(seed),
      steady_states_(std::move(steady_states)),
      measures_(*scenario_),
      first_(make_experiment(*scenario_, seed, 0, *steady_states_)) {}

std::shared_ptr<const models::Experiment> PreparedScenario::experiment(std::uint32_t replication) const {
  if (replication == 0 || !scenario_->draw_parameters) return first_;
  return make_experiment(*scenario_, seed_, replication, *steady_states_);
}

/// All who come during the run, at the most.
double PreparedScenario::expected_newcomers() const {
  double a_year = 0;
  for (const models::Arrivals& arrivals : scenario_->arrivals) {
    double most = 0;
    for (const auto& point : arrivals.rate.points) most = std::max(most, scenario_->central(point.second));
    a_year += most;
  }
  return a_year * days() / sim::kDaysPerYear;
}

double PreparedScenario::expected_cases() const {
  constexpr double kCasesEach = 2;  // who reoffends, and how often, is not known before the run
  return kCasesEach * (first_->initial().expected_persons() + expected_newcomers());
}

double PreparedScenario::expected_persons() const {
  const double initial = first_->initial().expected_persons();
  if (initial > 0) return initial;
  // It starts empty: no more than all who come during the run are inside at its end. The algebra, which may take long,
  // is asked only where so many would be much.
  constexpr double kFew = 1e6;
  const double everybody = expected_newcomers();
  if (everybody < kFew) return everybody;
  try {
    const auto steady = steady_states_->of(first_->model());
    double sum = 0;
    for (std::size_t state = 0; state < scenario_->states.size(); ++state) {
      sum += steady->total(static_cast<models::StateIndex>(state));
    }
    return sum;
  } catch (const std::domain_error&) {
    return everybody;  // nobody leaves
  }
}

std::vector<models::Scenario> read_together(const std::vector<std::string>& paths) {
  std::vector<models::Scenario> scenarios;
  std::vector<models::Diagnostic> problems;
  for (const std::string& path : paths) {
    try {
      scenarios.push_back(models::read_scenario(path));
    } catch (const models::InvalidScenario& invalid) {
      problems.insert(problems.end(), invalid.diagnostics().begin(), invalid.diagnostics().end());
    }
  }
  if (!problems.empty()) {
    // Scenarios that extend the same file have its errors in common.
    std::vector<models::Diagnostic> distinct;
    for (models::Diagnostic& problem : problems) {
      const auto same = [&](const models::Diagnostic& other) { return to_string(other) == to_string(problem); };
      if (std::none_of(distinct.begin(), distinct.end(), same)) distinct.push_back(std::move(problem));
    }
    throw models::InvalidScenario(std::move(distinct));
  }
  const models::Scenario& first = scenarios.front();
  for (std::size_t index = 1; index < scenarios.size(); ++index) {
    const models::Scenario& other = scenarios[index];
    if (other.start != first.start || other.end != first.end) {
      throw UsageError(
          fmt::format("{} runs from {} to {} but {} from {} to {} (scenarios of one result share their dates); "
                      "give both the same start and end",
                      paths.front(), sim::to_string(first.start), sim::to_string(first.end), paths[index],
                      sim::to_string(other.start), sim::to_string(other.end)));
    }
    for (std::size_t earlier = 0; earlier < index; ++earlier) {
      const models::Costs& costs = scenarios[earlier].costs;
      if (costs.declared() && other.costs.declared() && costs.currency != other.costs.currency) {
        throw UsageError(
            fmt::format("{} counts costs in {} but {} in {} (costs of one result are compared); give both one currency",
                        paths[earlier], costs.currency, paths[index], other.costs.currency));
      }
      if (scenarios[earlier].name != other.name) continue;
      throw UsageError(
          fmt::format("{} and {} are both named '{}' (the name tells them apart in the result); "
                      "give one another name under [scenario]",
                      paths[earlier], paths[index], other.name));
    }
  }
  return scenarios;
}

models::ReplicationResult simulate(const models::Experiment& experiment, const models::Measures& measures,
                                   std::uint64_t seed, std::uint32_t number, std::uint32_t partitions,
                                   sim::Workers* workers, const std::function<void(sim::Day, std::uint64_t)>& report,
                                   models::Ledgers ledgers) {
  constexpr sim::Day kBetweenReports = 16;
  models::Replication replication(experiment, measures, seed, number, partitions, ledgers);
  std::uint64_t reported_events = 0;
  sim::Day reported_days = 0;
  const auto tell = [&](sim::Day days) {
    std::uint64_t events = 0;
    for (const auto& partition : replication.partitions()) events += partition->tallies.events;
    report(days - reported_days, events - reported_events);
    reported_days = days;
    reported_events = events;
  };
  replication.start();
  const sim::Day last = experiment.model().days();
  for (sim::Day day = 0; day < last; ++day) {
    replication.run_day(day, workers);
    if ((day + 1) % kBetweenReports == 0) tell(day + 1);
  }
  tell(last);
  return replication.finish();
}

}  // namespace prisonflow::cli
