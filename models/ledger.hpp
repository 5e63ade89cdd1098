// The ledger of cases: what control each case of each person led to, kept beside a replication whose world is compared
// with another's.
//
// A case begins when a person first comes to the justice system, or with a new offence that is not joined to the old
// case. What is kept of it is what net-widening asks (DESIGN section 6; Cohen, Visions of Social Control, 1985): the
// highest control that was imposed, how long each degree of control lasted, and whether custody came only through the
// back door, by way of a lesser sanction of the same case. States before the sentence (`pretrial = true`) count as time
// under control but are no sanction.
//
// The open cases lie beside the persons, in a room that the population keeps for them (sim/population.hpp); who
// enters a state is credited with all time to the end of the run, who leaves gives the rest back, so that an event
// touches one line more and nothing is looked for at the end. Closed cases go, packed (models/case_record.hpp), to the
// place that was kept for them when they began: first cases stand in the order in which their persons came, which is
// the same in both worlds, and later cases hang on a chain. Two ledgers are then compared by walking through both at
// once (models/net_widening.hpp), without sorting or hashing a million names.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "models/case_record.hpp"
#include "models/model.hpp"
#include "models/person.hpp"
#include "sim/paged_array.hpp"
#include "sim/population.hpp"

namespace prisonflow::models {

/// What all cases of a ledger come to.
struct CaseTotals {
  std::array<std::int64_t, kControls> minutes{};  ///< under each degree of control
  std::array<std::int64_t, kControls> cases{};    ///< decided during the run, by rank
  std::int64_t custody_before_trial = 0;          ///< minutes
  std::int64_t through_breach = 0;                ///< minutes of custody through the back door

  void add(const CaseRecord& record);
  void add(const CaseTotals& other);
};

class Ledger {
 public:
  /// `end`: of the run. `people` keeps a room of kBytesAPerson beside each record, and must outlive all but the
  /// questions asked when the run is over.
  Ledger(sim::Minute end, sim::Population<Person>& people, sim::Room room) : end_(end), people_(&people), room_(room) {}

  // While people move (models/movement.hpp):

  /// Somebody new, in this slot.
  void begin_person(sim::Slot slot, const Person& person, sim::Minute now);
  /// Someone of the initial stock is in a state at minute 0.
  void take_over(sim::Slot slot, const StateFacts& facts, std::uint8_t state) {
    enter(slot, facts, state, 0);
    open(slot).began_disposed = open(slot).disposed;
  }
  void enter(sim::Slot slot, const StateFacts& facts, std::uint8_t state, sim::Minute now) {
    if (facts.control == Control::none) {
      if (facts.kind == Kind::liberty) open(slot).disposed = true;
      return;
    }
    CaseRecord& record = open(slot);
    credit(record, facts, state, end_ - now);
  }
  /// A decision that is itself a measure: a caution, a discharge with conditions.
  void decide(sim::Slot slot, const StateFacts& facts, std::uint8_t state) {
    if (!facts.pretrial) impose(open(slot), facts.control, state);
  }
  void leave(sim::Slot slot, const StateFacts& facts, sim::Minute now) {
    if (facts.control == Control::none) return;
    CaseRecord& record = open(slot);
    const sim::Minute rest = end_ - now;
    record.minutes[static_cast<std::size_t>(facts.control)] -= rest;
    if (facts.pretrial) {
      (facts.control == Control::custody ? record.custody_before_trial : record.other_before_trial) -= rest;
    } else if (facts.control == Control::custody && record.back_door()) {
      record.through_breach -= rest;
    }
  }
  /// A new offence begins a new case; the old one is closed.
  void begin_case(sim::Slot slot, const Person& person, sim::Minute now);
  /// A new offence is joined to the case: what follows is not for a breach alone.
  void join(sim::Slot slot) { open(slot).joined = true; }
  /// The person leaves the model.
  void close(sim::Slot slot) {
    open(slot).disposed = true;
    put_away(slot, kNoCase);
  }
  [[gnu::always_inline]] void prefetch(sim::Slot slot) const { sim::prefetch(&open(slot)); }
  /// The place where a case that will be closed soon goes; its own line must be near.
  [[gnu::always_inline]] void prefetch_place(sim::Slot slot) const { sim::prefetch(&records_[open(slot).next]); }

  // When the run is over:

  /// Closes what is still open; `is_open` by slot.
  template <class IsOpen>
  void finish(IsOpen is_open) {
    const sim::Slots slots = people_->slots();
    constexpr std::size_t kAhead = 16;
    sim::Slots::Iterator ahead = slots.begin();
    for (std::size_t i = 0; i < kAhead && ahead != slots.end(); ++i) ++ahead;
    for (const sim::Slot slot : slots) {
      if (ahead != slots.end()) {
        if (is_open(*ahead)) prefetch_place(*ahead);
        ++ahead;
      }
      if (is_open(slot)) put_away(slot, kNoCase);
    }
    people_ = nullptr;
  }
  std::size_t cases() const { return records_.size(); }
  const CaseTotals& totals() const { return totals_; }
  [[gnu::always_inline]] void prefetch_record(std::size_t index) const { sim::prefetch_to_read(&records_[index]); }
  /// The person's next case after that one, which must be near.
  [[gnu::always_inline]] void prefetch_next(std::size_t index) const {
    if (records_[index].next() != kNoCase) prefetch_record(records_[index].next());
  }
  CaseRecord operator[](std::size_t index) const {
    return records_[index].record([this](std::int32_t place) { return wide_[static_cast<std::size_t>(place)]; });
  }
  const PackedCase& packed(std::size_t index) const { return records_[index]; }
  /// The first cases of all persons, in the order of their names.
  std::vector<std::uint32_t> first_cases() const;
  /// What a case that a packed record holds takes, and a person inside.
  static constexpr std::size_t kBytesACase = sizeof(PackedCase) + sizeof(std::uint32_t);
  static constexpr std::size_t kBytesAPerson = 64;
  /// Memory held, that of the open cases included while there are any.
  std::size_t bytes() const {
    return records_.size() * sizeof(PackedCase) + wide_.size() * sizeof(CaseMinutes) + bytes_open() +
           firsts_.size() * sizeof(std::uint32_t) + batches_.capacity() * sizeof(Batch);
  }
  /// Of the open cases, which lie beside the persons.
  std::size_t bytes_open() const { return people_ == nullptr ? 0 : people_->slots().size() * kBytesAPerson; }

 private:
  struct alignas(64) OpenCase : CaseRecord {};
  static_assert(sizeof(OpenCase) == kBytesAPerson && alignof(OpenCase) <= alignof(Person));
  /// Persons who came one after the other by one process on one day, or from one state of the initial stock.
  struct Batch {
    std::uint64_t origin;  ///< the first 40 bits of their names
    std::uint64_t last;    ///< name
    std::uint32_t first, count;
  };

  OpenCase& open(sim::Slot slot) const { return *static_cast<OpenCase*>(people_->records().beside(slot, room_)); }
  std::uint32_t add_record() { return static_cast<std::uint32_t>(records_.append()); }
  void open_case(sim::Slot slot, const Person& person, sim::Minute now, std::uint32_t place);
  void put_away(sim::Slot slot, std::uint32_t next) {
    const CaseRecord& record = open(slot);
    records_[record.next] = PackedCase::of(record, next, [this](const CaseMinutes& minutes) {
      const std::size_t place = wide_.append();
      wide_[place] = minutes;
      return static_cast<std::int32_t>(place);
    });
    totals_.add(record);
  }
  void credit(CaseRecord& record, const StateFacts& facts, std::uint8_t state, sim::Minute rest) {
    record.minutes[static_cast<std::size_t>(facts.control)] += rest;
    if (facts.pretrial) {
      (facts.control == Control::custody ? record.custody_before_trial : record.other_before_trial) += rest;
      return;
    }
    impose(record, facts.control, state);
    if (facts.control == Control::custody && record.back_door()) record.through_breach += rest;
  }
  static void impose(CaseRecord& record, Control control, std::uint8_t state) {
    record.disposed = true;
    const bool lesser_before = record.rank != Control::none && record.rank != Control::custody;
    if (control == Control::custody && lesser_before && !record.joined) {
      record.after_lesser = true;
      return;
    }
    if (control <= record.rank) return;
    record.rank = control;
    record.disposition = state;
  }

  sim::Minute end_;
  sim::Population<Person>* people_;        ///< null when the run is over
  sim::Room room_;                         ///< of the open cases
  sim::PagedArray<PackedCase> records_;    ///< closed cases, and places kept for open ones
  sim::PagedArray<CaseMinutes> wide_;      ///< of closed cases with more numbers than a packed one has room for
  std::vector<Batch> batches_;             ///< in the order in which they came
  sim::PagedArray<std::uint32_t> firsts_;  ///< first cases, in the order in which persons came
  bool ascending_ = true;                  ///< names within every batch
  CaseTotals totals_;                      ///< of closed cases
};

inline void CaseTotals::add(const CaseRecord& record) {
  for (std::size_t rank = 0; rank < kControls; ++rank) minutes[rank] += record.minutes[rank];
  if (record.disposed && !record.began_disposed) ++cases[static_cast<std::size_t>(record.rank)];
  custody_before_trial += record.custody_before_trial;
  through_breach += record.through_breach;
}

/// Of one world in one replication, by partition.
using LedgersOfWorld = std::vector<std::shared_ptr<const Ledger>>;

}  // namespace prisonflow::models
