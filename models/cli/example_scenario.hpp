// The scenario that `prisonflow init` writes: small, complete, commented, of no real country.
#pragma once

#include <array>
#include <string_view>

namespace prisonflow::cli {

struct ExampleFile {
  std::string_view name;
  std::string_view text;
};

/// base.toml, reform.toml and their tables.
const std::array<ExampleFile, 4>& example_scenario();

}  // namespace prisonflow::cli
