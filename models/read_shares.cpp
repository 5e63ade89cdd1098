// Reads one row of shares with its rows for classes and its odds ratios, from text or from tables.
#include "models/read_shares.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/read_laws.hpp"
#include "models/read_row_labels.hpp"

namespace prisonflow::models {

namespace {

bool is_provenance(const std::string& key) {
  return std::find(kProvenanceKeys.begin(), kProvenanceKeys.end(), key) != kProvenanceKeys.end();
}

/// Reads one share table; knows where it stands and what its branches are.
class SharesReader {
 public:
  SharesReader(ReadContext& context, const std::string& path, const std::string& key, const ShareTargets& targets)
      : context_(context), targets_(targets), path_(join(path, key)) {}

  Shares read(const Node* base, const Node* by, const Node* rows) {
    if (base != nullptr && expect(context_, *base, NodeType::table, path_)) read_base(*base);
    if (base == nullptr) {
      const Node& there = by != nullptr ? *by : *rows;
      context_.references_sound = context_.references_sound && !targets_.states;
      context_.problems.add(there.key, fmt::format("{} is missing", path_), "rows and ratios change a row of shares",
                            fmt::format("add {} = {{ … }}", path_.substr(path_.rfind('.') + 1)));
      return {};
    }
    if (rows != nullptr && expect(context_, *rows, NodeType::table, path_ + "_for")) read_rows(*rows);
    if (by != nullptr && expect(context_, *by, NodeType::table, path_ + "_by")) read_modifiers(*by);
    return std::move(shares_);
  }

 private:
  std::optional<std::uint16_t> target(const std::string& name, Location where, const std::string& path) {
    const auto found = std::find(targets_.names.begin(), targets_.names.end(), name);
    if (found != targets_.names.end()) return static_cast<std::uint16_t>(found - targets_.names.begin());
    if (targets_.states) context_.references_sound = false;
    if (!targets_.states && context_.labels_unknown[targets_.traits]) return std::nullopt;
    context_.problems.add(where, fmt::format("{}: \"{}\" is not among the {}", path, name, targets_.what),
                          "a share leads somewhere", suggest(name, targets_.names, targets_.what));
    return std::nullopt;
  }
  std::optional<std::size_t> branch(const std::string& name, Location where, const std::string& path) {
    const auto index = target(name, where, path);
    if (!index) return std::nullopt;
    const auto found = std::find(shares_.targets.begin(), shares_.targets.end(), *index);
    if (found != shares_.targets.end()) return static_cast<std::size_t>(found - shares_.targets.begin());
    std::vector<std::string> names;
    for (const std::uint16_t t : shares_.targets) names.push_back(targets_.names[t]);
    context_.problems.add(where, fmt::format("{}: \"{}\" is no branch of {}", path, name, path_),
                          fmt::format("the branches are {}", listed(names)),
                          fmt::format("add {} = 0 there if it is one for some people only", name));
    return std::nullopt;
  }
  /// The share, kNoParameter for "rest".
  ParameterId share(const Node& node, const std::string& path, SharesRow& row) {
    if (node.is(NodeType::text) && node.text == "rest") {
      rest(node.where, path, row);
      return kNoParameter;
    }
    const ParameterId id = read_number(context_, node, path, Quantity::share);
    row.members.push_back(id);
    return id;
  }
  void rest(Location where, const std::string& path, SharesRow& row) {
    if (row.has_rest)
      context_.problems.add(where, fmt::format("{} has two rests", row.path), "only one branch can take what is left",
                            "give one of them a number");
    row.has_rest = true;
    context_.rests.emplace(path, row.path);
  }
  void finish(SharesRow row, std::size_t problems_before) {
    if (context_.problems.count() == problems_before) context_.scenario.rules.shares_rows.push_back(std::move(row));
  }

  void read_base(const Node& base) {
    const std::size_t before = context_.problems.count();
    SharesRow row{path_, base.where, {}, false};
    for (std::size_t i = 0; i < base.items.size(); ++i) {
      if (is_provenance(base.keys[i])) continue;
      const auto to = target(base.keys[i], base.items[i].key, path_);
      const ParameterId id = share(base.items[i], join(path_, base.keys[i]), row);
      if (!to) continue;
      shares_.targets.push_back(*to);
      shares_.base.push_back(id);
    }
    if (shares_.targets.empty() && context_.problems.count() == before) {
      context_.references_sound = context_.references_sound && !targets_.states;
      context_.problems.add(base.where, fmt::format("{} has no branches", path_), "people have to go somewhere",
                            "name at least one");
    }
    finish(std::move(row), before);
  }

  // -------------------------------------------------------------------- rows for classes of persons

  void read_rows(const Node& rows) {
    if (const Node* named = rows.find("table")) {
      check_keys(context_, rows, path_ + "_for", {"table"});
      read_row_table(*named);
      return;
    }
    for (std::size_t i = 0; i < rows.items.size(); ++i) {
      if (is_provenance(rows.keys[i])) continue;
      const std::string path = fmt::format("{}_for.{}", path_, rows.keys[i]);
      ShareRow row;
      const bool sound = expect(context_, rows.items[i], NodeType::table, path);
      const auto conditions = labels_.of_name(rows.keys[i], rows.items[i].key);
      if (!sound || !conditions || !labels_.is_new(*conditions, rows.items[i].key, path)) continue;
      row.conditions = *conditions;
      read_row(rows.items[i], path, row);
      shares_.rows.push_back(std::move(row));
    }
  }
  void read_row(const Node& node, const std::string& path, ShareRow& row) {
    const std::size_t before = context_.problems.count();
    SharesRow sum{path, node.where, {}, false};
    row.shares.assign(shares_.targets.size(), kNoParameter);
    std::vector<bool> filled(shares_.targets.size());
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      if (is_provenance(node.keys[i])) continue;
      const auto at = branch(node.keys[i], node.items[i].key, path);
      const ParameterId id = share(node.items[i], join(path, node.keys[i]), sum);
      if (!at) continue;
      row.shares[*at] = id;
      filled[*at] = true;
    }
    for (std::size_t b = 0; b < filled.size(); ++b)
      if (!filled[b]) row.shares[b] = implied(node, path, b, sum);
    finish(std::move(sum), before);
  }
  ParameterId implied(const Node& node, const std::string& path, std::size_t branch, SharesRow& sum) {
    const ParameterId id = implied_zero(context_, node, join(path, targets_.names[shares_.targets[branch]]));
    sum.members.push_back(id);
    return id;
  }
  void read_row_table(const Node& named) {
    const std::optional<CsvTable> table = context_.files.open_table(named);
    if (!table) return;
    std::vector<std::string> traits = words_of(kTraitNames), branches;
    for (const std::uint16_t t : shares_.targets) branches.push_back(targets_.names[t]);
    std::vector<std::string> columns = traits;
    columns.insert(columns.end(), branches.begin(), branches.end());
    columns.insert(columns.end(), kProvenanceColumns.begin(), kProvenanceColumns.end());
    if (!check_header(*table, {}, columns, context_.problems)) return;
    for (const auto& cells : table->rows) read_table_row(*table, cells, named);
  }
  void read_table_row(const CsvTable& table, const std::vector<CsvCell>& cells, const Node& named) {
    const std::size_t before = context_.problems.count();
    const auto who = labels_.of_cells(table, cells);
    if (!who) return;
    const std::string path = fmt::format("{}_for.{}", path_, who->name);
    if (!labels_.is_new(who->conditions, cells.front().where, path)) return;
    ShareRow row{who->conditions, {}};
    SharesRow sum{path, cells.front().where, {}, false};
    for (std::size_t b = 0; b < shares_.targets.size(); ++b) {
      const std::string& branch_name = targets_.names[shares_.targets[b]];
      const std::optional<std::size_t> column = table.column(branch_name);
      const std::string full = join(path, branch_name);
      if (!column || cells[*column].text.empty()) {
        row.shares.push_back(implied(named, path, b, sum));
      } else if (cells[*column].text == "rest") {
        rest(cells[*column].where, full, sum);
        row.shares.push_back(kNoParameter);
      } else {
        row.shares.push_back(read_number(context_, table, cells, *column, named, full, Quantity::share));
        sum.members.push_back(row.shares.back());
      }
    }
    finish(std::move(sum), before);
    shares_.rows.push_back(std::move(row));
  }

  // -------------------------------------------------------------------- odds ratios

  void read_modifiers(const Node& by) {
    const std::string path = path_ + "_by";
    if (const Node* named = by.find("table")) {
      check_keys(context_, by, path, {"table"});
      read_modifier_table(*named, path);
      return;
    }
    for (std::size_t i = 0; i < by.items.size(); ++i) {
      if (is_provenance(by.keys[i])) continue;
      const auto trait = find_trait(context_, by.keys[i], by.items[i].key, path);
      const std::string trait_path = join(path, by.keys[i]);
      if (!trait || !labels_.may_use(*trait, by.items[i].key, path) ||
          !expect(context_, by.items[i], NodeType::table, trait_path))
        continue;
      const Node& labels = by.items[i];
      for (std::size_t j = 0; j < labels.items.size(); ++j) {
        if (is_provenance(labels.keys[j])) continue;
        const auto found = find_label(context_, *trait, labels.keys[j], labels.items[j].key, trait_path);
        const std::string label_path = join(trait_path, labels.keys[j]);
        if (found && expect(context_, labels.items[j], NodeType::table, label_path))
          read_odds(labels.items[j], *trait, *found, label_path);
      }
    }
  }
  void read_odds(const Node& odds, Trait trait, std::uint16_t label, const std::string& path) {
    for (std::size_t i = 0; i < odds.items.size(); ++i) {
      if (is_provenance(odds.keys[i])) continue;
      const auto at = branch(odds.keys[i], odds.items[i].key, path);
      if (!at) continue;
      shares_.modifiers.push_back({trait, label, static_cast<std::uint16_t>(*at),
                                   read_number(context_, odds.items[i], join(path, odds.keys[i]), Quantity::odds)});
    }
  }
  void read_modifier_table(const Node& named, const std::string& path) {
    const std::optional<CsvTable> table = context_.files.open_table(named);
    if (!table || !check_header(*table, {"trait", "label", "branch", "value"}, kProvenanceColumns, context_.problems))
      return;
    const std::size_t branch_column = *table->column("branch");
    for (const auto& row : table->rows) {
      const auto of = find_class(context_, *table, row, path);
      const CsvCell& cell = row[branch_column];
      const auto at = branch(cell.text, cell.where, path);
      if (!of || !at || !labels_.may_use(of->first, row[*table->column("trait")].where, path)) continue;
      const std::string full = fmt::format("{}.{}.{}.{}", path, row[*table->column("trait")].text,
                                           row[*table->column("label")].text, cell.text);
      shares_.modifiers.push_back(
          {of->first, of->second, static_cast<std::uint16_t>(*at),
           read_number(context_, *table, row, *table->column("value"), named, full, Quantity::odds)});
    }
  }

  ReadContext& context_;
  const ShareTargets& targets_;
  std::string path_;
  RowLabels labels_{context_, path_, targets_.traits};
  Shares shares_;
};

}  // namespace

Shares read_shares(ReadContext& context, const Node& table, const std::string& path, const std::string& key,
                   const ShareTargets& targets) {
  const Node* base = table.find(key);
  const Node* by = table.find(key + "_by");
  const Node* rows = table.find(key + "_for");
  if (base == nullptr && by == nullptr && rows == nullptr) return {};
  return SharesReader(context, path, key, targets).read(base, by, rows);
}

std::array<Shares, kTraits> read_mix(ReadContext& context, const Node& mix, const std::string& path,
                                     const std::vector<Trait>& allowed) {
  std::array<Shares, kTraits> result;
  if (!expect(context, mix, NodeType::table, path)) return result;
  std::vector<std::string> keys;
  for (const Trait trait : allowed) {
    const std::string name{kTraitNames[index_of(trait)]};
    const std::vector<std::string>& labels = context.scenario.traits[index_of(trait)].labels;
    for (const char* ending : {"", "_by", "_for"}) keys.push_back(name + ending);
    result[index_of(trait)] =
        read_shares(context, mix, path, name, {"labels of " + name, labels, false, index_of(trait)});
  }
  check_keys(context, mix, path, keys);
  return result;
}

std::string wrong_sum(const SharesRow& row, const Valuation& values) {
  double sum = 0;
  for (const ParameterId id : row.members) sum += values[index_of(id)];
  if (row.has_rest ? sum <= 1 + 1e-6 : std::abs(sum - 1) <= 1e-6) return {};
  return fmt::format("add up to {:.7g}", sum);
}

void check_sums(ReadContext& context, const Valuation& values) {
  for (const SharesRow& row : context.scenario.rules.shares_rows) {
    const std::string wrong = wrong_sum(row, values);
    if (wrong.empty()) continue;
    context.problems.add(row.where, fmt::format("the shares of {} {}", row.path, wrong),
                         row.has_rest ? "nothing would be left for the rest" : "everyone goes somewhere, once",
                         row.has_rest ? "lower some of them" : "make them add up to 1, or give one branch \"rest\"");
  }
}

}  // namespace prisonflow::models
