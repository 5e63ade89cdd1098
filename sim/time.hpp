// Simulated time: whole minutes since midnight of the first simulated day.
//
// 32 bits hold 4,083 years either way, so a birth date, the end of a life term and a horizon all fit.
// Calendar dates exist at the edges only (sim/dates.hpp); inside a run there are minutes and days.
#pragma once

#include <cstdint>
#include <limits>

namespace prisonflow::sim {

using Minute = std::int32_t;  ///< minutes since midnight of day 0; may be negative (before the start)
using Day = std::int32_t;     ///< whole days since the first simulated day

inline constexpr Minute kMinutesPerDay = 1440;
inline constexpr double kLeastMinutes = 1.0;                  ///< an event takes at least until the next minute
inline constexpr double kDaysPerYear = 365.2425;              ///< mean Gregorian year
inline constexpr double kDaysPerMonth = kDaysPerYear / 12.0;  ///< mean Gregorian month
inline constexpr Minute kNever = std::numeric_limits<Minute>::max();
/// The last minute a run may reach; arithmetic on two times below it cannot overflow 64 bits and is clamped to it.
inline constexpr Minute kEndOfTime = kNever - 1;

constexpr Minute start_of(Day day) {
  return day * kMinutesPerDay;
}
constexpr Day day_of(Minute minute) {
  return minute >= 0 ? minute / kMinutesPerDay : -((kMinutesPerDay - 1 - minute) / kMinutesPerDay);
}

/// `from` plus a duration in minutes, rounded to the nearest minute, at least one minute later, kNever when it
/// lies beyond the end of time (an infinite duration is never reached).
inline Minute after(Minute from, double duration_minutes) {
  const double rounded = duration_minutes + 0.5;
  if (!(rounded < static_cast<double>(kEndOfTime) - static_cast<double>(from))) return kNever;
  const auto whole = static_cast<Minute>(rounded);
  constexpr auto least = static_cast<Minute>(kLeastMinutes);
  return from + (whole < least ? least : whole);
}

}  // namespace prisonflow::sim
