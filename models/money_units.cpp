// See the header.
#include "models/money_units.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "sim/time.hpp"

namespace prisonflow::models {

namespace {

using Ending = std::pair<std::string_view, double>;

/// What stands after the currency, with base units in one of these; the base unit first.
constexpr std::array<Ending, 4> kOfTime{{{"per person per year", 1.0},
                                         {"per person per month", sim::kDaysPerYear / sim::kDaysPerMonth},
                                         {"per person per week", sim::kDaysPerYear / 7.0},
                                         {"per person per day", sim::kDaysPerYear}}};
constexpr std::array<Ending, 4> kEach{{{"each", 1.0}, {"per entry", 1.0}, {"per event", 1.0}, {"per case", 1.0}}};
constexpr std::array<Ending, 4> kOfPlaces{{{"per place per year", 1.0},
                                           {"per place per month", sim::kDaysPerYear / sim::kDaysPerMonth},
                                           {"per place per week", sim::kDaysPerYear / 7.0},
                                           {"per place per day", sim::kDaysPerYear}}};
constexpr std::array<Ending, 1> kOfAPlace{{{"per place", 1.0}}};

std::vector<Ending> endings(Quantity quantity) {
  switch (quantity) {
    case Quantity::cost_of_time:
      return {kOfTime.begin(), kOfTime.end()};
    case Quantity::cost_each:
      return {kEach.begin(), kEach.end()};
    case Quantity::cost_of_places:
      return {kOfPlaces.begin(), kOfPlaces.end()};
    case Quantity::cost_of_a_place:
      return {kOfAPlace.begin(), kOfAPlace.end()};
    case Quantity::share:
    case Quantity::odds:
    case Quantity::duration:
    case Quantity::rate:
    case Quantity::count:
    case Quantity::area:
    case Quantity::number:
      break;
  }
  return {};
}

std::string_view take_word(std::string_view& words) {
  const std::size_t end = std::min(words.find(' '), words.size());
  const std::string_view word = words.substr(0, end);
  words.remove_prefix(std::min(end + 1, words.size()));
  return word;
}

}  // namespace

bool is_currency(std::string_view word) {
  return word.size() == 3 && std::all_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

std::optional<MoneyUnit> money_unit(std::string_view words, Quantity quantity) {
  MoneyUnit unit;
  unit.currency = take_word(words);
  if (unit.currency == "thousand" || unit.currency == "million") {
    unit.factor = unit.currency == "thousand" ? 1e3 : 1e6;
    unit.currency = take_word(words);
  }
  if (!is_currency(unit.currency)) return std::nullopt;
  for (const auto& [ending, factor] : endings(quantity)) {
    if (words != ending) continue;
    unit.factor *= factor;
    return unit;
  }
  return std::nullopt;
}

std::vector<std::string> money_units(Quantity quantity, std::string_view currency) {
  std::vector<std::string> units;
  for (const auto& [ending, factor] : endings(quantity)) {
    units.push_back((currency.empty() ? "" : std::string(currency) + " ") + std::string(ending));
  }
  return units;
}

}  // namespace prisonflow::models
