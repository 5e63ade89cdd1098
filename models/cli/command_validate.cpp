// `prisonflow validate`: every error of every scenario at once; nothing is compiled or computed, so it is quick.
#include <fmt/format.h>

#include <algorithm>

#include "models/cli/messages.hpp"
#include "models/cli/options.hpp"
#include "models/scenario_reader.hpp"
#include "output/table.hpp"

namespace prisonflow::cli {

namespace {

std::string one_line(const models::Scenario& scenario) {
  const auto assumed =
      std::count_if(scenario.parameters.begin(), scenario.parameters.end(),
                    [](const models::Parameter& each) { return each.grade == models::Grade::assumed; });
  const std::size_t policies = scenario.policies.size();
  return fmt::format("{}: {}, {}, {} {}; assumed: {} of {} parameters\n", toned_output(Tone::strong, scenario.name),
                     plural(scenario.states.size(), "state"), plural(scenario.parameters.size(), "parameter"), policies,
                     policies == 1 ? "policy" : "policies", output::format_count(assumed),
                     output::format_count(static_cast<std::int64_t>(scenario.parameters.size())));
}

}  // namespace

int validate(const ValidateOptions& options) {
  std::vector<models::Diagnostic> problems;
  for (const std::string& path : options.scenarios) {
    try {
      print(one_line(models::read_scenario(path)));
    } catch (const models::InvalidScenario& invalid) {
      problems.insert(problems.end(), invalid.diagnostics().begin(), invalid.diagnostics().end());
    }
  }
  if (problems.empty()) return kDone;
  print_diagnostics(problems);
  return kWrongUse;
}

}  // namespace prisonflow::cli
