// See the header.
#include "models/measures.hpp"

#include <algorithm>

#include "models/measure_table.hpp"

namespace prisonflow::models {

std::size_t MeasureSet::dimension(const std::string& name) const {
  const auto found =
      std::find_if(dimensions.begin(), dimensions.end(), [&](const auto& each) { return each.name == name; });
  return static_cast<std::size_t>(found - dimensions.begin());
}

void MeasureSet::add(MeasureInfo info, const std::vector<std::string>& by) {
  for (const std::string& name : by) {
    info.dimensions.push_back(dimension(name));
    info.cells *= dimensions[info.dimensions.back()].labels.size();
  }
  infos.push_back(std::move(info));
}

void MeasureSet::append(const MeasureSet& others) {
  std::vector<std::size_t> places;
  for (const MeasureDimension& dimension : others.dimensions) {
    places.push_back(this->dimension(dimension.name));
    if (places.back() == dimensions.size()) dimensions.push_back(dimension);
  }
  for (MeasureInfo info : others.infos) {
    for (std::size_t& dimension : info.dimensions) dimension = places[dimension];
    infos.push_back(std::move(info));
  }
}

Measures::Measures(const Scenario& scenario) {
  MeasureTable table(*this, scenario);
  add_population_measures(table);
  add_crowding_measures(table);
  add_case_measures(table);
  add_cost_measures(table);
  add_requested_measures(table);
}
Measures::~Measures() = default;
Measures::Measures(Measures&&) noexcept = default;

std::size_t Measures::find(std::string_view name) const {
  const auto found = std::find_if(infos_.begin(), infos_.end(), [&](const auto& info) { return info.name == name; });
  return static_cast<std::size_t>(found - infos_.begin());
}

std::vector<std::vector<double>> Measures::empty_values() const {
  std::vector<std::vector<double>> values;
  for (const MeasureInfo& info : infos_) values.emplace_back(size(info), 0.0);
  return values;
}

void Measures::observe(const Model& model, std::size_t month, const MonthOfTallies& tallies,
                       std::vector<std::vector<double>>& values) const {
  for (std::size_t measure = 0; measure < rows_.size(); ++measure) {
    const Row& row = rows_[measure];
    if (row.at_end || row.derive) continue;
    double* const out = values[measure].data() + month * infos_[measure].cells;
    if (row.compute) {
      row.compute(model, tallies, out);
    } else {
      row.sum.add(tallies, tallies.counts.cell_count, out);
    }
  }
}

void Measures::finish(const Model& model, const WholeRun& run, std::vector<std::vector<double>>& values) const {
  for (std::size_t measure = 0; measure < rows_.size(); ++measure) {
    const Row& row = rows_[measure];
    double* const out = values[measure].data();
    if (row.at_end) row.at_end(model, run, out);
    if (row.derive) row.derive(model, values[row.source].data(), out);
  }
}

}  // namespace prisonflow::models
