// Lays scenario texts over one another and finds out where each number has its provenance from.
#include "models/read_tree.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/unit_parser.hpp"

namespace prisonflow::models {

namespace {

const std::vector<std::string> kGrades{"measured", "derived", "fitted", "assumed"};

bool has_text(const Node& node, std::string_view key) {
  const Node* found = node.find(key);
  return found != nullptr && found->is(NodeType::text);
}

/// A table that stands for one value, distribution or file, so that giving it anew replaces all of it.
bool is_whole(const Node& node) {
  return is_value_table(node) || has_text(node, "distribution") || has_text(node, "table");
}

/// Builds the tree of one scenario; holds what the recursion over `extends` shares.
class TreeBuilder {
 public:
  TreeBuilder(ScenarioFiles& files, Problems& problems) : files_(files), problems_(problems) { scopes_.emplace_back(); }

  std::optional<ScenarioTree> build() {
    std::optional<Node> root = load(0);
    if (!root) return std::nullopt;
    std::uint32_t order = 0;
    number(*root, order);
    return ScenarioTree{std::move(*root), std::move(scopes_)};
  }

 private:
  std::optional<Node> load(std::uint32_t file) {
    std::optional<Node> upper = parse_toml(files_.text(file), file, problems_);
    if (!upper) return std::nullopt;
    inherit_root(*upper);
    Node* extends = upper->find("extends");
    if (extends == nullptr) return upper;
    chain_.push_back(file);
    const std::optional<std::uint32_t> below = lower_file(*extends);
    if (!below) return std::nullopt;
    std::optional<Node> lower = load(*below);
    chain_.pop_back();
    if (!lower) return std::nullopt;
    const auto at = static_cast<std::ptrdiff_t>(extends - upper->items.data());
    upper->keys.erase(upper->keys.begin() + at);
    upper->items.erase(upper->items.begin() + at);
    lay_over(*lower, std::move(*upper), "", false);
    return lower;
  }

  std::optional<std::uint32_t> lower_file(const Node& extends) {
    constexpr std::size_t kDeepest = 8;
    if (!extends.is(NodeType::text)) {
      problems_.add(extends.where, fmt::format("extends is {}", described(extends.type)), "it names one file",
                    "write extends = \"base.toml\"");
      return std::nullopt;
    }
    if (chain_.size() > kDeepest) {
      problems_.add(extends.where, fmt::format("more than {} files extend one another", kDeepest), way_to(extends.text),
                    "merge some of them");
      return std::nullopt;
    }
    const std::optional<std::uint32_t> file = files_.open(extends, "extends", kLargestToml);
    if (!file) return std::nullopt;
    if (std::find(chain_.begin(), chain_.end(), *file) == chain_.end()) return file;
    problems_.add(extends.where, fmt::format("\"{}\" extends itself", extends.text), way_to(extends.text),
                  "remove one of these extends");
    return std::nullopt;
  }
  std::string way_to(std::string_view last) const {
    std::string way;
    for (const std::uint32_t file : chain_) way += files_.shown(file) + " → ";
    return way + std::string(last);
  }

  // ------------------------------------------------------------------------- unit, source, grade, note

  void inherit_root(Node& root) {
    const std::uint32_t scope = scope_of(root, 0, true);
    for (std::size_t i = 0; i < root.items.size(); ++i) {
      // These tables hold words, so "note" is an entry there like any other.
      if (root.keys[i] == "sources" || root.keys[i] == "labels" || root.keys[i] == "classes") continue;
      inherit(root.items[i], scope, root.keys[i] != "observed");
    }
  }
  void inherit(Node& node, std::uint32_t scope, bool units) {
    node.scope = node.is(NodeType::table) ? scope_of(node, scope, units) : scope;
    for (Node& item : node.items) inherit(item, node.scope, units);
  }
  std::uint32_t scope_of(const Node& table, std::uint32_t above, bool units) {
    const auto given = [&](std::string_view key) { return table.find(key) != nullptr; };
    if (std::none_of(kProvenanceKeys.begin(), kProvenanceKeys.end(), given)) return above;
    Provenance here = scopes_[above];
    take(table, "unit", here.unit);
    take(table, "source", here.source);
    take(table, "grade", here.grade);
    take(table, "note", here.note);
    if (given("unit") && here.unit.given && units && !is_unit(here.unit.text) && here.unit.text != "1")
      problems_.add(
          here.unit.where, fmt::format("unknown unit \"{}\"", here.unit.text), "no number has this unit",
          suggest(here.unit.text,
                  {"minutes", "hours", "days", "weeks", "months", "years", "%", "per year", "per month", "per day",
                   "persons", "places", "cases", "m2", "EUR per person per year", "EUR each", "EUR per place per year"},
                  "units"));
    if (given("grade") && here.grade.given &&
        std::find(kGrades.begin(), kGrades.end(), here.grade.text) == kGrades.end())
      problems_.add(here.grade.where, fmt::format("unknown grade \"{}\"", here.grade.text),
                    "a grade says how well a number is known", suggest(here.grade.text, kGrades, "grades"));
    scopes_.push_back(std::move(here));
    return static_cast<std::uint32_t>(scopes_.size() - 1);
  }
  void take(const Node& table, std::string_view key, Provenance::Entry& entry) {
    const Node* node = table.find(key);
    if (node == nullptr) return;
    if (node->is(NodeType::text) && !node->text.empty()) {
      entry = {node->text, node->where, true};
    } else {
      problems_.add(
          node->where,
          node->is(NodeType::text) ? fmt::format("{} is empty", key)
                                   : fmt::format("{} is {}, not text", key, described(node->type)),
          "unit, source, grade and note belong to the numbers below them, so nothing else may have these names",
          fmt::format("write {} = \"…\", or rename the table", key));
    }
  }

  // ------------------------------------------------------------------------- one file over another

  void lay_over(Node& lower, Node&& upper, const std::string& path, bool observed) {
    for (std::size_t i = 0; i < upper.items.size(); ++i) {
      const std::string& key = upper.keys[i];
      Node& value = upper.items[i];
      const std::string below = path.empty() ? key : path + "." + key;
      Node* old = lower.find(key);
      // "none" is a word of the language for these two.
      const bool removes = value.is(NodeType::text) && value.text == "none" && key != "control" && key != "elapsed";
      if (removes) {
        remove(lower, value, old, key, below);
      } else if (old == nullptr) {
        fall_back(value, lower.scope);
        lower.keys.push_back(key);
        lower.items.push_back(std::move(value));
      } else if (old->is(NodeType::table) && value.is(NodeType::table) && (observed || !is_whole(value))) {
        lay_over(*old, std::move(value), below, observed || below == "observed");
      } else {
        fall_back(value, lower.scope);
        *old = std::move(value);
      }
    }
  }
  /// What the upper file does not say about the numbers below `node` is taken from a table of the lower file.
  void fall_back(Node& node, std::uint32_t lower) {
    const auto [known, fresh] = combined_.emplace(std::pair(node.scope, lower), 0);
    if (fresh) {
      Provenance both = scopes_[node.scope];
      const Provenance& from = scopes_[lower];
      if (!both.unit.given) both.unit = from.unit;
      if (!both.source.given && !both.grade.given) {
        both.source = from.source;
        both.grade = from.grade;
        if (!both.note.given) both.note = from.note;
      }
      known->second = static_cast<std::uint32_t>(scopes_.size());
      scopes_.push_back(std::move(both));
    }
    node.scope = known->second;
    for (Node& item : node.items) fall_back(item, lower);
  }
  void remove(Node& lower, const Node& none, const Node* old, const std::string& key, const std::string& path) {
    if (old == nullptr) {
      const std::string near = closest(key, lower.keys);
      problems_.add(none.where, fmt::format("{} = \"none\" removes nothing", path),
                    "the extended file does not have it",
                    near.empty() ? "remove this line" : fmt::format("did you mean \"{}\"?", near));
      return;
    }
    const auto at = static_cast<std::ptrdiff_t>(old - lower.items.data());
    lower.keys.erase(lower.keys.begin() + at);
    lower.items.erase(lower.items.begin() + at);
  }

  static void number(Node& node, std::uint32_t& order) {
    node.order = order++;
    for (Node& item : node.items) number(item, order);
  }

  ScenarioFiles& files_;
  Problems& problems_;
  std::vector<Provenance> scopes_;
  std::vector<std::uint32_t> chain_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> combined_;
};

}  // namespace

bool is_value_table(const Node& node) {
  if (!node.is(NodeType::table)) return false;
  const auto there = [&](std::string_view key) {
    const Node* found = node.find(key);
    return found != nullptr && !found->is(NodeType::table);
  };
  return there("value") || there("central") || there("draw");
}

std::optional<ScenarioTree> read_tree(ScenarioFiles& files, Problems& problems) {
  return TreeBuilder(files, problems).build();
}

}  // namespace prisonflow::models
