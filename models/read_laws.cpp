// From a duration, a series or a table of factors in the text to its parameters.
#include "models/read_laws.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace prisonflow::models {

namespace {

const std::vector<std::string> kFamilies{"exponential", "uniform", "weibull", "lognormal", "gamma", "empirical"};

bool is_provenance(const std::string& key) {
  return std::find(kProvenanceKeys.begin(), kProvenanceKeys.end(), key) != kProvenanceKeys.end();
}

ParameterId required(ReadContext& context, const Node& table, const std::string& path, std::string_view key,
                     Quantity quantity, bool above_zero) {
  const Node* node = table.find(key);
  if (node != nullptr) {
    NumberRule rule;
    rule.above_zero = above_zero;
    return read_number(context, *node, join(path, key), quantity, rule);
  }
  missing(context, table, path, key, "this distribution needs it",
          quantity == Quantity::duration ? fmt::format("add {} = \"… days\"", key) : fmt::format("add {} = …", key));
  return kNoParameter;
}

void read_empirical(ReadContext& context, const Node& node, const std::string& path, LawSpec& law) {
  check_keys(context, node, path, {"distribution", "table", "never"});
  const Node* named = node.find("table");
  if (named == nullptr)
    return missing(context, node, path, "table", "an empirical distribution is a table",
                   "add table = \"….csv\" with the columns duration,share");
  const std::optional<CsvTable> table = context.files.open_table(*named);
  if (!table || !check_header(*table, {"duration", "share"}, kProvenanceColumns, context.problems)) return;
  const std::size_t duration = *table->column("duration"), share = *table->column("share");
  const std::size_t before = context.problems.count();
  for (std::size_t i = 0; i < table->rows.size(); ++i) {
    const std::string point = fmt::format("{}.points.{}", path, i + 1);
    const auto& row = table->rows[i];
    law.points.emplace_back(
        read_number(context, *table, row, duration, *named, point + ".duration", Quantity::duration),
        read_number(context, *table, row, share, *named, point + ".share", Quantity::share));
  }
  if (context.problems.count() != before) return;
  double last_duration = 0, last_share = 0;
  for (std::size_t i = 0; i < law.points.size(); ++i) {
    const Parameter& d = context.scenario.parameter(law.points[i].first);
    const Parameter& s = context.scenario.parameter(law.points[i].second);
    if ((i > 0 && d.value <= last_duration) || s.value < last_share)
      context.problems.add(d.where, "durations or cumulative shares do not ascend",
                           "each row is the share of people who are through after that duration", "sort the rows");
    last_duration = d.value;
    last_share = s.value;
  }
  if (law.points.empty() || last_share < 1 - 1e-6 || last_share > 1 + 1e-6)
    context.problems.add(law.points.empty() ? named->where : context.scenario.parameter(law.points.back().second).where,
                         fmt::format("the cumulative shares end at {}", plain(last_share)),
                         "the last row is the longest duration, with share 1",
                         "add the longest duration; use never = … for people who never finish");
}

void read_distribution(ReadContext& context, const Node& node, const std::string& path, std::size_t family,
                       LawSpec& law) {
  PathGroup group{"distribution", {}};
  const auto duration = [&](std::string_view key, bool above_zero) {
    const ParameterId id = required(context, node, path, key, Quantity::duration, above_zero);
    if (given(id)) group.scalable.push_back(id);
    return id;
  };
  switch (family) {
    case 0:
      check_keys(context, node, path, {"distribution", "mean", "never"});
      law.family = Family::exponential;
      law.scale = duration("mean", true);
      break;
    case 1:
      check_keys(context, node, path, {"distribution", "shortest", "longest", "never"});
      law.family = Family::uniform;
      law.scale = duration("shortest", false);
      law.second = duration("longest", true);
      if (given(law.scale) && given(law.second)) context.scenario.rules.ascending.emplace_back(law.scale, law.second);
      break;
    case 2:
      check_keys(context, node, path, {"distribution", "scale", "shape", "never"});
      law.family = Family::weibull;
      law.scale = duration("scale", true);
      law.second = required(context, node, path, "shape", Quantity::number, true);
      break;
    case 3:
      check_keys(context, node, path, {"distribution", "mean", "median", "sigma", "never"});
      law.family = Family::lognormal;
      law.median = node.find("median") != nullptr;
      if (law.median && node.find("mean") != nullptr)
        context.problems.add(node.find("median")->key, fmt::format("{} has a mean and a median", path),
                             "with sigma, one of them says it all", "remove one of the two");
      law.scale = duration(law.median ? "median" : "mean", true);
      law.second = required(context, node, path, "sigma", Quantity::number, true);
      break;
    case 4:
      check_keys(context, node, path, {"distribution", "mean", "shape", "never"});
      law.family = Family::gamma;
      law.scale = duration("mean", true);
      law.second = required(context, node, path, "shape", Quantity::number, true);
      break;
    default:
      law.family = Family::empirical;
      read_empirical(context, node, path, law);
      for (const auto& [time, share] : law.points) group.scalable.push_back(time);
      break;
  }
  context.path_groups[path] = std::move(group);
}

void read_factor_table(ReadContext& context, const Node& named, const std::string& path,
                       std::vector<Modifier>& modifiers) {
  const std::optional<CsvTable> table = context.files.open_table(named);
  if (!table || !check_header(*table, {"trait", "label", "value"}, kProvenanceColumns, context.problems)) return;
  for (const auto& row : table->rows) {
    const auto of = find_class(context, *table, row, path);
    if (!of) continue;
    const std::string full =
        fmt::format("{}.{}.{}", path, row[*table->column("trait")].text, row[*table->column("label")].text);
    modifiers.push_back({of->first, of->second,
                         read_number(context, *table, row, *table->column("value"), named, full, Quantity::odds)});
  }
}

void read_series_points(ReadContext& context, const Node& node, const std::string& path, Quantity quantity,
                        const NumberRule& rule, Series& series) {
  const std::size_t before = context.problems.count();
  if (const Node* named = node.find("table")) {
    const std::optional<CsvTable> table = context.files.open_table(*named);
    if (!table || !check_header(*table, {"date", "value"}, kProvenanceColumns, context.problems)) return;
    for (const auto& row : table->rows)
      if (const auto date = read_date(context, row[*table->column("date")], path))
        series.points.emplace_back(*date, read_number(context, *table, row, *table->column("value"), *named,
                                                      join(path, sim::to_string(*date)), quantity, rule));
  } else if (const Node* on = node.find("on")) {
    if (!expect(context, *on, NodeType::table, join(path, "on"))) return;
    for (std::size_t i = 0; i < on->items.size(); ++i) {
      if (is_provenance(on->keys[i])) continue;
      const std::optional<sim::Date> date = sim::parse_date(on->keys[i]);
      if (!date)
        context.problems.add(on->items[i].key, fmt::format("{}: \"{}\" is no date", path, on->keys[i]),
                             "a series has one value a date", "write 2015-01-31 = …");
      else
        series.points.emplace_back(*date, read_number(context, on->items[i], join(path, on->keys[i]), quantity, rule));
    }
  } else {
    return missing(context, node, path, "on", "a series lists its values by date",
                   "write { between = \"steps\", on = { 2010-01-01 = 100, 2012-01-01 = 120 } }, or table = \"….csv\"");
  }
  if (series.points.empty() && context.problems.count() == before)
    context.problems.add(node.where, fmt::format("{} has no values", path), "a series needs at least one date", "");
}

}  // namespace

LawSpec read_law(ReadContext& context, const Node& node, const std::string& path) {
  LawSpec law;
  const Node* distribution = node.is(NodeType::table) ? node.find("distribution") : nullptr;
  if (distribution == nullptr) {
    if (node.is(NodeType::table) && !is_value_table(node) && node.find("low") == nullptr) {
      missing(context, node, path, "distribution", "a duration is fixed or drawn from a distribution",
              "write \"6 months\", or distribution = \"exponential\" with mean = \"6 months\"");
      return law;
    }
    law.scale = read_number(context, node, path, Quantity::duration);
    return law;
  }
  const std::optional<std::size_t> family = read_choice(context, *distribution, join(path, "distribution"), kFamilies);
  if (!family) return law;
  read_distribution(context, node, path, *family, law);
  if (const Node* never = node.find("never"))
    law.never = read_number(context, *never, join(path, "never"), Quantity::share);
  return law;
}

std::optional<std::pair<Trait, std::uint16_t>> find_class(ReadContext& context, const CsvTable& table,
                                                          const std::vector<CsvCell>& row, const std::string& path) {
  const CsvCell& trait_cell = row[*table.column("trait")];
  const CsvCell& label_cell = row[*table.column("label")];
  const std::optional<Trait> trait = find_trait(context, trait_cell.text, trait_cell.where, path);
  if (!trait) return std::nullopt;
  const auto label = find_label(context, *trait, label_cell.text, label_cell.where, path);
  if (!label) return std::nullopt;
  return std::pair(*trait, *label);
}

std::vector<Modifier> read_modifiers(ReadContext& context, const Node& table, const std::string& path,
                                     const std::string& key) {
  std::vector<Modifier> modifiers;
  const Node* by = table.find(key + "_by");
  const std::string full = join(path, key + "_by");
  if (by == nullptr || !expect(context, *by, NodeType::table, full)) return modifiers;
  if (const Node* named = by->find("table")) {
    check_keys(context, *by, full, {"table"});
    read_factor_table(context, *named, full, modifiers);
    return modifiers;
  }
  for (std::size_t i = 0; i < by->items.size(); ++i) {
    if (is_provenance(by->keys[i])) continue;
    const std::optional<Trait> trait = find_trait(context, by->keys[i], by->items[i].key, full);
    const std::string trait_path = join(full, by->keys[i]);
    if (!trait || !expect(context, by->items[i], NodeType::table, trait_path)) continue;
    const Node& labels = by->items[i];
    for (std::size_t j = 0; j < labels.items.size(); ++j) {
      if (is_provenance(labels.keys[j])) continue;
      const auto label = find_label(context, *trait, labels.keys[j], labels.items[j].key, trait_path);
      if (label)
        modifiers.push_back(
            {*trait, *label, read_number(context, labels.items[j], join(trait_path, labels.keys[j]), Quantity::odds)});
    }
  }
  return modifiers;
}

Series read_series(ReadContext& context, const Node& node, const std::string& path, Quantity quantity,
                   const NumberRule& rule) {
  Series series;
  const auto there = [&](std::string_view key) { return node.find(key) != nullptr; };
  if (!node.is(NodeType::table) || is_value_table(node) || there("low")) {
    series.points.emplace_back(context.scenario.start, read_number(context, node, path, quantity, rule));
    return series;
  }
  check_keys(context, node, path, {"between", "on", "table"});
  if (there("on") && there("table"))
    context.problems.add(node.find("table")->key, fmt::format("{} has values and a table", path),
                         "a series comes from one of them", "remove on or table");
  if (const Node* between = node.find("between"))
    series.linear = read_choice(context, *between, join(path, "between"), {"steps", "lines"}).value_or(0) == 1;
  read_series_points(context, node, path, quantity, rule, series);
  std::stable_sort(series.points.begin(), series.points.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  PathGroup group{"series", {}};
  for (const auto& [date, id] : series.points) group.scalable.push_back(id);
  context.path_groups[path] = std::move(group);
  return series;
}

}  // namespace prisonflow::models
