// See the header.
#include "models/steady_states.hpp"

#include <algorithm>

#include "models/describe.hpp"

namespace prisonflow::models {

std::shared_ptr<const SteadyState> SteadyStates::of(const Model& model) {
  std::string first_day = first_day_text(model.scenario(), model.values());
  if (auto found = find(first_day)) return found;
  // Two threads may reckon the same at a time; neither waits for the other.
  auto result = std::make_shared<const SteadyState>(steady_state(model));
  const std::scoped_lock lock(mutex_);
  known_.emplace_back(std::move(first_day), result);
  return result;
}

std::shared_ptr<const SteadyState> SteadyStates::find(const std::string& first_day) {
  const std::scoped_lock lock(mutex_);
  known_.erase(std::remove_if(known_.begin(), known_.end(), [](const auto& known) { return known.second.expired(); }),
               known_.end());
  const auto found =
      std::find_if(known_.begin(), known_.end(), [&](const auto& known) { return known.first == first_day; });
  return found == known_.end() ? nullptr : found->second.lock();
}

}  // namespace prisonflow::models
