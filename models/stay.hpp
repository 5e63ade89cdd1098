// A stay: one person in one timed state, joining the immutable model with the mutable person.
//
// Each kind of state is one file in models/kinds/ with a function begin_…(Stay&) that sets the clocks of a stay:
// person.state_end, and person.milestone where the kind has one.
#pragma once

#include <algorithm>

#include "models/course.hpp"
#include "models/model.hpp"

namespace prisonflow::models {

struct Stay {
  Person& person;
  const StateFacts& facts;
  const ClockRow& row;
  const Clocks& clocks;
  const sim::Draws& draws;  ///< words 0 and 1: the duration; word 2: the milestone; word 3: what feedback adds
  sim::Minute now;          ///< when the stay begins
  double pace;              ///< what feedback makes of a duration that begins today
  bool resumed;             ///< back from a hearing: the term or measure goes on
  Course* course;           ///< null where the scenario needs none
};

/// The duration drawn for this stay, in minutes.
inline double drawn_duration(const Stay& stay) {
  return stay.clocks.law.quantile(stay.draws.uniform53(0)) * static_cast<double>(stay.row.factor) * stay.pace;
}

/// `fraction` of the way from `from` to `to`; kNever stays kNever.
inline sim::Minute part_way(sim::Minute from, sim::Minute to, double fraction) {
  if (to == sim::kNever) return sim::kNever;
  const double length = (static_cast<double>(to) - static_cast<double>(from)) * fraction;
  return from + static_cast<sim::Minute>(length + 0.5);
}

/// No earlier than the next minute: an event needs a time after now.
inline sim::Minute not_before_next(sim::Minute time, sim::Minute now) {
  return std::max(time, now + 1);
}

/// When an event of a constant hazard a minute happens, from a uniform number.
inline sim::Minute exponential_after(sim::Minute now, double hazard, double uniform) {
  return hazard > 0 ? sim::after(now, -sim::log(uniform) / hazard) : sim::kNever;
}

/// A date of a constant hazard when the hazard changes from `old_hazard` to `new_hazard`.
template <class Uniform>
sim::Minute stretch(sim::Minute date, sim::Minute now, float old_hazard, float new_hazard, Uniform uniform) {
  if (old_hazard == new_hazard) return date;
  if (new_hazard <= 0.0f) return sim::kNever;
  if (old_hazard <= 0.0f) return exponential_after(now, static_cast<double>(new_hazard), uniform());
  if (date == sim::kNever) return date;
  const double left = (static_cast<double>(date) - static_cast<double>(now)) * static_cast<double>(old_hazard);
  return sim::after(now, left / static_cast<double>(new_hazard));
}

}  // namespace prisonflow::models
