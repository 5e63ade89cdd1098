// See the header.
#include "tests/support/pair.hpp"

#include <algorithm>
#include <stdexcept>

namespace prisonflow::testing {

namespace {

const std::vector<double>& find(const models::MeasureSet& set, const models::ReplicationResult& result,
                                const std::string& measure) {
  for (std::size_t index = 0; index < set.infos.size(); ++index) {
    if (set.infos[index].name == measure) return result.values.at(index);
  }
  throw std::logic_error("no measure " + measure);
}

}  // namespace

PairOfWorlds::PairOfWorlds(const std::string& baseline, const std::string& reform, const Tables& tables)
    : baseline_(baseline, tables),
      reform_(reform, tables),
      pairs_({&baseline_.scenario(), &reform_.scenario()}, {&baseline_.measures(), &reform_.measures()}) {}

PairOfWorlds::Results PairOfWorlds::run(std::uint32_t number, std::uint16_t partitions,
                                        std::uint64_t seed_of_reform) const {
  const std::uint64_t seed = baseline_.scenario().seed;
  const auto simulate = [&](const World& world, std::uint64_t with_seed) {
    return models::Replication(world.experiment(), world.measures(), with_seed, number, partitions,
                               models::Ledgers::kept)
        .run();
  };
  Results results{simulate(baseline_, seed), simulate(reform_, seed_of_reform == 0 ? seed : seed_of_reform)};
  pairs_.complete(0, results.baseline, results.baseline);
  pairs_.complete(1, results.baseline, results.reform);
  return results;
}

const std::vector<double>& PairOfWorlds::values(const Results& results, const std::string& measure) const {
  return find(pairs_.set(1), results.reform, measure);
}
const std::vector<double>& PairOfWorlds::values_of_baseline(const Results& results, const std::string& measure) const {
  return find(pairs_.set(0), results.baseline, measure);
}

double PairOfWorlds::value(const Results& results, const std::string& measure, const std::string& label) const {
  const std::vector<double>& all = values(results, measure);
  if (label.empty()) return all.at(0);
  const models::MeasureSet set = pairs_.set(1);
  for (const models::MeasureInfo& info : set.infos) {
    if (info.name != measure) continue;
    const auto& labels = set.dimensions.at(info.dimensions.at(0)).labels;
    const auto found = std::find(labels.begin(), labels.end(), label);
    if (found != labels.end()) return all.at(static_cast<std::size_t>(found - labels.begin()));
  }
  throw std::logic_error(measure + " has no " + label);
}

double PairOfWorlds::cases(const Results& results, models::Control baseline, models::Control reform) const {
  return values(results, "cases")
      .at(static_cast<std::size_t>(baseline) * models::kControls + static_cast<std::size_t>(reform));
}

}  // namespace prisonflow::testing
