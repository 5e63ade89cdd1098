// Feedback links as the picture of a pathway shows them: by the ratio they read, and with the direction in which they
// move what they act on.
#include "models/pathway_feedback.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <string_view>
#include <utility>

#include "models/describe_text.hpp"
#include "models/pathway.hpp"

namespace prisonflow::models {
namespace {

constexpr std::string_view kRises = "+", kFalls = "−", kEither = "±";

/// Which way the factor goes while the ratio rises. A factor that is the same at every ratio goes neither way.
std::string_view direction(const Scenario& scenario, const FeedbackLink& link) {
  std::vector<double> factors;
  for (const auto& point : link.response) factors.push_back(scenario.central(point.second));
  const bool never_falls = std::ranges::is_sorted(factors);
  const bool never_rises = std::ranges::is_sorted(factors, std::greater{});
  if (never_falls == never_rises) return kEither;
  return never_falls ? kRises : kFalls;
}

std::string moved_in_words(const Scenario& scenario, const LinkTarget& target) {
  switch (target.effect) {
    case Effect::reoffending:
      return "reoffending";
    case Effect::death:
      return "mortality";
    case Effect::breach:
      return "breach";
    case Effect::duration:
      return "duration";
    case Effect::capacity:
      return "capacity";
    case Effect::event: {
      const StateEvent& event = scenario.states[target.state].events[target.event];
      return label_or_name(event.label, event.name);
    }
    case Effect::odds: {
      if (target.branch >= scenario.states.size()) return "share";
      const State& branch = scenario.states[target.branch];
      return "share of " + label_or_name(branch.label, branch.name);
    }
  }
  return {};
}

template <typename Belongs>
std::vector<StateIndex> states_that(const Scenario& scenario, Belongs belongs) {
  std::vector<StateIndex> states;
  for (StateIndex state = 0; state < scenario.states.size(); ++state)
    if (belongs(scenario.states[state])) states.push_back(state);
  return states;
}

RatioInPicture ratio_of(const Scenario& scenario, const FeedbackLink& link) {
  RatioInPicture ratio;
  switch (link.ratio) {
    case Ratio::occupancy: {
      const std::string& group = scenario.groups[link.source].name;
      ratio.name = ratio.title = (link.lived_through ? "occupancy lived through in " : "occupancy of ") + group;
      ratio.unit = link.lived_through ? "per cent of the places, mean of the time inside" : "per cent of the places";
      ratio.made_of = states_that(scenario, [&](const State& state) {
        const auto own = std::ranges::find(scenario.groups, state.facilities, &FacilityGroup::name);
        if (own == scenario.groups.end()) return false;
        return own->name == group || (own->when_full == WhenFull::overflow && own->overflow == link.source);
      });
      break;
    }
    case Ratio::backlog: {
      const Service& service = scenario.services[link.source];
      ratio.name = "backlog of " + service.called();
      ratio.title = "backlog of " + label_or_name(service.label, service.called());
      ratio.unit = given(service.servers) ? "waiting for each server" : "waiting for each case a day";
      ratio.made_of = states_that(scenario, [&](const State& state) { return state.service == service.called(); });
      break;
    }
    case Ratio::caseload: {
      ratio.made_of = link.states;
      std::ranges::sort(ratio.made_of);
      ratio.made_of.erase(std::unique(ratio.made_of.begin(), ratio.made_of.end()), ratio.made_of.end());
      const std::string officers = given(link.officers) ? fmt::format("{:.6g}", scenario.central(link.officers)) : "?";
      std::string names;
      for (StateIndex state : ratio.made_of) names += (names.empty() ? "" : ", ") + scenario.states[state].name;
      ratio.name = fmt::format("caseload of {} for {} officers", names, officers);
      ratio.title = "caseload";
      ratio.unit = fmt::format("persons for each of {} officers", officers);
      break;
    }
    case Ratio::time_served:
      ratio.name = ratio.title = "time inside before release";
      ratio.unit = "months";
      ratio.made_of = states_that(
          scenario, [](const State& state) { return state.kind == Kind::custody && state.held && !state.pretrial; });
      break;
  }
  return ratio;
}

}  // namespace

std::vector<RatioInPicture> ratios_in_picture(const Scenario& scenario) {
  std::vector<RatioInPicture> ratios;
  for (const FeedbackLink& link : scenario.feedback) {
    if (!link.enabled) continue;
    RatioInPicture read = ratio_of(scenario, link);
    auto ratio = std::ranges::find(ratios, read.name, &RatioInPicture::name);
    if (ratio == ratios.end()) ratio = ratios.insert(ratios.end(), std::move(read));
    ratio->links += (ratio->links.empty() ? "" : "; ") + label_or_name(link.label, link.name);
    for (const LinkTarget& target : link.targets) {
      const std::string moved = moved_in_words(scenario, target);
      const std::string for_whom = Wording(scenario).only(link.only);
      const auto same = std::ranges::find_if(ratio->moves, [&](const MovedByRatio& other) {
        return other.target == target && other.for_whom == for_whom;
      });
      std::string words = fmt::format("{} {}{}", moved, direction(scenario, link), for_whom);
      if (same == ratio->moves.end())
        ratio->moves.push_back({target, for_whom, std::move(words)});
      else if (same->words != words)  // two links that pull in two directions
        same->words = fmt::format("{} {}{}", moved, kEither, for_whom);
    }
  }
  return ratios;
}

std::vector<StateIndex> states_with(const Scenario& scenario, const LinkTarget& target) {
  const Effect effect = target.effect;
  if (effect == Effect::capacity) {
    const std::string& service = scenario.services[target.service].called();
    return states_that(scenario, [&](const State& state) { return state.service == service; });
  }
  if (effect == Effect::breach)
    return states_that(scenario, [](const State& state) { return state.breach.declared(); });
  if (effect == Effect::duration)
    return states_that(scenario, [](const State& s) { return s.clock == Clock::duration || s.clock == Clock::term; });
  std::vector<StateIndex> states;
  const std::string_view cause = effect == Effect::reoffending ? "reoffending" : "death";
  for (const Transition& transition : transitions(scenario))
    if (transition.cause == cause) states.push_back(transition.from);
  return states;
}

}  // namespace prisonflow::models
