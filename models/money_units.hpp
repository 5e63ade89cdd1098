// Units of unit costs: "KZT per person per year", "thousand KZT per entry", "EUR per place per year".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/parameters.hpp"

namespace prisonflow::models {

struct MoneyUnit {
  double factor = 1;          ///< base units (one of the currency, a year) in one of these
  std::string_view currency;  ///< part of the words
};

/// Whether the quantity is a unit cost.
constexpr bool is_money(Quantity quantity) {
  return quantity == Quantity::cost_of_time || quantity == Quantity::cost_each ||
         quantity == Quantity::cost_of_places || quantity == Quantity::cost_of_a_place;
}
/// Three capital letters, as in ISO 4217.
bool is_currency(std::string_view word);
/// The unit, its words one blank apart; nothing when the quantity is not measured in it.
std::optional<MoneyUnit> money_unit(std::string_view words, Quantity quantity);
/// What a unit cost may be measured in, the base unit first. Without a currency: the words after it.
std::vector<std::string> money_units(Quantity quantity, std::string_view currency);

}  // namespace prisonflow::models
