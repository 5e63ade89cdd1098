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

/// A function of its own: most are drawn with many others.
[[gnu::noinline]] sim::Draws drawn_alone(sim::StreamKey key, const sim::DrawName& name) {
  return sim::draw(key, name.person, name.occurrence, name.purpose);
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

void draw_events(const Model& model, const StateTable& table, sim::StreamKey key, sim::Minute now, DrawEvents how,
                 const sim::Draws* draws, const Person& person, Course& course) {
  const StateFacts& facts = model.facts()[person.state];
  const EventFacts* event = model.events().data() + facts.first_event;
  // What recurs and falls due on this very minute is still to come, but for the one that has just happened.
  const bool due_now = course.due == now;
  const bool one_happened = course.due == sim::kNever;
  const unsigned which = course.next;
  course.due = sim::kNever;
  const auto horizon = static_cast<double>(sim::start_of(model.days())) - static_cast<double>(now);
  const auto consider = [&](sim::Minute date, unsigned index) {
    if (date >= course.due) return;
    course.due = date;
    course.next = static_cast<std::uint8_t>(index & 15u);
  };
  for (unsigned index = 0; index < facts.events; ++index, ++event) {
    const EventNumbers& numbers = table.events[index];
    const sim::Draws* const own = draws;
    if (event->timing == Timing::rate && draws != nullptr) ++draws;
    if (event->while_waiting != static_cast<bool>(person.waiting)) continue;
    if (event->timing == Timing::rate) {
      const auto hazard = static_cast<double>(numbers.hazards[person.cell]);
      if (!(hazard > 0)) continue;
      const double uniform = (own != nullptr ? *own : drawn_alone(key, name_of_event(person, how, now, *event)))
                                 .uniform53(how == DrawEvents::by_visit ? 0 : 1);
      // What comes after another event, or the end of the run, does not matter.
      const double bound = std::min(horizon, static_cast<double>(course.due) - static_cast<double>(now));
      if (surely_after(uniform, hazard, bound)) continue;
      consider(exponential_after(now, hazard, uniform), index);
      continue;
    }
    const double time = numbers.times_of(person.cell, model.region_stride()).time;
    const auto bit = static_cast<std::uint16_t>(1u << index);
    if (event->timing == Timing::after) {
      if (course.since == now) {  // the stay begins, or goes on after a time away
        consider(sim::after(now, std::max(time, 1.0)), index);
        continue;
      }
      const bool may_be_now = due_now || (one_happened && index != which);
      const sim::Minute date = next_multiple(course.since, std::max(time, 1.0), may_be_now ? now - 1 : now);
      if (date == now) course.happened |= bit;
      const bool overdue = (course.happened & bit) != 0;
      consider(overdue ? now + 1 : date, index);
    } else if ((course.happened & bit) == 0) {
      consider(not_before_next(due_once(facts, event->timing, time, now, person, course), now), index);
    }
  }
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

StateIndex carry_out_event(const Model& model, const StateTable& table, Person& person, Course& course) {
  const StateFacts& facts = model.facts()[person.state];
  const EventFacts& event = model.events()[facts.first_event + course.next];
  const EventNumbers::Times& times = table.events[course.next].times_of(person.cell, model.region_stride());
  const unsigned bit = 1u << course.next;
  course.happened =
      static_cast<std::uint16_t>(happens_once(event.timing) ? course.happened | bit : course.happened & ~bit);
  course.due = sim::kNever;  // so that draw_events() knows
  if (times.delays_parole > 0) {
    const auto by = static_cast<sim::Minute>(times.delays_parole + 0.5);
    course.delay(by);
    if (person.milestone != sim::kNever) person.milestone = sim::after(person.milestone, by);
  }
  if (times.loses_remission > 0 && person.state_end < person.term_end) {
    const sim::Minute end = std::min(sim::after(person.state_end, times.loses_remission), person.term_end);
    course.lose(end - person.state_end);
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
