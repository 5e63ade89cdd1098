// See the header.
#include "models/verification.hpp"

namespace prisonflow::models {

namespace {

/// The series as it stands on `date`, for ever.
void hold(Scenario& scenario, Series& series, sim::Date date) {
  const auto& points = series.points;
  std::size_t next = 0;
  while (next < points.size() && points[next].first <= date) ++next;
  ParameterId value = points[next == 0 ? 0 : next - 1].second;
  if (series.linear && next > 0 && next < points.size()) {
    const auto& [from, lower] = points[next - 1];
    const auto& [to, upper] = points[next];
    const double part = static_cast<double>(sim::days_between(from, date)) / sim::days_between(from, to);
    Parameter between = scenario.parameter(lower);
    between.path += ".on_the_first_day";
    between.value += part * (scenario.central(upper) - scenario.central(lower));
    value = static_cast<ParameterId>(scenario.parameters.size());
    scenario.parameters.push_back(between);
  }
  series.points = {{date, value}};
  series.linear = false;
}

}  // namespace

Scenario without_limits(const Scenario& scenario, int years) {
  Scenario variant = scenario;
  variant.end = sim::add_months(scenario.start, 12 * years);
  variant.draw_parameters = false;
  variant.policies.clear();
  variant.feedback.clear();
  variant.amnesties.clear();
  variant.emergency_releases.clear();
  variant.observed.clear();
  variant.measures.clear();
  variant.population = {};
  variant.initial.clear();
  variant.initial_stationary = true;
  // Without lower bounds an age band has no end, and its label stays what it was at the start.
  variant.traits[index_of(Trait::age)].lower_bounds.clear();
  for (Service& service : variant.services) service.servers = service.per_day = kNoParameter;
  variant.facilities.clear();
  variant.groups.clear();
  for (State& state : variant.states) state.facilities.clear();  // `held` stays: they are prisoners still
  for (Arrivals& arrivals : variant.arrivals) hold(variant, arrivals.rate, scenario.start);
  return variant;
}

}  // namespace prisonflow::models
