// Names that a result file gives away by itself: a scenario's own measures must not have them.
#pragma once

#include <string>

#include "models/measures.hpp"

namespace prisonflow::models {

/// What else of a result has that name, in words ("of the axis 'time'"); empty when nothing has.
std::string taken_in_results(const Measures& measures, const std::string& name);

}  // namespace prisonflow::models
