// HOLD: N entities with one pending event each; an event draws an exponential delay and schedules the next.
//
// The oldest measure of an event queue (Jones, "An empirical comparison of priority-queue and event-set
// implementations", Communications of the ACM 29(4), 1986), with a cache line of state an entity, so that the memory
// behind the event counts too. The engine and the bare loop share this file: the same draws, delays and writes.
#pragma once

#include <cstdint>

#include "sim/numerics.hpp"
#include "sim/random.hpp"
#include "sim/time.hpp"

namespace prisonflow::bench {

struct alignas(64) Entity {
  sim::Minute pending = sim::kNever;
  std::uint32_t occurrence = 0;     ///< events so far: keys the draw
  std::int64_t waited_minutes = 0;  ///< sum of the delays
  std::uint64_t trace = 0;          ///< mixes the minutes of all events: equal only for equal histories
  std::uint64_t other_state[5] = {};
};
static_assert(sizeof(Entity) == 64);

/// What HOLD does at an event.
struct Hold {
  sim::StreamKey key;
  double mean_minutes;

  sim::Minute operator()(Entity& entity, std::uint32_t id, sim::Minute now) const {
    constexpr sim::Purpose delay_purpose = sim::purpose("delay");
    const sim::Draws draws = sim::draw(key, id, entity.occurrence, delay_purpose);
    const sim::Minute next = sim::after(now, -mean_minutes * sim::log(draws.uniform(0)));
    ++entity.occurrence;
    entity.waited_minutes += next - now;
    entity.trace = entity.trace * 0x9e3779b97f4a7c15u + static_cast<std::uint64_t>(now);
    return next;
  }
};

}  // namespace prisonflow::bench
