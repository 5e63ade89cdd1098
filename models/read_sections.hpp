// One reader a section of a scenario. `root` is the whole merged tree; sections that are not there change nothing.
// Order: classes first, then states (their names are known to all), then the rest.
#pragma once

#include "models/read_context.hpp"

namespace prisonflow::models {

void read_header(ReadContext& context, const Node& root);
void read_sources(ReadContext& context, const Node& root);
void read_classes(ReadContext& context, const Node& root);
/// Names of states, facility groups and services, so that anything may refer to them.
void read_names(ReadContext& context, const Node& root);
void read_states(ReadContext& context, const Node& root);
/// The table `events` of the state at `node`, whose other keys are read, into `state`.
void read_events(ReadContext& context, const Node& node, const std::string& of, State& state);
void read_arrivals(ReadContext& context, const Node& root);
void read_initial(ReadContext& context, const Node& root);
void read_reoffending(ReadContext& context, const Node& root);
/// What stands behind a new case; `node` is that of [reoffending].
void read_offences(ReadContext& context, const Node& node);
void read_mortality(ReadContext& context, const Node& root);
void read_facilities(ReadContext& context, const Node& root);
void read_services(ReadContext& context, const Node& root);
void read_costs(ReadContext& context, const Node& root);
void read_feedback(ReadContext& context, const Node& root);
void read_policies(ReadContext& context, const Node& root);
/// `package_part` of a dated measure: the law it belongs to, empty when it is one by itself.
std::string read_package_part(ReadContext& context, const Node& table, const std::string& path);
void read_amnesties(ReadContext& context, const Node& root);
void read_emergency_releases(ReadContext& context, const Node& root);
void read_observed(ReadContext& context, const Node& root);
/// Whether every measure has a name of its own and every observed series stands beside one; needs a scenario that is
/// sound otherwise.
void check_measures(const Scenario& scenario, Problems& problems);
void read_population(ReadContext& context, const Node& root);
void read_measures(ReadContext& context, const Node& root);

/// The class of persons with the fewest offences behind a new case, by its factors.
struct FewestOffences {
  double mean = std::numeric_limits<double>::infinity();
  std::string who;                  ///< " for female and low", nothing when no factor matters
  ParameterId last = kNoParameter;  ///< the last number in the product
  bool too_few() const { return mean < 1 - 1e-9; }
};
FewestOffences fewest_offences(const Scenario& scenario, const Valuation& values);
/// Reports factors that leave somebody less than one offence.
void check_fewest_offences(ReadContext& context, const Valuation& values);

/// What only all states together show of stays: keys that could never have an effect, and stays that would be lost.
void check_stays(ReadContext& context, const Node& root);
/// What only the whole scenario shows: sums, sizes, what policies make of the numbers, who has nowhere to go.
void check_whole(ReadContext& context, const Node& root);
/// Puts the parameters in the order of the text.
void order_parameters(ReadContext& context);

/// Runs `read` on every table below `root.<section>`: (name, node, path).
template <class Read>
void for_each_table(ReadContext& context, const Node& root, const std::string& section, std::string_view what,
                    Read read) {
  const Node* tables = root.find(section);
  if (tables == nullptr || !expect(context, *tables, NodeType::table, section)) return;
  for (std::size_t i = 0; i < tables->items.size(); ++i) {
    const std::string& name = tables->keys[i];
    const Node& node = tables->items[i];
    if (name == "unit" || name == "source" || name == "grade" || name == "note") continue;
    const std::string path = section + "." + name;
    const std::size_t before = context.problems.count();
    if (check_name(context, name, node.key, what) && expect(context, node, NodeType::table, path))
      read(name, node, path);
    if (context.problems.count() != before) context.broken.insert(path);
  }
}

}  // namespace prisonflow::models
