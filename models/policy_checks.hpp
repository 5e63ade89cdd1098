// What policies make of the numbers: on every date, in every region, for new and for old cases, all rules that hold
// between numbers must still hold.
//
// Asked by the reader for the scenario as it is written, and again for the worlds without some of its policies in which
// the effect of a package is split.
#pragma once

#include <set>
#include <string>

#include "models/read_problems.hpp"
#include "models/scenario.hpp"

namespace prisonflow::models {

/// The central value of every number.
Valuation base_values(const Scenario& scenario);
/// Reports rows of shares in which every branch has odds 0 for somebody.
void check_zero_odds(const Scenario& scenario, const Valuation& values, Problems& problems);
/// Reports policies of `scenario` that break a rule between numbers on some date. `broken`: sections whose errors are
/// reported already.
void check_policies(const Scenario& scenario, const std::set<std::string>& broken, Problems& problems);

}  // namespace prisonflow::models
