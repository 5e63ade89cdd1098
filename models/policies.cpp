// Valuations: the scenario's numbers as drawn for a replication and as policies leave them on a date.
#include <algorithm>
#include <cmath>

#include "models/model.hpp"
#include "sim/numerics.hpp"

namespace prisonflow::models {

namespace {

double drawn_value(const Parameter& parameter, double uniform) {
  switch (parameter.uncertainty) {
    case Uncertainty::none:
      return parameter.value;
    case Uncertainty::uniform:
      return parameter.low + (parameter.high - parameter.low) * uniform;
    case Uncertainty::triangular: {
      const double width = parameter.high - parameter.low;
      if (width <= 0) return parameter.value;
      const double rise = (parameter.value - parameter.low) / width;
      if (uniform < rise) return parameter.low + std::sqrt(uniform * width * (parameter.value - parameter.low));
      return parameter.high - std::sqrt((1 - uniform) * width * (parameter.high - parameter.value));
    }
    case Uncertainty::normal: {
      const double value = parameter.value + parameter.high * sim::normal_quantile(uniform);
      const double floor = 0.0;
      const double ceiling = parameter.quantity == Quantity::share ? 1.0 : std::numeric_limits<double>::infinity();
      return std::clamp(value, floor, ceiling);
    }
    case Uncertainty::lognormal: {
      const double value = parameter.value * sim::exp(parameter.high * sim::normal_quantile(uniform));
      return parameter.quantity == Quantity::share ? std::min(value, 1.0) : value;
    }
  }
  return parameter.value;
}

/// How much of a policy is in force `days` after it began: equal monthly steps, the first on its date.
double phase(const Policy& policy, std::int32_t days) {
  if (policy.phase_in_months <= 1) return 1.0;
  const auto step = static_cast<std::int32_t>(days / sim::kDaysPerMonth) + 1;
  return std::min(1.0, static_cast<double>(step) / policy.phase_in_months);
}

}  // namespace

Valuation draw_values(const Scenario& scenario, sim::StreamKey key) {
  Valuation values;
  values.reserve(scenario.parameters.size());
  for (const Parameter& parameter : scenario.parameters) {
    if (!scenario.draw_parameters || parameter.uncertainty == Uncertainty::none) {
      values.push_back(parameter.value);
    } else {
      const auto draws = sim::draw(key, sim::purpose(parameter.path), 0, sim::purpose("uncertain parameter"));
      values.push_back(drawn_value(parameter, draws.uniform53(0)));
    }
  }
  return values;
}

std::vector<Valuation> values_on(const Scenario& scenario, const Valuation& base, sim::Day date, sim::Day law_date) {
  const bool regional = std::any_of(scenario.policies.begin(), scenario.policies.end(),
                                    [](const Policy& policy) { return !policy.regions.empty(); });
  const std::size_t regions = regional ? scenario.traits[index_of(Trait::region)].labels.size() : 1;
  std::vector<Valuation> values(regions, base);
  for (const Policy& policy : scenario.policies) {
    const sim::Day on = policy.everyone ? date : law_date;
    const sim::Day from = sim::days_between(scenario.start, policy.from);
    if (on < from || (policy.until && on >= sim::days_between(scenario.start, *policy.until))) continue;
    const double part = phase(policy, on - from);
    for (std::size_t region = 0; region < regions; ++region) {
      if (!policy.regions.empty() &&
          std::find(policy.regions.begin(), policy.regions.end(), region) == policy.regions.end()) {
        continue;
      }
      for (const Change& change : policy.changes) {
        const double amount = base[index_of(change.value)];
        for (const ParameterId target : change.targets) {
          double& value = values[region][index_of(target)];
          switch (change.operation) {
            case Operation::set:
              value = part == 1.0 ? amount : value + part * (amount - value);
              break;
            case Operation::scale:
              value *= part == 1.0 ? amount : 1.0 + part * (amount - 1.0);
              break;
            case Operation::shift:
              value += part * amount;
              break;
          }
        }
      }
    }
  }
  return values;
}

}  // namespace prisonflow::models
