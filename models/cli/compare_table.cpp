// `compare` as a table: levels in both worlds, paired differences and intervals. See compare_text.hpp.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "models/cli/compare_text.hpp"
#include "models/cli/messages.hpp"
#include "output/table.hpp"

namespace prisonflow::cli {

namespace {

/// Which columns there is room for.
struct Columns {
  bool level_intervals = true;
  bool change = true;
};
constexpr Columns kFromRichToPlain[] = {{true, true}, {true, false}, {false, true}, {false, false}};
constexpr std::size_t kLongestName = 14;

struct TableRow {
  std::string title;  ///< a line over all columns when it is not empty
  std::string first;
  Figures figures;
  ComparedNumber number;
};

double largest_of(const std::vector<TableRow>& rows) {
  double largest = 0;
  for (const TableRow& row : rows)
    for (const Estimate* each : {&row.number.baseline, &row.number.reform})
      for (const double value : {each->mean, each->low, each->high})
        if (!std::isnan(value)) largest = std::max(largest, std::abs(value));
  return largest;
}

std::string joined(const std::vector<std::string>& labels) {
  std::string text;
  for (const std::string& label : labels) text += (text.empty() ? "" : ", ") + label;
  return text;
}

/// Unknown in both worlds, as shares of cohorts that were not followed for long enough; or a position among several at
/// which there is nobody in either.
bool nothing_to_say(const ComparedNumber& number) {
  const auto unknown = [](const Estimate& each) { return std::isnan(each.mean); };
  const auto nobody = [&](const Estimate& each) {
    return unknown(each) || (each.low == 0 && each.high == 0 && each.mean == 0);
  };
  if (unknown(number.baseline) && unknown(number.reform)) return true;
  return !number.labels.empty() && nobody(number.baseline) && nobody(number.reform);
}

std::vector<TableRow> rows_of(const PairedResult& result, const std::string& reform, const std::string& measure,
                              const std::vector<CalendarDay>& dates) {
  const output::ArraySpec& spec = result.file().array(measure);
  std::vector<TableRow> rows;
  const auto add = [&](const std::string& when, std::optional<CalendarDay> date) {
    for (ComparedNumber& number : result.compared(measure, reform, date)) {
      if (nothing_to_say(number)) continue;
      const std::string labels = joined(number.labels);
      rows.push_back({"", "  " + when + (labels.empty() ? "" : " " + labels), {}, std::move(number)});
    }
  };
  if (result.is_monthly(measure))
    for (const CalendarDay date : dates) add(short_date(date), date);
  else
    add("whole run", {});
  const Figures figures = Figures::of(spec, largest_of(rows));
  for (TableRow& row : rows) row.figures = figures;
  std::string title = measure + (spec.long_name.empty() ? "" : ": " + spec.long_name);
  if (!spec.units.empty() && spec.units != "1") title += fmt::format(" ({})", spec.units);
  if (rows.empty()) rows.push_back({"  nothing known at these dates", "", {}, {}});
  rows.insert(rows.begin(), {title, "", {}, {}});
  return rows;
}

std::string change_of(const ComparedNumber& number) {
  if (number.difference.mean == 0) return "0.0 %";
  const double change = 100 * number.difference.mean / number.baseline.mean;
  return std::isfinite(change) ? fmt::format("{:+.1f} %", change) : "–";
}

output::Table table_of(const std::vector<TableRow>& rows, const std::string& baseline, const std::string& reform,
                       const Columns& shown) {
  std::vector<output::Column> columns = {{"", output::Alignment::left}, {output::shortened(baseline, kLongestName)}};
  if (shown.level_intervals) columns.push_back({"95 % interval"});
  columns.push_back({output::shortened(reform, kLongestName)});
  if (shown.level_intervals) columns.push_back({"95 % interval"});
  columns.insert(columns.end(), {{"difference"}, {"95 % interval"}});
  if (shown.change) columns.push_back({"change"});
  output::Table table(columns);
  for (const TableRow& row : rows) {
    if (!row.title.empty()) {
      table.add_title(row.title);
      continue;
    }
    const ComparedNumber& number = row.number;
    std::vector<std::string> cells = {row.first};
    const auto add_level = [&](const Estimate& level) {
      cells.push_back(row.figures.level(level.mean));
      if (shown.level_intervals) cells.push_back(row.figures.interval(level));
    };
    add_level(number.baseline);
    add_level(number.reform);
    cells.push_back(row.figures.difference(number.difference.mean));
    cells.push_back(row.figures.difference_interval(number.difference));
    if (shown.change) cells.push_back(row.figures.share ? "" : change_of(number));
    table.add_row(std::move(cells));
  }
  return table;
}

std::size_t width_of(const std::string& table) {
  std::size_t width = 0;
  for (std::size_t first = 0; first < table.size();) {
    const std::size_t end = std::min(table.find('\n', first), table.size());
    width = std::max(width, output::display_width(std::string_view(table).substr(first, end - first)));
    first = end + 1;
  }
  return width;
}

/// With the columns there is room for: titles are cut, numbers never, labels only where all else is gone.
std::string fitted(const std::vector<TableRow>& rows, const std::string& baseline, const std::string& reform) {
  std::vector<TableRow> untitled = rows;
  std::erase_if(untitled, [](const TableRow& row) { return !row.title.empty(); });
  for (const Columns& columns : kFromRichToPlain)
    if (width_of(table_of(untitled, baseline, reform, columns).text()) <= kCompareWidth)
      return table_of(rows, baseline, reform, columns).text(kCompareWidth);
  return table_of(rows, baseline, reform, {false, false}).text(kCompareWidth);
}

}  // namespace

Figures Figures::of(const output::ArraySpec& spec, double largest) {
  constexpr const char* kShares[] = {"occupancy",      "unsentenced_share", "reoffending_within_",
                                     "widening_ratio", "share_of_",         "above_"};
  const bool share = spec.units == "1" && spec.type != output::ElementType::int32 &&
                     std::any_of(std::begin(kShares), std::end(kShares),
                                 [&](const char* begin) { return spec.name.starts_with(begin); });
  return {share, share ? 1 : largest >= 1000 ? 0 : largest >= 10 ? 1 : 3};
}

std::string Figures::level(double value) const {
  return share ? output::format_share(value, decimals) : output::format_number(value, decimals);
}

std::string Figures::difference(double value) const {
  const std::string text = level(value);
  const bool positive = value > 0 && text.find_first_of("123456789") != std::string::npos;
  return positive ? "+" + text : text;
}

std::string Figures::interval(const Estimate& estimate) const {
  if (std::isnan(estimate.low)) return "–";
  const auto bare = [&](double value) { return output::format_number(share ? 100 * value : value, decimals); };
  // A dash between two numbers of which one has a sign would be taken for a sign.
  const char* const between = estimate.low < 0 || estimate.high < 0 ? " to " : "–";
  return bare(estimate.low) + between + bare(estimate.high) + (share ? " %" : "");
}

std::string Figures::difference_interval(const Estimate& estimate) const {
  if (std::isnan(estimate.low)) return "–";
  const auto bare = [&](double value) {
    const std::string text = output::format_number(share ? 100 * value : value, decimals);
    return value > 0 && text.find_first_of("123456789") != std::string::npos ? "+" + text : text;
  };
  return bare(estimate.low) + " to " + bare(estimate.high) + (share ? " %" : "");
}

std::string measures_text(const PairedResult& result, const std::string& reform,
                          const std::vector<std::string>& measures, const std::vector<CalendarDay>& dates) {
  std::vector<TableRow> rows;
  for (const std::string& measure : measures) {
    std::vector<TableRow> own = rows_of(result, reform, measure, dates);
    std::move(own.begin(), own.end(), std::back_inserter(rows));
  }
  return rows.empty() ? "" : fitted(rows, result.baseline(), reform);
}

}  // namespace prisonflow::cli
