// [amnesties.*] and [emergency_releases.*]: people let out at once.
#include <fmt/format.h>

#include <algorithm>

#include "models/read_numbers.hpp"
#include "models/read_sections.hpp"

namespace prisonflow::models {

namespace {

/// From where to where, and who is eligible.
void read_terms(ReadContext& context, const Node& node, const std::string& path, Amnesty& amnesty) {
  if (const Node* from = node.find("from")) {
    amnesty.from = read_states(context, *from, path + ".from");
    if (from->is(NodeType::list) && from->items.empty())
      context.problems.add(from->where, path + ".from is empty", "nobody would be released", "name at least one state");
  } else {
    context.references_sound = false;
    missing(context, node, path, "from", "people are released from states", "add from = [\"…\"]");
  }
  if (const Node* to = node.find("to")) {
    amnesty.to = read_state(context, *to, path + ".to");
  } else {
    context.references_sound = false;
    missing(context, node, path, "to", "people are released to a state", "add to = \"…\"");
  }
  if (const Node* longest = node.find("longest_remaining"))
    amnesty.longest_remaining = read_number(context, *longest, path + ".longest_remaining", Quantity::duration);
  if (const Node* only = node.find("only")) amnesty.only = read_only(context, *only, path + ".only");
}

void read_watched_group(ReadContext& context, const Node& node, const std::string& path, EmergencyRelease& release) {
  const Node* occupancy = node.find("occupancy");
  if (occupancy == nullptr)
    return missing(context, node, path, "occupancy", "a facility group is watched every night",
                   "add occupancy = \"<facility group>\"");
  release.group =
      read_reference(context, *occupancy, path + ".occupancy", context.group_names, "facility groups").value_or(0);
}

/// Letting people go who hold no place there makes no room.
void check_held(ReadContext& context, const Node& node, const std::string& path, const EmergencyRelease& release) {
  if (release.group >= context.group_names.size()) return;
  const std::string& group = context.group_names[release.group];
  for (const StateIndex index : release.terms.from) {
    if (index >= context.scenario.states.size()) continue;
    const State& state = context.scenario.states[index];
    const auto& groups = context.scenario.groups;
    const auto own = std::ranges::find(groups, state.facilities, &FacilityGroup::name);
    if (own != groups.end() && own->when_full == WhenFull::overflow && own->overflow == release.group) continue;
    if (state.facilities == group || context.broken.contains("states." + state.name)) continue;
    context.problems.add(
        node.find("from")->where, fmt::format("{}.from: in \"{}\" nobody is held in {}", path, state.name, group),
        "only who holds a place there makes room by going", "name states in which people are held there");
  }
}

}  // namespace

void read_amnesties(ReadContext& context, const Node& root) {
  const Scenario& scenario = context.scenario;
  for_each_table(
      context, root, "amnesties", "an amnesty",
      [&](const std::string& name, const Node& node, const std::string& path) {
        check_keys(context, node, path,
                   {"label", "package_part", "on", "from", "to", "persons", "share", "only", "longest_remaining"});
        Amnesty amnesty;
        amnesty.name = name;
        amnesty.where = node.key;
        if (const Node* label = node.find("label"))
          amnesty.label = read_text(context, *label, path + ".label").value_or("");
        amnesty.package_part = read_package_part(context, node, path);
        if (const Node* on = node.find("on")) {
          if (const auto date = read_date(context, *on, path + ".on")) amnesty.on = *date;
          if (context.period_sound && amnesty.on != sim::Date{} &&
              (amnesty.on < scenario.start || amnesty.on >= scenario.end))
            context.problems.add(on->where, fmt::format("{} is on {}", path, sim::to_string(amnesty.on)),
                                 fmt::format("the run covers {} to {}", sim::to_string(scenario.start),
                                             sim::to_string(sim::add_days(scenario.end, -1))),
                                 "nobody would be released: remove it or change its date");
        } else {
          missing(context, node, path, "on", "an amnesty is on a date", "add on = 2015-01-01");
        }
        read_terms(context, node, path, amnesty);
        const Node* share = node.find("share");
        const Node* persons = node.find("persons");
        if (share != nullptr && persons != nullptr)
          context.problems.add(persons->key, fmt::format("{} has \"persons\" and \"share\"", path),
                               "how many are released follows from one of them", "remove one of the two");
        if (share == nullptr && persons == nullptr)
          missing(context, node, path, "persons", "how many are released is not known", "add persons = … or share = …");
        if (share != nullptr) amnesty.share = read_number(context, *share, path + ".share", Quantity::share);
        if (persons != nullptr) amnesty.persons = read_number(context, *persons, path + ".persons", Quantity::count);
        context.scenario.amnesties.push_back(std::move(amnesty));
      });
  std::stable_sort(context.scenario.amnesties.begin(), context.scenario.amnesties.end(),
                   [](const Amnesty& a, const Amnesty& b) { return a.on < b.on; });
}

void read_emergency_releases(ReadContext& context, const Node& root) {
  for_each_table(
      context, root, "emergency_releases", "an emergency release",
      [&](const std::string& name, const Node& node, const std::string& path) {
        check_keys(
            context, node, path,
            {"label", "package_part", "occupancy", "above", "down_to", "from", "to", "only", "longest_remaining"});
        EmergencyRelease release;
        release.terms.name = name;
        release.terms.where = node.key;
        if (const Node* label = node.find("label"))
          release.terms.label = read_text(context, *label, path + ".label").value_or("");
        release.terms.package_part = read_package_part(context, node, path);
        read_watched_group(context, node, path, release);
        NumberRule above_zero;
        above_zero.above_zero = true;
        const Node* above = node.find("above");
        const Node* down_to = node.find("down_to");
        if (above != nullptr)
          release.above = read_number(context, *above, path + ".above", Quantity::count, above_zero);
        else
          missing(context, node, path, "above", "when it happens is not known", "add above = 110 (per cent)");
        if (down_to != nullptr)
          release.down_to = read_number(context, *down_to, path + ".down_to", Quantity::count, above_zero);
        else
          missing(context, node, path, "down_to", "how many go is not known", "add down_to = 100 (per cent)");
        if (above != nullptr && down_to != nullptr &&
            context.scenario.central(release.down_to) > context.scenario.central(release.above))
          context.problems.add(down_to->where, fmt::format("{}.down_to is more than above", path),
                               "nobody would be released", "bring the number below what sets it off");
        read_terms(context, node, path, release.terms);
        check_held(context, node, path, release);
        context.scenario.emergency_releases.push_back(std::move(release));
      });
}

}  // namespace prisonflow::models
