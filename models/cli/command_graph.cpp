// `prisonflow graph`: the pathway as a picture or as its Graphviz source.
#include "models/cli/messages.hpp"
#include "models/cli/options.hpp"
#include "models/pathway.hpp"
#include "models/scenario_reader.hpp"
#include "output/durable_file.hpp"
#include "output/output_error.hpp"

namespace prisonflow::cli {

int graph(const GraphOptions& options) {
  try {
    if (!options.output.empty()) output::require_place_for_file(options.output);
  } catch (const output::OutputError& refused) {
    throw UsageError(refused.what());
  }
  const models::Scenario scenario = models::read_scenario(options.scenario);
  const std::string text = options.svg ? models::to_svg(scenario) : models::to_dot(scenario);
  if (options.output.empty()) {
    print(text);
  } else {
    output::write_durably(options.output, text);
  }
  return kDone;
}

}  // namespace prisonflow::cli
