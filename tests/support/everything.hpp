// The scenario tests/invariance/everything.toml, which uses all of the language, and texts made of it.
#pragma once

#include <stdexcept>
#include <string>

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
