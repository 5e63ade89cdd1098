// `prisonflow describe`: the resolved scenario, for people in the words of the language or for programs as JSON.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "models/cli/messages.hpp"
#include "models/cli/options.hpp"
#include "models/describe.hpp"
#include "models/money_units.hpp"
#include "models/scenario_reader.hpp"
#include "output/sha256.hpp"

namespace prisonflow::cli {

namespace {

constexpr const char* kQuantities[] = {"share",  "factor", "duration", "rate", "count",
                                       "number", "cost",   "cost",     "cost", "cost"};
constexpr const char* kBaseUnits[] = {
    "1", "1", "day", "per year", "1", "1", "per person per year", "each", "per place per year", "per place"};
constexpr const char* kGrades[] = {"measured", "derived", "fitted", "assumed"};
constexpr const char* kUncertainties[] = {"none", "triangular", "uniform", "normal", "lognormal"};

nlohmann::ordered_json parameter_as_json(const models::Scenario& scenario, const models::Parameter& parameter) {
  using models::Uncertainty;
  const std::string money = models::is_money(parameter.quantity) ? scenario.costs.currency + " " : "";
  nlohmann::ordered_json entry = {{"path", parameter.path},
                                  {"quantity", kQuantities[static_cast<std::size_t>(parameter.quantity)]},
                                  {"value", parameter.value},
                                  {"unit", money + kBaseUnits[static_cast<std::size_t>(parameter.quantity)]},
                                  {"unit_as_written", parameter.unit},
                                  {"grade", kGrades[static_cast<std::size_t>(parameter.grade)]},
                                  {"source", parameter.source}};
  if (!parameter.note.empty()) entry["note"] = parameter.note;
  if (parameter.uncertainty != Uncertainty::none) {
    entry["drawn"] = kUncertainties[static_cast<std::size_t>(parameter.uncertainty)];
    const bool ends = parameter.uncertainty == Uncertainty::triangular || parameter.uncertainty == Uncertainty::uniform;
    if (ends) entry["low"] = parameter.low;
    entry[ends ? "high" : "standard_deviation"] = parameter.high;
  }
  entry["file"] = parameter.where.file < scenario.files.size() ? scenario.files[parameter.where.file].path : "";
  entry["line"] = parameter.where.line;
  return entry;
}

std::string as_json(const models::Scenario& scenario, std::optional<models::Grade> only) {
  nlohmann::ordered_json all = {{"name", scenario.name},
                                {"title", scenario.title},
                                {"description", scenario.description},
                                {"country", scenario.country},
                                {"start", sim::to_string(scenario.start)},
                                {"end", sim::to_string(scenario.end)},
                                {"seed", std::to_string(scenario.seed)},
                                {"replications", scenario.replications},
                                {"sha256", output::hexadecimal(output::sha256(models::resolved_text(scenario)))}};
  if (scenario.costs.declared()) {
    all["currency"] = scenario.costs.currency;
    if (scenario.costs.prices_of) all["prices_of"] = *scenario.costs.prices_of;
  }
  auto& parameters = all["parameters"] = nlohmann::ordered_json::array();
  for (const models::Parameter& parameter : scenario.parameters) {
    if (!only || parameter.grade == *only) parameters.push_back(parameter_as_json(scenario, parameter));
  }
  return all.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace

int describe(const DescribeOptions& options) {
  const models::Scenario scenario = models::read_scenario(options.scenario);
  std::optional<models::Grade> only;
  if (options.assumed) only = models::Grade::assumed;
  if (options.fitted) only = models::Grade::fitted;
  if (options.json) {
    print(as_json(scenario, only));
    return kDone;
  }
  constexpr std::size_t kNarrowest = 60, kWidest = 140, kInAPipe = 110;
  models::DescribeOptions how;
  how.width = stdout_is_terminal() ? std::clamp(terminal_width(), kNarrowest, kWidest) : kInAPipe;
  how.only_grade = only;
  print(models::describe(scenario, how));
  return kDone;
}

}  // namespace prisonflow::cli
