// See the header. The fixed parts of the frame (dates, observations, provenance) are in result_frame.cpp.
#include "models/cli/result_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "models/cli/options.hpp"
#include "sim/numerics.hpp"

namespace prisonflow::cli {

namespace {

template <class List, class Name>
std::size_t position(const List& list, const Name& wanted) {
  return static_cast<std::size_t>(std::find(list.begin(), list.end(), wanted) - list.begin());
}

}  // namespace

ResultLayout::ResultLayout(const std::vector<const models::Scenario*>& scenarios,
                           const std::vector<models::MeasureSet>& sets, std::vector<sim::Day> months)
    : scenarios_(scenarios), month_starts_(std::move(months)), months_(month_starts_.size()) {
  for (std::size_t scenario = 0; scenario < scenarios.size(); ++scenario) {
    for (std::size_t index = 0; index < sets[scenario].infos.size(); ++index) {
      add_measure(scenario, index, sets[scenario]);
    }
  }
  place_cells(sets);
}

/// The axes of a measure, with the labels of this scenario added to them.
std::vector<std::size_t> ResultLayout::axes_of(const models::MeasureSet& set, const models::MeasureInfo& info) {
  std::vector<std::size_t> axes;
  for (const std::size_t dimension : info.dimensions) {
    const models::MeasureDimension& own = set.dimensions[dimension];
    const auto found =
        std::find_if(axes_.begin(), axes_.end(), [&](const Axis& axis) { return axis.name == own.name; });
    const auto at = static_cast<std::size_t>(found - axes_.begin());
    if (found == axes_.end()) axes_.push_back({own.name, {}, {}, own.numbers, own.units});
    Axis& axis = axes_[at];
    for (std::size_t label = 0; label < own.labels.size(); ++label) {
      if (position(axis.labels, own.labels[label]) < axis.labels.size()) continue;
      axis.labels.push_back(own.labels[label]);
      axis.descriptions.push_back(label < own.descriptions.size() ? own.descriptions[label] : "");
    }
    axes.push_back(at);
  }
  return axes;
}

void ResultLayout::add_measure(std::size_t scenario, std::size_t index, const models::MeasureSet& set) {
  const models::MeasureInfo& info = set.infos[index];
  std::vector<std::size_t> axes = axes_of(set, info);
  auto found =
      std::find_if(measures_.begin(), measures_.end(), [&](const Measure& each) { return each.name == info.name; });
  if (found == measures_.end()) {
    measures_.push_back({info.name, info.long_name, info.units, info.cell_methods, info.whole_numbers, info.monthly,
                         std::move(axes), 1, std::vector<std::vector<Source>>(scenarios_.size())});
    found = measures_.end() - 1;
  } else if (found->axes != axes || found->units != info.units || found->monthly != info.monthly) {
    throw UsageError(
        fmt::format("the measure '{}' of scenario '{}' is not that of '{}' (one array holds both); rename one",
                    info.name, scenarios_[scenario]->name, scenarios_.front()->name));
  }
  found->sources[scenario].push_back({index, info.cells, {}});
}

/// Once all labels are known: where each scenario's cells lie in the file.
void ResultLayout::place_cells(const std::vector<models::MeasureSet>& sets) {
  for (Measure& measure : measures_) {
    for (const std::size_t axis : measure.axes) measure.cells *= axes_[axis].labels.size();
    for (std::size_t scenario = 0; scenario < measure.sources.size(); ++scenario) {
      for (Source& source : measure.sources[scenario]) {
        const models::MeasureInfo& info = sets[scenario].infos[source.measure];
        for (std::size_t cell = 0; cell < source.own_cells; ++cell) {
          std::size_t rest = cell, place = 0, stride = 1;
          for (std::size_t axis = measure.axes.size(); axis-- > 0;) {
            const auto& own = sets[scenario].dimensions[info.dimensions[axis]].labels;
            const auto& all = axes_[measure.axes[axis]].labels;
            place += position(all, own[rest % own.size()]) * stride;
            rest /= own.size();
            stride *= all.size();
          }
          source.place.push_back(place);
        }
      }
    }
  }
}

std::size_t ResultLayout::cells() const {
  std::size_t sum = 0;
  for (std::size_t measure = 0; measure < measures_.size(); ++measure) sum += cells(measure);
  return sum;
}

std::vector<double> ResultLayout::slab(std::size_t measure, std::size_t scenario,
                                       const models::ReplicationResult& result) const {
  const Measure& wanted = measures_[measure];
  std::vector<double> values(cells(measure), sim::kMissing);
  for (const Source& source : wanted.sources[scenario]) {
    const std::vector<double>& own = result.values[source.measure];
    for (std::size_t month = 0; month < periods(wanted); ++month) {
      for (std::size_t cell = 0; cell < source.own_cells; ++cell) {
        values[month * wanted.cells + source.place[cell]] = own[month * source.own_cells + cell];
      }
    }
  }
  return values;
}

}  // namespace prisonflow::cli
