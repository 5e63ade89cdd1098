// See the header.
#include "tests/robustness/documentation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <regex>
#include <sstream>
#include <stdexcept>

#include "models/replication.hpp"
#include "tests/robustness/bad_scenarios.hpp"
#include "tests/support/world.hpp"

namespace prisonflow::documentation {

namespace {

namespace fs = std::filesystem;

/// The block where it stands on the page, so that the reader's lines are those of the page; in place of the opening
/// fence, the line that lays it over the base.
std::string as_scenario(const CodeBlock& block) {
  static const std::regex extends(R"(^extends\s*=)", std::regex::multiline);
  const bool own = std::regex_search(block.text, extends);
  return std::string(static_cast<std::size_t>(block.line - 1), '\n') + (own ? "" : "extends = \"base.toml\"") + "\n" +
         block.text;
}

/// Names of the states of `scenario` that the base does not have and that nobody entered.
std::string never_entered(const models::Scenario& scenario, const models::Measures& measures,
                          const models::ReplicationResult& result, const std::vector<std::string>& of_base) {
  const auto& infos = measures.infos();
  const auto entries =
      std::find_if(infos.begin(), infos.end(), [](const auto& info) { return info.name == "entries"; });
  if (entries == infos.end()) throw std::logic_error("there is no measure of entries");
  const std::vector<double>& values = result.values[static_cast<std::size_t>(entries - infos.begin())];
  const std::size_t states = scenario.states.size();
  std::string names;
  for (std::size_t state = 0; state < states; ++state) {
    if (std::find(of_base.begin(), of_base.end(), scenario.states[state].name) != of_base.end()) continue;
    double sum = 0;
    for (std::size_t at = state; at < values.size(); at += states) sum += values[at];  // over months and regions
    if (sum == 0) names += (names.empty() ? "" : ", ") + scenario.states[state].name;
  }
  return names;
}

std::vector<std::string> states_of_base(const bad_scenarios::Folder& folder) {
  std::vector<std::string> names;
  for (const models::State& state : models::read_scenario(folder.path() / "base.toml").states)
    names.push_back(state.name);
  return names;
}

}  // namespace

std::vector<CodeBlock> code_blocks(const std::string& page) {
  static const std::regex mark(R"(<!--\s*not run:\s*(.*?)\s*-->)");
  std::vector<CodeBlock> blocks;
  std::optional<CodeBlock> open;
  std::string before, line;
  std::istringstream lines(page);
  for (int number = 1; std::getline(lines, line); ++number) {
    const bool fence = line.starts_with("```");
    if (open && fence) {
      blocks.push_back(std::move(*open));
      open.reset();
    } else if (open) {
      open->text += line + "\n";
    } else if (fence) {
      open = CodeBlock{line.substr(3), number, {}, {}};
      if (std::smatch found; std::regex_search(before, found, mark)) open->not_run = found[1];
    }
    if (!line.empty()) before = line;
  }
  if (open) throw std::runtime_error(fmt::format("the block of line {} is never closed", open->line));
  return blocks;
}

std::vector<std::string> pages_with_examples() {
  std::vector<std::string> pages;
  for (const auto& entry : fs::directory_iterator(fs::path(PRISONFLOW_SOURCE_DIR) / "docs")) {
    if (entry.path().extension() != ".md") continue;
    const std::string page = "docs/" + entry.path().filename().string();
    const std::vector<CodeBlock> blocks = code_blocks(testing::file_text(page));
    if (std::any_of(blocks.begin(), blocks.end(), [](const CodeBlock& block) { return block.language == "toml"; }))
      pages.push_back(page);
  }
  std::sort(pages.begin(), pages.end());
  return pages;
}

std::vector<std::pair<std::string, std::string>> example_files() {
  std::vector<std::pair<std::string, std::string>> files;
  for (const auto& entry : fs::directory_iterator(fs::path(PRISONFLOW_SOURCE_DIR) / "docs" / "example")) {
    const std::string name = entry.path().filename().string();
    files.emplace_back(name, testing::file_text("docs/example/" + name));
  }
  std::sort(files.begin(), files.end());
  return files;
}

Outcome run_example(const std::string& page, const CodeBlock& block) {
  const bad_scenarios::Folder folder;
  for (const auto& [name, text] : example_files()) folder.write(name, text);
  const std::string where = fmt::format("{}:{}: ", page, block.line);
  Outcome outcome;
  try {
    const models::Scenario scenario =
        models::read_scenario(folder.write(fs::path(page).stem().string() + ".toml", as_scenario(block)));
    const models::Experiment experiment(scenario, models::draw_values(scenario, sim::stream_key(scenario.seed, 0)));
    const models::Measures measures(scenario);
    const models::ReplicationResult result =
        models::Replication(experiment, measures, scenario.seed, 0, 1).run(nullptr);
    outcome.persons = static_cast<double>(result.persons);
    outcome.hash = testing::hash_of_people(measures, result);
    const std::string empty = never_entered(scenario, measures, result, states_of_base(folder));
    if (!empty.empty()) outcome.fault = where + "nobody ever enters " + empty;
  } catch (const models::InvalidScenario& invalid) {
    outcome.fault = where + "the example is not valid:";
    for (const auto& diagnostic : invalid.diagnostics()) outcome.fault += "\n  " + models::to_string(diagnostic);
  } catch (const std::exception& error) {
    outcome.fault = where + error.what();
  }
  return outcome;
}

}  // namespace prisonflow::documentation
