// Sentences of the simulator against the same sentences reckoned day by day in a calendar, to the minute: pretrial
// credit, release by law, parole hearings, misconduct, regimes, recalls, older terms and joined offences.
//
// No chance is left in the comparison, so nothing is tolerated. Twins: each rule broken in turn must be found out.
// The hidden campaign, "[.campaign]", compares a million sentences, or as many laws as PRISONFLOW_SENTENCE_LAWS says.
#include "tests/verification/sentence_calendar.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <string>
#include <vector>

#include "tests/verification/sentence_laws.hpp"

namespace prisonflow::testing::calendar {
namespace {

constexpr int kPersons = 3'000;  // a law

/// What differs, readably; empty when nothing does.
std::string difference(const Law& law, const Case& one, const Date& end) {
  const Way expected = reckon(law, one.person, one.seen, end);
  if (expected == one.seen) return "";
  const Person& person = one.person;
  return "need n" + std::to_string(person.need) + ", offence o" + std::to_string(person.offence) + ", support s" +
         std::to_string(person.support) + "\nreckoned:\n" + to_string(expected) + "simulated:\n" + to_string(one.seen);
}

/// Terms imposed: stays in prison that follow another place than those from which the term goes on.
std::size_t sentences_in(const Way& way) {
  std::size_t count = 0;
  Place before = Place::out;
  for (const Step& step : way) {
    if (step.place == Place::prison && before != Place::prison && before != Place::board && before != Place::cellblock)
      ++count;
    before = step.place;
  }
  return count;
}

struct Comparison {
  std::size_t sentences = 0;
  std::size_t differences = 0;
  std::string shortest;  ///< the different way with the fewest steps says most
};

void compare(unsigned number, const Law& law, const Simulated& simulated, Comparison& comparison) {
  std::size_t steps = 0;
  for (const Case& one : simulated.cases) {
    comparison.sentences += sentences_in(one.seen);
    const std::string found = difference(law, one, simulated.end);
    if (found.empty()) continue;
    ++comparison.differences;
    if (steps != 0 && steps <= one.seen.size()) continue;
    steps = one.seen.size();
    comparison.shortest = "law " + std::to_string(number) + ", " + found + scenario_of(law, kPersons);
  }
}

struct Twin {
  const char* rule;
  bool Rules::*kept;
};
constexpr Twin kTwins[] = {
    {"leap days", &Rules::leap_days},
    {"credit", &Rules::credit},
    {"credit before the fraction", &Rules::credit_before_fraction},
    {"automatic release", &Rules::automatic_release},
    {"eligibility by class", &Rules::eligibility_by},
    {"retry from the refusal", &Rules::retry_from_refusal},
    {"the term runs during a hearing", &Rules::term_runs_at_board},
    {"hearings delayed", &Rules::delays},
    {"remission lost", &Rules::losses},
    {"remission lost to the end of the term", &Rules::loss_to_end_of_term},
    {"remission stays lost in another regime", &Rules::losses_kept_in_second},
    {"hearings stay delayed in another regime", &Rules::delays_kept_in_second},
    {"a hearing behind release waits", &Rules::hearing_waits_for_release},
    {"two things on one minute both happen", &Rules::both_happen_on_one_minute},
    {"the term goes on in another regime", &Rules::term_goes_on_in_second},
    {"time counts anew after an absence", &Rules::misconduct_counts_anew},
    {"the end stands during an absence", &Rules::end_stands_in_cellblock},
    {"recall: unserved at release", &Rules::recall_from_release},
    {"the term runs during a fixed recall", &Rules::term_runs_in_fixed_recall},
    {"consecutive terms", &Rules::consecutive},
    {"concurrent terms", &Rules::concurrent},
    {"older term: unserved at release", &Rules::older_from_release},
    {"joined offences", &Rules::joined_factor},
};

bool is_found_out(const Twin& twin, const std::vector<Law>& laws, const std::vector<Simulated>& simulated) {
  Rules broken;
  broken.*twin.kept = false;
  for (std::size_t number = 0; number < laws.size(); ++number) {
    for (const Case& one : simulated[number].cases) {
      if (reckon(laws[number], one.person, one.seen, simulated[number].end, broken) != one.seen) return true;
    }
  }
  return false;
}

TEST_CASE("sentences in a calendar: the simulator's dates are those reckoned day by day") {
  constexpr unsigned kLaws = 36;
  std::vector<Law> laws;
  std::vector<Simulated> simulated;
  std::size_t sentences = 0;
  for (unsigned number = 0; number < kLaws; ++number) {
    laws.push_back(draw_law(number));
    simulated.push_back(simulate(laws.back(), kPersons));
    Comparison comparison;
    compare(number, laws.back(), simulated.back(), comparison);
    sentences += comparison.sentences;
    INFO(comparison.shortest);
    CHECK(comparison.differences == 0);
  }
  CHECK(sentences >= 100'000);
  for (const Twin& twin : kTwins) {
    INFO("twin without the rule: " << twin.rule);
    CHECK(is_found_out(twin, laws, simulated));
  }
}

TEST_CASE("sentences in a calendar: campaign", "[.campaign]") {
  const char* const laws = std::getenv("PRISONFLOW_SENTENCE_LAWS");
  const unsigned count = laws != nullptr ? static_cast<unsigned>(std::stoul(laws)) : 320;
  std::size_t sentences = 0;
  for (unsigned number = 0; number < count; ++number) {
    const Law law = draw_law(number);
    Comparison comparison;
    compare(number, law, simulate(law, kPersons), comparison);
    sentences += comparison.sentences;
    INFO(comparison.shortest);
    CHECK(comparison.differences == 0);
  }
  WARN(sentences << " sentences");
}

}  // namespace
}  // namespace prisonflow::testing::calendar
