// Who comes in, who is there at the start, who comes back, who dies.
#include <fmt/format.h>

#include <algorithm>

#include "models/read_laws.hpp"
#include "models/read_sections.hpp"
#include "models/read_shares.hpp"

namespace prisonflow::models {

namespace {

const std::vector<Trait> kAllTraits{Trait::region, Trait::sex,  Trait::offence,  Trait::age,       Trait::prior,
                                    Trait::risk,   Trait::need, Trait::assessed, Trait::programme, Trait::support};

StateIndex required_state(ReadContext& context, const Node& node, const std::string& path, std::string_view why) {
  const Node* to = node.find("to");
  if (to != nullptr) return read_state(context, *to, join(path, "to"));
  context.references_sound = false;
  missing(context, node, path, "to", why, "add to = \"…\"");
  return kNoState;
}

/// Whoever is in a state is as it makes people who enter it.
void check_initial_mix(ReadContext& context, const Node& mix, const std::string& path, const InitialStock& stock) {
  const State& state = context.scenario.states[stock.state];
  for (const auto& [trait, label] : state.becomes) {
    const std::string trait_name{kTraitNames[index_of(trait)]};
    const Node* const given_mix = mix.find(trait_name);
    if (given_mix == nullptr) continue;
    context.problems.add(given_mix->key, fmt::format("{}.mix gives a mix of {}", path, trait_name),
                         fmt::format("by states.{}.becomes everybody there is {}", state.name,
                                     context.scenario.traits[index_of(trait)].labels[label]),
                         "remove one of the two");
  }
}

}  // namespace

void read_arrivals(ReadContext& context, const Node& root) {
  constexpr NumberRule kRate{1e7, "no country has ten million cases a year in one stream", false, false};
  for_each_table(context, root, "arrivals", "a stream of arrivals",
                 [&](const std::string& name, const Node& node, const std::string& path) {
                   check_keys(context, node, path, {"to", "rate", "mix"});
                   Arrivals arrivals;
                   arrivals.name = name;
                   arrivals.where = node.key;
                   arrivals.to = required_state(context, node, path, "people arrive in a state");
                   if (const Node* rate = node.find("rate"))
                     arrivals.rate = read_series(context, *rate, path + ".rate", Quantity::rate, kRate);
                   else
                     missing(context, node, path, "rate", "how many come is not known",
                             "add rate = … (persons a year)");
                   if (const Node* mix = node.find("mix"))
                     arrivals.mix = read_mix(context, *mix, path + ".mix", kAllTraits);
                   context.scenario.arrivals.push_back(std::move(arrivals));
                 });
}

void read_initial(ReadContext& context, const Node& root) {
  constexpr NumberRule kPersons{1e8, "no state holds a hundred million persons", false, false};
  const Node* section = root.find("initial");
  if (section == nullptr || !expect(context, *section, NodeType::table, "initial")) return;
  for (std::size_t i = 0; i < section->items.size(); ++i) {
    const std::string& name = section->keys[i];
    const Node& node = section->items[i];
    if (std::find(kProvenanceKeys.begin(), kProvenanceKeys.end(), name) != kProvenanceKeys.end()) continue;
    const std::string path = "initial." + name;
    const auto found = std::find(context.state_names.begin(), context.state_names.end(), name);
    if (found == context.state_names.end()) {
      context.problems.add(node.key, fmt::format("{}: there is no state \"{}\"", path, name),
                           "people start in a state of this scenario", suggest(name, context.state_names, "states"));
      continue;
    }
    if (!expect(context, node, NodeType::table, path)) continue;
    check_keys(context, node, path, {"persons", "elapsed", "mix"});
    InitialStock stock;
    stock.state = static_cast<StateIndex>(found - context.state_names.begin());
    stock.where = node.key;
    const std::size_t at = stock.state;
    if (at < context.scenario.states.size() &&
        (context.scenario.states[at].kind == Kind::decision || context.scenario.states[at].kind == Kind::exit))
      context.problems.add(node.key,
                           fmt::format("{}: nobody stays in a {}", path,
                                       kKindNames[static_cast<std::size_t>(context.scenario.states[at].kind)]),
                           "people start in a state that takes time", "name the state they are in");
    const Node* persons = node.find("persons");
    if (persons == nullptr)
      missing(context, node, path, "persons", "how many are there is not known", "add persons = …, or \"stationary\"");
    else if (!(persons->is(NodeType::text) && persons->text == "stationary"))
      stock.persons = read_number(context, *persons, path + ".persons", Quantity::count, kPersons);
    if (const Node* elapsed = node.find("elapsed"))
      stock.fresh = read_choice(context, *elapsed, path + ".elapsed", {"stationary", "none"}).value_or(0) == 1;
    if (const Node* mix = node.find("mix")) {
      stock.mix = read_mix(context, *mix, path + ".mix", kAllTraits);
      if (at < context.scenario.states.size()) check_initial_mix(context, *mix, path, stock);
    }
    context.scenario.initial.push_back(std::move(stock));
  }
}

void read_reoffending(ReadContext& context, const Node& root) {
  const Node* node = root.find("reoffending");
  if (node == nullptr || !expect(context, *node, NodeType::table, "reoffending")) return;
  const std::size_t before = context.problems.count();
  check_keys(context, *node, "reoffending",
             {"to", "time", "ratio_by", "same_offence", "mix", "offences_each", "offences_each_by", "victims_each",
              "victims_each_by"});
  Reoffending& reoffending = context.scenario.reoffending;
  reoffending.declared = true;
  reoffending.to = required_state(context, *node, "reoffending", "a new case begins in a state");
  if (const Node* time = node->find("time"))
    reoffending.time = read_law(context, *time, "reoffending.time");
  else
    missing(context, *node, "reoffending", "time", "how soon people reoffend is not known",
            "add time = { distribution = \"exponential\", mean = \"…\", never = … }");
  reoffending.ratios = read_modifiers(context, *node, "reoffending", "ratio");
  const Node* same = node->find("same_offence");
  const Node* mix = node->find("mix");
  if (same != nullptr)
    reoffending.same_offence = read_number(context, *same, "reoffending.same_offence", Quantity::share);
  if (mix != nullptr)
    reoffending.offence_mix = read_mix(context, *mix, "reoffending.mix", {Trait::offence})[index_of(Trait::offence)];
  if (same != nullptr && mix == nullptr && context.scenario.central(reoffending.same_offence) < 1)
    context.problems.add(same->key, "reoffending.same_offence without reoffending.mix",
                         "the offences of those who change are not known",
                         "add [reoffending.mix] with offence = { … }");
  if (mix != nullptr && same == nullptr)
    context.problems.add(mix->key, "reoffending.mix without reoffending.same_offence",
                         "how many change their offence is not known",
                         "add same_offence = 0 when all are drawn from the mix");
  read_offences(context, *node);
  if (context.problems.count() != before) context.broken.insert("reoffending");
}

void read_mortality(ReadContext& context, const Node& root) {
  const Node* node = root.find("mortality");
  if (node == nullptr || !expect(context, *node, NodeType::table, "mortality")) return;
  const std::size_t before = context.problems.count();
  check_keys(context, *node, "mortality", {"to", "rate", "rate_by"});
  Mortality& mortality = context.scenario.mortality;
  mortality.declared = true;
  mortality.to = required_state(context, *node, "mortality", "the dead leave by an exit");
  if (mortality.to < context.scenario.states.size() && context.scenario.states[mortality.to].kind != Kind::exit) {
    context.references_sound = false;
    context.problems.add(node->find("to")->where,
                         fmt::format("mortality.to = \"{}\" is no exit", node->find("to")->text),
                         "the dead leave the model", "name a state of kind exit");
  }
  if (const Node* rate = node->find("rate"))
    mortality.hazard.rate = read_number(context, *rate, "mortality.rate", Quantity::rate);
  else
    missing(context, *node, "mortality", "rate", "how many die is not known", "add rate = \"… per 1000 per year\"");
  mortality.hazard.ratios = read_modifiers(context, *node, "mortality", "rate");
  if (context.problems.count() != before) context.broken.insert("mortality");
}

}  // namespace prisonflow::models
