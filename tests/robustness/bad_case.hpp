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
  const std::string text = replaced(kSound, test.find, test.replace);
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

}  // namespace bad_scenarios
