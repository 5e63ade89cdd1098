// The parts of `compare` as text: what differs, the table of measures, net-widening, places, cost, the parts of
// the reform.
#pragma once

#include <string>
#include <vector>

#include "models/cli/paired_reading.hpp"

namespace prisonflow::cli {

inline constexpr std::size_t kCompareWidth = 100;
inline constexpr double kMillion = 1e6;  // money beyond many of them is shown in millions

/// How the numbers of a measure are written: as shares, or with so many decimals.
struct Figures {
  bool share = false;
  int decimals = 0;

  /// `largest`: the greatest absolute value that will be shown.
  static Figures of(const output::ArraySpec& spec, double largest);
  std::string level(double value) const;
  std::string difference(double value) const;  ///< with its sign; of shares in points
  std::string interval(const Estimate& estimate) const;
  std::string difference_interval(const Estimate& estimate) const;
};

/// Policies, releases, states, numbers …: what the reform changes, as the run recorded it.
std::string differences_text(const PairedResult& result, const std::string& reform);
/// Levels in both worlds, paired differences and intervals, measure by measure.
std::string measures_text(const PairedResult& result, const std::string& reform,
                          const std::vector<std::string>& measures, const std::vector<CalendarDay>& dates);

// Empty where the file has nothing of the kind.
std::string widening_text(const PairedResult& result, const std::string& reform);
std::string crowding_text(const PairedResult& result, const std::string& reform, const std::vector<CalendarDay>& dates);
std::string cost_text(const PairedResult& result, const std::string& reform);
std::string split_text(const PairedResult& result, const std::string& reform, const std::vector<CalendarDay>& dates);

}  // namespace prisonflow::cli
