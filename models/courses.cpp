// See the header.
#include "models/courses.hpp"

namespace prisonflow::models {

bool Courses::goes_on(const Person& person, sim::Slot slot, StateIndex to, sim::Minute now) {
  Course& course = partition_.course(slot);
  if (person.state == kFreeSlot) course = Course{};
  const bool kept = course.back_to == to;
  const Kind kind = model_.facts()[to].kind;
  if (kept || (kind != Kind::delay && kind != Kind::service)) course.back_to = kNoResume;
  if (kept || person.resume == to) {
    course.begun = course.kept_begun;
    course.happened = course.kept_happened;
    course.since = now > course.left_at ? now : course.kept_since;
  } else {
    course.begun = course.since = now;
    course.happened = 0;
  }
  return kept;
}

void Courses::begin(Person& person, sim::Slot slot, bool goes_on, sim::Minute now) {
  Course& course = of(slot);
  if (goes_on) go_on_with_stay(facts_of(person), now, person, course);
  if (facts_of(person).events == 0) return;
  set_next_event(model_, table_of(person), key_, now, DrawEvents::by_visit, person, course);
}

void Courses::begin_with_capacity(const Person& person, sim::Slot slot, sim::Minute start, sim::Minute now) {
  Course& course = of(slot);
  course.since = start;
  set_next_event(model_, table_of(person), key_, now, DrawEvents::by_visit, person, course);
}

void Courses::take_over(const Person& person, sim::Slot slot, const PastStay& past) {
  Course& course = partition_.course(slot);
  course = Course{};
  course.begun = course.since = course.kept_begun = course.kept_since = past.begun;
  course.back_to = past.back_to;
  course.kept_end = past.kept_end;
  const StateFacts& facts = facts_of(person);
  course.sentenced = facts.clock == Clock::remainder || facts.clock == Clock::proceed ||
                     (facts.kind == Kind::custody && facts.clock == Clock::term);
  if (facts.events == 0) return;
  course.happened = happened_before(model_, table_of(person), 0, person, course);
  renew(person, slot, 0);
}

StateIndex Courses::carry_out(Person& person, sim::Slot slot, sim::Minute now) {
  Course& course = of(slot);
  ++partition_.tallies.happenings[facts_of(person).first_event + course.next];
  const StateIndex to = carry_out_event(model_, table_of(person), person, course);
  if (to == kNoState) {
    renew(person, slot, now);
  } else {
    course.back_to = person.state;
    keep_stay(person, now, course);
  }
  return to;
}

void Courses::renew(const Person& person, sim::Slot slot, sim::Minute now) {
  set_next_event(model_, table_of(person), key_, now, DrawEvents::anew, person, of(slot));
}

bool Courses::join_offence(Person& person, sim::Slot slot, sim::Minute now) {
  Course& course = of(slot);
  course.back_to = kNoResume;
  if (facts_of(person).on_new_offence == kNoState) {
    end_term_with_case(facts_of(person), now, person, course);
    return false;
  }
  // The draws of what follows are those of a case of its own.
  ++person.case_number;
  person.round = 0;
  person.visited = 0;
  person.fuse = kFuseNotDrawn;
  person.resume = kNoResume;
  if (course.joined < 255) ++course.joined;
  return true;
}

}  // namespace prisonflow::models
