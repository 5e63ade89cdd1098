// `run --cases`: every case of the first replication in both worlds, as a table that agrees with the result file and
// does not depend on how the run was split.
#include <algorithm>
#include <map>
#include <sstream>

#include "output/result_file.hpp"
#include "tests/robustness/desk.hpp"

namespace {

using desk::bytes_of;
using desk::contains;
using desk::Desk;

std::vector<std::string> fields(const std::string& line) {
  std::vector<std::string> all;
  std::istringstream parts(line + ",");  // the last may be empty
  for (std::string part; std::getline(parts, part, ',');) all.push_back(part);
  return all;
}

TEST_CASE("the table of cases agrees with what the result counts, whatever the partitions") {
  const Desk desk;
  REQUIRE(desk.run({"init", "mine"}).status == 0);
  const auto run = [&](const std::string& name, const std::string& partitions) {
    return desk.run({"run", "mine/base.toml", "mine/reform.toml", "-o", name + ".h5", "-n", "1", "--cases",
                     name + ".csv", "--partitions", partitions, "--quiet"});
  };
  REQUIRE(run("one", "1").status == 0);
  REQUIRE(run("seven", "7").status == 0);
  const std::string table = bytes_of(desk / "one.csv");
  CHECK(table == bytes_of(desk / "seven.csv"));

  std::istringstream lines(table);
  std::string line;
  std::getline(lines, line);
  const std::vector<std::string> heading = fields(line);
  const auto column = [&](const std::string& name) {
    const auto found = std::find(heading.begin(), heading.end(), name);
    REQUIRE(found != heading.end());
    return static_cast<std::size_t>(found - heading.begin());
  };
  const std::size_t account = column("account"), outcome = column("outcome");
  std::map<std::string, double> accounts, outcomes;
  std::string last;
  while (std::getline(lines, line)) {
    const std::vector<std::string> cells = fields(line);
    REQUIRE(cells.size() == heading.size());
    ++accounts[cells[account]];
    if (!cells[outcome].empty()) ++outcomes[cells[outcome]];
  }
  const prisonflow::output::ResultFile file(desk / "one.h5");
  const auto agree = [&](const std::string& array, const std::string& dimension,
                         std::map<std::string, double> counted) {
    const auto numbers = file.read(array, {{"scenario", "reform"}, {"replication", "0"}}).values;
    const auto labels = file.labels(dimension);
    for (std::size_t label = 0; label < labels.size(); ++label) {
      INFO(array << " " << labels[label]);
      CHECK(numbers[label] == counted[labels[label]]);
    }
  };
  agree("cases_accounted", "case_account", accounts);
  agree("case_outcomes", "case_outcome", outcomes);
  CHECK(outcomes.size() > 2);
}

TEST_CASE("nothing of single persons is written unless it is asked for, and not of one world alone") {
  const Desk desk;
  REQUIRE(desk.run({"init", "mine"}).status == 0);
  const auto alone = desk.run({"run", "mine/base.toml", "-o", "r.h5", "--cases", "c.csv"});
  CHECK(alone.status == 2);
  CHECK(contains(alone.err, "--cases needs a baseline and a reform"));
  CHECK_FALSE(std::filesystem::exists(desk / "r.h5"));
  const auto nowhere =
      desk.run({"run", "mine/base.toml", "mine/reform.toml", "-o", "r.h5", "-n", "1", "--cases", "no/c.csv"});
  CHECK(nowhere.status == 2);
  CHECK(contains(nowhere.err, "no/c.csv"));
  REQUIRE(desk.run({"run", "mine/base.toml", "mine/reform.toml", "-o", "r.h5", "-n", "1", "-q"}).status == 0);
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(desk / ".")) files += entry.is_regular_file() ? 1 : 0;
  CHECK(files == 4);  // result, side file, and what the program printed
}

}  // namespace
