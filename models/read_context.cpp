// Texts, dates, references and lists of labels, with the errors they can have.
#include "models/read_context.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace prisonflow::models {

namespace {

/// Names that would be taken for a key of the language where a state, a label or a policy path is written.
const std::vector<std::string> kReserved{"unit", "source", "grade",        "note", "value", "central",
                                         "draw", "table",  "distribution", "on",   "none",  "rest"};

std::string shown(const Node& node) {
  switch (node.type) {
    case NodeType::text:
      return fmt::format("\"{}\"", node.text);
    case NodeType::integer:
      return std::to_string(node.integer);
    case NodeType::number:
      return plain(node.number);
    case NodeType::boolean:
      return node.truth ? "true" : "false";
    case NodeType::date:
      return sim::to_string(node.date);
    case NodeType::table:
    case NodeType::list:
    case NodeType::moment:
      break;
  }
  return std::string(described(node.type));
}

constexpr std::size_t kLongestName = 64;

bool fits(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

bool well_formed(const std::string& name) {
  return !name.empty() && name.size() <= kLongestName && name.front() >= 'a' && name.front() <= 'z' &&
         std::all_of(name.begin(), name.end(), fits);
}

}  // namespace

std::string join(std::string_view path, std::string_view key) {
  return path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
}

void check_keys(ReadContext& context, const Node& table, const std::string& path,
                const std::vector<std::string>& known) {
  for (std::size_t i = 0; i < table.keys.size(); ++i) {
    const std::string& key = table.keys[i];
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    if (std::find(kProvenanceKeys.begin(), kProvenanceKeys.end(), key) != kProvenanceKeys.end()) continue;
    std::vector<std::string> all = known;
    all.insert(all.end(), kProvenanceKeys.begin(), kProvenanceKeys.end());
    const std::string near = closest(key, all);
    if (!near.empty()) context.meant.insert(join(path, near));
    context.problems.add(table.items[i].key,
                         fmt::format("unknown key \"{}\"{}", key, path.empty() ? "" : " in " + path),
                         "nothing would read it",
                         near.empty() ? fmt::format("the keys here are: {}", listed(known, 40))
                                      : fmt::format("did you mean \"{}\"?", near));
  }
}

bool expect(ReadContext& context, const Node& node, NodeType type, const std::string& path) {
  if (node.is(type)) return true;
  std::string suggestion;
  switch (type) {
    case NodeType::text:
      suggestion = "write it in quotes";
      break;
    case NodeType::list:
      suggestion = "write it in brackets: [\"a\", \"b\"]";
      break;
    case NodeType::boolean:
      suggestion = "write true or false, without quotes";
      break;
    case NodeType::integer:
      suggestion = "write it without quotes and without a decimal point";
      break;
    case NodeType::date:
      suggestion = "write it as 2015-01-31";
      break;
    case NodeType::table:
    case NodeType::number:
    case NodeType::moment:
      break;
  }
  context.problems.add(node.where, fmt::format("{} = {} is {}", path, shown(node), described(node.type)),
                       fmt::format("{} is expected here", described(type)), suggestion);
  return false;
}

void missing(ReadContext& context, const Node& table, const std::string& path, std::string_view key,
             std::string_view why, std::string_view suggestion) {
  if (context.meant.contains(join(path, key))) return;
  context.problems.add(table.key.line > 0 ? table.key : table.where,
                       path.empty() ? fmt::format("[{}] is missing", key) : fmt::format("{} has no \"{}\"", path, key),
                       std::string(why), std::string(suggestion));
}

bool is_name(const std::string& name) {
  return well_formed(name) && std::find(kReserved.begin(), kReserved.end(), name) == kReserved.end();
}

bool check_name(ReadContext& context, const std::string& name, Location where, std::string_view what) {
  if (!well_formed(name)) {
    std::string better;
    for (const char c : name.substr(0, kLongestName)) {
      const char low = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      if (fits(low)) better += low;
      if (c == ' ' || c == '-') better += '_';
    }
    const bool good = !better.empty() && better.front() >= 'a' && better.front() <= 'z';
    context.problems.add(
        where, fmt::format("\"{}\" is no name for {}", name.substr(0, kLongestName), what),
        fmt::format("names are a-z, 0-9 and _, begin with a letter and have at most {} characters", kLongestName),
        good && better != name ? fmt::format("write {}, and what people read as its label", better) : "");
    return false;
  }
  if (!is_name(name)) {
    context.problems.add(where, fmt::format("\"{}\" is no name for {}", name, what), "it is a word of the language",
                         fmt::format("call it {}_ or anything else", name));
    return false;
  }
  return true;
}

std::optional<std::string> read_text(ReadContext& context, const Node& node, const std::string& path) {
  if (!expect(context, node, NodeType::text, path)) return std::nullopt;
  return node.text;
}

std::optional<bool> read_truth(ReadContext& context, const Node& node, const std::string& path) {
  if (!expect(context, node, NodeType::boolean, path)) return std::nullopt;
  return node.truth;
}

std::optional<std::int64_t> read_integer(ReadContext& context, const Node& node, const std::string& path,
                                         std::int64_t least, std::int64_t most) {
  if (!expect(context, node, NodeType::integer, path)) return std::nullopt;
  if (node.integer >= least && node.integer <= most) return node.integer;
  context.problems.add(node.where, fmt::format("{} = {} is out of range", path, node.integer),
                       fmt::format("it lies between {} and {}", least, most));
  return std::nullopt;
}

std::optional<sim::Date> read_date(ReadContext& context, const Node& node, const std::string& path) {
  if (node.is(NodeType::date) && sim::year_of(node.date) >= 1600) return node.date;
  if (node.is(NodeType::text))
    if (const std::optional<sim::Date> date = sim::parse_date(node.text)) return date;
  context.problems.add(node.where, fmt::format("{} = {} is no date", path, shown(node)),
                       "a date is year-month-day, from 1600-01-01 on", "write it as 2015-01-31");
  return std::nullopt;
}

std::optional<sim::Date> read_date(ReadContext& context, const CsvCell& cell, const std::string& path) {
  if (const std::optional<sim::Date> date = sim::parse_date(cell.text)) return date;
  context.problems.add(cell.where, fmt::format("{}: \"{}\" is no date", path, cell.text),
                       "a date is year-month-day, from 1600-01-01 on", "write it as 2015-01-31");
  return std::nullopt;
}

std::optional<std::size_t> read_choice(ReadContext& context, const Node& node, const std::string& path,
                                       const std::vector<std::string>& words) {
  if (!expect(context, node, NodeType::text, path)) return std::nullopt;
  const auto found = std::find(words.begin(), words.end(), node.text);
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  const std::string near = closest(node.text, words);
  context.problems.add(node.where, fmt::format("{} = \"{}\" is not known", path, node.text),
                       fmt::format("it is one of {}", listed(words)),
                       near.empty() ? "" : fmt::format("did you mean \"{}\"?", near));
  return std::nullopt;
}

StateIndex read_state(ReadContext& context, const Node& node, const std::string& path) {
  if (expect(context, node, NodeType::text, path)) {
    const auto& names = context.state_names;
    const auto found = std::find(names.begin(), names.end(), node.text);
    if (found != names.end()) return static_cast<StateIndex>(found - names.begin());
    context.problems.add(node.where, fmt::format("{}: there is no state \"{}\"", path, node.text),
                         "it leads to a state of this scenario", suggest(node.text, names, "states"));
  }
  context.references_sound = false;
  return kNoState;
}

std::vector<StateIndex> read_states(ReadContext& context, const Node& node, const std::string& path) {
  std::vector<StateIndex> states;
  if (!expect(context, node, NodeType::list, path)) return states;
  for (const Node& item : node.items) {
    const StateIndex state = read_state(context, item, path);
    if (state == kNoState) continue;
    if (std::find(states.begin(), states.end(), state) != states.end())
      context.problems.add(item.where, fmt::format("{}: \"{}\" is there twice", path, item.text), "once is enough",
                           "remove one of the two");
    else
      states.push_back(state);
  }
  return states;
}

std::optional<std::uint16_t> find_label(ReadContext& context, Trait trait, const std::string& label, Location where,
                                        const std::string& path) {
  const std::vector<std::string>& labels = context.scenario.traits[index_of(trait)].labels;
  const auto found = std::find(labels.begin(), labels.end(), label);
  if (found != labels.end()) return static_cast<std::uint16_t>(found - labels.begin());
  if (context.labels_unknown[index_of(trait)]) return std::nullopt;
  const std::string_view name = kTraitNames[index_of(trait)];
  context.problems.add(where, fmt::format("{}: there is no {} \"{}\"", path, name, label),
                       fmt::format("it is one of the labels of {} under [classes]", name),
                       suggest(label, labels, fmt::format("labels of {}", name)));
  return std::nullopt;
}

std::optional<std::uint16_t> read_reference(ReadContext& context, const Node& node, const std::string& path,
                                            const std::vector<std::string>& names, std::string_view what) {
  const auto name = read_text(context, node, path);
  if (!name) return std::nullopt;
  const auto found = std::find(names.begin(), names.end(), *name);
  if (found != names.end()) return static_cast<std::uint16_t>(found - names.begin());
  context.problems.add(node.where, fmt::format("{} = \"{}\" does not exist", path, *name),
                       fmt::format("it is one of the {} of this scenario", what), suggest(*name, names, what));
  return std::nullopt;
}

std::optional<Trait> find_trait(ReadContext& context, const std::string& name, Location where,
                                const std::string& path) {
  for (std::size_t t = 0; t < kTraits; ++t)
    if (kTraitNames[t] == name) return static_cast<Trait>(t);
  context.problems.add(where, fmt::format("{}: there is no trait \"{}\"", path, name),
                       "persons are told apart by their traits only", suggest(name, words_of(kTraitNames), "traits"));
  return std::nullopt;
}

std::vector<std::uint16_t> read_labels(ReadContext& context, const Node& node, Trait trait, const std::string& path) {
  std::vector<std::uint16_t> labels;
  if (!expect(context, node, NodeType::list, path)) return labels;
  if (node.items.empty())
    context.problems.add(node.where, fmt::format("{} is empty", path), "nobody would be meant",
                         "name at least one label, or remove the key");
  for (const Node& item : node.items) {
    if (!expect(context, item, NodeType::text, path)) continue;
    const std::optional<std::uint16_t> label = find_label(context, trait, item.text, item.where, path);
    if (!label) continue;
    if (std::find(labels.begin(), labels.end(), *label) != labels.end())
      context.problems.add(item.where, fmt::format("{}: \"{}\" is there twice", path, item.text), "once is enough",
                           "remove one of the two");
    else
      labels.push_back(*label);
  }
  return labels;
}

std::array<std::vector<std::uint16_t>, kTraits> read_only(ReadContext& context, const Node& node,
                                                          const std::string& path) {
  std::array<std::vector<std::uint16_t>, kTraits> only;
  if (!expect(context, node, NodeType::table, path)) return only;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const std::optional<Trait> trait = find_trait(context, node.keys[i], node.items[i].key, path);
    if (trait) only[index_of(*trait)] = read_labels(context, node.items[i], *trait, join(path, node.keys[i]));
  }
  return only;
}

std::string resolve_source(ReadContext& context, const std::string& text, Location where) {
  const auto found = context.sources.find(text);
  if (found != context.sources.end()) return found->second;
  if (text.find(' ') == std::string::npos && context.unknown_sources.insert(text).second)
    context.problems.add(where, fmt::format("unknown source \"{}\"", text),
                         "a source without spaces is the name of an entry of [sources]",
                         context.source_names.empty() ? "add it under [sources], or write the citation out"
                                                      : suggest(text, context.source_names, "sources"));
  return text;
}

}  // namespace prisonflow::models
