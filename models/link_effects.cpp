// See the header.
#include "models/link_effects.hpp"

#include <algorithm>

#include "models/model.hpp"

namespace prisonflow::models {

double* effect_of(const LinkTarget& target, LinkEffects& effects) {
  switch (target.effect) {
    case Effect::reoffending:
      return &effects.reoffending;
    case Effect::death:
      return &effects.death;
    case Effect::breach:
      return &effects.breach;
    case Effect::duration:
      return &effects.duration;
    case Effect::odds:
    case Effect::capacity:
    case Effect::event:
      break;
  }
  return nullptr;
}

LinkReach::LinkReach(const std::vector<const FeedbackLink*>& links, const Cells& cells) {
  links_of_.clear();
  for (std::uint32_t cell = 0; cell < cells.count; ++cell) {
    std::vector<bool> reached;
    for (const FeedbackLink* const link : links) reached.push_back(is_among(link->only, cells, cell));
    const auto known = std::find(links_of_.begin(), links_of_.end(), reached);
    group_of_.push_back(static_cast<std::uint16_t>(known - links_of_.begin()));
    if (known == links_of_.end()) links_of_.push_back(std::move(reached));
  }
  if (groups() == 1) group_of_.clear();
}

}  // namespace prisonflow::models
