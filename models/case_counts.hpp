// What is counted of cases as people move: reoffending after a release, and supervision that is revoked.
#pragma once

#include "models/courses.hpp"

namespace prisonflow::models {

/// Someone begins a new case or joins an offence to theirs: it counts for the month of their release.
inline void count_reoffending(const Person& person, sim::Minute now, const MovementFacts& facts, Tallies& tallies) {
  if (!person.released || person.clock < 0) return;
  tallies.cohorts[facts.month_of(person.clock)].count_reoffending(now - person.clock);
}

/// Someone enters a state, sentenced custody perhaps. Then the supervision they left for it, or for a wait that led
/// there, is revoked within the same case; not so when it came to its end, when a new case began, or before the verdict
/// (bail).
inline void count_revocation(const Person& person, sim::Slot slot, const StateFacts& entered, const Model& model,
                             const Courses& courses, Tallies& tallies) {
  if (entered.kind != Kind::custody || entered.pretrial || person.state == kFreeSlot) return;
  const auto facts = [&](std::size_t state) -> const StateFacts& { return model.facts()[state]; };
  StateIndex left = person.state;
  if (facts(left).kind == Kind::delay || facts(left).kind == Kind::service) {
    left = person.resume != kNoResume ? person.resume : person.keeps_stay ? courses.of(slot).back_to : kNoResume;
    if (left == kNoResume) return;
  } else if (person.event == Event::completion ||
             (person.event == Event::reoffending && facts(left).on_new_offence == kNoState)) {
    return;
  }
  if (facts(left).kind == Kind::supervision && !facts(left).pretrial) ++tallies.revocations[left];
}

}  // namespace prisonflow::models
