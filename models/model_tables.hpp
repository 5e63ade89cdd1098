// Inside models/: multiplies sparse numbers of a scenario out into tables by cell.
#pragma once

#include <vector>

#include "models/model.hpp"
#include "sim/prepared_laws.hpp"

namespace prisonflow::models {

/// The weights of one row for a cell, adding up to 1: the most special row that matches, times the odds, scaled.
void share_weights(const Shares& shares, const Valuation& values, const Cells& cells, std::uint32_t cell,
                   std::vector<double>& weights);

/// The product of the factors that apply to a cell.
double factor_for(const std::vector<Modifier>& modifiers, const Valuation& values, const Cells& cells,
                  std::uint32_t cell);

/// The distribution of a law, in minutes.
sim::Distribution distribution_of(const LawSpec& law, const Valuation& values);

/// The table of a state, its laws prepared; `values` by region (one for all regions, or one each).
StateTable compile_state(const Scenario& scenario, const State& state, const Cells& cells,
                         const std::vector<Valuation>& values, sim::PreparedLaws& prepare);
ReoffendingTable compile_reoffending(const Scenario& scenario, const Cells& cells,
                                     const std::vector<Valuation>& values);
/// The mix of newcomers, or of switched offences: a table a trait.
ShareTable compile_mix(const Shares& mix, Trait trait, const Cells& cells, const std::vector<Valuation>& values);

/// Every parameter the table of a state is made of.
std::vector<ParameterId> parameters_of(const Scenario& scenario, const State& state);
/// … and those of a row of shares.
std::vector<ParameterId> parameters_of(const Shares& shares);
std::vector<ParameterId> parameters_of_reoffending(const Scenario& scenario);

/// The row of a mix table: the earlier traits' labels in mixed radix.
inline std::size_t mix_row(const Cells& cells, std::uint32_t cell, Trait trait) {
  return cell / (cells.strides[index_of(trait)] * cells.sizes[index_of(trait)]);
}

}  // namespace prisonflow::models
