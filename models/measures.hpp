// Measures: what a run reports, one row of a table each.
//
// A measure turns a month of tallies into numbers. Most are sums over states and classes of a counted quantity and are
// described by a row of data (which states, which quantity, by which dimensions); the others are a row with a function.
// A new measure is one row in measure_rows.cpp, or in a file beside it for a theme of its own
// (models/measure_table.hpp); a scenario adds its own under [measures].
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/model.hpp"
#include "models/tallies.hpp"

namespace prisonflow::models {

class Crowding;

struct MeasureDimension {
  std::string name;  ///< "state", "sex", "facility", …
  std::vector<std::string> labels;
  std::vector<std::string> descriptions;
  std::vector<double> numbers{};  ///< what the labels say, where positions are numbers: thresholds
  std::string units{};            ///< of the numbers
};

struct MeasureInfo {
  std::string name{};
  std::string long_name{};
  std::string units = "1";                ///< CF: "1" for counts and shares
  std::string cell_methods{};             ///< "time: point", "time: sum", "time: mean"
  std::vector<std::size_t> dimensions{};  ///< beyond time; indices into Measures::dimensions()
  bool whole_numbers = false;
  std::size_t cells = 1;  ///< product of the dimensions
  bool monthly = true;    ///< else one set of numbers for the whole run
};

/// Measures by name, with what their dimensions mean: what a result file needs to know of numbers that it is handed.
struct MeasureSet {
  std::vector<MeasureDimension> dimensions{};
  std::vector<MeasureInfo> infos{};  ///< their dimensions are places in the list above

  /// Adds a measure by the names of its dimensions, and reckons its cells.
  void add(MeasureInfo info, const std::vector<std::string>& by);
  /// Adds another set behind this one; dimensions of one name are one.
  void append(const MeasureSet& others);
  /// The place of a dimension; `dimensions.size()` when there is none.
  std::size_t dimension(const std::string& name) const;
};

/// The counts of one month, all partitions together.
struct MonthOfTallies {
  sim::Day first_day = 0;
  sim::Day days = 0;
  std::vector<std::int32_t> opening_stock;  ///< [state][cell], at the first midnight
  std::vector<std::int32_t> opening_facility_stock;
  std::vector<std::int32_t> opening_waiting;  ///< by service
  Tallies counts;                             ///< during the month
  /// Sums over the cells of each state, made by add_up().
  struct StateTotals {
    std::int64_t stock = 0, entries = 0, minutes = 0;
  };
  std::vector<StateTotals> by_state;
  void add_up();
  /// By class of the new case; empty unless the scenario says how many stand behind one.
  std::vector<double> offences, victims;
  void count_offences(std::size_t cell, std::int64_t cases, const ReoffendingTable& table);
  std::vector<std::int64_t> new_cases;  ///< by reoffending; by class of the new case
  const Crowding* crowding = nullptr;   ///< what was counted of the days of the month
  std::vector<double> link_ratios;      ///< by link that is on: mean of what it read
};

/// What is known only when the run is over.
struct WholeRun {
  std::vector<ReleaseCohort> cohorts;  ///< by month of release
  std::vector<sim::Day> cohort_ends;   ///< the day after the last of each such month
  const Crowding* crowding = nullptr;
};

class Measures {
 public:
  explicit Measures(const Scenario& scenario);
  ~Measures();
  Measures(Measures&&) noexcept;

  const std::vector<MeasureDimension>& dimensions() const { return dimensions_; }
  const std::vector<MeasureInfo>& infos() const { return infos_; }
  MeasureSet set() const { return {dimensions_, infos_}; }
  /// The place of a measure; `infos().size()` when there is none.
  std::size_t find(std::string_view name) const;
  /// First days of the months, as days since the start of the run.
  const std::vector<sim::Day>& months() const { return months_; }

  /// Numbers of a measure in a run: cells × months, or cells.
  std::size_t size(const MeasureInfo& info) const { return info.monthly ? months_.size() * info.cells : info.cells; }
  /// values[measure][month × cells + cell], or [cell] for the whole run; zero-filled.
  std::vector<std::vector<double>> empty_values() const;
  /// Writes one month into `values`.
  void observe(const Model& model, std::size_t month, const MonthOfTallies& tallies,
               std::vector<std::vector<double>>& values) const;
  /// Writes what is known only at the end: rates by release cohort (NaN for one not followed for long enough), and
  /// what is one number for the whole run.
  void finish(const Model& model, const WholeRun& run, std::vector<std::vector<double>>& values) const;

 private:
  friend class MeasureTable;
  struct Row;
  std::vector<MeasureDimension> dimensions_;
  std::vector<MeasureInfo> infos_;
  std::vector<sim::Day> months_;
  std::vector<Row> rows_;
};

}  // namespace prisonflow::models
