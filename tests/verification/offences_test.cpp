// Offences and victims behind new cases by reoffending: a closed form under a constant hazard, sums that add up, and
// policies that change the mean on any day, in one region, for everyone or for new cases.
//
// Bounds and false-alarm rate: tests/support/bounds.hpp. What is exact is compared to rounding. Twins: the mean without
// its factor, the mean of before the policy, that of after it.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <string>

#include "tests/support/bounds.hpp"
#include "tests/support/world.hpp"

namespace prisonflow::testing {
namespace {

constexpr double kKnown = std::numeric_limits<double>::infinity();  // degrees of freedom of a known error
constexpr double kPersons = 20000;
constexpr double kTimeAtRisk = 400;  ///< days

/// A closed community that reoffends at a constant hazard; the court sends everybody back at once.
const std::string kCommunity = R"(
[classes]
region = ["north", "south"]
sex = ["male", "female"]
offence = ["violent", "theft"]
age = [18, 30]
oldest_age = 70
[initial.free]
persons = 20000
elapsed = "none"
[initial.free.mix]
region = { north = 0.5, south = 0.5 }
sex = { male = 0.7, female = 0.3 }
age = { "18-29" = 0.5, "30+" = 0.5 }
[states.free]
kind = "liberty"
leaving = 0.0000000001
next = "out"
[states.court]
kind = "decision"
conviction = true
shares = { free = 1 }
[states.out]
kind = "exit"
[measures.convicted]
quantity = "entries"
states = ["court"]
by = ["region", "sex", "offence", "age"]
[reoffending]
to = "court"
time = { distribution = "exponential", mean = "400 days" }
same_offence = 0
mix.offence = { violent = 0.4, theft = "rest" }
)";
const std::string kMeans = "offences_each = 2.8\nvictims_each = 0.9\n";
const std::string kFactors = "offences_each_by.offence.theft = 1.5\nvictims_each_by.sex.female = 0.5\n";

std::string community(const std::string& more, const std::string& settings = "") {
  return header("2010-01-01", "2012-01-01") + settings + kCommunity + more;
}

TEST_CASE("offences: a constant hazard gives persons times time times the mean") {
  const World world(community(kMeans + kFactors));
  const auto result = world.run(0, 3);
  const double cases = kPersons * 730 / kTimeAtRisk;  // a Poisson number: everybody stays at risk
  const auto total = [&](const std::string& measure, std::size_t cells) {
    double sum = 0;
    for (std::size_t cell = 0; cell < cells; ++cell) sum += world.total(result, measure, cell);
    return sum;
  };
  const auto poisson = [&](double value, double mean_each, double share, double persons_share) {
    // The number of persons of a class is drawn as well.
    const double each = 730 / kTimeAtRisk;
    const double variance =
        cases * share * persons_share + kPersons * persons_share * (1 - persons_share) * each * each * share * share;
    return Estimate{value, mean_each * std::sqrt(variance), kKnown};
  };
  const double violent = 2.8, theft = 2.8 * 1.5;
  check_with_twin("offences, violent", poisson(world.total(result, "offences_by_offence", 0), violent, 0.4, 1),
                  cases * 0.4 * violent, cases * 0.4 * theft);
  check_with_twin("offences, theft", poisson(world.total(result, "offences_by_offence", 1), theft, 0.6, 1),
                  cases * 0.6 * theft, cases * 0.6 * violent);
  const double mean = 0.4 * violent + 0.6 * theft;
  const double spread = std::sqrt(0.4 * violent * violent + 0.6 * theft * theft);
  check_with_twin("offences, all", poisson(total("offences", 2), spread, 1, 1), cases * mean, cases * violent);
  const auto women = [&](const std::string& measure) {
    return world.total(result, measure, 2) + world.total(result, measure, 3);
  };
  check_with_twin("offences of women", poisson(women("offences_by_sex_and_age"), spread, 1, 0.3), cases * 0.3 * mean,
                  cases * 0.3 * violent);
  check_with_twin("victims of women", poisson(women("victims_by_sex_and_age"), 0.45 * spread, 1, 0.3),
                  cases * 0.3 * mean * 0.45, cases * 0.3 * mean * 0.9);
  check_with_twin("victims, all", poisson(total("victims", 2), 0.9 * spread, 1, 1),
                  cases * mean * (0.7 * 0.9 + 0.3 * 0.45), cases * mean * 0.9);
}

TEST_CASE("offences: every split adds up, month by month, to the new cases times their means") {
  const World world(community(kMeans + kFactors));
  const auto result = world.run(1, 2);
  const double each[2] = {2.8, 2.8 * 1.5};
  const double victims[2] = {0.9, 0.45};
  for (std::size_t month = 0; month < world.months(); ++month) {
    double by_region[2] = {}, by_offence[2] = {}, by_sex_and_age[4] = {}, harmed[4] = {}, all = 0;
    for (std::size_t cell = 0; cell < 16; ++cell) {
      const std::size_t region = cell / 8, sex = cell / 4 % 2, offence = cell / 2 % 2, age = cell % 2;
      const double offences = each[offence] * world.value(result, "convicted", month, cell);
      by_region[region] += offences;
      by_offence[offence] += offences;
      by_sex_and_age[2 * sex + age] += offences;
      harmed[2 * sex + age] += offences * victims[sex];
      all += offences;
    }
    CHECK(all > 1000);
    for (std::size_t at = 0; at < 2; ++at) {
      CHECK(world.value(result, "offences", month, at) == Approx(by_region[at]).epsilon(1e-12));
      CHECK(world.value(result, "offences_by_offence", month, at) == Approx(by_offence[at]).epsilon(1e-12));
    }
    for (std::size_t at = 0; at < 4; ++at) {
      CHECK(world.value(result, "offences_by_sex_and_age", month, at) == Approx(by_sex_and_age[at]).epsilon(1e-12));
      CHECK(world.value(result, "victims_by_sex_and_age", month, at) == Approx(harmed[at]).epsilon(1e-12));
    }
  }
}

TEST_CASE("offences: counting moves nobody, and the split into partitions does not show") {
  const World counted(community(kMeans + kFactors));
  const World plain(community(""));
  const auto result = counted.run(0, 1);
  CHECK(hash_of(result) == hash_of(counted.run(0, 5, 2)));
  const auto without = plain.run(0, 1);
  CHECK(result.events == without.events);
  for (const char* measure : {"entries", "stock", "convicted"}) {
    CHECK(counted.total(result, measure, 0) == plain.total(without, measure, 0));
  }
  // What is not declared is not there.
  CHECK_THROWS_AS(plain.value(without, "offences", 0), std::logic_error);
  const World no_victims(community("offences_each = 2.8\n"));
  CHECK_NOTHROW(no_victims.value(no_victims.run(), "offences_by_offence", 0));
  CHECK_THROWS_AS(no_victims.value(no_victims.run(), "victims", 0), std::logic_error);
}

TEST_CASE("offences: a policy changes the mean from its day on, inside a month, where it holds") {
  constexpr std::size_t kMonth = 6;  // July 2010
  const sim::Day day = 196;          // 16 July 2010
  const auto policy = [](const std::string& more) {
    return kMeans + "[policies.fewer]\nfrom = 2010-07-16\nset.reoffending.offences_each = 2\n" + more;
  };
  for (const std::string whom : {"applies_to = \"everyone\"\n", "applies_to = \"new cases\"\n"}) {
    const World world(community(policy(whom + "scale.reoffending.victims_each = 0.5\n")));
    const auto replication = world.begin(0, 2);
    const models::StateIndex court = world.scenario().find_state("court");
    double before[2] = {};  // the month's new cases by region, up to the policy
    for (sim::Day today = 0; today < world.experiment().model().days(); ++today) {
      if (today == day) {
        for (const auto& partition : replication->partitions()) {
          const models::Tallies& tallies = partition->tallies;
          for (std::size_t cell = 0; cell < tallies.cell_count; ++cell) {
            before[2 * cell / tallies.cell_count] += tallies.by_cell[court * tallies.cell_count + cell].entries;
          }
        }
      }
      replication->run_day(today);
    }
    const auto result = replication->finish();
    for (std::size_t region = 0; region < 2; ++region) {
      const auto cases = [&](std::size_t month) {
        double sum = 0;
        for (std::size_t cell = 0; cell < 8; ++cell) sum += world.value(result, "convicted", month, 8 * region + cell);
        return sum;
      };
      const double after = cases(kMonth) - before[region];
      CHECK(before[region] > 100);
      CHECK(after > 100);
      const double offences = world.value(result, "offences", kMonth, region);
      CHECK(offences == Approx(2.8 * before[region] + 2 * after).epsilon(1e-12));
      CHECK_FALSE(offences == Approx(2.8 * cases(kMonth)).epsilon(1e-3));
      CHECK_FALSE(offences == Approx(2 * cases(kMonth)).epsilon(1e-3));
      CHECK(world.value(result, "victims", kMonth, region) ==
            Approx(2.8 * 0.9 * before[region] + 2 * 0.45 * after).epsilon(1e-12));
      CHECK(world.value(result, "offences", 3, region) == Approx(2.8 * cases(3)).epsilon(1e-12));
      CHECK(world.value(result, "offences", 9, region) == Approx(2 * cases(9)).epsilon(1e-12));
    }
  }
  const World south(community(policy("regions = [\"south\"]\n")));
  const auto result = south.run();
  for (std::size_t region = 0; region < 2; ++region) {
    double cases = 0;
    for (std::size_t cell = 0; cell < 8; ++cell) cases += south.value(result, "convicted", 9, 8 * region + cell);
    CHECK(south.value(result, "offences", 9, region) == Approx((region == 0 ? 2.8 : 2) * cases).epsilon(1e-12));
  }
}

TEST_CASE("offences: a mean drawn below one counts as one") {
  const World world(
      community("offences_each = { draw = \"normal\", mean = 1.05, sd = 0.3 }\n", "parameters = \"drawn\"\n"));
  int clamped = 0, larger = 0;
  for (std::uint32_t run = 0; run < 12; ++run) {
    const auto result = world.run(run);
    double cases = 0;
    for (std::size_t cell = 0; cell < 16; ++cell) cases += world.value(result, "convicted", 5, cell);
    const double mean = (world.value(result, "offences", 5, 0) + world.value(result, "offences", 5, 1)) / cases;
    CHECK(mean >= 1 - 1e-12);
    ++(mean < 1 + 1e-12 ? clamped : larger);
  }
  CHECK(clamped > 0);
  CHECK(larger > 0);
}

}  // namespace
}  // namespace prisonflow::testing
