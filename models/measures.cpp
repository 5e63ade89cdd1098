// See the header.
#include "models/measures.hpp"

#include "models/measure_table.hpp"

namespace prisonflow::models {

Measures::Measures(const Scenario& scenario) {
  MeasureTable table(*this, scenario);
  add_population_measures(table);
  add_crowding_measures(table);
  add_case_measures(table);
  add_requested_measures(table);
}
Measures::~Measures() = default;
Measures::Measures(Measures&&) noexcept = default;

std::vector<std::vector<double>> Measures::empty_values() const {
  std::vector<std::vector<double>> values;
  for (const MeasureInfo& info : infos_) values.emplace_back(size(info), 0.0);
  return values;
}

void Measures::observe(const Model& model, std::size_t month, const MonthOfTallies& tallies,
                       std::vector<std::vector<double>>& values) const {
  for (std::size_t measure = 0; measure < rows_.size(); ++measure) {
    const Row& row = rows_[measure];
    if (row.at_end) continue;
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
    if (rows_[measure].at_end) rows_[measure].at_end(model, run, values[measure].data());
  }
}

}  // namespace prisonflow::models
