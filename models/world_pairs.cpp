// See the header.
#include "models/world_pairs.hpp"

#include <iterator>

namespace prisonflow::models {

namespace {

void append(std::vector<std::vector<double>>& values, std::vector<std::vector<double>> more) {
  values.insert(values.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

WorldPairs::WorldPairs(const std::vector<const Scenario*>& scenarios, std::vector<const Measures*> measures)
    : measures_(std::move(measures)), class_cells_(cells_of(*scenarios.front()).count) {
  for (std::size_t reform = 1; reform < scenarios.size(); ++reform) {
    pairs_.push_back(std::make_unique<const PairMeasures>(*scenarios.front(), *measures_.front(), *measures_[reform]));
  }
}

MeasureSet WorldPairs::set(std::size_t scenario) const {
  MeasureSet all = measures_[scenario]->set();
  if (pairs_.empty()) return all;
  all.append(pairs_[scenario == 0 ? 0 : scenario - 1]->of_world());
  if (scenario > 0) all.append(pairs_[scenario - 1]->of_pair());
  return all;
}

void WorldPairs::complete(std::size_t scenario, const ReplicationResult& baseline, ReplicationResult& result) const {
  if (pairs_.empty()) return;
  const PairMeasures& pair = *pairs_[scenario == 0 ? 0 : scenario - 1];
  append(result.values, pair.world_values(case_totals(result.ledgers)));
  if (scenario == 0) return;
  append(result.values, pair.pair_values(compare_cases(baseline.ledgers, result.ledgers, class_cells_), baseline.values,
                                         result.values));
  result.ledgers.clear();
}

}  // namespace prisonflow::models
