// What a justice system costs, as a scenario says it: unit costs of time in states, entries, events, new cases, places.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/parameters.hpp"

namespace prisonflow::models {

/// What a unit cost is multiplied by.
enum class CostOf : std::uint8_t {
  state,     ///< years of persons in a state
  entry,     ///< entries into a state
  event,     ///< happenings of one of a state's own events
  new_case,  ///< new cases by reoffending
  places,    ///< years of official places, occupied or not
  opening,   ///< official places that are new on a day after the first
};

struct CostItem {
  CostOf of = CostOf::state;
  /// By `of`: the state; the event, counted over all states in their order; none; the facilities whose places count.
  std::vector<std::uint16_t> which;
  std::string name;   ///< in results: "states.prison", "events.prison.misconduct", "places.colonies"
  std::string label;  ///< for people: that of the state, event or facility; may be empty
  ParameterId unit_cost = kNoParameter;
};

struct Costs {
  std::string currency;                      ///< three letters, ISO 4217
  std::optional<std::int64_t> prices_of;     ///< year, for the reader
  ParameterId discount_rate = kNoParameter;  ///< a year; none = no discounted figures
  std::vector<CostItem> items;               ///< in the order of the text, section by section
  bool declared() const { return !items.empty(); }
};

}  // namespace prisonflow::models
