// The small rules every file keeps: short, says what it is for, included once, no namespace poured out.
#include <algorithm>
#include <catch2/catch.hpp>
#include <regex>
#include <string>
#include <vector>

#include "tests/architecture/source_tree.hpp"

namespace prisonflow::architecture {
namespace {

constexpr auto kMostLines = 450;

std::vector<std::string> broken_rules(const SourceTree& tree) {
  static const std::regex poured_out(R"(\busing\s+namespace\s+std\s*;)");
  static const std::regex once(R"(^[ \t]*#[ \t]*pragma[ \t]+once\b)", std::regex::multiline);
  std::vector<std::string> faults;
  for (const auto& [path, text] : tree) {
    const auto lines = std::count(text.begin(), text.end(), '\n');
    if (lines > kMostLines) {
      faults.push_back(path + ": " + std::to_string(lines) + " lines (at most " + std::to_string(kMostLines) +
                       "); split it by what its parts are for");
    }
    if (!is_cpp(path)) continue;
    const std::string code = code_only(text);
    if (text.rfind("//", 0) != 0 && text.rfind("/*", 0) != 0) {
      faults.push_back(path + ": does not begin with a comment that says what the file is for");
    }
    if (std::regex_search(code, poured_out)) faults.push_back(path + ": using namespace std");
    if (ends_with(path, ".hpp") && !std::regex_search(code, once)) faults.push_back(path + ": no #pragma once");
  }
  return faults;
}

TEST_CASE("house rules: every file keeps them") {
  const SourceTree tree = read_tree(PRISONFLOW_SOURCE_DIR, {"sim", "models", "output", "scripts", "tests"});
  REQUIRE(tree.count("tests/architecture/house_rules_test.cpp") == 1);
  std::string faults;
  for (const std::string& fault : broken_rules(tree)) faults += fault + "\n";
  INFO(faults);
  CHECK(faults.empty());
}

TEST_CASE("house rules: each broken rule is found") {
  const std::string good = "// For a test.\n#pragma once\nusing namespace std::chrono_literals;\n";
  CHECK(broken_rules({{"sim/a.hpp", good}}).empty());
  CHECK(broken_rules({{"sim/a.cpp", "/* For a test. */\nint a = 1'000;\nchar b = '\"';\n"}}).empty());
  CHECK(broken_rules({{"sim/a.cpp", "// using namespace std;\nauto a = \"using namespace std;\";\n"}}).empty());
  CHECK(broken_rules({{"sim/a.cpp", "// a\nauto a = R\"x(using namespace std;\n)x\";\n"}}).empty());
  CHECK(broken_rules({{"scripts/a.sh", std::string(450, '\n')}}).empty());

  const auto only_fault = [](const std::string& path, const std::string& text, const std::string& words) {
    const auto faults = broken_rules({{path, text}});
    INFO(path << ": " << text);
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].find(words) != std::string::npos);
  };
  only_fault("scripts/a.sh", std::string(451, '\n'), "451 lines");
  only_fault("sim/a.cpp", "#include <vector>\n// late\n", "begin with a comment");
  only_fault("sim/a.hpp", "// For a test.\n// #pragma once\n", "no #pragma once");
  only_fault("sim/a.cpp", "// For a test.\nusing  namespace\n std ;\n", "using namespace std");
  only_fault("sim/a.cpp", "// For a test.\nauto a = 1'000;\nusing namespace std;\n", "using namespace std");
}

}  // namespace
}  // namespace prisonflow::architecture
