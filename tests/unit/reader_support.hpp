// Scenarios written to a folder of their own, read back, and looked into.
#pragma once

#include <string>

#include "models/scenario_reader.hpp"
#include "tests/robustness/bad_scenarios.hpp"

namespace reader_tests {

using namespace prisonflow::models;
using bad_scenarios::Folder;
using bad_scenarios::kSound;
using bad_scenarios::replaced_once;

/// The smallest scenario that is sound, to which tests add what they are about.
inline const std::string kSmallest = R"toml(grade = "assumed"

[scenario]
name = "smallest"
start = 2010-01-01
end = 2020-01-01

[states.prison]
kind = "custody"
duration = "6 months"
next = "end"

[states.end]
kind = "exit"

[arrivals.all]
to = "prison"
rate = 100
)toml";

inline Scenario read_text_as(const std::string& text) {
  const Folder folder;
  return read_scenario(folder.write("scenario.toml", text));
}

/// The parameter with this path; one with an empty path when there is none.
inline Parameter at(const Scenario& scenario, const std::string& path) {
  for (const Parameter& parameter : scenario.parameters)
    if (parameter.path == path) return parameter;
  return {};
}
inline std::vector<std::string> paths(const Scenario& scenario) {
  std::vector<std::string> result;
  for (const Parameter& parameter : scenario.parameters) result.push_back(parameter.path);
  return result;
}

}  // namespace reader_tests
