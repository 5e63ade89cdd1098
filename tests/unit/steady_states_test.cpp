// Steady states that worlds share: the same numbers as their own, for worlds of the same first day alone.
#include "models/steady_states.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>

#include "models/model.hpp"
#include "tests/support/steady.hpp"
#include "tests/support/world.hpp"

namespace prisonflow::testing {
namespace {

/// A compiled model and what it was compiled from.
struct Compiled {
  explicit Compiled(const std::string& text)
      : scenario(read_text(text)), model(scenario, models::draw_values(scenario, sim::stream_key(scenario.seed, 0))) {}
  models::Scenario scenario;
  models::Model model;
};

const char* const kLaw = R"(
[arrivals.all]
to = "court"
rate = 400
[states.court]
kind = "decision"
shares = { prison = 0.4, end = "rest" }
[states.prison]
kind = "custody"
control = "custody"
term = { distribution = "gamma", mean = "300 days", shape = 2 }
next = "end"
[states.end]
kind = "exit"
)";

std::string law() {
  return header("2010-01-01", "2012-01-01") + "initial = \"stationary\"\n" + kLaw;
}

std::string policy(const std::string& from) {
  return "[policies.fewer]\nfrom = " + from + "\nset.states.court.shares.prison = 0.2\n";
}

/// With hearings, pretrial time and new cases, so that there is something to remember.
std::string law_that_remembers() {
  std::string text = replaced(law(), "to = \"court\"", "to = \"remand\"\nmix.sex = { male = 0.8, female = 0.2 }");
  text = replaced(text, "next = \"end\"",
                  "parole_eligibility = 0.5\nparole_retry = \"60 days\"\non_parole = \"hearing\"\npretrial_credit = 1\n"
                  "next = \"home\"");
  return text + R"(
[classes]
sex = ["male", "female"]
[states.prison.events.illness]
rate = "50 per 100 per year"
to = "hospital"
[states.hospital]
kind = "delay"
duration = "20 days"
next = "prison"
[states.remand]
kind = "custody"
pretrial = true
duration = { distribution = "gamma", mean = "60 days", shape = 2 }
next = "court"
[states.hearing]
kind = "delay"
duration = "30 days"
next = "board"
[states.board]
kind = "decision"
shares = { home = 0.4, prison = "rest" }
[states.home]
kind = "liberty"
leaving = "20 per 100 per year"
next = "farewell"
[states.farewell]
kind = "decision"
shares = { end = 1 }
[states.dead]
kind = "exit"
[mortality]
to = "dead"
rate = "1 per 100 per year"
[reoffending]
to = "remand"
time = { distribution = "exponential", mean = "900 days" }
)";
}

/// Whether the states of one name have the same stock in both, and all others nobody.
bool is_renumbered(const models::SteadyState& one, const models::SteadyState& other, const models::Model& of_one,
                   const models::Model& of_other) {
  const auto& names = of_one.scenario().states;
  for (std::size_t state = 0; state < of_other.facts().size(); ++state) {
    const auto found = std::find_if(names.begin(), names.end(), [&](const models::State& candidate) {
      return candidate.name == of_other.scenario().states[state].name;
    });
    const auto of = static_cast<models::StateIndex>(state);
    if (found == names.end() ? other.total(of) != 0
                             : other.stock[state] != one.stock[static_cast<std::size_t>(found - names.begin())])
      return false;
  }
  return true;
}

}  // namespace

TEST_CASE("worlds with one first day share their steady state", "[unit][steady]") {
  models::SteadyStates shared;
  const Compiled law_alone(law());
  const auto before = shared.of(law_alone.model);
  CHECK(shared.of(Compiled(law() + policy("2011-01-01")).model) == before);
  CHECK(shared.of(Compiled(replaced(law(), "end = 2012-01-01", "end = 2014-01-01")).model) == before);
  Compiled without(law() + policy("2011-01-01"));  // as a package does: the policy goes, its numbers stay
  without.scenario.policies.clear();
  CHECK(shared.of(models::Model(without.scenario, without.model.values())) == before);
  CHECK(before->stock == models::steady_state(law_alone.model).stock);
  CHECK(before->entries_per_day == models::steady_state(law_alone.model).entries_per_day);
}

TEST_CASE("worlds whose first day differs do not", "[unit][steady]") {
  models::SteadyStates shared;
  const Compiled law_alone(law());
  const auto before = shared.of(law_alone.model);
  const std::vector<std::string> others{
      law() + policy("2010-01-01"),
      replaced(law(), "rate = 400", "rate = 401"),
      replaced(law(), "prison = 0.4", "prison = 0.41"),
      replaced(law(), "300 days", "301 days"),
      replaced(law(), "shape = 2", "shape = 3"),
      replaced(law(), "control = \"custody\"", "control = \"custody\"\nautomatic_release = 0.5"),
  };
  for (const std::string& text : others) {
    INFO(text);
    const Compiled other(text);
    const auto own = shared.of(other.model);
    CHECK(own != before);
    CHECK(own->stock == models::steady_state(other.model).stock);
  }
}

TEST_CASE("a world with states that nobody is in yet shares as well", "[unit][steady]") {
  // Between the others, so that they have other numbers; with what is remembered and told apart there alone; with a
  // branch and newcomers that come later.
  const std::string added = R"(
[states.probation]
kind = "supervision"
duration = "1 year"
duration_by.sex.female = 0.5
breach = "10 per 100 per year"
on_breach = "back_inside"
next = "end"
[states.back_inside]
kind = "custody"
term = "remainder"
next = "end"
)";
  std::string text =
      replaced(law_that_remembers(), "shares = { home = 0.4, ", "shares = { probation = 0, home = 0.4, ");
  text = replaced(text, "shares = { end = 1 }", "shares = { back_inside = 0, end = 1 }");
  // Where people go who die stands elsewhere too.
  const std::string dead = "[states.dead]\nkind = \"exit\"\n";
  text = replaced(replaced(text, dead, ""), "[states.prison]", dead + "[states.prison]");
  text = replaced(text, "[states.prison]", added + "[states.prison]") +
         "[arrivals.later]\nto = \"probation\"\nmix.sex = { male = 1, female = 0 }\n"
         "rate = { between = \"steps\", on = { 2010-01-01 = 0, 2011-01-01 = 90 } }\n";
  models::SteadyStates shared;
  const Compiled law_alone(law_that_remembers());
  const auto before = shared.of(law_alone.model);
  const Compiled reform(text);
  const auto sharing = shared.of(reform.model);
  REQUIRE(sharing != before);
  CHECK(first_day(reform.model) == first_day(law_alone.model));
  CHECK(is_renumbered(*before, *sharing, law_alone.model, reform.model));
  CHECK(same_bits(*sharing, models::steady_state(reform.model)));
  CHECK(shared.of(reform.model) == sharing);
  // Back again: what is known of the reform serves the law.
  models::SteadyStates other_way;
  const auto first = other_way.of(reform.model);
  CHECK(same_bits(*other_way.of(law_alone.model), *before));
}

TEST_CASE("a steady state that no world uses is forgotten", "[unit][steady]") {
  models::SteadyStates shared;
  const Compiled law_alone(law());
  std::weak_ptr<const models::SteadyState> first = shared.of(law_alone.model);
  CHECK(first.expired());
  CHECK(shared.of(law_alone.model) != nullptr);
}

TEST_CASE("a world that shares its first day is simulated as if it were alone", "[unit][steady]") {
  models::SteadyStates shared;
  const models::Scenario baseline = read_text(law());
  const models::Scenario reform = read_text(law() + policy("2011-01-01"));
  const auto values = [](const models::Scenario& scenario) {
    return models::draw_values(scenario, sim::stream_key(scenario.seed, 0));
  };
  const models::Experiment first(baseline, values(baseline), &shared);
  const models::Experiment sharing(reform, values(reform), &shared);
  const models::Experiment alone(reform, values(reform));
  const models::Measures measures(reform);
  const auto together = models::Replication(sharing, measures, reform.seed, 0, 2).run();
  const auto apart = models::Replication(alone, measures, reform.seed, 0, 2).run();
  REQUIRE(together.values.size() == apart.values.size());
  for (std::size_t measure = 0; measure < apart.values.size(); ++measure) {
    REQUIRE(together.values[measure].size() == apart.values[measure].size());
    // Bit by bit, since what is missing is equal too.
    CHECK(std::memcmp(together.values[measure].data(), apart.values[measure].data(),
                      apart.values[measure].size() * sizeof(double)) == 0);
  }
}

}  // namespace prisonflow::testing
