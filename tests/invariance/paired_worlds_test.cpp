// Worlds side by side: what is counted of a pair depends on neither partitions nor what else is asked, a reform that
// changes nothing leaves exactly zero everywhere, and all parts add up.
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

#include "tests/support/everything.hpp"
#include "tests/support/pair.hpp"

namespace prisonflow::testing {
namespace {

double total(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

TEST_CASE("paired worlds: partitions do not show in what is counted") {
  const PairOfWorlds pair(without_policies(everything()), everything(), tables_of_everything());
  const auto one = pair.run(0, 1);
  const std::uint64_t hash = hash_of(one.reform, hash_of(one.baseline));
  for (const std::uint16_t partitions : {std::uint16_t{3}, std::uint16_t{64}}) {
    const auto split = pair.run(0, partitions);
    CHECK(hash_of(split.reform, hash_of(split.baseline)) == hash);
  }
  CHECK(hash_of(pair.run(1, 1).reform) != hash_of(one.reform));
}

TEST_CASE("paired worlds: the ledger changes nothing of what a world reports") {
  const World world(everything(), tables_of_everything());
  const models::ReplicationResult kept =
      models::Replication(world.experiment(), world.measures(), world.scenario().seed, 0, 2, models::Ledgers::kept)
          .run();
  CHECK(hash_of(kept) == hash_of(world.run()));
  CHECK(kept.ledgers.size() == 2);
  CHECK(world.run().ledgers.empty());
}

TEST_CASE("paired worlds: a reform that changes nothing leaves zero everywhere") {
  const PairOfWorlds pair(everything(), everything(), tables_of_everything());
  const auto results = pair.run();
  const double compared = pair.value(results, "cases_accounted", "compared");
  CHECK(compared > 1000);
  CHECK(pair.value(results, "case_outcomes", "unchanged") == compared);
  CHECK(total(pair.values(results, "cases")) == compared);
  for (std::size_t rank = 0; rank < models::kControls; ++rank) {
    const auto control = static_cast<models::Control>(rank);
    for (std::size_t other = 0; other < models::kControls; ++other) {
      if (other != rank) CHECK(pair.cases(results, control, static_cast<models::Control>(other)) == 0.0);
    }
  }
  for (const char* nothing : {"back_door_custody", "control_days_gained", "control_days_lost",
                              "control_days_baseline_only", "control_days_reform_only"}) {
    INFO(nothing);
    for (const double each : pair.values(results, nothing)) CHECK(each == 0.0);
  }
  CHECK(std::isnan(pair.value(results, "widening_ratio")));
  CHECK(pair.values(results, "control_days") == pair.values_of_baseline(results, "control_days"));
  // A reform that does change something is seen.
  const PairOfWorlds twin(without_policies(everything()), everything(), tables_of_everything());
  CHECK(total(twin.values(twin.run(), "control_days_lost")) > 0.0);
}

TEST_CASE("paired worlds: ranks, offences, sexes, ages and regions add up to all cases, and days to the difference") {
  const PairOfWorlds pair(without_policies(everything()), everything(), tables_of_everything());
  const auto results = pair.run();
  const std::vector<double>& cases = pair.values(results, "cases");
  for (const char* split : {"cases_by_offence", "cases_by_sex", "cases_by_age", "cases_by_region"}) {
    INFO(split);
    const std::vector<double>& parts = pair.values(results, split);
    const std::size_t labels = parts.size() / cases.size();
    CHECK(labels > 1);
    for (std::size_t cell = 0; cell < cases.size(); ++cell) {
      double sum = 0;
      for (std::size_t label = 0; label < labels; ++label) sum += parts[cell * labels + label];
      CHECK(sum == cases[cell]);
    }
  }
  CHECK(total(pair.values(results, "case_outcomes")) == total(cases));
  CHECK(pair.value(results, "cases_accounted", "compared") == total(cases));
  // Every case of either world is accounted for once.
  const double of_baseline =
      total(pair.values(results, "cases_accounted")) - pair.value(results, "cases_accounted", "reform_only");
  CHECK(of_baseline == static_cast<double>(results.baseline.cases));
  CHECK(total(pair.values(results, "cases_accounted")) - pair.value(results, "cases_accounted", "baseline_only") ==
        static_cast<double>(results.reform.cases));
  for (std::size_t rank = 0; rank < models::kControls; ++rank) {
    const double difference =
        pair.values(results, "control_days")[rank] - pair.values_of_baseline(results, "control_days")[rank];
    const double parts = pair.values(results, "control_days_gained")[rank] -
                         pair.values(results, "control_days_lost")[rank] +
                         pair.values(results, "control_days_reform_only")[rank] -
                         pair.values(results, "control_days_baseline_only")[rank];
    CHECK(parts == Approx(difference).margin(1e-6));
  }
}

}  // namespace
}  // namespace prisonflow::testing
