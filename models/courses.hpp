// The courses of a partition's persons: what moving people asks of them (models/movement.hpp). Only called where the
// scenario keeps courses.
#pragma once

#include "models/movement_facts.hpp"
#include "models/partition.hpp"
#include "models/state_events.hpp"

namespace prisonflow::models {

class Courses {
 public:
  Courses(const Model& model, const Version& version, const Feedback& feedback, sim::StreamKey key,
          Partition& partition)
      : model_(model),
        version_(version),
        feedback_(feedback),
        key_(key),
        scope_(model, key),
        partition_(partition),
        facts_(model.facts().data()),
        rate_purposes_(model.rate_purposes().data()),
        states_(model.facts().size()),
        any_(model.keeps_courses()),
        marks_released_(feedback.marks_released()) {}

  bool any() const { return any_; }
  Course& of(sim::Slot slot) const { return partition_.course(slot); }

  /// Of someone who is about to enter a state; a new person's is begun.
  Course& of_arriving(sim::Slot slot, bool is_new) { return is_new ? begin_course(slot) : of(slot); }
  /// Whether someone under way left supervision or liberty for an event: their time at risk goes on.
  bool was_outside(const Course& course) const {
    const std::uint8_t state = course.back_to;
    if (state == kNoResume) return false;
    return facts_[state].kind == Kind::supervision || facts_[state].kind == Kind::liberty;
  }
  /// What someone lived through who was released: a factor on reoffending.
  float mark_of(sim::Slot slot) const { return marks_released_ ? of(slot).mark : 1.0f; }
  /// Someone who keeps a stay, or is about to enter a state with events, comes to `to`, a state that takes time:
  /// whether a stay there that was left for an event goes on.
  [[gnu::always_inline]] bool come_to(Person& person, Course& course, StateIndex to, const StateFacts& facts,
                                      sim::Minute now) const {
    const bool kept = course.back_to == to;
    const bool on_the_way = facts.kind == Kind::delay || facts.kind == Kind::service;
    const std::uint8_t back_to = kept || !on_the_way ? kNoResume : course.back_to;
    course.back_to = back_to;
    person.keeps_stay = back_to != kNoResume ? 1 : 0;
    // Who is back at once finds everything as it was.
    const bool at_once = course.under_way;
    course.under_way = false;
    if (!kept && person.resume != to) {
      course.since = now;
      if (!on_the_way) course.begun = now;  // else of the stay that may go on; no delay has a term to count from it
      course.happened = 0;
    } else if (!at_once) {
      restore_happened(model_, facts, course);
      course.since = now;
    }
    return kept;
  }
  /// Someone is admitted to prison.
  void note_admission(Course& course, sim::Minute now) const;
  /// The clocks of the stay are set: those of a stay that goes on are put back, and its events begin. `draws`: of those
  /// at a rate.
  void begin(Person& person, Course& course, const StateFacts& facts, const TableView& view, const ClockRow& row,
             bool goes_on, sim::Minute now, const sim::Draws* draws) {
    if (goes_on) go_on_with_stay(facts, now, person, course);
    if (facts.events != 0)
      draw_events<DrawEvents::by_visit, true>(scope_, facts, view, row, now, draws, person, course);
  }
  /// Capacity was given at `start`: what happens only then begins.
  void begin_with_capacity(const Person& person, sim::Slot slot, sim::Minute start, sim::Minute now);
  /// Someone of the initial stock. `draws`: as names_to_renew() names them for minute 0.
  void take_over(Person& person, sim::Slot slot, const PastStay& past, const sim::Draws* draws);
  /// Whether nothing is due but to look again, since the stay lasts longer than was known: renew() is to follow.
  bool looks_again(sim::Slot slot) const { return of(slot).next == Course::kNothing; }
  /// The due event happens. Returns where it leads, kNoState where people stay: then renew() is to follow.
  StateIndex carry_out(Person& person, sim::Slot slot);
  /// Draws the events of the state anew: one has happened or was held back, the numbers of the state or the person's
  /// class have changed. `draws`: as names_to_renew() names them, null where they are not drawn yet.
  void renew(const Person& person, sim::Slot slot, sim::Minute now, const sim::Draws* draws = nullptr);
  /// Written from `name` on; returns their end.
  sim::DrawName* names_to_renew(const Person& person, sim::Minute now, sim::DrawName* name) const {
    return names_of_events(rate_purposes_, facts_of(person), person, DrawEvents::anew, now, name);
  }
  /// The same for someone about to enter a state, as begin() wants them.
  sim::DrawName* names_to_begin(const Person& person, const StateFacts& facts, sim::Minute now,
                                sim::DrawName* name) const {
    return names_of_events(rate_purposes_, facts, person, DrawEvents::by_visit, now, name);
  }
  /// The stay is left for a hearing that may lead back.
  void leave_for_hearing(Person& person, sim::Slot slot) { keep_stay(person, of(slot)); }
  /// Whether the pending event, the state's own or one that feedback adds, does not happen today. An own one that does
  /// not is to be drawn anew.
  bool is_held_back(Person& person, sim::Slot slot, sim::Minute now);
  /// Someone leaves prison: what they lived through there counts from now on.
  void mark_release(Person& person, sim::Slot slot, sim::Minute now);
  /// A new fuse burns at the person's own pace.
  void mark_fuse(Person& person, sim::Slot slot) const { person.fuse /= mark_of(slot); }
  /// A new offence: true where it is joined to the case, else the case ends.
  bool join_offence(Person& person, sim::Slot slot, sim::Minute now);

 private:
  Course& begin_course(sim::Slot slot) { return of(slot) = kNewCourse; }
  const StateFacts& facts_of(const Person& person) const { return facts_[person.state]; }
  const StateTable& table_of(const Person& person) const { return *version_.states[person.law][person.state]; }
  const TableView& view_of(const Person& person) const { return version_.views[person.law * states_ + person.state]; }

  const Model& model_;
  const Version& version_;
  const Feedback& feedback_;
  sim::StreamKey key_;
  EventScope scope_;
  Partition& partition_;
  const StateFacts* facts_;
  const sim::Purpose* rate_purposes_;
  std::size_t states_;
  bool any_;
  bool marks_released_;
};

}  // namespace prisonflow::models
