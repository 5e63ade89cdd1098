// The way of one person through a scenario, to be held against dates reckoned on paper.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/support/world.hpp"

namespace prisonflow::testing {

inline constexpr sim::Minute kDay = sim::kMinutesPerDay;

/// Where a person was, and from which minute on; decisions take no time and do not show.
using Steps = std::vector<std::pair<std::string, sim::Minute>>;

/// The way of the only person of a scenario, who starts anew in `state`. Stays shorter than a day may be missed.
/// `states`: all but the exit "end".
Steps way_of(const std::string& state, const std::string& states, const std::string& end = "2016-01-01");

}  // namespace prisonflow::testing
