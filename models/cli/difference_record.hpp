// What differs between two scenarios as a text in the result file, so that a comparison needs nothing but the file.
#pragma once

#include <string>
#include <vector>

#include "models/scenario_differences.hpp"

namespace prisonflow::cli {

/// Name of the text in the group `provenance/scenario_<name>` of every scenario but the baseline.
inline constexpr const char* kDifferencesText = "differences";

/// One JSON object a line, in order; empty when nothing differs.
std::string record_of(const std::vector<models::ScenarioDifference>& differences);
/// Lines that cannot be read are left out: the file may be of a later program.
std::vector<models::ScenarioDifference> read_record(const std::string& text);

}  // namespace prisonflow::cli
