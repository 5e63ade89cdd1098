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
  /// `row`: of the person in the state they are in. `word()`: in a linked state one of a draw, that nobody else uses.
  template <class Word>
  [[gnu::always_inline]] sim::Minute find(Person& person, const Course* course, const StateFacts& facts,
                                          const ClockRow& row, sim::Minute now, const Word& word) const {
    // Each date in one number with what it is, so that the least is found without a guess; of one minute the first
    // here.
    static constexpr Event kRanks[8] = {Event::death, Event::completion,  Event::milestone,
                                        Event::own,   Event::reoffending, Event::birthday};
    const auto ranked = [](std::int64_t date, int rank) { return date * 8 + rank; };
    std::int64_t soonest =
        std::min({ranked(person.death, 0), ranked(person.state_end, 1), ranked(person.milestone, 2)});
    if (facts.events != 0) soonest = std::min(soonest, ranked(course->due, 3));
    const bool may = TimeAtRisk::may_reoffend(person, facts, row);
    // The fuse is what was left when the person was last looked at.
    if (may) {
      soonest = std::min(soonest,
                         ranked(risk_.reoffending_time(person, row, person.last, static_cast<double>(person.fuse)), 4));
    }
    const std::int64_t birthday = person.birth + facts_.birthday[person.cell];
    soonest = std::min(soonest, ranked(std::max(birthday, std::int64_t{now} + 1), 5));
    auto time = static_cast<sim::Minute>(soonest >> 3);
    Event event = kRanks[soonest & 7];
    // Last, so that mostly a comparison tells that it comes too late.
    if (facts.linked) {
      const AddedEvent added = added_.first(
          person, facts, row, now, may, [&] { return marks_released_ ? course->mark : 1.0f; }, word(), time);
      if (added.time < time) {
        time = added.time;
        event = added.event;
      }
    }
    person.event = time == sim::kNever ? Event::none : event;
    return time;
  }
  /// A word for someone in a linked state for whom nothing else is drawn.
  std::uint32_t drawn(const Person& person, sim::Minute now) const { return added_.drawn(person, now); }

 private:
  const MovementFacts& facts_;
  TimeAtRisk risk_;
  AddedEvents added_;
  bool marks_released_;
};

}  // namespace prisonflow::models
