// How a state's own events are read back.
#include <fmt/format.h>

#include "models/describe_text.hpp"

namespace prisonflow::models {

std::string Wording::event(const StateEvent& event) const {
  const auto when = [&]() -> std::string {
    switch (event.timing) {
      case Timing::rate:
        return "at " + value(event.hazard.rate) + factors(event.hazard.ratios);
      case Timing::after:
        return fmt::format("after {}, and again after as long", value(event.time));
      case Timing::at:
        return fmt::format("after {} of the term", value(event.time));
      case Timing::after_pretrial:
        return fmt::format("after {} of pretrial detention", value(event.time));
    }
    return {};
  };
  std::string words = fmt::format("{}{}: {}{}", event.name, event.label.empty() ? "" : " (" + event.label + ")", when(),
                                  event.while_waiting ? ", while waiting" : "");
  if (event.to != kNoState) words += ", to " + state(event.to);
  if (given(event.delays_parole))
    words += fmt::format("; the next parole hearing {} later", value(event.delays_parole));
  if (given(event.loses_remission)) words += fmt::format("; release {} later", value(event.loses_remission));
  return words;
}

}  // namespace prisonflow::models
