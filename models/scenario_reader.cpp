// Reads a scenario from beginning to end, collecting every error on the way.
#include "models/scenario_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "models/pathway.hpp"
#include "models/read_sections.hpp"

namespace prisonflow::models {

namespace {

/// One error for the numbers of a table that have no grade, not one for each; one for a file that has none at all.
void report_ungraded(ReadContext& context) {
  constexpr std::size_t kMostTables = 4;
  const auto table_of = [](const std::string& path) {
    const std::size_t first = path.find('.');
    return path.substr(0, first == std::string::npos ? first : path.find('.', first + 1));
  };
  struct Table {
    std::string name, first_path;
    Location where;
    std::size_t numbers = 0;
  };
  std::map<std::uint32_t, std::vector<Table>> files;
  for (const auto& [path, where] : context.ungraded) {
    std::vector<Table>& tables = files[where.file];
    const std::string name = table_of(path);
    const auto known = std::find_if(tables.begin(), tables.end(), [&](const Table& t) { return t.name == name; });
    if (known == tables.end())
      tables.push_back({name, path, where, 1});
    else
      ++known->numbers;
  }
  constexpr std::string_view kWhy = "every number says how well it is known";
  for (const auto& [file, tables] : files) {
    if (tables.size() > kMostTables) {
      std::size_t numbers = 0;
      for (const Table& table : tables) numbers += table.numbers;
      context.problems.add(tables[0].where,
                           fmt::format("{} and {} more numbers in {} tables have no grade", tables[0].first_path,
                                       numbers - 1, tables.size()),
                           std::string(kWhy),
                           "add grade = \"assumed\" at the top of the file, and what is known better where it stands");
      continue;
    }
    for (const Table& table : tables)
      context.problems.add(
          table.where,
          table.numbers == 1
              ? fmt::format("{} has no grade", table.first_path)
              : fmt::format("{} and {} more of {} have no grade", table.first_path, table.numbers - 1, table.name),
          std::string(kWhy),
          fmt::format("add grade = \"assumed\" (or measured, derived, fitted) beside it or in [{}]", table.name));
  }
}

void check_top_keys(ReadContext& context, const Node& root) {
  check_keys(context, root, "",
             {"extends",   "scenario",           "sources",   "classes",    "labels",   "states",   "arrivals",
              "initial",   "reoffending",        "mortality", "facilities", "services", "feedback", "policies",
              "amnesties", "emergency_releases", "observed",  "population", "measures", "costs"});
}

/// The pathway's errors among the others, in their place.
void add_pathway_problems(const Scenario& scenario, Problems& problems) {
  for (Diagnostic& found : check_pathway(scenario)) {
    const auto file = std::find_if(scenario.files.begin(), scenario.files.end(),
                                   [&](const SourceFile& f) { return f.path == found.file; });
    const auto index = file == scenario.files.end() ? 0 : static_cast<std::uint32_t>(file - scenario.files.begin());
    problems.add({index, found.line, found.column}, std::move(found.problem), std::move(found.why),
                 std::move(found.suggestion));
  }
}

}  // namespace

Scenario read_scenario(const std::filesystem::path& path) {
  Scenario scenario;
  Problems problems;
  ScenarioFiles files(path, scenario.files, problems);
  files.open_main();
  const std::optional<ScenarioTree> tree = read_tree(files, problems);
  if (!tree) throw InvalidScenario(problems.in_text_order(files.shown()));

  ReadContext context(scenario, problems, files, tree->scopes);
  const Node& root = tree->root;
  check_top_keys(context, root);
  read_header(context, root);
  read_sources(context, root);
  read_classes(context, root);
  read_names(context, root);
  read_states(context, root);
  read_arrivals(context, root);
  read_initial(context, root);
  read_reoffending(context, root);
  read_mortality(context, root);
  read_facilities(context, root);
  read_services(context, root);
  read_population(context, root);
  read_costs(context, root);
  read_feedback(context, root);
  read_policies(context, root);
  read_amnesties(context, root);
  read_emergency_releases(context, root);
  read_observed(context, root);
  read_measures(context, root);
  report_ungraded(context);
  check_whole(context, root);

  if (context.references_sound) add_pathway_problems(scenario, problems);
  if (problems.none()) check_measures(scenario, problems);
  if (!problems.none()) throw InvalidScenario(problems.in_text_order(files.shown()));
  order_parameters(context);
  return scenario;
}

}  // namespace prisonflow::models
