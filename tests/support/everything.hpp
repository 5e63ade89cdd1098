// The scenario tests/invariance/everything.toml, which uses all of the language, and texts made of it.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include "tests/support/world.hpp"

namespace prisonflow::testing {

inline Tables tables_of_everything() {
  return {{"programme.csv", "duration,share\n30 days,0.2\n90 days,0.7\n200 days,1\n"}};
}

inline std::string everything() {
  return file_text("tests/invariance/everything.toml");
}

/// `text` without what stands from the line `first` up to the line `end`, which stays.
inline std::string without(const std::string& text, const std::string& first, const std::string& end) {
  const std::size_t from = text.find("\n" + first + "\n");
  const std::size_t to = text.find("\n" + end + "\n");
  if (from == std::string::npos || to == std::string::npos || to < from) {
    throw std::logic_error("the text has no part from " + first + " to " + end);
  }
  return text.substr(0, from) + text.substr(to);
}

inline std::string without_policies(const std::string& text) {
  return without(text, "[policies.milder]", "[amnesties.share]");
}

/// Nobody is there at the start (which also saves the time to compute the stationary stock).
inline std::string everything_from_empty() {
  const std::string text = without(everything(), "[initial.community]", "[policies.milder]");
  return replaced(text, "initial = \"stationary\"", "initial = \"empty\"");
}

/// The same with all that models/course.hpp, links and capacities have to remember: a justice system in depth.
inline std::string in_depth() {
  std::string text = everything_from_empty();
  const std::pair<const char*, const char*> changes[] = {
      {"risk = [\"low\", \"high\"]\n",
       "risk = [\"low\", \"high\"]\nassessed = [\"not_yet\", \"high\"]\nprogramme = [\"not_taken\", "
       "\"completed\"]\n"},
      {"duration_by.offence.violent = 1.3\n",
       "duration_by.offence.violent = 1.3\nduration_for.\"risk:high/female\" = \"40 days\"\n"},
      {"per_day = 3.7", "per_day_in.north = 2.3\nper_day_in.south = 1.4"},
      {"term_by.offence.violent = 1.6\n",
       "term_by.offence.violent = 1.6\nterm_for.female = { distribution = \"gamma\", mean = \"15 months\", shape = 2 "
       "}\nolder_term = \"consecutive\"\njoined_offence_factor = 1.2\nservice = \"groups\"\n"},
      {"ratio_by.age.\"40+\" = 0.6\n",
       "ratio_by.age.\"40+\" = 0.6\nratio_by.programme.completed = 0.8\noffences_each = 2.1\nvictims_each = 0.5\n"},
      {"[facilities.remand]\nwhen_full = \"crowd\"\n",
       "[facilities.remand]\nwhen_full = \"overflow\"\noverflow = \"police_cells\"\n"},
      {"scale.services.courts.per_day = 1.2", "scale.services.courts.per_day_in = 1.2"},
  };
  for (const auto& [from, to] : changes) text = replaced(text, from, to);
  return text + "\n" + file_text("tests/invariance/in_depth.toml");
}

/// Nobody waits, nobody is placed, nobody is there at the start: persons cannot meet.
inline std::string unlimited_everything() {
  std::string text = everything_from_empty();
  text = replaced(text, "service = \"courts\"\npretrial = true\n", "service = \"courts\"\n");
  for (const char* group : {"remand", "prisons", "hostels"}) {
    text = replaced(text, "\nfacilities = \"" + std::string(group) + "\"", "");
  }
  text = replaced(text, "per_day = 3.7", "per_day = 100000");
  text = replaced(text, "servers = 4", "servers = 100000");
  return replaced(text, "persons = 40\n", "share = 0.1\n");
}

}  // namespace prisonflow::testing
