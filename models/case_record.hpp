// The record of a case: what control it led to, open while it lasts and packed when it is closed.
//
// A case has eight numbers that count minutes, of which few are not zero: a packed record of half a cache line has room
// for three of them, and the rare case that needs more keeps all eight in a list beside.
#pragma once

#include <array>
#include <cstdint>

#include "models/person.hpp"

namespace prisonflow::models {

inline constexpr std::size_t kControls = kControlNames.size();
inline constexpr std::uint32_t kNoCase = 0xffffffffu;

/// What was decided in a case.
struct CaseStanding {
  Control rank;
  bool disposed, began_disposed, back_door;  ///< as in CaseRecord
};

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
  CaseStanding standing() const { return {rank, disposed, began_disposed, back_door()}; }
  std::int64_t under_control() const {
    std::int64_t sum = 0;
    for (const std::int32_t each : minutes) sum += each;
    return sum;
  }
  /// … as a sanction, not before trial.
  std::int64_t sanctioned() const { return under_control() - custody_before_trial - other_before_trial; }
};

/// The numbers of a case that count minutes, without time under no control, which nobody counts.
using CaseMinutes = std::array<std::int32_t, kControls + 2>;

/// A closed case.
class PackedCase {
 public:
  /// `wide(const CaseMinutes&)` keeps numbers that do not fit here and returns where, up to 2^31 - 1.
  template <class Wide>
  static PackedCase of(const CaseRecord& record, std::uint32_t next, Wide wide) {
    PackedCase packed;
    packed.person_ = record.person;
    packed.next_ = next;
    packed.begun_ = record.begun;
    packed.cell_ = record.cell;
    packed.number_ = record.number;
    packed.disposition_ = record.disposition;
    packed.rank_ = static_cast<unsigned>(record.rank) & 7u;
    packed.disposed_ = record.disposed;
    packed.began_disposed_ = record.began_disposed;
    packed.joined_ = record.joined;
    packed.after_lesser_ = record.after_lesser;
    const CaseMinutes all = minutes_of(record);
    // Without branches, for which numbers are zero is as good as random, and in registers.
    std::int32_t first = 0, second = 0, third = 0;
    std::uint32_t which = 0;
    unsigned used = 0;
    for (unsigned number = 0; number < all.size(); ++number) {
      const unsigned counts = all[number] != 0 ? 1u : 0u;
      first = used == 0 ? all[number] : first;
      second = used == 1 ? all[number] : second;
      third = used == 2 ? all[number] : third;
      which |= (counts * number) << kBits * used;
      used += counts;
    }
    if (used <= kRoom) [[likely]] {
      packed.values_ = {first, second, third};
      packed.which_ = which & kWide;
    } else {
      packed.values_ = {wide(all), 0, 0};
      packed.which_ = kWide;
    }
    return packed;
  }

  /// `wide(std::int32_t) -> const CaseMinutes&`: the numbers that are kept elsewhere.
  template <class Wide>
  CaseRecord record(Wide wide) const {
    CaseRecord record{};
    record.person = person_;
    record.next = next_;
    record.begun = begun_;
    record.cell = cell_;
    record.number = number_;
    record.disposition = disposition_;
    record.rank = static_cast<Control>(rank_);
    record.disposed = disposed_;
    record.began_disposed = began_disposed_;
    record.joined = joined_;
    record.after_lesser = after_lesser_;
    CaseMinutes all{};
    if (which_ == kWide) [[unlikely]] {
      all = wide(values_[0]);
    } else {
      // Room that is not used adds nothing to the first number.
      for (std::size_t place = 0; place < kRoom; ++place) all[which_ >> kBits * place & kMask] += values_[place];
    }
    for (std::size_t rank = 1; rank < kControls; ++rank) record.minutes[rank] = all[rank - 1];
    record.custody_before_trial = all[kControls - 1];
    record.other_before_trial = all[kControls];
    record.through_breach = all[kControls + 1];
    return record;
  }

  std::uint64_t person() const { return person_; }
  std::uint32_t next() const { return next_; }
  Cell cell() const { return cell_; }
  CaseStanding standing() const {
    const auto rank = static_cast<Control>(rank_);
    return {rank, disposed_, began_disposed_, after_lesser_ && rank != Control::custody};
  }
  /// Whether the numbers are surely the same, seen without unpacking them.
  bool has_minutes_of(const PackedCase& other) const {
    return which_ == other.which_ && which_ != kWide && values_ == other.values_;
  }

 private:
  static constexpr std::size_t kRoom = 3;
  static constexpr unsigned kBits = 3;
  static constexpr unsigned kMask = (1u << kBits) - 1;
  static constexpr unsigned kWide = (1u << kBits * kRoom) - 1;  // three times the last number
  static_assert(std::tuple_size_v<CaseMinutes> <= 1u << kBits && kControls <= 8 && kRoom == 3);

  static CaseMinutes minutes_of(const CaseRecord& record) {
    CaseMinutes all;
    for (std::size_t rank = 1; rank < kControls; ++rank) all[rank - 1] = record.minutes[rank];
    all[kControls - 1] = record.custody_before_trial;
    all[kControls] = record.other_before_trial;
    all[kControls + 1] = record.through_breach;
    return all;
  }

  std::uint64_t person_ = 0;
  std::uint32_t next_ = kNoCase;
  std::array<std::int32_t, kRoom> values_{};  ///< minutes, or where they are
  std::uint16_t begun_ = 0;
  Cell cell_ = 0;
  std::uint8_t number_ = 0;
  std::uint8_t disposition_ = 0xff;
  std::uint16_t which_ : kBits* kRoom = 0;  ///< the numbers that `values_` are, or kWide
  std::uint16_t rank_ : 3 = 0;
  bool disposed_ : 1 = false, began_disposed_ : 1 = false, joined_ : 1 = false, after_lesser_ : 1 = false;
};
static_assert(sizeof(PackedCase) == 32);

}  // namespace prisonflow::models
