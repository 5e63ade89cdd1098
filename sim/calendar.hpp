// The calendar: a bucket a day, sorted when its day comes.
//
// A comparison heap of a million pending events misses the cache at every level. Here scheduling is one append to the
// bucket of the event's day, and a day's events are put in order once, when the day opens, by a counting sort over the
// leading bits of (minute, slot), as many as make about two counters an event: the few events that share a counter are
// then sorted by insertion, whether the day holds fifty events or fifty thousand. Events that arise inside the open day
// go to a small heap. Days further than kNearDays ahead wait in coarse lists that are dealt out when their turn comes.
// Every operation is O(1) amortised, but for runs of one minute and neighbouring slots. The order is (minute, slot),
// total and exact.
//
// Because the order of a whole day is known ahead, the reader of a day can prefetch the records it will need.
//
// A calendar never cancels: the owner of a slot compares the time it is told with the time it expects
// (sim/population.hpp).
//
// After "calendar queues" (Brown, Communications of the ACM 31(10), 1988) and ladder queues (Tang, Goh, Thng, ACM
// TOMACS 15(3), 2005), with fixed bucket width.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/paged_array.hpp"
#include "sim/time.hpp"

namespace prisonflow::sim {

using Slot = std::uint32_t;  ///< index of a record in its population

/// A scheduled event, ordered by minute, then slot. Minutes are not negative.
struct Due {
  std::uint64_t bits;
  static Due at(Minute minute, Slot slot) {
    return Due{static_cast<std::uint64_t>(static_cast<std::uint32_t>(minute)) << 32 | slot};
  }
  Minute minute() const { return static_cast<Minute>(bits >> 32); }
  Slot slot() const { return static_cast<Slot>(bits); }
  friend bool operator<(Due a, Due b) { return a.bits < b.bits; }
};

class Calendar {
 public:
  static constexpr Day kNearDays = 1024;

  /// Events on or after `horizon` (minutes) are never opened and not stored.
  explicit Calendar(Minute horizon = kNever);

  /// Adds an event. Events on or after the horizon, and kNever, are not stored. Throws std::logic_error when `at` lies
  /// before the open day.
  void schedule(Minute at, Slot slot) { add(Due::at(at, slot)); }

  /// Adds many. Of a day that comes far ahead the end of its bucket is mostly far in memory; it is asked for some
  /// events before it is written.
  void schedule_all(const Due* first, const Due* last) {
    constexpr std::ptrdiff_t kAhead = 12;
    for (; first != last; ++first) {
      if (last - first > kAhead) prefetch_end(near_bucket(first[kAhead].minute() / kMinutesPerDay));
      add(*first);
    }
  }

  /// Opens a day: its events, in order, are then read with next(). Days open in ascending order, none left out while
  /// it holds events (std::logic_error).
  void open(Day day);
  /// Opens a day without putting its events in order: for a reader who brings in an order of its own.
  void open_unsorted(Day day);

  /// The events of the open day, sorted; those scheduled into the open day after open() are not among them.
  const Due* begin() const { return today_.data(); }
  const Due* end() const { return today_.data() + today_.size(); }

  /// Events scheduled into the open day since open(), earliest first.
  bool has_late() const { return !late_.empty(); }
  std::size_t late_events() const { return late_.size(); }
  bool has_late_before(Due due) const { return first_late_ < due; }
  Due pop_late();

  std::size_t pending() const { return pending_; }
  /// Bytes held by the calendar.
  std::size_t bytes() const;

 private:
  static constexpr std::uint32_t kKeysPerBlock = 63;
  static constexpr Minute kStretchMinutes = kNearDays * kMinutesPerDay;
  static constexpr std::uint32_t kNoBlock = 0xffffffffu;
  static constexpr Due kNoDue = {~std::uint64_t{0}};
  struct alignas(64) Block {
    std::uint32_t previous;
    std::uint32_t unused;
    Due keys[kKeysPerBlock];
  };
  struct Bucket {
    std::uint32_t block = kNoBlock;
    std::uint32_t used = kKeysPerBlock;
  };

  void add(Due due) {
    const Minute at = due.minute();
    if (at < tomorrow_) [[unlikely]]
      return add_to_open_day(due);
    // Near, far or behind the horizon is as good as thrown with dice: reckoned, not asked.
    const bool near = static_cast<std::uint32_t>(at) - static_cast<std::uint32_t>(tomorrow_) < near_minutes_;
    const bool kept = at < horizon_;
    const std::uint32_t far = one_of(kept, static_cast<std::uint32_t>(at / kStretchMinutes), stretches_);
    const std::uint32_t day = static_cast<std::uint32_t>(at / kMinutesPerDay) % kNearDays;
    append(buckets_[one_of(near, day, kNearDays + far)], due, kept);
  }
  /// `which` ? a : b, and never a branch.
  static std::uint32_t one_of(bool which, std::uint32_t a, std::uint32_t b) {
    return b ^ ((a ^ b) & (0u - std::uint32_t{which}));
  }
  /// What is not kept is written where the next one will be.
  void append(Bucket& bucket, Due due, bool kept = true) {
    if (bucket.used == kKeysPerBlock) add_block(bucket);
    blocks_[bucket.block].keys[bucket.used] = due;
    bucket.used += kept;
    pending_ += kept;
  }
  /// Where the next event of a bucket will be written, if it has a block; a hint only.
  void prefetch_end([[maybe_unused]] const Bucket& bucket) const {
#if defined(__GNUC__)
    const auto block = reinterpret_cast<std::uintptr_t>(blocks_.data()) + std::size_t{bucket.block} * sizeof(Block);
    __builtin_prefetch(reinterpret_cast<const void*>(block + offsetof(Block, keys) + bucket.used * sizeof(Due)), 1, 3);
#endif
  }
  void add_block(Bucket& bucket);
  Bucket& near_bucket(Day day) {
    return buckets_[static_cast<std::size_t>(day & (kNearDays - 1))];
  }
  Bucket& far_bucket(std::size_t stretch) {
    return buckets_[kNearDays + stretch];
  }
  /// Of what comes before tomorrow.
  void add_to_open_day(Due due);
  void set_today(Day day);
  void deal_out(Bucket& stretch);
  /// Moves the keys of a bucket to `out` (appending) and frees its blocks.
  void empty_into(Bucket& bucket, std::vector<Due>& out);
  void sort_today();
  void count_today();

  Minute horizon_;
  Minute tomorrow_ = 0;             ///< the midnight that ends the open day
  std::uint32_t near_minutes_ = 0;  ///< from tomorrow_ on: these go to the near days
  Day open_day_ = -1;
  Due first_late_ = kNoDue;  ///< the top of late_
  std::size_t pending_ = 0;
  std::uint32_t stretches_ = 0;  ///< of kNearDays days until the horizon
  std::vector<Bucket> buckets_;  ///< of the near days, of the stretches, and one for what is not kept
  PagedArray<Block> blocks_;
  std::uint32_t free_block_ = kNoBlock;
  std::vector<Due> today_, scratch_, late_;
  std::vector<std::uint32_t> starts_;  ///< counters of the sort
};

}  // namespace prisonflow::sim
