// Numbers that can move a result: each becomes a Parameter with unit, source and grade.
#pragma once

#include "models/read_context.hpp"

namespace prisonflow::models {

/// What is allowed beyond the range of the quantity.
struct NumberRule {
  double most = std::numeric_limits<double>::infinity();
  std::string_view why_most;  ///< said when the number is larger
  bool above_zero = false;
  bool any_sign = false;         ///< a change by so much: may be negative
  bool unit_of_another = false;  ///< in a table: the unit of its row is that of another column
  double least = 0;
  std::string_view why_least = {};  ///< said when the number is smaller
};

/// The number at `node`: plain, with unit, or a table with `value`, `low, central, high` or `draw`. Declares the
/// parameter even when something is wrong with it (and reports that), so that reading can go on.
ParameterId read_number(ReadContext& context, const Node& node, const std::string& path, Quantity quantity,
                        const NumberRule& rule = {});

/// Columns of a table that may say where the numbers of a row come from.
inline const std::vector<std::string> kProvenanceColumns{"source", "grade", "note", "unit"};
/// The number in a cell, with the provenance columns of its row where they are filled in, else what counts at `named`,
/// the node that names the table.
ParameterId read_number(ReadContext& context, const CsvTable& table, const std::vector<CsvCell>& row,
                        std::size_t column, const Node& named, const std::string& path, Quantity quantity,
                        const NumberRule& rule = {});

/// A parameter of value 0 that the text implies: a branch not named in a row of shares.
ParameterId implied_zero(ReadContext& context, const Node& row, const std::string& path);

/// True when `node` can only be a number: not a table, or a table that is one number.
bool is_number_like(const Node& node);

}  // namespace prisonflow::models
