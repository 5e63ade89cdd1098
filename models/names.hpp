// Names of persons: where they came from, never a running number.
//
// The name is the key of all draws of a person (promise P2). A newcomer is (arrival process, calendar day, place among
// that day's newcomers); a member of the initial stock is (state, place in it). A reform that halves an intake takes
// the last of each day away and leaves all others as they were.
#pragma once

#include <cstdint>

#include "sim/dates.hpp"
#include "sim/random.hpp"

namespace prisonflow::models {

/// 20 bits that name a process or an initial state; the model refuses two that are equal.
constexpr std::uint64_t origin_bits(sim::Purpose origin) {
  return origin >> 12;
}

/// 20 bits origin, 20 bits calendar day, 24 bits place among at most 16 million a day.
constexpr std::uint64_t newcomer_name(sim::Purpose process, sim::Date date, std::uint32_t place) {
  constexpr std::int32_t kDaysBefore1970 = 200'000;  // so that every date of the calendar in use is positive
  return origin_bits(process) << 44 | static_cast<std::uint64_t>(date.days_since_1970 + kDaysBefore1970) << 24 | place;
}
/// 20 bits origin, 44 bits place in the stock.
constexpr std::uint64_t stock_name(sim::Purpose state, std::uint64_t place) {
  return origin_bits(state) << 44 | place;
}

/// The partition a person belongs to: any fixed function of the name will do.
constexpr std::uint32_t partition_of(std::uint64_t name, std::uint32_t partitions) {
  return partitions == 1 ? 0 : static_cast<std::uint32_t>((sim::mix64(name) >> 32) * partitions >> 32);
}

}  // namespace prisonflow::models
