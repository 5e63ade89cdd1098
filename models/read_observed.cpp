// What to compare with ([observed.*], [population]) and what to measure ([measures.*]).
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "models/measures.hpp"
#include "models/read_laws.hpp"
#include "models/read_sections.hpp"
#include "models/result_names.hpp"

namespace prisonflow::models {

namespace {

/// A published number: sets beside results, moves none of them, so it is no parameter.
std::optional<double> read_plain_number(ReadContext& context, const CsvCell& cell, const std::string& path) {
  double value = 0;
  const char* const end = cell.text.data() + cell.text.size();
  const auto [last, error] = std::from_chars(cell.text.data(), end, value);
  if (error == std::errc{} && last == end && std::isfinite(value)) return value;
  context.problems.add(cell.where, fmt::format("{}: \"{}\" is no number", path, cell.text),
                       "decimals are written with a point, thousands without a sign", "");
  return std::nullopt;
}

void read_points(ReadContext& context, const Node& node, const Node& named, const std::string& path,
                 Observed& observed) {
  const std::optional<CsvTable> table = context.files.open_table(named);
  if (!table || !check_header(*table, {"date", "value"}, {"source", "note"}, context.problems)) return;
  const Provenance& provenance = context.scopes[node.scope];
  const auto cell_text = [&](const std::vector<CsvCell>& row, std::string_view column) {
    const std::optional<std::size_t> at = table->column(column);
    return at ? row[*at] : CsvCell{};
  };
  for (const auto& row : table->rows) {
    const auto date = read_date(context, row[*table->column("date")], path);
    const auto value = read_plain_number(context, row[*table->column("value")], path);
    CsvCell source = cell_text(row, "source");
    if (source.text.empty() && provenance.source.given) source = {provenance.source.text, provenance.source.where};
    if (source.text.empty())
      context.problems.add(row.front().where, fmt::format("{} has a value without a source", path),
                           "nobody could check it", "fill in the column source, or give the table one");
    else
      source.text = resolve_source(context, source.text, source.where);
    CsvCell note = cell_text(row, "note");
    if (note.text.empty()) note.text = provenance.note.text;
    if (!date || !value) continue;
    for (const Observed::Point& other : observed.points)
      if (other.date == *date)
        context.problems.add(row[*table->column("date")].where,
                             fmt::format("{}: {} is there twice", path, sim::to_string(*date)),
                             "a series has one value a date", "remove one of the two");
    observed.points.push_back({*date, *value, source.text, note.text});
  }
  if (table->rows.empty())
    context.problems.add(named.where, fmt::format("{} has no values", path), "there is nothing to compare with", "");
  std::stable_sort(observed.points.begin(), observed.points.end(),
                   [](const auto& a, const auto& b) { return a.date < b.date; });
}

/// `fitted` and `judged`: two years, both included.
std::optional<std::pair<int, int>> read_years(ReadContext& context, const Node& table, const std::string& path,
                                              std::string_view key, std::string_view why, std::string_view suggestion) {
  const Node* const years = table.find(key);
  const std::string own_path = join(path, key);
  if (years == nullptr || !expect(context, *years, NodeType::list, own_path)) return std::nullopt;
  const auto is_year = [](const Node& item) {
    return item.is(NodeType::integer) && item.integer >= 1600 && item.integer <= 9999;
  };
  if (years->items.size() != 2 || !is_year(years->items[0]) || !is_year(years->items[1]) ||
      years->items[0].integer > years->items[1].integer) {
    context.problems.add(years->where, own_path + " is no pair of years", std::string(why), std::string(suggestion));
    return std::nullopt;
  }
  return std::pair(static_cast<int>(years->items[0].integer), static_cast<int>(years->items[1].integer));
}

}  // namespace

void check_measures(const Scenario& scenario, Problems& problems) {
  if (scenario.observed.empty() && scenario.measures.empty()) return;
  const Measures measures(scenario);
  for (const MeasureRequest& own : scenario.measures) {
    const auto same_name = std::count_if(measures.infos().begin(), measures.infos().end(),
                                         [&](const MeasureInfo& info) { return info.name == own.name; });
    if (same_name > 1)
      problems.add(own.where, fmt::format("measures.{} has the name of a built-in measure", own.name),
                   "a result holds one array of a name", "give it another name");
    else if (const std::string other = taken_in_results(scenario, measures, own.name); !other.empty())
      problems.add(own.where, fmt::format("measures.{} has the name {}", own.name, other),
                   "a result holds one array of a name", "give it another name");
  }
  std::vector<std::string> names;
  const auto of_all = [&](const MeasureInfo& info) {
    return std::all_of(info.dimensions.begin(), info.dimensions.end(), [&](std::size_t dimension) {
      return measures.dimensions()[dimension].name == kTraitNames[index_of(Trait::region)];
    });
  };
  for (const MeasureInfo& info : measures.infos()) {
    if (info.monthly && of_all(info)) names.push_back(info.name);
  }
  for (const Observed& observed : scenario.observed) {
    const auto info = std::find_if(measures.infos().begin(), measures.infos().end(),
                                   [&](const MeasureInfo& each) { return each.name == observed.measure; });
    const std::string path = fmt::format("observed.{}.measure = \"{}\"", observed.name, observed.measure);
    if (info == measures.infos().end())
      problems.add(observed.where, path + " is no measure", "it would be compared with nothing",
                   suggest(observed.measure, names, "measures"));
    else if (!info->monthly)
      problems.add(observed.where, path + " is of the whole run", "a published series has a number for each date",
                   "take a measure by month, or drop the series");
    else if (!of_all(*info))
      problems.add(observed.where, path + " is split by " + measures.dimensions()[info->dimensions.front()].name,
                   "a published series is one number a date", "add a measure of your own in [measures] with by = []");
  }
}

void read_observed(ReadContext& context, const Node& root) {
  for_each_table(context, root, "observed", "an observed series",
                 [&](const std::string& name, const Node& node, const std::string& path) {
                   check_keys(context, node, path, {"label", "measure", "fitted", "judged", "table"});
                   Observed observed;
                   observed.name = name;
                   if (const Node* label = node.find("label"))
                     observed.label = read_text(context, *label, path + ".label").value_or("");
                   if (const Node* unit = node.find("unit")) observed.unit = unit->text;
                   if (const Node* measure = node.find("measure")) {
                     observed.measure = read_text(context, *measure, path + ".measure").value_or("");
                     observed.where = measure->where;
                   } else {
                     missing(context, node, path, "measure", "it is set beside a measure of the simulation",
                             "add measure = \"…\"");
                   }
                   observed.fitted_years =
                       read_years(context, node, path, "fitted", "it says which years the scenario was fitted to",
                                  "write fitted = [2010, 2014]");
                   observed.judged_years =
                       read_years(context, node, path, "judged", "it says which years judge the scenario",
                                  "write judged = [2015, 2018]");
                   if (const auto& fitted = observed.fitted_years, &judged = observed.judged_years;
                       fitted && judged && judged->first <= fitted->second && fitted->first <= judged->second)
                     context.problems.add(node.find("judged")->where, path + ": fitted and judged share years",
                                          "a year that was fitted to judges nothing",
                                          "begin the judged years after the fitted ones");
                   if (const Node* table = node.find("table"))
                     read_points(context, node, *table, path, observed);
                   else
                     missing(context, node, path, "table", "its values stand in a table",
                             "add table = \"….csv\" with the columns date,value,source,note");
                   context.scenario.observed.push_back(std::move(observed));
                 });
}

void read_population(ReadContext& context, const Node& root) {
  const Node* node = root.find("population");
  if (node == nullptr || !expect(context, *node, NodeType::table, "population")) return;
  check_keys(context, *node, "population", {"series"});
  NumberRule inhabitants;
  inhabitants.above_zero = true;
  if (const Node* series = node->find("series"))
    context.scenario.population = read_series(context, *series, "population.series", Quantity::count, inhabitants);
  else
    missing(context, *node, "population", "series", "rates per 100,000 need inhabitants",
            "add series = { table = \"….csv\" }");
}

void read_measures(ReadContext& context, const Node& root) {
  for_each_table(
      context, root, "measures", "a measure", [&](const std::string& name, const Node& node, const std::string& path) {
        check_keys(context, node, path, {"label", "quantity", "states", "by"});
        const std::vector<std::string> quantities{"stock", "entries", "person_years"};
        MeasureRequest measure;
        measure.name = name;
        measure.where = node.key;
        if (const Node* label = node.find("label"))
          measure.label = read_text(context, *label, path + ".label").value_or("");
        if (const Node* quantity = node.find("quantity")) {
          if (const auto choice = read_choice(context, *quantity, path + ".quantity", quantities))
            measure.quantity = quantities[*choice];
        } else {
          missing(context, node, path, "quantity", "a measure counts something",
                  "add quantity = \"stock\", \"entries\" or \"person_years\"");
        }
        if (const Node* states = node.find("states")) measure.states = read_states(context, *states, path + ".states");
        std::vector<std::string> dimensions = words_of(kTraitNames);
        dimensions.insert(dimensions.begin(), "state");
        if (const Node* by = node.find("by"); by != nullptr && expect(context, *by, NodeType::list, path + ".by"))
          for (const Node& item : by->items) {
            const auto choice = read_choice(context, item, path + ".by", dimensions);
            if (!choice) continue;
            if (std::find(measure.by.begin(), measure.by.end(), item.text) != measure.by.end())
              context.problems.add(item.where, fmt::format("{}.by: \"{}\" is there twice", path, item.text),
                                   "once is enough", "remove one of the two");
            else
              measure.by.push_back(item.text);
          }
        context.scenario.measures.push_back(std::move(measure));
      });
}

}  // namespace prisonflow::models
