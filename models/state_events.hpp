// Events of a state: what may happen to people during a stay, beside its completion.
//
// Of all of them the earliest is kept, as a date in the person's course, if it comes before the stay ends as far as
// that is known; else when to look again. Those at a rate are memoryless and drawn anew whenever somebody comes back,
// the hazard changes or the stay lasts longer than was known; all others are dates that follow from when the stay
// began, from the term, or from the pretrial detention served. Who leaves for an event and comes back goes on with the
// same stay: its end and the next parole hearing are kept; what fell due meanwhile happens on the way back. Times after
// which something happens count anew for who was away for a time, and go on for who came back at once.
#pragma once

#include "models/course.hpp"
#include "models/feedback.hpp"
#include "models/model.hpp"
#include "models/stay.hpp"
#include "models/thinning.hpp"

namespace prisonflow::models {

/// Whether an event happens at most once in a stay.
constexpr bool happens_once(Timing timing) {
  return timing == Timing::at || timing == Timing::after_pretrial;
}

/// How the events at a rate are drawn: by the visit, or anew within it.
enum class DrawEvents : std::uint8_t { by_visit, anew };

/// What all events of a run have in common.
struct EventScope {
  EventScope(const Model& model, sim::StreamKey run_key)
      : key(run_key), end(sim::start_of(model.days())), region_stride(model.region_stride()) {}
  sim::StreamKey key;
  sim::Minute end;  ///< minute in which the run ends
  std::size_t region_stride;
};

/// What names the draw of an event at a rate.
inline sim::DrawName name_of_event(const Person& person, DrawEvents how, sim::Minute now, sim::Purpose event) {
  return {person.name, how == DrawEvents::by_visit ? occurrence_of(person) : static_cast<std::uint32_t>(now), event};
}

/// Names the draws of a state's events at a rate, in their order, from `name` on; returns their end. `purposes`: of all
/// (Model::rate_purposes()).
inline sim::DrawName* names_of_events(const sim::Purpose* purposes, const StateFacts& facts, const Person& person,
                                      DrawEvents how, sim::Minute now, sim::DrawName* name) {
  const sim::DrawName* const end = name + facts.rate_events;
  const sim::Purpose* purpose = purposes + facts.first_rate;
  while (name != end) *name++ = name_of_event(person, how, now, *purpose++);
  return name;
}

/// What draw_events() does to few: a number drawn alone, and a time after which something recurs in a stay that goes
/// on.
sim::Draws drawn_alone(sim::StreamKey key, const sim::DrawName& name);
sim::Minute date_in_running_stay(double time, unsigned index, sim::Minute now, Course& course);

/// When an event that happens once falls due, perhaps in the past.
inline sim::Minute due_once(const StateFacts& facts, Timing timing, double time, sim::Minute now, const Person& person,
                            const Course& course) {
  if (timing == Timing::after_pretrial) {
    const double left = time - static_cast<double>(person.pretrial);
    return left > 0 ? sim::after(now, left) : now;
  }
  return part_way(facts.kind == Kind::custody ? person.clock : course.begun, person.term_end, time);
}

/// Draws those at a rate now, and sets the event that is due next in the state the person is in, whose clocks are set.
/// `row`: of the person. `draws`: of those at a rate, in their order, as name_of_event() names
/// them; without `kDrawn` they are not drawn yet. What comes after the stay, as far as its end is known now, or after
/// the run, is not reckoned; should the stay last longer, they are drawn again at what was its end.
template <DrawEvents how, bool kDrawn>
[[gnu::always_inline]] inline void draw_events(const EventScope& scope, const StateFacts& facts, const TableView& view,
                                               const ClockRow& row, sim::Minute now, const sim::Draws* draws,
                                               const Person& person, Course& course) {
  // Of one minute the first; what falls due as the stay ends comes after its end.
  sim::Minute due = std::min({scope.end, person.state_end, person.milestone});
  unsigned next = Course::kNothing;
  const bool waiting = person.waiting;
  const unsigned events = facts.events;
  const EventView* event = view.events;
  for (unsigned index = 0; index < events; ++index, ++event) {
    if (event->while_waiting != waiting) continue;
    sim::Minute date = sim::kNever;
    if (event->timing == Timing::rate) {
      const float hazard = row.more()[kMoreOwn + event->rate];
      constexpr int kWord = how == DrawEvents::by_visit ? 0 : 1;
      sim::Draws alone;
      if constexpr (!kDrawn) alone = drawn_alone(scope.key, name_of_event(person, how, now, event->purpose));
      const sim::Draws& drawn = kDrawn ? draws[event->rate] : alone;
      if (surely_outlasts(drawn.word[kWord], hazard * static_cast<float>(due - now))) continue;
      date = exponential_after(now, static_cast<double>(hazard), drawn.uniform53(kWord));
    } else {
      const double time = event->one_time ? event->time : event->times[person.cell / scope.region_stride].time;
      if (event->timing == Timing::after) {
        // The stay begins, or goes on after a time away; or it goes on.
        date = course.since == now ? sim::after(now, time) : date_in_running_stay(time, index, now, course);
      } else if ((course.happened & 1u << index) == 0) {
        date = not_before_next(due_once(facts, event->timing, time, now, person, course), now);
      }
    }
    // In bits, so that it takes no guess.
    const unsigned sooner = 0u - static_cast<unsigned>(date < due);
    next ^= (next ^ index) & sooner;
    due = std::min(due, date);
  }
  course.due = due;
  course.next = static_cast<std::uint8_t>(next);
}

/// Whether the pending event of the state does not happen today, since feedback holds it back.
bool is_held_back(const Model& model, const Feedback& feedback, sim::StreamKey key, sim::Minute now,
                  const Person& person, const Course& course);

/// The events that happen once and whose date is past, for someone whose stay began earlier: a bit for each.
std::uint16_t happened_before(const Model& model, const StateTable& table, sim::Minute now, const Person& person,
                              const Course& course);

/// What a due event does to the dates of the stay. Returns where it leads, kNoState where people stay.
inline StateIndex carry_out_event(const EventScope& scope, const TableView& view, Person& person, Course& course) {
  const EventView& event = view.events[course.next];
  const EventNumbers::Times& times = event.times[event.one_time ? 0 : person.cell / scope.region_stride];
  const unsigned bit = 1u << course.next;
  course.happened =
      static_cast<std::uint16_t>(happens_once(event.timing) ? course.happened | bit : course.happened & ~bit);
  course.due = sim::kNever;  // so that draw_events() knows
  if (times.delays_parole > 0) {
    const auto by = static_cast<sim::Minute>(times.delays_parole + 0.5);
    course.delay(by);
    if (person.milestone != sim::kNever) person.milestone = sim::after(person.milestone, by);
  }
  if (times.loses_remission > 0 && person.state_end < person.term_end) {
    const sim::Minute end = std::min(sim::after(person.state_end, times.loses_remission), person.term_end);
    course.lose(end - person.state_end);
    person.state_end = end;
  }
  return event.to;
}

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
