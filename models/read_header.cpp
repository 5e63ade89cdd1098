// [scenario], [sources], [classes], [labels], and the names that everything else refers to.
#include <fmt/format.h>

#include <algorithm>

#include "models/read_sections.hpp"

namespace prisonflow::models {

namespace {

constexpr std::size_t kMostOfAKind = 250;  // persons keep states and facilities in one byte
constexpr std::size_t kMostLabels = 1000;

void read_dates(ReadContext& context, const Node& node) {
  constexpr int kMostYears = 200;
  Scenario& scenario = context.scenario;
  const auto date = [&](std::string_view key, std::string_view suggestion) -> std::optional<sim::Date> {
    const Node* found = node.find(key);
    if (found != nullptr) return read_date(context, *found, join("scenario", key));
    missing(context, node, "scenario", key, "a run covers a period", suggestion);
    return std::nullopt;
  };
  const auto start = date("start", "add start = 2010-01-01, the first simulated day");
  const auto end = date("end", "add end = 2020-01-01, the day after the last one");
  if (start) scenario.start = *start;
  scenario.end = end ? *end : sim::add_days(scenario.start, 1);
  context.period_sound = start && end && *end > *start;
  if (!start || !end) return;
  const Location where = node.find("end")->where;
  if (*end <= *start)
    context.problems.add(where, fmt::format("scenario.end = {} is not after scenario.start", sim::to_string(*end)),
                         fmt::format("the run starts on {}", sim::to_string(*start)),
                         "end is the day after the last one");
  else if (*end > sim::add_months(*start, 12 * kMostYears))
    context.problems.add(where, fmt::format("the run covers more than {} years", kMostYears),
                         "nothing written today holds that long", "bring end closer to start");
}

void read_trait_labels(ReadContext& context, const Node& node, const std::string& path, TraitClasses& classes) {
  if (!expect(context, node, NodeType::list, path)) return;
  if (node.items.empty() || node.items.size() > kMostLabels)
    context.problems.add(node.where, fmt::format("{} has {} labels", path, node.items.size()),
                         fmt::format("a trait has 1 to {}", kMostLabels),
                         "remove the key if the trait does not matter");
  for (const Node& item : node.items) {
    if (!expect(context, item, NodeType::text, path) || !check_name(context, item.text, item.where, "a label"))
      continue;
    if (std::find(classes.labels.begin(), classes.labels.end(), item.text) != classes.labels.end())
      context.problems.add(item.where, fmt::format("{}: \"{}\" is there twice", path, item.text),
                           "labels tell persons apart", "remove or rename one of the two");
    else
      classes.labels.push_back(item.text);
  }
}

/// Ages and prior convictions: lower ends become labels.
void read_bands(ReadContext& context, const Node& node, const std::string& path, std::int32_t most,
                TraitClasses& classes) {
  if (!expect(context, node, NodeType::list, path)) return;
  for (const Node& item : node.items) {
    const auto bound = read_integer(context, item, path, 0, most);
    if (!bound) continue;
    const auto value = static_cast<std::int32_t>(*bound);
    if (!classes.lower_bounds.empty() && value <= classes.lower_bounds.back())
      context.problems.add(item.where, fmt::format("{}: {} follows {}", path, value, classes.lower_bounds.back()),
                           "they are the lower ends of bands, from the lowest to the highest", "sort them");
    else
      classes.lower_bounds.push_back(value);
  }
  if (node.items.empty())
    context.problems.add(node.where, fmt::format("{} has no bands", path), "a trait has at least one",
                         "remove the key if the trait does not matter");
  const auto& bounds = classes.lower_bounds;
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    const bool last = i + 1 == bounds.size();
    const std::int32_t upper = last ? 0 : bounds[i + 1] - 1;
    classes.labels.push_back(last                 ? fmt::format("{}+", bounds[i])
                             : upper == bounds[i] ? fmt::format("{}", upper)
                                                  : fmt::format("{}-{}", bounds[i], upper));
  }
}

void read_descriptions(ReadContext& context, const Node& root) {
  const Node* labels = root.find("labels");
  if (labels == nullptr || !expect(context, *labels, NodeType::table, "labels")) return;
  for (std::size_t i = 0; i < labels->items.size(); ++i) {
    const Node& table = labels->items[i];
    const std::string path = "labels." + labels->keys[i];
    const auto trait = find_trait(context, labels->keys[i], table.key, "labels");
    if (!trait || !expect(context, table, NodeType::table, path)) continue;
    for (std::size_t j = 0; j < table.items.size(); ++j) {
      const auto label = find_label(context, *trait, table.keys[j], table.items[j].key, path);
      const auto text = read_text(context, table.items[j], join(path, table.keys[j]));
      if (label && text) context.scenario.traits[index_of(*trait)].descriptions[*label] = *text;
    }
  }
}

void check_class_cells(ReadContext& context, const Node& classes) {
  constexpr double kMostCells = 65000;
  double cells = 1;
  std::string sizes;
  for (const TraitClasses& trait : context.scenario.traits) {
    cells *= static_cast<double>(trait.labels.size());
    sizes += (sizes.empty() ? "" : " × ") + std::to_string(trait.labels.size());
  }
  if (cells > kMostCells)
    context.problems.add(classes.key, fmt::format("the classes make {:.0f} kinds of persons", cells),
                         fmt::format("{}; at most {:.0f} are possible", sizes, kMostCells),
                         "use fewer or wider classes");
}

}  // namespace

void read_header(ReadContext& context, const Node& root) {
  const Node* node = root.find("scenario");
  if (node == nullptr)
    return missing(context, root, "", "scenario", "it says what is simulated and when",
                   "add [scenario] with name, title, start and end");
  if (!expect(context, *node, NodeType::table, "scenario")) return;
  check_keys(
      context, *node, "scenario",
      {"name", "title", "description", "country", "start", "end", "seed", "replications", "parameters", "initial"});
  Scenario& scenario = context.scenario;
  const auto text = [&](std::string_view key, std::string& into) {
    if (const Node* found = node->find(key)) into = read_text(context, *found, join("scenario", key)).value_or("");
  };
  text("name", scenario.name);
  text("title", scenario.title);
  text("description", scenario.description);
  text("country", scenario.country);
  if (const Node* name = node->find("name"); name == nullptr)
    missing(context, *node, "scenario", "name", "results are kept under it", "add name = \"…\"");
  else if (name->is(NodeType::text))
    check_name(context, name->text, name->where, "a scenario");
  if (!scenario.country.empty() &&
      (scenario.country.size() != 3 ||
       !std::all_of(scenario.country.begin(), scenario.country.end(), [](char c) { return c >= 'A' && c <= 'Z'; })))
    context.problems.add(node->find("country")->where,
                         fmt::format("scenario.country = \"{}\" is no country code", scenario.country),
                         "it is a code of ISO 3166 of three letters", "write \"KAZ\" for Kazakhstan");
  read_dates(context, *node);
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  if (const Node* seed = node->find("seed"))
    scenario.seed = static_cast<std::uint64_t>(read_integer(context, *seed, "scenario.seed", 0, kMost).value_or(1));
  if (const Node* replications = node->find("replications"))
    scenario.replications = static_cast<std::uint32_t>(
        read_integer(context, *replications, "scenario.replications", 1, 1000000).value_or(1));
  if (const Node* parameters = node->find("parameters"))
    scenario.draw_parameters =
        read_choice(context, *parameters, "scenario.parameters", {"central", "drawn"}).value_or(0) == 1;
  if (const Node* initial = node->find("initial"))
    scenario.initial_stationary =
        read_choice(context, *initial, "scenario.initial", {"empty", "stationary"}).value_or(0) == 1;
}

void read_sources(ReadContext& context, const Node& root) {
  const Node* node = root.find("sources");
  if (node == nullptr || !expect(context, *node, NodeType::table, "sources")) return;
  for (std::size_t i = 0; i < node->items.size(); ++i) {
    const std::string path = "sources." + node->keys[i];
    if (!check_name(context, node->keys[i], node->items[i].key, "a source")) continue;
    const auto text = read_text(context, node->items[i], path);
    if (text && text->find_first_not_of(" \t\n") == std::string::npos)
      context.problems.add(node->items[i].where, path + " is empty", "nobody could find it", "write the citation");
    context.sources[node->keys[i]] = text.value_or("");
    context.source_names.push_back(node->keys[i]);
  }
}

void read_classes(ReadContext& context, const Node& root) {
  Scenario& scenario = context.scenario;
  const Node* node = root.find("classes");
  if (node != nullptr && expect(context, *node, NodeType::table, "classes")) {
    std::vector<std::string> known = words_of(kTraitNames);
    known.emplace_back("oldest_age");
    check_keys(context, *node, "classes", known);
    for (std::size_t t = 0; t < kTraits; ++t) {
      const Node* trait = node->find(kTraitNames[t]);
      const std::string path = join("classes", kTraitNames[t]);
      if (trait == nullptr) continue;
      const std::size_t before = context.problems.count();
      if (static_cast<Trait>(t) == Trait::age)
        read_bands(context, *trait, path, 120, scenario.traits[t]);
      else if (static_cast<Trait>(t) == Trait::prior)
        read_bands(context, *trait, path, 250, scenario.traits[t]);
      else
        read_trait_labels(context, *trait, path, scenario.traits[t]);
      context.labels_unknown[t] = context.problems.count() != before;
    }
    const auto& ages = scenario.traits[index_of(Trait::age)].lower_bounds;
    if (const Node* oldest = node->find("oldest_age"))
      scenario.oldest_age = static_cast<std::int32_t>(
          read_integer(context, *oldest, "classes.oldest_age", ages.empty() ? 1 : ages.back() + 1, 150).value_or(0));
    else if (!ages.empty())
      missing(context, *node, "classes", "oldest_age", "newcomers of the last band are that old at most",
              "add oldest_age = … (years)");
  }
  for (std::size_t t = 0; t < kTraits; ++t) {
    TraitClasses& classes = scenario.traits[t];
    if (classes.labels.empty()) classes.labels.emplace_back("all");
    classes.descriptions.resize(classes.labels.size());
  }
  if (node != nullptr) check_class_cells(context, *node);
  read_descriptions(context, root);
}

void read_names(ReadContext& context, const Node& root) {
  const auto names = [&](std::string_view section) {
    std::vector<std::string> found;
    const Node* node = root.find(section);
    if (node == nullptr) return found;
    for (std::size_t i = 0; i < node->keys.size(); ++i)
      if (node->items[i].is(NodeType::table) && is_name(node->keys[i])) found.push_back(node->keys[i]);
    return found;
  };
  context.state_names = names("states");
  context.group_names = names("facilities");
  context.service_names = names("services");
  const auto limit = [&](std::string_view section, std::size_t count, std::string_view suggestion) {
    if (count <= kMostOfAKind) return;
    context.problems.add(root.find(section)->key, fmt::format("there are {} {}", count, section),
                         fmt::format("at most {} are possible", kMostOfAKind), std::string(suggestion));
  };
  limit("services", context.service_names.size(), "join some of them");
  limit("facilities", context.group_names.size(), "join some of them");
  const Node* states = root.find("states");
  if (states == nullptr || context.state_names.empty()) {
    context.references_sound = false;
    missing(context, states == nullptr ? root : *states, "", "states", "people pass through states",
            "add [states.<name>] tables with a kind");
  }
  limit("states", context.state_names.size(), "join states that differ in a label only");
}

}  // namespace prisonflow::models
