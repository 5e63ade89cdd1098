// [costs]: unit costs of time in states, entries, events, new cases and places.
#include <fmt/format.h>

#include <algorithm>

#include "models/money_units.hpp"
#include "models/read_numbers.hpp"
#include "models/read_sections.hpp"

namespace prisonflow::models {

namespace {

bool says_where_from(const std::string& key) {
  return std::find(kProvenanceKeys.begin(), kProvenanceKeys.end(), key) != kProvenanceKeys.end();
}

class CostReader {
 public:
  CostReader(ReadContext& context, const Node& root, const Node& node)
      : context_(context), scenario_(context.scenario), costs_(context.scenario.costs), root_(root), node_(node) {}

  void read() {
    check_keys(
        context_, node_, "costs",
        {"currency", "prices_of", "discount_rate", "states", "entries", "events", "new_case", "places", "openings"});
    read_frame();
    for_each("states", [&](const Node& item, const std::string& key) { of_state(item, key); });
    for_each("entries", [&](const Node& item, const std::string& key) { of_entry(item, key); });
    for_each("events", [&](const Node& item, const std::string& key) { of_events(item, key); });
    if (const Node* each = node_.find("new_case")) of_new_case(*each);
    read_places("places", CostOf::places, Quantity::cost_of_places);
    read_places("openings", CostOf::opening, Quantity::cost_of_a_place);
  }

 private:
  void read_frame() {
    const Node* currency = node_.find("currency");
    if (currency == nullptr) {
      missing(context_, node_, "costs", "currency", "a cost is an amount of money", "add currency = \"EUR\"");
    } else if (const auto code = read_text(context_, *currency, "costs.currency")) {
      if (is_currency(*code))
        costs_.currency = *code;
      else
        context_.problems.add(currency->where, fmt::format("costs.currency = \"{}\" is no currency", *code),
                              "it is a code of ISO 4217 of three capital letters", "write \"EUR\" for the euro");
    }
    if (const Node* year = node_.find("prices_of"))
      costs_.prices_of = read_integer(context_, *year, "costs.prices_of", 1600, 2400);
    if (const Node* rate = node_.find("discount_rate"))
      costs_.discount_rate = read_number(context_, *rate, "costs.discount_rate", Quantity::share);
    constexpr std::array<std::string_view, 6> kCosts{"states", "entries", "events", "new_case", "places", "openings"};
    const bool any = std::any_of(kCosts.begin(), kCosts.end(), [&](std::string_view key) {
      return node_.find(key) != nullptr || context_.meant.contains(join("costs", key));
    });
    if (!any)
      context_.problems.add(node_.key, "costs has no unit cost", "nothing would cost anything",
                            "add [costs.states] with a cost of a person and year in a state, or remove [costs]");
  }

  /// Runs `read` on every key of a table of unit costs, which may be scaled together.
  template <class Read>
  void for_each(const std::string& section, Read read) {
    const Node* table = node_.find(section);
    const std::string path = join("costs", section);
    if (table == nullptr || !expect(context_, *table, NodeType::table, path)) return;
    const std::size_t first = costs_.items.size(), before = context_.problems.count();
    for (std::size_t i = 0; i < table->items.size(); ++i)
      if (!says_where_from(table->keys[i])) read(table->items[i], table->keys[i]);
    PathGroup all{"table of costs", {}};
    for (std::size_t i = first; i < costs_.items.size(); ++i) all.scalable.push_back(costs_.items[i].unit_cost);
    if (all.scalable.empty() && context_.problems.count() == before)
      context_.problems.add(table->key, path + " has no unit cost", "the table is empty", "remove it");
    context_.path_groups[path] = std::move(all);
  }

  void add(const Node& node, const std::string& name, Quantity quantity, CostItem item) {
    item.name = name;
    item.unit_cost = read_number(context_, node, join("costs", name), quantity);
    costs_.items.push_back(std::move(item));
  }

  /// The state of this name, reporting one that is not there. Nothing also for one that is broken itself.
  const State* state(const Node& item, const std::string& section, const std::string& key) {
    const auto& states = scenario_.states;
    const auto found = std::find_if(states.begin(), states.end(), [&](const State& each) { return each.name == key; });
    if (found != states.end()) return &*found;
    const auto& names = context_.state_names;
    if (std::find(names.begin(), names.end(), key) == names.end())
      context_.problems.add(item.key, fmt::format("costs.{}: there is no state \"{}\"", section, key),
                            "it names a state of this scenario", suggest(key, names, "states"));
    return nullptr;
  }
  std::uint16_t index_of_state(const State& state) const {
    return static_cast<std::uint16_t>(&state - scenario_.states.data());
  }

  void of_state(const Node& item, const std::string& key) {
    const State* const of = state(item, "states", key);
    if (of == nullptr) return;
    if (of->kind == Kind::decision || of->kind == Kind::exit) {
      context_.problems.add(item.key, fmt::format("costs.states.{}: nobody stays in \"{}\"", key, key),
                            "this is a cost of time", "write it under [costs.entries]");
      return;
    }
    add(item, "states." + key, Quantity::cost_of_time, {CostOf::state, {index_of_state(*of)}, {}, of->label});
  }

  void of_entry(const Node& item, const std::string& key) {
    const State* const of = state(item, "entries", key);
    if (of == nullptr) return;
    add(item, "entries." + key, Quantity::cost_each, {CostOf::entry, {index_of_state(*of)}, {}, of->label});
  }

  void of_events(const Node& table, const std::string& key) {
    const State* const of = state(table, "events", key);
    const std::string path = "costs.events." + key;
    if (of == nullptr) return;
    if (!table.is(NodeType::table) || is_value_table(table)) {
      context_.problems.add(table.key, fmt::format("{} is a cost of a state", path), "a state has several events",
                            fmt::format("write {}.<event> = \"… each\"", key));
      return;
    }
    std::uint16_t first = 0;
    for (const State* each = scenario_.states.data(); each != of; ++each)
      first = static_cast<std::uint16_t>(first + each->events.size());
    std::vector<std::string> names;
    for (const StateEvent& event : of->events) names.push_back(event.name);
    for (std::size_t i = 0; i < table.items.size(); ++i) {
      const std::string& name = table.keys[i];
      if (says_where_from(name)) continue;
      const auto event = std::find(names.begin(), names.end(), name);
      if (event == names.end()) {
        if (!context_.broken.contains("states." + key))
          context_.problems.add(
              table.items[i].key, fmt::format("{}: there is no event \"{}\"", path, name),
              "it names one of the state's own events",
              names.empty() ? fmt::format("states.{} has none", key) : suggest(name, names, "events of the state"));
        continue;
      }
      const auto number = static_cast<std::uint16_t>(event - names.begin());
      add(table.items[i], fmt::format("events.{}.{}", key, name), Quantity::cost_each,
          {CostOf::event, {static_cast<std::uint16_t>(first + number)}, {}, of->events[number].label});
    }
  }

  void of_new_case(const Node& node) {
    add(node, "new_case", Quantity::cost_each, {CostOf::new_case, {}, {}, "new cases by reoffending"});
    if (root_.find("reoffending") == nullptr)
      context_.problems.add(node.key, "costs.new_case without [reoffending]", "there are no new cases by reoffending",
                            "remove it, or write it under [costs.entries] for the state where cases begin");
  }

  /// A facility, or a group: then its facilities that have no cost of their own in this table.
  void read_places(const std::string& section, CostOf of, Quantity quantity) {
    const Node* const table = node_.find(section);
    for_each(section, [&](const Node& item, const std::string& key) {
      const auto group = std::find_if(scenario_.groups.begin(), scenario_.groups.end(),
                                      [&](const FacilityGroup& each) { return each.name == key; });
      CostItem cost{of, {}, {}, {}};
      std::vector<std::string> names;
      for (std::size_t i = 0; i < scenario_.facilities.size(); ++i) {
        const Facility& facility = scenario_.facilities[i];
        names.push_back(facility.name);
        const bool in_group = group != scenario_.groups.end() &&
                              facility.group == static_cast<std::size_t>(group - scenario_.groups.begin());
        const bool is_itself = facility.name == key;
        if (group == scenario_.groups.end() ? !is_itself : !in_group || (!is_itself && table->find(facility.name)))
          continue;
        cost.which.push_back(static_cast<std::uint16_t>(i));
        if (is_itself) cost.label = facility.label;
      }
      if (group == scenario_.groups.end() && cost.which.empty()) {
        names.insert(names.begin(), context_.group_names.begin(), context_.group_names.end());
        if (std::find(names.begin(), names.end(), key) == names.end())
          context_.problems.add(item.key, fmt::format("costs.{}: there is no facility \"{}\"", section, key),
                                "it names a facility or a group of them", suggest(key, names, "facilities and groups"));
        return;
      }
      if (cost.which.empty() && !context_.broken.contains("facilities." + key))
        context_.problems.add(item.key, fmt::format("costs.{}.{} is the cost of no place", section, key),
                              "every facility of the group has a cost of its own", "remove it");
      add(item, section + "." + key, quantity, std::move(cost));
    });
  }

  ReadContext& context_;
  const Scenario& scenario_;
  Costs& costs_;
  const Node &root_, &node_;
};

}  // namespace

void read_costs(ReadContext& context, const Node& root) {
  const Node* const node = root.find("costs");
  if (node == nullptr) return;
  const std::size_t before = context.problems.count();
  if (expect(context, *node, NodeType::table, "costs")) CostReader(context, root, *node).read();
  if (context.problems.count() != before) context.broken.insert("costs");
}

}  // namespace prisonflow::models
