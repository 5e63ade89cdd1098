// The list of kinds of timed states: what begins a stay of each. A new kind is one file in this folder and one line
// here (and its name in models/scenario.hpp). Decisions and exits take no time and are walked through in
// models/movement.hpp.
#pragma once

#include "models/kinds/custody.hpp"
#include "models/kinds/delay.hpp"
#include "models/kinds/liberty.hpp"
#include "models/kinds/supervision.hpp"

namespace prisonflow::models {

inline void begin_stay(Kind kind, Stay& stay) {
  switch (kind) {
    case Kind::delay:
    case Kind::service:
      return begin_delay(stay);
    case Kind::custody:
      return begin_custody(stay);
    case Kind::supervision:
      return begin_supervision(stay);
    case Kind::liberty:
      return begin_liberty(stay);
    case Kind::decision:
    case Kind::exit:
      return;
  }
}

}  // namespace prisonflow::models
