// The frame of a result file: dates, labels, facts about states, observed series, provenance. See result_layout.hpp.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <map>
#include <set>

#include "models/cli/difference_record.hpp"
#include "models/cli/program_facts.hpp"
#include "models/cli/result_layout.hpp"
#include "models/describe.hpp"
#include "output/sha256.hpp"

namespace prisonflow::cli {

namespace {

constexpr const char* kLicense = "CC-BY-4.0";

std::chrono::sys_days calendar_day(sim::Date date) {
  return std::chrono::sys_days(std::chrono::days(date.days_since_1970));
}

const std::map<std::string, std::string>& axis_names() {
  static const std::map<std::string, std::string> names = {{"state", "state of the pathway"},
                                                           {"region", "region"},
                                                           {"sex", "sex"},
                                                           {"offence", "offence"},
                                                           {"age", "age band"},
                                                           {"prior", "prior convictions"},
                                                           {"risk", "risk of reoffending"},
                                                           {"facility", "facility"},
                                                           {"service", "service"},
                                                           {"control_rank", "degree of control"},
                                                           {"baseline_rank", "highest control in the baseline"},
                                                           {"reform_rank", "highest control in the reform"},
                                                           {"case_outcome", "what the reform did to a case"},
                                                           {"case_account", "where a case is accounted for"},
                                                           {"package_part", "part of the reform"},
                                                           {"threshold", "per cent of the official places"},
                                                           {"feedback", "feedback link"}};
  return names;
}

/// Labels with the names for people beside them.
output::Dimension labelled(const std::string& name, const std::string& long_name,
                           const std::vector<std::string>& labels, const std::vector<std::string>& descriptions) {
  output::Dimension dimension = output::label_dimension(name, long_name, labels);
  if (std::any_of(descriptions.begin(), descriptions.end(), [](const auto& text) { return !text.empty(); })) {
    dimension.auxiliary_labels = {{name + "_name", descriptions, {{"long_name", long_name + ", in words"}}}};
  }
  return dimension;
}

/// A number for each state from one of its facts, explained by flag_values and flag_meanings as CF has it.
template <std::size_t Size>
output::LabelledArray flags(const std::string& name, const std::string& long_name,
                            const std::array<std::string_view, Size>& meanings, std::vector<double> values) {
  std::vector<std::int64_t> flag_values;
  std::string flag_meanings;
  for (std::size_t flag = 0; flag < Size; ++flag) {
    flag_values.push_back(static_cast<std::int64_t>(flag));
    flag_meanings += (flag > 0 ? " " : "") + std::string(meanings[flag]);
  }
  output::LabelledArray array;
  array.spec.name = name;
  array.spec.dimensions = {"state"};
  array.spec.type = output::ElementType::int32;
  array.spec.long_name = long_name;
  array.spec.attributes = {{"flag_values", flag_values}, {"flag_meanings", flag_meanings}};
  array.values = std::move(values);
  return array;
}

}  // namespace

output::ResultDescription ResultLayout::description(std::uint64_t seed, std::uint32_t count) const {
  output::ResultDescription result;
  const models::Scenario& first = *scenarios_.front();
  result.title = first.title.empty() ? first.name : first.title;
  for (std::size_t other = 1; other < scenarios_.size(); ++other) {
    result.title += "; " + (scenarios_[other]->title.empty() ? scenarios_[other]->name : scenarios_[other]->title);
  }
  result.summary = fmt::format(
      "Simulated outcomes of {} from {} to {}, person by person, for each of {} replications, with mean, standard "
      "error "
      "and quantiles over replications. Scenarios share their random numbers: differences between them are paired.",
      scenarios_.size() == 1 ? "one scenario" : fmt::format("{} scenarios", scenarios_.size()),
      sim::to_string(first.start), sim::to_string(first.end), count);
  result.source = fmt::format("prisonflow {}", version());
  result.license = kLicense;
  if (!first.country.empty()) result.attributes.push_back({"country", first.country});
  result.attributes.push_back({"baseline", first.name});
  result.reference_scenario = 0;
  add_dimensions(result, count);
  for (const Measure& measure : measures_) {
    output::ArraySpec spec;
    spec.name = measure.name;
    if (measure.monthly) spec.dimensions = {"time"};
    for (const std::size_t axis : measure.axes) spec.dimensions.push_back(axes_[axis].name);
    spec.type = measure.whole_numbers ? output::ElementType::int32 : output::ElementType::float64;
    spec.units = measure.units;
    spec.long_name = measure.long_name;
    spec.cell_methods = measure.cell_methods;
    // What the first scenario does not have, as what is known of pairs only, is missing there: nothing to take off.
    spec.differences = !measure.sources.front().empty();
    result.measures.push_back(std::move(spec));
  }
  add_state_facts(result);
  add_observations(result);
  add_provenance(result, seed, count);
  return result;
}

void ResultLayout::add_dimensions(output::ResultDescription& result, std::uint32_t count) const {
  const models::Scenario& first = *scenarios_.front();
  std::vector<std::string> names, titles;
  for (const models::Scenario* scenario : scenarios_) {
    names.push_back(scenario->name);
    titles.push_back(scenario->title);
  }
  result.dimensions = {labelled("scenario", "scenario", names, titles), output::replication_dimension(0, count)};
  std::vector<std::chrono::sys_days> edges;
  for (const sim::Day day : month_starts_) edges.push_back(calendar_day(sim::add_days(first.start, day)));
  edges.push_back(calendar_day(first.end));
  result.dimensions.push_back(output::time_dimension("time", "month, by its first day", edges, edges.front()));
  for (const Axis& axis : axes_) {
    const auto known = axis_names().find(axis.name);
    const std::string& long_name = known == axis_names().end() ? axis.name : known->second;
    result.dimensions.push_back(axis.numbers.empty()
                                    ? labelled(axis.name, long_name, axis.labels, axis.descriptions)
                                    : output::number_dimension(axis.name, long_name, axis.units, axis.numbers));
  }
}

void ResultLayout::add_state_facts(output::ResultDescription& result) const {
  const auto axis = std::find_if(axes_.begin(), axes_.end(), [](const Axis& each) { return each.name == "state"; });
  if (axis == axes_.end()) return;
  std::vector<double> kinds, controls, held, pretrial;
  for (const std::string& label : axis->labels) {
    for (const models::Scenario* scenario : scenarios_) {
      const models::StateIndex index = scenario->find_state(label);
      if (index == models::kNoState) continue;
      const models::State& state = scenario->states[index];
      kinds.push_back(static_cast<double>(state.kind));
      controls.push_back(static_cast<double>(state.control));
      held.push_back(state.held ? 1 : 0);
      pretrial.push_back(state.pretrial ? 1 : 0);
      break;
    }
  }
  constexpr std::array<std::string_view, 2> yes_no{"no", "yes"};
  result.constants.push_back(flags("state_kind", "kind of the state", models::kKindNames, std::move(kinds)));
  result.constants.push_back(flags("state_control", "degree of control over persons in the state",
                                   models::kControlNames, std::move(controls)));
  result.constants.push_back(
      flags("state_held", "whether persons in the state are prisoners", yes_no, std::move(held)));
  result.constants.push_back(
      flags("state_pretrial", "whether persons held in the state are unsentenced", yes_no, std::move(pretrial)));
}

/// Which years of a series each scenario was fitted to, and which judge it.
void ResultLayout::add_uses(const std::string& name, output::ArraySpec& spec) const {
  for (const models::Scenario* scenario : scenarios_) {
    for (const models::Observed& series : scenario->observed) {
      if (series.name != name) continue;
      const auto add = [&](const char* use, const std::optional<std::pair<int, int>>& years) {
        if (!years) return;
        spec.attributes.push_back({use + scenario->name, std::vector<std::int64_t>{years->first, years->second}});
      };
      add(kFittedYears, series.fitted_years);
      add(kJudgedYears, series.judged_years);
    }
  }
}

void ResultLayout::add_observations(output::ResultDescription& result) const {
  const sim::Date epoch = scenarios_.front()->start;
  std::set<std::string> known;
  for (const models::Scenario* scenario : scenarios_) {
    for (const models::Observed& series : scenario->observed) {
      if (series.points.empty() || !known.insert(series.name).second) continue;
      const std::string axis = "observed_time_" + series.name;
      output::Dimension time;
      time.name = axis;
      time.size = series.points.size();
      std::vector<std::int32_t> days;
      std::vector<std::string> sources, notes;
      output::LabelledArray array;
      for (const auto& point : series.points) {
        days.push_back(sim::days_between(epoch, point.date));
        sources.push_back(point.source);
        notes.push_back(point.note);
        array.values.push_back(point.value);
      }
      time.coordinate = std::move(days);
      time.attributes = {{"standard_name", "time"},
                         {"long_name", "date of observation"},
                         {"units", "days since " + sim::to_string(epoch)},
                         {"calendar", "proleptic_gregorian"},
                         {"axis", "T"}};
      time.auxiliary_labels = {
          {"observed_source_" + series.name, sources, {{"long_name", "source of the observation"}}}};
      if (std::any_of(notes.begin(), notes.end(), [](const auto& note) { return !note.empty(); })) {
        time.auxiliary_labels.push_back(
            {"observed_note_" + series.name, notes, {{"long_name", "note on the observation"}}});
      }
      result.dimensions.push_back(std::move(time));
      array.spec.name = "observed_" + series.name;
      array.spec.dimensions = {axis};
      const auto measure = std::find_if(measures_.begin(), measures_.end(),
                                        [&](const Measure& each) { return each.name == series.measure; });
      array.spec.units = measure == measures_.end() ? "1" : measure->units;
      array.spec.long_name = series.label.empty() ? series.name : series.label;
      array.spec.attributes = {{"measure", series.measure}, {"unit_in_words", series.unit}};
      add_uses(series.name, array.spec);
      result.constants.push_back(std::move(array));
    }
  }
}

void ResultLayout::add_provenance(output::ResultDescription& result, std::uint64_t seed, std::uint32_t count) const {
  using Storage = output::TextEntry::Storage;
  auto& texts = result.provenance;
  texts.push_back({"provenance", "program", "prisonflow"});
  texts.push_back({"provenance", "version", std::string(version())});
  // As text: some readers turn whole numbers of 64 bits into doubles.
  texts.push_back({"provenance", "seed", std::to_string(seed)});
  texts.push_back({"provenance", "replications", fmt::format("0-{}", count - 1)});
  for (const models::Scenario* scenario : scenarios_) {
    const std::string group = "provenance/scenario_" + scenario->name;
    const std::string resolved = models::resolved_text(*scenario);
    texts.push_back({group, "sha256", output::hexadecimal(output::sha256(resolved))});
    texts.push_back({group, "resolved", resolved, Storage::dataset});
    if (!scenario->description.empty())
      texts.push_back({group, "description", scenario->description, Storage::dataset});
    std::string inputs;
    for (const models::SourceFile& file : scenario->files) {
      inputs += output::hexadecimal(output::sha256(file.text)) + "  " + file.path + "\n";
    }
    texts.push_back({group, "inputs", inputs, Storage::dataset});
    if (scenario != scenarios_.front())
      texts.push_back({group, kDifferencesText, record_of(models::differences_between(*scenarios_.front(), *scenario)),
                       Storage::dataset});
  }
}

}  // namespace prisonflow::cli
