// What only all states together show of stays: keys that could never have an effect, and stays that would be lost.
#include <fmt/format.h>

#include <algorithm>

#include "models/read_sections.hpp"

namespace prisonflow::models {

namespace {

bool takes_time(Kind kind) {
  return kind != Kind::decision && kind != Kind::exit;
}
/// While people are there, a stay that was left for an event or a hearing is kept.
bool on_the_way(Kind kind) {
  return kind == Kind::decision || kind == Kind::delay || kind == Kind::service;
}

class StayChecker {
 public:
  StayChecker(ReadContext& context, const Node& root)
      : context_(context), scenario_(context.scenario), root_(root), changed_(context.scenario.parameters.size()) {
    for (const Policy& policy : scenario_.policies)
      for (const Change& change : policy.changes)
        for (const ParameterId target : change.targets) changed_[index_of(target)] = true;
  }

  void check() {
    settle_who_is_at_risk();
    for (const State& state : scenario_.states) {
      check_new_offence(state);
      check_joined_offences(state);
      for (const StateEvent& event : state.events) check_effects(state, event);
    }
    if (context_.references_sound) check_kept_stays();
  }

 private:
  const Node* node_of(const State& state, std::string_view key) const {
    const Node* const states = root_.find("states");
    const Node* const node = states == nullptr ? nullptr : states->find(state.name);
    return node == nullptr ? nullptr : node->find(key);
  }
  /// The key is there, rightly written or not.
  bool has(const State& state, std::string_view key) const {
    return node_of(state, key) != nullptr || context_.meant.contains(join("states." + state.name, key));
  }
  void complain(const Node& node, const std::string& path, const std::string& problem, std::string why,
                std::string suggestion) {
    context_.problems.add(node.key, path + ": " + problem, std::move(why), std::move(suggestion));
  }

  /// A ratio of 0 that no policy changes means: not at risk here.
  void settle_who_is_at_risk() {
    for (State& state : scenario_.states)
      if (given(state.reoffending_ratio) && scenario_.central(state.reoffending_ratio) == 0 &&
          !changed_[index_of(state.reoffending_ratio)])
        state.at_risk = false;
  }

  void check_new_offence(const State& state) {
    const Node* const to = node_of(state, "on_new_offence");
    if (state.on_new_offence == kNoState || to == nullptr) return;
    const std::string path = "states." + state.name;
    const bool missed = root_.find("reoffending") == nullptr && !context_.meant.contains("reoffending");
    if (state.at_risk && missed)
      complain(*to, path, "\"on_new_offence\" without [reoffending]", "nobody ever reoffends",
               "add [reoffending], or remove it");
    // Elsewhere the reader of states said so; and a broken number is taken for 0.
    const bool made_safe = !state.at_risk && given(state.reoffending_ratio) && !context_.broken.contains(path);
    if (made_safe)
      complain(*to, path, "\"on_new_offence\" where nobody reoffends", "reoffending_ratio is 0",
               "give a higher ratio, or remove it");
  }

  void check_joined_offences(const State& state) {
    if (!given(state.joined_offence_factor) || state.clock != Clock::term) return;
    const auto joins = [&](const State& s) { return has(s, "on_new_offence"); };
    if (std::any_of(scenario_.states.begin(), scenario_.states.end(), joins)) return;
    complain(*node_of(state, "joined_offence_factor"), "states." + state.name,
             "\"joined_offence_factor\" where no offence is ever joined", "no state has on_new_offence",
             "give a state on_new_offence, or remove it");
  }

  void check_effects(const State& state, const StateEvent& event) {
    if (state.kind != Kind::custody) return;
    const std::string path = fmt::format("states.{}.events.{}", state.name, event.name);
    const Node* const node = node_of(state, "events")->find(event.name);
    if (given(event.delays_parole) && has_term(state) && !parole_follows(state))
      complain(*node->find("delays_parole"), path, "\"delays_parole\" where nobody is heard",
               "neither this state nor one in which the term goes on has parole",
               "give the state parole_eligibility, parole_retry and on_parole, or remove it");
    if (given(event.loses_remission) && is_always_one(state.automatic_release))
      complain(*node->find("loses_remission"), path, "\"loses_remission\" where nobody is released early",
               "automatic_release is 1, so the whole term is served and there is nothing to lose",
               "lower automatic_release, or remove it");
  }
  static bool has_term(const State& state) { return state.clock != Clock::duration && state.clock != Clock::none; }
  bool parole_follows(const State& state) const {
    const auto hears = [&](const State& s) { return has(s, "parole_eligibility"); };
    const auto goes_on = [&](const State& s) {
      return s.kind == Kind::custody && s.clock == Clock::proceed && hears(s);
    };
    return hears(state) || std::any_of(scenario_.states.begin(), scenario_.states.end(), goes_on);
  }
  bool is_always_one(ParameterId fraction) const {
    if (!given(fraction) || changed_[index_of(fraction)]) return false;
    const Parameter& parameter = scenario_.parameter(fraction);
    return parameter.value == 1 && parameter.uncertainty == Uncertainty::none;
  }

  // ---- one stay is kept at a time

  /// Where people come, from `start` on, before a stay that was left is forgotten or goes on at `home`.
  std::vector<bool> on_the_way_from(StateIndex start, StateIndex home) const {
    std::vector<bool> reached(scenario_.states.size());
    std::vector<StateIndex> to_look_at;
    const auto reach = [&](StateIndex state) {
      if (state == kNoState || reached[state]) return;
      reached[state] = true;
      if (state != home && on_the_way(scenario_.states[state].kind)) to_look_at.push_back(state);
    };
    reach(start);
    while (!to_look_at.empty()) {
      const State& state = scenario_.states[to_look_at.back()];
      to_look_at.pop_back();
      for (const std::uint16_t branch : state.shares.targets) reach(branch);
      reach(state.on_completion);
      for (const StateEvent& event : state.events) reach(event.to);
    }
    return reached;
  }

  void check_kept_stays() {
    for (StateIndex home = 0; home < scenario_.states.size(); ++home) {
      const State& state = scenario_.states[home];
      if (!takes_time(state.kind)) continue;
      if (state.kind == Kind::custody || state.kind == Kind::supervision)
        check_ways_back(home, state.on_milestone, state.kind == Kind::custody ? "a parole hearing" : "a breach");
      for (const StateEvent& event : state.events)
        check_ways_back(home, event.to, fmt::format("the event {}", event.name));
    }
  }
  /// `home` was left for `start`: nobody may leave a state on the way for an event and come back to `home`.
  void check_ways_back(StateIndex home, StateIndex start, const std::string& cause) {
    if (start == kNoState) return;
    const std::vector<bool> away = on_the_way_from(start, home);
    for (StateIndex between = 0; between < scenario_.states.size(); ++between) {
      const State& state = scenario_.states[between];
      if (between == home || !away[between] || !takes_time(state.kind) || !on_the_way(state.kind)) continue;
      for (const StateEvent& event : state.events) {
        if (event.to == kNoState || !on_the_way_from(event.to, home)[home]) continue;
        if (std::find(told_.begin(), told_.end(), &event) != told_.end()) continue;
        told_.push_back(&event);
        const std::string& left = scenario_.states[home].name;
        context_.problems.add(
            event.where,
            fmt::format("states.{}.events.{} may lead back to {}, whose stay would be lost", state.name, event.name,
                        left),
            fmt::format(
                "people come here from {} by {}, and of those who leave for an event one stay is kept, the last", left,
                cause),
            fmt::format("lead the event away from {}, or people in {} to a state without events", left, left));
      }
    }
  }

  ReadContext& context_;
  Scenario& scenario_;
  const Node& root_;
  std::vector<bool> changed_;
  std::vector<const StateEvent*> told_;
};

}  // namespace

void check_stays(ReadContext& context, const Node& root) {
  StayChecker(context, root).check();
}

}  // namespace prisonflow::models
