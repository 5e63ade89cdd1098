// `prisonflow summary`: a result year by year, simulated beside observed, one block a scenario.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "models/cli/headline.hpp"
#include "models/cli/messages.hpp"
#include "models/cli/options.hpp"
#include "models/cli/result_reading.hpp"
#include "output/output_error.hpp"
#include "output/table.hpp"

namespace prisonflow::cli {

namespace {

constexpr std::size_t kWidth = 100;
constexpr const char* kMain = "prison_population";

/// Further columns of the main table: heading, measure, and whether it is a share.
struct Beside {
  const char* heading;
  const char* measure;
  bool share;
};
constexpr Beside kBeside[] = {{"occupancy", "occupancy_total", true},
                              {"pretrial", "unsentenced_share", true},
                              {"supervised", "under_supervision", false},
                              {"control", "under_control", false}};

enum class Use { none, fitted, judged };
const char* word_for(Use use) {
  return use == Use::fitted ? "fitted" : use == Use::judged ? "judged" : "";
}

/// What a figure is to a scenario; nothing to one that was neither fitted to it nor is judged by it.
Use use_of(const ObservedSeries& series, const std::string& scenario, CalendarDay date) {
  const auto within = [&](const std::map<std::string, Years>& years) {
    const auto found = years.find(scenario);
    return found != years.end() && found->second.include(year_of(date));
  };
  return within(series.fitted) ? Use::fitted : within(series.judged) ? Use::judged : Use::none;
}

std::string signed_share(double value) {
  return std::isnan(value) ? "–" : fmt::format("{:+.1f} %", 100 * value);
}

nlohmann::ordered_json headline_json(const Headline& headline) {
  using Json = nlohmann::ordered_json;
  Json all = Json::array();
  if (headline.stock)
    all.push_back({{"about", "stock_at_end"},
                   {"date", output::format_date(headline.end)},
                   {"mean", headline.stock->mean},
                   {"low", headline.stock->low},
                   {"high", headline.stock->high},
                   {"sentence", headline.stock_sentence()}});
  if (headline.breach) {
    const FirstBreach& breach = *headline.breach;
    Json entry = {{"about", "places_run_out"},
                  {"chance", static_cast<double>(breach.breached) / static_cast<double>(breach.replications)}};
    if (breach.breached > 0) {
      entry["median"] = output::format_date(breach.median);
      entry["early"] = output::format_date(breach.early);
      entry["late"] = output::format_date(breach.late);
    }
    entry["sentence"] = headline.breach_sentence();
    all.push_back(std::move(entry));
  }
  if (headline.widening) {
    const auto number = [](double value) { return std::isnan(value) ? Json(nullptr) : Json(value); };
    const Widening& widening = *headline.widening;
    all.push_back({{"about", "net_widening"},
                   {"net_widening", widening.widened},
                   {"true_diversion", widening.diverted},
                   {"ratio", number(widening.ratio.mean)},
                   {"low", number(widening.ratio.low)},
                   {"high", number(widening.ratio.high)},
                   {"sentence", headline.widening_sentence()}});
  }
  return all;
}

class Summary {
 public:
  explicit Summary(const output::ResultFile& file)
      : file_(file), scenarios_(file.labels("scenario")), observed_(observed_series(file)) {
    if (file.has_dimension("time")) months_ = file.dates("time");
  }

  std::string text() const;
  std::string json() const;

 private:
  struct Deviation {
    double largest = 0;
    CalendarDay when{};
    int first_year = 0, last_year = 0;
    bool any = false;
    void add(double share, CalendarDay date) {
      if (std::isnan(share)) return;
      if (!any) first_year = year_of(date);
      last_year = year_of(date);
      if (!any || std::abs(share) > std::abs(largest)) {
        largest = share;
        when = date;
      }
      any = true;
    }
    std::string words(const char* use) const {
      const std::string years =
          first_year == last_year ? std::to_string(first_year) : fmt::format("{}–{}", first_year, last_year);
      return fmt::format("{} {}: at most {} apart ({})", use, years, fmt::format("{:.1f} %", 100 * std::abs(largest)),
                         short_date(when));
    }
  };

  const ObservedSeries* series_of(const std::string& measure) const {
    const auto found = std::find_if(observed_.begin(), observed_.end(),
                                    [&](const ObservedSeries& series) { return series.measure == measure; });
    return found == observed_.end() ? nullptr : &*found;
  }
  std::string heading() const;
  std::string headlines() const;
  std::string scenario_title(std::size_t index) const;
  std::string main_block(std::size_t scenario) const;
  std::string series_block(const ObservedSeries& series) const;
  std::string what_is_there() const;

  const output::ResultFile& file_;
  std::vector<std::string> scenarios_;
  std::vector<ObservedSeries> observed_;
  std::vector<CalendarDay> months_;
};

std::string Summary::scenario_title(std::size_t index) const {
  for (const auto& auxiliary : file_.dimension("scenario").auxiliary_labels) {
    if (auxiliary.name == "scenario_name") return auxiliary.labels[index];
  }
  return {};
}

std::string Summary::heading() const {
  const std::string program = file_.attribute("source").value_or("prisonflow");
  const std::string seed = file_.text("provenance", "seed").value_or("?");
  std::string text = toned_output(Tone::strong, file_.path().string()) + "\n";
  if (!months_.empty())
    text += fmt::format("{} months from {}, ", months_.size(), output::format_date(months_.front()));
  text += fmt::format("{}, {}, seed {}, {}\n", plural(scenarios_.size(), "scenario"),
                      plural(file_.dimension("replication").size, "replication"), seed, program);
  return text;
}

/// What the file says of each scenario, in a few sentences.
std::string Summary::headlines() const {
  std::string text;
  for (const std::string& scenario : scenarios_)
    text += toned_output(Tone::strong, scenario) + "\n" + headline_of(file_, scenario).text(kWidth);
  return text;
}

std::string Summary::main_block(std::size_t scenario) const {
  const std::string& name = scenarios_[scenario];
  const std::vector<Point> prisoners = course(file_, kMain, name);
  const ObservedSeries* const series = series_of(kMain);
  std::vector<std::pair<Beside, std::vector<Point>>> beside;
  for (const Beside& column : kBeside) {
    std::vector<Point> points = course(file_, column.measure, name);
    if (!points.empty()) beside.emplace_back(column, std::move(points));
  }
  std::vector<output::Column> columns = {{"", output::Alignment::left}};
  if (series != nullptr) columns.push_back({"observed"});
  columns.insert(columns.end(), {{"simulated"}, {"95 % interval"}});
  if (series != nullptr) columns.push_back({"differs"});
  for (const auto& [column, points] : beside) columns.push_back({column.heading});
  const bool marked = series != nullptr && (series->fitted.contains(name) || series->judged.contains(name));
  if (marked) columns.push_back({"", output::Alignment::left});
  output::Table table(columns);

  Deviation fitted, judged;
  std::vector<std::string> footnotes;
  Use before = Use::none;
  for (const Comparison& row :
       comparisons(months_, series != nullptr ? series->points : std::vector<ObservedPoint>{})) {
    const Point& point = prisoners[row.month];
    const CalendarDay date = months_[row.month];
    std::vector<std::string> cells = {short_date(date)};
    const double difference = row.observed ? point.mean / row.observed->value - 1 : std::nan("");
    const Use use = series != nullptr && row.observed ? use_of(*series, name, date) : Use::none;
    if (series != nullptr) {
      std::string shown = row.observed ? output::format_number(row.observed->value) : "";
      if (row.observed && row.observed->date != date) {
        footnotes.push_back(
            fmt::format("{}: observed on {}", short_date(date), output::format_date(row.observed->date)));
        shown += "*";
      }
      cells.push_back(shown);
    }
    cells.push_back(output::format_number(point.mean));
    cells.push_back(output::format_number(point.low) + "–" + output::format_number(point.high));
    if (series != nullptr) cells.push_back(row.observed ? signed_share(difference) : "");
    for (const auto& [column, points] : beside) {
      const double value = points[row.month].mean;
      cells.push_back(column.share ? output::format_share(value) : output::format_number(value));
    }
    if (use != Use::none && before != Use::none && use != before) table.add_rule();
    if (use != Use::none) before = use;
    if (marked) cells.push_back(word_for(use));
    if (use == Use::fitted) fitted.add(difference, date);
    if (use == Use::judged) judged.add(difference, date);
    table.add_row(std::move(cells));
  }
  std::string text = toned_output(Tone::strong, name);
  if (const std::string title = scenario_title(scenario); !title.empty()) text += "  " + title;
  text += "\n" + table.text(kWidth);
  for (const std::string& note : footnotes) text += "  * " + note + "\n";
  if (fitted.any) text += "  " + fitted.words("fitted") + "\n";
  if (judged.any) text += "  " + judged.words("judged") + "\n";
  return text;
}

/// A further published series: all scenarios side by side, only where something was observed.
std::string Summary::series_block(const ObservedSeries& series) const {
  std::vector<std::vector<Point>> courses;
  for (const std::string& scenario : scenarios_) courses.push_back(course(file_, series.measure, scenario));
  if (courses.front().empty()) return {};
  std::vector<output::Column> columns = {{"", output::Alignment::left}, {"observed"}};
  for (const std::string& scenario : scenarios_) {
    columns.push_back({output::shortened(scenario, 24)});
    columns.push_back({"differs"});
  }
  output::Table table(columns);
  double largest = 0;
  for (const ObservedPoint& point : series.points) largest = std::max(largest, std::abs(point.value));
  const int decimals = largest < 10 ? 3 : largest < 1000 ? 1 : 0;
  bool any = false;
  std::vector<std::string> footnotes;
  for (const Comparison& row : comparisons(months_, series.points)) {
    if (!row.observed) continue;
    any = true;
    const CalendarDay date = months_[row.month];
    const bool other_day = row.observed->date != date;
    if (other_day)
      footnotes.push_back(fmt::format("{}: observed on {}", short_date(date), output::format_date(row.observed->date)));
    std::vector<std::string> cells = {short_date(date),
                                      output::format_number(row.observed->value, decimals) + (other_day ? "*" : "")};
    for (const auto& points : courses) {
      cells.push_back(output::format_number(points[row.month].mean, decimals));
      cells.push_back(signed_share(points[row.month].mean / row.observed->value - 1));
    }
    table.add_row(std::move(cells));
  }
  if (!any) return {};
  std::string text = toned_output(Tone::strong, series.label);
  if (!series.unit.empty()) text += "  (" + series.unit + ")";
  text += "\n" + table.text(kWidth);
  for (const std::string& note : footnotes) text += "  * " + note + "\n";
  return text + "\n";
}

std::string Summary::what_is_there() const {
  output::Table table(
      {{"measure", output::Alignment::left}, {"by", output::Alignment::left}, {"", output::Alignment::left}});
  for (const std::string& measure : file_.measures()) {
    const output::ArraySpec& spec = file_.array(measure);
    std::string by;
    for (const std::string& dimension : spec.dimensions) {
      if (dimension != "scenario" && dimension != "replication") by += (by.empty() ? "" : ", ") + dimension;
    }
    table.add_row({measure, by, spec.long_name});
  }
  return "There is no measure 'prison_population' by month here. The file has\n" + table.text(kWidth);
}

std::string Summary::text() const {
  std::string text = heading() + "\n";
  const std::string file = file_.path().string();
  if (months_.empty() || course(file_, kMain, scenarios_.front()).empty()) return text + what_is_there();
  text += headlines() + "\n";
  for (std::size_t scenario = 0; scenario < scenarios_.size(); ++scenario) text += main_block(scenario) + "\n";
  for (const ObservedSeries& series : observed_) {
    if (&series != series_of(kMain)) text += series_block(series);
  }
  text += toned_output(
      Tone::faint,
      "Figures are those of the first day of the month; the interval holds 95 per cent of the replications.\n"
      "occupancy: prisoners a place; pretrial: unsentenced among prisoners (SDG 16.3.2); supervised: in the\n"
      "community; control: prisoners and supervised together.\n");
  text += "\nNext:\n";
  if (scenarios_.size() > 1)
    text += fmt::format("  prisonflow compare {}   what differs, and what comes of it\n", file);
  text += fmt::format(
      "  ncdump -h {0}        all that is in the file\n"
      "  python3 -c 'import xarray; print(xarray.open_dataset(\"{0}\"))'\n",
      file);
  return text;
}

std::string Summary::json() const {
  using Json = nlohmann::ordered_json;
  const auto number = [](double value) { return std::isnan(value) ? Json(nullptr) : Json(value); };
  Json all = {{"file", file_.path().string()},
              {"seed", file_.text("provenance", "seed").value_or("")},
              {"replications", file_.dimension("replication").size},
              {"scenarios", Json::array()}};
  for (std::size_t scenario = 0; scenario < scenarios_.size() && !months_.empty(); ++scenario) {
    Json entry = {{"name", scenarios_[scenario]},
                  {"title", scenario_title(scenario)},
                  {"headline", headline_json(headline_of(file_, scenarios_[scenario]))},
                  {"years", Json::array()},
                  {"observed", Json::array()}};
    std::vector<std::string> measures = {kMain};
    for (const Beside& column : kBeside) measures.emplace_back(column.measure);
    std::vector<std::pair<std::string, std::vector<Point>>> courses;
    for (const std::string& measure : measures)
      courses.emplace_back(measure, course(file_, measure, scenarios_[scenario]));
    for (const Comparison& row : comparisons(months_, {})) {
      Json year = {{"date", output::format_date(months_[row.month])}};
      for (const auto& [measure, points] : courses) {
        if (points.empty()) continue;
        const Point& point = points[row.month];
        year[measure] = {{"mean", number(point.mean)}, {"low", number(point.low)}, {"high", number(point.high)}};
      }
      entry["years"].push_back(std::move(year));
    }
    for (const ObservedSeries& series : observed_) {
      const std::vector<Point> points = course(file_, series.measure, scenarios_[scenario]);
      if (points.empty()) continue;
      for (const Comparison& row : comparisons(months_, series.points)) {
        if (!row.observed) continue;
        const Point& point = points[row.month];
        entry["observed"].push_back({{"series", series.name},
                                     {"date", output::format_date(row.observed->date)},
                                     {"compared_with", output::format_date(months_[row.month])},
                                     {"observed", row.observed->value},
                                     {"simulated", number(point.mean)},
                                     {"low", number(point.low)},
                                     {"high", number(point.high)},
                                     {"difference", number(point.mean / row.observed->value - 1)},
                                     {"use", word_for(use_of(series, scenarios_[scenario], months_[row.month]))}});
      }
    }
    all["scenarios"].push_back(std::move(entry));
  }
  return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

int summary(const SummaryOptions& options) {
  try {
    const output::ResultFile file(options.result);
    const Summary summary(file);
    print(options.json ? summary.json() : summary.text());
  } catch (const output::OutputError& refused) {
    throw UsageError(refused.what());  // a file that cannot be read is wrong input
  }
  return kDone;
}

}  // namespace prisonflow::cli
