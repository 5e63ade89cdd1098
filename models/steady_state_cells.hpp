// Inside the steady state: which cells are alike, and between which ones people pass as states change them.
//
// Labels of traits that no state changes stay for life, but for the offence and the priors, which may be others in
// every case. The labels that states do change make a *phase*: without such states there is one phase only.
#pragma once

#include <cstdint>
#include <vector>

#include "models/model.hpp"
#include "models/steady_state_graph.hpp"

namespace prisonflow::models {

class CellKinds {
 public:
  /// Only states that somebody enters by `graph` count.
  CellKinds(const Model& model, const CaseGraph& graph);

  /// The first cell for which every number of the model is the same, whatever becomes of those who are of it: the two
  /// share one reckoning.
  std::uint32_t like(std::uint32_t cell) const { return like_[cell]; }
  std::uint32_t phases() const { return static_cast<std::uint32_t>(offsets_.size()); }
  /// The cell of phase 0 plus this is the cell of another phase.
  std::uint32_t offset(std::uint32_t phase) const { return offsets_[phase]; }
  std::uint32_t phase_of(std::uint32_t cell) const;

 private:
  void find_phases(const Model& model, const CaseGraph& graph);
  void find_like(const Model& model, const CaseGraph& graph);
  void tell_apart_by_changes(const Model& model);

  Cells cells_;
  std::vector<Trait> changing_;
  std::vector<std::uint8_t> changes_;   ///< numbers of Model::change()
  std::vector<std::uint32_t> offsets_;  ///< by phase
  std::vector<std::uint32_t> like_;     ///< by cell
};

/// Nodes of a directed graph in groups that lead to each other, each group before those it leads to (Tarjan,
/// "Depth-first search and linear graph algorithms", SIAM Journal on Computing 1, 1972). `links`: [from] to; only what
/// `roots` lead to comes out.
std::vector<std::vector<std::uint32_t>> groups_in_order(const std::vector<std::vector<std::uint32_t>>& links,
                                                        const std::vector<std::uint32_t>& roots);

}  // namespace prisonflow::models
