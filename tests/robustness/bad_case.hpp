// A broken scenario made of the sound one by a replacement, and the one error that is expected of it.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/robustness/bad_scenarios.hpp"

namespace bad_scenarios {

struct Case {
  const char* name;
  std::string find, replace, at;
  const char *problem, *why, *suggestion;
};

inline void require_one_error(const Case& test) {
  INFO(test.name);
  const Folder folder;
  const std::string text = replaced_once(kSound, test.find, test.replace);
  CHECK_FALSE(text.empty());
  const auto file = folder.write("bad.toml", text);
  const auto [line, column] = place_of(text, test.at);
  CHECK(line > 0);
  const std::vector<prisonflow::models::Diagnostic> errors = errors_in(file);
  std::string all;
  for (const prisonflow::models::Diagnostic& error : errors) all += to_string(error) + "\n";
  INFO(all);
  CHECK(errors.size() == 1);
  if (errors.empty()) return;
  const std::string prefix = file.string() + ":" + std::to_string(line) + ":" + std::to_string(column) + ": ";
  CHECK_THAT(to_string(errors[0]), Catch::StartsWith(prefix));
  CHECK_THAT(errors[0].problem, Catch::Contains(test.problem));
  CHECK_THAT(errors[0].why, Catch::Contains(test.why));
  CHECK_THAT(errors[0].suggestion, Catch::Contains(test.suggestion));
}

inline void require_one_error_each(const std::vector<Case>& cases) {
  for (const Case& test : cases)
    if (!test.at.empty()) require_one_error(test);
}

/// `text` must be one error that begins with `<folder>/<place>: ` and holds every word.
inline void require_error(const std::vector<prisonflow::models::Diagnostic>& errors,
                          const std::filesystem::path& folder, const std::string& place,
                          const std::vector<std::string>& words) {
  std::string all;
  for (const prisonflow::models::Diagnostic& error : errors) all += to_string(error) + "\n";
  INFO(all);
  CHECK(errors.size() == 1);
  if (errors.empty()) return;
  CHECK_THAT(to_string(errors[0]), Catch::StartsWith((folder / place).string() + ": "));
  for (const std::string& word : words) CHECK_THAT(to_string(errors[0]), Catch::Contains(word));
}

/// The sound scenario with one replacement, and files beside it.
struct Tabled {
  const char* name;
  std::string find, replace;
  std::string table;  ///< content of table.csv
  std::string place;  ///< "table.csv:2:5"
  std::vector<std::string> words;
};

inline void require_table_error(const Tabled& test) {
  INFO(test.name);
  const Folder folder;
  const std::string text = replaced_once(kSound, test.find, test.replace);
  REQUIRE_FALSE(text.empty());
  folder.write("table.csv", test.table);
  require_error(errors_in(folder.write("main.toml", text)), folder.path(), test.place, test.words);
}

}  // namespace bad_scenarios
