// From measures to arrays with names: how the outcomes of one or more scenarios lie in one result file.
//
// Scenarios that are run together may differ in states, facilities or measures. The file has the union of their labels,
// in order of first appearance; what a scenario does not have is missing there, not zero.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/measures.hpp"
#include "models/replication.hpp"
#include "models/scenario.hpp"
#include "output/result_description.hpp"

namespace prisonflow::cli {

/// Attributes of an observed series: this and the name of a scenario, two years.
inline constexpr const char* kFittedYears = "fitted_years_";
inline constexpr const char* kJudgedYears = "judged_years_";

class ResultLayout {
 public:
  /// Throws UsageError when two scenarios mean different things by one name. The references must outlive the layout.
  ResultLayout(const std::vector<const models::Scenario*>& scenarios,
               const std::vector<const models::Measures*>& measures);
  /// Measures that every scenario but the first has more: their values follow the others in a result. `infos` refer to
  /// `dimensions`, which are the same for all.
  void add_measures_of_reforms(const std::vector<models::MeasureDimension>& dimensions,
                               const std::vector<models::MeasureInfo>& infos);

  /// The frame of a file with replications 0 to count - 1.
  output::ResultDescription description(std::uint64_t seed, std::uint32_t count) const;

  std::size_t measures() const { return measures_.size(); }
  const std::string& name(std::size_t measure) const { return measures_[measure].name; }
  /// Numbers in one slab: all months (or the whole run) of one replication of one scenario.
  std::size_t cells(std::size_t measure) const { return measures_[measure].cells * periods(measures_[measure]); }
  std::size_t cells() const;
  /// The slab of a measure as the file wants it.
  std::vector<double> slab(std::size_t measure, std::size_t scenario, const models::ReplicationResult& result) const;

 private:
  struct Axis {
    std::string name;
    std::vector<std::string> labels, descriptions;
    std::vector<double> numbers;  ///< what the labels say, where positions are numbers
    std::string units;
  };
  struct Source {  ///< where a scenario's values of a measure are
    std::size_t measure = 0;
    std::size_t own_cells = 0;
    std::vector<std::size_t> place;  ///< by own cell: the cell in the file
  };
  struct Measure {
    std::string name, long_name, units, cell_methods;
    bool whole_numbers = false;
    bool monthly = true;
    std::vector<std::size_t> axes;
    std::size_t cells = 1;
    std::vector<std::vector<Source>> sources;  ///< by scenario: none or one
  };

  std::size_t periods(const Measure& measure) const { return measure.monthly ? months_ : 1; }
  std::vector<std::size_t> axes_of(const models::Measures& measures, const models::MeasureInfo& info);
  void add_measure(std::size_t scenario, std::size_t index, const models::Measures& measures);
  void place_cells(const std::vector<const models::Measures*>& measures);
  void add_dimensions(output::ResultDescription& result, std::uint32_t count) const;
  void add_state_facts(output::ResultDescription& result) const;
  void add_uses(const std::string& name, output::ArraySpec& spec) const;
  void add_observations(output::ResultDescription& result) const;
  void add_provenance(output::ResultDescription& result, std::uint64_t seed, std::uint32_t count) const;

  std::vector<const models::Scenario*> scenarios_;
  std::vector<std::size_t> values_each_;  ///< by scenario: arrays in a result
  std::vector<Axis> axes_;
  std::vector<Measure> measures_;
  std::vector<sim::Day> month_starts_;
  std::size_t months_ = 0;
};

}  // namespace prisonflow::cli
