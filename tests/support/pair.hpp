// Two scenarios written in a test, simulated as `run` does it: the same persons in both worlds, case by case.
#pragma once

#include <string>

#include "models/world_pairs.hpp"
#include "tests/support/world.hpp"

namespace prisonflow::testing {

class PairOfWorlds {
 public:
  /// What both worlds gave in one replication; the reform's values have those of the pair behind its own.
  struct Results {
    models::ReplicationResult baseline, reform;
  };

  PairOfWorlds(const std::string& baseline, const std::string& reform, const Tables& tables = {});

  const World& baseline() const { return baseline_; }
  const World& reform() const { return reform_; }
  /// `seed_of_reform`: that of the baseline unless a twin wants other persons.
  Results run(std::uint32_t number = 0, std::uint16_t partitions = 1, std::uint64_t seed_of_reform = 0) const;

  /// All values of a measure of the reform, those of the pair included.
  const std::vector<double>& values(const Results& results, const std::string& measure) const;
  const std::vector<double>& values_of_baseline(const Results& results, const std::string& measure) const;
  /// … of a scalar, or the number at a label of a dimension that stands alone.
  double value(const Results& results, const std::string& measure, const std::string& label = {}) const;
  /// A cell of the matrix of cases.
  double cases(const Results& results, models::Control baseline, models::Control reform) const;

 private:
  World baseline_, reform_;
  models::WorldPairs pairs_;
};

}  // namespace prisonflow::testing
