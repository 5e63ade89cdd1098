// The numbers of `compare` for programs: one record for each number of a measure in both worlds.
#pragma once

#include <string>
#include <vector>

#include "models/cli/paired_reading.hpp"

namespace prisonflow::cli {

/// `with_ratios`: also the cost of each prisoner-year and supervision-year averted.
std::string comparison_json(const PairedResult& result, const std::vector<std::string>& measures,
                            const std::vector<CalendarDay>& dates, bool with_ratios);
/// A heading and one line for each record; empty where there is no number.
std::string comparison_csv(const PairedResult& result, const std::vector<std::string>& measures,
                           const std::vector<CalendarDay>& dates, bool with_ratios);

}  // namespace prisonflow::cli
