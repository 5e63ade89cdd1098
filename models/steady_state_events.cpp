// Stays in which a state's own events compete with completion: the rules of models/state_events.hpp in expectation.
//
// Between the dates on which something must happen (hearings, reviews, an end) everything else is a constant hazard, so
// a stay is a row of exponential pieces. Drawn lengths are taken at nodes whose shares are corrected so that exactly
// the persons who last that long are present on every date.
#include <algorithm>
#include <cmath>

#include "models/steady_state_case.hpp"
#include "sim/numerics.hpp"

namespace prisonflow::models {

namespace {

constexpr double kFewOfEntered = 1e-11;  ///< share of those who entered: no further date is reckoned
constexpr std::size_t kMostDates = 2000;

/// Of dates after each of which a share stays: how many until too few are there.
std::size_t dates_until_few(double back) {
  if (back <= kFewOfEntered) return 1;
  if (back >= 1) return kMostDates;
  return std::min(static_cast<std::size_t>(sim::log(kFewOfEntered) / sim::log(back)) + 1, kMostDates);
}

}  // namespace

/// The events of the state that lead elsewhere, and a joined offence.
void CaseSolver::find_events(CaseNode node) {
  const StateFacts& facts = *here_.facts;
  const StateTable& table = *tables_[here_.state];
  const auto timed = [&](const Remembered& later) {
    return later.remaining || later.left || later.unserved || (later.pretrial && graph_.earns_credit(here_.state));
  };
  events_.resize(std::max<std::size_t>(events_.size(), facts.events + 1u));
  for (std::size_t number = 0; number < facts.events; ++number) {
    const EventFacts& own = model_.events()[facts.first_event + number];
    if (own.to == kNoState || own.while_waiting) continue;
    const EventNumbers& numbers = table.events[number];
    OwnEvent event;
    event.number = number;
    event.timing = own.timing;
    if (own.timing == Timing::rate) event.hazard = static_cast<double>(numbers.hazards[here_.outcome->cell]);
    event.time = numbers.times_of(here_.outcome->cell, model_.region_stride()).time;
    event.timed = timed(graph_.at_event(node, number));
    for (const Route& route : walk(here_.variant, own.to).routes) {
      if (stays_as_before(route)) event.back += route.share;
    }
    event.leads_back = graph_.leads_back(own.to, here_.state);
    events_[number].remember(graph_.at_event(node, number));
    here_.events.push_back(event);
  }
  if (facts.on_new_offence == kNoState || !facts.at_risk) return;
  OwnEvent joined;
  joined.number = facts.events;
  joined.timed = timed(graph_.at_event(node, joined.number));
  joined.joined = true;
  events_[joined.number].remember(graph_.at_event(node, joined.number));
  here_.events.push_back(joined);
}

void CaseSolver::dispatch_events() {
  const StateIndex state = here_.state;
  for (const OwnEvent& event : here_.events) {
    if (event.joined) {
      dispatch(events_[event.number], here_.facts->on_new_offence, kNoState, state);
    } else {
      dispatch(events_[event.number], model_.events()[here_.facts->first_event + event.number].to,
               graph_.by_event(state), state);
    }
  }
}

/// Minutes until release by law.
double CaseSolver::release_of(const Atom& atom) const {
  return std::max(atom.remaining - (1.0 - here_.clocks->automatic_release) * atom.unserved, sim::kLeastMinutes);
}

/// When an event with a date happens first, sim::kInfinity if never. Nothing happens at or after the end.
double CaseSolver::first_date(const Atom& atom, const OwnEvent& event, double end) const {
  const bool newcomer = !here_.resumed && !here_.came_back;
  const auto once = [&](double time) {
    if (time > 0) return time;
    return newcomer || !event.leads_back ? sim::kLeastMinutes : sim::kInfinity;
  };
  switch (event.timing) {
    case Timing::rate:
      break;
    case Timing::after:
      return std::max(event.time, sim::kLeastMinutes);
    case Timing::after_pretrial:
      return once(event.time - atom.pretrial);
    case Timing::at:
      if (here_.facts->kind == Kind::custody) return once(atom.remaining - (1.0 - event.time) * atom.unserved);
      return newcomer && end < sim::kInfinity ? std::max(event.time * end, sim::kLeastMinutes) : sim::kInfinity;
  }
  return sim::kInfinity;
}

void CaseSolver::find_hearings(const Atom& atom, double end) {
  const double parole = static_cast<double>(here_.row->milestone);
  if (here_.facts->kind != Kind::custody || here_.facts->clock == Clock::duration || !(parole > 0)) return;
  const double retry = std::max(here_.clocks->parole_retry, sim::kLeastMinutes);
  const double first = atom.remaining - (1.0 - parole) * atom.unserved;
  double hearing = std::max(first, sim::kLeastMinutes);
  if (here_.resumed) hearing = retry;
  // Hearings went on while somebody was away for an event.
  if (here_.came_back && first <= 0) hearing = first + retry * (std::floor(-first / retry) + 1.0);
  const std::size_t most = dates_.size() + dates_until_few(here_.back);
  for (; hearing < end && dates_.size() < most; hearing += retry) dates_.push_back({hearing, nullptr});
}

/// All dates of a stay until `end`, in order.
void CaseSolver::find_dates(const Atom& atom, double end) {
  dates_.clear();
  find_hearings(atom, end);
  for (const OwnEvent& event : here_.events) {
    if (event.timing == Timing::rate) continue;
    double date = first_date(atom, event, end);
    const std::size_t most = dates_.size() + dates_until_few(event.back);
    for (; date < end && dates_.size() < most; date += event.time) {
      dates_.push_back({date, &event});
      if (event.timing != Timing::after) break;
    }
  }
  const bool in_order = std::is_sorted(dates_.begin(), dates_.end(),
                                       [](const FixedDate& a, const FixedDate& b) { return a.minutes < b.minutes; });
  if (in_order) return;
  std::stable_sort(dates_.begin(), dates_.end(),
                   [](const FixedDate& a, const FixedDate& b) { return a.minutes < b.minutes; });
}

/// Those present from `from` on leave by constant hazards for `length` minutes.
void CaseSolver::leave_by_hazards(const Atom& atom, const HazardGroup& group, double present, double from,
                                  double length) {
  double hazard = group.hazard + here_.breach * (1.0 - here_.back);
  for (const OwnEvent& event : here_.events) hazard += event.hazard * (1.0 - event.back);
  const double minutes = present * stay_of(length, hazard).minutes;
  stayed(atom, group, minutes);
  const Atom members = advanced(part_of(atom, group.member, 1.0), from);
  if (here_.breach > 0) {
    const bool leaves = here_.facts->kind == Kind::liberty;
    leave_in_time(leaves ? completion_ : milestone_, leaves ? here_.timed_completion : here_.timed_milestone, members,
                  here_.breach * minutes, hazard, length, 1);
  }
  for (const OwnEvent& event : here_.events) {
    const double rate = event.joined ? group.reoffending : event.hazard;
    if (!(rate > 0)) continue;
    Atom leaving = members;
    // A joined offence lights a new fuse: who reoffended may be among those who never will again.
    if (event.joined) leaving.weight = {members.total() * (1.0 - never_), members.total() * never_};
    leave_in_time(events_[event.number], event.timed, leaving, rate * minutes, hazard, length, 1);
  }
}

/// A stay that ends after so many minutes at the latest.
void CaseSolver::stay_until(const Atom& atom, const HazardGroup& group, double end) {
  find_dates(atom, end);
  double hazard = group.hazard + here_.breach * (1.0 - here_.back);
  for (const OwnEvent& event : here_.events) hazard += event.hazard * (1.0 - event.back);
  const Atom members = part_of(atom, group.member, 1.0);
  double now = 0;
  double present = 1;
  for (const FixedDate& date : dates_) {
    if (present < kFewOfEntered) break;
    leave_by_hazards(atom, group, present, now, date.minutes - now);
    present *= stay_of(date.minutes - now, hazard).completion;
    now = date.minutes;
    AtomBins& bins = date.event == nullptr ? milestone_ : events_[date.event->number];
    bins.add(part_of(advanced(members, now), {1.0, 1.0}, present));
    present *= date.event == nullptr ? here_.back : date.event->back;
  }
  if (present < kFewOfEntered) return;
  leave_by_hazards(atom, group, present, now, end - now);
  if (end == sim::kInfinity) return;
  present *= stay_of(end - now, hazard).completion;
  completion_.add(part_of(advanced(members, end), {1.0, 1.0}, present));
}

/// The law of the length drawn here, with corners at the lengths at which a date is just reached.
std::vector<LawNode> CaseSolver::lengths_between_dates(const Atom& atom) {
  const double factor = static_cast<double>(here_.row->factor);
  const bool term = here_.facts->kind == Kind::custody && here_.facts->clock == Clock::term;
  const double credit = term ? atom.pretrial * here_.clocks->pretrial_credit : 0.0;
  const double released = term ? here_.clocks->automatic_release : 1.0;
  const sim::Distribution& law = here_.clocks->law;
  const double longest = law.quantile((1.0 - law.never()) * (1.0 - 1e-12)) * factor;
  std::vector<double> corners;
  for (const OwnEvent& event : here_.events) {
    if (event.timing != Timing::after && event.timing != Timing::after_pretrial) continue;
    double date = first_date(atom, event, sim::kInfinity);
    for (; date < longest && corners.size() < 200; date += event.time) {
      corners.push_back((date + credit) / std::max(released, 1e-9));
      if (event.timing != Timing::after) break;
    }
  }
  std::sort(corners.begin(), corners.end());
  // The finer the fewer draw from it; beyond the last of 36 halvings is less than 1e-10 of the law.
  const std::size_t atoms = atoms_.size();
  return nodes_between(law, factor, corners, atoms <= 4 ? 36 : atoms <= 40 ? 12 : 5);
}

void CaseSolver::stay_with_events(const Atom& atom, const HazardGroup& group) {
  const StateFacts& facts = *here_.facts;
  const bool goes_on = here_.resumed || here_.came_back;
  const auto drawn = [&](auto&& begin) {
    for (const LawNode& node : lengths_between_dates(atom)) {
      Atom one = part_of(atom, {1.0, 1.0}, node.share);
      begin(one, node.minutes);
    }
    if (const double never = here_.clocks->law.never(); never > 0) {
      stay_until(part_of(atom, {1.0, 1.0}, never), group, sim::kInfinity);
    }
  };
  if (here_.goes_on) return stay_until(atom, group, std::max(atom.left, sim::kLeastMinutes));
  if (facts.kind == Kind::liberty || facts.clock == Clock::none) return stay_until(atom, group, sim::kInfinity);
  if (facts.clock == Clock::duration) {
    return drawn([&](Atom& one, double length) {
      one.left = length;
      stay_until(one, group, length);
    });
  }
  if (facts.kind == Kind::supervision) {
    if (facts.clock != Clock::term || goes_on)
      return stay_until(atom, group, std::max(atom.remaining, sim::kLeastMinutes));
    const double passed = atom.unserved - atom.remaining;
    return drawn([&](Atom& one, double length) {
      one.remaining = length;
      one.unserved = length + passed;
      stay_until(one, group, length);
    });
  }
  if (goes_on || facts.clock == Clock::proceed) return stay_until(atom, group, release_of(atom));
  if (facts.clock == Clock::remainder) {
    Atom recalled = atom;
    recalled.unserved = recalled.remaining = std::max(atom.unserved, sim::kLeastMinutes);
    return stay_until(recalled, group, release_of(recalled));
  }
  drawn([&](Atom& one, double length) {
    one.unserved = length;
    one.remaining = length - atom.pretrial * here_.clocks->pretrial_credit;
    stay_until(one, group, release_of(one));
  });
}

}  // namespace prisonflow::models
