// The person: one record of 64 bytes, one cache line.
//
// Everything an ordinary event needs is here; the cold record is models/course.hpp. Dates are minutes since the start
// of the run (sim/time.hpp). Several dates have a meaning that depends on where the person is; the table says which.
//
//   field       in custody                   under supervision              at liberty
//   state_end   release (automatic)          end of the measure             leaving for good
//   term_end    end of the sentence          end of the sentence            –
//   milestone   next parole hearing          technical breach               –
//   clock       start of the sentence        start of this time at risk     start of this time at risk
#pragma once

#include <cstddef>
#include <cstdint>

#include "models/scenario.hpp"
#include "sim/time.hpp"

namespace prisonflow::models {

using Cell = std::uint16_t;  ///< class of a person: all traits in one number (models/model.hpp)

enum class Event : std::uint8_t {
  none,
  completion,   ///< the stay ends
  milestone,    ///< parole hearing or breach
  reoffending,  ///< the fuse has burnt down: a new case begins
  death,
  birthday,  ///< the person passes into the next age band
  own,       ///< one of the state's own events (models/state_events.hpp)
  // What feedback adds to a hazard (models/thinning.hpp).
  more_breach,
  more_reoffending,
  more_death,
  more_own,
};
inline constexpr std::size_t kEventKinds = static_cast<std::size_t>(Event::more_own) + 1;

inline constexpr std::uint8_t kNoFacility = 0xff;  ///< holds no place
inline constexpr std::uint8_t kNoResume = 0xff;
inline constexpr float kFuseNotDrawn = -1.0f;

struct alignas(64) Person {
  std::uint64_t name;   ///< where the person came from (models/names.hpp); the key of all draws
  sim::Minute pending;  ///< when the pending event happens (sim/population.hpp)
  sim::Minute last;     ///< when the state was entered, or the fuse last reckoned
  sim::Minute state_end;
  sim::Minute term_end;
  sim::Minute milestone;
  sim::Minute clock;
  sim::Minute birth;
  sim::Minute pretrial;   ///< minutes of pretrial detention in this case
  sim::Minute death;      ///< when the person dies at the present hazard
  float fuse;             ///< what is left of the unit-exponential fuse; infinite = never reoffends
  std::uint32_t visited;  ///< revisitable states passed in this round, one bit each
  Cell cell;
  std::uint8_t state;
  std::uint8_t case_number;  ///< 0 for the first; with `round`, the occurrence that keys a draw
  std::uint8_t law;          ///< which law the case began under (policies for new cases)
  /// Grows when a state is visited again within one case. Not beside `case_number`: the two would be read as one number
  /// just after this half of it was written, which waits until the write has reached the cache.
  std::uint8_t round;
  std::uint8_t priors;           ///< convictions before this case, at most 255
  std::uint8_t new_convictions;  ///< in this case
  Event event;
  std::uint8_t facility;        ///< where a place is held, kNoFacility = none
  std::uint8_t resume : 8;      ///< state whose term or measure goes on if the person comes back to it
  std::uint8_t waiting : 1;     ///< in a queue: the stay has not begun
  std::uint8_t released : 1;    ///< this time at risk began with a release from custody
  std::uint8_t keeps_stay : 1;  ///< the course keeps a stay that was left for an event
};
static_assert(sizeof(Person) == 64);

/// With the purpose, what keys a draw of a person: the case, and how often they came by within it.
inline std::uint32_t occurrence_of(const Person& person) {
  return static_cast<std::uint32_t>(person.case_number) << 8 | person.round;
}

}  // namespace prisonflow::models
