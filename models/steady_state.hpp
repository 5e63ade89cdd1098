// The steady state by linear algebra: what a simulation must show when nothing limits or feeds back (promise P6).
//
// Expected stocks = arrivals × (I - P)^-1 × mean stay, per state and class of persons, for the compiled model itself
// (the same tables the simulation draws from). Eigen stays inside steady_state.cpp.
//
// Laws of durations are integrated to a relative 1e-7. Times that are remembered from state to state (pretrial credit,
// what is left of a term) are carried in narrow bins at their mean: fixed times exactly, others so that stocks behind
// them are right to some 1e-4, to some 1e-3 where hearings take time. Everybody is kept: arrivals and exits agree to
// 1e-9.
#pragma once

#include <string>
#include <vector>

#include "models/model.hpp"

namespace prisonflow::models {

/// The distribution of pretrial time already served when a state is entered: shares of bins of `bin_minutes`.
struct CreditDistribution {
  double bin_minutes = 0;
  std::vector<double> shares;  ///< bin k holds times around k × bin_minutes; adds up to 1, or empty = always 0
  double mean() const;
};

/// Persons met in a state who entered it alike, from cases of one kind. Times in minutes, at entry, as in
/// models/steady_state_memory.hpp; 0 where no later state reads them.
struct StayGroup {
  double persons = 0;  ///< met at a moment, for one case a minute; in SteadyState::stays summed up over the groups
  double pretrial = 0;
  double unserved = 0;
  double remaining = 0;
  StateIndex hearing = kNoState;  ///< whose hearing goes on; the state itself: back from its own
  std::uint8_t convictions = 0;   ///< in this case so far
  bool susceptible = true;        ///< can reoffend
  bool exposed = false;           ///< has been at risk in this case
  double left = 0;                ///< of a measure of drawn duration that goes on until its end; 0: it is drawn
};

/// Cases of one kind that persons are in while they are of a cell; some began the case in another one.
struct CaseGroup {
  std::size_t stays = 0;    ///< index of SteadyState::stays
  double per_day = 0;       ///< how many begin
  std::uint8_t priors = 0;  ///< convictions before the case; beyond the last band they are not told apart
};

struct SteadyState {
  /// Expected persons in each timed state, [state][cell]; 0 for decisions and exits.
  std::vector<std::vector<double>> stock;
  /// Expected entries a day into each state, [state][cell], decisions and exits too. Who comes back from the state's
  /// own hearing does not enter anew.
  std::vector<std::vector<double>> entries_per_day;
  /// The part of `stock` that can still reoffend (whose fuse is finite), same shape; equal to `stock` without
  /// reoffending. States before the fuse is drawn count their later share.
  std::vector<std::vector<double>> susceptible;
  /// Pretrial time served at entry, [state][cell], for custody with a term; empty elsewhere.
  std::vector<std::vector<CreditDistribution>> credit;
  /// Who makes up the stock: the cases of each cell, and for each kind of case [state] whom one meets there.
  std::vector<std::vector<CaseGroup>> cases;
  std::vector<std::vector<std::vector<StayGroup>>> stays;

  double total(StateIndex state) const;
};

/// What the algebra does not cover, as sentences for people; empty when `verify` can be exact.
std::vector<std::string> outside_steady_state(const Model& model);

/// The steady state of the law and version in force on day 0 with its arrivals, as if they had gone on for ever:
/// unlimited services and places, no ageing, no policies, no events. Where outside_steady_state() is not empty the
/// result is an approximation (good enough for an initial stock). Throws std::domain_error when there is none (nobody
/// leaves).
SteadyState steady_state(const Model& model);

}  // namespace prisonflow::models
