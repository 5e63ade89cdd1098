// `prisonflow compare`: what differs between the scenarios of a result, then what comes of it.
#include <fmt/format.h>

#include <algorithm>

#include "models/cli/compare_records.hpp"
#include "models/cli/compare_text.hpp"
#include "models/cli/messages.hpp"
#include "models/cli/options.hpp"
#include "models/diagnostics.hpp"
#include "output/output_error.hpp"

namespace prisonflow::cli {

namespace {

/// Shown unless others are asked for; those that are not in the file are left out.
constexpr const char* kUsual[] = {"prison_population",     "pretrial_population", "sentenced_population",
                                  "under_supervision",     "under_control",       "supervised_per_prisoner_less",
                                  "occupancy_total",       "prison_admissions",   "new_cases",
                                  "reoffending_within_2y", "cost_total"};
/// What the sections of the text are made of; as rows for programs.
constexpr const char* kOfSections[] = {"case_outcomes",
                                       "back_door_custody",
                                       "widening_ratio",
                                       "cases",
                                       "persons",
                                       "cases_accounted",
                                       "control_days_gained",
                                       "control_days_lost",
                                       "share_of_days_above_total",
                                       "days_to_first_breach_total",
                                       "places_short_total",
                                       "occupancy",
                                       "share_of_days_above",
                                       "cost_of_run",
                                       "cost_of_run_discounted",
                                       "prisoner_years",
                                       "supervision_years",
                                       "split_prison_population",
                                       "split_under_supervision",
                                       "split_under_control",
                                       "split_cost_total"};
constexpr std::size_t kMostDates = 6;

std::string listed(const std::vector<std::string>& words, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < std::min(words.size(), most); ++i) text += (i > 0 ? ", " : "") + words[i];
  return words.size() > most ? text + fmt::format(" and {} more", words.size() - most) : text;
}

class Plan {
 public:
  Plan(const PairedResult& result, const CompareOptions& options) : result_(result), usual_(options.measures.empty()) {
    for (const std::string& measure : options.measures) measures.push_back(known(measure));
    if (usual_)
      for (const char* measure : kUsual)
        if (result.has(measure)) measures.emplace_back(measure);
    for (const std::string& date : options.dates) dates.push_back(month_of(date));
    if (dates.empty()) choose_dates();
  }

  bool usual() const { return usual_; }
  std::vector<std::string> measures;
  std::vector<CalendarDay> dates;

 private:
  std::string known(const std::string& measure) const {
    if (result_.has(measure)) return measure;
    const std::vector<std::string> all = result_.file().measures();
    const std::string meant = models::closest(measure, all);
    throw UsageError(fmt::format(
        "{}: there is no measure '{}'{}", result_.file().path().string(), measure,
        meant.empty() ? fmt::format(" (there are {})", listed(all, 12)) : fmt::format("; did you mean '{}'?", meant)));
  }

  CalendarDay month_of(const std::string& text) const {
    const std::string file = result_.file().path().string();
    const std::vector<CalendarDay>& months = result_.months();
    if (months.empty()) throw UsageError(fmt::format("{}: has no months to choose from", file));
    CalendarDay date;
    try {
      date = output::parse_date(text + (text.size() == 4 ? "-01-01" : text.size() == 7 ? "-01" : ""));
    } catch (const output::OutputError&) {
      throw UsageError(fmt::format("'{}' is no date (--at takes a year, a month or a day); write {}", text,
                                   short_date(months.back())));
    }
    if (std::find(months.begin(), months.end(), date) != months.end()) return date;
    const auto nearest = std::min_element(months.begin(), months.end(), [&](CalendarDay left, CalendarDay right) {
      return std::chrono::abs(left - date) < std::chrono::abs(right - date);
    });
    throw UsageError(fmt::format(
        "{}: has nothing at '{}' (it has the first days of months from {} to {}); the nearest "
        "is {}",
        file, text, short_date(months.front()), short_date(months.back()), output::format_date(*nearest).substr(0, 7)));
  }

  /// Up to six: 1 Januaries after the start, evenly spread, and the last month.
  void choose_dates() {
    const std::vector<CalendarDay>& months = result_.months();
    if (months.empty()) return;
    std::vector<CalendarDay> januaries;
    for (const CalendarDay month : months)
      if (is_first_of_january(month) && month != months.front()) januaries.push_back(month);
    const bool last_is_one = !januaries.empty() && januaries.back() == months.back();
    const std::size_t room = kMostDates - (last_is_one ? 0 : 1);
    const std::size_t step = (januaries.size() + room - 1) / room;
    for (std::size_t i = januaries.size(); i > 0; i = i > step ? i - step : 0) dates.push_back(januaries[i - 1]);
    std::reverse(dates.begin(), dates.end());
    if (!last_is_one) dates.push_back(months.back());
  }

  const PairedResult& result_;
  bool usual_;
};

std::string text_of(const PairedResult& result, const Plan& plan) {
  std::string text;
  for (const std::string& reform : result.reforms()) text += differences_text(result, reform) + "\n";
  for (const std::string& reform : result.reforms()) {
    text += toned_output(Tone::strong, reform);
    if (const std::string title = result.title(reform); !title.empty()) text += "  " + title;
    text += fmt::format("\nagainst {}, {}\n", result.baseline(), plural(result.replications(), "replication"));
    text += measures_text(result, reform, plan.measures, plan.dates) + "\n";
    if (!plan.usual()) continue;
    for (const std::string& section : {split_text(result, reform, plan.dates), widening_text(result, reform),
                                       crowding_text(result, reform, plan.dates), cost_text(result, reform)})
      if (!section.empty()) text += section + "\n";
  }
  return text +
         toned_output(Tone::faint,
                      "Stocks are those of the first day of the month, flows those of the month. Intervals hold "
                      "95 per cent\nof the replications. Differences are paired: the same persons and chances in "
                      "both worlds; those of\nshares are in percentage points.\n");
}

}  // namespace

int compare(const CompareOptions& options) {
  try {
    const output::ResultFile file(options.result);
    const PairedResult result(file);
    const Plan plan(result, options);
    if (options.format == CompareOptions::Format::text) {
      print(text_of(result, plan));
      return kDone;
    }
    std::vector<std::string> measures = plan.measures;
    if (plan.usual())
      for (const char* measure : kOfSections)
        if (result.has(measure)) measures.emplace_back(measure);
    print(options.format == CompareOptions::Format::json ? comparison_json(result, measures, plan.dates, plan.usual())
                                                         : comparison_csv(result, measures, plan.dates, plan.usual()));
  } catch (const output::OutputError& refused) {
    throw UsageError(refused.what());  // a file that cannot be read is wrong input
  }
  return kDone;
}

}  // namespace prisonflow::cli
