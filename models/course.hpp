// The course: what is remembered of a person beside the hot record, where a scenario asks for it (events in states,
// older terms, joined offences). Kept by slot, beside the persons of a partition.
#pragma once

#include "models/person.hpp"

namespace prisonflow::models {

struct Course {
  sim::Minute due = sim::kNever;  ///< the earliest of the events of the present state
  sim::Minute drawn_at = 0;       ///< when those at a rate were drawn
  sim::Minute since = 0;          ///< what Timing::after counts from: the stay began, or went on after a time away
  sim::Minute begun = 0;          ///< when the stay began
  std::uint16_t happened = 0;     ///< one bit for each event of the stay that happens once
  // Of a stay left for an event, to go on with when the person comes back:
  std::uint16_t kept_happened = 0;
  sim::Minute kept_begun = 0;
  sim::Minute kept_end = sim::kNever;
  sim::Minute kept_milestone = sim::kNever;
  // Of the running term:
  sim::Minute lost = 0;     ///< remission
  sim::Minute delayed = 0;  ///< parole hearings
  sim::Minute older = 0;    ///< unserved rest of older terms, waiting for the next term
  // Of the case:
  float mark = 1;                    ///< factor on reoffending by what was lived through inside
  std::int16_t inside_since = 0;     ///< day of the admission to prison
  std::uint8_t joined = 0;           ///< offences joined to it
  std::uint8_t next = 0;             ///< which event is due
  std::uint8_t back_to = kNoResume;  ///< state whose stay goes on
  bool sentenced : 1 = false;        ///< a prison term was imposed in this case
  bool under_way : 1 = false;        ///< between two states that take time
  bool drawn_by_visit : 1 = false;   ///< by what the events at a rate were drawn: the visit, or when
  bool added : 1 = false;            ///< the due event is one that feedback adds
};

/// The stay of someone of the initial population.
struct PastStay {
  sim::Minute begun = 0;
  std::uint8_t back_to = kNoResume;
  sim::Minute kept_end = sim::kNever;
};
static_assert(sizeof(Course) <= 56);  // with the hot record and the pending event, 128 bytes a person

}  // namespace prisonflow::models
