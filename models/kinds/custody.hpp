// custody: occupies a place and counts time served.
//
// A sentence begins before its custody does, by the pretrial detention that is credited: `clock` is that beginning, so
// that fractions of the term (automatic release, parole) are reckoned from it. A person who comes back from a parole
// hearing goes on with the same term; one who is recalled serves what was unserved when supervised release began.
#pragma once

#include "models/stay.hpp"

namespace prisonflow::models {

/// Sets release and the next parole hearing of a running term.
inline void set_release_and_parole(Stay& stay, bool first_hearing) {
  Person& person = stay.person;
  person.state_end = not_before_next(part_way(person.clock, person.term_end, stay.clocks.automatic_release), stay.now);
  if (stay.row.milestone <= 0.0f) {
    person.milestone = sim::kNever;
    return;
  }
  const sim::Minute hearing = first_hearing
                                  ? part_way(person.clock, person.term_end, static_cast<double>(stay.row.milestone))
                                  : sim::after(stay.now, stay.clocks.parole_retry);
  person.milestone = not_before_next(hearing, stay.now);
  if (person.milestone >= person.state_end) person.milestone = sim::kNever;
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
        const double credit = static_cast<double>(person.pretrial) * stay.clocks.pretrial_credit;
        person.clock = stay.now - static_cast<sim::Minute>(credit + 0.5);
        person.term_end = sim::after(person.clock, drawn_duration(stay));
      }
      break;
    case Clock::remainder:
      if (!stay.resumed) {
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
