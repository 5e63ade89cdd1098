// Every built-in measure has a row in docs/measures.md, with its unit and its axes.
#include <catch2/catch.hpp>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "models/pair_measures.hpp"
#include "tests/support/everything.hpp"

namespace prisonflow::testing {
namespace {

/// "unit | by" of each measure.
using Rows = std::map<std::string, std::string>;

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(' ');
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// The rows of all tables of a page whose first cell is a name set in type for code.
Rows rows_of(const std::string& page) {
  Rows rows;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| `")) continue;
    std::vector<std::string> cells;
    std::istringstream parts(line.substr(1));
    for (std::string cell; std::getline(parts, cell, '|');) cells.push_back(trimmed(cell));
    if (cells.size() < 4) continue;
    rows[cells[0].substr(1, cells[0].size() - 2)] = cells[1] + " | " + cells[2];
  }
  return rows;
}

Rows rows_of(const models::MeasureSet& set, const std::string& currency) {
  Rows rows;
  for (const models::MeasureInfo& info : set.infos) {
    std::string by = info.monthly ? "" : "*run:* ";
    for (const std::size_t dimension : info.dimensions) {
      by += (dimension == info.dimensions.front() ? "" : ", ") + set.dimensions[dimension].name;
    }
    rows[info.name] = (info.units == currency ? "currency" : info.units) + " | " + trimmed(by);
  }
  return rows;
}

/// As they are in a scenario, those it asks for itself left out.
Rows measures_of(const World& world) {
  Rows rows = rows_of(world.measures().set(), world.scenario().costs.currency);
  for (const models::MeasureRequest& own : world.scenario().measures) rows.erase(own.name);
  return rows;
}

std::string at_odds(const Rows& measures, const Rows& documented) {
  std::string found;
  for (const auto& [name, facts] : measures) {
    const auto row = documented.find(name);
    if (row == documented.end()) {
      found += name + ": not there\n";
    } else if (row->second != facts) {
      found += name + ": " + row->second + " instead of " + facts + "\n";
    }
  }
  return found;
}

TEST_CASE("documentation: every measure has a row with its unit and its axes") {
  const Rows documented = rows_of(file_text("docs/measures.md"));
  CHECK(documented.size() > 60);
  Rows measures = measures_of(World(everything(), tables_of_everything()));
  const std::string area = "places = 300\narea = \"900 m2\"\n";
  measures.merge(measures_of(World(replaced(in_depth(), "places = 300\n", area), tables_of_everything())));
  const World world(everything(), tables_of_everything());
  const models::PairMeasures pair(world.scenario(), world.measures(), world.measures());
  measures.merge(rows_of(pair.of_world(), "EUR"));
  measures.merge(rows_of(pair.of_pair(), "EUR"));
  CHECK(at_odds(measures, documented) == "");
}

TEST_CASE("documentation: a measure without a row, or with another unit or axis, is reported") {
  const std::string page =
      "| measure | unit | by | definition |\n|---|---|---|---|\n| `a` | 1 | state | x |\n"
      "| `b` | day | *run:* state, sex | |\n";
  const Rows right{{"a", "1 | state"}, {"b", "day | *run:* state, sex"}};
  CHECK(rows_of(page) == right);
  CHECK(at_odds(right, rows_of(page)) == "");
  CHECK(at_odds({{"c", "1 | "}}, rows_of(page)) == "c: not there\n");
  CHECK(at_odds({{"a", "day | state"}}, rows_of(page)) == "a: 1 | state instead of day | state\n");
  CHECK(at_odds({{"b", "day | state, sex"}}, rows_of(page)) ==
        "b: day | *run:* state, sex instead of day | state, sex\n");
}

}  // namespace
}  // namespace prisonflow::testing
