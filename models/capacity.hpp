// Asking for capacity on entering a state: a place in a facility, or to be served.
#pragma once

#include "models/movement_facts.hpp"
#include "models/partition.hpp"

namespace prisonflow::models {

/// Asks for a place or to be served where that is limited; true when the stay cannot begin yet.
inline bool asks_for_capacity(Person& person, sim::Slot slot, const StateFacts& facts, const MovementFacts& model,
                              Partition& partition, sim::Minute now) {
  if (facts.group == kNoFacility && facts.service == 0xff) return false;
  if (facts.group != kNoFacility && person.facility == kNoFacility) {
    if (const std::uint8_t only = model.only_facility[facts.group][person.cell]; only != kNoFacility) {
      person.facility = only;
      partition.tallies.enter_facility(only, now);
      if (facts.service == 0xff) return false;
    }
  }
  bool waits = false;
  Request request{.name = person.name,
                  .time = now,
                  .slot = slot,
                  .visit = occurrence_of(person),
                  .partition = partition.index,
                  .cell = person.cell,
                  .state = person.state};
  if (facts.group != kNoFacility && person.facility == kNoFacility) {
    request.resource = facts.group;
    partition.requests.push_back(request);
    waits = model.waits[facts.group];
  }
  if (facts.service != 0xff) {
    request.service = true;
    request.resource = service_of(facts, person.cell, model);
    request.priority = model.priority[person.state];
    partition.requests.push_back(request);
    ++partition.tallies.services[request.resource].waiting;
    waits = true;
  }
  return waits;
}

}  // namespace prisonflow::models
