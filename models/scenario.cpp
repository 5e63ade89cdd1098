// Finding what a scenario has by its name.
#include "models/scenario.hpp"

namespace prisonflow::models {

std::size_t Scenario::end_of_service(std::size_t first) const {
  std::size_t next = first + 1;
  while (next < services.size() && services[next].called() == services[first].called()) ++next;
  return next;
}

StateIndex Scenario::find_state(std::string_view wanted) const {
  for (std::size_t index = 0; index < states.size(); ++index) {
    if (states[index].name == wanted) return static_cast<StateIndex>(index);
  }
  return kNoState;
}

}  // namespace prisonflow::models
