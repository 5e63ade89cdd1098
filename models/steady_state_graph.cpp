// See the header.
#include "models/steady_state_graph.hpp"

#include <algorithm>

namespace prisonflow::models {

CaseGraph::CaseGraph(const Model& model, const std::vector<StateIndex>& starts)
    : facts_(model.facts()),
      tables_(model.versions().front().states[model.versions().front().law]),
      ways_(static_cast<CaseNode>(model.facts().size()) + 1),
      ways_from_(model.facts().size()) {
  const std::size_t nodes = facts_.size() * ways_;
  remembered_.resize(nodes);
  completion_.resize(nodes);
  milestone_.resize(nodes);
  for (std::size_t state = 0; state < facts_.size(); ++state) {
    find_ways(static_cast<StateIndex>(state), 0, ways_from_[state]);
  }
  std::vector<bool> seen(nodes, false);
  for (const StateIndex start : starts) {
    for (const Way& way : ways_from_[start]) visit(node(way.to, kNoState), seen);
  }
  std::reverse(order_.begin(), order_.end());
  for (bool changed = true; changed;) {
    changed = false;
    for (auto at = order_.rbegin(); at != order_.rend(); ++at) {
      const StateIndex state = state_of(*at);
      const StateIndex hearing = keeps_hearing(facts_[state].kind) ? hearing_of(*at) : kNoState;
      completion_[*at] = leaving(*at, facts_[state].on_completion, hearing, false);
      milestone_[*at] = leaving(*at, facts_[state].on_milestone, state, true);
      const Remembered now = needed(*at);
      changed = changed || now != remembered_[*at];
      remembered_[*at] = now;
    }
  }
  for (const StateIndex start : starts) {
    for (const Way& way : ways_from_[start]) unset_ = unset_ | before(kNoState, way.to, kNoState);
  }
  unset_.pretrial = false;  // begins at 0
}

void CaseGraph::find_ways(StateIndex from, std::uint32_t convictions, std::vector<Way>& ways) const {
  if (facts_[from].conviction) convictions = std::min(convictions + 1, 1u);
  if (facts_[from].kind == Kind::decision) {
    for (const StateIndex next : table(from).targets) find_ways(next, convictions, ways);
    return;
  }
  const auto same = [&](const Way& way) { return way.to == from && way.convictions == convictions; };
  if (std::none_of(ways.begin(), ways.end(), same)) ways.push_back({from, convictions});
}

void CaseGraph::visit(CaseNode at, std::vector<bool>& seen) {
  const StateIndex state = state_of(at);
  if (facts_[state].kind == Kind::exit || seen[at]) return;
  seen[at] = true;
  const StateIndex hearing = keeps_hearing(facts_[state].kind) ? hearing_of(at) : kNoState;
  if (facts_[state].on_completion != kNoState) {
    for (const Way& way : ways_from_[facts_[state].on_completion]) visit(node(way.to, hearing), seen);
  }
  if (facts_[state].on_milestone != kNoState) {
    for (const Way& way : ways_from_[facts_[state].on_milestone]) {
      if (!resumes_at_once(state, Route{way.to, way.convictions, 0})) visit(node(way.to, state), seen);
    }
  }
  order_.push_back(at);
}

/// What must be known when leaving for the states behind `to`.
Remembered CaseGraph::leaving(CaseNode at, StateIndex to, StateIndex hearing, bool milestone) const {
  Remembered result;
  if (to == kNoState) return result;
  const StateIndex from = state_of(at);
  for (const Way& way : ways_from_[to]) {
    if (milestone && resumes_at_once(from, Route{way.to, way.convictions, 0})) continue;
    result = result | before(from, way.to, hearing);
  }
  return result;
}

/// What must be known of someone who goes from one state to another.
Remembered CaseGraph::before(StateIndex from, StateIndex to, StateIndex hearing) const {
  if (facts_[to].kind == Kind::exit) return {};
  Remembered known = remembered_[node(to, hearing)];
  if (!begins_risk(from, to, hearing)) return known;
  // The clock starts now: what is unserved is what is left, and nothing has passed of a measure drawn here.
  const bool drawn = facts_[to].clock == Clock::term;
  known.remaining = !drawn && (known.remaining || known.unserved);
  known.unserved = false;
  return known;
}

/// What a state reads at entry, and what passes through it.
Remembered CaseGraph::needed(CaseNode at) const {
  const StateIndex state = state_of(at);
  const StateFacts& facts = facts_[state];
  const Remembered later = completion_[at] | milestone_[at];
  const auto any_clock = [&](auto holds) {
    return std::any_of(table(state).clocks.begin(), table(state).clocks.end(), holds);
  };
  const bool resumed = !keeps_hearing(facts.kind) && hearing_of(at) == state;
  const bool early_release = any_clock([](const Clocks& clocks) { return clocks.automatic_release < 1.0; });
  Remembered now = later;
  if (facts.clock == Clock::duration || !has_own_end(state)) return now;
  if (facts.clock == Clock::none) return facts.kind == Kind::custody ? Remembered{} : now;
  if (facts.kind == Kind::supervision) {
    if (facts.clock == Clock::term && !resumed) {
      // The time at risk may have begun before: what has passed of it is the difference of the two.
      now.remaining = later.unserved;
    } else {
      now.remaining = true;
    }
    return now;
  }
  if (facts.clock == Clock::proceed || resumed) {
    now.remaining = true;
    now.unserved = later.unserved || early_release || (!resumed && facts.on_milestone != kNoState);
    return now;
  }
  now.remaining = false;
  now.unserved = facts.clock == Clock::remainder;
  if (facts.clock == Clock::term) {
    now.pretrial = later.pretrial || any_clock([](const Clocks& clocks) { return clocks.pretrial_credit > 0; });
  }
  return now;
}

}  // namespace prisonflow::models
