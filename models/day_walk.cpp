// See the header.
#include "models/day_walk.hpp"

#include <algorithm>

#include "models/names.hpp"

namespace prisonflow::models {

namespace {

constexpr sim::Purpose kTraitsOfNewcomer = sim::purpose("traits of a newcomer");
constexpr sim::Purpose kFurtherTraits = sim::purpose("further traits of a newcomer");
constexpr sim::Purpose kMoreOfNewcomer = sim::purpose("age and hour of a newcomer");
constexpr std::size_t kAhead = 8;      // persons ahead whose lines are fetched
constexpr std::size_t kNear = 4;       // … when a line that was fetched says which other one is needed
constexpr std::uint16_t kEvents = 16;  // room for Event beside a state in a group

constexpr std::uint16_t group_of(std::uint8_t state, Event event) {
  return static_cast<std::uint16_t>(state * kEvents + static_cast<unsigned>(event));
}
constexpr std::uint16_t state_of(std::uint16_t group) {
  return group / kEvents;
}
constexpr Event event_of(std::uint16_t group) {
  return static_cast<Event>(group % kEvents);
}

/// Both lines over which a course may lie, on the page of the person. Asked for where much is reckoned between one
/// person and the next: to fetch them along with the persons of a piece would wait for memory.
[[gnu::always_inline]] inline void fetch_course(Mover& mover, sim::Slot slot) {
  if (!mover.courses().any()) return;
  const Course& course = mover.courses().of(slot);
  sim::prefetch(&course.due);
  sim::prefetch(&course.inside_since);
}

/// A person's next event; whoever calls this brings it into the calendar.
[[gnu::always_inline]] inline sim::Due note_next(Person& person, sim::Slot slot, sim::Minute at) {
  person.pending = at;
  return sim::Due::at(at, slot);
}

/// Fetch what a person's next step will read beside the person. The course is still near when they settle; the ledger
/// is read by those alone whose control changes or whose case ends.
[[gnu::always_inline]] inline void fetch_for_leaving(Mover& mover, const Person& person, const Walker& walker) {
  mover.tallies().prefetch(person.state, person.cell);
  fetch_course(mover, walker.slot);
  if (mover.ledger() == nullptr) return;
  const bool leaves_control = mover.facts_of(state_of(walker.group)).control != Control::none;
  const Event event = event_of(walker.group);
  if ((leaves_control && event != Event::birthday) || event == Event::reoffending)
    mover.ledger()->prefetch(walker.slot);
}
/// … for those whose case will be closed: the ledger's line of an open case says where it goes.
[[gnu::always_inline]] inline void fetch_for_closing(const Mover& mover, sim::Slot slot, bool closes) {
  if (closes && mover.ledger() != nullptr) mover.ledger()->prefetch_place(slot);
}
[[gnu::always_inline]] inline void fetch_for_decision(const Mover& mover, const Person& person, StateIndex decision) {
  mover.tallies().prefetch(decision, person.cell);
  sim::prefetch_to_read(mover.view_of(decision, person.law).thresholds_of(person.cell));
}
[[gnu::always_inline]] inline void fetch_for_settling(const Mover& mover, const Person& person, sim::Slot slot,
                                                      StateIndex to) {
  if (mover.ledger() != nullptr) mover.ledger()->prefetch(slot);
  mover.tallies().prefetch(to, person.cell);
  const TableView& view = mover.view_of(to, person.law);
  if (view.rows.first != nullptr) sim::prefetch_to_read(&view.rows[person.cell]);  // an exit has none
  if (person.state != kFreeSlot) sim::prefetch_to_read(&mover.row_of(person));     // of the state that was left
}

}  // namespace

/// Sends walkers to the end of one of two lists, by what they stand before: those who must decide, and those who have
/// arrived. `walkers`: how many there are at most.
class DayWalk::Router {
 public:
  Router(const Mover& mover, WalkerRolls& rolls, std::size_t walkers)
      : mover_(mover),
        rolls_(rolls),
        deciding_(rolls.deciding.open(walkers)),
        arriving_(rolls.arriving.open(walkers)),
        name_deciding_(rolls.names_deciding.open(walkers)),
        name_arriving_(rolls.names_arriving.open(mover.movement_facts().draws_to_settle * walkers)) {}

  void route(Person& person, Walker walker) {
    const StateFacts* facts = &mover_.facts_of(walker.to);
    mover_.walk_up_to(person, *facts, walker.now);
    while (facts->kind == Kind::decision) {
      if (mover_.is_open(person, walker.to)) {
        fetch_for_decision(mover_, person, walker.to);
        *name_deciding_++ = mover_.name_of_draw(person, facts->purpose);
        *deciding_++ = walker;
        return;
      }
      mover_.count_entry(person, walker.to);
      walker.to = mover_.only_branch(person, walker.to);
      facts = &mover_.facts_of(walker.to);
      mover_.walk_up_to(person, *facts, walker.now);
    }
    fetch_for_settling(mover_, person, walker.slot, walker.to);
    walker.group = walker.to;
    walker.draw = static_cast<std::uint32_t>(name_arriving_ - rolls_.names_arriving.begin());
    name_arriving_ = mover_.names_to_settle(person, *facts, walker.now, name_arriving_);
    *arriving_++ = walker;
  }

  /// Those who must decide, until the next call to route().
  std::size_t close_deciding() {
    rolls_.deciding.close(deciding_);
    rolls_.names_deciding.close(name_deciding_);
    deciding_ = rolls_.deciding.data();
    name_deciding_ = rolls_.names_deciding.data();
    return rolls_.deciding.size();
  }
  void close_arriving() {
    rolls_.arriving.close(arriving_);
    rolls_.names_arriving.close(name_arriving_);
  }

 private:
  const Mover& mover_;
  WalkerRolls& rolls_;
  Walker* deciding_;
  Walker* arriving_;
  sim::DrawName* name_deciding_;
  sim::DrawName* name_arriving_;
};

void DayWalk::run(sim::Day day) {
  Walker* due = nullptr;
  const auto take = [&due](const Person& person, sim::Slot slot, sim::Minute now) {
    const std::uint16_t group = group_of(person.state, person.event);
    *due++ = Walker{slot, now, kNoState, group, 0};
  };
  std::size_t left = people_.open_day(day);
  do {
    const std::size_t count = left < kWalkersOfPiece + kWalkersOfPiece / 2 ? left : kWalkersOfPiece;
    due = rolls_.due.open(count);
    people_.take_opened(count, take);
    rolls_.due.close(due);
    walk();
    left -= count;
  } while (left > 0);
  while (people_.late_events() > 0) {
    due = rolls_.due.open(people_.late_events());
    people_.take_late(take);
    rolls_.due.close(due);
    walk();
  }
}

void DayWalk::put_in_order(const Roll<Walker>& walkers, std::size_t groups, Roll<Walker>& into) {
  rolls_.starts.assign(groups + 1, 0);
  std::uint32_t* const starts = rolls_.starts.data();
  for (const Walker& walker : walkers) ++starts[walker.group + 1];
  for (std::size_t group = 1; group < groups; ++group) starts[group] += starts[group - 1];
  Walker* const ordered = into.open(walkers.size());
  for (const Walker& walker : walkers) ordered[starts[walker.group]++] = walker;
  into.close(ordered + walkers.size());
}

const sim::Draws* DayWalk::draw_all(const Roll<sim::DrawName>& names) {
  sim::Draws* const draws = rolls_.draws.open(names.size());
  sim::draw_many(mover_.key(), names.begin(), names.size(), draws);
  return draws;
}

void DayWalk::walk() {
  put_in_order(rolls_.due, mover_.states() * kEvents, rolls_.due_in_order);
  Router router = set_out();
  for (const Walker& newcomer : rolls_.newcomers) router.route(people_[newcomer.slot], newcomer);
  rolls_.newcomers.close(rolls_.newcomers.data());
  decide(router);
  settle();
}

DayWalk::Router DayWalk::set_out() {
  const Walker* const end = rolls_.due_in_order.end();
  const std::size_t count = rolls_.due_in_order.size();
  Router router(mover_, rolls_, count + rolls_.newcomers.size());
  const auto people = people_.records();
  // Those who stay, until what they draw is drawn for all.
  Walker* staying = rolls_.staying.open(count);
  sim::DrawName* name = rolls_.names_staying.open(mover_.movement_facts().draws_to_settle * count);
  sim::Due* next = rolls_.next.open(count);
  const Walker* const begin = rolls_.due_in_order.begin();
  for (const Walker* walker = begin; walker != begin + std::min(kAhead, count); ++walker) {
    fetch_for_leaving(mover_, people[walker->slot], *walker);
  }
  for (const Walker* walker = begin; walker != end; ++walker) {
    if (end - walker > static_cast<std::ptrdiff_t>(kAhead)) {
      fetch_for_leaving(mover_, people[walker[kAhead].slot], walker[kAhead]);
      fetch_for_closing(mover_, walker[kNear].slot, event_of(walker[kNear].group) == Event::reoffending);
    }
    Person& person = people[walker->slot];
    const StateIndex to = mover_.set_out(person, walker->slot, walker->now);
    if (to == kNoState) {
      if (mover_.draws_to_stay(person)) [[unlikely]] {
        *staying = *walker;
        staying++->draw = static_cast<std::uint32_t>(name - rolls_.names_staying.begin());
        name = mover_.names_to_stay(person, walker->now, name);
        continue;
      }
      *next++ = note_next(person, walker->slot, mover_.next_event(person, walker->slot, walker->now));
    } else {
      router.route(person, Walker{walker->slot, walker->now, to, 0, 0});
    }
  }
  rolls_.staying.close(staying);
  rolls_.names_staying.close(name);
  const sim::Draws* const draws = draw_all(rolls_.names_staying);
  for (const Walker& walker : rolls_.staying) {
    Person& person = people[walker.slot];
    *next++ = note_next(person, walker.slot,
                        mover_.next_event_of_staying(person, walker.slot, walker.now, draws + walker.draw));
  }
  people_.schedule_noted(rolls_.next.begin(), next);
  return router;
}

void DayWalk::decide(Router& router) {
  const auto people = people_.records();
  while (const std::size_t count = router.close_deciding()) {
    const sim::Draws* const draws = draw_all(rolls_.names_deciding);
    const Walker* const deciding = rolls_.deciding.begin();
    for (std::size_t i = 0; i < count; ++i) {
      Walker walker = deciding[i];  // whose place may be taken by one who decides again
      Person& person = people[walker.slot];
      mover_.count_entry(person, walker.to);
      walker.to = mover_.decide(person, walker.to, draws[i].word[0]);
      router.route(person, walker);
    }
  }
  router.close_arriving();
}

void DayWalk::settle() {
  put_in_order(rolls_.arriving, mover_.states(), rolls_.in_order);
  const Roll<Walker>& arriving = rolls_.in_order;
  const sim::Draws* const draws = draw_all(rolls_.names_arriving);
  const auto people = people_.records();
  sim::Due* next = rolls_.next.open(arriving.size());
  for (const Walker* walker = arriving.begin(); walker != arriving.end(); ++walker) {
    if (arriving.end() - walker > static_cast<std::ptrdiff_t>(kNear)) {
      fetch_for_closing(mover_, walker[kNear].slot, mover_.facts_of(walker[kNear].to).kind == Kind::exit);
    }
    Person& person = people[walker->slot];
    *next++ = note_next(person, walker->slot,
                        mover_.settle(person, walker->slot, walker->to, walker->now, draws + walker->draw));
  }
  people_.schedule_noted(rolls_.next.begin(), next);
}

void DayWalk::carry_out_grants(sim::Minute midnight) {
  Partition& partition = mover_.partition();
  Walker* const first = rolls_.arriving.open(partition.grants.size());
  Walker* beginning = first;
  sim::DrawName* name = rolls_.names_arriving.open(2 * partition.grants.size());
  const Grant* const end = partition.grants.data() + partition.grants.size();
  for (const Grant& grant : partition.grants) {
    if (end - &grant > static_cast<std::ptrdiff_t>(kAhead)) sim::prefetch(&people_[(&grant)[kAhead].slot]);
    Person& person = people_[grant.slot];
    if (person.state == kFreeSlot || person.name != grant.name) continue;
    if (grant.facility != kNoFacility) {
      if (person.facility != grant.from) continue;
      if (grant.from != kNoFacility) partition.tallies.leave_facility(grant.from, midnight);
      person.facility = grant.facility;
      partition.tallies.enter_facility(grant.facility, midnight);
    }
    if (!grant.begins || !person.waiting) continue;
    const StateFacts& facts = mover_.facts_of(person.state);
    if (grant.facility == kNoFacility && facts.service != 0xff) {
      --partition.tallies.services[service_of(facts, person.cell, mover_.movement_facts())].waiting;
    }
    person.waiting = 0;  // a second grant of the same night finds them served
    ++partition.tallies.events;
    *name++ = mover_.name_of_draw(person, facts.purpose);
    if (facts.linked) *name++ = name_of_added(person, midnight);
    *beginning++ = Walker{grant.slot, grant.start, person.state, 0, 0};
  }
  partition.grants.clear();
  rolls_.names_arriving.close(name);
  const sim::Draws* draws = draw_all(rolls_.names_arriving);
  sim::Due* next = rolls_.next.open(static_cast<std::size_t>(beginning - first));
  for (const Walker* walker = first; walker != beginning; ++walker) {
    Person& person = people_[walker->slot];
    *next++ =
        note_next(person, walker->slot, mover_.begin_waiting_stay(person, walker->slot, walker->now, midnight, draws));
    draws += mover_.facts_of(walker->to).linked ? 2 : 1;
  }
  people_.schedule_noted(rolls_.next.begin(), next);
}

void DayWalk::let_in_newcomers(const Model& model, const ArrivalProcess& process, const ArrivalSegment& segment,
                               std::uint32_t count, sim::Day day, std::uint8_t law, std::uint32_t partitions) {
  const Cells& cells = model.cells();
  const sim::Date date = sim::add_days(model.scenario().start, day);
  // Four traits, then two beside the age and the hour, then four that many scenarios do not have.
  constexpr std::size_t kEarlyTraits = 6;
  const bool further =
      std::any_of(cells.sizes.begin() + kEarlyTraits, cells.sizes.end(), [](std::uint16_t size) { return size > 1; });
  const std::size_t each = further ? 3 : 2;
  struct DrawnTrait {
    const ShareTable* shares;
    std::uint32_t size;
    std::uint8_t draw, word;
  };
  DrawnTrait drawn[kTraits];
  DrawnTrait* end_drawn = drawn;
  for (std::size_t trait = 0; trait < kTraits; ++trait) {
    if (cells.sizes[trait] == 1) continue;
    const unsigned draw = trait < 4 ? 0 : trait < kEarlyTraits ? 1 : 2;
    constexpr std::size_t kFirst[] = {0, 4, kEarlyTraits};
    *end_drawn++ = {&(*segment.mix)[trait].shares, cells.sizes[trait], static_cast<std::uint8_t>(draw),
                    static_cast<std::uint8_t>(trait - kFirst[draw])};
  }
  sim::DrawName* name = rolls_.names_arriving.open(each * count);
  for (std::uint32_t place = 0; place < count; ++place) {
    const std::uint64_t person = newcomer_name(process.name, date, place);
    if (partition_of(person, partitions) != mover_.partition().index) continue;
    *name++ = {person, 0, kTraitsOfNewcomer};
    *name++ = {person, 0, kMoreOfNewcomer};
    if (further) *name++ = {person, 0, kFurtherTraits};
  }
  rolls_.names_arriving.close(name);
  const sim::Draws* const draws = draw_all(rolls_.names_arriving);
  const sim::DrawName* const names = rolls_.names_arriving.begin();
  const std::size_t newcomers = rolls_.names_arriving.size() / each;
  Walker* walker = rolls_.newcomers.extend(newcomers);
  for (std::size_t i = 0; i < newcomers; ++i) {
    const sim::Draws* const own = draws + each * i;
    const sim::Draws& more = own[1];
    // The row of a trait is the cell so far, the labels of the earlier traits in mixed radix (mix_row()).
    std::uint32_t cell = 0;
    for (const DrawnTrait* trait = drawn; trait != end_drawn; ++trait) {
      cell = cell * trait->size + trait->shares->branch(cell, own[trait->draw].word[trait->word]);
    }
    const sim::Minute now = sim::start_of(day) + static_cast<sim::Minute>(more.uniform(3) * sim::kMinutesPerDay);
    const sim::Slot slot = people_.add();
    fetch_course(mover_, slot);
    Person& person = people_[slot];
    make_person(model, mover_.movement_facts(), names[each * i].person, static_cast<Cell>(cell), more.uniform(2), now,
                person);
    person.law = law;
    mover_.count_new(person, slot, now);
    *walker++ = Walker{slot, now, process.to, 0, 0};
  }
  rolls_.newcomers.close(walker);
}

}  // namespace prisonflow::models
