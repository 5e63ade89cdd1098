// See the header.
#include "models/result_names.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "models/pair_measures.hpp"

namespace prisonflow::models {

namespace {

/// What every result has, whatever it measures.
constexpr std::array<std::string_view, 8> kFrame{"scenario", "replication", "time",       "quantile",
                                                 "bounds",   "document",    "provenance", "package_part"};
/// Published series, and the parts of a reform.
constexpr std::array<std::string_view, 2> kBeginnings{"observed_", "split_"};
/// What stands beside an axis, or beside a measure, under its name.
constexpr std::array<std::string_view, 8> kBesideAxes{"_name", "_bounds",  "_characters", "_length",
                                                      "_kind", "_control", "_held",       "_pretrial"};
constexpr std::array<std::string_view, 6> kBesideMeasures{
    "_mean", "_se", "_quantile", "_difference_mean", "_difference_se", "_difference_quantile"};

/// Whether `name` is `of` with one of the ends.
template <class Ends>
bool is_beside(const std::string& name, const std::string& of, const Ends& ends) {
  return name.starts_with(of) && std::find(ends.begin(), ends.end(), name.substr(of.size())) != ends.end();
}

}  // namespace

std::string taken_in_results(const Scenario& scenario, const Measures& measures, const std::string& name) {
  for (const std::string_view beginning : kBeginnings) {
    if (name.starts_with(beginning)) return "of what a result begins with '" + std::string(beginning) + "'";
  }
  std::vector<std::string> axes(kFrame.begin(), kFrame.end());
  const PairMeasures pair(scenario, measures, measures);
  for (const MeasureSet& set : {measures.set(), pair.of_world(), pair.of_pair()}) {
    for (const MeasureDimension& dimension : set.dimensions) axes.push_back(dimension.name);
    for (const MeasureInfo& info : set.infos) {
      if (is_beside(name, info.name, kBesideMeasures)) return "of a statistic of '" + info.name + "'";
    }
  }
  for (const std::string& axis : axes) {
    if (name == axis || is_beside(name, axis, kBesideAxes)) return "of the axis '" + axis + "'";
  }
  for (const MeasureSet& set : {pair.of_world(), pair.of_pair()}) {
    for (const MeasureInfo& info : set.infos) {
      if (name == info.name) return "of what is measured of two worlds";
    }
  }
  return {};
}

}  // namespace prisonflow::models
