// Facilities: what has places.
#include <fmt/format.h>

#include <algorithm>

#include "models/read_laws.hpp"
#include "models/read_sections.hpp"

namespace prisonflow::models {

namespace {

void read_facility(ReadContext& context, const std::string& name, const Node& node, const std::string& path,
                   std::uint16_t group) {
  check_keys(context, node, path, {"label", "places", "area", "only", "opens", "closes"});
  for (const Facility& other : context.scenario.facilities)
    if (other.name == name)
      context.problems.add(
          node.key,
          fmt::format("{} has the name of facilities.{}.{}", path, context.scenario.groups[other.group].name, name),
          "results name facilities without their group",
          fmt::format("call it {}_{}", path.substr(path.find('.') + 1, path.rfind('.') - path.find('.') - 1), name));
  Facility facility;
  facility.name = name;
  facility.where = node.key;
  facility.group = group;
  if (const Node* label = node.find("label")) facility.label = read_text(context, *label, path + ".label").value_or("");
  if (const Node* places = node.find("places"))
    facility.places = read_series(context, *places, path + ".places", Quantity::count);
  else
    missing(context, node, path, "places", "its official capacity is not known", "add places = …");
  if (const Node* area = node.find("area")) {
    NumberRule above_zero;
    above_zero.above_zero = true;
    facility.area = read_series(context, *area, path + ".area", Quantity::area, above_zero);
  }
  if (const Node* only = node.find("only")) facility.only = read_only(context, *only, path + ".only");
  if (const Node* opens = node.find("opens"))
    if (const auto date = read_date(context, *opens, path + ".opens")) facility.opens = *date;
  if (const Node* closes = node.find("closes")) {
    facility.closes = read_date(context, *closes, path + ".closes");
    if (facility.closes && node.find("opens") != nullptr && *facility.closes <= facility.opens)
      context.problems.add(closes->where, fmt::format("{} closes on {}", path, sim::to_string(*facility.closes)),
                           fmt::format("it opens on {}", sim::to_string(facility.opens)),
                           "a facility closes after it opens");
  }
  context.scenario.facilities.push_back(std::move(facility));
}

/// Whom the facilities of a group admit, by sex.
std::vector<bool> sexes_admitted(const Scenario& scenario, std::size_t group) {
  std::vector<bool> admitted(scenario.traits[index_of(Trait::sex)].labels.size());
  for (const Facility& facility : scenario.facilities) {
    if (facility.group != group) continue;
    const auto& only = facility.only[index_of(Trait::sex)];
    if (only.empty()) admitted.assign(admitted.size(), true);
    for (const std::uint16_t sex : only) admitted[sex] = true;
  }
  return admitted;
}

/// Who finds a group full must find a place in the other one, whatever comes.
void check_overflow(ReadContext& context, const Node& node, const std::string& path, std::size_t index) {
  if (context.broken.contains(path)) return;
  const auto& groups = context.scenario.groups;
  const Node* const overflow = node.find("overflow");
  const bool named = overflow != nullptr && !overflow->is(NodeType::table);
  if (groups[index].when_full != WhenFull::overflow) {
    if (named)
      context.problems.add(overflow->key, fmt::format("{}: \"overflow\" without when_full = \"overflow\"", path),
                           "it would never be used", "write when_full = \"overflow\", or remove it");
    return;
  }
  if (!named)
    return missing(context, node, path, "overflow", "who finds no place is held somewhere",
                   "add overflow = \"<facility group>\"");
  const std::size_t other = groups[index].overflow;
  const auto cannot = [&](std::string problem, std::string_view why, std::string suggestion) {
    context.problems.add(overflow->where, std::move(problem), std::string(why), std::move(suggestion));
  };
  if (other == index)
    return cannot(fmt::format("{} overflows into itself", path), "it is full then", "name another group");
  if (groups[other].when_full != WhenFull::crowd)
    return cannot(
        fmt::format("{} overflows into \"{}\", which does not take everybody", path, groups[other].name),
        "people would be held nowhere",
        fmt::format("write when_full = \"crowd\" in [facilities.{}], or name another group", groups[other].name));
  const std::vector<bool> wanted = sexes_admitted(context.scenario, index);
  const std::vector<bool> admitted = sexes_admitted(context.scenario, other);
  for (std::size_t sex = 0; sex < wanted.size(); ++sex) {
    const std::string& name = context.scenario.traits[index_of(Trait::sex)].labels[sex];
    if (wanted[sex] && !admitted[sex])
      cannot(fmt::format("{}: no facility of \"{}\" admits {}", path, groups[other].name, name),
             "people would be held nowhere", fmt::format("add \"{}\" to only.sex of a facility, or add one", name));
  }
}

}  // namespace

void read_facilities(ReadContext& context, const Node& root) {
  for_each_table(
      context, root, "facilities", "a facility group",
      [&](const std::string& name, const Node& node, const std::string& path) {
        FacilityGroup group{name, WhenFull::crowd};
        const auto index = static_cast<std::uint16_t>(context.scenario.groups.size());
        bool any = false;
        for (std::size_t i = 0; i < node.items.size(); ++i) {
          const std::string& key = node.keys[i];
          const Node& item = node.items[i];
          const std::string below = join(path, key);
          if (std::find(kProvenanceKeys.begin(), kProvenanceKeys.end(), key) != kProvenanceKeys.end()) continue;
          if (key == "when_full") {
            group.when_full =
                static_cast<WhenFull>(read_choice(context, item, below, {"crowd", "wait", "overflow"}).value_or(0));
          } else if (key == "overflow" && !item.is(NodeType::table)) {
            group.overflow =
                read_reference(context, item, below, context.group_names, "facility groups").value_or(index);
          } else if (!item.is(NodeType::table)) {
            const std::string near = closest(key, {"when_full", "overflow"});
            context.problems.add(item.key, fmt::format("unknown key \"{}\" in {}", key, path),
                                 "a group has when_full, perhaps overflow, and one table a facility",
                                 near.empty() ? fmt::format("write [{}.<facility>] with its places", path)
                                              : fmt::format("did you mean \"{}\"?", near));
          } else if (check_name(context, key, item.key, "a facility")) {
            any = true;
            read_facility(context, key, item, below, index);
          }
        }
        context.scenario.groups.push_back(std::move(group));
        if (!any)
          context.problems.add(node.key, fmt::format("{} has no facilities", path), "people would be held nowhere",
                               fmt::format("add [{}.main] with places = …", path));
      });
  std::size_t index = 0;
  for_each_table(context, root, "facilities", "a facility group",
                 [&](const std::string&, const Node& node, const std::string& path) {
                   check_overflow(context, node, path, index++);
                 });
  constexpr std::size_t kMostFacilities = 250;  // persons keep theirs in one byte
  if (context.scenario.facilities.size() > kMostFacilities)
    context.problems.add(
        root.find("facilities")->key, fmt::format("there are {} facilities", context.scenario.facilities.size()),
        fmt::format("at most {} are possible", kMostFacilities), "join facilities of one region and regime");
}

}  // namespace prisonflow::models
