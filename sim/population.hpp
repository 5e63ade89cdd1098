// A population: records with one pending event each, and the loop that carries them through a day.
//
// The record knows the minute of its pending event; the calendar holds (minute, slot). When both agree the event
// happens, otherwise the calendar's entry is stale (the event was moved) and is passed over: moving an event is one
// assignment and one append, and nothing is ever searched. Since the record's minute always changes when its event
// happens, an entry that was left by an earlier move, or by an earlier owner of the slot, can never fire twice.
//
// `Record` is trivially copyable and has a member `Minute pending`. Free slots have pending == kNever.
//
// A population may keep rooms beside its records, for what else is known of each: all of it lies on the page of memory
// of the record itself. In an array of its own it would cost another miss of the tables by which the processor finds
// pages, which is dearer than that of a line. A page then begins with as many records as fit with their rooms, and the
// numbers of the slots that would lie where the rooms are are left out: slot times size is still where a record is.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "sim/calendar.hpp"

namespace prisonflow::sim {

template <class Record>
concept HasPendingEvent = std::is_trivially_copyable_v<Record> && requires(Record record) {
  { record.pending } -> std::same_as<Minute&>;
};

/// Asks for a cache line that will be read and written soon; a hint only. Whatever calls these must be inlined by force
/// as well: a function that only fetches has no effect that g++ 12 knows of, and its calls are removed.
[[gnu::always_inline]] inline void prefetch(const void* address) {
#if defined(__GNUC__)
  __builtin_prefetch(address, 1, 3);
#else
  static_cast<void>(address);
#endif
}

[[gnu::always_inline]] inline void prefetch_to_read(const void* address) {
#if defined(__GNUC__)
  __builtin_prefetch(address, 0, 3);
#else
  static_cast<void>(address);
#endif
}

/// A place of `bytes` beside each record of a population: where the first one lies in a page, and how far it is to the
/// next.
struct Room {
  std::uint32_t first = 0;
  std::uint32_t bytes = 0;
};

/// The slots of a population in ascending order, those in use and those that are free: of each `stride` numbers the
/// first `of_page`, `count` in all.
class Slots {
 public:
  class Iterator {
   public:
    Iterator(Slot slot, Slot of_page, Slot stride) : slot_(slot), of_page_(of_page), stride_(stride) {}
    Slot operator*() const { return slot_; }
    Iterator& operator++() {
      if (++slot_ % stride_ == of_page_) slot_ += stride_ - of_page_;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return slot_ != other.slot_; }

   private:
    Slot slot_, of_page_, stride_;
  };

  Slots(Slot count, Slot of_page, Slot stride) : count_(count), of_page_(of_page), stride_(stride) {}
  std::size_t size() const { return count_; }
  /// The slot that has `index` slots before it.
  Slot operator[](std::size_t index) const { return static_cast<Slot>(index / of_page_ * stride_ + index % of_page_); }
  Iterator begin() const { return {0, of_page_, stride_}; }
  Iterator end() const { return {(*this)[count_], of_page_, stride_}; }

 private:
  Slot count_, of_page_, stride_;
};

template <HasPendingEvent Record>
class Population {
 public:
  static constexpr std::size_t kPage = 4096;
  static constexpr Slot kStride = static_cast<Slot>(kPage / sizeof(Record));
  static_assert(std::has_single_bit(sizeof(Record)) && sizeof(Record) <= kPage);

  /// The records of all slots, as valid as a reference to one: for loops that must not look up where they are.
  class Records {
   public:
    explicit Records(Record* first) : first_(first) {}
    Record& operator[](Slot slot) const { return first_[slot]; }
    /// The room beside a record.
    void* beside(Slot slot, Room room) const {
      return reinterpret_cast<std::byte*>(first_) + slot / kStride * kPage + room.first + slot % kStride * room.bytes;
    }
    Slot slot_of(const Record& record) const { return static_cast<Slot>(&record - first_); }

   private:
    Record* first_;
  };

  /// Events on or after `horizon` are not kept. `beside`: bytes of the rooms beside each record, 0 for none; a room is
  /// aligned as its bytes and those of the rooms before it allow. std::invalid_argument if a page has no place for
  /// them.
  explicit Population(Minute horizon = kNever, std::initializer_list<std::size_t> beside = {}) : calendar_(horizon) {
    const std::size_t bytes = std::accumulate(beside.begin(), beside.end(), sizeof(Record));
    if (bytes > kPage) throw std::invalid_argument("a record and what lies beside it need more than a page");
    of_page_ = static_cast<Slot>(kPage / bytes);
    std::size_t first = of_page_ * sizeof(Record);
    for (const std::size_t room : beside) {
      rooms_.push_back({static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(room)});
      first += of_page_ * room;
    }
  }

  Record& operator[](Slot slot) { return records_[slot]; }
  const Record& operator[](Slot slot) const { return records_[slot]; }
  Records records() { return Records(records_.data()); }
  /// Of the rooms beside the records, in the order of the constructor's argument.
  Room room(std::size_t index) const { return rooms_.at(index); }
  /// Those in use or free: the range to walk over all records.
  Slots slots() const { return {slots_, of_page_, kStride}; }
  std::size_t alive() const { return slots_ - free_.size(); }
  std::size_t pending_events() const { return calendar_.pending(); }
  /// Without the rooms beside the records.
  std::size_t bytes() const { return slots_ * sizeof(Record) + free_.capacity() * sizeof(Slot) + calendar_.bytes(); }
  /// All of the rooms, and what is left of each page.
  std::size_t bytes_beside() const { return (records_.size() - slots_) * sizeof(Record); }
  void reserve(std::size_t count) { records_.reserve(count / of_page_ * kStride + kStride); }

  /// A slot for a new record, its bytes unspecified but for pending = kNever. Invalidates references, so not to be
  /// called while a day runs.
  Slot add() {
    Slot slot;
    if (!free_.empty()) {
      slot = free_.back();
      free_.pop_back();
    } else {
      slot = slots()[slots_++];
      const std::size_t size = of_page_ == kStride ? slot + 1 : (slot / kStride + 1) * kStride;
      while (records_.size() < size) records_.append();
    }
    (*this)[slot].pending = kNever;
    return slot;
  }
  /// Frees a slot; the record's pending event, if any, is void.
  void remove(Slot slot) {
    (*this)[slot].pending = kNever;
    free_.push_back(slot);
  }

  /// Sets the pending event of a record, in place of the one it had.
  void schedule(Slot slot, Minute at) {
    (*this)[slot].pending = at;
    calendar_.schedule(at, slot);
  }

  /// The same for many at once, whose records know the minute of their pending event already.
  void schedule_noted(const Due* first, const Due* last) { calendar_.schedule_all(first, last); }

  /// Carries out all events of a day in the order (minute, slot). `happen(Record&, Slot, Minute now) -> Minute` does
  /// one event and returns the minute of the record's next one: later than `now`, or kNever. It may remove() its own
  /// record and must not add(). Returns the number of events.
  template <class Happen>
  std::uint64_t run_day(Day day, Happen&& happen) {
    calendar_.open(day);
    std::uint64_t count = 0;
    const auto carry_out = [&](Due due) {
      Record& record = (*this)[due.slot()];
      if (record.pending != due.minute()) return;
      ++count;
      const Minute next = happen(record, due.slot(), due.minute());
      record.pending = next;
      calendar_.schedule(next, due.slot());
    };
    const Due* due = calendar_.begin();
    const Due* const end = calendar_.end();
    fetch_first();
    for (; due != end; ++due) {
      if (end - due > kPrefetch) prefetch(due[kPrefetch].slot());
      while (calendar_.has_late_before(*due)) carry_out(calendar_.pop_late());
      carry_out(*due);
    }
    while (calendar_.has_late()) carry_out(calendar_.pop_late());
    return count;
  }

  /// The other way through a day, for a model whose records do not meet within it, so that their order there cannot
  /// matter. Opens the day; returns how many events it has at most.
  std::size_t open_day(Day day) {
    calendar_.open_unsorted(day);
    next_ = calendar_.begin();
    fetch_first();
    return static_cast<std::size_t>(calendar_.end() - calendar_.begin());
  }
  /// Hands over the next `count` events of the opened day, in no order. `take(Record&, Slot, Minute)` keeps what it is
  /// told and reads the record while it is near; each record comes once and has no pending event then. It must not add,
  /// remove or schedule; between two calls that is allowed.
  template <class Take>
  void take_opened(std::size_t count, Take&& take) {
    const Due* due = next_;
    const Due* const stop = due + count;
    const Due* const end = calendar_.end();
    for (; due != stop; ++due) {
      if (end - due > kPrefetch) prefetch(due[kPrefetch].slot());
      take_if_pending(*due, take);
    }
    next_ = stop;
  }
  /// How many events were scheduled into the opened day since, and the same for them.
  std::size_t late_events() const { return calendar_.late_events(); }
  template <class Take>
  void take_late(Take&& take) {
    while (calendar_.has_late()) take_if_pending(calendar_.pop_late(), take);
  }

 private:
  static constexpr int kPrefetch = 24;  ///< events ahead; more than a memory access takes, fewer than a cache holds
  void prefetch(Slot slot) const { sim::prefetch(&records_[slot]); }
  /// Of the opened day.
  void fetch_first() const {
    const Due* const first = calendar_.begin();
    const Due* const end = calendar_.end() - first > kPrefetch ? first + kPrefetch : calendar_.end();
    for (const Due* due = first; due != end; ++due) prefetch(due->slot());
  }
  template <class Take>
  void take_if_pending(Due due, Take& take) {
    Record& record = (*this)[due.slot()];
    if (record.pending != due.minute()) return;
    record.pending = kNever;  // an equal entry that an earlier move left behind is stale now
    take(record, due.slot(), due.minute());
  }

  Slot of_page_;               ///< how many of each kStride numbers are slots
  Slot slots_ = 0;             ///< how many there are
  const Due* next_ = nullptr;  ///< of the opened day, the first event that was not taken
  std::vector<Room> rooms_;
  PagedArray<Record> records_;  ///< with the rooms
  std::vector<Slot> free_;
  Calendar calendar_;
};

}  // namespace prisonflow::sim
