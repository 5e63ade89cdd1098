// See the header.
#include "models/result_names.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace prisonflow::models {

namespace {

/// Axes that every result has, or that comparing worlds adds; the others are those of the measures.
constexpr std::array<std::string_view, 12> kFurtherAxes{"scenario",      "replication", "time",         "quantile",
                                                        "bounds",        "document",    "provenance",   "control_rank",
                                                        "baseline_rank", "reform_rank", "case_outcome", "package_part"};
/// What stands beside an axis, or beside a measure, under its name.
constexpr std::array<std::string_view, 8> kBesideAxes{"_name", "_bounds",  "_characters", "_length",
                                                      "_kind", "_control", "_held",       "_pretrial"};
constexpr std::array<std::string_view, 6> kBesideMeasures{
    "_mean", "_se", "_quantile", "_difference_mean", "_difference_se", "_difference_quantile"};

}  // namespace

std::string taken_in_results(const Measures& measures, const std::string& name) {
  std::vector<std::string> axes(kFurtherAxes.begin(), kFurtherAxes.end());
  for (const MeasureDimension& dimension : measures.dimensions()) axes.push_back(dimension.name);
  for (const std::string& axis : axes) {
    const auto beside = [&](std::string_view end) { return name == axis + std::string(end); };
    if (name == axis || std::any_of(kBesideAxes.begin(), kBesideAxes.end(), beside))
      return "of the axis '" + axis + "'";
  }
  for (const MeasureInfo& info : measures.infos()) {
    const auto beside = [&](std::string_view end) { return name == info.name + std::string(end); };
    if (std::any_of(kBesideMeasures.begin(), kBesideMeasures.end(), beside))
      return "of a statistic of '" + info.name + "'";
  }
  return {};
}

}  // namespace prisonflow::models
