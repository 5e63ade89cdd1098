// custody: occupies a place and counts time served.
//
// A sentence begins before its custody does, by the pretrial detention that is credited: `clock` is that beginning, so
// that fractions of the term (automatic release, parole) are reckoned from it. A person who comes back from a parole
// hearing goes on with the same term; one who is recalled serves what was unserved when supervised release began.
#pragma once

#include "models/stay.hpp"

namespace prisonflow::models {

/// The length of a new sentence: longer for offences joined to the case, and with what is unserved of older terms.
inline double length_of_sentence(Stay& stay) {
  double length = drawn_duration(stay);
  if (stay.course == nullptr) return length;
  Course& course = *stay.course;
  for (int offence = 0; offence < course.joined; ++offence) length *= stay.clocks.joined_offence_factor;
  const auto older = static_cast<double>(course.older);
  if (stay.facts.older_term == OlderTerm::consecutive) length += older;
  if (stay.facts.older_term == OlderTerm::concurrent) length = std::max(length, older);
  course.older = 0;
  course.sentenced = true;
  return length;
}

/// After a fraction of the term, and what was lost of the remission; `course` may be null.
inline sim::Minute release_by_law(const Person& person, double fraction, const Course* course) {
  const sim::Minute release = part_way(person.clock, person.term_end, fraction);
  if (course == nullptr || course->lost == 0) return release;
  return std::min(sim::after(release, course->lost), person.term_end);
}

/// Sets release and the next parole hearing of a running term.
inline void set_release_and_parole(Stay& stay, bool first_hearing) {
  Person& person = stay.person;
  person.state_end = not_before_next(release_by_law(person, stay.clocks.automatic_release, stay.course), stay.now);
  if (stay.row.milestone <= 0.0f) {
    person.milestone = sim::kNever;
    return;
  }
  const sim::Minute hearing = first_hearing
                                  ? part_way(person.clock, person.term_end, static_cast<double>(stay.row.milestone))
                                  : sim::after(stay.now, stay.clocks.parole_retry);
  const bool delayed = stay.course != nullptr && first_hearing && stay.course->delayed > 0;
  // One that would come on release or after it is not held, unless release moves behind it.
  person.milestone = not_before_next(delayed ? sim::after(hearing, stay.course->delayed) : hearing, stay.now);
}

/// What happened to the dates of a term does not touch the next.
inline void forget_running_term(Stay& stay) {
  if (stay.course != nullptr) stay.course->lost = stay.course->delayed = 0;
}

inline void begin_custody(Stay& stay) {
  Person& person = stay.person;
  switch (stay.facts.clock) {
    case Clock::duration:
      person.state_end = sim::after(stay.now, drawn_duration(stay));
      person.milestone = sim::kNever;
      return;
    case Clock::term:
      if (!stay.resumed) {
        forget_running_term(stay);
        const double credit = static_cast<double>(person.pretrial) * stay.clocks.pretrial_credit;
        person.clock = stay.now - static_cast<sim::Minute>(credit + 0.5);
        person.term_end = sim::after(person.clock, length_of_sentence(stay));
      }
      break;
    case Clock::remainder:
      if (!stay.resumed) {
        forget_running_term(stay);
        const sim::Minute unserved = std::max(person.term_end - person.clock, 1);
        person.clock = stay.now;
        person.term_end = sim::after(stay.now, unserved);
      }
      break;
    case Clock::proceed:
      break;
    case Clock::none:
      person.term_end = sim::kNever;
      person.state_end = sim::kNever;
      person.milestone = sim::kNever;
      return;
  }
  set_release_and_parole(stay, !stay.resumed);
}

}  // namespace prisonflow::models
