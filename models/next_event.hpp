// The next event of a person whose clocks are set: the earliest of all that may happen to them.
#pragma once

#include "models/added_events.hpp"
#include "models/feedback.hpp"
#include "models/movement_facts.hpp"
#include "models/partition.hpp"
#include "models/time_at_risk.hpp"

namespace prisonflow::models {

class NextEvents {
 public:
  NextEvents(const Model& model, const MovementFacts& facts, const Version& version, const Feedback& feedback,
             sim::StreamKey key, Partition& partition)
      : facts_(facts),
        risk_(version),
        added_(model, version, key, partition),
        marks_released_(feedback.marks_released()) {}

  /// Sets the kind of a person's next event and returns its minute. `course`: null where the scenario keeps none.
  /// `more`: the person's row of StateTable::more. `uniform()`: in a linked state a number nobody else uses.
  template <class Uniform>
  [[gnu::always_inline]] sim::Minute find(Person& person, const Course* course, const StateFacts& facts,
                                          const float* more, const ClockRow& row, sim::Minute now,
                                          const Uniform& uniform) const {
    sim::Minute time = person.death;
    Event event = Event::death;
    const auto earlier = [&](sim::Minute candidate, Event kind) {
      event = candidate < time ? kind : event;
      time = std::min(candidate, time);
    };
    earlier(person.state_end, Event::completion);
    earlier(person.milestone, Event::milestone);
    if (facts.events != 0) earlier(course->due, Event::own);
    const bool may = TimeAtRisk::may_reoffend(person, facts, row);
    // The fuse is what was left when the person was last looked at.
    if (may)
      earlier(risk_.reoffending_time(person, row, person.last, static_cast<double>(person.fuse)), Event::reoffending);
    const sim::Minute band_end = facts_.band_end[person.cell];
    if (band_end != sim::kNever) earlier(std::max(person.birth + band_end, now + 1), Event::birthday);
    // Last, so that mostly a comparison tells that it comes too late.
    if (facts.linked) {
      const AddedEvent added = added_.first(
          person, facts, row, more, now, may, [&] { return marks_released_ ? course->mark : 1.0f; }, uniform(), time);
      earlier(added.time, added.event);
    }
    person.event = time == sim::kNever ? Event::none : event;
    return time;
  }
  /// A number for someone in a linked state for whom nothing else is drawn.
  double drawn(const Person& person, sim::Minute now) const { return added_.drawn(person, now); }

 private:
  const MovementFacts& facts_;
  TimeAtRisk risk_;
  AddedEvents added_;
  bool marks_released_;
};

}  // namespace prisonflow::models
