// A run of several scenarios as one thing: the first is the baseline, all others are compared with it, replication by
// replication. Says which measures each scenario reports, and completes their results once both worlds are simulated.
#pragma once

#include <memory>
#include <vector>

#include "models/pair_measures.hpp"
#include "models/replication.hpp"

namespace prisonflow::models {

class WorldPairs {
 public:
  /// One of each for every scenario, the baseline first; the references must outlive this.
  WorldPairs(const std::vector<const Scenario*>& scenarios, std::vector<const Measures*> measures);

  /// With one scenario there is nothing to compare, and no ledger is kept.
  Ledgers ledgers() const { return pairs_.empty() ? Ledgers::none : Ledgers::kept; }
  /// What a scenario reports: its own measures, then those of a world beside others, then those of a pair.
  MeasureSet set(std::size_t scenario) const;

  /// Adds to a result what the ledgers say. The baseline's comes first, with itself as the baseline; then each reform,
  /// whose ledgers are given back.
  void complete(std::size_t scenario, const ReplicationResult& baseline, ReplicationResult& result) const;

 private:
  std::vector<const Measures*> measures_;
  std::vector<std::unique_ptr<const PairMeasures>> pairs_;  ///< by scenario but for the first
  std::size_t class_cells_ = 0;
};

}  // namespace prisonflow::models
