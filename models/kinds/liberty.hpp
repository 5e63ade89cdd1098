// liberty: not under control; may reoffend (models/movement.hpp) or leave for good at a constant hazard.
#pragma once

#include "models/stay.hpp"

namespace prisonflow::models {

inline void begin_liberty(Stay& stay) {
  stay.person.milestone = sim::kNever;
  stay.person.state_end = exponential_after(stay.now, static_cast<double>(stay.row.milestone), stay.draws.uniform(2));
}

}  // namespace prisonflow::models
