// See the header.
#include "models/initial_stay.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/stay.hpp"

namespace prisonflow::models {

namespace {

constexpr double kMinutesPerYear = sim::kDaysPerYear * sim::kMinutesPerDay;

/// To the nearest minute.
sim::Minute minutes(double time) {
  if (time >= static_cast<double>(sim::kEndOfTime)) return sim::kNever;
  const double shifted = std::max(time, -static_cast<double>(sim::kEndOfTime)) + 0.5;
  const auto whole = static_cast<sim::Minute>(shifted);
  return whole - (static_cast<double>(whole) > shifted ? 1 : 0);  // the floor, also before minute 0
}

}  // namespace

struct InitialStay::Attempt {
  const StayGroup& past;
  const sim::Draws& stay;
  double length;
  const sim::Draws& moment;
  const ClockRow& row;
  Person& person;
  sim::Minute& begun;
  bool resumed;
  bool at_risk;  ///< may reoffend here
  bool last;

  /// Whether something had ended the stay before, by its chance to last that long.
  bool ended(double chance) const { return !last && moment.uniform(2) >= chance; }
};

InitialStay::InitialStay(const Model& model, std::size_t state, const StateTable& table, const ReturnChances& returning,
                         const LengthsMet& lengths)
    : model_(model),
      facts_(model.facts()[state]),
      table_(table),
      returning_(returning),
      lengths_(lengths),
      state_(state),
      resumable_(facts_.kind != Kind::delay && facts_.kind != Kind::service),
      draws_length_(lengths.any()) {
  bool dated = false;
  for (std::size_t event = 0; event < facts_.events; ++event) {
    const EventFacts& own = model.events()[facts_.first_event + event];
    has_events_ = has_events_ || own.to != kNoState;
    dated = dated || (own.to != kNoState && own.timing != Timing::rate);
  }
  memoryless_ = !dated;
  if (!facts_.at_risk) return;
  const Version& version = model.versions().front();
  reoffending_ = &version.reoffending[version.law]->time;
  memoryless_ = reoffending_->memoryless() && !dated;
}

bool InitialStay::attempt(const StayGroup& past, const sim::Draws& stay, double length, const sim::Draws& moment,
                          bool last, Person& person, sim::Minute& begun) const {
  const Attempt attempt{.past = past,
                        .stay = stay,
                        .length = length,
                        .moment = moment,
                        .row = table_.rows[person.cell],
                        .person = person,
                        .begun = begun,
                        .resumed = resumed(past),
                        .at_risk = facts_.at_risk && past.susceptible,
                        .last = last};
  if (!kept(attempt)) return false;
  if (facts_.kind == Kind::supervision) {
    person.milestone = exponential_after(0, static_cast<double>(attempt.row.milestone), moment.uniform(3));
  } else if (facts_.kind == Kind::liberty) {
    person.state_end = exponential_after(0, static_cast<double>(attempt.row.milestone), stay.uniform(3));
  }
  return true;
}

bool InitialStay::kept(const Attempt& attempt) const {
  if (facts_.kind == Kind::liberty || (facts_.kind == Kind::custody && facts_.clock == Clock::none)) {
    return without_end(attempt);
  }
  if (facts_.kind == Kind::custody && facts_.clock != Clock::duration) return term_in_custody(attempt);
  return until_an_end(attempt);
}

/// The chance that no competing event ended the stay within `elapsed` minutes.
double InitialStay::survival(const Attempt& attempt, double elapsed) const {
  const ClockRow& row = attempt.row;
  double hazard = static_cast<double>(row.death) * elapsed;
  if (facts_.kind == Kind::supervision) {
    hazard += static_cast<double>(row.milestone) * (1.0 - returning_.hearing[attempt.person.cell]) * elapsed;
  }
  if (attempt.at_risk) hazard += static_cast<double>(row.reoffending) * reoffending_->cumulative_hazard(elapsed);
  return sim::exp(-hazard);
}

/// The chance that none of the state's own events took the person elsewhere within `elapsed` minutes, from what was
/// left and unserved of the term as the stay began.
double InitialStay::survival_of_events(const Attempt& attempt, double elapsed, double remaining,
                                       double unserved) const {
  if (!has_events_) return 1.0;
  const Cell cell = attempt.person.cell;
  const bool newcomer = !attempt.resumed && !came_back(attempt.past);
  double chance = 1.0;
  const auto pass = [&](double date, double back) {
    if (date <= 0 && newcomer) date = 1.0;
    if (date > 0 && date <= elapsed) chance *= back;
  };
  for (std::size_t number = 0; number < facts_.events; ++number) {
    const EventFacts& own = model_.events()[facts_.first_event + number];
    if (own.to == kNoState || own.while_waiting) continue;
    const EventNumbers& numbers = table_.events[number];
    const double time = numbers.times_of(cell, model_.region_stride()).time;
    const double back = returning_.events[number][cell];
    switch (own.timing) {
      case Timing::rate:
        chance *= sim::exp(-static_cast<double>(numbers.hazards[cell]) * (1.0 - back) * elapsed);
        break;
      case Timing::after:
        for (double date = time; date > 0 && date <= elapsed && chance > 0; date += time) chance *= back;
        break;
      case Timing::at:
        pass(facts_.kind == Kind::custody ? remaining - (1.0 - time) * unserved
             : newcomer                   ? time * remaining
                                          : -1.0,
             back);
        break;
      case Timing::after_pretrial:
        pass(time - attempt.past.pretrial, back);
        break;
    }
  }
  return chance;
}

PastStay InitialStay::past_of(const StayGroup& past, sim::Minute begun) const {
  PastStay stay{.begun = begun};
  const auto states = static_cast<StateIndex>(model_.facts().size());
  if (past.hearing == kNoState || past.hearing < states || came_back(past)) return stay;
  stay.back_to = static_cast<std::uint8_t>(past.hearing - states);
  if (past.left > 0) stay.kept_end = minutes(past.left + static_cast<double>(begun));
  return stay;
}

double InitialStay::drawn_length(const Attempt& attempt) const {
  if (!draws_length_) return 1.0;
  return std::max(attempt.length * static_cast<double>(attempt.row.factor), 1.0);
}

/// What lies behind a person who entered `elapsed` minutes ago.
void InitialStay::set_past(const Attempt& attempt, double elapsed) const {
  attempt.begun = minutes(-elapsed);
  attempt.person.pretrial = minutes(attempt.past.pretrial + (facts_.pretrial && facts_.held ? elapsed : 0.0));
}

/// delay, service, custody with a duration, supervision.
bool InitialStay::until_an_end(const Attempt& attempt) const {
  double unserved = attempt.past.unserved;
  double remaining = attempt.past.remaining;
  double length = 0;
  const bool goes_on = attempt.resumed || came_back(attempt.past);
  if (facts_.clock == Clock::term && !goes_on) {
    const double passed = std::max(unserved - remaining, 0.0);
    length = remaining = drawn_length(attempt);
    unserved = remaining + passed;
  } else if (facts_.clock == Clock::duration) {
    length = attempt.past.left > 0 ? attempt.past.left : drawn_length(attempt);
    if (!(unserved > 0) && !(remaining > 0)) unserved = remaining = length;
  } else {
    length = remaining = std::max(remaining, 1.0);
  }
  const double elapsed = attempt.moment.uniform53(0) * length;
  if (attempt.ended(survival(attempt, elapsed) * survival_of_events(attempt, elapsed, remaining, unserved)))
    return false;
  set_past(attempt, elapsed);
  Person& person = attempt.person;
  person.state_end = std::max(minutes(length - elapsed), 1);
  person.term_end = minutes(remaining - elapsed);
  person.clock = minutes(remaining - elapsed - std::max(unserved, remaining));
  return true;
}

/// A running term: hearings, refused ones followed by the next, until release.
bool InitialStay::term_in_custody(const Attempt& attempt) const {
  const StayGroup& past = attempt.past;
  Person& person = attempt.person;
  const Clocks& clocks =
      table_.clocks.size() == 1 ? table_.clocks.front() : table_.clock_of_cell(person.cell, model_.region_stride());
  const bool back_from_event = came_back(past);
  const bool drawn = facts_.clock == Clock::term && !attempt.resumed && !back_from_event;
  double unserved = std::max(past.unserved, 1.0);
  double remaining =
      facts_.clock == Clock::remainder && !attempt.resumed && !back_from_event ? unserved : past.remaining;
  double credit = 0;
  if (drawn) {
    unserved = drawn_length(attempt);
    credit = past.pretrial * clocks.pretrial_credit;
    remaining = unserved - credit;
  }
  unserved = std::max(unserved, remaining);
  const double release = std::max(remaining - (1.0 - clocks.automatic_release) * unserved, 1.0);
  // A drawn term is biased by its length until release, of which the credit was served elsewhere.
  const double longest = drawn ? std::max(unserved * clocks.automatic_release, 1.0) : release;
  const double elapsed = attempt.moment.uniform53(0) * longest - (longest > credit ? credit : 0.0);
  const double retry = std::max(clocks.parole_retry, 1.0);
  const auto parole = static_cast<double>(attempt.row.milestone);
  double hearing = std::numeric_limits<double>::infinity();
  if (parole > 0) {
    const double first = remaining - (1.0 - parole) * unserved;
    hearing = attempt.resumed ? retry : std::max(first, 1.0);
    // Hearings went on while the person was away for an event.
    if (back_from_event && first <= 0) hearing = first + retry * (std::floor(-first / retry) + 1.0);
  }
  double chance = elapsed < 0 || elapsed > release ? 0.0 : survival(attempt, elapsed);
  while (hearing <= elapsed && hearing < release) {
    chance *= returning_.hearing[person.cell];
    hearing += retry;
  }
  if (attempt.ended(chance * survival_of_events(attempt, elapsed, remaining, unserved))) return false;
  attempt.begun = minutes(-elapsed);
  person.pretrial = minutes(past.pretrial);
  person.term_end = std::max(minutes(remaining - elapsed), 1);
  person.clock = person.term_end - minutes(unserved);
  person.state_end = std::max(minutes(release - elapsed), 1);
  person.milestone = hearing < release ? std::max(minutes(hearing - elapsed), 1) : sim::kNever;
  return true;
}

/// Liberty and life sentences: no end of its own.
bool InitialStay::without_end(const Attempt& attempt) const {
  // Nothing remembers how long it has lasted when every hazard is constant.
  if (facts_.kind == Kind::liberty && (memoryless_ || !attempt.at_risk)) return true;
  const ClockRow& row = attempt.row;
  const double leaving =
      static_cast<double>(row.death) + (facts_.kind == Kind::liberty ? static_cast<double>(row.milestone) : 0);
  const double longest = 50 * kMinutesPerYear;
  const double elapsed = leaving > 0 ? std::min(-sim::log(attempt.stay.uniform53(0)) / leaving, longest) : 0.0;
  // Death and leaving are in the draw already; reoffending is left to accept.
  const double reoffending = survival(attempt, elapsed) / sim::exp(-static_cast<double>(row.death) * elapsed) *
                             survival_of_events(attempt, elapsed, 0, 0);
  if (attempt.ended(reoffending)) return false;
  set_past(attempt, elapsed);
  attempt.person.clock = minutes(-elapsed);
  attempt.person.term_end = sim::kNever;
  return true;
}

}  // namespace prisonflow::models
