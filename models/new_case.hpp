// What a new case makes of a person: priors that grow, and perhaps another offence.
#pragma once

#include <algorithm>

#include "models/movement_facts.hpp"

namespace prisonflow::models {

/// A new case: convictions of the last one now count as prior, the offence may be another.
inline void begin_case(Person& person, const Model& model, const MovementFacts& facts, const Version& version,
                       sim::StreamKey key) {
  constexpr sim::Purpose kNewCase = sim::purpose("new case");
  ++person.case_number;
  person.round = 0;
  person.visited = 0;
  person.law = version.law;
  person.pretrial = 0;
  person.fuse = kFuseNotDrawn;
  person.resume = kNoResume;
  person.released = 0;
  const unsigned priors = static_cast<unsigned>(person.priors) + person.new_convictions;
  person.priors = static_cast<std::uint8_t>(std::min(priors, 255u));
  person.new_convictions = 0;
  std::uint32_t cell = person.cell;
  const Cells& cells = model.cells();
  if (cells.sizes[index_of(Trait::prior)] > 1) {
    cell = cells.with_label(cell, Trait::prior, facts.prior_label[person.priors]);
  }
  const ReoffendingTable& table = *version.reoffending[version.law];
  if (table.same_offence < 1.0) {
    const sim::Draws draws = sim::draw(key, person.name, occurrence_of(person), kNewCase);
    if (draws.uniform(0) >= table.same_offence) {
      const std::size_t row = cell / (cells.strides[index_of(Trait::offence)] * cells.sizes[index_of(Trait::offence)]);
      cell =
          cells.with_label(cell, Trait::offence, static_cast<std::uint16_t>(table.offence.branch(row, draws.word[1])));
    }
  }
  person.cell = static_cast<Cell>(cell);
}

}  // namespace prisonflow::models
