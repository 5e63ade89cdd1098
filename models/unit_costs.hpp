// The unit costs of a run: what each cost item costs from which day on, and what a later cost is worth on the first
// day.
#pragma once

#include <vector>

#include "models/scenario.hpp"
#include "sim/time.hpp"

namespace prisonflow::models {

struct Version;

class UnitCosts {
 public:
  UnitCosts() = default;
  /// `values` before policies, which change prices on the days of the versions.
  UnitCosts(const Scenario& scenario, const Valuation& values, const std::vector<Version>& versions);

  /// Days with the same prices.
  struct Period {
    sim::Day from = 0, end = 0;
    const std::vector<double>* prices = nullptr;  ///< by item
  };
  /// The periods of the days from `first` up to, not including, `end`.
  std::vector<Period> periods(sim::Day first, sim::Day end) const;
  /// The price of an item over those days, each counting alike.
  double mean(std::size_t item, sim::Day first, sim::Day end) const;

  /// What one of the currency spent in the middle of those days is worth on the first day of the run.
  double discount(sim::Day first, sim::Day end) const;

 private:
  struct Prices {
    sim::Day from = 0;
    std::vector<double> of_items;
  };
  std::vector<Prices> prices_;  ///< ascending, from day 0
  double discount_rate_ = 0;    ///< a year
};

}  // namespace prisonflow::models
