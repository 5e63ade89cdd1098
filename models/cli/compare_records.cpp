// See the header.
#include "models/cli/compare_records.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "models/cli/findings.hpp"

namespace prisonflow::cli {

namespace {

using Json = nlohmann::ordered_json;

Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json json_of(const Estimate& estimate) {
  return {{"mean", number(estimate.mean)},
          {"se", number(estimate.standard_error)},
          {"low", number(estimate.low)},
          {"high", number(estimate.high)}};
}

/// Calls `action(date or nothing, number)` for each number of a measure.
template <class Action>
void each_number(const PairedResult& result, const std::string& reform, const std::string& measure,
                 const std::vector<CalendarDay>& dates, Action action) {
  if (!result.is_monthly(measure)) {
    for (const ComparedNumber& each : result.compared(measure, reform, {})) action(std::string(), each);
    return;
  }
  for (const CalendarDay date : dates)
    for (const ComparedNumber& each : result.compared(measure, reform, date)) action(output::format_date(date), each);
}

/// As the run recorded them.
Json differences_of(const PairedResult& result, const std::string& reform) {
  Json all = Json::array();
  std::istringstream lines(result.recorded_differences(reform).value_or(""));
  for (std::string line; std::getline(lines, line);) {
    Json difference = Json::parse(line, nullptr, false);
    if (difference.is_object()) all.push_back(std::move(difference));
  }
  return all;
}

Json measure_json(const PairedResult& result, const std::string& reform, const std::string& measure,
                  const std::vector<CalendarDay>& dates) {
  const output::ArraySpec& spec = result.file().array(measure);
  const std::vector<std::string> dimensions = result.dimensions(measure);
  Json values = Json::array();
  each_number(result, reform, measure, dates, [&](const std::string& date, const ComparedNumber& each) {
    Json row = Json::object();
    if (!date.empty()) row["date"] = date;
    for (std::size_t i = 0; i < dimensions.size(); ++i) row[dimensions[i]] = each.labels[i];
    row["baseline"] = json_of(each.baseline);
    row["reform"] = json_of(each.reform);
    row["difference"] = json_of(each.difference);
    values.push_back(std::move(row));
  });
  return {{"name", measure}, {"long_name", spec.long_name}, {"units", spec.units}, {"values", std::move(values)}};
}

/// A field of a comma-separated file, quoted where it must be.
std::string field(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}
std::string field(double value) {
  return std::isfinite(value) ? fmt::format("{}", value) : "";
}
std::string fields(const Estimate& estimate) {
  return fmt::format(",{},{},{},{}", field(estimate.mean), field(estimate.standard_error), field(estimate.low),
                     field(estimate.high));
}

}  // namespace

std::string comparison_json(const PairedResult& result, const std::vector<std::string>& measures,
                            const std::vector<CalendarDay>& dates, bool with_ratios) {
  Json all = {{"file", result.file().path().string()},
              {"baseline", result.baseline()},
              {"replications", result.replications()},
              {"interval", "2.5 and 97.5 per cent quantiles over replications"},
              {"reforms", Json::array()}};
  for (const std::string& reform : result.reforms()) {
    Json entry = {{"name", reform},
                  {"title", result.title(reform)},
                  {"differences", differences_of(result, reform)},
                  {"measures", Json::array()}};
    for (const std::string& measure : measures)
      entry["measures"].push_back(measure_json(result, reform, measure, dates));
    if (with_ratios) {
      entry["ratios"] = Json::array();
      for (const CostOfAverted& each : costs_of_averted(result, reform))
        entry["ratios"].push_back({{"name", each.name},
                                   {"determined", each.ratio.determined},
                                   {"value", each.ratio.determined ? number(each.ratio.value) : Json(nullptr)},
                                   {"low", number(each.ratio.low)},
                                   {"high", number(each.ratio.high)}});
    }
    all["reforms"].push_back(std::move(entry));
  }
  return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string comparison_csv(const PairedResult& result, const std::vector<std::string>& measures,
                           const std::vector<CalendarDay>& dates, bool with_ratios) {
  std::string text = "reform,baseline,measure,unit,date,position";
  for (const char* whose : {"baseline", "reform", "difference"})
    for (const char* what : {"mean", "se", "low", "high"}) text += fmt::format(",{}_{}", whose, what);
  text += "\n";
  for (const std::string& reform : result.reforms()) {
    const std::string worlds = field(reform) + "," + field(result.baseline()) + ",";
    for (const std::string& measure : measures) {
      const std::string unit = field(result.file().array(measure).units);
      each_number(result, reform, measure, dates, [&](const std::string& date, const ComparedNumber& each) {
        std::string position;
        for (const std::string& label : each.labels) position += (position.empty() ? "" : "/") + label;
        text += worlds + measure + "," + unit + "," + date + "," + field(position) + fields(each.baseline) +
                fields(each.reform) + fields(each.difference) + "\n";
      });
    }
    if (!with_ratios) continue;
    for (const CostOfAverted& each : costs_of_averted(result, reform))
      text += fmt::format("{}{},,,,,,,,,,,,{},,{},{}\n", worlds, each.name,
                          each.ratio.determined ? field(each.ratio.value) : "", field(each.ratio.low),
                          field(each.ratio.high));
  }
  return text;
}

}  // namespace prisonflow::cli
