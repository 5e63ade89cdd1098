// The ledger of cases: what control each case of each person led to, kept beside a replication whose world is compared
// with another's.
//
// A case begins when a person first comes to the justice system, or with a new offence that is not joined to the old
// case. What is kept of it is what net-widening asks (DESIGN section 6; Cohen, Visions of Social Control, 1985): the
// highest control that was imposed, how long each degree of control lasted, and whether custody came only through the
// back door, by way of a lesser sanction of the same case. States before the sentence (`pretrial = true`) count as time
// under control but are no sanction.
//
// The open cases lie by slot, one cache line each, beside the persons; who enters a state is credited with all time to
// the end of the run, who leaves gives the rest back, so that an event touches one line and nothing is looked for at
// the end. Closed cases go to the place that was kept for them when they began: first cases stand in the order in
// which their persons came, which is the same in both worlds, and later cases hang on a chain. Two ledgers are then
// compared by walking through both at once (models/net_widening.hpp), without sorting or hashing a million names.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "models/model.hpp"
#include "models/person.hpp"
#include "sim/paged_array.hpp"
#include "sim/population.hpp"

namespace prisonflow::models {

inline constexpr std::size_t kControls = kControlNames.size();
inline constexpr std::uint32_t kNoCase = 0xffffffffu;

struct CaseRecord {
  std::uint64_t person;                         ///< name (models/names.hpp)
  std::array<std::int32_t, kControls> minutes;  ///< under each degree of control, to the end of the run
  std::int32_t custody_before_trial;            ///< minutes of custody in states before the sentence
  std::int32_t other_before_trial;              ///< minutes of lesser control there
  std::int32_t through_breach;                  ///< minutes of custody that came through the back door
  std::uint32_t next;                           ///< the person's next case, kNoCase = none. While open: its own place
  std::uint16_t begun;                          ///< day; persons of the first day: 0
  Cell cell;                                    ///< class of the person when the case began
  std::uint8_t number;                          ///< of the case, from 0
  Control rank;                                 ///< the highest control imposed as a sanction
  std::uint8_t disposition;                     ///< the state that imposed it, 0xff = none
  bool disposed : 1;                            ///< a sanction, release from control, or an exit was reached
  bool began_disposed : 1;                      ///< … before the first day
  bool joined : 1;                              ///< a further offence was joined to the case
  bool after_lesser : 1;                        ///< custody followed a lesser sanction

  /// Custody only through the breach of a lesser sanction.
  bool back_door() const { return after_lesser && rank != Control::custody; }
  std::int64_t under_control() const {
    std::int64_t sum = 0;
    for (const std::int32_t each : minutes) sum += each;
    return sum;
  }
  /// … as a sanction, not before trial.
  std::int64_t sanctioned() const { return under_control() - custody_before_trial - other_before_trial; }
};

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
  /// `end`: of the run.
  explicit Ledger(sim::Minute end) : end_(end) {}

  // While people move (models/movement.hpp):

  /// Somebody new, in this slot.
  void begin_person(sim::Slot slot, const Person& person, sim::Minute now);
  /// Someone of the initial stock is in a state at minute 0.
  void take_over(sim::Slot slot, const StateFacts& facts, std::uint8_t state) {
    enter(slot, facts, state, 0);
    open_[slot].began_disposed = open_[slot].disposed;
  }
  void enter(sim::Slot slot, const StateFacts& facts, std::uint8_t state, sim::Minute now) {
    if (facts.control == Control::none) {
      if (facts.kind == Kind::liberty) open_[slot].disposed = true;
      return;
    }
    CaseRecord& record = open_[slot];
    credit(record, facts, state, end_ - now);
  }
  /// A decision that is itself a measure: a caution, a discharge with conditions.
  void decide(sim::Slot slot, const StateFacts& facts, std::uint8_t state) {
    if (!facts.pretrial) impose(open_[slot], facts.control, state);
  }
  void leave(sim::Slot slot, const StateFacts& facts, sim::Minute now) {
    if (facts.control == Control::none) return;
    CaseRecord& record = open_[slot];
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
  void join(sim::Slot slot) { open_[slot].joined = true; }
  /// The person leaves the model.
  void close(sim::Slot slot) {
    open_[slot].disposed = true;
    put_away(slot, kNoCase);
  }
  [[gnu::always_inline]] void prefetch(sim::Slot slot) const { sim::prefetch(&open_[slot]); }

  // When the run is over:

  /// Closes what is still open; `is_open` by slot.
  template <class IsOpen>
  void finish(sim::Slot slots, IsOpen is_open) {
    for (sim::Slot slot = 0; slot < slots; ++slot) {
      if (is_open(slot)) put_away(slot, kNoCase);
    }
    open_ = {};
  }
  std::size_t cases() const { return records_.size(); }
  const CaseTotals& totals() const { return totals_; }
  const CaseRecord& operator[](std::size_t index) const { return records_[index]; }
  /// The first cases of all persons, in the order of their names.
  std::vector<std::uint32_t> first_cases() const;
  /// Memory held now.
  std::size_t bytes() const {
    return records_.size() * sizeof(CaseRecord) + open_.size() * sizeof(OpenCase) + batches_.capacity() * sizeof(Batch);
  }

 private:
  struct alignas(64) OpenCase : CaseRecord {};
  static_assert(sizeof(OpenCase) == 64);
  /// Persons who came one after the other by one process on one day, or from one state of the initial stock.
  struct Batch {
    std::uint64_t origin;  ///< the first 40 bits of their names
    std::uint64_t last;    ///< name
    std::uint32_t first, count;
  };

  std::uint32_t add_record();
  void open_case(sim::Slot slot, const Person& person, sim::Minute now, std::uint32_t place);
  void put_away(sim::Slot slot, std::uint32_t next) {
    CaseRecord record = open_[slot];
    const std::uint32_t place = std::exchange(record.next, next);
    records_[place] = record;
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
  sim::PagedArray<OpenCase> open_;       ///< by slot
  sim::PagedArray<CaseRecord> records_;  ///< closed cases, and places kept for open ones
  std::vector<Batch> batches_;           ///< in the order in which they came
  std::vector<std::uint32_t> firsts_;    ///< first cases, in the order in which persons came
  bool ascending_ = true;                ///< names within every batch
  CaseTotals totals_;                    ///< of closed cases
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
