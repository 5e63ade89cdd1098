// The events that feedback adds to a person's own (models/thinning.hpp): the first of them, from one word of a draw.
//
// Until the person's own fuse burns down, further reoffending has a cumulative hazard of `reoffending`; until the
// person's next event those at constant hazards, taken together at the sum of their greatest additions, have one of
// `constant`. Laid one behind the other on a line the two are one Poisson process of rate 1, whose first point lies at
// E = -log(uniform): up to `reoffending` it is the fuse of further reoffending, and the other process begins anew
// behind it; beyond it there is no further reoffending, and what is left of E is the fuse of those at constant hazards.
// Mostly the point lies beyond both, and a comparison tells so without a logarithm.
//
// In this order no date depends on what else is going to happen, so that in two worlds with the same links who has the
// same fuse has the same added events as long as neither changes their hazards.
#pragma once

#include "models/partition.hpp"
#include "models/state_events.hpp"
#include "models/thinning.hpp"
#include "models/time_at_risk.hpp"

namespace prisonflow::models {

struct AddedEvent {
  sim::Minute time = sim::kNever;
  Event event = Event::none;
};

class AddedEvents {
 public:
  AddedEvents(const Model& model, const Version& version, sim::StreamKey key, Partition& partition)
      : model_(model), version_(version), key_(key), partition_(partition), risk_(version) {}

  /// Of someone in a linked state from `now` on, where it comes before `bound`, when something else happens. `row`: of
  /// the person. `may`: the person may reoffend. `mark()`: what they lived through, a factor on reoffending.
  template <class Mark>
  [[gnu::always_inline]] AddedEvent first(const Person& person, const StateFacts& facts, const ClockRow& row,
                                          sim::Minute now, bool may, const Mark& mark, std::uint32_t word,
                                          sim::Minute bound) const {
    const float* const more = row.more();
    float most = more[kMoreConstant] * static_cast<float>(bound - now);
    float pace = 0;
    if (may) {
      // A fuse that burns at this pace comes later than the person's own, if it is longer for it.
      pace = more[kMoreReoffending] * mark();
      most += pace * person.fuse;
    }
    if (surely_outlasts(word, most)) return {bound, Event::none};
    return find(person, facts, row, now, static_cast<double>(pace), word, bound);
  }
  /// The word of someone for whom nothing else is drawn.
  [[gnu::noinline]] std::uint32_t drawn(const Person& person, sim::Minute now) const {
    return draw(person, now).word[0];
  }

 private:
  sim::Draws draw(const Person& person, sim::Minute now) const {
    const sim::DrawName name = name_of_added(person, now);
    return sim::draw(key_, name.person, name.occurrence, name.purpose);
  }
  [[gnu::noinline]] AddedEvent find(const Person& person, const StateFacts& facts, const ClockRow& clocks,
                                    sim::Minute now, double pace, std::uint32_t word, sim::Minute bound) const {
    const sim::Draws more = draw(person, now);
    const double point = -sim::log(sim::uniform_of(word));
    const double reoffending = pace > 0 ? pace * static_cast<double>(person.fuse) : 0.0;
    const bool reoffends = point < reoffending;
    const double fuse_of_constant = reoffends ? -sim::log(more.uniform(2)) : point - reoffending;
    const MostAdded added(model_, *version_.states[person.law][person.state], facts, person.state, person.cell,
                          person.waiting);
    AddedEvent first{bound, Event::none};
    if (const sim::Minute date = sim::after(now, fuse_of_constant / added.sum); date < bound) {
      unsigned index = 0;
      first = {date, which_added(added, facts.events, more.uniform(1), index)};
      if (first.event == Event::more_own) {
        partition_.course(partition_.people.records().slot_of(person)).added = static_cast<std::uint8_t>(index & 15u);
      }
    }
    if (!reoffends) return first;
    const sim::Minute date = risk_.reoffending_time(person, clocks, now, point / pace);
    return date < first.time ? AddedEvent{date, Event::more_reoffending} : first;
  }

  const Model& model_;
  const Version& version_;
  sim::StreamKey key_;
  Partition& partition_;
  TimeAtRisk risk_;
};

}  // namespace prisonflow::models
