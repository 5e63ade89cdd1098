// The table of measures while it is made: dimensions and rows. Each theme adds its rows in a file of its own.
#pragma once

#include <string>
#include <vector>

#include "models/measures.hpp"

namespace prisonflow::models {

inline constexpr double kMinutesPerYear = sim::kDaysPerYear * sim::kMinutesPerDay;

enum class Counted : std::uint8_t { stock, entries, person_years };

/// A sum over states and classes of a counted quantity.
struct CountedSum {
  Counted quantity = Counted::stock;
  std::vector<StateIndex> states;
  std::vector<std::uint32_t> state_offset;  ///< by place in `states`: first cell of the result
  std::vector<std::uint32_t> cell_offset;   ///< by class cell; empty = all in one

  void add(const MonthOfTallies& month, std::size_t cells, double* out) const {
    for (std::size_t place = 0; place < states.size(); ++place) {
      const std::size_t first = states[place] * cells;
      double* const row = out + state_offset[place];
      if (cell_offset.empty()) {
        row[0] += total(month.by_state[states[place]]);
        continue;
      }
      for (std::size_t cell = 0; cell < cells; ++cell) row[cell_offset[cell]] += value(month, first + cell);
    }
  }

 private:
  double value(const MonthOfTallies& month, std::size_t index) const {
    switch (quantity) {
      case Counted::stock:
        return month.opening_stock[index];
      case Counted::entries:
        return month.counts.by_cell[index].entries;
      case Counted::person_years:
        return static_cast<double>(month.counts.by_cell[index].minutes) / kMinutesPerYear;
    }
    return 0;
  }
  double total(const MonthOfTallies::StateTotals& state) const {
    switch (quantity) {
      case Counted::stock:
        return static_cast<double>(state.stock);
      case Counted::entries:
        return static_cast<double>(state.entries);
      case Counted::person_years:
        return static_cast<double>(state.minutes) / kMinutesPerYear;
    }
    return 0;
  }
};

struct Measures::Row {
  CountedSum sum;  ///< when neither function is set
  std::function<void(const Model&, const MonthOfTallies&, double*)> compute;
  std::function<void(const Model&, const WholeRun&, double*)> at_end;  ///< writes all months, or the whole run
  /// The same, from all months of the measure `source`, which stands before this one.
  std::function<void(const Model&, const double*, double*)> derive{};
  std::size_t source = 0;
};

using StateFilter = bool (*)(const State&);
bool any_state(const State& state);
bool timed_state(const State& state);
bool held(const State& state);
bool held_pretrial(const State& state);
bool held_sentenced(const State& state);
bool supervised(const State& state);
bool controlled(const State& state);

/// Not a number where the whole is nothing.
double ratio(double part, double whole);

class MeasureTable {
 public:
  using Compute = decltype(Measures::Row::compute);
  using AtEnd = decltype(Measures::Row::at_end);
  using Derive = decltype(Measures::Row::derive);
  using By = std::vector<std::string>;  ///< names of dimensions

  /// Declares the dimensions that scenarios have: states, traits, facilities, services, events.
  MeasureTable(Measures& measures, const Scenario& scenario);

  const Scenario& scenario() const { return scenario_; }
  const Cells& cells() const { return cells_; }
  std::size_t months() const { return measures_.months_.size(); }
  const std::vector<sim::Day>& first_days() const { return measures_.months_; }
  /// {"region"} where the scenario has several, else nothing.
  By region() const { return cells_.sizes[0] > 1 ? By{"region"} : By{}; }
  /// The same with further dimensions behind it.
  By region_and(By by) const;

  void add_dimension(MeasureDimension dimension) { measures_.dimensions_.push_back(std::move(dimension)); }

  /// A sum over the states that pass the filter, or over those listed.
  void sum(const std::string& name, const std::string& long_name, Counted quantity, StateFilter filter, const By& by);
  void sum_over(const std::string& name, const std::string& long_name, Counted quantity,
                const std::vector<StateIndex>& states, const By& by);
  /// A row with a function of its own; `info` has all but the dimensions.
  void row(MeasureInfo info, const By& by, Compute compute);
  /// … that is known only when the run is over.
  void row_at_end(MeasureInfo info, const By& by, AtEnd at_end);
  /// … that is reckoned from all months of a measure before it, when the run is over. `derive` adds to zeros.
  void row_from(const std::string& source, MeasureInfo info, const By& by, Derive derive);

  /// Where in a result by these dimensions each class of persons is counted, and how far apart two states are.
  std::vector<std::uint32_t> offsets(const By& by, std::uint32_t& state_stride) const;
  std::vector<std::uint32_t> offsets(const By& by) const {
    std::uint32_t no_states = 0;
    return offsets(by, no_states);
  }

 private:
  std::size_t dimension(const std::string& name) const;
  void add(MeasureInfo info, const By& by, Measures::Row row);

  Measures& measures_;
  const Scenario& scenario_;
  Cells cells_;
};

// The themes, in the order of the result file.
void add_population_measures(MeasureTable& table);
void add_crowding_measures(MeasureTable& table);
void add_case_measures(MeasureTable& table);
void add_cost_measures(MeasureTable& table);
void add_requested_measures(MeasureTable& table);

}  // namespace prisonflow::models
