// The pathway: states as vertices, transitions as edges, on Boost.Graph (which stays inside pathway.cpp).
// The picture of it is made in pathway_drawing.cpp, and drawn in pathway_svg.cpp.
#pragma once

#include <string>
#include <vector>

#include "models/diagnostics.hpp"
#include "models/scenario.hpp"

namespace prisonflow::models {

struct Transition {
  StateIndex from = kNoState;
  StateIndex to = kNoState;
  std::string cause;  ///< "share", "completion", "parole", "breach", "reoffending", "death", "leaving", "amnesty",
                      ///< or the name of an event of the state
  double share = 0;   ///< base share for decisions, else 0
};

/// Every transition a person can take, in the order of the states (arrivals and initial stock are not transitions).
/// A branch or hazard of 0 counts, for a policy may raise it; not so reoffending and death where their ratio is 0,
/// certain, and set or shifted by no policy. Two amnesties from one state to another are one transition. Targets that
/// are no state (errors the reader reports) are left out.
std::vector<Transition> transitions(const Scenario& scenario);

/// Structural errors: a state nobody can reach, a state from which no exit can be reached, a cycle of decisions
/// (zero duration, would never end). Empty when the pathway is sound. Ordered by these three rules, each by state.
/// People enter by arrivals and by initial rows with a number of persons; a stationary row brings nobody to a state
/// that arrivals cannot reach. Any transition, death and amnesty included, counts as a way to an exit.
std::vector<Diagnostic> check_pathway(const Scenario& scenario);

/// Which states can be visited more than once within one case: members of a cycle that does not pass through the
/// start of a new case (reoffending). One flag a state.
std::vector<bool> revisitable_states(const Scenario& scenario);

/// Graphviz source: one node a state, shaped and coloured by kind, edges labelled with shares and causes. The same
/// scenario gives the same text.
std::string to_dot(const Scenario& scenario);

/// The picture of to_dot() as an SVG document, drawn by the program `dot`. Throws std::runtime_error when Graphviz is
/// not installed (with how to install it) or fails.
std::string to_svg(const Scenario& scenario);

}  // namespace prisonflow::models
