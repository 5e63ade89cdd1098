// Inside the steady state: one case of one class of persons, from its first state to an exit or a new case. Where
// states change the class of those who enter them, each class met in the case is a *variant*, found when somebody
// becomes it.
//
// Atoms of persons (models/steady_state_memory.hpp) are followed from node to node by the rules of models/movement.hpp
// and models/kinds/, with probabilities in the place of draws: nodes in order, loops until less than 1e-12 of the
// persons is on the way. Stays that go on after a refused hearing or a warning are summed in closed form.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "models/steady_state.hpp"
#include "models/steady_state_graph.hpp"
#include "models/steady_state_laws.hpp"

namespace prisonflow::models {

/// Pretrial time and the persons who bring it along.
struct TimeShare {
  double minutes = 0;
  double weight = 0;
};

/// What one person who begins a case does on average while they are of one class.
struct CaseOutcome {
  std::uint32_t cell = 0;                      ///< the class
  std::vector<Weights> minutes;                ///< [state]: time spent, by latent class; infinite if nobody leaves
  std::vector<double> entries;                 ///< [state]
  std::vector<double> reoffending;             ///< new cases by convictions in this one (the last: or more)
  std::vector<std::vector<TimeShare>> credit;  ///< [state]: pretrial time at entry of custody with a term
  std::vector<std::vector<StayGroup>> stays;   ///< [state]: whom one meets
};

class CaseSolver {
 public:
  /// `convictions`: how many in a case are told apart.
  CaseSolver(const Model& model, const CaseGraph& graph, std::uint32_t convictions);
  /// A case that begins in `cell`, which is the first class of the outcome.
  std::vector<CaseOutcome> solve(std::uint32_t cell, StateIndex start);

 private:
  struct Walk {
    std::vector<Route> routes;
    std::vector<Route> decisions;  ///< passes
  };
  /// Latent classes that leave a state in the same way.
  struct HazardGroup {
    double hazard = 0;  ///< of death and reoffending
    double reoffending = 0;
    Weights member{};  ///< 1 for those in it
  };
  /// An event of the state being reckoned that leads elsewhere, or a joined offence.
  struct OwnEvent {
    std::size_t number = 0;  ///< as in State::events
    Timing timing = Timing::rate;
    double hazard = 0;   ///< a minute
    double time = 0;     ///< minutes or a fraction
    double back = 0;     ///< chance to come straight back
    bool timed = false;  ///< how long the stay was matters after it
    bool joined = false;
    bool leads_back = false;  ///< perhaps: then it has happened to those who come back later than its date
  };
  /// A moment of a stay at which everybody present leaves for `event`, or for a hearing (event == nullptr).
  struct FixedDate {
    double minutes = 0;
    const OwnEvent* event = nullptr;
  };
  /// The node being reckoned.
  struct Here {
    CaseNode node = 0;
    StateIndex state = kNoState;
    std::uint32_t variant = 0;
    CaseOutcome* outcome = nullptr;  ///< of the variant
    bool resumed = false;
    bool goes_on = false;  ///< until a drawn end that stands
    const StateFacts* facts = nullptr;
    const ClockRow* row = nullptr;
    const Clocks* clocks = nullptr;
    double breach = 0;              ///< or leaving: the constant hazard that leads elsewhere
    double back = 0;                ///< chance to come straight back from a hearing
    bool came_back = false;         ///< from one of the state's own events
    std::vector<OwnEvent> events;   ///< that lead elsewhere
    bool timed_completion = false;  ///< how long the stay was matters after completion
    bool timed_milestone = false;
    Weights* met = nullptr;  ///< person-minutes of the atom being reckoned
  };
  /// An atom as it entered a node, and the time its persons spent there.
  struct Stayed {
    Atom atom;
    StateIndex hearing = kNoState;
    Weights minutes{};
  };

  std::uint32_t variant_of(std::uint32_t cell);
  const Walk& walk(std::uint32_t variant, StateIndex from);
  void follow(std::uint32_t variant, StateIndex from, std::uint32_t convictions, double share, Walk& walk);
  bool reckon_next();
  void reckon(CaseNode node, std::uint32_t variant, AtomBins& waiting);
  bool stays_as_before(const Route& route) const;
  void thin_out(const Remembered& what);
  void join_credit();
  std::vector<StayGroup> stay_groups(const std::vector<Stayed>& stays) const;
  std::vector<HazardGroup> hazard_groups() const;
  void stay_for_duration(const Atom& atom, const HazardGroup& group);
  void stay_under_hazards(const Atom& atom, const HazardGroup& group, double length);
  void stay_under_measure(const Atom& atom, const HazardGroup& group);
  void stay_in_custody(const Atom& atom, const HazardGroup& group);
  void serve(Atom atom, const HazardGroup& group);
  // Stays with events of their own: models/steady_state_events.cpp.
  void find_events(CaseNode node);
  bool has_events() const { return !here_.events.empty(); }
  void stay_with_events(const Atom& atom, const HazardGroup& group);
  void stay_until(const Atom& atom, const HazardGroup& group, double end);
  void find_dates(const Atom& atom, double end);
  void find_hearings(const Atom& atom, double end);
  double first_date(const Atom& atom, const OwnEvent& event, double end) const;
  void leave_by_hazards(const Atom& atom, const HazardGroup& group, double present, double from, double length);
  double release_of(const Atom& atom) const;
  std::vector<LawNode> lengths_between_dates(const Atom& atom);
  void dispatch_events();
  int panels() const { return atoms_.size() <= 8 ? 24 : atoms_.size() <= 64 ? 4 : atoms_.size() <= 200 ? 2 : 1; }
  void leave_in_time(AtomBins& bins, bool timed, const Atom& atom, double share, double hazard, double length,
                     int panels);
  void stayed(const Atom& atom, const HazardGroup& group, double minutes);
  Atom advanced(const Atom& atom, double minutes) const;
  void dispatch(AtomBins& bins, StateIndex by, StateIndex hearing, StateIndex from);
  void enter(const Atom& atom, const Route& route, StateIndex from, StateIndex hearing);

  const Model& model_;
  const CaseGraph& graph_;
  const std::vector<StateFacts>& facts_;
  const std::vector<const StateTable*>& tables_;
  std::uint32_t most_convictions_;
  double base_hazard_ = 0;  ///< of reoffending, a minute
  double never_ = 0;
  StateIndex dead_ = kNoState;
  LawBook laws_;

  std::deque<CaseOutcome> outcomes_;                     ///< [variant]
  std::vector<std::vector<std::optional<Walk>>> walks_;  ///< [variant][state]
  std::vector<std::deque<AtomBins>> pending_;            ///< [place in the order][variant], kept from case to case
  std::vector<std::uint32_t> place_;                     ///< by node
  AtomBins completion_, milestone_, thinner_;
  std::vector<AtomBins> events_;  ///< by own event of the state, a joined offence behind them
  std::vector<FixedDate> dates_;  ///< of the stay being reckoned
  std::vector<Atom> atoms_, leaving_;
  std::vector<std::vector<std::vector<Stayed>>> stayed_;  ///< [variant][state]
  Here here_;
};

}  // namespace prisonflow::models
