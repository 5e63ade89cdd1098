// Hazards that feedback moves from day to day, drawn exactly and so that a person's own events stay their own.
//
// At a factor f of the day a hazard is h f. Up to one, the event that the person was going to have anyway happens with
// chance f (thinning: Lewis and Shedler, Naval Research Logistics Quarterly 26, 1979). Above one it always happens, and
// further events are drawn at the greatest rate that the links can add, of which each is kept with the chance that
// today's addition is of the greatest. Both together have the hazard h f, nothing is rescheduled when the factor
// changes, and while it is one everyone has exactly the events they have without the link: the same person in both
// worlds (promise P2).
#pragma once

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
/// next one where it does not.
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
  fuse = -sim::log(draws.uniform53(1));
  return draws.uniform(0) < chance;
}

struct AddedEvent {
  sim::Minute time = sim::kNever;
  Event event = Event::none;
};

/// The first of the added events of a person in a linked state from `now` on. `reoffending_after(fuse)`: when they
/// reoffend by their own hazard with such a fuse, kNever if they cannot.
template <class ReoffendingAfter>
AddedEvent first_added_event(const Feedback& feedback, sim::StreamKey key, const Person& person,
                             const StateFacts& facts, const ClockRow& row, sim::Minute now,
                             ReoffendingAfter&& reoffending_after) {
  constexpr sim::Purpose kAdded = sim::purpose("added by feedback");
  const LinkEffects& greatest = feedback.greatest(person.state, person.cell);
  const sim::Draws draws = sim::draw(key, person.name, static_cast<std::uint32_t>(now), kAdded);
  const auto fuse = [&](int word) { return -sim::log(draws.uniform(word)); };
  AddedEvent first;
  const auto add = [&](sim::Minute time, Event event) {
    if (time < first.time) first = {time, event};
  };
  if (greatest.death > 1 && row.death > 0) {
    add(sim::after(now, fuse(0) / (static_cast<double>(row.death) * (greatest.death - 1))), Event::more_death);
  }
  if (greatest.breach > 1 && facts.kind == Kind::supervision && row.milestone > 0 &&
      (!person.waiting || facts.runs_while_waiting)) {
    add(sim::after(now, fuse(1) / (static_cast<double>(row.milestone) * (greatest.breach - 1))), Event::more_breach);
  }
  if (greatest.reoffending > 1) add(reoffending_after(fuse(2) / (greatest.reoffending - 1)), Event::more_reoffending);
  return first;
}

}  // namespace prisonflow::models
