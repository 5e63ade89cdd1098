// What people ask of a result first: when the places run out, whom a reform drew in, what each averted year cost.
//
// Each is nothing where the file has no such measure: older files, scenarios without places or without costs.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "models/cli/paired_reading.hpp"
#include "output/ratio_interval.hpp"

namespace prisonflow::cli {

/// When prisoners first exceeded a number of places.
struct FirstBreach {
  std::size_t replications = 0;           ///< all
  std::size_t breached = 0;               ///< in which it happened
  std::size_t at_start = 0;               ///< in which it was so on the first day
  CalendarDay median{}, early{}, late{};  ///< among those: the date, and the 5 and 95 per cent quantiles
};
/// `threshold`: per cent of all places, as a label of the dimension ("100").
std::optional<FirstBreach> first_breach(const output::ResultFile& file, const std::string& scenario,
                                        const std::string& threshold);

/// Of the cases that a reform spared custody or newly put under supervision, those newly put under supervision.
struct Widening {
  double diverted = 0;  ///< cases, mean over replications
  double widened = 0;
  Estimate ratio;  ///< widened / (widened + diverted)
};
std::optional<Widening> widening(const output::ResultFile& file, const std::string& reform);

/// "prisoner_year", "cost of each prisoner-year averted": cost difference over years averted.
struct CostOfAverted {
  std::string name, words;
  output::RatioInterval ratio;
  bool added = false;  ///< there are more such years in the reform: none were averted
};
std::vector<CostOfAverted> costs_of_averted(const PairedResult& result, const std::string& reform);

}  // namespace prisonflow::cli
