// Inside the initial population: whom one meets in a state, as tables for quick choices.
//
// The stationary law gives each cell its kinds of cases, and each kind the stays one meets in a state, by the hundred.
// What a choice among them adds up is added up here, once: choosing is then a look-up or a few comparisons, without
// branches on the draw, so that the choices for several persons run side by side.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "models/steady_state.hpp"
#include "sim/population.hpp"

namespace prisonflow::models {

/// A choice by weight from a list of cells. A guide says for each of many equal slices of (0, 1) where to begin to
/// look (Chen and Asau, "On generating random variates from an empirical distribution", AIIE Transactions 6, 1974).
class CellChoice {
 public:
  CellChoice() = default;
  /// `weights`: at least one is above 0.
  explicit CellChoice(const std::vector<double>& weights);

  /// The first cell at which the weights so far reach the fraction `uniform` in (0, 1) of all.
  Cell choose(double uniform) const {
    const double wanted = uniform * cumulative_.back();
    std::size_t cell = guide_[static_cast<std::uint32_t>(uniform * slices_)];
    cell += cumulative_[cell] < wanted ? 1 : 0;  // mostly enough, and no branch
    while (cumulative_[cell] < wanted) ++cell;
    return static_cast<Cell>(cell);
  }

 private:
  std::vector<double> cumulative_;
  std::vector<Cell> guide_;  ///< by slice: the first cell that may be meant
  double slices_ = 0;        ///< a power of two
};

/// The persons of one state by the stationary law, for each cell: kinds of cases, and stays in each.
class Meetings {
 public:
  /// One kind of case of a cell, with somebody in the state.
  struct Case {
    double persons = 0;  ///< met, in all stays
    const StayGroup* stays = nullptr;
    std::uint32_t first = 0;  ///< of the stays, in cumulative_
    std::uint32_t last = 0;   ///< … the last of them counted from the first
    std::uint8_t priors = 0;
  };

  Meetings() = default;
  /// Points to the stays of `steady`, which may be moved but not changed.
  Meetings(const SteadyState& steady, std::size_t state);

  /// Whether the stationary law has somebody of each cell.
  bool everywhere() const {
    return std::all_of(persons_.begin(), persons_.end(), [](double persons) { return persons > 0; });
  }

  /// By a uniform number; nullptr where the stationary law has nobody.
  const Case* case_of(Cell cell, double uniform) const {
    const double all = persons_[cell];
    if (!(all > 0)) return nullptr;
    const double* const reached = reached_.data() + cell * most_cases_;
    const double wanted = uniform * all;
    std::size_t chosen = cell * most_cases_;
    for (std::size_t index = 0; index + 1 < most_cases_; ++index) chosen += reached[index] <= wanted ? 1u : 0u;
    return &cases_[chosen];
  }

  /// Chooses a stay for each of `count` persons: `wanted` is uniform and gets lost, `stays` is what comes out. The
  /// steps of the search go side by side, so that nobody waits for what somebody else fetches.
  void choose_stays(const Case* const* cases, std::size_t count, double* wanted, std::uint32_t* below,
                    const StayGroup** stays) const {
    for (std::size_t i = 0; i < count; ++i) {
      wanted[i] *= cases[i]->persons;
      below[i] = 0;
    }
    // As many steps for everybody: the last stay is never passed, its sum stands as infinite.
    for (std::uint32_t step = longest_step_; step > 0; step /= 2) {
      for (std::size_t i = 0; i < count; ++i) {
        const Case& found = *cases[i];
        const double reached = cumulative_[found.first + std::min(below[i] + step - 1, found.last)];
        below[i] += static_cast<std::uint32_t>(reached < wanted[i]) * step;  // compilers make a branch of "?"
      }
    }
    for (std::size_t i = 0; i < count; ++i) {
      stays[i] = cases[i]->stays + below[i];
      sim::prefetch(stays[i]);
    }
  }

 private:
  std::size_t most_cases_ = 1;      ///< of a cell
  std::uint32_t longest_step_ = 0;  ///< of the search among stays, a power of two
  std::vector<double> persons_;     ///< by cell
  std::vector<double> reached_;     ///< [cell][case] persons up to this case; infinite from the last on
  std::vector<Case> cases_;         ///< [cell][case]
  std::vector<double> cumulative_;  ///< persons up to each stay, list after list; the last of each infinite
};

}  // namespace prisonflow::models
