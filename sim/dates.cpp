// Dates from text and back, and counted in months.
#include "sim/dates.hpp"

#include <array>
#include <charconv>
#include <cstdio>

namespace prisonflow::sim {

Date add_months(Date date, int months) {
  using namespace std::chrono;
  const auto ymd = civil(date);
  const auto moved = year_month{ymd.year(), ymd.month()} + std::chrono::months{months};
  const auto last = year_month_day_last{moved.year(), month_day_last{moved.month()}}.day();
  const auto day = ymd.day() < last ? ymd.day() : last;
  return Date{
      static_cast<std::int32_t>(sys_days{year_month_day{moved.year(), moved.month(), day}}.time_since_epoch().count())};
}

Date start_of_month(Date date) {
  const auto ymd = civil(date);
  return make_date(static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()), 1);
}

std::optional<Date> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t length) -> std::optional<int> {
    int value = 0;
    const char* const first = text.data() + at;
    const auto [end, error] = std::from_chars(first, first + length, value);
    if (error != std::errc{} || end != first + length || value < 0) return std::nullopt;
    return value;
  };
  const auto year = number(0, 4);
  const auto month = number(5, 2);
  const auto day = number(8, 2);
  if (!year || !month || !day || *year < 1600) return std::nullopt;
  const std::chrono::year_month_day ymd{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                        std::chrono::day{static_cast<unsigned>(*day)}};
  if (!ymd.ok()) return std::nullopt;
  return make_date(*year, static_cast<unsigned>(*month), static_cast<unsigned>(*day));
}

std::string to_string(Date date) {
  const auto ymd = civil(date);
  std::array<char, 40> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02u", static_cast<int>(ymd.year()),
                static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()));
  return buffer.data();
}

}  // namespace prisonflow::sim
