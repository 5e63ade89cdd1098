// See the header.
#include "models/steady_state_graph.hpp"

#include <algorithm>

namespace prisonflow::models {

CaseGraph::CaseGraph(const Model& model, const std::vector<StateIndex>& starts)
    : facts_(model.facts()),
      tables_(model.versions().front().states[model.versions().front().law]),
      own_events_(model.events()),
      cells_(model.cells().count),
      ways_(2 * static_cast<CaseNode>(model.facts().size()) + 2),
      met_(model.facts().size(), false),
      ways_from_(model.facts().size()) {
  const std::size_t nodes = facts_.size() * ways_;
  remembered_.resize(nodes);
  completion_.resize(nodes);
  milestone_.resize(nodes);
  events_.resize(nodes);
  find_open();
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
      const auto none = [](const Way&) { return false; };
      completion_[*at] = leaving(*at, facts_[state].on_completion, hearing_after(*at), none);
      milestone_[*at] =
          leaving(*at, facts_[state].on_milestone, state, [&](const Way& way) { return resumes_at_once(state, way); });
      const std::vector<StateIndex> targets = targets_of_events(state);
      events_[*at].resize(targets.size());
      for (std::size_t event = 0; event < targets.size(); ++event) {
        const bool joined = event == facts_[state].events;
        events_[*at][event] = leaving(*at, targets[event], joined ? kNoState : by_event(state),
                                      [&](const Way& way) { return !joined && goes_on_at_once(state, way); });
      }
      Remembered now = needed(*at);
      // A stay draws its own, but for those that only pass on the way of an event.
      now.left = goes_on(*at) || (now.left && hearing_after(*at) != kNoState);
      changed = changed || now != remembered_[*at];
      remembered_[*at] = now;
    }
  }
  for (const StateIndex start : starts) {
    for (const Way& way : ways_from_[start]) unset_ = unset_ | before(kNoState, way.to, kNoState);
  }
  unset_.pretrial = false;  // begins at 0
}

std::vector<StateIndex> CaseGraph::starts_of(const Model& model) {
  std::vector<StateIndex> starts;
  const auto add = [&](StateIndex state) {
    if (std::find(starts.begin(), starts.end(), state) == starts.end()) starts.push_back(state);
  };
  if (model.scenario().reoffending.declared) add(model.scenario().reoffending.to);
  for (const ArrivalProcess& process : model.arrivals()) {
    if (process.segments.front().per_day->mean() > 0) add(process.to);
  }
  return starts;
}

void CaseGraph::find_open() {
  open_.resize(facts_.size());
  for (std::size_t state = 0; state < facts_.size(); ++state) {
    const StateTable& decision = *tables_[state];
    for (std::size_t branch = 0; branch < decision.targets.size(); ++branch) {
      bool open = false;
      for (std::size_t cell = 0; cell < cells_ && !open; ++cell) open = decision.shares.share(cell, branch) > 0;
      open_[state].push_back(open);
    }
  }
}

/// Goes wherever a branch leads somebody.
void CaseGraph::meet(StateIndex state) {
  if (state == kNoState || met_[state]) return;
  met_[state] = true;
  meet(facts_[state].on_completion);
  meet(facts_[state].on_milestone);
  for (const StateIndex target : targets_of_events(state)) meet(target);
  const StateTable& decision = table(state);
  for (std::size_t branch = 0; branch < decision.targets.size(); ++branch) {
    if (is_open(state, branch)) meet(decision.targets[branch]);
  }
}

void CaseGraph::find_ways(StateIndex from, Way way, std::vector<Way>& ways) const {
  if (facts_[from].conviction) way.convictions = 1;
  if (facts_[from].kind == Kind::decision) {
    // What a state that takes time makes of people, they were already when they left it.
    way.changes = way.changes || (facts_[from].change != 0xff && met_[from]);
    const std::vector<std::uint16_t>& targets = table(from).targets;
    for (std::size_t branch = 0; branch < targets.size(); ++branch) {
      if (is_open(from, branch)) find_ways(targets[branch], way, ways);
    }
    return;
  }
  way.to = from;
  if (std::find(ways.begin(), ways.end(), way) == ways.end()) ways.push_back(way);
}

std::vector<StateIndex> CaseGraph::targets_of_events(StateIndex state) const {
  std::vector<StateIndex> targets;
  const StateFacts& facts = facts_[state];
  for (std::size_t event = 0; event < facts.events; ++event) {
    const EventFacts& own = own_events_[facts.first_event + event];
    targets.push_back(own.while_waiting ? kNoState : own.to);  // nobody waits in the algebra
  }
  targets.push_back(facts.on_new_offence);
  return targets;
}

/// Whether somebody who goes to `to` may be back in `state` before entering any other state than delays and services.
bool CaseGraph::leads_back(StateIndex to, StateIndex state) const {
  std::vector<StateIndex> open{to};
  std::vector<bool> seen(facts_.size(), false);
  while (!open.empty()) {
    const StateIndex from = open.back();
    open.pop_back();
    if (from == kNoState || seen[from]) continue;
    seen[from] = true;
    for (const Way& way : ways_from_[from]) {
      if (way.to == state) return true;
      if (keeps_hearing(facts_[way.to].kind)) open.push_back(facts_[way.to].on_completion);
    }
  }
  return false;
}

/// Visits the nodes behind `to`, but for the ways to skip.
template <class Skip>
void CaseGraph::visit_ways(StateIndex from, StateIndex to, StateIndex hearing, std::vector<bool>& seen, Skip&& skip) {
  if (to == kNoState) return;
  for (const Way& way : ways_from_[to]) {
    if (!skip(way)) visit(node(from, way.to, hearing), seen);
  }
}

void CaseGraph::visit(CaseNode at, std::vector<bool>& seen) {
  const StateIndex state = state_of(at);
  if (facts_[state].kind == Kind::exit || seen[at]) return;
  seen[at] = true;
  const auto none = [](const Way&) { return false; };
  visit_ways(state, facts_[state].on_completion, hearing_after(at), seen, none);
  visit_ways(state, facts_[state].on_milestone, state, seen,
             [&](const Way& way) { return resumes_at_once(state, way); });
  const std::vector<StateIndex> targets = targets_of_events(state);
  for (std::size_t event = 0; event < targets.size(); ++event) {
    const bool joined = event == facts_[state].events;
    visit_ways(state, targets[event], joined ? kNoState : by_event(state), seen,
               [&](const Way& way) { return !joined && goes_on_at_once(state, way); });
  }
  order_.push_back(at);
}

/// What must be known when leaving for the states behind `to`.
template <class Skip>
Remembered CaseGraph::leaving(CaseNode at, StateIndex to, StateIndex hearing, Skip&& skip) const {
  Remembered result;
  if (to == kNoState) return result;
  const StateIndex from = state_of(at);
  for (const Way& way : ways_from_[to]) {
    if (!skip(way)) result = result | before(from, way.to, hearing);
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
  Remembered later = completion_[at] | milestone_[at];
  bool reads_fraction = false;
  for (const Remembered& event : events_[at]) later = later | event;
  for (std::size_t event = 0; event < facts.events; ++event) {
    const Timing timing = own_events_[facts.first_event + event].timing;
    later.pretrial = later.pretrial || timing == Timing::after_pretrial;
    reads_fraction = reads_fraction || timing == Timing::at;
  }
  const auto any_clock = [&](auto holds) {
    return std::any_of(table(state).clocks.begin(), table(state).clocks.end(), holds);
  };
  const bool resumed = !keeps_hearing(facts.kind) && hearing_of(at) == state;
  const bool early_release = any_clock([](const Clocks& clocks) { return clocks.automatic_release < 1.0; });
  Remembered now = later;
  if (facts.clock == Clock::duration || !has_own_end(state)) return now;
  if (facts.clock == Clock::none) return facts.kind == Kind::custody ? Remembered{} : now;
  if (facts.kind == Kind::supervision) {
    if (facts.clock == Clock::term && !resumed && !came_back(at)) {
      // The time at risk may have begun before: what has passed of it is the difference of the two.
      now.remaining = later.unserved;
    } else {
      now.remaining = true;
    }
    return now;
  }
  if (facts.clock == Clock::proceed || resumed || came_back(at)) {
    now.remaining = true;
    now.unserved = later.unserved || early_release || reads_fraction || (!resumed && facts.on_milestone != kNoState);
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
