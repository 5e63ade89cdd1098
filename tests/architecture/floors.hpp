// The floors of the house: which folder may see which, and by which one door each library comes in.
#pragma once

#include <string>
#include <vector>

#include "tests/architecture/source_tree.hpp"

namespace prisonflow::architecture {

/// Every broken floor, as "file:line: problem (why); suggestion", in the order of the files. Empty: the house stands.
/// Looks at .cpp and .hpp files of sim, output, models and models/cli; anything else in the tree is ignored.
std::vector<std::string> broken_floors(const SourceTree& tree);

}  // namespace prisonflow::architecture
