// See the header.
#include "models/interventions.hpp"

#include <algorithm>

namespace prisonflow::models {

namespace {

constexpr sim::Purpose kRevision = sim::purpose("revision of clocks");

bool eligible(const Model& model, const Amnesty& amnesty, const Person& person, sim::Minute now) {
  if (person.state == kFreeSlot ||
      std::find(amnesty.from.begin(), amnesty.from.end(), person.state) == amnesty.from.end()) {
    return false;
  }
  if (given(amnesty.longest_remaining)) {
    const double longest = model.values()[index_of(amnesty.longest_remaining)] * sim::kMinutesPerDay;
    if (static_cast<double>(person.term_end) - static_cast<double>(now) > longest) return false;
  }
  return is_among(amnesty.only, model.cells(), person.cell);
}

/// How much longer the same person's duration is under the new numbers: the laws at their median, times the factors.
double duration_ratio(const StateTable& before, const StateTable& after, std::size_t region_stride, Cell cell) {
  const auto median = [&](const StateTable& table) {
    return table.clock_of_cell(cell, region_stride).law.quantile(0.5) * static_cast<double>(table.rows[cell].factor);
  };
  const double old_duration = median(before);
  const double new_duration = median(after);
  return old_duration > 0 ? new_duration / old_duration : 1.0;
}

sim::Minute scaled(sim::Minute from, sim::Minute to, double ratio) {
  if (ratio == 1.0 || to == sim::kNever) return to;
  return sim::after(from, (static_cast<double>(to) - static_cast<double>(from)) * ratio);
}

/// A sentence in custody under new numbers.
void revise_custody(Person& person, const Course* course, const StateFacts& facts, const StateTable& before,
                    const StateTable& after, std::size_t region_stride, sim::Minute now, double spread) {
  const Clocks& clocks = after.clock_of_cell(person.cell, region_stride);
  const float old_fraction = before.rows[person.cell].milestone;
  const float new_fraction = after.rows[person.cell].milestone;
  if (facts.clock == Clock::duration) {
    person.state_end = scaled(now, person.state_end, duration_ratio(before, after, region_stride, person.cell));
    return;
  }
  const double ratio = facts.clock == Clock::term ? duration_ratio(before, after, region_stride, person.cell) : 1.0;
  const bool same_dates =
      ratio == 1.0 && new_fraction == old_fraction &&
      clocks.automatic_release == before.clock_of_cell(person.cell, region_stride).automatic_release;
  if (same_dates) return;
  if (person.milestone >= person.state_end) person.milestone = sim::kNever;  // no hearing was to be held
  person.term_end = scaled(person.clock, person.term_end, ratio);
  person.state_end = not_before_next(release_by_law(person, clocks.automatic_release, course), now);
  if (new_fraction > 0.0f) {
    sim::Minute first = part_way(person.clock, person.term_end, static_cast<double>(new_fraction));
    if (course != nullptr && course->delayed > 0) first = sim::after(first, course->delayed);
    const sim::Minute soon = sim::after(now, spread * std::max(clocks.parole_retry, 1.0));
    person.milestone = std::min(person.milestone, std::max(first, soon));
  }
}

}  // namespace

std::uint64_t count_eligible(const Model& model, const Amnesty& amnesty, const Partition& partition, sim::Minute now) {
  std::uint64_t count = 0;
  for (const sim::Slot slot : partition.people.slots()) {
    count += eligible(model, amnesty, partition.people[slot], now) ? 1u : 0u;
  }
  return count;
}

void grant_amnesty(const Amnesty& amnesty, double share, const Model& model, sim::StreamKey key, Mover& mover,
                   sim::Minute now) {
  auto& people = mover.partition().people;
  const sim::Purpose purpose = sim::purpose(amnesty.name);
  for (const sim::Slot slot : people.slots()) {
    Person& person = people[slot];
    if (!eligible(model, amnesty, person, now)) continue;
    if (sim::draw(key, person.name, occurrence_of(person), purpose).uniform53(0) >= share) continue;
    ++mover.partition().tallies.events;
    people.schedule(slot, mover.move(person, slot, amnesty.to, now));
  }
}

std::vector<std::vector<sim::Slot>> chosen_for_release(const Model& model, const EmergencyRelease& release,
                                                       const std::vector<std::unique_ptr<Partition>>& partitions,
                                                       sim::Day day) {
  std::vector<std::vector<sim::Slot>> chosen(partitions.size());
  const auto& facilities = model.scenario().facilities;
  double places = 0;
  std::int64_t persons = 0;
  for (std::size_t facility = 0; facility < facilities.size(); ++facility) {
    if (facilities[facility].group != release.group) continue;
    places += model.places(facility, day);
    for (const auto& partition : partitions) persons += partition->tallies.facilities[facility].stock;
  }
  const auto allowed = [&](ParameterId per_cent) { return model.values()[index_of(per_cent)] / 100 * places; };
  if (static_cast<double>(persons) <= allowed(release.above)) return chosen;
  const auto wanted = persons - static_cast<std::int64_t>(allowed(release.down_to));

  struct Candidate {
    sim::Minute term_end;
    std::uint64_t name;
    std::uint32_t partition;
    sim::Slot slot;
    bool operator<(const Candidate& other) const {
      return term_end != other.term_end ? term_end < other.term_end : name < other.name;
    }
  };
  std::vector<Candidate> candidates;
  const sim::Minute now = sim::start_of(day);
  for (std::uint32_t index = 0; index < partitions.size(); ++index) {
    const auto& people = partitions[index]->people;
    for (const sim::Slot slot : people.slots()) {
      const Person& person = people[slot];
      if (person.state == kFreeSlot || person.facility == kNoFacility) continue;
      if (facilities[person.facility].group != release.group || !eligible(model, release.terms, person, now)) continue;
      candidates.push_back({person.term_end, person.name, index, slot});
    }
  }
  const auto count =
      std::min<std::size_t>(candidates.size(), static_cast<std::size_t>(std::max<std::int64_t>(wanted, 0)));
  const auto end = candidates.begin() + static_cast<std::ptrdiff_t>(count);
  if (count > 0 && end != candidates.end()) std::nth_element(candidates.begin(), end - 1, candidates.end());
  for (auto candidate = candidates.begin(); candidate != end; ++candidate) {
    chosen[candidate->partition].push_back(candidate->slot);
  }
  return chosen;
}

void release_chosen(const std::vector<sim::Slot>& slots, const EmergencyRelease& release, const Model& model,
                    Mover& mover, sim::Minute now) {
  auto& people = mover.partition().people;
  for (const sim::Slot slot : slots) {
    Person& person = people[slot];
    if (person.state == kFreeSlot || person.facility == kNoFacility) continue;
    if (model.scenario().facilities[person.facility].group != release.group) continue;
    ++mover.partition().tallies.events;
    people.schedule(slot, mover.move(person, slot, release.terms.to, now));
  }
}

void close_facility(std::uint8_t facility, Mover& mover, sim::Minute now) {
  Partition& partition = mover.partition();
  for (const sim::Slot slot : partition.people.slots()) {
    Person& person = partition.people[slot];
    if (person.state == kFreeSlot || person.facility != facility) continue;
    partition.tallies.leave_facility(facility, now);
    person.facility = kNoFacility;
    partition.requests.push_back(Request{.name = person.name,
                                         .time = now,
                                         .slot = slot,
                                         .visit = occurrence_of(person),
                                         .partition = partition.index,
                                         .cell = person.cell,
                                         .state = person.state,
                                         .service = false,
                                         .resource = mover.facts_of(person.state).group});
  }
}

void revise_clocks(const std::vector<StateIndex>& revised, const Model& model, const Version& before,
                   sim::StreamKey key, Mover& mover, sim::Minute now) {
  auto& people = mover.partition().people;
  for (const sim::Slot slot : people.slots()) {
    Person& person = people[slot];
    if (person.state == kFreeSlot || std::find(revised.begin(), revised.end(), person.state) == revised.end()) {
      continue;
    }
    // A person whose case began today under a law that did not exist before has nothing to revise.
    if (person.law >= before.states.size()) continue;
    const StateTable& old_table = *before.states[person.law][person.state];
    const StateTable& new_table = mover.table_of(person.state, person.law);
    if (&old_table == &new_table) continue;
    const StateFacts& facts = mover.facts_of(person.state);
    const ClockRow& old_row = old_table.rows[person.cell];
    const ClockRow& new_row = new_table.rows[person.cell];
    const std::size_t region_stride = model.region_stride();
    // The fuse has burnt at the old rate until now.
    Mover under_old_law(model, mover.movement_facts(), before, mover.feedback(), key, mover.partition());
    under_old_law.reckon(person, now);
    mover.change_death(person, now, old_row.death, new_row.death);
    if (mover.is_running(person)) {
      mover.change_milestone(person, now, old_row.milestone, new_row.milestone);
      const double spread = sim::draw(key, person.name, occurrence_of(person), kRevision).uniform53(0);
      if (facts.kind == Kind::custody) {
        const Course* const course = mover.courses().any() ? &mover.courses().of(slot) : nullptr;
        revise_custody(person, course, facts, old_table, new_table, region_stride, now, spread);
      } else if (facts.clock == Clock::duration || facts.clock == Clock::term) {
        const double ratio = duration_ratio(old_table, new_table, region_stride, person.cell);
        person.state_end = scaled(now, person.state_end, ratio);
        if (facts.clock == Clock::term) person.term_end = person.state_end;
      }
    }
    if (events_differ(old_table, person.cell, new_table, person.cell)) mover.courses().renew(person, slot, now);
    people.schedule(slot, mover.next_event(person, slot, now));
  }
}

}  // namespace prisonflow::models
