// The stationary start against the algebra from the first day on: stocks and entries of the first months, in systems
// whose states remember (credit, hearings that take time, recall, convictions within bands of priors).
//
// Means over independent replications. Bounds and false-alarm rate: tests/support/bounds.hpp. Twins: 4 per cent more
// in a state, and the entries that a start out of balance shows.
#include <catch2/catch.hpp>

#include "models/steady_state.hpp"
#include "tests/support/bounds.hpp"
#include "tests/support/world.hpp"

namespace prisonflow::testing {
namespace {

constexpr std::uint32_t kRuns = 40;
constexpr std::size_t kMonths = 6;

/// Remand that is credited, parole boards that take time, licence, recall, suspended sentences, reoffending, death.
const std::string kSystem = R"(
[classes]
offence = ["violent", "theft"]
prior = [0, 1, 3]
[arrivals.suspects]
to = "start"
rate = 14000
[arrivals.suspects.mix]
offence = { violent = 0.3, theft = 0.7 }
prior = { 0 = 0.6, 1-2 = 0.3, "3+" = 0.1 }
[states.start]
kind = "decision"
shares = { remand = 0.5, suspended = 0.3, community = 0.2 }
shares_by.prior."3+" = { remand = 2.0 }
[states.remand]
kind = "custody"
pretrial = true
next = "sentence"
duration = { distribution = "gamma", mean = "150 days", shape = 2 }
[states.sentence]
kind = "decision"
conviction = true
shares = { prison = 0.8, suspended = 0.2 }
[states.prison]
kind = "custody"
next = "licence"
term = { distribution = "lognormal", mean = "20 months", sigma = 0.7 }
term_by.offence.violent = 1.7
pretrial_credit = 1
automatic_release = 0.8
on_parole = "board"
parole_eligibility = 0.4
parole_retry = "3 months"
[states.board]
kind = "delay"
duration = { distribution = "exponential", mean = "20 days" }
next = "ruling"
[states.ruling]
kind = "decision"
shares = { licence = 0.35, prison = "rest" }
[states.licence]
kind = "supervision"
term = "remainder"
reoffending_ratio = 0.8
breach = 0.9
on_breach = "breach_hearing"
next = "community"
[states.breach_hearing]
kind = "delay"
duration = "15 days"
next = "breach_ruling"
[states.breach_ruling]
kind = "decision"
shares = { licence = 0.5, recalled = "rest" }
[states.recalled]
kind = "custody"
term = "remainder"
automatic_release = 0.7
next = "licence"
[states.suspended]
kind = "supervision"
DURATION = { distribution = "uniform", shortest = "6 months", longest = "2 years" }
breach = 0.6
on_breach = "warning"
next = "community"
[states.warning]
kind = "decision"
shares = { suspended = 0.6, prison = "rest" }
[states.community]
kind = "liberty"
leaving = 0.25
next = "out"
[states.out]
kind = "exit"
[states.dead]
kind = "exit"
[reoffending]
to = "start"
time = { distribution = "exponential", mean = "700 days", never = 0.4 }
ratio_by.prior."3+" = 1.8
same_offence = 0.5
[reoffending.mix]
offence = { violent = 0.2, theft = 0.8 }
[mortality]
to = "dead"
rate = 0.02
)";

/// Stocks at the start of the last month and entries of the months before it, against the algebra.
void check_start(const std::string& what, const std::string& system) {
  const World world(header("2010-01-01", "2010-08-01") + "initial = \"stationary\"\n" + system);
  const models::SteadyState steady = models::steady_state(world.experiment().model());
  std::vector<models::ReplicationResult> results;
  for (std::uint32_t run = 0; run < kRuns; ++run) results.push_back(world.run(run));
  const double days = world.measures().months()[kMonths];
  for (std::size_t state = 0; state < world.scenario().states.size(); ++state) {
    const std::string& name = world.scenario().states[state].name;
    double a_day = 0;
    for (const double by_cell : steady.entries_per_day[state]) a_day += by_cell;
    std::vector<double> stocks, entries;
    for (const auto& result : results) {
      entries.push_back(world.entries(result, name, 0, kMonths));
      if (steady.total(static_cast<models::StateIndex>(state)) > 0) {
        stocks.push_back(world.state(result, "stock", kMonths, name));
      }
    }
    const double rare = a_day * days < 500 ? 1.4 : 1.1;
    check_with_twin(what + ": entries into " + name, mean_of(entries), a_day * days, a_day * days * rare);
    if (stocks.empty()) continue;
    const double persons = steady.total(static_cast<models::StateIndex>(state));
    check_with_twin(what + ": persons in " + name, mean_of(stocks), persons, persons * (persons < 500 ? 1.2 : 1.05));
  }
}

TEST_CASE("initial population: a stationary start is stationary") {
  check_start("all", replaced(kSystem, "DURATION", "term"));
}

TEST_CASE("initial population: a stationary start of measures that go on after a warning") {
  check_start("duration", replaced(kSystem, "DURATION", "duration"));
}

TEST_CASE("initial population: a stationary start without classes of prior convictions, recall at once") {
  std::string system = replaced(kSystem, "DURATION", "term");
  system = replaced(system, "prior = [0, 1, 3]\n", "");
  system = replaced(system, "prior = { 0 = 0.6, 1-2 = 0.3, \"3+\" = 0.1 }\n", "");
  system = replaced(system, "shares_by.prior.\"3+\" = { remand = 2.0 }\n", "");
  system = replaced(system, "ratio_by.prior.\"3+\" = 1.8\n", "");
  system = replaced(system, "on_breach = \"breach_hearing\"", "on_breach = \"breach_ruling\"");
  system = replaced(system, "on_parole = \"board\"", "on_parole = \"ruling\"");
  system = replaced(system,
                    "[states.board]\nkind = \"delay\"\nduration = { distribution = \"exponential\", mean = "
                    "\"20 days\" }\nnext = \"ruling\"\n",
                    "");
  system = replaced(system,
                    "[states.breach_hearing]\nkind = \"delay\"\nduration = \"15 days\"\nnext = "
                    "\"breach_ruling\"\n",
                    "");
  check_start("no priors", system);
}

TEST_CASE("initial population: convictions and priors are those of the stock, not of newcomers") {
  const World world(header("2010-01-01", "2010-03-01") + "initial = \"stationary\"\n" +
                    replaced(kSystem, "DURATION", "term"));
  const auto replication = world.begin();
  double in_prison = 0, convicted = 0, second = 0, between = 0;
  for (const auto& [name, person] : persons_by_name(*replication)) {
    const std::string& state = world.scenario().states[person.state].name;
    if (world.experiment().model().cells().label(person.cell, models::Trait::prior) == 1) {
      ++between;
      if (person.priors == 2) ++second;
      CHECK((person.priors == 1 || person.priors == 2));
    }
    if (state != "recalled" && state != "remand") continue;
    ++in_prison;
    // Nobody is convicted in remand; everybody who was recalled was, unless the sentence followed a suspended one.
    if (state == "remand") CHECK(person.new_convictions == 0);
    if (state == "recalled" && person.new_convictions > 0) ++convicted;
  }
  CHECK(in_prison > 100);
  CHECK(convicted > 100);
  CHECK(second > 0.1 * between);
}

}  // namespace
}  // namespace prisonflow::testing
