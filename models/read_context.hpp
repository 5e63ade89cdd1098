// What the readers of the sections of a scenario share: names that may be referred to, numbers declared so far, and
// the plain things every section has (texts, dates, references, lists of labels).
#pragma once

#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "models/read_problems.hpp"
#include "models/read_tree.hpp"
#include "models/scenario.hpp"

namespace prisonflow::models {

/// A path that stands for several parameters: a distribution or a series.
struct PathGroup {
  std::string what;                   ///< "distribution" or "series"
  std::vector<ParameterId> scalable;  ///< what `scale` and `shift` change
};
struct ReadContext {
  ReadContext(Scenario& into, Problems& found, ScenarioFiles& read, const std::vector<Provenance>& provenance)
      : scenario(into), problems(found), files(read), scopes(provenance) {}

  Scenario& scenario;
  Problems& problems;
  ScenarioFiles& files;
  const std::vector<Provenance>& scopes;

  std::unordered_map<std::string, ParameterId> by_path;
  std::vector<std::uint32_t> order;  ///< place in the text of each parameter
  std::map<std::string, PathGroup> path_groups;
  std::map<std::string, std::string> rests;  ///< path of a branch that is the rest → path of its row
  std::vector<std::pair<std::string, Location>> ungraded;
  std::map<std::string, std::string> sources;
  std::set<std::string> unknown_sources;  ///< reported once each
  std::vector<std::string> source_names, state_names, group_names, service_names;
  std::set<std::string> meant;   ///< paths that misspelt keys were meant for: nobody misses them as well
  std::set<std::string> broken;  ///< sections with errors: what refers to their numbers is not reported as well
  std::array<bool, kTraits> labels_unknown{};  ///< the trait's labels are broken: nothing is said about missing ones
  bool period_sound = true;                    ///< start and end are known, so other dates can be held against them
  bool references_sound = true;                ///< no state is missing or misnamed, so the pathway can be looked at
};

/// `a.b`
std::string join(std::string_view path, std::string_view key);

/// Reports keys that are not among `known` (unit, source, grade and note are known everywhere).
void check_keys(ReadContext& context, const Node& table, const std::string& path,
                const std::vector<std::string>& known);
/// Reports and returns false unless `node` has the type.
bool expect(ReadContext& context, const Node& node, NodeType type, const std::string& path);
/// Reports a missing key of `table`.
void missing(ReadContext& context, const Node& table, const std::string& path, std::string_view key,
             std::string_view why, std::string_view suggestion);
/// Whether check_name would accept it.
bool is_name(const std::string& name);
/// Reports and returns false unless `name` is a-z, 0-9 and _, beginning with a letter, and no word of the language.
bool check_name(ReadContext& context, const std::string& name, Location where, std::string_view what);

std::optional<std::string> read_text(ReadContext& context, const Node& node, const std::string& path);
std::optional<bool> read_truth(ReadContext& context, const Node& node, const std::string& path);
std::optional<std::int64_t> read_integer(ReadContext& context, const Node& node, const std::string& path,
                                         std::int64_t least, std::int64_t most);
std::optional<sim::Date> read_date(ReadContext& context, const Node& node, const std::string& path);
std::optional<sim::Date> read_date(ReadContext& context, const CsvCell& cell, const std::string& path);
/// The place of the text among `words`.
std::optional<std::size_t> read_choice(ReadContext& context, const Node& node, const std::string& path,
                                       const std::vector<std::string>& words);
StateIndex read_state(ReadContext& context, const Node& node, const std::string& path);
std::vector<StateIndex> read_states(ReadContext& context, const Node& node, const std::string& path);
/// The label's index, reporting one that does not exist.
std::optional<std::uint16_t> find_label(ReadContext& context, Trait trait, const std::string& label, Location where,
                                        const std::string& path);
/// The place of the name at `node` among `names`, which are the `what` of the scenario; reports one that is not there.
std::optional<std::uint16_t> read_reference(ReadContext& context, const Node& node, const std::string& path,
                                            const std::vector<std::string>& names, std::string_view what);
std::optional<Trait> find_trait(ReadContext& context, const std::string& name, Location where, const std::string& path);
std::vector<std::uint16_t> read_labels(ReadContext& context, const Node& node, Trait trait, const std::string& path);
/// `only.sex = ["male"]`
std::array<std::vector<std::uint16_t>, kTraits> read_only(ReadContext& context, const Node& node,
                                                          const std::string& path);
/// A [sources] entry's text for its name, free text as it is; reports a name that is not there.
std::string resolve_source(ReadContext& context, const std::string& text, Location where);

template <std::size_t n>
std::vector<std::string> words_of(const std::array<std::string_view, n>& names) {
  return {names.begin(), names.end()};
}

}  // namespace prisonflow::models
