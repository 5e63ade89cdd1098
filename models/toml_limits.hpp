// Looks over a TOML text before a parser does: refuses what is absurdly large, deep or known to bring it down.
#pragma once

#include <cstdint>
#include <string_view>

#include "models/read_problems.hpp"

namespace prisonflow::models {

/// False, with the reason in `problems`, when the text must not reach the parser: larger than kLargestToml, nested
/// deeper than kDeepestToml, a dotted key of more than kDeepestToml parts, or a table header without a name.
/// One pass, no memory.
bool within_limits(std::string_view text, std::uint32_t file, Problems& problems);

}  // namespace prisonflow::models
