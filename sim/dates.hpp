// Calendar dates at the edges of the program, on the C++20 proleptic Gregorian calendar.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace prisonflow::sim {

/// A calendar date as days since 1970-01-01; strong, so that it is never mixed with days since the start of a run.
struct Date {
  std::int32_t days_since_1970 = 0;
  friend constexpr auto operator<=>(Date, Date) = default;
};

constexpr Date make_date(int year, unsigned month, unsigned day) {
  using namespace std::chrono;
  return Date{
      static_cast<std::int32_t>(sys_days{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day}}
                                    .time_since_epoch()
                                    .count())};
}
constexpr std::chrono::year_month_day civil(Date date) {
  return std::chrono::year_month_day{std::chrono::sys_days{std::chrono::days{date.days_since_1970}}};
}
constexpr int year_of(Date date) {
  return static_cast<int>(civil(date).year());
}
constexpr std::int32_t days_between(Date from, Date to) {
  return to.days_since_1970 - from.days_since_1970;
}
constexpr Date add_days(Date date, std::int32_t days) {
  return Date{date.days_since_1970 + days};
}
/// The same day of the month, `months` later; the last day of that month where it is shorter.
Date add_months(Date date, int months);
/// The first day of the month `date` lies in.
Date start_of_month(Date date);

/// "2015-01-31". Nothing when the text is no date of years 1600 to 9999.
std::optional<Date> parse_date(std::string_view text);
std::string to_string(Date date);

}  // namespace prisonflow::sim
