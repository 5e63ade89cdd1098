// Events of a state: what may happen to people during a stay, beside its completion.
//
// Of all of them the earliest is kept, as a date in the person's course. Those at a rate are memoryless and drawn anew
// whenever somebody comes back or the hazard changes; all others are dates that follow from when the stay began, from
// the term, or from the pretrial detention served. Who leaves for an event and comes back goes on with the same stay:
// its end and the next parole hearing are kept; what fell due meanwhile happens on the way back. Times after which
// something happens count anew for who was away for a time, and go on for who came back at once.
#pragma once

#include "models/course.hpp"
#include "models/feedback.hpp"
#include "models/model.hpp"

namespace prisonflow::models {

/// How the events at a rate are drawn: by the visit, or anew within it.
enum class DrawEvents : std::uint8_t { by_visit, anew };

/// Draws those at a rate now, and sets the event that is due next in the state the person is in, whose clocks are set.
/// `draws`: of those at a rate, in their order, as name_of_event() names them; null where they are not drawn yet.
void draw_events(const Model& model, const StateTable& table, sim::StreamKey key, sim::Minute now, DrawEvents how,
                 const sim::Draws* draws, const Person& person, Course& course);

/// What names the draw of an event at a rate.
inline sim::DrawName name_of_event(const Person& person, DrawEvents how, sim::Minute now, const EventFacts& event) {
  return {person.name, how == DrawEvents::by_visit ? occurrence_of(person) : static_cast<std::uint32_t>(now),
          event.purpose};
}

/// Whether the pending event of the state does not happen today, since feedback holds it back.
bool is_held_back(const Model& model, const Feedback& feedback, sim::StreamKey key, sim::Minute now,
                  const Person& person, const Course& course);

/// The events that happen once and whose date is past, for someone whose stay began earlier: a bit for each.
std::uint16_t happened_before(const Model& model, const StateTable& table, sim::Minute now, const Person& person,
                              const Course& course);

/// What a due event does to the dates of the stay. Returns where it leads, kNoState where people stay.
StateIndex carry_out_event(const Model& model, const StateTable& table, Person& person, Course& course);

/// Whether a change of numbers, or of a person's class, moves the events of a state.
bool events_differ(const StateTable& before, Cell cell_before, const StateTable& after, Cell cell_after);

/// Who comes back after a time away finds what recurs counting anew, and what happened once behind them.
void restore_happened(const Model& model, const StateFacts& facts, Course& course);

/// Keeps of a stay what is to go on.
inline void keep_stay(Person& person, Course& course) {
  person.keeps_stay = 1;
  course.under_way = true;
  course.kept_happened = course.happened;
  course.kept_end = person.state_end;
  course.kept_milestone = person.milestone;
}

/// Goes on with a kept stay, whose clocks were set as if resumed.
void go_on_with_stay(const StateFacts& facts, sim::Minute now, Person& person, const Course& course);

/// A new case: what is unserved of the running term waits for the next.
void end_term_with_case(const StateFacts& facts, sim::Minute now, const Person& person, Course& course);

}  // namespace prisonflow::models
