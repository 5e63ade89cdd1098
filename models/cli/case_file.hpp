// `run --cases FILE`: the ledger of cases of the first replication as a table, for those who want to see each case.
// Nothing of single persons reaches a disk unless this is asked for.
#pragma once

#include <string>

#include "models/net_widening.hpp"
#include "models/scenario.hpp"

namespace prisonflow::cli {

/// The heading of the table, one line.
std::string case_heading();

/// Appends a line for each case of the baseline and of a reform, by person and number: classes, ranks, dispositions,
/// days under each degree of control. Fields of a world that does not have the case are empty.
void append_cases(const models::Scenario& baseline, const models::LedgersOfWorld& cases_of_baseline,
                  const models::Scenario& reform, const models::LedgersOfWorld& cases_of_reform, std::string& table);

}  // namespace prisonflow::cli
