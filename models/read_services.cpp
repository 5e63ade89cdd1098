// Services: what people queue for, with one capacity for all or one by region.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "models/read_numbers.hpp"
#include "models/read_sections.hpp"

namespace prisonflow::models {

namespace {

/// A state with priority must be one that waits for the service. Errors of the state itself are reported there.
void check_user(ReadContext& context, const Node& item, const std::string& service, const std::string& path) {
  for (const State& state : context.scenario.states) {
    if (!item.is(NodeType::text) || state.name != item.text || state.service == service) continue;
    if (context.broken.contains("states." + state.name)) continue;
    context.problems.add(item.where,
                         fmt::format("{}.priority: the state \"{}\" does not use this service", path, item.text),
                         "only states of kind service with this service wait for it",
                         fmt::format("remove it, or give states.{} service = \"{}\"", item.text, service));
  }
}

/// The ways to write a capacity.
struct CapacityKey {
  std::string_view key;
  ParameterId Service::*number;
  std::string_view for_all;  ///< of a capacity by region: the key of one for all; else empty
};
constexpr std::array<CapacityKey, 4> kCapacityKeys{{{"servers", &Service::servers, ""},
                                                    {"per_day", &Service::per_day, ""},
                                                    {"servers_in", &Service::servers, "servers"},
                                                    {"per_day_in", &Service::per_day, "per_day"}}};

/// One service for each region, called by the name of `common`.
std::vector<Service> read_by_region(ReadContext& context, const Node& node, const std::string& path,
                                    const CapacityKey& capacity, const Service& common) {
  const std::vector<std::string>& regions = context.scenario.traits[index_of(Trait::region)].labels;
  if (!expect(context, node, NodeType::table, path) || context.labels_unknown[index_of(Trait::region)]) return {common};
  if (regions.size() == 1 && regions.front() == "all") {
    context.problems.add(node.key, fmt::format("{}: there are no regions", path),
                         "persons have a region only where [classes] names some",
                         fmt::format("add region = [\"…\", \"…\"] to [classes], or write {} = …", capacity.for_all));
    return {common};
  }
  std::vector<Service> services(regions.size(), common);
  PathGroup all{"table by region", {}};
  bool all_known = true;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    if (std::find(kProvenanceKeys.begin(), kProvenanceKeys.end(), node.keys[i]) != kProvenanceKeys.end()) continue;
    const auto region = find_label(context, Trait::region, node.keys[i], node.items[i].key, path);
    all_known = all_known && region.has_value();
    if (!region) continue;
    const ParameterId id = read_number(context, node.items[i], join(path, node.keys[i]), Quantity::count);
    services[*region].*capacity.number = id;
    all.scalable.push_back(id);
  }
  for (std::size_t region = 0; region < regions.size(); ++region) {
    Service& service = services[region];
    service.common_name = common.name;
    service.name = common.name + "_" + regions[region];
    service.region = static_cast<std::uint16_t>(region);
    if (!given(service.*capacity.number) && all_known)  // else it is most likely misspelt
      missing(context, node, path, regions[region], "people queue in their own region",
              fmt::format("add {} = …, 0 where nobody is served", regions[region]));
  }
  context.path_groups[path] = std::move(all);
  return services;
}

std::vector<Service> read_capacity(ReadContext& context, const Node& node, const std::string& path, Service service) {
  std::vector<Service> services{service};
  std::string_view first;
  for (const CapacityKey& capacity : kCapacityKeys) {
    const Node* const found = node.find(capacity.key);
    if (found == nullptr) continue;
    if (!first.empty()) {
      context.problems.add(found->key, fmt::format("{} has \"{}\" and \"{}\"", path, first, capacity.key),
                           "its capacity is one of the two", "remove one of them");
      continue;
    }
    first = capacity.key;
    if (capacity.for_all.empty())
      services.front().*capacity.number = read_number(context, *found, join(path, capacity.key), Quantity::count);
    else
      services = read_by_region(context, *found, join(path, capacity.key), capacity, service);
  }
  return services;
}

/// Results tell services apart by their names alone, and requests name them in one byte.
void check_names(ReadContext& context, const Node& root) {
  constexpr std::size_t kMostServices = 250;
  const auto& services = context.scenario.services;
  for (const Service& service : services) {
    const auto other = std::find_if(services.begin(), services.end(), [&](const Service& candidate) {
      return &candidate != &service && candidate.name == service.name && !candidate.by_region();
    });
    if (service.by_region() && other != services.end())
      context.problems.add(
          other->where,
          fmt::format("services.{} has the name of a region's part of services.{}", other->name, service.common_name),
          "results name them alike", "give it another name");
  }
  if (services.size() > kMostServices && context.service_names.size() <= kMostServices)
    context.problems.add(root.find("services")->key, fmt::format("there are {} services by region", services.size()),
                         fmt::format("at most {} are possible", kMostServices), "join some of them, or some regions");
}

}  // namespace

void read_services(ReadContext& context, const Node& root) {
  for_each_table(
      context, root, "services", "a service", [&](const std::string& name, const Node& node, const std::string& path) {
        check_keys(context, node, path, {"label", "servers", "per_day", "servers_in", "per_day_in", "priority"});
        Service service;
        service.name = name;
        service.where = node.key;
        if (const Node* label = node.find("label"))
          service.label = read_text(context, *label, path + ".label").value_or("");
        if (const Node* priority = node.find("priority")) {
          service.priority = read_states(context, *priority, path + ".priority");
          for (const Node& item : priority->items) check_user(context, item, name, path);
        }
        for (Service& each : read_capacity(context, node, path, std::move(service)))
          context.scenario.services.push_back(std::move(each));
      });
  check_names(context, root);
}

}  // namespace prisonflow::models
