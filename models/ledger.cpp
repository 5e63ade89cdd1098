// See the header.
#include "models/ledger.hpp"

#include <algorithm>

namespace prisonflow::models {

namespace {

/// What names of persons who came together have in common: process and day, or state of the initial stock.
constexpr std::uint64_t origin_of(std::uint64_t name) {
  return name >> 24;
}

}  // namespace

void CaseTotals::add(const CaseTotals& other) {
  for (std::size_t rank = 0; rank < kControls; ++rank) {
    minutes[rank] += other.minutes[rank];
    cases[rank] += other.cases[rank];
  }
  custody_before_trial += other.custody_before_trial;
  through_breach += other.through_breach;
}

void Ledger::open_case(sim::Slot slot, const Person& person, sim::Minute now, std::uint32_t place) {
  // Field by field where it stays: a record put together elsewhere and then copied waits for its own stores.
  CaseRecord& record = open(slot);
  record.person = person.name;
  record.minutes = {};
  record.custody_before_trial = record.other_before_trial = record.through_breach = 0;
  record.next = place;
  record.begun = static_cast<std::uint16_t>(std::max(sim::day_of(now), sim::Day{0}));
  record.cell = person.cell;
  record.number = person.case_number;
  record.rank = Control::none;
  record.disposition = 0xff;
  record.disposed = record.began_disposed = record.joined = record.after_lesser = false;
}

void Ledger::begin_person(sim::Slot slot, const Person& person, sim::Minute now) {
  const std::uint64_t origin = origin_of(person.name);
  if (batches_.empty() || batches_.back().origin != origin) {
    batches_.push_back({origin, 0, static_cast<std::uint32_t>(firsts_.size()), 0});
  }
  Batch& batch = batches_.back();
  ascending_ = ascending_ && (batch.count == 0 || batch.last < person.name);
  batch.last = person.name;
  ++batch.count;
  const std::uint32_t place = add_record();
  firsts_[firsts_.append()] = place;
  open_case(slot, person, now, place);
}

void Ledger::begin_case(sim::Slot slot, const Person& person, sim::Minute now) {
  const std::uint32_t place = add_record();
  put_away(slot, place);
  open_case(slot, person, now, place);
}

std::vector<std::uint32_t> Ledger::first_cases() const {
  std::vector<Batch> in_order = batches_;
  std::sort(in_order.begin(), in_order.end(), [](const Batch& a, const Batch& b) { return a.origin < b.origin; });
  const bool once = std::adjacent_find(in_order.begin(), in_order.end(), [](const Batch& a, const Batch& b) {
                      return a.origin == b.origin;
                    }) == in_order.end();
  std::vector<std::uint32_t> all;
  all.reserve(firsts_.size());
  for (const Batch& batch : in_order) {
    const std::uint32_t* const first = firsts_.data() + batch.first;
    all.insert(all.end(), first, first + batch.count);
  }
  // Within a batch persons come in the order of their places; should that ever change, nothing else does.
  if (!ascending_ || !once) {
    std::sort(all.begin(), all.end(),
              [&](std::uint32_t a, std::uint32_t b) { return records_[a].person() < records_[b].person(); });
  }
  return all;
}

}  // namespace prisonflow::models
