// Scenarios written in a test, read by the program's own reader and run: the bench on which results are tried.
//
// A test writes a scenario as text, so that what is simulated stands beside what is expected of it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/replication.hpp"
#include "models/scenario.hpp"

namespace prisonflow::testing {

/// A table beside the scenario: file name and text.
using Tables = std::vector<std::pair<std::string, std::string>>;

/// Reads a scenario from text. Throws std::runtime_error with every diagnostic when it is invalid.
models::Scenario read_text(const std::string& text, const Tables& tables = {});

/// The first part of a scenario: name, period, seed, and one grade for all numbers. `start`, `end`: "2010-01-01".
/// Further keys of [scenario] may follow directly.
std::string header(const std::string& start, const std::string& end);

/// `text` with every `from` replaced; throws std::logic_error when there is none, so that no test edits nothing.
std::string replaced(std::string text, const std::string& from, const std::string& to);

/// The whole of a text file of the source tree.
std::string file_text(const std::string& path_in_source);

/// A scenario ready to run.
class World {
 public:
  explicit World(const std::string& text, const Tables& tables = {});

  const models::Scenario& scenario() const { return *scenario_; }
  const models::Measures& measures() const { return *measures_; }
  const models::Experiment& experiment() const { return *experiment_; }
  std::size_t months() const { return measures_->months().size(); }

  /// One replication from start to end; draws the parameters where the scenario asks for it.
  models::ReplicationResult run(std::uint32_t number = 0, std::uint16_t partitions = 1, int threads = 1) const;

  /// A replication to be taken day by day.
  std::unique_ptr<models::Replication> begin(std::uint32_t number = 0, std::uint16_t partitions = 1) const;

  /// The value of a measure in a month (0, 1, …); `cell` counts its further dimensions in row-major order.
  double value(const models::ReplicationResult& result, const std::string& measure, std::size_t month,
               std::size_t cell = 0) const;
  /// … summed up over all months.
  double total(const models::ReplicationResult& result, const std::string& measure, std::size_t cell = 0) const;
  /// … of a measure by state (and, with several regions, region first).
  double state(const models::ReplicationResult& result, const std::string& measure, std::size_t month,
               const std::string& state, std::size_t region = 0) const;
  /// Entries into a state in all months from `first` up to, not including, `end`.
  double entries(const models::ReplicationResult& result, const std::string& state, std::size_t first,
                 std::size_t end) const;

 private:
  std::unique_ptr<models::Scenario> scenario_;
  std::unique_ptr<models::Experiment> experiment_;
  std::unique_ptr<models::Measures> measures_;
};

/// FNV-1a over the bits of every value and the counts of a result; all NaN are one.
std::uint64_t hash_of(const models::ReplicationResult& result, std::uint64_t seed = 0xcbf29ce484222325u);

/// Of one replication, of all but what feedback links read: a link that moves nobody still reports that.
std::uint64_t hash_of_people(const World& world, std::uint32_t number = 0, std::uint16_t partitions = 1);
std::uint64_t hash_of_people(const models::Measures& measures, models::ReplicationResult result);

/// Everybody inside, by name.
std::map<std::uint64_t, models::Person> persons_by_name(const models::Replication& replication);

}  // namespace prisonflow::testing
