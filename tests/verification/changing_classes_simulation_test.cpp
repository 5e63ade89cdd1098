// Where states change the class of people: the simulation from an empty start goes to the algebra, and a stationary
// start stays there, by state and class. Twins: the algebra of the same scenario in which the states change nobody, and
// persons more by twice the bound of a Poisson number.
#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/steady_state.hpp"
#include "tests/support/bounds.hpp"
#include "tests/support/world.hpp"

namespace prisonflow::testing {
namespace {

/// Wider than tests/support/bounds.hpp: by Student's t with 29 degrees a chance of 1e-10 a check, so that these many
/// add next to nothing to the false alarms of all.
constexpr double kErrors = 10;
bool found_at(const Estimate& estimate, double expected) {
  return std::abs(estimate.value - expected) <= kErrors * estimate.standard_error;
}

/// Assessment at every case, programmes that last for life, support that a new case takes away; refusals, hearings and
/// warnings that change people on the way back to the stay that goes on.
const std::string kSystem = R"(
[classes]
prior = [0, 1]
assessed = ["not", "low", "high"]
programme = ["untreated", "therapy", "dropped"]
support = ["alone", "mentor"]
[arrivals.suspects]
to = "start"
rate = RATE
[arrivals.suspects.mix]
prior = { 0 = 0.6, "1+" = 0.4 }
assessed = { not = 1, low = 0, high = 0 }
programme = { untreated = 0.9, therapy = 0, dropped = 0.1 }
support = { alone = 0.8, mentor = 0.2 }
[states.start]
kind = "decision"
becomes = { support = "alone" }
shares = { remand = 0.4, assessment = "rest" }
[states.remand]
kind = "custody"
pretrial = true
next = "assessment"
duration = { distribution = "gamma", mean = "90 days", shape = 2 }
[states.assessment]
kind = "decision"
shares = { low = 0.6, high = "rest" }
shares_by.prior."1+" = { low = 0.5 }
[states.low]
kind = "decision"
becomes = { assessed = "low" }
shares = { sentence = 1 }
[states.high]
kind = "decision"
becomes = { assessed = "high" }
shares = { sentence = 1 }
[states.sentence]
kind = "decision"
conviction = true
shares = { prison = 0.4, probation = "rest" }
shares_by.assessed.high = { prison = 2.0 }
[states.prison]
kind = "custody"
next = "offer"
term = { distribution = "lognormal", mean = "14 months", sigma = 0.6 }
term_by.assessed.high = 1.4
pretrial_credit = 1
automatic_release = 0.8
on_parole = "board"
parole_eligibility = 0.4
parole_eligibility_by.assessed.high = 1.2
parole_retry = "2 months"
[states.board]
kind = "decision"
shares = { licence = 0.3, prison = 0.2, refused = 0.2, course = "rest" }
shares_by.programme.therapy = { licence = 2.5 }
[states.refused]
kind = "decision"
becomes = { programme = "dropped" }
shares = { prison = 1 }
[states.course]
kind = "delay"
becomes = { programme = "therapy" }
duration = { distribution = "exponential", mean = "20 days" }
next = "prison"
[states.licence]
kind = "supervision"
term = "remainder"
reoffending_ratio = 0.8
breach = 0.9
breach_by.programme.therapy = 0.4
on_breach = "breach_hearing"
next = "community"
[states.breach_hearing]
kind = "delay"
becomes = { support = "mentor", programme = "dropped" }
duration = "15 days"
next = "breach_ruling"
[states.breach_ruling]
kind = "decision"
shares = { licence = 0.5, recalled = "rest" }
[states.recalled]
kind = "custody"
term = "remainder"
automatic_release = 0.7
next = "offer"
[states.probation]
kind = "supervision"
duration = { distribution = "uniform", shortest = "6 months", longest = "2 years" }
breach = 0.8
breach_by.support.mentor = 0.4
on_breach = "warning"
next = "community"
[states.warning]
kind = "decision"
shares = { mentoring = 0.5, probation = 0.2, prison = "rest" }
[states.mentoring]
kind = "decision"
becomes = { support = "mentor" }
shares = { probation = 1 }
[states.offer]
kind = "decision"
shares = { therapy = 0.4, community = "rest" }
shares_by.assessed.high = { therapy = 2.0 }
[states.therapy]
kind = "delay"
becomes = { programme = "therapy" }
duration = { distribution = "exponential", mean = "60 days" }
next = "community"
[states.community]
kind = "liberty"
leaving = 0.6
leaving_by.support.mentor = 1.5
next = "out"
[states.out]
kind = "exit"
[states.dead]
kind = "exit"
[reoffending]
to = "start"
time = { distribution = "exponential", mean = "300 days", never = 0.4 }
ratio_by.programme.therapy = 0.5
ratio_by.programme.dropped = 1.4
[mortality]
to = "dead"
rate = 0.02
rate_by.assessed.high = 2.0
)";

std::string system(const std::string& rate) {
  return replaced(kSystem, "RATE", rate);
}
/// The same states, and nobody becomes anything.
std::string unchanging(std::string text) {
  for (std::size_t at = text.find("becomes ="); at != std::string::npos; at = text.find("becomes =", at)) {
    text.erase(at, text.find('\n', at) - at);
  }
  return text;
}

/// Persons by state, of everybody and of each label of some traits.
class Groups {
 public:
  Groups(const World& world, const std::vector<models::Trait>& traits) : world_(world) {
    const auto add = [&](std::size_t state, std::size_t trait, std::uint16_t label) {
      Group group{world.scenario().states[state].name, state, {}};
      const models::Cells& cells = world.experiment().model().cells();
      if (trait < models::kTraits) group.name += ", " + world.scenario().traits[trait].labels[label];
      for (std::uint32_t cell = 0; cell < cells.count; ++cell) {
        if (trait == models::kTraits || cells.label(cell, static_cast<models::Trait>(trait)) == label) {
          group.cells.push_back(cell);
        }
      }
      groups_.push_back(group);
    };
    for (std::size_t state = 0; state < world.scenario().states.size(); ++state) {
      const models::Kind kind = world.scenario().states[state].kind;
      if (kind == models::Kind::decision || kind == models::Kind::exit) continue;
      add(state, models::kTraits, 0);
      for (const models::Trait trait : traits) {
        const std::size_t labels = world.scenario().traits[models::index_of(trait)].labels.size();
        for (std::uint16_t label = 0; label < labels; ++label) add(state, models::index_of(trait), label);
      }
    }
  }
  std::size_t size() const { return groups_.size(); }
  const std::string& name(std::size_t group) const { return groups_[group].name; }
  double persons(std::size_t group, const models::SteadyState& steady) const {
    double sum = 0;
    for (const std::uint32_t cell : groups_[group].cells) sum += steady.stock[groups_[group].state][cell];
    return sum;
  }
  double persons(std::size_t group, const models::Replication& replication) const {
    const std::size_t cells = world_.experiment().model().cells().count;
    double sum = 0;
    for (const std::uint32_t cell : groups_[group].cells) {
      sum += replication.partitions().front()->tallies.by_cell[groups_[group].state * cells + cell].stock;
    }
    return sum;
  }

 private:
  struct Group {
    std::string name;
    std::size_t state;
    std::vector<std::uint32_t> cells;
  };
  const World& world_;
  std::vector<Group> groups_;
};

TEST_CASE("Changing classes: the simulation goes where the algebra says") {
  constexpr std::uint32_t kRuns = 30;
  constexpr sim::Day kWarmUp = 5000;  // the slowest leave at 0.6 a year: 3e-4 of the start is left
  const World world(header("2000-01-01", "2024-01-01") + system("3000"));
  const World without(header("2000-01-01", "2024-01-01") + unchanging(system("3000")));
  const models::SteadyState steady = models::steady_state(world.experiment().model());
  const models::SteadyState wrong = models::steady_state(without.experiment().model());
  const Groups groups(world, {models::Trait::programme});
  std::vector<std::vector<double>> means(groups.size());
  for (std::uint32_t run = 0; run < kRuns; ++run) {
    const auto replication = world.begin(run);
    std::vector<double> sums(groups.size(), 0.0);
    double samples = 0;
    for (sim::Day day = 0; day < world.experiment().model().days(); ++day) {
      replication->run_day(day);
      if (day < kWarmUp || day % 30 != 0) continue;
      ++samples;
      for (std::size_t group = 0; group < groups.size(); ++group) sums[group] += groups.persons(group, *replication);
    }
    for (std::size_t group = 0; group < groups.size(); ++group) means[group].push_back(sums[group] / samples);
  }
  int refused = 0, compared = 0;
  for (std::size_t group = 0; group < groups.size(); ++group) {
    const double expected = groups.persons(group, steady);
    const Estimate found = mean_of(means[group]);
    INFO(groups.name(group) << ": " << found.value << " +- " << found.standard_error << ", algebra " << expected
                            << ", without changes " << groups.persons(group, wrong));
    if (expected == 0) {
      CHECK(found.value == 0);
      continue;
    }
    CHECK(found_at(found, expected));
    CHECK(found.standard_error < 0.015 * expected + 0.03);
    ++compared;
    refused += found_at(found, groups.persons(group, wrong)) ? 0 : 1;
  }
  CHECK(compared >= 25);
  CHECK(refused > 0.7 * compared);
}

TEST_CASE("Changing classes: a stationary start is the algebra's, and does not drift") {
  constexpr std::uint32_t kRuns = 40;
  const World world(header("2010-01-01", "2011-01-01") + "initial = \"stationary\"\n" + system("12000"));
  const models::SteadyState steady = models::steady_state(world.experiment().model());
  const Groups groups(world, {models::Trait::programme});
  std::vector<std::vector<double>> first(groups.size()), last(groups.size());
  for (std::uint32_t run = 0; run < kRuns; ++run) {
    const auto replication = world.begin(run);
    const auto note = [&](std::vector<std::vector<double>>& stocks) {
      for (std::size_t group = 0; group < groups.size(); ++group) {
        stocks[group].push_back(groups.persons(group, *replication));
      }
    };
    note(first);
    for (sim::Day day = 0; day < world.experiment().model().days(); ++day) {
      replication->run_day(day);
    }
    note(last);
  }
  for (std::size_t group = 0; group < groups.size(); ++group) {
    const double expected = groups.persons(group, steady);
    if (expected == 0) {
      CHECK(mean_of(first[group]).value == 0);
      CHECK(mean_of(last[group]).value == 0);
      continue;
    }
    const double twin = expected * (1 + 2 * kErrors / std::sqrt(expected * kRuns));
    for (const auto* stocks : {&first, &last}) {
      const Estimate found = mean_of((*stocks)[group]);
      INFO(groups.name(group) << (stocks == &first ? " at the start: " : " after a year: ") << found.value << " +- "
                              << found.standard_error << ", algebra " << expected << ", twin " << twin);
      CHECK(found_at(found, expected));
      CHECK_FALSE(found_at(found, twin));
    }
  }
}

TEST_CASE("Changing classes: a given start has the mix it asks for, also of what the algebra has nobody of") {
  // By the algebra everybody in prison is assessed, and nobody on remand has a mentor.
  const World world(header("2010-01-01", "2010-02-01") + "initial = \"stationary\"\n" + system("3000") +
                    "[initial.prison]\npersons = 4000\nmix.assessed = { not = 0.25, low = 0.25, high = 0.5 }\n" +
                    "[initial.remand]\npersons = 4000\nmix.support = { alone = 0, mentor = 1 }\n");
  const auto replication = world.begin();
  const Groups groups(world, {models::Trait::assessed, models::Trait::programme, models::Trait::support});
  const auto persons = [&](const std::string& name) {
    for (std::size_t group = 0; group < groups.size(); ++group) {
      if (groups.name(group) == name) return groups.persons(group, *replication);
    }
    throw std::logic_error("no group " + name);
  };
  CHECK(persons("prison") == 4000);
  check_with_twin("not assessed", share_of(persons("prison, not"), 4000, 0.25), 0.25, 0.3);
  check_with_twin("low", share_of(persons("prison, low"), 4000, 0.25), 0.25, 0.3);
  CHECK(persons("remand, mentor") == 4000);
  // The other traits are as they were: a quarter of them untreated would be a mix by chance.
  CHECK(persons("remand, untreated") > persons("remand, dropped"));
}

}  // namespace
}  // namespace prisonflow::testing
