// Durations and terms of classes of persons: the algebra against closed forms by class, the simulation from an empty
// start and from a stationary one against the algebra, and policies that reach those inside.
//
// Twins: the base law in the place of the row's, the algebra of the scenario without its rows, and a policy for others.
// Bounds and false-alarm rate: below, and tests/support/bounds.hpp.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "tests/support/bounds.hpp"
#include "tests/support/world.hpp"
#include "tests/verification/steady_state_system.hpp"

namespace prisonflow::testing {
namespace {

constexpr double kYear = 365.2425;
/// Wider than tests/support/bounds.hpp: by Student's t with 29 degrees a chance of 1e-10 a check, so that these many
/// add next to nothing to the false alarms of all.
constexpr double kErrors = 10;
bool found_at(const Estimate& estimate, double expected) {
  return std::abs(estimate.value - expected) <= kErrors * estimate.standard_error;
}

/// Stock of those who match: every trait not named is summed over.
double stock_of(const models::SteadyState& steady, const models::Model& model, models::StateIndex state,
                const std::vector<std::pair<models::Trait, std::uint16_t>>& who) {
  double sum = 0;
  for (std::uint32_t cell = 0; cell < model.cells().count; ++cell) {
    bool matches = true;
    for (const auto& [trait, label] : who) matches = matches && model.cells().label(cell, trait) == label;
    if (matches) sum += steady.stock[state][cell];
  }
  return sum;
}

const std::string kClasses = R"(
[classes]
sex = ["male", "female"]
offence = ["violent", "theft"]
risk = ["low", "high"]
[arrivals.newcomers.mix]
sex = { male = 0.8, female = 0.2 }
offence = { violent = 0.3, theft = 0.7 }
risk = { low = 0.6, high = 0.4 }
)";

TEST_CASE("laws of classes: persons of a class are its arrivals times the mean of its own law") {
  const models::Steady steady(kClasses + R"(
[states.start]
grade = "assumed"
kind = "delay"
next = "measure"
duration = { distribution = "gamma", mean = "50 days", shape = 2 }
duration_by.risk.high = 1.5
duration_for.female = { distribution = "lognormal", mean = "30 days", sigma = 0.8 }
duration_for.theft = "20 days"
duration_for."theft/female" = { distribution = "weibull", scale = "10 days", shape = 0.7 }
[states.measure]
grade = "assumed"
kind = "supervision"
next = "prison"
duration = { distribution = "exponential", mean = "100 days" }
duration_for.high = { distribution = "uniform", shortest = "100 days", longest = "300 days" }
[states.prison]
grade = "assumed"
kind = "custody"
next = "out"
term = "400 days"
automatic_release = 0.5
term_for."theft/high" = { distribution = "exponential", mean = "90 days" }
)");
  using models::Trait;
  const auto stock = [&](const std::string& state, std::uint16_t sex, std::uint16_t offence, std::uint16_t risk) {
    return stock_of(steady.result(), steady.model(), steady.scenario().find_state(state),
                    {{Trait::sex, sex}, {Trait::offence, offence}, {Trait::risk, risk}});
  };
  const double weibull = 10 * std::tgamma(1 + 1 / 0.7);
  for (std::uint16_t sex = 0; sex < 2; ++sex) {
    for (std::uint16_t offence = 0; offence < 2; ++offence) {
      for (std::uint16_t risk = 0; risk < 2; ++risk) {
        INFO("sex " << sex << ", offence " << offence << ", risk " << risk);
        const double a_day = 10 * (sex == 0 ? 0.8 : 0.2) * (offence == 0 ? 0.3 : 0.7) * (risk == 0 ? 0.6 : 0.4);
        const double base = 50;
        const double law = offence == 0 ? (sex == 0 ? base : 30) : (sex == 0 ? 20 : weibull);
        const double factor = risk == 0 ? 1.0 : 1.5;
        // The twin: the same formula with another row, or with another mean where the base counts.
        models::check(stock("start", sex, offence, risk), a_day * law * factor,
                      a_day * (law == base ? 51 : base) * factor, 1e-6);
        models::check(stock("measure", sex, offence, risk), a_day * (risk == 0 ? 100 : 200),
                      a_day * (risk == 0 ? 200 : 100), 1e-6);
        const bool own = offence == 1 && risk == 1;
        models::check(stock("prison", sex, offence, risk), a_day * (own ? 45 : 200), a_day * (own ? 200 : 45), 1e-6);
      }
    }
  }
}

TEST_CASE("laws of classes: death shortens each class's stays as its own law says") {
  const models::Steady steady(kClasses + models::kDeath + R"(
[states.start]
grade = "assumed"
kind = "custody"
next = "out"
term = "300 days"
term_for.female = { distribution = "exponential", mean = "300 days" }
)");
  const double hazard = 0.5 / kYear;
  const auto stock = [&](std::uint16_t sex) {
    return stock_of(steady.result(), steady.model(), 0, {{models::Trait::sex, sex}});
  };
  const double fixed = -std::expm1(-hazard * 300) / hazard;
  const double exponential = 1 / (1 / 300.0 + hazard);
  models::check(stock(0), 8 * fixed, 8 * exponential);
  models::check(stock(1), 2 * exponential, 2 * fixed);
}

// -------------------------------------------------------------------- the simulation

/// Own laws in every kind of state: terms with credit, parole and recall, measures, delays, a service.
const std::string kRows = R"(term_for.female = { distribution = "gamma", mean = "9 months", shape = 2 }
term_for."theft/high" = "14 months"
)";
const std::string kDurationRows =
    "duration_for.violent = { distribution = \"uniform\", shortest = \"100 days\", longest = \"300 days\" }\n";
const std::string kMeasureRows =
    "term_for.high = { distribution = \"exponential\", mean = \"3 years\" }\nterm_for.female = \"5 months\"\n";
const std::string kSystem = R"(
[classes]
sex = ["male", "female"]
offence = ["violent", "theft"]
risk = ["low", "high"]
[arrivals.newcomers]
to = "start"
rate = 14000
[arrivals.newcomers.mix]
sex = { male = 0.7, female = 0.3 }
offence = { violent = 0.4, theft = 0.6 }
risk = { low = 0.6, high = 0.4 }
[states.start]
kind = "decision"
shares = { remand = 0.5, suspended = "rest" }
[states.remand]
kind = "service"
service = "courts"
facilities = "prisons"
pretrial = true
duration = { distribution = "gamma", mean = "90 days", shape = 2 }
)" + kDurationRows +
                            R"(next = "prison"
[states.prison]
kind = "custody"
facilities = "prisons"
next = "licence"
term = { distribution = "lognormal", mean = "20 months", sigma = 0.7 }
term_by.offence.violent = 1.4
)" + kRows + R"(pretrial_credit = 1
automatic_release = 0.8
on_parole = "ruling"
parole_eligibility = 0.4
parole_retry = "3 months"
[states.ruling]
kind = "decision"
shares = { licence = 0.35, prison = "rest" }
[states.licence]
kind = "supervision"
term = "remainder"
breach = 0.5
on_breach = "recalled"
next = "community"
[states.recalled]
kind = "custody"
facilities = "prisons"
term = "remainder"
automatic_release = 0.7
next = "licence"
[states.suspended]
kind = "supervision"
term = { distribution = "uniform", shortest = "6 months", longest = "2 years" }
)" + kMeasureRows + R"(breach = 0.6
on_breach = "warning"
next = "community"
[states.warning]
kind = "decision"
shares = { suspended = 0.6, prison = "rest" }
[states.community]
kind = "liberty"
leaving = 0.5
next = "out"
[states.out]
kind = "exit"
[states.dead]
kind = "exit"
[reoffending]
to = "start"
time = { distribution = "exponential", mean = "900 days", never = 0.5 }
[mortality]
to = "dead"
rate = 0.02
[services.courts]
label = "Courts"
[facilities.prisons]
when_full = "crowd"
[facilities.prisons.all]
places = 20000
[measures.by_class]
quantity = "stock"
by = ["state", "sex", "risk"]
)";

std::string without_rows() {
  return replaced(replaced(replaced(kSystem, kRows, ""), kDurationRows, ""), kMeasureRows, "");
}

constexpr std::uint32_t kRuns = 30;
constexpr std::size_t kLabels = 4;  // sex and risk

/// Mean stocks by state, sex and risk in a month, against the algebra; how many it tells from `wrong`.
int check_stocks(const std::string& what, const World& world, const std::vector<models::ReplicationResult>& results,
                 std::size_t month, const World& wrong) {
  using models::Trait;
  const models::Model& model = world.experiment().model();
  const models::SteadyState steady = models::steady_state(model);
  const models::SteadyState other = models::steady_state(wrong.experiment().model());
  int told_apart = 0;
  for (models::StateIndex state = 0; state < world.scenario().states.size(); ++state) {
    if (!(steady.total(state) > 0)) continue;
    for (std::uint16_t label = 0; label < kLabels; ++label) {
      const std::vector<std::pair<Trait, std::uint16_t>> who{{Trait::sex, static_cast<std::uint16_t>(label / 2)},
                                                             {Trait::risk, static_cast<std::uint16_t>(label % 2)}};
      std::vector<double> stocks;
      for (const auto& result : results) {
        stocks.push_back(world.value(result, "by_class", month, state * kLabels + label));
      }
      const Estimate found = mean_of(stocks);
      const double expected = stock_of(steady, model, state, who);
      INFO(what << ": " << world.scenario().states[state].name << ", sex and risk " << label << ": " << found.value
                << " +- " << found.standard_error << ", algebra " << expected);
      CHECK(found_at(found, expected));
      CHECK(found.standard_error < 0.04 * expected);
      if (!found_at(found, stock_of(other, model, state, who))) ++told_apart;
    }
  }
  return told_apart;
}

TEST_CASE("laws of classes: a stationary start has the stock of every class, and keeps it") {
  const World world(header("2010-01-01", "2011-02-01") + "initial = \"stationary\"\n" + kSystem);
  const World wrong(header("2010-01-01", "2011-02-01") + "initial = \"stationary\"\n" + without_rows());
  std::vector<models::ReplicationResult> results;
  for (std::uint32_t run = 0; run < kRuns; ++run) results.push_back(world.run(run));
  // Prison, licence, recalled, remand and suspended sentences differ without the rows, in most classes.
  for (const std::size_t month : {0u, 5u, 12u}) {
    CHECK(check_stocks("month " + std::to_string(month), world, results, month, wrong) >= 12);
  }
}

TEST_CASE("laws of classes: the simulation goes to the algebra from an empty start") {
  const std::string period = header("2000-01-01", "2030-01-01");
  const World world(period + replaced(kSystem, "rate = 14000", "rate = 7000"));
  const World wrong(period + replaced(without_rows(), "rate = 14000", "rate = 7000"));
  std::vector<models::ReplicationResult> results;
  for (std::uint32_t run = 0; run < kRuns; ++run) results.push_back(world.run(run));
  CHECK(check_stocks("after 29 years", world, results, 12 * 29, wrong) >= 12);
}

TEST_CASE("laws of classes: a region's own law of before the start holds for its initial stock") {
  const std::string text = header("2010-01-01", "2010-08-01") + "initial = \"stationary\"\n" + R"(
[classes]
region = ["north", "south"]
sex = ["male", "female"]
[arrivals.a]
to = "prison"
rate = 40000
[arrivals.a.mix]
region = { north = 0.5, south = 0.5 }
sex = { male = 0.5, female = 0.5 }
[states.prison]
kind = "custody"
term = "1000 days"
term_for.female = { distribution = "exponential", mean = "1000 days" }
next = "out"
[states.out]
kind = "exit"
[policies.south]
from = 2005-01-01
regions = ["south"]
set.states.prison.term = "100 days"
scale.states.prison.term_for.female = 0.1
[measures.prisoners]
quantity = "stock"
by = ["region", "sex"]
)";
  const World world(text);
  // A Poisson number each: arrivals times the mean.
  for (std::size_t region = 0; region < 2; ++region) {
    for (std::size_t sex = 0; sex < 2; ++sex) {
      for (const std::size_t month : {0u, 3u, 6u}) {
        double sum = 0;
        for (std::uint32_t run = 0; run < 5; ++run) {
          sum += world.value(world.run(run), "prisoners", month, region * 2 + sex) / 5;
        }
        const auto expected = [&](double days) { return 10000 / kYear * days; };
        const double mean = expected(region == 0 ? 1000 : 100);
        const Estimate found{sum, std::sqrt(mean / 5), std::numeric_limits<double>::infinity()};
        check_with_twin("prisoners of region " + std::to_string(region) + " and sex " + std::to_string(sex), found,
                        mean, expected(region == 0 ? 100 : 1000));
      }
    }
  }
}

// -------------------------------------------------------------------- policies

/// Men and women who all begin a fixed term on the first day.
std::string begun(const std::string& policy) {
  return header("2010-01-01", "2013-01-01") + R"(
[classes]
region = ["north", "south"]
sex = ["male", "female"]
[initial.prison]
persons = 4000
elapsed = "none"
[initial.prison.mix]
region = { north = 0.5, south = 0.5 }
sex = { male = 0.5, female = 0.5 }
[arrivals.nobody]
to = "prison"
rate = 0
[states.prison]
kind = "custody"
term = "30 months"
term_for.female = "20 months"
next = "out"
[states.out]
kind = "exit"
[measures.prisoners]
quantity = "stock"
by = ["region", "sex"]
)" + policy;
}

TEST_CASE("laws of classes: a policy for those inside scales the terms of its class alone") {
  const std::string policy = "[policies.p]\nfrom = 2011-01-01\napplies_to = \"inside\"\n";
  const auto inside = [](const std::string& text, std::size_t month) {
    const World world(begun(text));
    const auto result = world.run();
    std::vector<bool> held;  // by region and sex
    for (std::size_t cell = 0; cell < 4; ++cell) held.push_back(world.value(result, "prisoners", month, cell) > 0);
    return held;
  };
  const std::vector<bool> all{true, true, true, true}, men{true, false, true, false}, none(4, false);
  // Terms of 20 and 30 months end in months 20 and 30.
  CHECK(inside("", 19) == all);
  CHECK(inside("", 21) == men);
  CHECK(inside("", 31) == none);
  const std::string women = policy + "scale.states.prison.term_for.female = 0.75\n";
  CHECK(inside(women, 14) == all);
  CHECK(inside(women, 16) == men);
  CHECK(inside(women, 29) == men);
  const std::string longer = policy + "set.states.prison.term_for.female = \"25 months\"\n";
  CHECK(inside(longer, 24) == all);
  CHECK(inside(longer, 26) == men);
  const std::string south = policy + "regions = [\"south\"]\nscale.states.prison.term_for.female = 0.75\n";
  CHECK(inside(south, 16) == std::vector<bool>{true, true, true, false});
  const std::string base = policy + "scale.states.prison.term = 0.5\n";
  CHECK(inside(base, 16) == std::vector<bool>{false, true, false, true});
  // The twin: a policy that does not reach those inside changes nothing for them.
  CHECK(inside(replaced(women, "inside", "everyone"), 16) == all);
}

}  // namespace
}  // namespace prisonflow::testing
