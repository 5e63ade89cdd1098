// Durations, hazards, series over time, and the factors on them by class.
#pragma once

#include "models/read_numbers.hpp"

namespace prisonflow::models {

/// "6 months", or a table with `distribution`.
LawSpec read_law(ReadContext& context, const Node& node, const std::string& path);
/// `<key>_by` of `table`, if it is there: { trait = { label = factor } } or { table = "factors.csv" }.
std::vector<Modifier> read_modifiers(ReadContext& context, const Node& table, const std::string& path,
                                     const std::string& key);
/// A number that may change on dates: a number, { between, on = { date = number } } or { table, between }.
Series read_series(ReadContext& context, const Node& node, const std::string& path, Quantity quantity,
                   const NumberRule& rule = {});
/// The label of a modifier's table, with the trait it belongs to: `<path>.<trait>.<label>`.
std::optional<std::pair<Trait, std::uint16_t>> find_class(ReadContext& context, const CsvTable& table,
                                                          const std::vector<CsvCell>& row, const std::string& path);

}  // namespace prisonflow::models
