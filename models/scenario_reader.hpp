// Reads a scenario: TOML with `extends`, tables from CSV beside it, every value with unit, source and grade.
#pragma once

#include <filesystem>

#include "models/diagnostics.hpp"
#include "models/scenario.hpp"

namespace prisonflow::models {

/// The scenario at `path`, resolved and validated: structure, ranges, shares, dates, references and the pathway
/// (models/pathway.hpp). Throws InvalidScenario with every error found. Reads only files in the folder of `path` and
/// below. Never changes a file.
Scenario read_scenario(const std::filesystem::path& path);

}  // namespace prisonflow::models
