// The yardstick: the least a program can do that carries out HOLD in the exact order (time, id) on one core.
//
// A bucket a day, filled by appending packed keys to blocks of eight cache lines; when a day opens, one stable counting
// sort with about two counters a key, over minute and leading bits of the id together, and an insertion sort for the
// few keys that share a counter; entities are prefetched ahead; events born inside the open day go to a heap. Nothing
// else: every delay fits into the ring of days, nothing is cancelled, entities neither come nor go, no run ends.
//
// It shares no code with sim/calendar.*, so that a change there moves the ratio and not the yardstick.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <new>
#include <queue>
#include <vector>

#ifdef __linux__
#include <sys/mman.h>
#endif

#include "tests/bench/hold_entity.hpp"

namespace prisonflow::bench {

/// An array on huge pages where the system has them: a miss of the address cache costs as much as one of the data.
template <class T>
class HugeArray {
 public:
  explicit HugeArray(std::size_t count) {
    constexpr std::size_t huge_page = std::size_t{1} << 21;
    const std::size_t bytes = (count * sizeof(T) + huge_page - 1) / huge_page * huge_page;
    memory_.reset(std::aligned_alloc(huge_page, bytes));
    if (!memory_) throw std::bad_alloc();
#ifdef __linux__
    static_cast<void>(madvise(memory_.get(), bytes, MADV_HUGEPAGE));
#endif
    items_ = static_cast<T*>(memory_.get());
    std::uninitialized_default_construct_n(items_, count);
  }
  T& operator[](std::size_t index) {
    return items_[index];
  }

 private:
  struct Free {
    void operator()(void* memory) const { std::free(memory); }
  };
  std::unique_ptr<void, Free> memory_;
  T* items_;
};

class BareLoop {
 public:
  BareLoop(std::uint32_t entities, Hold hold)
      : hold_(hold),
        id_bits_(static_cast<int>(std::bit_width(entities - 1))),
        days_(kDays),
        blocks_(entities / kKeysPerBlock + 2 * kDays),
        entities_(entities) {
    for (std::uint32_t id = 0; id < entities; ++id) append(hold_(entities_[id], id, 0), id);
  }

  const Entity& operator[](std::uint32_t id) { return entities_[id]; }

  /// Carries out the next day; returns the number of events.
  std::uint64_t run_day() {
    sort_day();
    const std::uint64_t* key = today_.data();
    const std::uint64_t* const end = key + count_;
    for (std::ptrdiff_t ahead = 0; ahead < kAhead && ahead < end - key; ++ahead) prefetch(key[ahead]);
    std::uint64_t events = count_;
    for (; key != end; ++key) {
      if (end - key > kAhead) prefetch(key[kAhead]);
      while (!late_.empty() && late_.top() < *key) events += carry_out_late();
      carry_out(*key);
    }
    while (!late_.empty()) events += carry_out_late();
    ++day_;
    return events;
  }

 private:
  using Key = std::uint64_t;                      // minute << 32 | id
  static constexpr std::int32_t kDays = 1 << 14;  // beyond the longest delay: 23 means of a year
  static constexpr std::uint32_t kKeysPerBlock = 63;
  static constexpr std::ptrdiff_t kAhead = 24;  // entities prefetched ahead
  static constexpr std::size_t kFew = 12;       // below, an insertion sort alone
  struct alignas(64) Block {
    std::uint32_t previous;
    Key keys[kKeysPerBlock];
  };
  struct Bucket {
    std::uint32_t block = 0;             // 0: none
    std::uint32_t used = kKeysPerBlock;  // keys in the last block
  };

  void append(sim::Minute minute, std::uint32_t id) {
    Bucket& bucket = days_[static_cast<std::size_t>(minute / sim::kMinutesPerDay & (kDays - 1))];
    if (bucket.used == kKeysPerBlock) {
      std::uint32_t block = free_block_;
      if (block != 0) {
        free_block_ = blocks_[block].previous;
      } else {
        block = ++last_block_;
      }
      blocks_[block].previous = bucket.block;
      bucket = {block, 0};
    }
    blocks_[bucket.block].keys[bucket.used++] = Key{static_cast<std::uint32_t>(minute)} << 32 | id;
  }

  void carry_out(Key key) {
    const auto id = static_cast<std::uint32_t>(key);
    Entity& entity = entities_[id];
    const sim::Minute next = hold_(entity, id, static_cast<sim::Minute>(key >> 32));
    entity.pending = next;
    if (next / sim::kMinutesPerDay == day_) {
      late_.push(Key{static_cast<std::uint32_t>(next)} << 32 | id);
    } else {
      append(next, id);
    }
  }
  std::uint64_t carry_out_late() {
    const Key key = late_.top();
    late_.pop();
    carry_out(key);
    return 1;
  }

  void sort_day() {
    Bucket& bucket = days_[static_cast<std::size_t>(day_ & (kDays - 1))];
    today_.clear();
    std::uint32_t used = bucket.used;
    for (std::uint32_t block = bucket.block; block != 0; used = kKeysPerBlock) {
      Block& full = blocks_[block];
      __builtin_prefetch(&blocks_[full.previous]);
      today_.insert(today_.end(), full.keys, full.keys + used);
      const std::uint32_t previous = full.previous;
      full.previous = free_block_;
      free_block_ = block;
      block = previous;
    }
    bucket = {};
    count_ = today_.size();
    if (count_ > kFew) count_keys();
    for (std::size_t i = 1; i < count_; ++i) {
      const Key key = today_[i];
      std::size_t to = i;
      for (; to > 0 && key < today_[to - 1]; --to) today_[to] = today_[to - 1];
      today_[to] = key;
    }
  }

  /// The counting sort: by the leading bits of (minute of the day, id), so many that a counter has half a key or less.
  void count_keys() {
    const Key midnight = static_cast<Key>(sim::start_of(day_)) << 32;
    const int id_shift = 32 - id_bits_;
    constexpr int minute_bits = 11;
    const int shift = std::max(0, minute_bits + id_bits_ - 1 - static_cast<int>(std::bit_width(count_)));
    const auto place = [=](Key key) {
      const Key since = key - midnight;
      return static_cast<std::size_t>(((since >> 32 << 32) >> id_shift | static_cast<std::uint32_t>(since)) >> shift);
    };
    const std::size_t places = ((std::size_t{sim::kMinutesPerDay} << id_bits_) >> shift) + 2;
    starts_.assign(places, 0);
    for (const Key key : today_) ++starts_[place(key) + 1];
    std::uint32_t sum = 0;
    for (std::uint32_t& start : starts_) start = sum += start;
    sorted_.resize(count_);
    for (const Key key : today_) sorted_[starts_[place(key)]++] = key;
    today_.swap(sorted_);
  }

  void prefetch(Key key) { __builtin_prefetch(&entities_[static_cast<std::uint32_t>(key)], 1); }

  Hold hold_;
  int id_bits_;
  std::int32_t day_ = 0;
  std::vector<Bucket> days_;
  HugeArray<Block> blocks_;
  HugeArray<Entity> entities_;
  std::uint32_t free_block_ = 0, last_block_ = 0;
  std::size_t count_ = 0;
  std::vector<Key> today_, sorted_;
  std::vector<std::uint32_t> starts_;
  std::priority_queue<Key, std::vector<Key>, std::greater<>> late_;
};

}  // namespace prisonflow::bench
