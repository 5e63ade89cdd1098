// The numbers of a scenario: every one that can move a result, with where it comes from.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace prisonflow::models {

/// A place in a text file; line and column count from 1. `file` indexes Scenario::files.
struct Location {
  std::uint32_t file = 0;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

enum class ParameterId : std::uint32_t {};
inline constexpr ParameterId kNoParameter{0xffffffffu};
constexpr std::uint32_t index_of(ParameterId id) {
  return static_cast<std::uint32_t>(id);
}
constexpr bool given(ParameterId id) {
  return id != kNoParameter;
}

enum class Grade : std::uint8_t { measured, derived, fitted, assumed };

/// What a number is: decides its base unit, its allowed range and how policies may change it.
enum class Quantity : std::uint8_t {
  share,     ///< 0 to 1
  odds,      ///< odds ratio, factor or hazard ratio: at least 0
  duration,  ///< days, at least 0 (base unit whatever the text used)
  rate,      ///< events or persons a year, at least 0
  count,     ///< persons or places, at least 0
  number,    ///< a pure number above 0 (a shape)
  area,      ///< square metres, at least 0
  // Unit costs, in the currency of the scenario, at least 0.
  cost_of_time,     ///< for each person and year
  cost_each,        ///< for each entry, event or case
  cost_of_places,   ///< for each place and year
  cost_of_a_place,  ///< for each place, once
};

/// How an uncertain value is drawn when a run draws its parameters (once a replication, keyed by the path).
enum class Uncertainty : std::uint8_t { none, triangular, uniform, normal, lognormal };

struct Parameter {
  std::string path;  ///< dotted, unique: "states.prison.term.mean"
  Quantity quantity = Quantity::number;
  double value = 0;  ///< central value in the base unit
  Uncertainty uncertainty = Uncertainty::none;
  double low = 0, high = 0;  ///< triangular and uniform: the ends. normal, lognormal: `high` is the standard
                             ///< deviation (lognormal: of the logarithm), `low` unused
  std::string unit;          ///< as written: "months", "per year", "1"
  std::string source;        ///< resolved citation text
  Grade grade = Grade::assumed;
  std::string note;  ///< for `fitted`: to which series and over which years
  Location where;
};

/// One value a parameter, indexed by ParameterId.
using Valuation = std::vector<double>;

/// Parameters that must add up to 1 (or, with a rest, to no more).
struct SharesRow {
  std::string path;
  Location where;
  std::vector<ParameterId> members;
  bool has_rest = false;
};
/// What must hold between numbers on every date, whatever policies are in force (models/policy_checks.hpp).
struct NumberRules {
  std::vector<SharesRow> shares_rows;
  std::set<ParameterId> above_zero;                            ///< numbers that no policy may make 0
  std::vector<std::pair<ParameterId, ParameterId>> ascending;  ///< first must not be above second
};

}  // namespace prisonflow::models
