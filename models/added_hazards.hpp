// What feedback links add to constant hazards at most: the rate at which models/thinning.hpp draws further events.
#pragma once

#include <algorithm>
#include <bit>

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

// What lies behind a row of clocks (ClockRow::more()): what links add at most, then the hazards of the state's own
// events at a rate, all a minute.
inline constexpr std::size_t kMoreConstant = 0;     ///< to the constant hazards together, waiting or not
inline constexpr std::size_t kMoreReoffending = 1;  ///< to the hazard of reoffending, as a share of it
inline constexpr std::size_t kMoreOwn = 2;          ///< the first of the events

/// Lays out what the event loop reads of a state that has links or events.
inline void lay_out_for_event_loop(const Model& model, std::size_t state, StateTable& table) {
  const StateFacts& facts = model.facts()[state];
  std::uint8_t rates = 0;
  for (unsigned index = 0; index < facts.events; ++index) {
    const EventFacts& event = model.events()[facts.first_event + index];
    const auto& times = table.events[index].times;
    table.event_views.push_back({times.data(), times[0].time, event.purpose, event.to, event.timing,
                                 event.while_waiting, times.size() == 1, rates});
    if (event.timing == Timing::rate) ++rates;
  }
  if (!facts.linked && facts.rate_events == 0) return;
  table.rows.make_room(kMoreOwn + facts.rate_events);
  for (std::size_t cell = 0; cell < table.rows.size(); ++cell) {
    float* const row = table.rows.more_of(cell);
    if (facts.linked) {
      const auto sum = [&](bool waiting) { return MostAdded(model, table, facts, state, cell, waiting).sum; };
      row[kMoreConstant] = static_cast<float>(std::max(sum(false), sum(true)));
      row[kMoreReoffending] =
          std::max(static_cast<float>(model.greatest(state, model.reach().group_of(cell)).reoffending - 1), 0.0f);
    }
    for (unsigned index = 0; index < facts.events; ++index) {
      const EventView& event = table.event_views[index];
      if (event.timing == Timing::rate) row[kMoreOwn + event.rate] = table.events[index].hazards[cell];
    }
  }
}

}  // namespace prisonflow::models
