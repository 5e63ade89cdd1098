// Facilities: what has places.
#include <fmt/format.h>

#include <algorithm>

#include "models/read_laws.hpp"
#include "models/read_sections.hpp"

namespace prisonflow::models {

namespace {

void read_facility(ReadContext& context, const std::string& name, const Node& node, const std::string& path,
                   std::uint16_t group) {
  check_keys(context, node, path, {"label", "places", "only", "opens", "closes"});
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
            group.when_full = static_cast<WhenFull>(read_choice(context, item, below, {"crowd", "wait"}).value_or(0));
          } else if (!item.is(NodeType::table)) {
            const std::string near = closest(key, {"when_full"});
            context.problems.add(item.key, fmt::format("unknown key \"{}\" in {}", key, path),
                                 "a group has when_full and one table a facility",
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
  constexpr std::size_t kMostFacilities = 250;  // persons keep theirs in one byte
  if (context.scenario.facilities.size() > kMostFacilities)
    context.problems.add(
        root.find("facilities")->key, fmt::format("there are {} facilities", context.scenario.facilities.size()),
        fmt::format("at most {} are possible", kMostFacilities), "join facilities of one region and regime");
}

}  // namespace prisonflow::models
