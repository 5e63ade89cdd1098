// Durations and terms of their own for classes of persons: `term_for.female = …`, `term_for = { table = "terms.csv" }`.
#pragma once

#include "models/read_laws.hpp"

namespace prisonflow::models {

/// `<key>_for` of `table`, if it is there. The path of a row is `<path>.<key>_for.<labels>`; that of all rows stands
/// for their durations together.
std::vector<LawRow> read_law_rows(ReadContext& context, const Node& table, const std::string& path,
                                  const std::string& key);

}  // namespace prisonflow::models
