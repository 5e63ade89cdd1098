// Pathways put together by hand, for the tests of the pathway and of its picture.
#pragma once

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/pathway.hpp"

namespace prisonflow::models {

/// A scenario put together by hand; states are named before they are led anywhere.
class Builder {
 public:
  Builder() {
    scenario.name = "tiny";
    scenario.title = "Tiny";
    scenario.files.push_back({"base.toml", ""});
    scenario.files.push_back({"reform.toml", ""});
  }

  /// The state number n, from 0, is declared in line 10 (n + 1), column 1.
  Builder& state(const std::string& name, Kind kind) {
    State state;
    state.name = name;
    state.label = "The " + name;
    state.kind = kind;
    state.where = {0, static_cast<std::uint32_t>(10 * (scenario.states.size() + 1)), 1};
    state.at_risk = kind == Kind::supervision || kind == Kind::liberty;
    const bool timed = kind != Kind::decision && kind != Kind::exit && kind != Kind::liberty;
    state.clock = timed ? Clock::duration : Clock::none;
    if (timed) state.law.scale = number(30, "days");
    scenario.states.push_back(state);
    return *this;
  }
  ParameterId number(double value, const std::string& unit = "1") {
    Parameter parameter;
    parameter.value = value;
    parameter.unit = unit;
    scenario.parameters.push_back(parameter);
    return ParameterId{static_cast<std::uint32_t>(scenario.parameters.size() - 1)};
  }
  StateIndex index(const std::string& name) const {
    const auto found = std::ranges::find(scenario.states, name, &State::name);
    if (found == scenario.states.end()) throw std::logic_error("the test has no state " + name);
    return static_cast<StateIndex>(found - scenario.states.begin());
  }
  State& operator[](const std::string& name) { return scenario.states[index(name)]; }

  static constexpr double kRest = -1;
  Builder& branch(const std::string& from, const std::string& to, double share) {
    Shares& shares = (*this)[from].shares;
    shares.targets.push_back(index(to));
    shares.base.push_back(share == kRest ? kNoParameter : number(share));
    return *this;
  }
  Builder& next(const std::string& from, const std::string& to) {
    (*this)[from].on_completion = index(to);
    return *this;
  }
  Builder& milestone(const std::string& from, const std::string& to) {
    (*this)[from].on_milestone = index(to);
    return *this;
  }
  Builder& leaves(const std::string& from, const std::string& to) {
    (*this)[from].leaving.rate = number(0.05);
    return next(from, to);
  }
  Builder& arrive(const std::string& to) {
    Arrivals arrivals;
    arrivals.name = "suspects";
    arrivals.to = index(to);
    arrivals.rate.points.emplace_back(sim::Date{}, number(42000));
    scenario.arrivals.push_back(arrivals);
    return *this;
  }
  Builder& reoffend(const std::string& to) {
    scenario.reoffending.declared = true;
    scenario.reoffending.to = index(to);
    return *this;
  }
  Builder& die(const std::string& to) {
    scenario.mortality.declared = true;
    scenario.mortality.to = index(to);
    scenario.mortality.hazard.rate = number(0.003);
    return *this;
  }
  Builder& amnesty(const std::string& from, const std::string& to) {
    Amnesty amnesty;
    amnesty.from = {index(from)};
    amnesty.to = index(to);
    scenario.amnesties.push_back(amnesty);
    return *this;
  }

  Scenario scenario;
};

/// A sound system with every kind and every cause.
inline Builder sound() {
  Builder b;
  b.state("charge", Kind::decision)
      .state("court", Kind::service)
      .state("verdict", Kind::decision)
      .state("prison", Kind::custody)
      .state("board", Kind::decision)
      .state("parole", Kind::supervision)
      .state("appeal", Kind::delay)
      .state("community", Kind::liberty)
      .state("gone", Kind::exit)
      .state("dead", Kind::exit);
  b.branch("charge", "court", 0.7).branch("charge", "gone", Builder::kRest);
  b.next("court", "verdict");
  b.branch("verdict", "prison", 0.5).branch("verdict", "appeal", 0).branch("verdict", "community", 0.5);
  b.next("prison", "community").milestone("prison", "board");
  b.branch("board", "parole", 0.25).branch("board", "prison", Builder::kRest);
  b.next("parole", "community").milestone("parole", "prison");
  b.next("appeal", "court").leaves("community", "gone");
  return b.arrive("charge").reoffend("charge").die("dead").amnesty("prison", "community");
}

using Names = std::vector<std::string>;

inline bool contains(const std::string& text, const std::string& piece) {
  return text.find(piece) != std::string::npos;
}

}  // namespace prisonflow::models
