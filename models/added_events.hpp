// The events that feedback adds to a person's own (models/thinning.hpp): the first of them all, from one draw.
//
// Those at constant hazards are one process at the sum of their greatest additions, of whose events each belongs to one
// of them by its share; further reoffending burns a fuse of its own. Mostly neither comes before what the person is
// going to have anyway, and a comparison tells so without a logarithm.
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

/// What entering a state draws beside the clocks: its events at a rate, and what feedback adds. Writes from `name` on.
inline sim::DrawName* names_of_more(const Model& model, const Person& person, const StateFacts& facts, sim::Minute now,
                                    sim::DrawName* name) {
  const EventFacts* const events = model.events().data() + facts.first_event;
  for (const EventFacts* event = events; event != events + facts.events; ++event) {
    if (event->timing == Timing::rate) *name++ = name_of_event(person, DrawEvents::by_visit, now, *event);
  }
  if (facts.linked) *name++ = name_of_added(person, now);
  return name;
}

class AddedEvents {
 public:
  AddedEvents(const Model& model, const Version& version, const Feedback& feedback, sim::StreamKey key,
              Partition& partition)
      : model_(model), version_(version), feedback_(feedback), key_(key), partition_(partition), risk_(version) {}

  /// The first of someone in a linked state, from `now` on, where it comes before `bound`. `may`: the person may
  /// reoffend. `draws`: what name_of_added() names, null where it is not drawn yet. A function of its own, so that it
  /// costs nothing where there is no link.
  [[gnu::noinline]] AddedEvent first(const Person& person, sim::Slot slot, const StateFacts& facts, const ClockRow& row,
                                     sim::Minute now, bool may, const sim::Draws* draws, sim::Minute bound) const {
    const sim::Draws own = draws != nullptr ? *draws : draw(person, now);
    AddedEvent first{bound, Event::none};
    const TableView& view = version_.views[person.law * model_.facts().size() + person.state];
    const auto most = static_cast<double>(view.added[person.cell]);
    const bool as_waiting = person.waiting && facts.added_by_waiting;
    if (as_waiting || !surely_after(own.uniform(0), most, static_cast<double>(bound) - static_cast<double>(now)))
      add_constant(person, slot, facts, now, own, first);
    if (!may) return first;
    const double more = feedback_.greatest(person.state, person.cell).reoffending - 1;
    if (!(more > 0)) return first;
    const double pace = more * (feedback_.marks_released() ? static_cast<double>(partition_.courses[slot].mark) : 1.0);
    // A fuse that burns at this pace comes later than the person's own, if it is longer for it.
    const double uniform = own.uniform(2);
    if (surely_after(uniform, pace, static_cast<double>(person.fuse))) return first;
    const sim::Minute date = risk_.reoffending_time(person, row, now, -sim::log(uniform) / pace);
    if (date < first.time) first = {date, Event::more_reoffending};
    return first;
  }

 private:
  [[gnu::noinline]] sim::Draws draw(const Person& person, sim::Minute now) const {
    const sim::DrawName name = name_of_added(person, now);
    return sim::draw(key_, name.person, name.occurrence, name.purpose);
  }
  [[gnu::noinline]] void add_constant(const Person& person, sim::Slot slot, const StateFacts& facts, sim::Minute now,
                                      const sim::Draws& draws, AddedEvent& first) const {
    const MostAdded added(model_, *version_.states[person.law][person.state], facts, person.state, person.cell,
                          person.waiting);
    const sim::Minute date = exponential_after(now, added.sum, draws.uniform(0));
    if (date >= first.time) return;
    unsigned index = 0;
    first = {date, which_added(added, facts.events, draws.uniform(1), index)};
    if (first.event == Event::more_own) partition_.courses[slot].added = static_cast<std::uint8_t>(index & 15u);
  }

  const Model& model_;
  const Version& version_;
  const Feedback& feedback_;
  sim::StreamKey key_;
  Partition& partition_;
  TimeAtRisk risk_;
};

}  // namespace prisonflow::models
