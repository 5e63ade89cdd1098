// Feedback links in words.
#include <fmt/format.h>

#include "models/describe_text.hpp"
#include "models/read_problems.hpp"

namespace prisonflow::models {

std::string target_path(const Scenario& scenario, const LinkTarget& target) {
  const std::string state = target.state == kNoState ? "" : scenario.states[target.state].name;
  switch (target.effect) {
    case Effect::capacity:
      return "services." + scenario.services[target.service].called();
    case Effect::reoffending:
      return state.empty() ? "reoffending" : fmt::format("states.{}.reoffending", state);
    case Effect::death:
      return state.empty() ? "mortality" : fmt::format("states.{}.mortality", state);
    case Effect::breach:
      return fmt::format("states.{}.breach", state);
    case Effect::duration:
      return fmt::format("states.{}.{}", state,
                         scenario.states[target.state].clock == Clock::term ? "term" : "duration");
    case Effect::event:
      return fmt::format("states.{}.events.{}", state, scenario.states[target.state].events[target.event].name);
    case Effect::odds:
      return fmt::format("states.{}.shares.{}", state, scenario.states[target.branch].name);
  }
  return {};
}

std::vector<std::string> Wording::link(const FeedbackLink& link) const {
  std::string read;
  switch (link.ratio) {
    case Ratio::occupancy:
      read = fmt::format("occupancy of {}, per cent{}", scenario_.groups[link.source].name,
                         link.lived_through ? ", mean of the time inside" : "");
      break;
    case Ratio::backlog:
      read = fmt::format("backlog of {}, persons waiting for each {}", scenario_.services[link.source].called(),
                         given(scenario_.services[link.source].servers) ? "server" : "case a day");
      break;
    case Ratio::caseload:
      read = fmt::format("caseload of {}, persons for each of {} officers", states(link.states), value(link.officers));
      break;
    case Ratio::time_served:
      read = "time inside before release, months";
      break;
  }
  std::vector<std::string> points;
  for (const auto& [ratio, factor] : link.response) points.push_back(fmt::format("{} at {}", value(factor), ratio));
  std::vector<std::string> targets;
  for (const LinkTarget& target : link.targets) targets.push_back(target_path(scenario_, target));
  std::vector<std::string> lines;
  if (!link.label.empty() || !link.enabled) lines.push_back(link.label + (link.enabled ? "" : " (switched off)"));
  lines.push_back(read);
  lines.push_back(fmt::format("factor {} on {}{}", listed(points, 40), listed(targets, 40), only(link.only)));
  return lines;
}

}  // namespace prisonflow::models
