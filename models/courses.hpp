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
        partition_(partition),
        any_(model.keeps_courses()),
        marks_released_(feedback.marks_released()) {}

  bool any() const { return any_; }
  Course& of(sim::Slot slot) const { return partition_.courses[slot]; }

  /// Whether someone under way left supervision or liberty for an event: their time at risk goes on.
  bool was_outside(sim::Slot slot) const {
    const std::uint8_t state = of(slot).back_to;
    if (state == kNoResume) return false;
    return model_.facts()[state].kind == Kind::supervision || model_.facts()[state].kind == Kind::liberty;
  }
  /// What someone lived through who was released: a factor on reoffending.
  float mark_of(sim::Slot slot) const { return marks_released_ ? of(slot).mark : 1.0f; }
  /// Someone is about to enter `to`, a state that takes time: whether a stay there that was left for an event goes on.
  bool goes_on(Person& person, sim::Slot slot, StateIndex to, const StateFacts& facts, sim::Minute now) {
    const bool is_new = person.state == kFreeSlot;
    if (is_new) partition_.course(slot) = kNewCourse;
    if (marks_released_ && facts.held && (is_new || !facts_of(person).held)) note_admission(slot, now);
    return (person.keeps_stay || facts.events != 0) && come_to(person, slot, to, facts, now);
  }
  /// The clocks of the stay are set: those of a stay that goes on are put back, and its events begin. `draws`: of those
  /// at a rate.
  void begin(Person& person, sim::Slot slot, const StateFacts& facts, bool goes_on, sim::Minute now,
             const sim::Draws* draws) {
    Course& course = of(slot);
    if (goes_on) go_on_with_stay(facts, now, person, course);
    if (facts.events != 0)
      draw_events(model_, table_of(person), key_, now, DrawEvents::by_visit, draws, person, course);
  }
  /// Capacity was given at `start`: what happens only then begins.
  void begin_with_capacity(const Person& person, sim::Slot slot, sim::Minute start, sim::Minute now);
  /// Someone of the initial stock.
  void take_over(Person& person, sim::Slot slot, const PastStay& past);
  /// The due event happens. Returns where it leads, kNoState where people stay.
  StateIndex carry_out(Person& person, sim::Slot slot, sim::Minute now);
  /// After the numbers of the state, or the person's class, changed.
  void renew(const Person& person, sim::Slot slot, sim::Minute now);
  /// The stay is left for a hearing that may lead back.
  void leave_for_hearing(Person& person, sim::Slot slot) { keep_stay(person, of(slot)); }
  /// Whether the pending event, the state's own or one that feedback adds, does not happen today.
  bool is_held_back(Person& person, sim::Slot slot, sim::Minute now);
  /// Someone leaves prison: what they lived through there counts from now on.
  void mark_release(Person& person, sim::Slot slot, sim::Minute now);
  /// A new fuse burns at the person's own pace.
  void mark_fuse(Person& person, sim::Slot slot) const { person.fuse /= mark_of(slot); }
  /// A new offence: true where it is joined to the case, else the case ends.
  bool join_offence(Person& person, sim::Slot slot, sim::Minute now);

 private:
  void note_admission(sim::Slot slot, sim::Minute now);
  bool come_to(Person& person, sim::Slot slot, StateIndex to, const StateFacts& facts, sim::Minute now);
  const StateFacts& facts_of(const Person& person) const { return model_.facts()[person.state]; }
  const StateTable& table_of(const Person& person) const { return *version_.states[person.law][person.state]; }

  const Model& model_;
  const Version& version_;
  const Feedback& feedback_;
  sim::StreamKey key_;
  Partition& partition_;
  bool any_;
  bool marks_released_;
};

}  // namespace prisonflow::models
