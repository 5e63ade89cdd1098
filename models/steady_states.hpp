// Steady states that several worlds have in common, reckoned once.
//
// Worlds that are compared mostly agree on their first day: a reform comes later. The algebra of that day takes longer
// than many a replication, so who compiles several worlds lets them share it. A reform may bring states that nobody is
// in yet; then only the numbers of the states differ.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "models/steady_state.hpp"

namespace prisonflow::models {

/// For any number of threads. Holds nothing itself: what no world uses any more is gone.
class SteadyStates {
 public:
  /// As steady_state(model), to the bit, from the result for a world of the same first day (first_day_text()) that is
  /// still in use, if there is one.
  std::shared_ptr<const SteadyState> of(const Model& model);

 private:
  /// The states that count on the first day, in the order of first_day_text() and the dead last if they are not in
  /// it; and how many states there are in all.
  struct Numbering {
    std::vector<StateIndex> met;
    std::size_t states = 0;
    bool operator==(const Numbering&) const = default;
  };
  struct Known {
    std::string first_day;
    Numbering numbering;
    std::weak_ptr<const SteadyState> result;
  };
  static Numbering numbering_of(const Model& model, const class CaseGraph& graph);
  /// `result`, of a world that numbers its states by `from`, for one that numbers them by `to`.
  static SteadyState renumbered(const SteadyState& result, const Numbering& from, const Numbering& to);
  /// What is known of a first day, best by the same numbering.
  Known find(const std::string& first_day, const Numbering& numbering);

  std::mutex mutex_;
  std::vector<Known> known_;
};

}  // namespace prisonflow::models
