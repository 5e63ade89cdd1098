// What the steady state does not cover, in words.
#include <algorithm>
#include <limits>

#include "models/steady_state.hpp"
#include "models/steady_state_graph.hpp"

namespace prisonflow::models {

namespace {

std::string family_name(sim::Distribution::Family family) {
  switch (family) {
    case sim::Distribution::Family::kFixed:
      return "fixed";
    case sim::Distribution::Family::kExponential:
      return "exponential";
    case sim::Distribution::Family::kUniform:
      return "uniform";
    case sim::Distribution::Family::kWeibull:
      return "weibull";
    case sim::Distribution::Family::kLognormal:
      return "lognormal";
    case sim::Distribution::Family::kGamma:
      return "gamma";
    case sim::Distribution::Family::kEmpirical:
      return "empirical";
  }
  return {};
}

void find_limited_services(const Model& model, std::vector<std::string>& sentences) {
  const Version& version = model.versions().front();
  const auto& services = model.scenario().services;
  for (std::size_t service = 0; service < services.size(); ++service) {
    const bool unlimited = version.servers[service] == std::numeric_limits<double>::infinity() &&
                           version.per_day[service] == std::numeric_limits<double>::infinity();
    const bool used = std::any_of(model.facts().begin(), model.facts().end(),
                                  [&](const StateFacts& facts) { return facts.service == service; });
    if (unlimited || !used) continue;
    sentences.push_back("the capacity of service `" + services[service].called() +
                        "` is limited; the algebra has no queues and reckons as if nobody waited");
  }
}

void find_waiting_groups(const Model& model, std::vector<std::string>& sentences) {
  const auto& groups = model.scenario().groups;
  for (std::size_t group = 0; group < groups.size(); ++group) {
    if (groups[group].when_full != WhenFull::wait) continue;
    const bool used = std::any_of(model.facts().begin(), model.facts().end(),
                                  [&](const StateFacts& facts) { return facts.group == group; });
    if (!used) continue;
    sentences.push_back("people wait when the facilities `" + groups[group].name +
                        "` are full; the algebra has no queues and reckons as if nobody waited");
  }
}

void find_moving_terms(const Model& model, std::vector<std::string>& sentences) {
  for (const State& state : model.scenario().states) {
    for (const StateEvent& event : state.events) {
      if (!given(event.delays_parole) && !given(event.loses_remission)) continue;
      sentences.push_back("`" + event.name + "` in `" + state.name +
                          "` moves parole or release; the algebra leaves those dates where they were");
    }
    if (state.older_term != OlderTerm::lapses) {
      sentences.push_back(
          "terms in `" + state.name +
          "` take in the rest of older ones; the algebra looks at one case at a time, and takes no rest");
    }
    if (given(state.joined_offence_factor)) {
      sentences.push_back("terms in `" + state.name +
                          "` are longer for joined offences; the algebra does not count these");
    }
  }
}

}  // namespace

std::vector<std::string> outside_steady_state(const Model& model) {
  std::vector<std::string> sentences;
  const Version& version = model.versions().front();
  std::vector<StateIndex> starts;
  for (const ArrivalProcess& process : model.arrivals()) starts.push_back(process.to);
  if (model.scenario().reoffending.declared) {
    starts.push_back(model.scenario().reoffending.to);
    const sim::Distribution& time = version.reoffending[version.law]->time;
    if (!time.memoryless()) {
      sentences.push_back("the time to reoffending is " + family_name(time.family()) +
                          "; the algebra is exact for exponential, with or without a never-returning share, and "
                          "takes an exponential time of the same mean");
    }
  }
  find_limited_services(model, sentences);
  find_waiting_groups(model, sentences);
  find_moving_terms(model, sentences);
  const Remembered unset = CaseGraph(model, starts).unset();
  if (unset.unserved || unset.remaining) {
    sentences.push_back(
        "a state goes on with the rest of a term (`remainder` or `continue`) that can be reached before any term was "
        "drawn in the case; the algebra takes that rest as over");
  }
  return sentences;
}

}  // namespace prisonflow::models
