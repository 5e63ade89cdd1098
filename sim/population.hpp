// A population: records with one pending event each, and the loop that carries them through a day.
//
// The record knows the minute of its pending event; the calendar holds (minute, slot). When both agree the event
// happens, otherwise the calendar's entry is stale (the event was moved) and is passed over: moving an event is one
// assignment and one append, and nothing is ever searched. Since the record's minute always changes when its event
// happens, an entry that was left by an earlier move, or by an earlier owner of the slot, can never fire twice.
//
// `Record` is trivially copyable and has a member `Minute pending`. Free slots have pending == kNever.
//
// A population may keep room for a second record of the same size beside each one: who needs both finds them in two
// lines that follow each other, on one page of memory. In an array of its own the second one would cost another miss
// of the tables by which the processor finds pages, which is dearer than that of a line.
#pragma once

#include <concepts>
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

/// Whether a population keeps room for another record beside each of its own.
enum class Beside : bool { nothing, room };

template <HasPendingEvent Record>
class Population {
 public:
  /// The records of all slots, as valid as a reference to one: for loops that must not look up where they are.
  class Records {
   public:
    Records(Record* first, unsigned shift) : first_(first), shift_(shift) {}
    Record& operator[](Slot slot) const { return first_[std::size_t{slot} << shift_]; }
    /// The room beside a record; only where the population keeps it.
    void* beside(Slot slot) const { return &first_[(std::size_t{slot} << shift_) + 1]; }
    Slot slot_of(const Record& record) const { return static_cast<Slot>((&record - first_) >> shift_); }

   private:
    Record* first_;
    unsigned shift_;
  };

  /// Events on or after `horizon` are not kept.
  explicit Population(Minute horizon = kNever, Beside beside = Beside::nothing)
      : shift_(beside == Beside::room ? 1 : 0), calendar_(horizon) {}

  Record& operator[](Slot slot) { return records_[place_of(slot)]; }
  const Record& operator[](Slot slot) const { return records_[place_of(slot)]; }
  Records records() { return Records(records_.data(), shift_); }
  /// Slots in use or free: the range to walk over all records.
  Slot slots() const { return static_cast<Slot>(records_.size() >> shift_); }
  std::size_t alive() const { return slots() - free_.size(); }
  std::size_t pending_events() const { return calendar_.pending(); }
  /// Without the room beside the records.
  std::size_t bytes() const { return slots() * sizeof(Record) + free_.capacity() * sizeof(Slot) + calendar_.bytes(); }
  void reserve(std::size_t count) { records_.reserve(count << shift_); }

  /// A slot for a new record, its bytes unspecified but for pending = kNever. Invalidates references, so not to be
  /// called while a day runs.
  Slot add() {
    Slot slot;
    if (!free_.empty()) {
      slot = free_.back();
      free_.pop_back();
    } else {
      slot = slots();
      for (unsigned record = 0; record <= shift_; ++record) records_.append();
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
    for (const Due* ahead = due; ahead != end && ahead < due + kPrefetch; ++ahead) prefetch(ahead->slot());
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
    return static_cast<std::size_t>(calendar_.end() - calendar_.begin());
  }
  /// Hands over all events of the opened day, in no order. `take(Record&, Slot, Minute)` keeps what it is told and
  /// reads the record while it is near; each record comes once and has no pending event then. It must not add, remove
  /// or schedule.
  template <class Take>
  void take_opened(Take&& take) {
    const Due* due = calendar_.begin();
    const Due* const end = calendar_.end();
    for (const Due* ahead = due; ahead != end && ahead < due + kPrefetch; ++ahead) prefetch(ahead->slot());
    for (; due != end; ++due) {
      if (end - due > kPrefetch) prefetch(due[kPrefetch].slot());
      take_if_pending(*due, take);
    }
  }
  /// How many events were scheduled into the opened day since, and the same for them.
  std::size_t late_events() const { return calendar_.late_events(); }
  template <class Take>
  void take_late(Take&& take) {
    while (calendar_.has_late()) take_if_pending(calendar_.pop_late(), take);
  }

 private:
  static constexpr int kPrefetch = 24;  ///< events ahead; more than a memory access takes, fewer than a cache holds
  std::size_t place_of(Slot slot) const { return std::size_t{slot} << shift_; }
  void prefetch(Slot slot) const { sim::prefetch(&records_[place_of(slot)]); }
  template <class Take>
  void take_if_pending(Due due, Take& take) {
    Record& record = (*this)[due.slot()];
    if (record.pending != due.minute()) return;
    record.pending = kNever;  // an equal entry that an earlier move left behind is stale now
    take(record, due.slot(), due.minute());
  }

  unsigned shift_;
  PagedArray<Record> records_;  ///< with what lies beside each
  std::vector<Slot> free_;
  Calendar calendar_;
};

}  // namespace prisonflow::sim
