// See the header. The fixed parts of the frame (dates, observations, provenance) are in result_frame.cpp.
#include "models/cli/result_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "models/cli/options.hpp"

namespace prisonflow::cli {

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

template <class List, class Name>
std::size_t position(const List& list, const Name& wanted) {
  return static_cast<std::size_t>(std::find(list.begin(), list.end(), wanted) - list.begin());
}

}  // namespace

ResultLayout::ResultLayout(const std::vector<const models::Scenario*>& scenarios,
                           const std::vector<const models::Measures*>& measures)
    : scenarios_(scenarios), month_starts_(measures.front()->months()), months_(month_starts_.size()) {
  for (std::size_t scenario = 0; scenario < scenarios.size(); ++scenario) {
    values_each_.push_back(measures[scenario]->infos().size());
    for (std::size_t index = 0; index < measures[scenario]->infos().size(); ++index) {
      add_measure(scenario, index, *measures[scenario]);
    }
  }
  place_cells(measures);
}

/// The axes of a measure, with the labels of this scenario added to them.
std::vector<std::size_t> ResultLayout::axes_of(const models::Measures& measures, const models::MeasureInfo& info) {
  std::vector<std::size_t> axes;
  for (const std::size_t dimension : info.dimensions) {
    const models::MeasureDimension& own = measures.dimensions()[dimension];
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

void ResultLayout::add_measure(std::size_t scenario, std::size_t index, const models::Measures& measures) {
  const models::MeasureInfo& info = measures.infos()[index];
  std::vector<std::size_t> axes = axes_of(measures, info);
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
void ResultLayout::place_cells(const std::vector<const models::Measures*>& measures) {
  for (Measure& measure : measures_) {
    for (const std::size_t axis : measure.axes) measure.cells *= axes_[axis].labels.size();
    for (std::size_t scenario = 0; scenario < measure.sources.size(); ++scenario) {
      for (Source& source : measure.sources[scenario]) {
        const models::MeasureInfo& info = measures[scenario]->infos()[source.measure];
        for (std::size_t cell = 0; cell < source.own_cells; ++cell) {
          std::size_t rest = cell, place = 0, stride = 1;
          for (std::size_t axis = measure.axes.size(); axis-- > 0;) {
            const auto& own = measures[scenario]->dimensions()[info.dimensions[axis]].labels;
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

void ResultLayout::add_measures_of_reforms(const std::vector<models::MeasureDimension>& dimensions,
                                           const std::vector<models::MeasureInfo>& infos) {
  std::vector<std::size_t> axis_of;
  for (const models::MeasureDimension& own : dimensions) {
    axis_of.push_back(axes_.size());
    axes_.push_back({own.name, own.labels, own.descriptions, own.numbers, own.units});
  }
  for (const models::MeasureInfo& info : infos) {
    Measure measure{info.name,
                    info.long_name,
                    info.units,
                    info.cell_methods,
                    info.whole_numbers,
                    info.monthly,
                    {},
                    info.cells,
                    std::vector<std::vector<Source>>(scenarios_.size())};
    for (const std::size_t dimension : info.dimensions) measure.axes.push_back(axis_of[dimension]);
    for (std::size_t scenario = 1; scenario < scenarios_.size(); ++scenario) {
      Source source{values_each_[scenario]++, info.cells, std::vector<std::size_t>(info.cells)};
      std::iota(source.place.begin(), source.place.end(), std::size_t{0});
      measure.sources[scenario].push_back(std::move(source));
    }
    measures_.push_back(std::move(measure));
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
  std::vector<double> values(cells(measure), kMissing);
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
