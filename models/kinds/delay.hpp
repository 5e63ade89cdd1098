// delay: time passes and nobody limits it. Also the served part of a `service`, once capacity is given.
#pragma once

#include "models/stay.hpp"

namespace prisonflow::models {

inline void begin_delay(Stay& stay) {
  stay.person.state_end = sim::after(stay.now, drawn_duration(stay));
  stay.person.milestone = sim::kNever;
}

}  // namespace prisonflow::models
