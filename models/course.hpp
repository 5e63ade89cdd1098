// The course: what is remembered of a person beside the hot record, where a scenario asks for it (events in states,
// older terms, joined offences). Kept on the page of memory of its person (sim/population.hpp). Looked at only where
// something there matters: on entering a state with events, or when a stay is kept (Person::keeps_stay).
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/person.hpp"

namespace prisonflow::models {

struct Course {
  sim::Minute due = sim::kNever;  ///< the earliest of the own events of the present state, or when to look again
  sim::Minute since = 0;          ///< what Timing::after counts from: the stay began, or went on after a time away
  sim::Minute begun = 0;          ///< when the last stay in custody, under supervision or at liberty began
  // Of a stay left for an event, to go on with when the person comes back:
  sim::Minute kept_end = sim::kNever;
  sim::Minute kept_milestone = sim::kNever;
  sim::Minute older = 0;  ///< unserved rest of older terms, waiting for the next term
  float mark = 1;         ///< of the case: factor on reoffending by what was lived through inside
  // Minutes of the running term, at most kMostMoved of each:
  std::uint32_t lost : 24 = 0;            ///< remission
  std::uint32_t joined : 8 = 0;           ///< offences joined to the case
  std::uint32_t delayed : 24 = 0;         ///< parole hearings
  std::uint32_t back_to : 8 = kNoResume;  ///< state whose stay goes on
  /// A bit for each event of the stay: of those that happen once, whether it has; of those that recur, whether it fell
  /// due on a minute that went to another and is still to come.
  std::uint16_t happened = 0;
  std::uint16_t kept_happened = 0;  ///< of the stay left for an event
  std::int16_t inside_since = 0;    ///< day of the admission to prison
  std::uint8_t next = 0;            ///< which event is due; kNothing: none until then
  std::uint8_t added : 4 = 0;       ///< which event the pending one that feedback adds is (Event::more_own)
  bool sentenced : 1 = false;       ///< a prison term was imposed in this case
  bool under_way : 1 = false;       ///< between two states that take time

  static constexpr std::uint8_t kNothing = 0xff;
  static constexpr std::uint32_t kMostMoved = (1u << 24) - 1;  ///< almost 32 years
  void lose(sim::Minute minutes) { lost = moved(lost, minutes) & kMostMoved; }
  void delay(sim::Minute minutes) { delayed = moved(delayed, minutes) & kMostMoved; }

 private:
  static std::uint32_t moved(std::uint32_t before, sim::Minute by) {
    return std::min(before + static_cast<std::uint32_t>(by), kMostMoved);  // 2^24 + 2^31 at most: no overflow
  }
};
/// Of somebody new. Copied from where it lies: one put together on the way would wait for its own stores.
inline constexpr Course kNewCourse{};
static_assert(sizeof(Course) <= 44);  // with the hot record and the pending event, 128 bytes a person

/// The stay of someone of the initial population.
struct PastStay {
  sim::Minute begun = 0;
  std::uint8_t back_to = kNoResume;
  sim::Minute kept_end = sim::kNever;
};

}  // namespace prisonflow::models
