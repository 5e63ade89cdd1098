// What feedback links multiply, and for whom: classes of persons whom the same links reach share their factors.
#pragma once

#include <vector>

#include "models/person.hpp"
#include "models/scenario.hpp"

namespace prisonflow::models {

struct Cells;

/// The product of the factors of all links that act on a state.
struct LinkEffects {
  double reoffending = 1, death = 1, breach = 1, duration = 1;
};
/// Which of the effects a target is; null for odds, capacities and own events, which are kept elsewhere.
double* effect_of(const LinkTarget& target, LinkEffects& effects);
/// Calls `visit` with each of the effects, by state, that a link acts on.
template <class Visit>
void for_each_effect(const FeedbackLink& link, LinkEffects* by_state, std::size_t states, const Visit& visit) {
  for (const LinkTarget& target : link.targets) {
    for (std::size_t state = 0; state < states; ++state) {
      if (target.state != kNoState && target.state != state) continue;
      if (double* const effect = effect_of(target, by_state[state])) visit(*effect);
    }
  }
}

/// Classes of persons, sorted into groups by which links reach them. Without a link that has `only` there is one group
/// and nothing to look up.
class LinkReach {
 public:
  LinkReach() = default;
  LinkReach(const std::vector<const FeedbackLink*>& links, const Cells& cells);

  std::size_t groups() const { return links_of_.size(); }
  std::size_t group_of(std::size_t cell) const { return group_of_.empty() ? 0 : group_of_[cell]; }
  bool reaches(std::size_t link, std::size_t group) const { return links_of_[group].empty() || links_of_[group][link]; }

 private:
  std::vector<std::vector<bool>> links_of_{{}};  ///< by group and link; all when empty
  std::vector<std::uint16_t> group_of_;          ///< by cell; empty with one group
};

}  // namespace prisonflow::models
