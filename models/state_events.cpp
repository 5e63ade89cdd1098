// See the header.
#include "models/state_events.hpp"

#include "models/stay.hpp"
#include "models/thinning.hpp"

namespace prisonflow::models {

namespace {

/// The first minute after `now` of those that lie whole multiples of `step` after `from`.
sim::Minute next_multiple(sim::Minute from, double step, sim::Minute now) {
  const double passed = static_cast<double>(now) - static_cast<double>(from);
  const double multiple = std::max(static_cast<double>(static_cast<std::int64_t>(passed / step)), 0.0);
  for (double count = multiple > 1 ? multiple - 1 : 1;; ++count) {
    const sim::Minute date = sim::after(from, count * step);
    if (date > now) return date;
  }
}

}  // namespace

sim::Draws drawn_alone(sim::StreamKey key, const sim::DrawName& name) {
  return sim::draw(key, name.person, name.occurrence, name.purpose);
}

sim::Minute date_in_running_stay(double time, unsigned index, sim::Minute now, Course& course) {
  // What recurs and falls due on this very minute is still to come, but for the one that has just happened.
  const bool one_happened = course.due == sim::kNever;
  const bool may_be_now = course.due == now || (one_happened && index != course.next);
  const sim::Minute date = next_multiple(course.since, std::max(time, 1.0), may_be_now ? now - 1 : now);
  const auto bit = static_cast<std::uint16_t>(1u << index);
  if (date == now) course.happened |= bit;
  const bool overdue = (course.happened & bit) != 0;
  return overdue ? now + 1 : date;
}

bool is_held_back(const Model& model, const Feedback& feedback, sim::StreamKey key, sim::Minute now,
                  const Person& person, const Course& course) {
  constexpr sim::Purpose kThinning = sim::purpose("thinning");
  const bool added = person.event == Event::more_own;
  const std::size_t number = model.facts()[person.state].first_event + std::size_t{added ? course.added : course.next};
  if (!model.events()[number].linked) return false;
  const double today = feedback.event_today(number, person.cell);
  if (!added && today >= 1.0) return false;
  const double greatest = feedback.event_greatest(number, person.cell);
  const double chance = added ? (today - 1.0) / (greatest - 1.0) : today;
  const sim::Draws draws =
      sim::draw(key, person.name, static_cast<std::uint32_t>(now), kThinning ^ model.events()[number].purpose);
  return draws.uniform(0) >= chance;
}

void restore_happened(const Model& model, const StateFacts& facts, Course& course) {
  course.happened = 0;
  for (unsigned index = 0; index < facts.events; ++index) {
    if (!happens_once(model.events()[facts.first_event + index].timing)) continue;
    course.happened |= static_cast<std::uint16_t>(course.kept_happened & 1u << index);
  }
}

std::uint16_t happened_before(const Model& model, const StateTable& table, sim::Minute now, const Person& person,
                              const Course& course) {
  const StateFacts& facts = model.facts()[person.state];
  unsigned happened = 0;
  for (unsigned index = 0; index < facts.events; ++index) {
    const EventFacts& event = model.events()[facts.first_event + index];
    if (!happens_once(event.timing)) continue;
    const double time = table.events[index].times_of(person.cell, model.region_stride()).time;
    if (due_once(facts, event.timing, time, now, person, course) <= now) happened |= 1u << index;
  }
  return static_cast<std::uint16_t>(happened);
}

bool events_differ(const StateTable& before, Cell cell_before, const StateTable& after, Cell cell_after) {
  const bool same_table = &before == &after;
  for (std::size_t index = 0; index < after.events.size(); ++index) {
    const EventNumbers& old_numbers = before.events[index];
    const EventNumbers& new_numbers = after.events[index];
    if (!same_table && old_numbers.times != new_numbers.times) return true;
    if (!new_numbers.hazards.empty() && old_numbers.hazards[cell_before] != new_numbers.hazards[cell_after])
      return true;
  }
  return false;
}

void go_on_with_stay(const StateFacts& facts, sim::Minute now, Person& person, const Course& course) {
  if (facts.kind == Kind::liberty) return;     // leaving is memoryless, and drawn anew
  if (course.kept_end == sim::kNever) return;  // for life, or of the initial population
  const bool has_term = facts.clock != Clock::duration;
  if (!has_term) person.state_end = not_before_next(course.kept_end, now);
  if (facts.kind != Kind::custody || !has_term) return;
  person.state_end = not_before_next(course.kept_end, now);
  person.milestone = not_before_next(course.kept_milestone, now);
}

void end_term_with_case(const StateFacts& facts, sim::Minute now, const Person& person, Course& course) {
  if (course.sentenced && course.older == 0 && person.term_end > now && person.term_end != sim::kNever) {
    // As for a recall: outside, the whole of what was unserved when supervised release began.
    const sim::Minute from = facts.kind == Kind::custody ? now : person.clock;
    course.older = std::max(person.term_end - from, 1);
  }
  course.sentenced = false;
  course.back_to = kNoResume;
  course.lost = course.delayed = 0;
  course.joined = 0;
  course.mark = 1;
}

}  // namespace prisonflow::models
