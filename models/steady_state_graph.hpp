// Inside the steady state: the states of a case as nodes, what has to be remembered at each, and in which order to go.
//
// A node is a timed state with its way of entry: anew, or resumed (back from its own hearing); a measure of drawn
// duration that goes on after a hearing that took no time has one more, since it keeps its end. Delays and services on
// the way of a hearing keep in mind whose hearing it is, so they have a node for each. Ways that begin with one of a
// state's own events are hearings too, told apart by by_event(): who comes back from those goes on with all dates.
// Which times an atom must carry through a node is found as compilers find live variables: a time is remembered where a
// later state reads it before another one overwrites it.
#pragma once

#include <vector>

#include "models/model.hpp"
#include "models/steady_state_memory.hpp"

namespace prisonflow::models {

using CaseNode = std::uint32_t;

/// A way through decisions, taken at once, to a timed state or an exit.
struct Route {
  StateIndex to = kNoState;
  std::uint32_t convictions = 0;  ///< added by the states entered, `to` included
  std::uint32_t variant = 0;      ///< whose class the person has then, among those met in the case
  double share = 0;
};

constexpr bool is_outside(Kind kind) {
  return kind == Kind::supervision || kind == Kind::liberty;
}
constexpr bool keeps_hearing(Kind kind) {
  return kind == Kind::delay || kind == Kind::service;
}

class CaseGraph {
 public:
  /// The graph of the first version of `model`, from the given states on.
  CaseGraph(const Model& model, const std::vector<StateIndex>& starts);
  /// Where cases begin on the first day: first the state of new cases, if there is one, then those of newcomers.
  static std::vector<StateIndex> starts_of(const Model& model);

  /// The node of someone who leaves `from` (kNoState: a newcomer) and enters `to` while the hearing of state `hearing`
  /// (or none: kNoState) goes on.
  CaseNode node(StateIndex from, StateIndex to, StateIndex hearing) const {
    const CaseNode first = static_cast<CaseNode>(to) * ways_;
    if (hearing == kNoState) return first;
    if (hearing == to && from == to && keeps_drawn_end(to)) return first + ways_ - 1;
    return first + (keeps_hearing(facts_[to].kind) || owner_of(hearing) == to ? hearing + 1u : 0u);
  }
  /// The hearing of those who left a state by one of its own events, and whose hearing one is.
  StateIndex by_event(StateIndex state) const { return static_cast<StateIndex>(state + facts_.size()); }
  StateIndex owner_of(StateIndex hearing) const {
    return hearing == kNoState || hearing < facts_.size() ? hearing : static_cast<StateIndex>(hearing - facts_.size());
  }
  /// The hearing that goes on when somebody leaves a node by completion.
  StateIndex hearing_after(CaseNode node) const {
    const StateIndex hearing = hearing_of(node);
    const StateIndex state = state_of(node);
    return keeps_hearing(facts_[state].kind) && owner_of(hearing) != state ? hearing : kNoState;
  }
  /// Back from one of the state's own events.
  bool came_back(CaseNode node) const { return hearing_of(node) == by_event(state_of(node)); }
  StateIndex state_of(CaseNode node) const { return static_cast<StateIndex>(node / ways_); }
  /// Whose hearing goes on at a node; for other states than delays and services itself, when it is resumed.
  StateIndex hearing_of(CaseNode node) const {
    if (node % ways_ == ways_ - 1) return state_of(node);
    return node % ways_ == 0 ? kNoState : static_cast<StateIndex>(node % ways_ - 1);
  }
  /// A stay whose drawn end stands: since the hearing took no time, or after an event.
  bool goes_on(CaseNode node) const {
    return node % ways_ == ways_ - 1 || (facts_[state_of(node)].clock == Clock::duration && came_back(node));
  }
  std::size_t nodes() const { return remembered_.size(); }
  /// Every node that can be reached, forward where possible.
  const std::vector<CaseNode>& order() const { return order_; }
  /// What must be remembered at entry, and when leaving by completion or by milestone.
  const Remembered& at_entry(CaseNode node) const { return remembered_[node]; }
  const Remembered& at_completion(CaseNode node) const { return completion_[node]; }
  const Remembered& at_milestone(CaseNode node) const { return milestone_[node]; }
  /// The same when leaving by the own event of that number, or by a joined offence (the number behind the last event).
  const Remembered& at_event(CaseNode node, std::size_t event) const { return events_[node][event]; }
  /// Times that the states read although nothing in the case has set them.
  const Remembered& unset() const { return unset_; }

  /// A person who goes from `from` (kNoState: a newcomer) to `to` begins a new time at risk.
  bool begins_risk(StateIndex from, StateIndex to, StateIndex hearing) const {
    if (!is_outside(facts_[to].kind)) return false;
    if (from != kNoState && is_outside(facts_[from].kind)) return false;
    return hearing == kNoState || !is_outside(facts_[owner_of(hearing)].kind);
  }
  bool leads_back(StateIndex to, StateIndex state) const;
  /// Whether somebody enters the state, which may be a decision.
  bool is_met(StateIndex state) const { return met_[state]; }
  /// Whether a branch of a decision leads anybody on. One that does not is as if it were not there, and so is what it
  /// alone leads to: worlds that differ only there have the same steady state, to the bit.
  bool is_open(StateIndex decision, std::size_t branch) const { return open_[decision][branch]; }
  /// The stay has an end, or none, that a hearing does not move.
  bool has_own_end(StateIndex state) const {
    const Kind kind = facts_[state].kind;
    return kind == Kind::supervision || (kind == Kind::custody && facts_[state].clock != Clock::duration);
  }
  /// Pretrial time grows here.
  bool earns_credit(StateIndex state) const { return facts_[state].pretrial && facts_[state].held; }

 private:
  struct Way {
    StateIndex to = kNoState;
    std::uint32_t convictions = 0;
    bool changes = false;  ///< decisions on the way may make people another class
    bool operator==(const Way&) const = default;
  };
  void meet(StateIndex state);
  void find_ways(StateIndex from, Way way, std::vector<Way>& ways) const;
  /// Back from the own hearing through decisions only, the stay goes on as if nothing had been: reckoned in closed
  /// form.
  bool resumes_at_once(StateIndex state, const Way& way) const {
    return way.to == state && way.convictions == 0 && !way.changes && has_own_end(state);
  }
  bool keeps_drawn_end(StateIndex state) const {
    return facts_[state].kind == Kind::supervision && facts_[state].clock == Clock::duration;
  }
  /// The same for one of the state's own events, whose way back keeps every end.
  static bool goes_on_at_once(StateIndex state, const Way& way) {
    return way.to == state && way.convictions == 0 && !way.changes;
  }
  template <class Skip>
  void visit_ways(StateIndex from, StateIndex to, StateIndex hearing, std::vector<bool>& seen, Skip&& skip);
  void visit(CaseNode node, std::vector<bool>& seen);
  /// Where the own events of a state lead, kNoState for those that lead nowhere, and a joined offence behind them.
  std::vector<StateIndex> targets_of_events(StateIndex state) const;
  Remembered needed(CaseNode node) const;
  template <class Skip>
  Remembered leaving(CaseNode node, StateIndex to, StateIndex hearing, Skip&& skip) const;
  Remembered before(StateIndex from, StateIndex to, StateIndex hearing) const;
  void find_open();
  const StateTable& table(StateIndex state) const { return *tables_[state]; }

  const std::vector<StateFacts>& facts_;
  const std::vector<const StateTable*>& tables_;
  const std::vector<EventFacts>& own_events_;
  std::size_t cells_;
  CaseNode ways_;
  std::vector<std::vector<bool>> open_;      ///< by state and branch
  std::vector<bool> met_;                    ///< by state
  std::vector<std::vector<Way>> ways_from_;  ///< by state
  std::vector<CaseNode> order_;
  std::vector<Remembered> remembered_, completion_, milestone_;
  std::vector<std::vector<Remembered>> events_;  ///< by node
  Remembered unset_;
};

}  // namespace prisonflow::models
