// What differs between two scenarios, in the words of the language: what a reform does, before what comes of it.
//
// Found on the resolved scenarios, not on their texts: whatever moves a result is named, however it was written.
// Structure (states, arrivals, places, policies ...) is compared entry by entry on the canonical text of each
// (models/describe.hpp), numbers parameter by parameter. Numbers of an entry that only one scenario has belong to that
// entry; numbers of policies stand with their policies. Names, texts and observed series move nothing and are left out.
#pragma once

#include <string>
#include <vector>

#include "models/scenario.hpp"

namespace prisonflow::models {

/// One line below a difference: "set states.prison.term" "5 years" -> "4 years"; of an entry that only one scenario
/// has, each of its numbers.
struct DifferenceDetail {
  std::string what;
  std::string before{};  ///< in the baseline, or without the policy; with unit; may be empty
  std::string after{};   ///< with unit; empty for what was removed
  std::string unit{};    ///< as written; empty for what is not a number
  std::string source{};
  std::string grade{};

  bool operator==(const DifferenceDetail&) const = default;
};

struct ScenarioDifference {
  std::string kind;    ///< "policy", "amnesty", "emergency release", "state", "arrivals", "facility", "number" ...
  std::string change;  ///< "added", "removed" or "changed"
  std::string name;    ///< of the entry; for a number its path
  std::string label{};
  std::string date{};   ///< ISO 8601, of what happens on a date
  std::string words{};  ///< what it is, in a few words
  std::vector<DifferenceDetail> details{};

  bool operator==(const ScenarioDifference&) const = default;
};

/// What `reform` adds, removes and changes: policies first, by date; then entries in the order of the scenarios;
/// numbers last. Empty when nothing that moves a result differs.
std::vector<ScenarioDifference> differences_between(const Scenario& baseline, const Scenario& reform);

}  // namespace prisonflow::models
