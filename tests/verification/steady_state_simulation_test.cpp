// The steady state of a system with all that the algebra covers: Little's law in it, and the simulation goes there.
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "models/replication.hpp"
#include "models/steady_state.hpp"
#include "tests/verification/steady_state_system.hpp"

using namespace prisonflow::models;
namespace sim = prisonflow::sim;

namespace {

/// All that the algebra covers, together: two ways to trial, credit, parole by a board that takes time, recall,
/// warnings at once and after a hearing, suspended sentences, reoffending with a never-returning share, priors, death.
std::string whole_system(const std::string& granted) {
  return R"(
[classes]
sex = ["male", "female"]
offence = ["violent", "theft"]
prior = [0, 1, 3]
[arrivals.newcomers.mix]
sex = { male = 0.8, female = 0.2 }
offence = { violent = 0.3, theft = 0.7 }
offence_by.sex.female = { violent = 0.5 }
prior = { 0 = 0.7, 1-2 = 0.2, "3+" = 0.1 }
[states.start]
grade = "assumed"
kind = "decision"
shares = { detention = 0.5, investigation = "rest" }
shares_by.offence.violent = { detention = 2 }
[states.detention]
grade = "assumed"
kind = "custody"
pretrial = true
duration = { distribution = "gamma", mean = "90 days", shape = 2 }
next = "remand_court"
[states.remand_court]
grade = "assumed"
kind = "custody"
pretrial = true
duration = { distribution = "uniform", shortest = "10 days", longest = "40 days" }
next = "sentence"
[states.investigation]
grade = "assumed"
kind = "delay"
reoffending_ratio = 0.7
duration = { distribution = "lognormal", mean = "80 days", sigma = 0.8 }
next = "sentence"
[states.sentence]
grade = "assumed"
kind = "decision"
conviction = true
shares = { prison = 0.4, suspended = 0.3, community = "rest" }
shares_by.prior."3+" = { prison = 2.5 }
[states.prison]
grade = "assumed"
kind = "custody"
next = "licence"
term = { distribution = "lognormal", mean = "16 months", sigma = 0.6 }
term_by.offence.violent = 1.7
pretrial_credit = 1
automatic_release = 0.8
on_parole = "board"
parole_eligibility = 0.5
parole_eligibility_by.offence.violent = 1.2
parole_retry = "2 months"
[states.board]
grade = "assumed"
kind = "delay"
duration = { distribution = "exponential", mean = "12 days" }
next = "ruling"
[states.ruling]
grade = "assumed"
kind = "decision"
shares = { licence = )" +
         granted + R"(, prison = "rest" }
[states.licence]
grade = "assumed"
kind = "supervision"
term = "remainder"
reoffending_ratio = 0.8
breach = 0.9
on_breach = "breach_hearing"
next = "community"
[states.breach_hearing]
grade = "assumed"
kind = "delay"
duration = "15 days"
next = "breach_ruling"
[states.breach_ruling]
grade = "assumed"
kind = "decision"
shares = { licence = 0.5, recalled = "rest" }
[states.recalled]
grade = "assumed"
kind = "custody"
term = "remainder"
automatic_release = 0.7
next = "licence"
[states.suspended]
grade = "assumed"
kind = "supervision"
term = { distribution = "uniform", shortest = "6 months", longest = "2 years" }
breach = 0.6
on_breach = "warning"
next = "community"
[states.warning]
grade = "assumed"
kind = "decision"
shares = { suspended = 0.6, prison = "rest" }
[states.community]
grade = "assumed"
kind = "liberty"
leaving = 0.25
next = "out"
[states.dead]
kind = "exit"
[reoffending]
grade = "assumed"
to = "start"
time = { distribution = "exponential", mean = "700 days", never = 0.4 }
ratio_by.prior."3+" = 1.8
same_offence = 0.5
[reoffending.mix]
offence = { violent = 0.2, theft = 0.8 }
[mortality]
grade = "assumed"
to = "dead"
rate = 0.02
)";
}

/// Mean and standard error over replications.
struct Estimate {
  double mean = 0, error = 0;
};
Estimate estimate(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return {mean, std::sqrt(squares / (n - 1) / n)};
}

}  // namespace

TEST_CASE("Steady state: Little's law and conservation in a whole system") {
  const Steady steady(whole_system("0.35"));
  CHECK(steady.entries("out") + steady.entries("dead") == Approx(10).epsilon(1e-9));
  // A stay of known length without other hazards than death: stock = entries × mean stay.
  const double death = 0.02 / kYear;
  check(steady.stock("breach_hearing"), steady.entries("breach_hearing") * -std::expm1(-15 * death) / death,
        steady.entries("breach_hearing") * 15.01, 1e-6);
  check(steady.stock("board"), steady.entries("board") / (1 / 12.0 + death), steady.entries("board") * 12.01, 1e-6);
  // The dead of all states at one rate.
  double everybody = 0;
  for (const auto& by_cell : steady.result().stock)
    everybody = std::accumulate(by_cell.begin(), by_cell.end(), everybody);
  check(steady.entries("dead"), everybody * death, everybody * 1.001 * death, 1e-6);
  // What enters a decision leaves it again.
  CHECK(steady.entries("ruling") == Approx(steady.entries("board") / (1 + 12 * death)).epsilon(1e-6));
}

TEST_CASE("Steady state: the simulation goes there") {
  constexpr std::uint32_t kReplications = 16;
  constexpr sim::Day kWarmUp = 15'000;  // days, 41 years: the slowest, who reoffend, forget a sixth a year
  constexpr double kErrors = 4.5;       // Student's t with 15 degrees: two-sided 4e-4 a comparison, 40 comparisons
  std::string text = whole_system("0.35");
  const Scenario scenario = [&] {
    Scenario longer = scenario_of(text);
    longer.end = sim::add_days(longer.start, 30'000);
    return longer;
  }();
  const Experiment experiment(scenario, draw_values(scenario, {}));
  const Measures measures(scenario);
  const std::size_t states = scenario.states.size();
  const std::uint32_t cells = experiment.model().cells().count;
  std::vector<std::vector<double>> stock(states), repeaters(states);  // by replication
  for (std::uint32_t number = 0; number < kReplications; ++number) {
    Replication replication(experiment, measures, 20'260'101, number, 1);
    replication.start();
    std::vector<double> sum(states, 0.0), of_repeaters(states, 0.0);
    int samples = 0;
    for (sim::Day day = 0; day < experiment.model().days(); ++day) {
      replication.run_day(day);
      if (day < kWarmUp || day % 10 != 0) continue;
      ++samples;
      const Tallies& tallies = replication.partitions().front()->tallies;
      for (std::size_t state = 0; state < states; ++state) {
        for (std::uint32_t cell = 0; cell < cells; ++cell) {
          const double persons = tallies.by_cell[state * cells + cell].stock;
          sum[state] += persons;
          if (experiment.model().cells().label(cell, Trait::prior) == 2) of_repeaters[state] += persons;
        }
      }
    }
    for (std::size_t state = 0; state < states; ++state) {
      stock[state].push_back(sum[state] / samples);
      repeaters[state].push_back(of_repeaters[state] / samples);
    }
  }
  const SteadyState right = steady_state(experiment.model());
  const Steady wrong(whole_system("0.25"));
  int rejected = 0;
  for (std::size_t state = 0; state < states; ++state) {
    if (scenario.states[state].kind == Kind::decision || scenario.states[state].kind == Kind::exit) continue;
    const Estimate all = estimate(stock[state]);
    const double expected = right.total(static_cast<StateIndex>(state));
    INFO(scenario.states[state].name << ": simulated " << all.mean << " +- " << all.error << ", algebra " << expected);
    CHECK(std::abs(all.mean - expected) <= kErrors * all.error);
    CHECK(all.error < 0.01 * expected);
    double expected_repeaters = 0;
    for (std::uint32_t cell = 0; cell < cells; ++cell) {
      if (experiment.model().cells().label(cell, Trait::prior) == 2) expected_repeaters += right.stock[state][cell];
    }
    const Estimate three = estimate(repeaters[state]);
    INFO("of 3+ priors: simulated " << three.mean << " +- " << three.error << ", algebra " << expected_repeaters);
    CHECK(std::abs(three.mean - expected_repeaters) <= kErrors * three.error);
    if (std::abs(all.mean - wrong.result().total(static_cast<StateIndex>(state))) > kErrors * all.error) ++rejected;
  }
  CHECK(rejected >= 3);  // prison, board, licence at least
}
