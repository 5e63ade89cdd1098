// Net-widening with a planted truth: reforms whose effect on every case is known, recovered exactly where the answer is
// exact and within standard errors where chance has a part. The estimates are of replications; bounds as in
// tests/support/bounds.hpp. The twin of a pair is the same reform on other persons: then nobody is the same in both
// worlds, and what is counted is chance.
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

#include "tests/support/bounds.hpp"
#include "tests/support/pair.hpp"

namespace prisonflow::testing {
namespace {

using models::Control;

/// Everybody is sentenced on arrival: prison, probation or a fine, by shares in that order along one draw.
std::string courts(double prison, double probation) {
  return header("2010-01-01", "2015-01-01") + R"(
[classes]
sex = ["male", "female"]
offence = ["violent", "property"]
age = [18, 25]
oldest_age = 60
[arrivals.sentenced]
to = "sentence"
rate = 40000
mix.sex = { male = 0.9, female = "rest" }
mix.offence = { violent = 0.3, property = "rest" }
mix.age = { 18-24 = 0.4, "25+" = "rest" }
[states.sentence]
kind = "decision"
shares = { prison = )" +
         std::to_string(prison) + ", probation = " + std::to_string(probation) + R"(, fine = "rest" }
[states.prison]
kind = "custody"
term = "12 months"
next = "end"
[states.probation]
kind = "supervision"
term = "12 months"
next = "end"
[states.fine]
kind = "delay"
control = "financial"
duration = "2 months"
next = "end"
[states.end]
kind = "exit"
)";
}

std::string named(const std::string& scenario, const std::string& name) {
  return replaced(scenario, "name = \"test\"", "name = \"" + name + "\"");
}

double total(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

constexpr std::uint32_t kReplications = 10;

/// A statistic of a pair, over replications.
template <class Statistic>
Estimate estimate(const PairOfWorlds& pair, Statistic statistic, std::uint64_t seed_of_reform = 0) {
  std::vector<double> sample;
  for (std::uint32_t number = 0; number < kReplications; ++number) {
    sample.push_back(statistic(pair.run(number, 1, seed_of_reform)));
  }
  return mean_of(sample);
}

TEST_CASE("net-widening: a reform that only spares prison widens nothing, exactly") {
  const PairOfWorlds pair(courts(0.30, 0), named(courts(0.25, 0.05), "reform"));
  const auto results = pair.run();
  CHECK(pair.value(results, "widening_ratio") == 0.0);
  CHECK(pair.value(results, "case_outcomes", "net_widening") == 0.0);
  const double diverted = pair.value(results, "case_outcomes", "true_diversion");
  CHECK(diverted > 5000);
  CHECK(pair.cases(results, Control::custody, Control::supervised) == diverted);
  // Nobody else is touched: the matrix has its diagonal and this one cell.
  const double same = pair.cases(results, Control::custody, Control::custody) +
                      pair.cases(results, Control::financial, Control::financial);
  CHECK(total(pair.values(results, "cases")) == same + diverted);
  CHECK(pair.value(results, "case_outcomes", "unchanged") == same);
  CHECK(pair.value(results, "cases_accounted", "baseline_only") == 0.0);
  CHECK(pair.value(results, "cases_accounted", "reform_only") == 0.0);
  // The same reform on other persons seems to widen.
  const auto others = pair.run(0, 1, 99);
  CHECK(pair.value(others, "widening_ratio") > 0.05);
}

TEST_CASE("net-widening: a reform that only draws people in is all widening, exactly") {
  const PairOfWorlds pair(courts(0.30, 0), named(courts(0.30, 0.10), "reform"));
  const auto results = pair.run();
  CHECK(pair.value(results, "widening_ratio") == 1.0);
  CHECK(pair.value(results, "case_outcomes", "true_diversion") == 0.0);
  CHECK(pair.value(results, "case_outcomes", "net_widening") ==
        pair.cases(results, Control::financial, Control::supervised));
  CHECK(pair.values(results, "prison_population") == pair.values_of_baseline(results, "prison_population"));
  // Nobody fewer is held, so the stock form has no answer.
  for (const double ratio : pair.values(results, "supervised_per_prisoner_less")) CHECK(std::isnan(ratio));
  CHECK(pair.value(pair.run(0, 1, 99), "widening_ratio") < 0.9);
}

TEST_CASE("net-widening: 8.3 per cent where 55,000 are spared and 5,000 drawn in") {
  // Canada's conditional sentence, 1996-2001: about 55,000 fewer admissions to prison and 5,000 people drawn in.
  const PairOfWorlds pair(courts(0.300, 0), named(courts(0.245, 0.060), "reform"));
  const auto ratio = [&](const PairOfWorlds::Results& results) { return pair.value(results, "widening_ratio"); };
  check_with_twin("share of widening", estimate(pair, ratio), 5.0 / 60.0, 0.10);
  check_with_twin_run("share of widening", estimate(pair, ratio), estimate(pair, ratio, 99), 5.0 / 60.0);
  // All newcomers of five years, 55 and 5 in a thousand of them.
  const auto spared = [&](const PairOfWorlds::Results& results) {
    return pair.value(results, "case_outcomes", "true_diversion");
  };
  const double newcomers = 40000 * 1826 / 365.2425;
  check_with_twin("spared", estimate(pair, spared), 0.055 * newcomers, 0.05 * newcomers);
  // Once terms have run out: 60 under supervision for each 55 no longer held.
  const auto stock_form = [&](const PairOfWorlds::Results& results) {
    return pair.values(results, "supervised_per_prisoner_less").back();
  };
  check_with_twin("stock form", estimate(pair, stock_form), 60.0 / 55.0, 1.2);
}

TEST_CASE("net-widening: one half, as a state budget office assumes") {
  const PairOfWorlds pair(courts(0.30, 0), named(courts(0.27, 0.06), "reform"));
  const auto ratio = [&](const PairOfWorlds::Results& results) { return pair.value(results, "widening_ratio"); };
  check_with_twin("share of widening", estimate(pair, ratio), 0.5, 0.47);
}

TEST_CASE("net-widening: custody through the back door is seen where breach leads to prison") {
  const std::string breach = "breach = 0.3\non_breach = \"prison\"\n[states.fine]";
  const auto with_breach = [&](const std::string& scenario) { return replaced(scenario, "[states.fine]", breach); };
  const PairOfWorlds pair(with_breach(courts(0.30, 0)), named(with_breach(courts(0.25, 0.05)), "reform"));
  const auto results = pair.run();
  CHECK(pair.value(results, "widening_ratio") == 0.0);  // they were spared prison at first: no widening
  CHECK(total(pair.values(results, "back_door_custody")) == pair.value(results, "back_door_custody", "true_diversion"));
  CHECK(total(pair.values_of_baseline(results, "custody_days_through_breach")) == 0.0);
  CHECK(pair.value(results, "custody_days_through_breach") > 0.0);
  // Of those sentenced more than a year before the end, all spells are over: 1 - exp(-0.3 × 1 year) breached. Cases
  // that began later are cut off by the end; for a uniform beginning u years before it the share is 1 - exp(-0.3 u).
  const auto share = [&](const PairOfWorlds::Results& each) {
    return pair.value(each, "back_door_custody", "true_diversion") /
           pair.value(each, "case_outcomes", "true_diversion");
  };
  const double years = 1826 / 365.2425;
  const double whole = 1 - std::exp(-0.3);
  const double cut_off = 1 - whole / 0.3;  // mean of 1 - exp(-0.3 u) over the last year
  const double expected = (whole * (years - 1) + cut_off) / years;
  check_with_twin("through the back door", estimate(pair, share), expected, 0.85 * expected);
}

TEST_CASE("net-widening: longer measures thin the mesh and widen nothing") {
  const std::string longer = named(replaced(courts(0.25, 0.05), "kind = \"supervision\"\nterm = \"12 months\"",
                                            "kind = \"supervision\"\nterm = \"18 months\""),
                                   "reform");
  const PairOfWorlds pair(courts(0.25, 0.05), longer);
  const auto results = pair.run();
  CHECK(std::isnan(pair.value(results, "widening_ratio")));
  const double thinned = pair.value(results, "case_outcomes", "mesh_thinning");
  const double same = pair.value(results, "case_outcomes", "unchanged");
  CHECK(thinned + same == total(pair.values(results, "cases")));
  // Who was sentenced within the last twelve months has not yet served longer.
  const double supervised = pair.cases(results, Control::supervised, Control::supervised);
  CHECK(thinned < supervised);
  CHECK(thinned > 0.75 * supervised);
  CHECK(total(pair.values(results, "control_days_lost")) == 0.0);
  CHECK(pair.value(results, "control_days_gained", "supervised") ==
        Approx(pair.value(results, "control_days", "supervised") -
               pair.values_of_baseline(results, "control_days")[static_cast<std::size_t>(Control::supervised)]));
}

TEST_CASE("net-widening: half the intake takes cases away and changes no other") {
  const PairOfWorlds pair(courts(0.30, 0.05),
                          named(replaced(courts(0.30, 0.05), "rate = 40000", "rate = 20000"), "reform"));
  const auto results = pair.run();
  CHECK(pair.value(results, "cases_accounted", "reform_only") == 0.0);
  CHECK(pair.value(results, "cases_accounted", "baseline_only") > 90000);
  CHECK(pair.value(results, "case_outcomes", "unchanged") == pair.value(results, "cases_accounted", "compared"));
  CHECK(total(pair.values(results, "control_days_gained")) == 0.0);
  CHECK(total(pair.values(results, "control_days_lost")) == 0.0);
}

}  // namespace
}  // namespace prisonflow::testing
