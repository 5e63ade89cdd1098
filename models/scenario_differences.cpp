// See the header.
#include "models/scenario_differences.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "models/describe.hpp"
#include "models/describe_text.hpp"
#include "models/read_problems.hpp"

namespace prisonflow::models {

namespace {

/// A section of the canonical text: one entry of the scenario, its lines without labels.
struct Entry {
  std::string name;  // "states.prison"
  std::vector<std::pair<std::string, std::string>> lines;
};

/// What moves nothing, or is compared number by number.
bool left_out(std::string_view section) {
  return section == "parameters" || section.starts_with("observed.") || section.starts_with("measures.");
}
bool only_words(std::string_view section, std::string_view key) {
  if (key == "label" || key.starts_with("labels.")) return true;
  return section == "scenario" && key != "parameters" && key != "initial";
}

std::vector<Entry> entries_of(const Scenario& scenario) {
  const std::string text = resolved_text(scenario);
  std::vector<Entry> entries;
  for (std::size_t first = 0; first < text.size();) {
    const std::size_t end = std::min(text.find('\n', first), text.size());
    const std::string_view line = std::string_view(text).substr(first, end - first);
    first = end + 1;
    if (line.starts_with('[')) {
      entries.push_back({std::string(line.substr(1, line.size() - 2)), {}});
    } else if (const std::size_t equals = line.find(" = "); equals != std::string_view::npos) {
      const std::string_view key = line.substr(0, equals);
      if (!only_words(entries.back().name, key)) entries.back().lines.emplace_back(key, line.substr(equals + 3));
    }
  }
  std::erase_if(entries, [](const Entry& entry) { return left_out(entry.name); });
  return entries;
}

const Entry* find(const std::vector<Entry>& entries, const std::string& name) {
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const Entry& each) { return each.name == name; });
  return found == entries.end() ? nullptr : &*found;
}

/// Of the entries that own the parameter: the longest name that begins its path.
std::string owner_of(const std::string& path, const std::set<std::string>& names) {
  for (std::size_t end = path.size(); end != std::string::npos;
       end = end == 0 ? std::string::npos : path.rfind('.', end - 1))
    if (names.contains(path.substr(0, end))) return path.substr(0, end);
  return {};
}

std::string kind_of(const std::string& section) {
  static const std::vector<std::pair<std::string_view, std::string_view>> kKinds = {
      {"policies.", "policy"},   {"amnesties.", "amnesty"},     {"emergency_releases.", "emergency release"},
      {"arrivals.", "arrivals"}, {"initial.", "initial stock"}, {"facilities.", "facility"},
      {"services.", "service"},  {"feedback.", "feedback link"}};
  if (section.starts_with("states.")) return section.find(".events.") == std::string::npos ? "state" : "event";
  for (const auto& [prefix, kind] : kKinds)
    if (section.starts_with(prefix)) return std::string(kind);
  return section;  // reoffending, mortality, classes, scenario, population
}

/// "codes_2015" of "policies.codes_2015"; the whole where it is no entry of a list.
std::string name_of(const std::string& section) {
  const std::size_t dot = section.find('.');
  return dot == std::string::npos ? section : section.substr(dot + 1);
}

/// Looks up what there is to say about an entry of one scenario.
class Facts {
 public:
  explicit Facts(const Scenario& scenario) : s_(scenario), say_(scenario) {}

  void describe(const std::string& section, ScenarioDifference& difference) const {
    const std::string& name = difference.name;
    for (const Policy& policy : s_.policies)
      if (section == "policies." + policy.name) describe(policy, difference);
    for (const Amnesty& amnesty : s_.amnesties)
      if (section == "amnesties." + amnesty.name) {
        difference.label = amnesty.label;
        difference.date = sim::to_string(amnesty.on);
        difference.words = fmt::format(
            "{} from {} to {}{}",
            given(amnesty.persons) ? say_.counted(amnesty.persons, "persons") : "share " + say_.value(amnesty.share),
            say_.states(amnesty.from), say_.state(amnesty.to), say_.only(amnesty.only));
      }
    for (const EmergencyRelease& release : s_.emergency_releases)
      if (section == "emergency_releases." + release.terms.name) {
        difference.label = release.terms.label;
        difference.words = fmt::format("when {} hold more than {} per cent, down to {}", s_.groups[release.group].name,
                                       say_.value(release.above), say_.value(release.down_to));
      }
    for (const State& state : s_.states) {
      if (section == "states." + state.name) describe(state, difference);
      for (const StateEvent& event : state.events)
        if (section == fmt::format("states.{}.events.{}", state.name, event.name)) {
          difference.label = event.label;
          difference.words = say_.event(event);
        }
    }
    for (const Arrivals& arrivals : s_.arrivals)
      if (section == "arrivals." + arrivals.name)
        difference.words = fmt::format("{}, to {}", say_.series(arrivals.rate), say_.state(arrivals.to));
    for (const Facility& facility : s_.facilities)
      if (name == s_.groups[facility.group].name + "." + facility.name) describe(facility, difference);
    for (const Service& service : s_.services)
      if (section == "services." + service.name) {
        difference.label = service.label;
        difference.words = given(service.servers)   ? say_.counted(service.servers, "cases") + " at once"
                           : given(service.per_day) ? say_.counted(service.per_day, "cases") + " begun a day"
                                                    : "unlimited";
      }
    for (const FeedbackLink& link : s_.feedback)
      if (section == "feedback." + link.name) {
        difference.label = link.label;
        difference.words = say_.link(link).front() + (link.enabled ? "" : ", switched off");
      }
  }

 private:
  void describe(const Policy& policy, ScenarioDifference& difference) const {
    difference.label = policy.label;
    difference.date = sim::to_string(policy.from);
    std::string words;
    const auto add = [&](const std::string& more) { words += (words.empty() ? "" : ", ") + more; };
    if (policy.until) add("until " + sim::to_string(*policy.until));
    if (policy.phase_in_months > 0) add(fmt::format("phased in over {} months", policy.phase_in_months));
    if (!policy.everyone) add("new cases only");
    if (policy.inside) add("those inside too");
    if (!policy.regions.empty()) {
      std::vector<std::string> regions;
      for (const std::uint16_t region : policy.regions)
        regions.push_back(s_.traits[models::index_of(Trait::region)].labels[region]);
      add("in " + listed(regions, 8));
    }
    difference.words = words;
    for (const Change& change : policy.changes) difference.details.push_back(detail(change));
  }
  DifferenceDetail detail(const Change& change) const {
    const Parameter& by = s_.parameter(change.value);
    constexpr std::array<std::string_view, 3> kWords{"set", "scale", "shift"};
    std::string path = by.path;  // policies.<name>.<operation>.<target>
    for (int i = 0; i < 3; ++i) path = path.substr(path.find('.') + 1);
    DifferenceDetail detail;
    detail.what = fmt::format("{} {}", kWords[static_cast<std::size_t>(change.operation)], path);
    // With several targets there is no one value that it had.
    if (change.operation == Operation::set && change.targets.size() == 1)
      detail.before = value_text(s_.parameter(change.targets.front()));
    detail.after = value_text(by);
    detail.unit = by.unit;
    detail.source = by.source;
    detail.grade = grade_name(by.grade);
    return detail;
  }
  void describe(const State& state, ScenarioDifference& difference) const {
    difference.label = state.label;
    difference.words = kKindNames[static_cast<std::size_t>(state.kind)];
    if (state.kind != Kind::decision && state.kind != Kind::exit && state.kind != Kind::custody)
      difference.words += fmt::format(", control: {}", kControlNames[static_cast<std::size_t>(state.control)]);
  }
  void describe(const Facility& facility, ScenarioDifference& difference) const {
    difference.label = facility.label;
    difference.words = "holds " + say_.series(facility.places) + say_.only(facility.only);
    if (facility.opens != sim::Date{}) difference.words += "; opens " + sim::to_string(facility.opens);
    if (facility.closes) difference.words += "; closes " + sim::to_string(*facility.closes);
  }

  const Scenario& s_;
  Wording say_;
};

/// Whether a number may come out otherwise.
bool equal_numbers(const Parameter& left, const Parameter& right) {
  return left.value == right.value && left.uncertainty == right.uncertainty && left.low == right.low &&
         left.high == right.high;
}

class Comparer {
 public:
  Comparer(const Scenario& baseline, const Scenario& reform)
      : baseline_(baseline),
        reform_(reform),
        before_(entries_of(baseline)),
        after_(entries_of(reform)),
        of_baseline_(baseline),
        of_reform_(reform) {
    for (const auto* entries : {&before_, &after_})
      for (const Entry& entry : *entries) names_.insert(entry.name);
    for (const Parameter& parameter : baseline.parameters) old_numbers_[parameter.path] = &parameter;
    for (const Parameter& parameter : reform.parameters) new_numbers_[parameter.path] = &parameter;
  }

  std::vector<ScenarioDifference> compare() {
    for (const Entry& entry : after_) compare(find(before_, entry.name), &entry);
    for (const Entry& entry : before_)
      if (find(after_, entry.name) == nullptr) compare(&entry, nullptr);
    for (const Parameter& parameter : reform_.parameters) compare_number(parameter.path);
    for (const Parameter& parameter : baseline_.parameters)
      if (!new_numbers_.contains(parameter.path)) compare_number(parameter.path);
    // Policies and amnesties first, by date; a stable sort keeps all else in the order of the scenarios.
    std::stable_sort(found_.begin(), found_.end(), [](const auto& left, const auto& right) {
      return std::pair(rank(left), left.date) < std::pair(rank(right), right.date);
    });
    return std::move(found_);
  }

 private:
  static int rank(const ScenarioDifference& difference) {
    const std::string& kind = difference.kind;
    return !difference.date.empty() ? 0 : kind == "emergency release" ? 1 : kind == "number" ? 3 : 2;
  }

  void compare(const Entry* before, const Entry* after) {
    const std::string& section = (after != nullptr ? after : before)->name;
    ScenarioDifference difference;
    difference.kind = kind_of(section);
    difference.name = name_of(section);
    if (before != nullptr && after != nullptr) {
      difference.change = "changed";
      std::vector<DifferenceDetail> details = changed_lines(*before, *after);
      if (difference.kind == "policy") add_policy_numbers(section, details);
      if (details.empty()) return;
      of_reform_.describe(section, difference);
      difference.words.clear();
      difference.details = std::move(details);
    } else {
      difference.change = after != nullptr ? "added" : "removed";
      if (difference.kind == "event" && whole_state_differs(section)) return;
      (after != nullptr ? of_reform_ : of_baseline_).describe(section, difference);
      if (difference.kind != "policy") add_own_numbers(section, difference.details);
    }
    found_.push_back(std::move(difference));
  }

  /// Events of a state that only one scenario has belong to the state.
  bool whole_state_differs(const std::string& section) const {
    const std::string state = section.substr(0, section.find(".events."));
    return (find(before_, state) == nullptr) != (find(after_, state) == nullptr);
  }

  /// Structure that differs; a line that only names another number is told as that number.
  std::vector<DifferenceDetail> changed_lines(const Entry& before, const Entry& after) const {
    const auto values_of = [](const Entry& entry, const std::string& key) {
      std::string all;
      for (const auto& [name, value] : entry.lines)
        if (name == key) all += (all.empty() ? "" : ", ") + value;
      return all;
    };
    std::vector<DifferenceDetail> details;
    std::set<std::string> seen;
    for (const auto* entry : {&after, &before})
      for (const auto& [key, ignored] : entry->lines) {
        if (!seen.insert(key).second) continue;
        DifferenceDetail detail{key, values_of(before, key), values_of(after, key)};
        if (detail.before == detail.after || is_number(detail.before, detail.after)) continue;
        details.push_back(std::move(detail));
      }
    return details;
  }
  /// Whether both say no more than which parameter holds the number, so that the number itself tells it.
  bool is_number(const std::string& before, const std::string& after) const {
    const auto number = [&](const std::string& text) {
      return old_numbers_.contains(text) || new_numbers_.contains(text);
    };
    const auto none = [](const std::string& text) { return text.empty() || text == "rest"; };
    return (number(before) && (number(after) || none(after))) || (none(before) && number(after));
  }

  DifferenceDetail number_detail(const std::string& path, const std::string& what) const {
    const auto old = old_numbers_.find(path), now = new_numbers_.find(path);
    const bool had = old != old_numbers_.end(), has = now != new_numbers_.end();
    const Parameter& shown = has ? *now->second : *old->second;
    return {what,         had ? value_text(*old->second) : "", has ? value_text(*now->second) : "", shown.unit,
            shown.source, std::string(grade_name(shown.grade))};
  }
  bool same_number(const std::string& path) const {
    const auto old = old_numbers_.find(path), now = new_numbers_.find(path);
    return old != old_numbers_.end() && now != new_numbers_.end() && equal_numbers(*old->second, *now->second);
  }

  void add_policy_numbers(const std::string& section, std::vector<DifferenceDetail>& details) const {
    const std::string prefix = section + ".";
    for (const Scenario* scenario : {&reform_, &baseline_})
      for (const Parameter& parameter : scenario->parameters) {
        const std::string& path = parameter.path;
        const bool told = scenario == &baseline_ && new_numbers_.contains(path);
        if (path.starts_with(prefix) && !told && !same_number(path))
          details.push_back(number_detail(path, path.substr(prefix.size())));
      }
  }

  /// Of an entry that one scenario has: what its numbers are and where they come from.
  void add_own_numbers(const std::string& section, std::vector<DifferenceDetail>& details) const {
    const std::string prefix = section + ".";
    const Scenario& scenario = find(after_, section) != nullptr ? reform_ : baseline_;
    for (const Parameter& parameter : scenario.parameters)
      if (parameter.path.starts_with(prefix))
        details.push_back(number_detail(parameter.path, parameter.path.substr(prefix.size())));
  }

  void compare_number(const std::string& path) {
    const std::string owner = owner_of(path, names_);
    if (owner.starts_with("policies.") || path.starts_with("observed.") || same_number(path)) return;
    if (!owner.empty() && (find(before_, owner) == nullptr || find(after_, owner) == nullptr)) return;
    ScenarioDifference difference;
    difference.kind = "number";
    difference.change = !old_numbers_.contains(path) ? "added" : !new_numbers_.contains(path) ? "removed" : "changed";
    difference.name = path;
    difference.details.push_back(number_detail(path, path));
    found_.push_back(std::move(difference));
  }

  const Scenario& baseline_;
  const Scenario& reform_;
  std::vector<Entry> before_, after_;
  Facts of_baseline_, of_reform_;
  std::set<std::string> names_;
  std::map<std::string, const Parameter*> old_numbers_, new_numbers_;
  std::vector<ScenarioDifference> found_;
};

}  // namespace

std::vector<ScenarioDifference> differences_between(const Scenario& baseline, const Scenario& reform) {
  return Comparer(baseline, reform).compare();
}

}  // namespace prisonflow::models
