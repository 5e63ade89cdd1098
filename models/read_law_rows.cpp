// From rows of durations in the text, or in a table, to laws by class.
#include "models/read_law_rows.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/read_row_labels.hpp"

namespace prisonflow::models {

namespace {

/// A distribution that a row of a table can give: by its mean, and by what `second` names.
struct TableFamily {
  std::string_view name;
  Family family;
  std::string_view second;
};
constexpr std::array<TableFamily, 4> kTableFamilies{{{"fixed", Family::fixed, ""},
                                                     {"exponential", Family::exponential, ""},
                                                     {"lognormal", Family::lognormal, "sigma"},
                                                     {"gamma", Family::gamma, "shape"}}};
constexpr std::array<std::string_view, 2> kSeconds{"sigma", "shape"};

class LawRowsReader {
 public:
  LawRowsReader(ReadContext& context, const std::string& path, const std::string& key)
      : context_(context), path_(join(path, key + "_for")), labels_(context, join(path, key)) {}

  std::vector<LawRow> read(const Node& rows) {
    if (const Node* named = rows.find("table")) {
      check_keys(context_, rows, path_, {"table"});
      read_table(*named);
    } else {
      for (std::size_t i = 0; i < rows.items.size(); ++i) {
        const bool provenance =
            std::find(kProvenanceKeys.begin(), kProvenanceKeys.end(), rows.keys[i]) != kProvenanceKeys.end();
        if (!provenance) read_row(rows.items[i], rows.keys[i]);
      }
    }
    if (!all_.scalable.empty()) context_.path_groups[path_] = std::move(all_);
    return std::move(rows_);
  }

 private:
  void read_row(const Node& node, const std::string& name) {
    const std::string path = join(path_, name);
    const auto conditions = labels_.of_name(name, node.key);
    if (!conditions || !labels_.is_new(*conditions, node.key, path)) return;
    if (node.is(NodeType::text) && (node.text == "remainder" || node.text == "continue" || node.text == "life")) {
      context_.problems.add(node.where, fmt::format("{} = \"{}\" is not drawn", path, node.text),
                            "a row is a duration or a distribution that some persons draw from",
                            "send these persons to a state of their own");
      return;
    }
    add(*conditions, read_law(context_, node, path));
  }

  void read_table(const Node& named) {
    const std::optional<CsvTable> table = context_.files.open_table(named);
    if (!table) return;
    std::vector<std::string> optional = words_of(kTraitNames);
    optional.emplace_back("distribution");
    optional.insert(optional.end(), kSeconds.begin(), kSeconds.end());
    optional.insert(optional.end(), kProvenanceColumns.begin(), kProvenanceColumns.end());
    if (!check_header(*table, {"mean"}, optional, context_.problems)) return;
    for (const auto& cells : table->rows) read_table_row(*table, cells, named);
  }
  void read_table_row(const CsvTable& table, const std::vector<CsvCell>& cells, const Node& named) {
    const auto who = labels_.of_cells(table, cells);
    if (!who) return;
    const std::string path = join(path_, who->name);
    if (!labels_.is_new(who->conditions, cells.front().where, path)) return;
    const TableFamily* const family = family_of(table, cells, path);
    if (family == nullptr) return;
    LawSpec law;
    law.family = family->family;
    NumberRule mean;
    mean.above_zero = family->family != Family::fixed;
    const std::size_t mean_column = *table.column("mean");
    const std::string mean_path = family->family == Family::fixed ? path : join(path, "mean");
    law.scale = read_number(context_, table, cells, mean_column, named, mean_path, Quantity::duration, mean);
    for (const std::string_view second : kSeconds) {
      const std::optional<std::size_t> column = table.column(second);
      const bool filled = column && !cells[*column].text.empty();
      if (filled && second != family->second) {
        context_.problems.add(cells[*column].where, fmt::format("{} has a {}", path, second),
                              fmt::format("the distribution of this row is {}, which has none", family->name),
                              "leave the cell empty, or name another distribution");
      } else if (!filled && second == family->second) {
        context_.problems.add(column ? cells[*column].where : cells[mean_column].where,
                              fmt::format("{} has no \"{}\"", path, second), "this distribution needs it",
                              fmt::format("fill in the column {}", second));
      } else if (filled) {
        NumberRule rule;
        rule.above_zero = true;
        rule.unit_of_another = true;  // the mean's
        law.second = read_number(context_, table, cells, *column, named, join(path, second), Quantity::number, rule);
      }
    }
    if (family->family != Family::fixed) context_.path_groups[path] = {"distribution", {law.scale}};
    add(who->conditions, std::move(law));
  }
  const TableFamily* family_of(const CsvTable& table, const std::vector<CsvCell>& cells, const std::string& path) {
    const std::optional<std::size_t> column = table.column("distribution");
    if (!column || cells[*column].text.empty()) return kTableFamilies.data();
    const CsvCell& cell = cells[*column];
    const auto found = std::find_if(kTableFamilies.begin(), kTableFamilies.end(),
                                    [&](const TableFamily& family) { return family.name == cell.text; });
    if (found != kTableFamilies.end()) return &*found;
    std::vector<std::string> names;
    for (const TableFamily& family : kTableFamilies) names.emplace_back(family.name);
    context_.problems.add(cell.where, fmt::format("{}: no row of a table is \"{}\"", path, cell.text),
                          "a row gives a mean, and what the distribution needs beside it",
                          suggest(cell.text, names, "distributions of a table"));
    return nullptr;
  }

  void add(const Conditions& conditions, LawSpec law) {
    for (const auto& [duration, share] : law.points) all_.scalable.push_back(duration);
    if (given(law.scale)) all_.scalable.push_back(law.scale);
    if (law.family == Family::uniform && given(law.second)) all_.scalable.push_back(law.second);
    rows_.push_back({conditions, std::move(law)});
  }

  ReadContext& context_;
  std::string path_;
  RowLabels labels_;
  PathGroup all_{"table", {}};
  std::vector<LawRow> rows_;
};

}  // namespace

std::vector<LawRow> read_law_rows(ReadContext& context, const Node& table, const std::string& path,
                                  const std::string& key) {
  const Node* rows = table.find(key + "_for");
  if (rows == nullptr || !expect(context, *rows, NodeType::table, join(path, key + "_for"))) return {};
  return LawRowsReader(context, path, key).read(*rows);
}

}  // namespace prisonflow::models
