// The numbers of a scenario: every one that can move a result, with where it comes from.
#pragma once

#include <cstdint>
#include <string>
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

}  // namespace prisonflow::models
