// See the header.
#include "models/cli/result_reading.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "models/cli/result_layout.hpp"
#include "output/statistics.hpp"

namespace prisonflow::cli {

namespace {

constexpr std::chrono::days kNear{62};

std::string text_attribute(const output::ArraySpec& spec, const std::string& name) {
  for (const output::Attribute& attribute : spec.attributes) {
    const auto* text = std::get_if<std::string>(&attribute.value);
    if (attribute.name == name && text != nullptr) return *text;
  }
  return {};
}

/// The years of all scenarios that have some.
std::map<std::string, Years> years_by_scenario(const output::ArraySpec& spec, const std::string& prefix) {
  std::map<std::string, Years> all;
  for (const output::Attribute& attribute : spec.attributes) {
    const auto* years = std::get_if<std::vector<std::int64_t>>(&attribute.value);
    if (!attribute.name.starts_with(prefix) || years == nullptr || years->size() != 2) continue;
    all[attribute.name.substr(prefix.size())] = {static_cast<int>((*years)[0]), static_cast<int>((*years)[1])};
  }
  return all;
}

}  // namespace

int year_of(CalendarDay date) {
  return static_cast<int>(std::chrono::year_month_day(date).year());
}

bool is_first_of_january(CalendarDay date) {
  const std::chrono::year_month_day day(date);
  return day.month() == std::chrono::January && day.day() == std::chrono::day(1);
}

std::string short_date(CalendarDay date) {
  const std::string text = output::format_date(date);
  if (text.ends_with("-01-01")) return text.substr(0, 4);
  return text.ends_with("-01") ? text.substr(0, 7) : text;
}

std::vector<Point> course(const output::ResultFile& file, const std::string& measure, const std::string& scenario) {
  if (!file.has_array(measure)) return {};
  const auto& dimensions = file.array(measure).dimensions;
  const std::vector<std::string> plain = {"scenario", "replication", "time"};
  if (dimensions.size() < 3 || !std::equal(plain.begin(), plain.end(), dimensions.begin())) return {};
  if (dimensions.size() > 4 || (dimensions.size() == 4 && dimensions[3] != "region")) return {};
  const output::LabelledArray values = file.read(measure, {{"scenario", scenario}});
  const std::size_t replications = values.shape[0];
  const std::size_t months = values.shape[1];
  const std::size_t regions = dimensions.size() == 4 ? values.shape[2] : 1;
  std::vector<Point> points;
  std::vector<double> sample(replications);
  for (std::size_t month = 0; month < months; ++month) {
    for (std::size_t replication = 0; replication < replications; ++replication) {
      double sum = 0;
      for (std::size_t region = 0; region < regions; ++region) {
        sum += values.values[(replication * months + month) * regions + region];
      }
      sample[replication] = sum;
    }
    points.push_back({output::mean(sample), output::quantile(sample, 0.025), output::quantile(sample, 0.975)});
  }
  return points;
}

std::vector<ObservedSeries> observed_series(const output::ResultFile& file) {
  constexpr std::string_view prefix = "observed_";
  std::vector<ObservedSeries> all;
  for (const output::ArraySpec& spec : file.arrays()) {
    if (!spec.name.starts_with(prefix) || spec.dimensions.size() != 1 || text_attribute(spec, "measure").empty())
      continue;
    ObservedSeries series;
    series.name = spec.name.substr(prefix.size());
    series.label = spec.long_name;
    series.unit = text_attribute(spec, "unit_in_words");
    series.measure = text_attribute(spec, "measure");
    series.fitted = years_by_scenario(spec, kFittedYears);
    series.judged = years_by_scenario(spec, kJudgedYears);
    const auto dates = file.dates(spec.dimensions[0]);
    const auto values = file.read(spec.name).values;
    for (std::size_t index = 0; index < dates.size(); ++index) {
      if (!std::isnan(values[index])) series.points.push_back({dates[index], values[index]});
    }
    std::stable_sort(series.points.begin(), series.points.end(),
                     [](const auto& left, const auto& right) { return left.date < right.date; });
    all.push_back(std::move(series));
  }
  return all;
}

std::vector<Comparison> comparisons(const std::vector<CalendarDay>& months, const std::vector<ObservedPoint>& points) {
  const auto month_nearest_to = [&](CalendarDay date) {
    std::size_t best = 0;
    for (std::size_t month = 1; month < months.size(); ++month) {
      if (std::chrono::abs(months[month] - date) < std::chrono::abs(months[best] - date)) best = month;
    }
    return best;
  };
  std::vector<Comparison> rows;
  std::vector<ObservedPoint> loose;
  for (const ObservedPoint& point : points) {
    const std::size_t month = month_nearest_to(point.date);
    if (months[month] == point.date) {
      rows.push_back({month, point});
    } else {
      loose.push_back(point);
    }
  }
  const auto has_row = [&](std::size_t month) {
    return std::any_of(rows.begin(), rows.end(), [&](const Comparison& row) { return row.month == month; });
  };
  for (std::size_t month = 0; month < months.size(); ++month) {
    if (!is_first_of_january(months[month]) || has_row(month)) continue;
    const auto distance = [&](const ObservedPoint& point) { return std::chrono::abs(point.date - months[month]); };
    const auto nearest = std::min_element(loose.begin(), loose.end(), [&](const auto& left, const auto& right) {
      return distance(left) < distance(right);
    });
    if (nearest != loose.end() && distance(*nearest) <= kNear) {
      rows.push_back({month, *nearest});
      loose.erase(nearest);
    } else {
      rows.push_back({month, std::nullopt});
    }
  }
  for (const ObservedPoint& point : loose) {
    const std::size_t month = month_nearest_to(point.date);
    if (std::chrono::abs(months[month] - point.date) <= kNear / 2) rows.push_back({month, point});
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto& left, const auto& right) { return left.month < right.month; });
  return rows;
}

}  // namespace prisonflow::cli
