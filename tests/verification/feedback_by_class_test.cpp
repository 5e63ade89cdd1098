// Links for some classes only: their hazards, durations and shares move exactly, everybody else keeps, to the minute,
// the events they have without the link.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "tests/support/bounds.hpp"
#include "tests/support/persons.hpp"
#include "tests/support/world.hpp"

namespace prisonflow::testing {
namespace {

using models::Trait;

constexpr double kKnown = std::numeric_limits<double>::infinity();  // degrees of freedom of a known error

/// Those inside with a label of a trait.
int count(const World& world, const models::Replication& replication, Trait trait, std::uint16_t label) {
  const auto persons = persons_by_name(replication);
  return static_cast<int>(std::count_if(persons.begin(), persons.end(), [&](const auto& person) {
    return world.experiment().model().cells().label(person.second.cell, trait) == label;
  }));
}

/// A number of `persons` of whom each is there with a chance.
Estimate binomial(int found, double persons, double chance) {
  return {static_cast<double>(found), std::sqrt(persons * chance * (1 - chance)), kKnown};
}

/// A closed ward of 20,000 persons of low risk and 10,000 of high risk, in which the low die at a hazard that crowding
/// moves.
std::string ward(const std::string& factor, const std::string& only) {
  return header("2010-01-01", "2014-01-01") +
         "[classes]\nrisk = [\"low\", \"high\"]\n"
         "[states.ward]\nkind = \"custody\"\nfacilities = \"wards\"\nterm = \"life\"\n"
         "[states.more]\nkind = \"custody\"\nfacilities = \"wards\"\nterm = \"life\"\n[states.dead]\nkind = "
         "\"exit\"\n[initial.ward]\npersons = 20000\nelapsed = \"none\"\nmix.risk = { low = 1, high = 0 }\n"
         "[initial.more]\npersons = 10000\nelapsed = \"none\"\nmix.risk = { low = 0, high = 1 }\n"
         "[arrivals.nobody]\nto = \"ward\"\nrate = 0\n[arrivals.nobody_else]\nto = \"more\"\nrate = 0\n"
         "[mortality]\nto = \"dead\"\nrate = \"20 per 100 per year\"\n"
         "[facilities.wards]\nwhen_full = \"crowd\"\n[facilities.wards.all]\nplaces = 15000\n"
         "[feedback.crowding]\noccupancy = \"wards\"\nresponse = { 100 = 1.0, 200 = " +
         factor + " }\nacts_on = [\"mortality\"]\n" + only;
}

struct Alive {
  double low = 20000, high = 10000;
};
/// Who lives after so many days, by quadrature of the hazard that each night's number gives.
Alive expected_alive(double factor, bool high_too, int days) {
  Alive alive;
  for (int day = 0; day < days; ++day) {
    const double occupancy = (alive.low + alive.high) / 150.0;
    const double today = 1.0 + (factor - 1.0) * std::clamp((occupancy - 100.0) / 100.0, 0.0, 1.0);
    alive.low *= std::exp(-0.2 / 365.2425 * today);
    alive.high *= std::exp(-0.2 / 365.2425 * (high_too ? today : 1.0));
  }
  return alive;
}

TEST_CASE("feedback by class: the hazard of one class moves and that of the other does not") {
  constexpr int kDays = 700;
  for (const double factor : {4.0, 0.25}) {
    INFO("factor " << factor);
    const World world(ward(std::to_string(factor), "only.risk = [\"low\"]\n"));
    const auto replication = world.begin(0, 3);
    for (sim::Day day = 0; day < kDays; ++day) replication->run_day(day);
    const Alive right = expected_alive(factor, false, kDays);
    const Alive plain = expected_alive(1.0, false, kDays);
    const Alive everybody = expected_alive(factor, true, kDays);
    // The twins: no link, and one for everybody.
    const int low = count(world, *replication, Trait::risk, 0);
    const int high = count(world, *replication, Trait::risk, 1);
    check_with_twin("alive of low risk", binomial(low, 20000, right.low / 20000), right.low, plain.low);
    check_with_twin("alive of high risk", binomial(high, 10000, right.high / 10000), right.high, everybody.high);
    CHECK_NOTHROW(replication->check_nobody_lost());
  }
}

/// A ward of persons from 20 to 29 years at the start, whose hazard is four times as high for one of the bands, always.
int alive_of_band(const std::string& band, int days) {
  const World world(header("2010-01-01", "2016-01-01") +
                    "[classes]\nage = [20, 30]\noldest_age = 31\n[states.ward]\nkind = \"liberty\"\nleaving = 0\n"
                    "next = \"dead\"\n[states.dead]\nkind = \"exit\"\n[initial.ward]\npersons = 20000\n"
                    "mix.age = { \"20-29\" = 1, \"30+\" = 0 }\n[arrivals.nobody]\nto = \"ward\"\nrate = 0\n"
                    "[mortality]\nto = \"dead\"\nrate = \"10 per 100 per year\"\n[feedback.always]\ncaseload = "
                    "[\"ward\"]\nofficers = 1\nresponse = { 1 = 4.0 }\nacts_on = [\"mortality\"]\nonly.age = [\"" +
                    band + "\"]\n");
  const auto replication = world.begin(0, 2);
  for (sim::Day day = 0; day < days; ++day) replication->run_day(day);
  int alive = 0;
  for (const auto& partition : replication->partitions()) alive += static_cast<int>(partition->people.alive());
  return alive;
}

TEST_CASE("feedback by class: who grows into a class, or out of it, takes its hazard from then on") {
  constexpr int kDays = 4 * 365;
  // Ages even over ten years: survival at h (f years young + g years old), by quadrature.
  const auto survival = [](double young, double old) {
    const double years = kDays / 365.2425;
    double sum = 0;
    constexpr int kSteps = 20000;
    for (int step = 0; step < kSteps; ++step) {
      const double until_thirty = 10.0 * (step + 0.5) / kSteps;
      const double before = std::min(years, until_thirty);
      sum += std::exp(-0.1 * (young * before + old * (years - before)));
    }
    return sum / kSteps;
  };
  const auto check = [&](const std::string& band, double right, double wrong) {
    check_with_twin("alive, band " + band, binomial(alive_of_band(band, kDays), 20000, right), 20000 * right,
                    20000 * wrong);
  };
  // The twins: those who turn thirty keep the hazard they had.
  check("20-29", survival(4, 1), survival(4, 4));
  check("30+", survival(1, 4), survival(1, 1));
}

/// Every kind of target, nobody who waits for anybody: what happens to one class is nothing to the other.
const std::string kSystem =
    header("2010-01-01", "2015-01-01") +
    "[classes]\nsex = [\"male\", \"female\"]\nrisk = [\"low\", \"high\"]\n"
    "[states.sentence]\nkind = \"decision\"\nconviction = true\nshares = { prison = 0.5, probation = \"rest\" }\n"
    "[states.prison]\nkind = \"custody\"\nfacilities = \"colonies\"\nterm = { distribution = \"exponential\", mean = "
    "\"1 years\" }\nnext = \"free\"\n"
    "[states.probation]\nkind = \"supervision\"\nterm = \"2 years\"\nbreach = \"30 per 100 per year\"\non_breach = "
    "\"prison\"\nnext = \"free\"\n"
    "[states.free]\nkind = \"liberty\"\nleaving = \"10 per 100 per year\"\nnext = \"out\"\n"
    "[states.out]\nkind = \"exit\"\n[states.dead]\nkind = \"exit\"\n"
    "[arrivals.a]\nto = \"sentence\"\nrate = 1500\nmix.risk = { low = 0.6, high = \"rest\" }\nmix.sex = { male = 0.8, "
    "female = \"rest\" }\n"
    "[reoffending]\nto = \"sentence\"\ntime = { distribution = \"weibull\", scale = \"700 days\", shape = 0.8, never = "
    "0.3 }\n"
    "[mortality]\nto = \"dead\"\nrate = \"10 per 1000 per year\"\n"
    "[facilities.colonies]\nwhen_full = \"crowd\"\n[facilities.colonies.all]\nplaces = 500\n";

std::string link(const std::string& name, const std::string& response, const std::string& target,
                 const std::string& only) {
  return "[feedback." + name + "]\noccupancy = \"colonies\"\nresponse = { " + response + " }\nacts_on = [\"" + target +
         "\"]\n" + only + "\n";
}
const std::vector<std::string> kTargets{"reoffending", "mortality", "states.probation.breach", "states.prison.term",
                                        "states.sentence.shares.prison"};

/// On every tenth day, the first difference among the persons of a label; those of another label who differ are
/// counted.
std::string difference_of(const World& world, const World& other, Trait trait, std::uint16_t label, int& others) {
  const auto left = world.begin(0, 2), right = other.begin(0, 3);
  const models::Cells& cells = world.experiment().model().cells();
  others = 0;
  for (sim::Day day = 0; day < world.experiment().model().days(); ++day) {
    left->run_day(day);
    right->run_day(day);
    if (day % 10 != 0) continue;
    const auto before = persons_by_name(*left), after = persons_by_name(*right);
    for (const auto& [name, person] : before) {
      const auto found = after.find(name);
      const std::string fields = found == after.end() ? "being there" : difference(world, person, other, found->second);
      if (fields.empty()) continue;
      if (cells.label(person.cell, trait) != label) {
        ++others;
      } else {
        return "on day " + std::to_string(day) + " person " + std::to_string(name) + " differs in " + fields;
      }
    }
    const auto of_label = [&](const auto& entry) { return cells.label(entry.second.cell, trait) == label; };
    if (std::count_if(before.begin(), before.end(), of_label) != std::count_if(after.begin(), after.end(), of_label)) {
      return "there are more of them in one world";
    }
  }
  return {};
}

TEST_CASE("feedback by class: the other class has exactly the events it has without the link") {
  const World plain(kSystem);
  int others = 0;
  for (const std::string& target : kTargets) {
    INFO(target);
    const World low(kSystem + link("one", "50 = 1.0, 100 = 2.5", target, "only.risk = [\"low\"]"));
    CHECK(difference_of(low, plain, Trait::risk, 1, others).empty());
    CHECK(others > 0);
    // The twin: a link for everybody reaches them too.
    const World all(kSystem + link("one", "50 = 1.0, 100 = 2.5", target, ""));
    CHECK_FALSE(difference_of(all, plain, Trait::risk, 1, others).empty());
  }
  // Two links for two classes that overlap: only who is in neither is left alone.
  std::string links;
  for (std::size_t target = 0; target < kTargets.size(); ++target) {
    links += link("low" + std::to_string(target), "50 = 1.0, 100 = 2.0", kTargets[target],
                  "only = { risk = [\"low\"], sex = [\"female\"] }") +
             link("women" + std::to_string(target), "50 = 1.0, 100 = 0.6", kTargets[target], "only.sex = [\"female\"]");
  }
  const World two(kSystem + links);
  CHECK(difference_of(two, plain, Trait::sex, 0, others).empty());
  CHECK(others > 100);
  CHECK(hash_of(two.run(0, 7, 2)) == hash_of(two.run(0, 1, 1)));
}

TEST_CASE("feedback by class: a factor of one, and a link that names every class, change no byte") {
  const std::uint64_t plain = hash_of_people(World(kSystem));
  std::string idle, all, both;
  for (std::size_t target = 0; target < kTargets.size(); ++target) {
    const std::string name = "link" + std::to_string(target);
    idle += link(name, "50 = 1.0, 100 = 1.0", kTargets[target], "only.risk = [\"low\"]");
    all += link(name, "50 = 1.0, 100 = 1.5", kTargets[target], "");
    both += link(name, "50 = 1.0, 100 = 1.5", kTargets[target], "only.risk = [\"low\", \"high\"]");
  }
  CHECK(hash_of_people(World(kSystem + idle)) == plain);
  CHECK(hash_of_people(World(kSystem + both)) == hash_of_people(World(kSystem + all)));
  CHECK(hash_of_people(World(kSystem + all)) != plain);
}

TEST_CASE("feedback by class: durations and odds are those of the class") {
  // Ten thousand of low risk decide at odds three times one quarter and stay half as long.
  const World world(header("2010-01-01", "2012-01-01") +
                    "[classes]\nrisk = [\"low\", \"high\"]\n[states.choice]\nkind = \"decision\"\nshares = { stay = "
                    "0.25, go = \"rest\" }\n[states.stay]\nkind = \"delay\"\nduration = \"100 days\"\nnext = \"go\"\n"
                    "[states.go]\nkind = \"exit\"\n[arrivals.a]\nto = \"choice\"\nrate = 20000\nmix.risk = { low = "
                    "0.5, high = 0.5 }\n[feedback.always]\ncaseload = [\"stay\"]\nofficers = 1\nresponse = { 1 = 3.0 "
                    "}\nacts_on = [\"states.choice.shares.stay\"]\nonly.risk = [\"low\"]\n[feedback.shorter]\n"
                    "caseload = [\"stay\"]\nofficers = 1\nresponse = { 1 = 0.5 }\nacts_on = "
                    "[\"states.stay.duration\"]\nonly.risk = [\"low\"]\n[measures.choices]\nquantity = \"entries\"\n"
                    "states = [\"choice\", \"stay\"]\nby = [\"state\", \"risk\"]\n[measures.years]\nquantity = "
                    "\"person_years\"\nstates = [\"stay\"]\nby = [\"risk\"]\n");
  const auto result = world.run();
  const auto choices = [&](const std::string& state, std::size_t risk) {
    double sum = 0;
    for (std::size_t month = 0; month < world.months(); ++month) {
      sum += world.value(result, "choices", month, world.scenario().find_state(state) * 2u + risk);
    }
    return sum;
  };
  for (const std::size_t risk : {0u, 1u}) {
    const double right = risk == 0 ? 0.5 : 0.25, wrong = risk == 0 ? 0.25 : 0.5;  // 3 / (3 + 3)
    const double came = choices("choice", risk), stayed = choices("stay", risk);
    check_with_twin("who stays, risk " + std::to_string(risk), share_of(stayed, came, right), right, wrong);
    // 50 or 100 days each, but for those who are still there at the end.
    double years = 0;
    for (std::size_t month = 0; month < world.months(); ++month) years += world.value(result, "years", month, risk);
    const double days = risk == 0 ? 50 : 100;
    const double a_day = 10000 / 365.2425 * right;
    CHECK(std::abs(years * 365.2425 - days * (stayed - a_day * days / 2)) < 0.02 * days * stayed);
  }
}

}  // namespace
}  // namespace prisonflow::testing
