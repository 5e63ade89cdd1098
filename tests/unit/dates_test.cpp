// Dates: there and back over eight centuries, leap days, ends of months, and texts that are no dates.
#include "sim/dates.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "sim/time.hpp"

using namespace prisonflow::sim;

namespace {

Date date(std::string_view text) {
  const auto parsed = parse_date(text);
  REQUIRE(parsed.has_value());
  return *parsed;
}

bool leap(int year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

}  // namespace

TEST_CASE("every date of 1600 to 2400 goes to text and back, day after day") {
  constexpr unsigned lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  Date expected = make_date(1600, 1, 1);
  std::uint32_t wrong = 0;
  for (int year = 1600; year <= 2400; ++year) {
    for (unsigned month = 1; month <= 12; ++month) {
      const unsigned length = lengths[month - 1] + (month == 2 && leap(year) ? 1 : 0);
      for (unsigned day = 1; day <= length; ++day) {
        const std::string text = std::to_string(year) + (month < 10 ? "-0" : "-") + std::to_string(month) +
                                 (day < 10 ? "-0" : "-") + std::to_string(day);
        const bool right = to_string(expected) == text && parse_date(text) == expected &&
                           make_date(year, month, day) == expected && year_of(expected) == year &&
                           start_of_month(expected) == make_date(year, month, 1);
        wrong += right ? 0u : 1u;
        expected = add_days(expected, 1);
      }
    }
  }
  CHECK(wrong == 0);
  CHECK(days_between(make_date(1600, 1, 1), expected) == 2 * 146'097 + 366);  // two Gregorian cycles and the year 2400
}

TEST_CASE("dates count days from 1970") {
  CHECK(make_date(1970, 1, 1).days_since_1970 == 0);
  CHECK(make_date(1969, 12, 31).days_since_1970 == -1);
  CHECK(make_date(2000, 3, 1).days_since_1970 == 11'017);
  CHECK(days_between(date("2010-01-01"), date("2011-01-01")) == 365);
  CHECK(days_between(date("2012-01-01"), date("2011-12-31")) == -1);
  CHECK(date("2012-02-28") < date("2012-02-29"));
}

TEST_CASE("leap days are where the Gregorian calendar has them") {
  CHECK(parse_date("2000-02-29"));
  CHECK(parse_date("2012-02-29"));
  CHECK(parse_date("2400-02-29"));
  CHECK_FALSE(parse_date("1700-02-29"));
  CHECK_FALSE(parse_date("1900-02-29"));
  CHECK_FALSE(parse_date("2100-02-29"));
  CHECK_FALSE(parse_date("2011-02-29"));
  CHECK(add_days(date("2012-02-28"), 1) == date("2012-02-29"));
  CHECK(add_days(date("2011-02-28"), 1) == date("2011-03-01"));
}

TEST_CASE("months are added to the same day, or to the last of a shorter month") {
  const auto moved = [](std::string_view from, int months) { return to_string(add_months(date(from), months)); };
  CHECK(moved("2015-01-31", 0) == "2015-01-31");
  CHECK(moved("2015-01-31", 1) == "2015-02-28");
  CHECK(moved("2016-01-31", 1) == "2016-02-29");
  CHECK(moved("2015-01-31", 2) == "2015-03-31");
  CHECK(moved("2015-01-31", 3) == "2015-04-30");
  CHECK(moved("2015-12-15", 1) == "2016-01-15");
  CHECK(moved("2015-01-15", -1) == "2014-12-15");
  CHECK(moved("2015-03-31", -1) == "2015-02-28");
  CHECK(moved("2016-02-29", 12) == "2017-02-28");
  CHECK(moved("2016-02-29", 48) == "2020-02-29");
  CHECK(moved("2016-02-29", -1200) == "1916-02-29");
  CHECK(moved("2000-02-29", 1200) == "2100-02-28");
}

TEST_CASE("a text that is no date gives nothing") {
  for (const char* text :
       {"",           "2015",       "2015-1-01",  "2015-01-1",  "2015/01/01", "2015-01-01 ",      " 2015-01-01",
        "2015-00-10", "2015-13-01", "2015-01-00", "2015-01-32", "2015-04-31", "1599-12-31",       "0000-01-01",
        "-015-01-01", "2015--1-01", "2015-01--1", "+015-01-01", "20a5-01-01", "2015-01-01T00:00", "١٥-٠١-٠١",
        "2015-0x-01", "2015-01-1e"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_date(text).has_value());
  }
  CHECK(to_string(date("1600-01-01")) == "1600-01-01");
  CHECK(to_string(date("9999-12-31")) == "9999-12-31");
}

TEST_CASE("minutes and days agree before and after the start") {
  CHECK(day_of(0) == 0);
  CHECK(day_of(1439) == 0);
  CHECK(day_of(1440) == 1);
  CHECK(day_of(-1) == -1);
  CHECK(day_of(-1440) == -1);
  CHECK(day_of(-1441) == -2);
  CHECK(after(100, 0.0) == 101);
  CHECK(after(100, 1.49) == 101);
  CHECK(after(100, 1.5) == 102);
  CHECK(after(100, 1e300) == kNever);
  CHECK(after(kEndOfTime - 10, 5.0) == kEndOfTime - 5);
  CHECK(after(kEndOfTime - 10, 10.0) == kNever);
}
