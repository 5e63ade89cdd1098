// See the header.
#include "models/steady_state_graph.hpp"

#include <algorithm>

namespace prisonflow::models {

CaseGraph::CaseGraph(const Model& model, const std::vector<StateIndex>& starts)
    : facts_(model.facts()),
      tables_(model.versions().front().states[model.versions().front().law]),
      cells_(model.cells().count),
      ways_(static_cast<CaseNode>(model.facts().size()) + 2),
      met_(model.facts().size(), false),
      ways_from_(model.facts().size()) {
  const std::size_t nodes = facts_.size() * ways_;
  remembered_.resize(nodes);
  completion_.resize(nodes);
  milestone_.resize(nodes);
  for (const StateIndex start : starts) meet(start);
  for (std::size_t state = 0; state < facts_.size(); ++state) {
    find_ways(static_cast<StateIndex>(state), {}, ways_from_[state]);
  }
  std::vector<bool> seen(nodes, false);
  for (const StateIndex start : starts) {
    for (const Way& way : ways_from_[start]) visit(node(kNoState, way.to, kNoState), seen);
  }
  std::reverse(order_.begin(), order_.end());
  for (bool changed = true; changed;) {
    changed = false;
    for (auto at = order_.rbegin(); at != order_.rend(); ++at) {
      const StateIndex state = state_of(*at);
      const StateIndex hearing = keeps_hearing(facts_[state].kind) ? hearing_of(*at) : kNoState;
      completion_[*at] = leaving(*at, facts_[state].on_completion, hearing, false);
      milestone_[*at] = leaving(*at, facts_[state].on_milestone, state, true);
      Remembered now = needed(*at);
      now.left = goes_on(*at);
      changed = changed || now != remembered_[*at];
      remembered_[*at] = now;
    }
  }
  for (const StateIndex start : starts) {
    for (const Way& way : ways_from_[start]) unset_ = unset_ | before(kNoState, way.to, kNoState);
  }
  unset_.pretrial = false;  // begins at 0
}

/// Goes wherever a branch leads somebody.
void CaseGraph::meet(StateIndex state) {
  if (state == kNoState || met_[state]) return;
  met_[state] = true;
  meet(facts_[state].on_completion);
  meet(facts_[state].on_milestone);
  const StateTable& decision = table(state);
  for (std::size_t branch = 0; branch < decision.targets.size(); ++branch) {
    bool open = false;
    for (std::size_t cell = 0; cell < cells_ && !open; ++cell) open = decision.shares.share(cell, branch) > 0;
    if (open) meet(decision.targets[branch]);
  }
}

void CaseGraph::find_ways(StateIndex from, Way way, std::vector<Way>& ways) const {
  if (facts_[from].conviction) way.convictions = 1;
  if (facts_[from].kind == Kind::decision) {
    // What a state that takes time makes of people, they were already when they left it.
    way.changes = way.changes || (facts_[from].change != 0xff && met_[from]);
    for (const StateIndex next : table(from).targets) find_ways(next, way, ways);
    return;
  }
  way.to = from;
  if (std::find(ways.begin(), ways.end(), way) == ways.end()) ways.push_back(way);
}

void CaseGraph::visit(CaseNode at, std::vector<bool>& seen) {
  const StateIndex state = state_of(at);
  if (facts_[state].kind == Kind::exit || seen[at]) return;
  seen[at] = true;
  const StateIndex hearing = keeps_hearing(facts_[state].kind) ? hearing_of(at) : kNoState;
  if (facts_[state].on_completion != kNoState) {
    for (const Way& way : ways_from_[facts_[state].on_completion]) visit(node(state, way.to, hearing), seen);
  }
  if (facts_[state].on_milestone != kNoState) {
    for (const Way& way : ways_from_[facts_[state].on_milestone]) {
      if (!resumes_at_once(state, way)) visit(node(state, way.to, state), seen);
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
    if (milestone && resumes_at_once(from, way)) continue;
    result = result | before(from, way.to, hearing);
  }
  return result;
}

/// What must be known of someone who goes from one state to another.
Remembered CaseGraph::before(StateIndex from, StateIndex to, StateIndex hearing) const {
  if (facts_[to].kind == Kind::exit) return {};
  Remembered known = remembered_[node(from, to, hearing)];
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
