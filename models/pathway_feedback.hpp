// What the picture of a pathway says about feedback links; how it looks is up to pathway_drawing.cpp.
#pragma once

#include <string>
#include <vector>

#include "models/scenario.hpp"

namespace prisonflow::models {

inline const std::string& label_or_name(const std::string& label, const std::string& name) {
  return label.empty() ? name : label;
}

/// Something a ratio moves, and for whom: "breach −", "breach −; only risk low".
struct MovedByRatio {
  LinkTarget target;
  std::string for_whom;  ///< empty: for everybody
  std::string words;
};
/// A ratio that one link reads, or several.
struct RatioInPicture {
  std::string name;   ///< unique, with a blank: "occupancy of colonies"
  std::string title;  ///< for people
  std::string unit;   ///< "per cent of the places"
  std::string links;  ///< the links' labels, or their names where they have none
  std::vector<StateIndex> made_of;
  std::vector<MovedByRatio> moves;  ///< a target once for the same persons
};

/// The ratios that links read, in the order of the links. Links that are switched off are left out.
std::vector<RatioInPicture> ratios_in_picture(const Scenario& scenario);

/// Those in which a link that names no state has something to act on: everywhere, or where people wait for the service.
std::vector<StateIndex> states_with(const Scenario& scenario, const LinkTarget& target);

}  // namespace prisonflow::models
