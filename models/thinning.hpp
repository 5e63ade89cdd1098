// Hazards that feedback moves from day to day, drawn exactly and so that a person's own events stay their own.
//
// At a factor f of the day a hazard is h f. Up to one, the event that the person was going to have anyway happens with
// chance f (thinning: Lewis and Shedler, Naval Research Logistics Quarterly 26, 1979). Above one it always happens, and
// further events are drawn at the greatest rate that the links can add, of which each is kept with the chance that
// today's addition is of the greatest. Both together have the hazard h f, nothing is rescheduled when the factor
// changes, and while it is one everyone has exactly the events they have without the link: the same person in both
// worlds (promise P2).
#pragma once

#include "models/added_hazards.hpp"
#include "models/feedback.hpp"
#include "models/person.hpp"
#include "models/stay.hpp"

namespace prisonflow::models {

/// The event that an added one stands for.
constexpr Event plain_event(Event event) {
  switch (event) {
    case Event::more_breach:
      return Event::milestone;
    case Event::more_reoffending:
      return Event::reoffending;
    case Event::more_death:
      return Event::death;
    default:
      return event;
  }
}

/// The factor on the hazard behind an event; 1 for what is no hazard.
inline double factor_of(const LinkEffects& effects, Event event, Kind kind) {
  switch (plain_event(event)) {
    case Event::milestone:
      return kind == Kind::supervision ? effects.breach : 1.0;
    case Event::reoffending:
      return effects.reoffending;
    case Event::death:
      return effects.death;
    default:
      return 1.0;
  }
}

/// Whether the pending event of a person in a linked state happens today. `fuse` is the unit-exponential fuse of the
/// next one where the person's own does not.
inline bool happens_today(const Feedback& feedback, sim::StreamKey key, const Person& person, Kind kind,
                          sim::Minute now, double& fuse) {
  constexpr sim::Purpose kThinning = sim::purpose("thinning");
  const double today = factor_of(feedback.today(person.state, person.cell), person.event, kind);
  const bool added = plain_event(person.event) != person.event;
  if (!added && today >= 1.0) return true;
  const double greatest = factor_of(feedback.greatest(person.state, person.cell), person.event, kind);
  const double chance = added ? (today - 1.0) / (greatest - 1.0) : today;
  const sim::Draws draws =
      sim::draw(key, person.name, static_cast<std::uint32_t>(now), kThinning ^ static_cast<sim::Purpose>(person.event));
  if (draws.uniform(0) < chance) return true;
  if (!added) fuse = -sim::log(draws.uniform53(1));
  return false;
}

/// The draw of what feedback adds from `now` on (models/added_events.hpp). Word 0: the first point of both processes,
/// where no other draw has a word for it; word 1: which of the constant hazards an event belongs to; word 2: the first
/// point of those behind further reoffending.
inline sim::DrawName name_of_added(const Person& person, sim::Minute now) {
  constexpr sim::Purpose kAdded = sim::purpose("added by feedback");
  return {person.name, static_cast<std::uint32_t>(now), kAdded};
}

/// Whether a fuse of -log(uniform) outlasts a cumulative hazard, surely: the logarithm is never nearer to 0 than its
/// tangent, and need not be reckoned. `word`: the first 32 bits of the uniform number. Room is left for a hazard that
/// was reckoned in single precision.
inline bool surely_outlasts(std::uint32_t word, float cumulative) {
  constexpr double kWords = 0x1p32 * (1 + 0x1p-20);
  return static_cast<double>(~word) >= static_cast<double>(cumulative) * kWords;
}

/// Which of the hazards that are added an event belongs to, `place` of the way through their sum; for Event::more_own
/// `index` becomes that of the event.
inline Event which_added(const MostAdded& added, unsigned events, double place, unsigned& index) {
  place *= added.sum;
  if (place < added.death) return Event::more_death;
  place -= added.death;
  if (place < added.breach) return Event::more_breach;
  place -= added.breach;
  Event last = added.breach > 0 ? Event::more_breach : Event::more_death;  // for what rounding leaves
  for (unsigned number = 0; number < events; ++number) {
    const double hazard = added.own(number);
    if (!(hazard > 0)) continue;
    last = Event::more_own;
    index = number;
    if (place < hazard) break;
    place -= hazard;
  }
  return last;
}

}  // namespace prisonflow::models
