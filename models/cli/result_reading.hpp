// What `summary` takes from a result file: a measure's course over the months, and the published figures beside it.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "output/result_file.hpp"

namespace prisonflow::cli {

using CalendarDay = std::chrono::sys_days;

/// A measure of one scenario at one month, over replications; NaN where there is nothing.
struct Point {
  double mean = 0;
  double low = 0;   ///< 2.5 per cent quantile
  double high = 0;  ///< 97.5 per cent quantile
};

struct ObservedPoint {
  CalendarDay date{};
  double value = 0;
};

/// Both included.
struct Years {
  int first = 0;
  int last = 0;
  bool include(int year) const { return first <= year && year <= last; }
};

struct ObservedSeries {
  std::string name, label, unit, measure;
  std::map<std::string, Years> fitted, judged;  ///< by scenario: the years it was fitted to, and those that judge it
  std::vector<ObservedPoint> points;            ///< by date
};

/// A figure to set beside the month that begins on `month`.
struct Comparison {
  std::size_t month = 0;
  std::optional<ObservedPoint> observed;
};

int year_of(CalendarDay date);
bool is_first_of_january(CalendarDay date);
/// "2015" for the first of January, "2015-03" for other months, the day where it is not the first.
std::string short_date(CalendarDay date);

/// A measure month by month, summed over regions; empty when the file has no such measure or it has other dimensions.
std::vector<Point> course(const output::ResultFile& file, const std::string& measure, const std::string& scenario);

std::vector<ObservedSeries> observed_series(const output::ResultFile& file);

/// Every 1 January of `months` with the figure nearest to it (within 62 days), and every other month for which there is
/// a figure, in order of time.
std::vector<Comparison> comparisons(const std::vector<CalendarDay>& months, const std::vector<ObservedPoint>& points);

}  // namespace prisonflow::cli
