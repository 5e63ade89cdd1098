// The initial population: who is inside on the first day, and how much of their stay is behind them.
//
// Whoever looks into a prison on some day meets the long stays more often, each at a uniformly random moment: stays are
// length-biased, and what is left is not the whole. For each state the number comes from the scenario's stock table or
// from the stationary law (models/steady_state.hpp), classes from the stationary law (raked to the mixes the scenario
// gives). What a person brought along on entering (convictions, pretrial time, what is left of a term, whether they can
// reoffend) is one of the groups of the stationary law, once; the stay is then drawn by acceptance: a length-biased
// length, a uniform moment in it, kept with the chance that nothing (death, breach, a granted parole, reoffending) had
// ended it before. Each attempt is its own keyed draw, so two scenarios with one seed start with the same persons.
#pragma once

#include <memory>
#include <vector>

#include "models/movement.hpp"
#include "models/settlement.hpp"
#include "models/steady_states.hpp"

namespace prisonflow::models {

class InitialPopulation {
 public:
  /// Prepares the laws; asks for the steady state when a state of the scenario needs it. `shared`: with other worlds.
  explicit InitialPopulation(const Model& model, SteadyStates* shared = nullptr);
  ~InitialPopulation();
  InitialPopulation(InitialPopulation&&) noexcept;

  /// Persons expected at the start, for estimates of memory.
  double expected_persons() const;

  /// Puts the initial persons of one partition into it at minute 0. `partitions`: how many there are.
  void fill(std::uint32_t partitions, sim::StreamKey key, Mover& mover) const;

 private:
  struct StateStock;
  class Batch;
  StayGroup unknown_past(const StateStock& stock, Cell cell, const sim::Draws& draws) const;
  const Model& model_;
  std::shared_ptr<const SteadyState> steady_;  ///< null where nobody is there at the start
  std::vector<StateStock> states_;
};

}  // namespace prisonflow::models
