// What feedback links add to constant hazards at most: the rate at which models/thinning.hpp draws further events.
#pragma once

#include "models/model.hpp"

namespace prisonflow::models {

inline double most_added(float hazard, double greatest) {
  return greatest > 1.0 ? static_cast<double>(hazard) * (greatest - 1.0) : 0.0;
}

/// The hazards a minute that are added to those of one class in one linked state, waiting or not.
struct MostAdded {
  MostAdded(const Model& model, const StateTable& table, const StateFacts& facts, std::size_t state, std::size_t cell,
            bool waiting)
      : model_(model),
        table_(table),
        facts_(facts),
        cell_(cell),
        group_(model.reach().group_of(cell)),
        waiting_(waiting) {
    const LinkEffects& greatest = model.greatest(state, group_);
    death = most_added(table.rows[cell].death, greatest.death);
    if (facts.kind == Kind::supervision && (!waiting || facts.runs_while_waiting))
      breach = most_added(table.rows[cell].milestone, greatest.breach);
    sum = death + breach;
    for (unsigned index = 0; index < facts.events; ++index) sum += own(index);
  }
  /// Of one of the state's own events.
  double own(unsigned index) const {
    const std::size_t number = facts_.first_event + std::size_t{index};
    const EventFacts& event = model_.events()[number];
    if (!event.linked || event.while_waiting != waiting_) return 0.0;
    return most_added(table_.events[index].hazards[cell_], model_.greatest_of_event(number, group_));
  }
  double death = 0, breach = 0, sum = 0;

 private:
  const Model& model_;
  const StateTable& table_;
  const StateFacts& facts_;
  std::size_t cell_, group_;
  bool waiting_;
};

/// Lays the sums for those who do not wait beside the numbers of a linked state.
inline void note_most_added(const Model& model, std::size_t state, StateTable& table) {
  const StateFacts& facts = model.facts()[state];
  if (!facts.linked) return;
  for (std::size_t cell = 0; cell < table.rows.size(); ++cell) {
    table.added.push_back(static_cast<float>(MostAdded(model, table, facts, state, cell, false).sum));
  }
}

}  // namespace prisonflow::models
