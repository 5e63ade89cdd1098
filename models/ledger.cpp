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

std::uint32_t Ledger::add_record() {
  const auto place = static_cast<std::uint32_t>(records_.append());
  records_[place].next = kNoCase;
  return place;
}

void Ledger::open_case(sim::Slot slot, const Person& person, sim::Minute now, std::uint32_t place) {
  CaseRecord record{};
  record.person = person.name;
  record.next = place;
  record.begun = static_cast<std::uint16_t>(std::max(sim::day_of(now), sim::Day{0}));
  record.cell = person.cell;
  record.number = person.case_number;
  record.disposition = 0xff;
  static_cast<CaseRecord&>(open_[slot]) = record;
}

void Ledger::begin_person(sim::Slot slot, const Person& person, sim::Minute now) {
  while (open_.size() <= slot) open_.append();
  const std::uint64_t origin = origin_of(person.name);
  if (batches_.empty() || batches_.back().origin != origin) {
    batches_.push_back({origin, 0, static_cast<std::uint32_t>(firsts_.size()), 0});
  }
  Batch& batch = batches_.back();
  ascending_ = ascending_ && (batch.count == 0 || batch.last < person.name);
  batch.last = person.name;
  ++batch.count;
  const std::uint32_t place = add_record();
  firsts_.push_back(place);
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
    const auto first = firsts_.begin() + batch.first;
    all.insert(all.end(), first, first + batch.count);
  }
  // Within a batch persons come in the order of their places; should that ever change, nothing else does.
  if (!ascending_ || !once) {
    std::sort(all.begin(), all.end(),
              [&](std::uint32_t a, std::uint32_t b) { return records_[a].person < records_[b].person; });
  }
  return all;
}

}  // namespace prisonflow::models
