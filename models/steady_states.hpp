// Steady states that several worlds have in common, reckoned once.
//
// Worlds that are compared mostly agree on their first day: a reform comes later. The algebra of that day takes longer
// than many a replication, so who compiles several worlds lets them share it.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "models/steady_state.hpp"

namespace prisonflow::models {

/// For any number of threads. Holds nothing itself: what no world uses any more is gone.
class SteadyStates {
 public:
  /// As steady_state(model), or the result for a world of the same first day (first_day_text()) that is still in use.
  std::shared_ptr<const SteadyState> of(const Model& model);

 private:
  std::shared_ptr<const SteadyState> find(const std::string& first_day);

  std::mutex mutex_;
  std::vector<std::pair<std::string, std::weak_ptr<const SteadyState>>> known_;
};

}  // namespace prisonflow::models
