// The questions of `compare` beyond single measures: whom the reform drew in, when places run out, what it costs. See
// compare_text.hpp.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/cli/compare_text.hpp"
#include "models/cli/findings.hpp"
#include "models/cli/messages.hpp"
#include "output/statistics.hpp"
#include "output/table.hpp"

namespace prisonflow::cli {

namespace {

using output::Alignment;
using output::Table;

std::string heading(const std::string& words) {
  return toned_output(Tone::strong, words) + "\n";
}

std::string in_words(std::string label) {
  std::replace(label.begin(), label.end(), '_', ' ');
  return label;
}

std::vector<std::string> labels_of(const PairedResult& result, const std::string& dimension) {
  return result.file().has_dimension(dimension) ? result.file().labels(dimension) : std::vector<std::string>();
}

/// Whether the measure is there with just these dimensions beyond scenario, replication and time.
bool has(const PairedResult& result, const std::string& measure, const std::vector<std::string>& dimensions) {
  return result.has(measure) && result.dimensions(measure) == dimensions;
}

std::string count(const Estimate& estimate) {
  return output::format_number(estimate.mean);
}
std::string count_interval(const Estimate& estimate) {
  return Figures{}.interval(estimate);
}

/// A row for each label of one dimension, with mean and interval of the reform's numbers.
std::string counts_text(const PairedResult& result, const std::string& reform, const std::string& measure,
                        const std::string& dimension, const std::string& heading_of_numbers) {
  if (!has(result, measure, {dimension})) return {};
  Table table({{"", Alignment::left}, {heading_of_numbers}, {"95 % interval"}});
  for (const ComparedNumber& number : result.compared(measure, reform, {}))
    table.add_row({"  " + in_words(number.labels[0]), count(number.reform), count_interval(number.reform)});
  return table.text(kCompareWidth);
}

std::string outcomes_text(const PairedResult& result, const std::string& reform) {
  if (!has(result, "case_outcomes", {"case_outcome"})) return {};
  const bool back_door = has(result, "back_door_custody", {"case_outcome"});
  std::vector<output::Column> columns = {{"", Alignment::left}, {"cases"}, {"95 % interval"}};
  if (back_door) columns.insert(columns.end(), {{"in custody through breach"}, {"95 % interval"}});
  Table table(columns);
  for (const ComparedNumber& number : result.compared("case_outcomes", reform, {})) {
    std::vector<std::string> cells = {"  " + in_words(number.labels[0]), count(number.reform),
                                      count_interval(number.reform)};
    if (back_door) {
      const Estimate through = estimate(result.sample("back_door_custody", reform, {}, number.labels));
      cells.insert(cells.end(), {count(through), count_interval(through)});
    }
    table.add_row(std::move(cells));
  }
  return table.text(kCompareWidth);
}

/// Cases or persons by the most control in the baseline (rows) and in the reform (columns).
std::string matrix_text(const PairedResult& result, const std::string& reform, const std::string& measure) {
  if (!has(result, measure, {"baseline_rank", "reform_rank"})) return {};
  std::vector<output::Column> columns = {{"  " + measure + ", baseline ↓  reform →", Alignment::left}};
  const std::vector<std::string> ranks = labels_of(result, "reform_rank");
  for (const std::string& rank : ranks) columns.push_back({rank});
  Table table(columns);
  std::vector<std::string> cells;
  for (const Sample& sample : result.samples(measure, reform, {})) {
    if (cells.empty()) cells.push_back("  " + sample.labels[0]);
    cells.push_back(count(estimate(sample.values)));
    if (cells.size() <= ranks.size()) continue;
    table.add_row(std::move(cells));
    cells.clear();
  }
  return table.text(kCompareWidth);
}

std::string control_days_text(const PairedResult& result, const std::string& reform) {
  if (!has(result, "control_days_gained", {"control_rank"}) || !has(result, "control_days_lost", {"control_rank"}))
    return {};
  Table table({{"  person-days", Alignment::left}, {"gained"}, {"95 % interval"}, {"lost"}, {"95 % interval"}});
  for (const std::string& rank : labels_of(result, "control_rank")) {
    const Estimate gained = estimate(result.sample("control_days_gained", reform, {}, {rank}));
    const Estimate lost = estimate(result.sample("control_days_lost", reform, {}, {rank}));
    table.add_row({"  " + rank, count(gained), count_interval(gained), count(lost), count_interval(lost)});
  }
  return table.text(kCompareWidth);
}

/// A table of both worlds, and what the reform makes of the baseline where that is a number.
class BothWorlds {
 public:
  BothWorlds(const PairedResult& result, const std::string& reform)
      : table_({{"", Alignment::left},
                {output::shortened(result.baseline(), 22)},
                {output::shortened(reform, 22)},
                {"difference"},
                {"95 % interval"}}) {}

  void title(const std::string& words) { table_.add_title("  " + words); }
  /// A finding that needs no row.
  void note(const std::string& words) {
    table_.add_title("    " + words);
    any_ = true;
  }
  void row(const std::string& first, const std::string& baseline, const std::string& reform) {
    table_.add_row({"    " + first, baseline, reform, "", ""});
    any_ = true;
  }
  void row(const std::string& first, const Figures& figures, const ComparedNumber& number, bool with_interval) {
    table_.add_row({"    " + first, figures.level(number.baseline.mean), figures.level(number.reform.mean),
                    figures.difference(number.difference.mean),
                    with_interval ? figures.difference_interval(number.difference) : ""});
    any_ = true;
  }
  std::string text() const { return any_ ? table_.text(kCompareWidth) : ""; }

 private:
  Table table_;
  bool any_ = false;
};

void add_chances(BothWorlds& table, const PairedResult& result, const std::string& reform,
                 const std::vector<CalendarDay>& dates) {
  if (!has(result, "share_of_days_above_total", {"threshold"})) return;
  table.title("chance of being above, on a day of the month");
  std::string never;
  const std::vector<std::string> thresholds = labels_of(result, "threshold");
  for (std::size_t place = 0; place < thresholds.size(); ++place) {
    std::vector<ComparedNumber> numbers;
    for (const CalendarDay date : dates)
      numbers.push_back(result.compared("share_of_days_above_total", reform, date)[place]);
    if (std::all_of(numbers.begin(), numbers.end(),
                    [](const auto& each) { return each.baseline.mean == 0 && each.reform.mean == 0; })) {
      never += (never.empty() ? "" : ", ") + thresholds[place] + " %";
      continue;
    }
    for (std::size_t i = 0; i < dates.size(); ++i)
      table.row(fmt::format("{} %  {}", thresholds[place], short_date(dates[i])), {true, 1}, numbers[i], false);
  }
  if (!never.empty()) table.note("never above " + never + " in these months");
}

/// Facility by facility at the last date: how full, and the chance of being above the official number.
void add_facilities(BothWorlds& table, const PairedResult& result, const std::string& reform, CalendarDay date) {
  if (!has(result, "occupancy", {"facility"})) return;
  const std::vector<ComparedNumber> numbers = result.compared("occupancy", reform, date);
  const auto unknown = [](const ComparedNumber& number) {
    return std::isnan(number.baseline.mean) && std::isnan(number.reform.mean);
  };
  if (numbers.size() < 2 || std::all_of(numbers.begin(), numbers.end(), unknown)) return;
  table.title("occupancy " + short_date(date));
  for (const ComparedNumber& number : numbers)
    if (!unknown(number)) table.row(number.labels[0], {true, 1}, number, true);
  if (!has(result, "share_of_days_above", {"threshold", "facility"})) return;
  std::vector<ComparedNumber> above = result.compared("share_of_days_above", reform, date);
  above.erase(
      std::remove_if(above.begin(), above.end(),
                     [&](const ComparedNumber& number) { return number.labels[0] != "100" || unknown(number); }),
      above.end());
  if (std::all_of(above.begin(), above.end(),
                  [](const ComparedNumber& each) { return each.baseline.mean == 0 && each.reform.mean == 0; }))
    return;
  table.title("chance of being above 100 %, on a day of " + short_date(date));
  for (const ComparedNumber& number : above) table.row(number.labels[1], {true, 1}, number, false);
}

void add_breaches(BothWorlds& table, const PairedResult& result, const std::string& reform) {
  bool titled = false;
  for (const std::string& threshold : labels_of(result, "threshold")) {
    const auto before = first_breach(result.file(), result.baseline(), threshold);
    const auto after = first_breach(result.file(), reform, threshold);
    if (!before || !after) return;
    if (before->breached == 0 && after->breached == 0) continue;
    if (!titled) table.title("first day above, within the run");
    titled = true;
    const auto share = [](const FirstBreach& breach) {
      return output::format_share(static_cast<double>(breach.breached) / static_cast<double>(breach.replications));
    };
    const auto date = [](const FirstBreach& breach, CalendarDay day) {
      return breach.breached == 0 ? std::string("–") : output::format_date(day);
    };
    table.row(threshold + " %  share of runs", share(*before), share(*after));
    table.row(threshold + " %  5 % of those by", date(*before, before->early), date(*after, after->early));
    table.row(threshold + " %  half of those by", date(*before, before->median), date(*after, after->median));
    table.row(threshold + " %  95 % of those by", date(*before, before->late), date(*after, after->late));
  }
}

void add_places_short(BothWorlds& table, const PairedResult& result, const std::string& reform,
                      const std::vector<CalendarDay>& dates) {
  if (!has(result, "places_short_total", {})) return;
  table.title("places short");
  const auto some_short = [&](CalendarDay date) {
    const ComparedNumber number = result.compared("places_short_total", reform, date)[0];
    return number.baseline.mean > 0 || number.reform.mean > 0;
  };
  if (std::none_of(dates.begin(), dates.end(), some_short)) return table.note("none in these months");
  for (const CalendarDay date : dates) {
    table.row(short_date(date) + "  expected", Figures{}, result.compared("places_short_total", reform, date)[0], true);
    const std::vector<double> before = result.sample("places_short_total", result.baseline(), date, {});
    const std::vector<double> after = result.sample("places_short_total", reform, date, {});
    for (const auto& [words, level] : {std::pair{"  at 5 % risk", 0.95}, std::pair{"  at 1 % risk", 0.99}})
      table.row(short_date(date) + words, output::format_number(output::quantile(before, level)),
                output::format_number(output::quantile(after, level)));
  }
}

}  // namespace

std::string widening_text(const PairedResult& result, const std::string& reform) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() || part.empty() ? "" : "\n") + part; };
  add(outcomes_text(result, reform));
  if (const auto found = widening(result.file(), reform); found && !std::isnan(found->ratio.mean))
    text += fmt::format("  widening ratio {} ({}): net-widening over net-widening and true diversion\n",
                        output::format_share(found->ratio.mean), Figures{true, 1}.interval(found->ratio));
  add(matrix_text(result, reform, "cases"));
  add(matrix_text(result, reform, "persons"));
  add(control_days_text(result, reform));
  add(counts_text(result, reform, "cases_accounted", "case_account", "cases"));
  return text.empty() ? "" : heading("Net-widening: the same cases in both worlds, over the whole run") + text;
}

std::string crowding_text(const PairedResult& result, const std::string& reform,
                          const std::vector<CalendarDay>& dates) {
  BothWorlds table(result, reform);
  add_chances(table, result, reform, dates);
  add_breaches(table, result, reform);
  add_places_short(table, result, reform, dates);
  if (!dates.empty()) add_facilities(table, result, reform, dates.back());
  const std::string text = table.text();
  return text.empty()
             ? ""
             : heading("Places: all together and facility by facility, per cent of the official number") + text;
}

std::string cost_text(const PairedResult& result, const std::string& reform) {
  Table table({{"", Alignment::left},
               {output::shortened(result.baseline(), 18)},
               {output::shortened(reform, 18)},
               {"difference"},
               {"95 % interval"}});
  std::string unit;
  bool any_cost = false;
  // Thousand millions are hard to read and leave no room for the words beside them.
  constexpr double kMany = 1e9;
  bool in_millions = false;
  const auto shrink = [](Estimate& each) {
    each = {each.mean / kMillion, each.standard_error / kMillion, each.low / kMillion, each.high / kMillion};
  };
  for (const auto& [measure, words] :
       {std::pair{"cost_of_run", "cost"}, std::pair{"cost_of_run_discounted", "cost, discounted"},
        std::pair{"prisoner_years", "prisoner-years"}, std::pair{"supervision_years", "supervision-years"}}) {
    if (!has(result, measure, {}) || result.is_monthly(measure)) continue;
    const bool money = std::string_view(measure).starts_with("cost");
    any_cost = any_cost || money;
    if (money) unit = result.file().array(measure).units;
    ComparedNumber number = result.compared(measure, reform, {})[0];
    in_millions = in_millions || (money && std::abs(number.baseline.mean) >= kMany);
    if (money && in_millions) {
      for (Estimate* each : {&number.baseline, &number.reform, &number.difference}) shrink(*each);
    }
    const Figures figures = Figures::of(result.file().array(measure), std::abs(number.baseline.mean));
    table.add_row({std::string("  ") + words, figures.level(number.baseline.mean), figures.level(number.reform.mean),
                   figures.difference(number.difference.mean), figures.difference_interval(number.difference)});
  }
  if (!any_cost) return {};
  std::string text = heading("Cost of the whole run" +
                             (unit.empty() || unit == "1" ? "" : (in_millions ? " (million " : " (") + unit + ")"));
  text += table.text(kCompareWidth);
  for (const CostOfAverted& each : costs_of_averted(result, reform)) {
    const output::RatioInterval& ratio = each.ratio;
    const auto money = [](double value) { return output::format_number(value, std::abs(value) < 1000 ? 2 : 0); };
    if (ratio.determined && each.added)
      text += fmt::format("  {} (there are more in the reform)\n", each.words + ": none was averted");
    else if (ratio.determined)
      text += fmt::format("  {}, discounted: {} ({} to {}){}\n", each.words, money(ratio.value), money(ratio.low),
                          money(ratio.high), ratio.high < 0 ? ": the reform saves" : "");
    else
      text += fmt::format("  {}: not determined (the number averted may be 0)\n", each.words);
  }
  return text;
}

}  // namespace prisonflow::cli
