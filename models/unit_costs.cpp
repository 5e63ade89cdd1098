// See the header.
#include "models/unit_costs.hpp"

#include <algorithm>

#include "models/model.hpp"
#include "sim/numerics.hpp"

namespace prisonflow::models {

UnitCosts::UnitCosts(const Scenario& scenario, const Valuation& values, const std::vector<Version>& versions) {
  const Costs& costs = scenario.costs;
  if (!costs.declared()) return;
  if (given(costs.discount_rate)) discount_rate_ = values[index_of(costs.discount_rate)];
  for (const Version& version : versions) {
    // Prices are those of the day for everybody: no policy changes them by region or for new cases only.
    const Valuation now = values_on(scenario, values, version.from, version.from).front();
    Prices prices{version.from, {}};
    for (const CostItem& item : costs.items) prices.of_items.push_back(now[index_of(item.unit_cost)]);
    if (prices_.empty() || prices.of_items != prices_.back().of_items) prices_.push_back(std::move(prices));
  }
}

std::vector<UnitCosts::Period> UnitCosts::periods(sim::Day first, sim::Day end) const {
  std::vector<Period> periods;
  for (std::size_t at = 0; at < prices_.size(); ++at) {
    const sim::Day from = std::max(first, prices_[at].from);
    const sim::Day until = at + 1 < prices_.size() ? std::min(end, prices_[at + 1].from) : end;
    if (from < until) periods.push_back({from, until, &prices_[at].of_items});
  }
  return periods;
}

double UnitCosts::mean(std::size_t item, sim::Day first, sim::Day end) const {
  const std::vector<Period> all = periods(first, end);
  if (all.size() == 1) return (*all.front().prices)[item];
  double sum = 0;
  for (const Period& period : all) sum += (*period.prices)[item] * (period.end - period.from);
  return sum / (end - first);
}

double UnitCosts::discount(sim::Day first, sim::Day end) const {
  const double years = (first + end) / 2.0 / sim::kDaysPerYear;
  return sim::exp(-years * sim::log1p(discount_rate_));
}

}  // namespace prisonflow::models
