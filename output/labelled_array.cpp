// Checks that the description of an array is one that every reader can take.
#include "output/labelled_array.hpp"

#include <fmt/format.h>

#include <limits>
#include <utility>

#include "output/output_error.hpp"

namespace prisonflow::output {

std::string_view name_of(ElementType type) {
  switch (type) {
    case ElementType::int32:
      return "int32";
    case ElementType::int64:
      return "int64";
    case ElementType::float32:
      return "float32";
    case ElementType::float64:
      return "float64";
  }
  return "unknown";
}

std::size_t bytes_of(ElementType type) {
  return type == ElementType::int32 || type == ElementType::float32 ? 4 : 8;
}

Dimension plain_dimension(std::string name, std::size_t size) {
  Dimension dimension;
  dimension.name = std::move(name);
  dimension.size = size;
  return dimension;
}

Dimension label_dimension(std::string name, std::string long_name, std::vector<std::string> labels) {
  Dimension dimension = plain_dimension(std::move(name), labels.size());
  dimension.coordinate = std::move(labels);
  dimension.attributes = {{"long_name", std::move(long_name)}};
  return dimension;
}

Dimension number_dimension(std::string name, std::string long_name, std::string units, std::vector<double> values) {
  Dimension dimension = plain_dimension(std::move(name), values.size());
  dimension.coordinate = std::move(values);
  dimension.attributes = {{"long_name", std::move(long_name)}, {"units", std::move(units)}};
  return dimension;
}

Dimension replication_dimension(std::int32_t first, std::size_t count) {
  std::vector<std::int32_t> numbers(count);
  for (std::size_t i = 0; i < count; ++i) numbers[i] = first + static_cast<std::int32_t>(i);
  Dimension dimension = plain_dimension("replication", count);
  dimension.coordinate = std::move(numbers);
  dimension.attributes = {{"standard_name", "realization"}, {"long_name", "number of the replication"}, {"units", "1"}};
  dimension.unlimited = true;
  return dimension;
}

Dimension time_dimension(std::string name, std::string long_name, std::span<const std::chrono::sys_days> edges,
                         std::chrono::sys_days epoch) {
  if (edges.size() < 2) throw OutputError(fmt::format("dimension '{}': a time needs two edges or more", name));
  const auto days_since_epoch = [&](std::chrono::sys_days date) {
    return static_cast<std::int32_t>((date - epoch).count());
  };
  Dimension dimension = plain_dimension(std::move(name), edges.size() - 1);
  std::vector<std::int32_t> starts;
  for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
    if (edges[i] >= edges[i + 1])
      throw OutputError(fmt::format("dimension '{}': the edge {} does not come before {}", dimension.name,
                                    format_date(edges[i]), format_date(edges[i + 1])));
    starts.push_back(days_since_epoch(edges[i]));
    dimension.bounds.push_back({days_since_epoch(edges[i]), days_since_epoch(edges[i + 1])});
  }
  dimension.coordinate = std::move(starts);
  dimension.attributes = {{"standard_name", "time"},
                          {"long_name", std::move(long_name)},
                          {"units", "days since " + format_date(epoch)},
                          {"calendar", "proleptic_gregorian"},
                          {"axis", "T"}};
  return dimension;
}

std::string format_date(std::chrono::sys_days date) {
  const std::chrono::year_month_day day(date);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()));
}

std::chrono::sys_days parse_date(std::string_view text) {
  const auto digits = [&](std::size_t first, std::size_t count) {
    int number = 0;
    for (const char c : text.substr(first, count))
      number = number >= 0 && c >= '0' && c <= '9' ? 10 * number + (c - '0') : -1;
    return number;
  };
  if (text.size() == 10 && text[4] == '-' && text[7] == '-') {
    const int year = digits(0, 4), month = digits(5, 2), day = digits(8, 2);
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month < 0 ? 0 : month)),
                                           std::chrono::day(static_cast<unsigned>(day < 0 ? 0 : day))};
    if (year >= 0 && date.ok()) return date;
  }
  throw OutputError(fmt::format("'{}' is not a date; write it as 2015-03-01", text));
}

}  // namespace prisonflow::output
