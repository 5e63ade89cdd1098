// See the header.
#include "models/state_events.hpp"

#include "models/stay.hpp"

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

/// When the first event that feedback may add happens, at the greatest hazard that it may add.
sim::Minute added_date(sim::StreamKey key, const Person& person, sim::Minute now, sim::Purpose event, double hazard) {
  constexpr sim::Purpose kAdded = sim::purpose("added by feedback");
  if (!(hazard > 0)) return sim::kNever;
  const sim::Draws draws = sim::draw(key, person.name, static_cast<std::uint32_t>(now), kAdded ^ event);
  return exponential_after(now, hazard, draws.uniform53(0));
}

bool happens_once(Timing timing) {
  return timing == Timing::at || timing == Timing::after_pretrial;
}

/// When an event that happens once falls due, perhaps in the past.
sim::Minute due_once(const StateFacts& facts, Timing timing, double time, sim::Minute now, const Person& person,
                     const Course& course) {
  if (timing == Timing::after_pretrial) {
    const double left = time - static_cast<double>(person.pretrial);
    return left > 0 ? sim::after(now, left) : now;
  }
  return part_way(facts.kind == Kind::custody ? person.clock : course.begun, person.term_end, time);
}
}  // namespace

void set_next_event(const Model& model, const Feedback& feedback, const StateTable& table, sim::StreamKey key,
                    sim::Minute now, const Person& person, Course& course) {
  const StateFacts& facts = model.facts()[person.state];
  // Those due on this very minute are still to come, but for the one that has just happened.
  const bool due_now = course.due == now;
  const bool one_happened = course.due == sim::kNever;
  const std::uint8_t which = course.next;
  course.due = sim::kNever;
  for (std::uint8_t index = 0; index < facts.events; ++index) {
    const EventFacts& event = model.events()[facts.first_event + index];
    if (event.while_waiting != static_cast<bool>(person.waiting)) continue;
    const EventNumbers& numbers = table.events[index];
    if ((course.happened >> index & 1u) != 0) continue;
    const double time = numbers.times_of(model.region_of(person.cell)).time;
    sim::Minute date = sim::kNever;
    switch (event.timing) {
      case Timing::rate: {
        const auto drawn_at = static_cast<std::uint32_t>(course.drawn_at);
        const auto occurrence = course.drawn_by_visit ? occurrence_of(person) : drawn_at;
        const sim::Draws draws = sim::draw(key, person.name, occurrence, event.purpose);
        const auto hazard = static_cast<double>(numbers.hazards[person.cell]);
        date = exponential_after(course.drawn_at, hazard, draws.uniform53(course.drawn_by_visit ? 0 : 1));
        if (!event.linked) break;
        const double most = feedback.event_greatest(facts.first_event + std::size_t{index}, person.cell);
        const sim::Minute more = added_date(key, person, now, event.purpose, hazard * (most - 1));
        if (more < std::min(course.due, date)) {
          course.due = more;
          course.next = index;
          course.added = true;
        }
        break;
      }
      case Timing::after:
        date = next_multiple(course.since, std::max(time, 1.0),
                             due_now || (one_happened && index != which) ? now - 1 : now);
        date = not_before_next(date, now);
        break;
      case Timing::at:
      case Timing::after_pretrial:
        date = not_before_next(due_once(facts, event.timing, time, now, person, course), now);
        break;
    }
    if (date < course.due) {
      course.due = date;
      course.next = index;
      course.added = false;
    }
  }
}

bool is_held_back(const Model& model, const Feedback& feedback, sim::StreamKey key, sim::Minute now,
                  const Person& person, const Course& course) {
  constexpr sim::Purpose kThinning = sim::purpose("thinning");
  const std::size_t number = model.facts()[person.state].first_event + std::size_t{course.next};
  if (!model.events()[number].linked) return false;
  const double today = feedback.event_today(number, person.cell);
  if (!course.added && today >= 1.0) return false;
  const double greatest = feedback.event_greatest(number, person.cell);
  const double chance = course.added ? (today - 1.0) / (greatest - 1.0) : today;
  const sim::Draws draws =
      sim::draw(key, person.name, static_cast<std::uint32_t>(now), kThinning ^ model.events()[number].purpose);
  return draws.uniform(0) >= chance;
}

std::uint16_t happened_before(const Model& model, const StateTable& table, sim::Minute now, const Person& person,
                              const Course& course) {
  const StateFacts& facts = model.facts()[person.state];
  unsigned happened = 0;
  for (unsigned index = 0; index < facts.events; ++index) {
    const EventFacts& event = model.events()[facts.first_event + index];
    if (!happens_once(event.timing)) continue;
    const double time = table.events[index].times_of(model.region_of(person.cell)).time;
    if (due_once(facts, event.timing, time, now, person, course) <= now) happened |= 1u << index;
  }
  return static_cast<std::uint16_t>(happened);
}

StateIndex carry_out_event(const Model& model, const StateTable& table, Person& person, Course& course) {
  const StateFacts& facts = model.facts()[person.state];
  const EventFacts& event = model.events()[facts.first_event + course.next];
  const EventNumbers::Times& times = table.events[course.next].times_of(model.region_of(person.cell));
  if (happens_once(event.timing)) course.happened |= static_cast<std::uint16_t>(1u << course.next);
  course.due = sim::kNever;  // so that set_next_event() knows
  if (times.delays_parole > 0) {
    const auto by = static_cast<sim::Minute>(times.delays_parole + 0.5);
    course.delayed += by;
    if (person.milestone != sim::kNever) person.milestone = sim::after(person.milestone, by);
  }
  if (times.loses_remission > 0 && person.state_end < person.term_end) {
    const sim::Minute end = std::min(sim::after(person.state_end, times.loses_remission), person.term_end);
    course.lost += end - person.state_end;
    person.state_end = end;
  }
  return event.to;
}

bool events_differ(const StateTable& before, Cell cell_before, const StateTable& after, Cell cell_after) {
  for (std::size_t index = 0; index < after.events.size(); ++index) {
    const EventNumbers& old_numbers = before.events[index];
    const EventNumbers& new_numbers = after.events[index];
    if (old_numbers.times != new_numbers.times) return true;
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
