// What happens to few people or seldom, out of the way of the event loop. See the header.
#include "models/movement.hpp"

namespace prisonflow::models {

bool Mover::is_spared(Person& person, sim::Slot slot, sim::Minute now) {
  if (person.event == Event::own || person.event == Event::more_own) return courses_.is_held_back(person, slot, now);
  double fuse = 0;
  if (happens_today(feedback_, key_, person, facts_of(person.state).kind, now, fuse)) {
    person.event = plain_event(person.event);
    return false;
  }
  if (person.event == Event::death) {
    person.death = sim::after(now, fuse / static_cast<double>(row_of(person).death));
  } else if (person.event == Event::milestone) {
    person.milestone = sim::after(now, fuse / static_cast<double>(row_of(person).milestone));
  } else if (person.event == Event::reoffending) {
    reckon(person, now);
    person.fuse = static_cast<float>(fuse);
  }
  return true;
}

void Mover::change_class(Person& person, Cell cell, sim::Minute now) const {
  const float old_death = person.state == kFreeSlot ? 0.0f : row_of(person).death;
  person.cell = cell;
  if (person.state != kFreeSlot) change_death(person, now, old_death, row_of(person).death);
}

void Mover::grow_older(Person& person, sim::Slot slot, sim::Minute now) {
  reckon(person, now);
  const ClockRow old_row = row_of(person);
  const Cell old_cell = person.cell;
  partition_.tallies.leave(person.state, person.cell, now);
  person.cell = facts_.older[person.cell];
  partition_.tallies.enter(person.state, person.cell, now);
  const ClockRow& new_row = row_of(person);
  change_death(person, now, old_row.death, new_row.death);
  if (is_running(person)) change_milestone(person, now, old_row.milestone, new_row.milestone);
  if (facts_of(person.state).events == 0) return;
  const StateTable& table = table_of(person.state, person.law);
  if (events_differ(table, old_cell, table, person.cell)) courses_.renew(person, slot, now);
}

}  // namespace prisonflow::models
