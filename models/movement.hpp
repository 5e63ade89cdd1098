// Movement: how one person leaves a state, walks through decisions and begins the next stay.
//
// A Mover joins what a partition may read (model, the day's version, yesterday's world) with what it may change (its
// own persons and tallies). Persons do not meet within a day, so nothing here depends on the order of persons.
//
// Every person carries at most one pending event, the earliest of: completion of the stay, milestone, reoffending,
// death, birthday. Constant hazards are kept as dates and stretched when the hazard changes: (date - now) × old / new
// is the unit-exponential fuse in other words, and an unchanged hazard changes no bit. Reoffending has a base hazard
// that varies with the time at risk, so its fuse is kept and burnt down whenever the person is looked at.
#pragma once

#include "models/capacity.hpp"
#include "models/case_counts.hpp"
#include "models/courses.hpp"
#include "models/kinds/kinds.hpp"
#include "models/movement_facts.hpp"
#include "models/new_case.hpp"
#include "models/next_event.hpp"
#include "models/partition.hpp"
#include "models/time_at_risk.hpp"

namespace prisonflow::models {

class Mover {
 public:
  Mover(const Model& model, const MovementFacts& facts, const Version& version, const Feedback& feedback,
        sim::StreamKey key, Partition& partition)
      : model_(model),
        facts_(facts),
        version_(version),
        feedback_(feedback),
        state_facts_(model.facts().data()),
        views_(version.views.data()),
        states_(model.facts().size()),
        courses_(model, version, feedback, key, partition),
        next_(model, facts, version, feedback, key, partition),
        risk_(version),
        key_(key),
        partition_(partition),
        ledger_(partition.ledger.get()) {}

  /// The first half of an event: what ends with it. Returns the state the person sets out for, kNoState when they stay
  /// where they are (a birthday).
  [[gnu::always_inline]] StateIndex set_out(Person& person, sim::Slot slot, sim::Minute now) {
    if (person.event == Event::own && courses_.looks_again(slot)) [[unlikely]]
      return kNoState;
    const StateFacts& facts = facts_of(person.state);
    if (facts.linked && !feedback_.surely_happens(person.state, person.event) && is_spared(person, slot, now))
      return kNoState;
    ++partition_.tallies.events;
    ++partition_.tallies.by_event[person.state][person.event];
    StateIndex to = kNoState;
    switch (person.event) {
      case Event::birthday:
        grow_older(person, slot, now);
        return kNoState;
      case Event::completion:
        to = facts.on_completion;
        break;
      case Event::milestone:
        person.resume = person.state;
        if (facts.events != 0) courses_.leave_for_hearing(person, slot);
        to = facts.on_milestone;
        break;
      case Event::own:
        reckon(person, now);
        to = courses_.carry_out(person, slot);
        if (to == kNoState) return kNoState;
        break;
      case Event::reoffending:
        count_reoffending(person, now, facts_, partition_.tallies);
        break;
      case Event::death:
        to = facts_.dead;
        break;
      default:
        return kNoState;
    }
    leave(person, now);
    return person.event == Event::reoffending ? begin_with_offence(person, slot, now) : to;
  }

  /// Walking up to a state: the round grows when it was visited before in this case, so that no draw is used twice.
  /// Hardly a branch in it: whoever walks here comes in no order, and each would be a guess.
  void walk_up_to(Person& person, const StateFacts& facts, sim::Minute now) const {
    if (facts.change != 0xff) change_class(person, model_.change(facts.change)[person.cell], now);
    const bool convicted = facts.conviction && person.new_convictions < 255;
    person.new_convictions = static_cast<std::uint8_t>(person.new_convictions + convicted);
    if (ledger_ != nullptr && facts.kind == Kind::decision && facts.control != Control::none)
      ledger_->decide(slot_of(person), facts, static_cast<std::uint8_t>(&facts - state_facts_));
    const std::uint32_t visit = facts.visit_mask();
    const bool again = (person.visited & visit) != 0;
    person.round = static_cast<std::uint8_t>(person.round + again);
    person.visited = (again ? 0 : person.visited) | visit;
  }

  /// Whether the pending event of someone in a linked state does not happen today; then the next is drawn.
  bool is_spared(Person& person, sim::Slot slot, sim::Minute now);

  /// Where a decision that a person has walked up to leads them; `word` is of the draw that name_of_draw() names.
  StateIndex decide(const Person& person, StateIndex decision, std::uint32_t word) const {
    const TableView& table = view_of(decision, person.law);
    if (facts_of(decision).linked) return table.targets[feedback_.branch(decision, table, person.cell, word)];
    return table.targets[ShareTable::branch_among(table.thresholds_of(person.cell), table.stride, word)];
  }
  StateIndex only_branch(const Person& person, StateIndex decision) const {
    return view_of(decision, person.law).targets[0];
  }
  void count_entry(const Person& person, StateIndex state) const { partition_.tallies.count_entry(state, person.cell); }
  bool is_open(const Person& person, StateIndex decision) const {
    return view_of(decision, person.law).target_count > 1;
  }
  sim::DrawName name_of_draw(const Person& person, sim::Purpose purpose) const {
    return {person.name, occurrence_of(person), purpose};
  }
  sim::DrawName name_of_death(const Person& person) const { return name_of_draw(person, kDeath); }
  /// The draws that settle() will use, in its order, written from `name` on; returns their end.
  sim::DrawName* names_to_settle(const Person& person, const StateFacts& facts, sim::Minute now,
                                 sim::DrawName* name) const {
    *name++ = name_of_draw(person, facts.purpose);
    if (person.state == kFreeSlot) *name++ = name_of_death(person);
    if (TimeAtRisk::draws_fuse(person, facts)) *name++ = TimeAtRisk::name_of_fuse(person);
    return courses_.names_to_begin(person, facts, now, name);
  }

  /// Takes a person from where they are to `to`, at once.
  sim::Minute move(Person& person, sim::Slot slot, StateIndex to, sim::Minute now) {
    leave(person, now);
    return arrive(person, slot, to, now);
  }

  /// Someone new, whose name, birth, cell and case are set and who is nowhere yet, enters `to`.
  sim::Minute enter_first(Person& person, sim::Slot slot, StateIndex to, sim::Minute now) {
    count_new(person, slot, now);
    return arrive(person, slot, to, now);
  }
  void count_new(const Person& person, sim::Slot slot, sim::Minute now) {
    ++partition_.tallies.created;
    ++partition_.tallies.events;
    if (ledger_ != nullptr) ledger_->begin_person(slot, person, now);
  }

  /// Someone of the initial stock, whose state and clocks are set, is counted in at minute 0. Who is in a state of
  /// limited service starts at its queue. `fuse`: unit-exponential, and `word`: of the draw that name_of_death()
  /// names. `draws`: as Courses::names_to_renew() names them.
  sim::Minute take_over(Person& person, sim::Slot slot, double fuse, std::uint32_t word, const PastStay& past,
                        const sim::Draws* draws) {
    Tallies& tallies = partition_.tallies;
    ++tallies.created;
    tallies.enter(person.state, person.cell, 0);
    const auto hazard = static_cast<double>(row_of(person).death);
    person.death = hazard > 0 ? sim::after(0, fuse / hazard) : sim::kNever;
    const StateFacts& facts = facts_of(person.state);
    if (ledger_ != nullptr) {
      ledger_->begin_person(slot, person, 0);
      ledger_->take_over(slot, facts, person.state);
    }
    if (asks_for_capacity(person, slot, facts, facts_, partition_, 0)) {
      person.waiting = 1;
      if (!facts.runs_while_waiting) person.state_end = person.milestone = sim::kNever;
    }
    if (courses_.any()) courses_.take_over(person, slot, past, draws);
    return next_event_with(person, slot, 0, [word] { return word; });
  }

  /// The second half of an event: a person who has walked up to a state that takes time, or an exit, enters it.
  /// `draws`: those that names_to_settle() named.
  [[gnu::always_inline]] sim::Minute settle(Person& person, sim::Slot slot, StateIndex to, sim::Minute now,
                                            const sim::Draws* draws) {
    Tallies& tallies = partition_.tallies;
    const StateFacts& facts = facts_of(to);
    const bool is_new = person.state == kFreeSlot;
    const StateFacts& before = is_new ? kNowhere : facts_of(person.state);
    count_revocation(person, slot, facts, model_, courses_, tallies);
    Course* course = nullptr;
    bool outside_meanwhile = false, goes_on = false;
    if (courses_.any()) {
      course = &courses_.of_arriving(slot, is_new);
      if (person.keeps_stay || facts.events != 0) {
        outside_meanwhile = person.keeps_stay && courses_.was_outside(*course);
        goes_on = courses_.come_to(person, *course, to, facts, now);
      }
    }
    const bool resumed = person.resume == to || goes_on;
    const float old_death = is_new ? 0.0f : row_of(person).death;
    if (before.held != facts.held) {
      tallies.pass_prison_door(facts.held, to == facts_.dead, person.cell);
      if (facts.held && course != nullptr) courses_.note_admission(*course, now);
    }
    if (before.pretrial && before.held && !(facts.pretrial && facts.held)) tallies.end_pretrial(person.pretrial);
    if (person.facility != kNoFacility && facts.group != before.group) {
      tallies.leave_facility(person.facility, now);
      person.facility = kNoFacility;
    }
    if (facts.kind == Kind::exit) {
      tallies.count_entry(to, person.cell);
      ++tallies.exited;
      if (ledger_ != nullptr) ledger_->close(slot);
      person.state = kFreeSlot;
      partition_.people.remove(slot);
      return sim::kNever;
    }
    tallies.enter(to, person.cell, now, resumed ? 0 : 1);
    if (ledger_ != nullptr) ledger_->enter(slot, facts, static_cast<std::uint8_t>(to), now);
    const sim::Draws& clocks = *draws++;
    const sim::Draws& death = is_new ? *draws++ : clocks;
    const sim::Draws& fuse = *draws;
    if (TimeAtRisk::draws_fuse(person, facts)) ++draws;
    begin_risk(person, slot, before, facts, now, outside_meanwhile, fuse);
    const TableView& table = view_of(to, person.law);
    const ClockRow& row = table.rows[person.cell];
    person.state = static_cast<std::uint8_t>(to);
    person.last = now;
    if (facts.kind != Kind::delay && facts.kind != Kind::service) person.resume = kNoResume;
    if (is_new) {
      person.death = exponential_after(now, static_cast<double>(row.death), death.uniform53(0));
    } else {
      change_death(person, now, old_death, row.death);
    }
    const bool waits = asks_for_capacity(person, slot, facts, facts_, partition_, now);
    person.waiting = waits ? 1 : 0;
    if (waits && !facts.runs_while_waiting) {
      person.state_end = sim::kNever;
      person.milestone = sim::kNever;
    } else {
      begin_clocks(person, course, facts, table, row, now, resumed, clocks);
    }
    if (goes_on || facts.events != 0) courses_.begin(person, *course, facts, table, row, goes_on, now, draws);
    return next_.find(person, course, facts, row, now, [&] { return clocks.word[3]; });
  }

  /// The earliest of all that may happen to a person whose clocks are set.
  sim::Minute next_event(Person& person, sim::Slot slot, sim::Minute now) const {
    return next_event_with(person, slot, now, [&] { return next_.drawn(person, now); });
  }
  /// Someone stays where they are: whether next_event_of_staying() finds what is next, once names_to_stay() are drawn.
  bool draws_to_stay(const Person& person) const { return facts_of(person.state).linked || person.event == Event::own; }
  /// The draws that next_event_of_staying() will use, written from `name` on; returns their end.
  sim::DrawName* names_to_stay(const Person& person, sim::Minute now, sim::DrawName* name) const {
    if (person.event == Event::own) name = courses_.names_to_renew(person, now, name);
    if (facts_of(person.state).linked) *name++ = name_of_added(person, now);
    return name;
  }
  sim::Minute next_event_of_staying(Person& person, sim::Slot slot, sim::Minute now, const sim::Draws* draws) {
    if (person.event == Event::own) {
      courses_.renew(person, slot, now, draws);
      draws += facts_of(person.state).rate_events;
    }
    return next_event_with(person, slot, now, [draws] { return draws->word[0]; });
  }

  /// Burns the fuse down to `now` and brings pretrial time up to date, while the person stays where they are.
  void reckon(Person& person, sim::Minute now) const {
    const StateFacts& facts = facts_of(person.state);
    if (facts.pretrial && facts.held) person.pretrial += now - person.last;
    if (facts.at_risk) burn(person, now);
    person.last = now;
  }

  /// The date of death after the hazard changed. Whom death could not reach for a time gets a fuse of their own for the
  /// state they are in: to draw the first one again would make them immortal for as long as they lived with it before.
  void change_death(Person& person, sim::Minute now, float old_hazard, float new_hazard) const {
    person.death = stretch(person.death, now, old_hazard, new_hazard, [&] {
      return drawn(name_of_draw(person, kDeath ^ facts_of(person.state).purpose)).uniform53(0);
    });
  }
  /// Breach, or leaving for good, after its hazard changed.
  void change_milestone(Person& person, sim::Minute now, float old_hazard, float new_hazard) const {
    const StateFacts& facts = facts_of(person.state);
    if (facts.kind != Kind::supervision && facts.kind != Kind::liberty) return;
    sim::Minute& date = facts.kind == Kind::supervision ? person.milestone : person.state_end;
    date = stretch(date, now, old_hazard, new_hazard,
                   [&] { return drawn(name_of_draw(person, kMilestone ^ facts.purpose)).uniform(0); });
  }

  /// Whether the clocks of the stay run: not before capacity is given, but for a term that goes on meanwhile.
  bool is_running(const Person& person) const { return !person.waiting || facts_of(person.state).runs_while_waiting; }

  /// Starts the clocks of someone who was waiting: capacity was given at `start`, events happen from `now` on. `draws`:
  /// of the clocks, and in a linked state what feedback adds.
  sim::Minute begin_waiting_stay(Person& person, sim::Slot slot, sim::Minute start, sim::Minute now,
                                 const sim::Draws* draws) {
    person.waiting = 0;
    reckon(person, now);  // the fuse has burnt in the queue too
    const StateFacts& facts = facts_of(person.state);
    const TableView& table = view_of(person.state, person.law);
    if (!facts.runs_while_waiting) {
      Course* const course = courses_.any() ? &courses_.of(slot) : nullptr;
      begin_clocks(person, course, facts, table, table.rows[person.cell], start, false, *draws);
      if (person.state_end < now) person.state_end = now;
      if (person.milestone < now) person.milestone = now;
    }
    if (facts.events != 0) courses_.begin_with_capacity(person, slot, start, now);
    return next_event_with(person, slot, now, [draws] { return draws[1].word[0]; });
  }

  const StateFacts& facts_of(std::size_t state) const { return state_facts_[state]; }
  const ClockRow& row_of(const Person& person) const { return view_of(person.state, person.law).rows[person.cell]; }
  const TableView& view_of(std::size_t state, std::size_t law) const { return views_[law * states_ + state]; }
  const StateTable& table_of(std::size_t state, std::size_t law) const { return *version_.states[law][state]; }
  Partition& partition() { return partition_; }
  const Tallies& tallies() const { return partition_.tallies; }
  sim::StreamKey key() const { return key_; }
  std::size_t states() const { return states_; }
  const MovementFacts& movement_facts() const { return facts_; }
  const Feedback& feedback() const { return feedback_; }
  Courses& courses() { return courses_; }
  const Ledger* ledger() const { return ledger_; }

  static constexpr sim::Purpose kDeath = sim::purpose("death");
  static constexpr sim::Purpose kMilestone = sim::purpose("milestone");

 private:
  static constexpr StateFacts kNowhere{};

  template <class Word>
  sim::Minute next_event_with(Person& person, sim::Slot slot, sim::Minute now, const Word& word) const {
    const TableView& view = view_of(person.state, person.law);
    return next_.find(person, courses_.any() ? &courses_.of(slot) : nullptr, facts_of(person.state),
                      view.rows[person.cell], now, word);
  }

  sim::Slot slot_of(const Person& person) const { return partition_.people.records().slot_of(person); }

  void burn(Person& person, sim::Minute now) const {
    const ClockRow& row = row_of(person);
    if (TimeAtRisk::may_reoffend(person, facts_of(person.state), row)) risk_.burn(person, row, now);
  }

  sim::Draws drawn(const sim::DrawName& name) const {
    return sim::draw(key_, name.person, name.occurrence, name.purpose);
  }

  /// Where somebody who has left for reoffending sets out for: the offence begins a new case, or joins theirs.
  StateIndex begin_with_offence(Person& person, sim::Slot slot, sim::Minute now) {
    const bool joins = courses_.any() && courses_.join_offence(person, slot, now);
    const float old_death = row_of(person).death;
    if (!joins) begin_case(person, model_, facts_, version_, key_);
    ++partition_.tallies.new_cases[person.cell];  // of one that joins the offences count, and the case goes on
    if (joins) {
      if (ledger_ != nullptr) ledger_->join(slot);
      return facts_of(person.state).on_new_offence;
    }
    if (ledger_ != nullptr) ledger_->begin_case(slot, person, now);
    change_death(person, now, old_death, row_of(person).death);  // the class is another
    return facts_.new_case;
  }

  [[gnu::always_inline]] void leave(Person& person, sim::Minute now) {
    const StateFacts& facts = facts_of(person.state);
    partition_.tallies.leave(person.state, person.cell, now);
    if (ledger_ != nullptr) ledger_->leave(slot_of(person), facts, now);
    if (facts.pretrial && facts.held) person.pretrial += now - person.last;
    if (facts.at_risk) burn(person, now);
    if (facts.service != 0xff) {
      const std::uint8_t service = service_of(facts, person.cell, facts_);
      if (person.waiting) {
        --partition_.tallies.services[service].waiting;
      } else {
        partition_.freed.push_back(Freed{now, service});
      }
    }
    person.waiting = 0;
  }

  /// Walks a person through decisions and lets them settle, one by one; models/day_walk.hpp does it for many.
  sim::Minute arrive(Person& person, sim::Slot slot, StateIndex to, sim::Minute now) {
    const StateFacts* facts = &facts_of(to);
    walk_up_to(person, *facts, now);
    while (facts->kind == Kind::decision) {
      count_entry(person, to);
      to = is_open(person, to) ? decide(person, to, drawn(name_of_draw(person, facts->purpose)).word[0])
                               : only_branch(person, to);
      facts = &facts_of(to);
      walk_up_to(person, *facts, now);
    }
    constexpr std::size_t kMostDraws = 20;  // the clocks, death, the fuse, sixteen events
    sim::DrawName names[kMostDraws];
    const sim::DrawName* const end = names_to_settle(person, *facts, now, names);
    sim::Draws draws[kMostDraws];
    for (std::ptrdiff_t i = 0; i < end - names; ++i) draws[i] = drawn(names[i]);
    return settle(person, slot, to, now, draws);
  }

  /// A time at risk begins with supervision or liberty after anything else; the fuse is drawn once a case.
  void begin_risk(Person& person, sim::Slot slot, const StateFacts& before, const StateFacts& facts, sim::Minute now,
                  bool outside_meanwhile, const sim::Draws& fuse) {
    const auto outside = [](const StateFacts& state) {
      return state.kind == Kind::supervision || state.kind == Kind::liberty;
    };
    const bool first = person.fuse == kFuseNotDrawn;  // of this case
    if (TimeAtRisk::draws_fuse(person, facts)) {
      risk_.light_fuse(person, fuse.uniform53(0));
      if (feedback_.marks_released()) courses_.mark_fuse(person, slot);
    }
    if (!outside(facts) || ((outside(before) || outside_meanwhile) && !first)) return;
    if (person.resume != kNoResume && outside(facts_of(person.resume))) return;
    person.clock = now;
    person.released = before.kind == Kind::custody && !before.pretrial && person.state != kFreeSlot ? 1 : 0;
    if (!person.released) return;
    ++partition_.tallies.cohorts[facts_.month_of(now)].released;
    if (feedback_.marks_released()) courses_.mark_release(person, slot, now);
  }

  void begin_clocks(Person& person, Course* course, const StateFacts& facts, const TableView& table,
                    const ClockRow& row, sim::Minute now, bool resumed, const sim::Draws& draws) {
    Stay stay{.person = person,
              .facts = facts,
              .row = row,
              .clocks = table.clock_of_cell(person.cell, model_.region_stride()),
              .draws = draws,
              .now = now,
              .pace = facts.paced ? feedback_.today(person.state, person.cell).duration : 1.0,
              .resumed = resumed,
              .course = course};
    begin_stay(facts.kind, stay);
  }

  /// Someone under way, whose last state is left behind, is of another class from now on.
  void change_class(Person& person, Cell cell, sim::Minute now) const;

  void grow_older(Person& person, sim::Slot slot, sim::Minute now);

  const Model& model_;
  const MovementFacts& facts_;
  const Version& version_;
  const Feedback& feedback_;
  const StateFacts* state_facts_;
  const TableView* views_;
  std::size_t states_;
  Courses courses_;
  NextEvents next_;
  TimeAtRisk risk_;
  sim::StreamKey key_;
  Partition& partition_;
  Ledger* ledger_;  ///< null where no other world is compared
};

}  // namespace prisonflow::models
