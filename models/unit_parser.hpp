// Numbers with their units, as people write them: "18 months", "37 %", "12 per 1000 per year".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "models/scenario.hpp"

namespace prisonflow::models {

/// A number in the base unit of its quantity (days, share, a year, persons) and how it was written.
struct Measured {
  double value = 0;   ///< in the base unit
  double factor = 1;  ///< one unit as written in base units
  std::string unit;   ///< as written: "months", "%", "per year", "1"
};
struct UnitProblem {
  std::string problem;
  std::string why;
  std::string suggestion;
};

/// Reads "18 months". The sign and the range of the number are not looked at; NaN and infinity are refused. Money must
/// be of the `currency`, where that is known.
std::variant<Measured, UnitProblem> parse_measured(std::string_view text, Quantity quantity,
                                                   std::string_view currency = {});

/// A number and its unit given apart: 18 and "months". An empty unit is the base unit, which durations and money do not
/// have.
std::variant<Measured, UnitProblem> with_unit(double number, std::string_view unit, Quantity quantity,
                                              std::string_view currency = {});

/// How many base units `unit` is, nothing when the quantity is not measured in it.
std::optional<double> unit_factor(std::string_view unit, Quantity quantity);
/// Whether any quantity is measured in it.
bool is_unit(std::string_view unit);

/// "a share", "a duration", …
std::string_view described(Quantity quantity);

}  // namespace prisonflow::models
