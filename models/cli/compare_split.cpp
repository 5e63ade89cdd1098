// The question of `compare` after a run with --split: which part of the reform did how much. See compare_text.hpp.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "models/cli/compare_text.hpp"
#include "models/cli/messages.hpp"
#include "output/table.hpp"

namespace prisonflow::cli {

namespace {

constexpr std::string_view kSplit = "split_";
constexpr std::string_view kErrors = "split_error_";
/// There are many columns: larger numbers leave no room for the names beside them.
constexpr double kMany = 1e7;
constexpr std::size_t kMostDates = 4;

/// Measures that were shared out, in the order of the file.
std::vector<std::string> shared_out(const PairedResult& result) {
  std::vector<std::string> names;
  for (const std::string& measure : result.file().measures()) {
    if (measure.starts_with(kSplit) && !measure.starts_with(kErrors) && result.has(measure) &&
        result.dimensions(measure) == std::vector<std::string>{"package_part"})
      names.push_back(measure.substr(kSplit.size()));
  }
  return names;
}

/// A measure's parts at one date: of this reform, and what they come to together, by replication.
struct Parts {
  std::vector<Sample> parts;
  std::vector<double> together;
};

Parts parts_of(const PairedResult& result, const std::string& reform, const std::string& measure, CalendarDay date) {
  Parts all;
  for (Sample& sample : result.samples(std::string(kSplit) + measure, reform, date)) {
    const auto missing = [](double value) { return std::isnan(value); };
    if (std::all_of(sample.values.begin(), sample.values.end(), missing)) continue;  // of another reform
    all.together.resize(sample.values.size(), 0.0);
    for (std::size_t i = 0; i < sample.values.size(); ++i) all.together[i] += sample.values[i];
    all.parts.push_back(std::move(sample));
  }
  return all;
}

/// Of the mean over replications, from the orders that were sampled; none where all were gone through.
std::optional<double> error_of_orders(const PairedResult& result, const std::string& reform, const std::string& measure,
                                      CalendarDay date, const std::string& part) {
  double squares = 0;
  const std::vector<double> errors = result.sample(std::string(kErrors) + measure, reform, date, {part});
  for (const double error : errors) squares += error * error;
  if (errors.empty() || !(squares > 0)) return std::nullopt;
  return std::sqrt(squares) / static_cast<double>(errors.size());
}

/// The last date and others before it, evenly spread.
std::vector<CalendarDay> few_of(const std::vector<CalendarDay>& dates) {
  if (dates.size() <= kMostDates) return dates;
  std::vector<CalendarDay> few;
  for (std::size_t i = 0; i < kMostDates; ++i) few.push_back(dates[i * (dates.size() - 1) / (kMostDates - 1)]);
  return few;
}

}  // namespace

std::string split_text(const PairedResult& result, const std::string& reform,
                       const std::vector<CalendarDay>& all_dates) {
  const std::vector<CalendarDay> dates = few_of(all_dates);
  std::string text;
  bool sampled = false;
  for (const std::string& measure : shared_out(result)) {
    std::vector<Parts> at;
    double largest = 0;
    for (const CalendarDay date : dates) {
      at.push_back(parts_of(result, reform, measure, date));
      for (const Sample& part : at.back().parts) largest = std::max(largest, std::abs(estimate(part.values).mean));
    }
    if (at.empty() || at.front().parts.empty()) continue;
    const bool in_millions = largest >= kMany;
    const double unit = in_millions ? kMillion : 1.0;
    const Figures figures = Figures::of(result.file().array(std::string(kSplit) + measure), largest / unit);
    const auto scaled = [&](std::vector<double> values) {
      for (double& value : values) value /= unit;
      return estimate(values);
    };

    const std::string last = short_date(dates.back());
    std::vector<output::Column> columns = {
        {"  " + measure + (in_millions ? ", million" : ""), output::Alignment::left}};
    for (const CalendarDay date : dates) columns.push_back({short_date(date)});
    columns.push_back({"95 % interval " + last});
    columns.push_back({"± orders"});
    output::Table table(columns);
    const auto add = [&](const std::string& name, const auto& values_at, const std::string& orders) {
      std::vector<std::string> cells = {"    " + name};
      for (std::size_t i = 0; i < dates.size(); ++i) cells.push_back(figures.difference(scaled(values_at(i)).mean));
      cells.push_back(figures.difference_interval(scaled(values_at(dates.size() - 1))));
      cells.push_back(orders);
      table.add_row(std::move(cells));
    };
    for (std::size_t part = 0; part < at.back().parts.size(); ++part) {
      const std::string& name = at.back().parts[part].labels.front();
      const auto error = error_of_orders(result, reform, measure, dates.back(), name);
      sampled = sampled || error.has_value();
      add(
          name, [&](std::size_t i) { return at[i].parts[part].values; },
          error ? figures.level(*error / unit) : std::string());
    }
    table.add_rule();
    add(
        "together", [&](std::size_t i) { return at[i].together; }, "");
    text += (text.empty() ? "" : "\n") + table.text(kCompareWidth);
  }
  if (text.empty()) return {};
  return toned_output(Tone::strong,
                      "What each part did: its share of the difference, averaged over the orders of coming") +
         "\n" + text + (sampled ? "  ± orders: standard error from the orders that were sampled\n" : "");
}

}  // namespace prisonflow::cli
