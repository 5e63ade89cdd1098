// A partition: a share of the persons with their calendar, what they count, and the messages of one window.
#pragma once

#include <cstdint>
#include <vector>

#include "models/person.hpp"
#include "models/tallies.hpp"
#include "sim/population.hpp"

namespace prisonflow::models {

/// Someone asks for capacity: a place in a facility group, or to be served. Settled at the end of the day.
struct Request {
  /// Requests are answered in the order (resource, priority, time), then name.
  std::uint64_t order() const {
    return static_cast<std::uint64_t>(service) << 63 | static_cast<std::uint64_t>(resource) << 48 |
           static_cast<std::uint64_t>(priority) << 40 | static_cast<std::uint32_t>(time);
  }

  std::uint64_t name = 0;
  sim::Minute time = 0;
  sim::Slot slot = 0;
  std::uint16_t partition = 0;
  Cell cell = 0;
  std::uint8_t state = 0;
  bool service = false;       ///< else a place
  std::uint8_t resource = 0;  ///< facility group or service
  std::uint8_t priority = 0;  ///< smaller comes first
};

/// A service became free at `time`, or a place did.
struct Freed {
  sim::Minute time = 0;
  std::uint8_t service = 0;
};

/// An answer to a request, carried out by the partition at the start of the next day.
struct Grant {
  std::uint64_t name = 0;
  sim::Minute start = 0;  ///< when the stay began
  sim::Slot slot = 0;
  std::uint8_t facility = kNoFacility;  ///< the place given, kNoFacility for a service
  bool begins = false;                  ///< the person was waiting: the stay begins
};

struct Partition {
  Partition(std::uint16_t number, sim::Minute horizon, Tallies counts)
      : index(number), people(horizon), tallies(std::move(counts)) {}
  std::uint16_t index;
  sim::Population<Person> people;
  Tallies tallies;
  std::vector<Request> requests;
  std::vector<Freed> freed;
  std::vector<Grant> grants;
};

}  // namespace prisonflow::models
