// `run --split`: the effect of each dated measure of a reform, replication by replication.
//
// The worlds in which only some parts of a package are switched on (models/package_split.hpp) are simulated with the
// draws of the baseline and the reform, and shared out (models/shapley.hpp) cell by cell: the effects of the parts add
// up to the paired difference of the same replication, to the last bit.
//
// Each reform's worlds are compiled once and shared by all replications, unless parameters are drawn. With more than
// six parts the worlds differ from replication to replication; then those with one part on or one part off are kept,
// and the others are compiled when their turn comes, as are all beyond a quarter of the machine's memory. A task
// simulates one world after the other, so its persons take no more memory than without the split.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/cli/prepared_run.hpp"
#include "models/package_split.hpp"

namespace prisonflow::cli {

class PackageRuns {
 public:
  /// `prepared`: the baseline and its reforms, which must stay where they are. Throws UsageError when a reform cannot
  /// be split; everything is found before the first event. `orders`: even, from 4 on.
  PackageRuns(const std::vector<PreparedScenario>& prepared, std::uint64_t seed, std::uint32_t replications,
              std::uint32_t orders);

  /// The measures that a reform has more, in the terms of ResultLayout; their only dimension is package_part.
  const models::MeasureDimension& dimension() const { return dimension_; }
  const std::vector<models::MeasureInfo>& infos() const { return infos_; }

  /// Worlds simulated beside the scenarios themselves, in all replications.
  std::uint64_t simulations() const { return simulations_; }
  /// One line a reform: its parts and how they are shared out.
  std::vector<std::string> in_words() const;
  /// Compiled models kept during the run, and by how much they raised the memory of the program.
  std::size_t kept_models() const;
  double kept_bytes() const { return kept_bytes_; }

  using Report = std::function<void(sim::Day days, std::uint64_t events)>;
  using Taken = std::function<void(const models::ReplicationResult&)>;
  /// The values of infos() for reform `scenario` (1, 2, …) in a replication: [measure][month × parts + part]. `taken`
  /// hears of every world that was simulated.
  std::vector<std::vector<double>> split(std::size_t scenario, std::uint32_t replication, std::uint32_t partitions,
                                         sim::Workers* workers, const models::ReplicationResult& baseline,
                                         const models::ReplicationResult& reform, const Report& report,
                                         const Taken& taken) const;

 private:
  struct Kept {  ///< a world that all replications share
    models::Scenario scenario;
    std::optional<models::Experiment> experiment;  ///< none when parameters are drawn
  };
  struct Reform {
    const PreparedScenario* prepared = nullptr;
    models::Package package;
    std::vector<std::size_t> places;  ///< of its parts, and of "undated", on the axis
    std::optional<models::SharingPlan> exact;
    std::vector<std::pair<models::Subset, std::unique_ptr<const Kept>>> kept;
  };

  void add_axis();
  void add_infos();
  void check_and_count(Reform& reform, std::uint32_t replications);
  void keep_worlds(Reform& reform);
  models::SharingPlan plan(const Reform& reform, std::uint32_t replication) const;
  bool is_simulated(const Reform& reform, models::Subset on) const;
  models::ReplicationResult world(const Reform& reform, models::Subset on, std::uint32_t replication,
                                  std::uint32_t partitions, sim::Workers* workers, const Report& report) const;
  void share_out(const Reform& reform, const models::SharingPlan& plan,
                 const std::vector<std::vector<std::vector<double>>>& worths,
                 const std::vector<std::vector<double>>& baseline, std::vector<std::vector<double>>& values) const;
  std::vector<std::vector<double>> totals(const PreparedScenario& prepared,
                                          const models::ReplicationResult& result) const;

  const PreparedScenario& baseline_;
  std::uint64_t seed_;
  std::uint32_t orders_;
  std::vector<Reform> reforms_;
  models::MeasureDimension dimension_;
  std::vector<models::MeasureInfo> infos_;
  std::vector<std::string> shared_out_;  ///< names of the measures: infos_ has the shares of all, then the errors
  std::uint64_t simulations_ = 0;
  double kept_bytes_ = 0;
};

}  // namespace prisonflow::cli
