// The variant of a scenario that linear algebra describes exactly: for `prisonflow verify` (promise P6).
#pragma once

#include "models/scenario.hpp"

namespace prisonflow::models {

/// `scenario` as it stands on its first day and as if that had gone on for ever: no policies, no amnesties, services
/// and places without limit, nobody grows older, newcomers at the rate of the first day, a stationary start, central
/// values. It ends `years` after its start.
Scenario without_limits(const Scenario& scenario, int years);

}  // namespace prisonflow::models
