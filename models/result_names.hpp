// Names that a result file gives away by itself: a scenario's own measures must not have them.
#pragma once

#include <string>

#include "models/measures.hpp"

namespace prisonflow::models {

/// What else of a result, of one world or of several, has that name, in words ("of the axis 'time'"); empty when
/// nothing has. `measures`: of the scenario.
std::string taken_in_results(const Scenario& scenario, const Measures& measures, const std::string& name);

}  // namespace prisonflow::models
