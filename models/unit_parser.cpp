// The units of each quantity, and the errors that name them.
#include "models/unit_parser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <vector>

#include "models/diagnostics.hpp"
#include "models/money_units.hpp"
#include "models/read_problems.hpp"
#include "sim/time.hpp"

namespace prisonflow::models {

namespace {

struct Span {
  std::string_view one, many;
  double days;
};
constexpr std::array<Span, 6> kSpans{{{"minute", "minutes", 1.0 / sim::kMinutesPerDay},
                                      {"hour", "hours", 1.0 / 24.0},
                                      {"day", "days", 1.0},
                                      {"week", "weeks", 7.0},
                                      {"month", "months", sim::kDaysPerMonth},
                                      {"year", "years", sim::kDaysPerYear}}};
constexpr std::array<std::string_view, 7> kCounted{"persons", "person",  "people", "places",
                                                   "cases",   "servers", "per day"};

std::optional<double> days_of(std::string_view word) {
  for (const Span& span : kSpans)
    if (word == span.one || word == span.many) return span.days;
  return std::nullopt;
}

std::optional<double> number_at_start(std::string_view text, std::size_t& length) {
  std::size_t first = 0;
  if (!text.empty() && text.front() == '+') first = 1;
  const char c = first < text.size() ? text[first] : '\0';
  if (!((c >= '0' && c <= '9') || c == '-' || c == '.')) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data() + first, text.data() + text.size(), value);
  if (error != std::errc{} || !std::isfinite(value)) return std::nullopt;
  length = static_cast<std::size_t>(end - text.data());
  return value;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string one_spaced(std::string_view text) {
  std::string result;
  for (const char c : trimmed(text))
    if ((c != ' ' && c != '\t') || result.back() != ' ') result += c == '\t' ? ' ' : c;
  return result;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (text = trimmed(text); !text.empty(); text = trimmed(text)) {
    const std::size_t end = std::min(text.find(' '), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return words;
}

/// "per 100 per year", "% per month", "persons per day": events a year.
std::optional<double> rate_factor(std::string_view unit) {
  double factor = 1;
  bool timed = false;
  const std::vector<std::string_view> words = words_of(unit);
  std::size_t i = 0;
  if (i < words.size() && words[i] == "%") {
    factor = 0.01;
    ++i;
  } else if (i < words.size() && (words[i] == "persons" || words[i] == "cases" || words[i] == "people")) {
    ++i;
  }
  for (; i < words.size(); i += 2) {
    if (words[i] != "per" || i + 1 == words.size() || timed) return std::nullopt;
    std::size_t length = 0;
    const std::optional<double> number = number_at_start(words[i + 1], length);
    if (number && length == words[i + 1].size() && *number > 0) {
      factor /= *number;
    } else if (const std::optional<double> days = days_of(words[i + 1])) {
      factor *= sim::kDaysPerYear / *days;
      timed = true;
    } else {
      return std::nullopt;
    }
  }
  return timed ? std::optional(factor) : std::nullopt;
}

std::vector<std::string> units_of(Quantity quantity, std::string_view currency) {
  switch (quantity) {
    case Quantity::duration:
      return {"minutes", "hours", "days", "weeks", "months", "years"};
    case Quantity::share:
      return {"%"};
    case Quantity::rate:
      return {"per year", "per month", "per week", "per day", "per 100 per year", "per 1000 per year"};
    case Quantity::area:
      return {"m2"};
    case Quantity::count:
      return {"persons", "people", "places", "cases", "servers", "per day"};
    case Quantity::cost_of_time:
    case Quantity::cost_each:
    case Quantity::cost_of_places:
    case Quantity::cost_of_a_place:
      return money_units(quantity, currency);
    case Quantity::odds:
    case Quantity::number:
      break;
  }
  return {};
}

std::string example(Quantity quantity, double number, std::string_view currency) {
  switch (quantity) {
    case Quantity::duration:
      return fmt::format("\"{} days\"", plain(number));
    case Quantity::share:
      return "0.37 or \"37 %\"";
    case Quantity::rate:
      return fmt::format("{} or \"{} per year\"", plain(number), plain(number));
    case Quantity::area:
      return fmt::format("\"{} m2\"", plain(number));
    case Quantity::count:
      return plain(number);
    case Quantity::cost_of_time:
    case Quantity::cost_each:
    case Quantity::cost_of_places:
    case Quantity::cost_of_a_place:
      return fmt::format("\"{} {}\"", plain(number), money_units(quantity, currency).front());
    case Quantity::odds:
    case Quantity::number:
      break;
  }
  return plain(number);
}

UnitProblem wrong_unit(std::string_view unit, double number, Quantity quantity, std::string_view currency) {
  const std::vector<std::string> units = units_of(quantity, currency);
  std::string why = units.empty() ? fmt::format("{} has no unit", described(quantity))
                                  : fmt::format("{} is measured in {}", described(quantity), listed(units));
  const std::string near = closest(unit, units);
  std::string suggestion = near.empty() ? "write " + example(quantity, number, currency)
                                        : fmt::format("did you mean \"{} {}\"?", plain(number), near);
  return {fmt::format("unknown unit \"{}\"", unit), std::move(why), std::move(suggestion)};
}

}  // namespace

std::string_view described(Quantity quantity) {
  switch (quantity) {
    case Quantity::share:
      return "a share";
    case Quantity::odds:
      return "a ratio or factor";
    case Quantity::duration:
      return "a duration";
    case Quantity::rate:
      return "a rate";
    case Quantity::area:
      return "an area";
    case Quantity::count:
      return "a number of persons, places or cases";
    case Quantity::cost_of_time:
      return "a cost of persons' time";
    case Quantity::cost_each:
      return "a cost of each entry, event or case";
    case Quantity::cost_of_places:
      return "a cost of places and time";
    case Quantity::cost_of_a_place:
      return "a cost of a place, once";
    case Quantity::number:
      break;
  }
  return "a pure number";
}

std::optional<double> unit_factor(std::string_view unit, Quantity quantity) {
  const std::string words = one_spaced(unit);
  if (words == "1" && quantity != Quantity::duration && quantity != Quantity::area && !is_money(quantity)) return 1.0;
  switch (quantity) {
    case Quantity::duration:
      return days_of(words);
    case Quantity::share:
      return words == "%" || words == "per cent" ? std::optional(0.01) : std::nullopt;
    case Quantity::rate:
      return rate_factor(words);
    case Quantity::area:
      return words == "m2" || words == "m\u00b2" ? std::optional(1.0) : std::nullopt;
    case Quantity::count:
      for (const std::string_view word : kCounted)
        if (words == word) return 1.0;
      break;
    case Quantity::cost_of_time:
    case Quantity::cost_each:
    case Quantity::cost_of_places:
    case Quantity::cost_of_a_place:
      if (const auto money = money_unit(words, quantity)) return money->factor;
      break;
    case Quantity::odds:
    case Quantity::number:
      break;
  }
  return std::nullopt;
}

bool is_unit(std::string_view unit) {
  for (const Quantity quantity :
       {Quantity::duration, Quantity::share, Quantity::rate, Quantity::count, Quantity::area, Quantity::cost_of_time,
        Quantity::cost_each, Quantity::cost_of_places, Quantity::cost_of_a_place})
    if (unit_factor(unit, quantity)) return true;
  return false;
}

std::variant<Measured, UnitProblem> with_unit(double number, std::string_view unit, Quantity quantity,
                                              std::string_view currency) {
  const std::string words = one_spaced(unit);
  if (words.empty()) {
    if (quantity == Quantity::duration)
      return UnitProblem{"a duration without a unit", "it could be days as well as years",
                         "write " + example(quantity, number, currency)};
    if (is_money(quantity))
      return UnitProblem{"a cost without a unit", "it could be of a day as well as of a year, in any money",
                         "write " + example(quantity, number, currency)};
    if (quantity == Quantity::area)
      return UnitProblem{"an area without a unit", "it could be square metres as well as square feet",
                         "write " + example(quantity, number, currency)};
    return Measured{number, 1, quantity == Quantity::rate ? "per year" : "1"};
  }
  const std::optional<double> factor = unit_factor(words, quantity);
  if (!factor) return wrong_unit(words, number, quantity, currency);
  if (const auto money = money_unit(words, quantity); money && !currency.empty() && money->currency != currency)
    return UnitProblem{fmt::format("a cost in {}", money->currency),
                       fmt::format("the costs of this scenario are in {} (costs.currency)", currency),
                       fmt::format("convert it to {}", currency)};
  return Measured{number * *factor, *factor, words};
}

std::variant<Measured, UnitProblem> parse_measured(std::string_view text, Quantity quantity,
                                                   std::string_view currency) {
  text = trimmed(text);
  std::size_t length = 0;
  const std::optional<double> number = number_at_start(text, length);
  if (!number)
    return UnitProblem{fmt::format("\"{}\" is not {}", text, described(quantity)),
                       "it does not begin with a finite number", "write " + example(quantity, 6, currency)};
  const std::string_view unit = trimmed(text.substr(length));
  if (!unit.empty() && unit.front() == ',')
    return UnitProblem{fmt::format("\"{}\" is not {}", text, described(quantity)),
                       "decimals are written with a point, thousands without a sign",
                       "write 1250.5, not 1,250.5 or 1250,5"};
  return with_unit(*number, unit, quantity, currency);
}

}  // namespace prisonflow::models
