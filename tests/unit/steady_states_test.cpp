// Steady states that worlds share: the same numbers as their own, for worlds of the same first day alone.
#include "models/steady_states.hpp"

#include <catch2/catch.hpp>
#include <cstring>

#include "models/model.hpp"
#include "tests/support/everything.hpp"

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
      replaced(replaced(law(), "prison = 0.4", "prison = 0.4, unused = 0"), "[states.end]",
               "[states.unused]\nkind = \"liberty\"\nleaving = \"1 per year\"\nnext = \"end\"\n[states.end]"),
  };
  for (const std::string& text : others) {
    INFO(text);
    const Compiled other(text);
    const auto own = shared.of(other.model);
    CHECK(own != before);
    CHECK(own->stock == models::steady_state(other.model).stock);
  }
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
