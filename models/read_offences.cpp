// [reoffending] offences_each, victims_each: what stands behind a new case.
#include <fmt/format.h>

#include <algorithm>

#include "models/read_laws.hpp"
#include "models/read_sections.hpp"

namespace prisonflow::models {

namespace {

constexpr std::string_view kOffences = "offences_each", kVictims = "victims_each";
constexpr std::string_view kSection = "reoffending";

/// Reports `key` where it has no meaning without `other`.
void needs(ReadContext& context, const Node& node, std::string_view key, std::string_view other, std::string_view why) {
  const Node* there = node.find(key);
  if (there == nullptr || node.find(other) != nullptr || context.meant.contains(join(kSection, other))) return;
  context.problems.add(there->key, fmt::format("{}.{} without {}.{}", kSection, key, kSection, other), std::string(why),
                       fmt::format("add {} = …, or remove {}", other, key));
}

}  // namespace

void read_offences(ReadContext& context, const Node& node) {
  Reoffending& reoffending = context.scenario.reoffending;
  const auto key = [](std::string_view name) { return std::string(name); };
  if (const Node* mean = node.find(kOffences)) {
    NumberRule rule;
    rule.least = 1;
    rule.why_least = "a case has at least one offence";
    reoffending.offences_each = read_number(context, *mean, join(kSection, kOffences), Quantity::count, rule);
    reoffending.offences_each_by = read_modifiers(context, node, key(kSection), key(kOffences));
  }
  if (const Node* mean = node.find(kVictims)) {
    reoffending.victims_each = read_number(context, *mean, join(kSection, kVictims), Quantity::count);
    reoffending.victims_each_by = read_modifiers(context, node, key(kSection), key(kVictims));
  }
  constexpr std::string_view kNoEffect = "one has no effect without the other";
  needs(context, node, kVictims, kOffences, "victims are counted for each offence");
  needs(context, node, key(kOffences) + "_by", kOffences, kNoEffect);
  needs(context, node, key(kVictims) + "_by", kVictims, kNoEffect);
}

FewestOffences fewest_offences(const Scenario& scenario, const Valuation& values) {
  const Reoffending& reoffending = scenario.reoffending;
  if (!given(reoffending.offences_each)) return {};
  FewestOffences fewest{values[index_of(reoffending.offences_each)], {}, reoffending.offences_each};
  // The factors of several traits multiply: the class with the fewest has the least factor of each trait.
  for (std::size_t trait = 0; trait < kTraits; ++trait) {
    const auto& labels = scenario.traits[trait].labels;
    double least = std::numeric_limits<double>::infinity();
    std::string who;
    ParameterId which = kNoParameter;
    for (std::uint16_t label = 0; label < labels.size(); ++label) {
      double factor = 1;
      ParameterId by = kNoParameter;
      for (const Modifier& modifier : reoffending.offences_each_by) {
        if (index_of(modifier.trait) != trait || modifier.label != label) continue;
        factor *= values[index_of(modifier.factor)];
        by = modifier.factor;
      }
      if (factor >= least) continue;
      least = factor;
      who = labels[label];
      which = by;
    }
    if (labels.empty()) continue;
    fewest.mean *= least;
    if (!given(which)) continue;
    fewest.who += (fewest.who.empty() ? " for " : " and ") + who;
    fewest.last = which;
  }
  return fewest;
}

void check_fewest_offences(ReadContext& context, const Valuation& values) {
  const Scenario& scenario = context.scenario;
  if (!given(scenario.reoffending.offences_each) || values[index_of(scenario.reoffending.offences_each)] < 1) return;
  const FewestOffences fewest = fewest_offences(scenario, values);
  if (!fewest.too_few()) return;
  context.problems.add(scenario.parameter(fewest.last).where,
                       fmt::format("{}.{} is {}{}", kSection, kOffences, plain(fewest.mean), fewest.who),
                       "a case has at least one offence", "raise the factor, or the number that it multiplies");
}

}  // namespace prisonflow::models
