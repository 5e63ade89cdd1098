// See the header.
#include "tests/support/way.hpp"

namespace prisonflow::testing {

Steps way_of(const std::string& state, const std::string& states, const std::string& end) {
  const World world(header("2011-01-01", end) + "[initial." + state + "]\npersons = 1\nelapsed = \"none\"\n" + states +
                    "[states.end]\nkind = \"exit\"\n");
  const auto replication = world.begin();
  Steps steps;
  const auto look = [&](sim::Minute evening) {
    const auto persons = persons_by_name(*replication);
    if (persons.empty()) {
      if (steps.back().first != "end") steps.emplace_back("end", evening);
      return;
    }
    const models::Person& person = persons.begin()->second;
    const std::string& name = world.scenario().states[person.state].name;
    if (steps.empty() || steps.back().first != name || steps.back().second != person.last)
      steps.emplace_back(name, person.last);
  };
  look(0);
  for (sim::Day day = 0; day < world.experiment().model().days(); ++day) {
    replication->run_day(day);
    look(sim::start_of(day));  // of the end only the day is known
  }
  return steps;
}

}  // namespace prisonflow::testing
