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
  // Filled where it lies: a request put together elsewhere and then copied would wait for its own stores.
  const auto ask = [&](std::uint8_t resource) -> Request& {
    Request& request = partition.requests.emplace_back();
    request.name = person.name;
    request.time = now;
    request.slot = slot;
    request.visit = occurrence_of(person);
    request.partition = partition.index;
    request.cell = person.cell;
    request.state = person.state;
    request.resource = resource;
    return request;
  };
  if (facts.group != kNoFacility && person.facility == kNoFacility) {
    ask(facts.group);
    waits = model.waits[facts.group];
  }
  if (facts.service != 0xff) {
    Request& request = ask(service_of(facts, person.cell, model));
    request.service = true;
    request.priority = model.priority[person.state];
    ++partition.tallies.services[request.resource].waiting;
    waits = true;
  }
  return waits;
}

}  // namespace prisonflow::models
