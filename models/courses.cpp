// See the header.
#include "models/courses.hpp"

#include <algorithm>
#include <limits>

namespace prisonflow::models {

namespace {

std::int16_t day_in_16_bits(sim::Minute time) {
  constexpr sim::Day kLeast = std::numeric_limits<std::int16_t>::min();
  constexpr sim::Day kMost = std::numeric_limits<std::int16_t>::max();
  return static_cast<std::int16_t>(std::clamp(sim::day_of(time), kLeast, kMost));
}

}  // namespace

void Courses::note_admission(Course& course, sim::Minute now) const {
  if (marks_released_) course.inside_since = day_in_16_bits(now);
}

void Courses::begin_with_capacity(const Person& person, sim::Slot slot, sim::Minute start, sim::Minute now) {
  Course& course = of(slot);
  course.since = start;
  course.due = now;  // what falls due on this very minute is still to come
  const TableView& view = view_of(person);
  draw_events<DrawEvents::by_visit, false>(scope_, facts_of(person), view, view.rows[person.cell], now, nullptr, person,
                                           course);
}

void Courses::take_over(Person& person, sim::Slot slot, const PastStay& past, const sim::Draws* draws) {
  Course& course = begin_course(slot);
  course.begun = course.since = past.begun;
  course.inside_since = day_in_16_bits(past.begun);
  course.back_to = past.back_to;
  person.keeps_stay = past.back_to != kNoResume ? 1 : 0;
  course.kept_end = past.kept_end;
  const StateFacts& facts = facts_of(person);
  course.sentenced = facts.clock == Clock::remainder || facts.clock == Clock::proceed ||
                     (facts.kind == Kind::custody && facts.clock == Clock::term);
  if (facts.events == 0) return;
  course.happened = happened_before(model_, table_of(person), 0, person, course);
  renew(person, slot, 0, draws);
}

StateIndex Courses::carry_out(Person& person, sim::Slot slot) {
  Course& course = of(slot);
  ++partition_.tallies.happenings[facts_of(person).first_event + course.next];
  const StateIndex to = carry_out_event(scope_, view_of(person), person, course);
  if (to != kNoState) {
    course.back_to = person.state;
    keep_stay(person, course);
  }
  return to;
}

void Courses::renew(const Person& person, sim::Slot slot, sim::Minute now, const sim::Draws* draws) {
  const TableView& view = view_of(person);
  const ClockRow& row = view.rows[person.cell];
  if (draws != nullptr) {
    draw_events<DrawEvents::anew, true>(scope_, facts_of(person), view, row, now, draws, person, of(slot));
  } else {
    draw_events<DrawEvents::anew, false>(scope_, facts_of(person), view, row, now, nullptr, person, of(slot));
  }
}

bool Courses::is_held_back(Person& person, sim::Slot slot, sim::Minute now) {
  Course& course = of(slot);
  const bool held_back = models::is_held_back(model_, feedback_, key_, now, person, course);
  if (person.event == Event::more_own && !held_back) {
    person.event = Event::own;
    course.next = course.added;
  }
  return held_back;
}

void Courses::mark_release(Person& person, sim::Slot slot, sim::Minute now) {
  Course& course = of(slot);
  const auto factor = static_cast<float>(feedback_.factor_of_release(version_, person.cell, course.inside_since, now));
  // A factor of zero: nobody reoffends, not even after a later release.
  const bool ever = factor > 0.0f && course.mark > 0.0f;
  // Half of those released have a fuse from earlier in the case: chosen without a guess.
  const float moved = ever ? person.fuse * course.mark / factor : std::numeric_limits<float>::infinity();
  const float both[2] = {person.fuse, moved};
  person.fuse = both[person.fuse != kFuseNotDrawn ? 1 : 0];
  course.mark = ever ? factor : 0.0f;
}

bool Courses::join_offence(Person& person, sim::Slot slot, sim::Minute now) {
  Course& course = of(slot);
  course.back_to = kNoResume;
  person.keeps_stay = 0;
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
