// Made-up laws of sentencing for tests/verification/sentence_calendar.hpp: drawn, written as scenarios, and simulated.
#pragma once

#include <string>
#include <vector>

#include "tests/verification/sentence_calendar.hpp"

namespace prisonflow::testing::calendar {

/// The law with this number: the same number, the same law. The first dozens differ in structure, all in their figures.
Law draw_law(unsigned number);

/// The law as a scenario into which some thousands of persons come in its first four years, about `persons` of them.
std::string scenario_of(const Law& law, int persons);

struct Case {
  Person person;
  Way seen;  ///< at midnights, as the simulator left them
};
struct Simulated {
  std::vector<Case> cases;
  Date end;
};
/// Runs the scenario of a law and follows everybody day by day.
Simulated simulate(const Law& law, int persons);

}  // namespace prisonflow::testing::calendar
