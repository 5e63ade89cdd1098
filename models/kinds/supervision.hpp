// supervision: a measure in the community with an end, which can be breached before.
//
// Who comes back from a breach hearing goes on with the same measure until its old end.
#pragma once

#include "models/stay.hpp"

namespace prisonflow::models {

inline void begin_supervision(Stay& stay) {
  Person& person = stay.person;
  switch (stay.facts.clock) {
    case Clock::duration:
      // The old end still stands when the way back took no time.
      if (!stay.resumed || person.state_end <= stay.now) person.state_end = sim::after(stay.now, drawn_duration(stay));
      break;
    case Clock::term:
      if (!stay.resumed) {
        person.term_end = sim::after(stay.now, drawn_duration(stay));
        if (stay.course != nullptr) stay.course->sentenced = false;  // this is no prison term
      }
      person.state_end = not_before_next(person.term_end, stay.now);
      break;
    case Clock::remainder:
    case Clock::proceed:
      person.state_end = not_before_next(person.term_end, stay.now);
      break;
    case Clock::none:
      person.state_end = sim::kNever;
      break;
  }
  person.milestone = exponential_after(stay.now, static_cast<double>(stay.row.milestone), stay.draws.uniform(2));
}

}  // namespace prisonflow::models
