// A partition: a share of the persons with their calendar, what they count, and the messages of one window.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "models/course.hpp"
#include "models/ledger.hpp"
#include "models/tallies.hpp"
#include "sim/population.hpp"
#include "sim/random.hpp"

namespace prisonflow::models {

/// Someone asks for capacity: a place in a facility group, or to be served. Settled at the end of the day.
struct Request {
  std::uint64_t name = 0;
  sim::Minute time = 0;
  sim::Slot slot = 0;
  std::uint32_t visit = 0;  ///< the person's case and round: who left and came back asks anew
  std::uint16_t partition = 0;
  Cell cell = 0;
  std::uint8_t state = 0;
  bool service = false;                ///< else a place
  std::uint8_t resource = 0;           ///< facility group or service
  std::uint8_t priority = 0;           ///< smaller comes first
  std::uint8_t held_in = kNoFacility;  ///< the place in another group where the person is held meanwhile
};

/// A service became free at `time`, or a place did.
struct Freed {
  sim::Minute time = 0;
  std::uint8_t service = 0;
};

/// An answer to a request, carried out by the partition at the start of the next day.
struct Grant {
  std::uint64_t name = 0;
  sim::Minute start = 0;  ///< when the stay began
  sim::Slot slot = 0;
  std::uint8_t facility = kNoFacility;  ///< the place given, kNoFacility for a service
  std::uint8_t from = kNoFacility;      ///< the place that is given up for it
  bool begins = false;                  ///< the person was waiting: the stay begins
};

/// A person under way between two timed states.
struct Walker {
  sim::Slot slot = 0;
  sim::Minute now = 0;
  StateIndex to = kNoState;
  std::uint16_t group = 0;  ///< by which they are put in order
  std::uint32_t draw = 0;   ///< where their draw for the stay is; a new person's death comes behind it
};

/// A list that is filled through a pointer and keeps its memory from day to day.
template <class T>
class Roll {
 public:
  /// Room for `count`: write from there on, and tell close() where the list ends.
  T* open(std::size_t count) {
    if (room_.size() < count) room_.resize(count + count / 2);
    size_ = 0;
    return room_.data();
  }
  /// Room for `count` more behind the end.
  T* extend(std::size_t count) {
    if (room_.size() < size_ + count) room_.resize(size_ + count + count / 2);
    return room_.data() + size_;
  }
  void close(const T* end) { size_ = static_cast<std::size_t>(end - room_.data()); }
  std::size_t size() const { return size_; }
  T* data() { return room_.data(); }
  const T* begin() const { return room_.data(); }
  const T* end() const { return room_.data() + size_; }
  std::size_t bytes() const { return room_.size() * sizeof(T); }

 private:
  std::vector<T> room_;
  std::size_t size_ = 0;
};

/// The lists of models/day_walk.hpp.
struct WalkerRolls {
  Roll<Walker> due, due_in_order, newcomers, deciding, arriving, in_order, staying;
  Roll<sim::DrawName> names_deciding, names_arriving, names_staying;
  Roll<sim::Draws> draws;
  Roll<sim::Due> next;  ///< of those whose next event is known, until the calendar takes them all
  std::vector<std::uint32_t> starts;
  std::size_t bytes() const {
    return due.bytes() + due_in_order.bytes() + newcomers.bytes() + deciding.bytes() + arriving.bytes() +
           in_order.bytes() + staying.bytes() + names_deciding.bytes() + names_arriving.bytes() +
           names_staying.bytes() + draws.bytes() + next.bytes() + starts.capacity() * sizeof(std::uint32_t);
  }
};

struct Partition {
  /// `keeps_ledger`: the world is compared with another; `keeps_courses`: the scenario needs them.
  Partition(std::uint16_t number, sim::Minute horizon, Tallies counts, bool keeps_ledger, bool keeps_courses)
      : index(number),
        people(horizon, {keeps_ledger ? Ledger::kBytesAPerson : 0, keeps_courses ? sizeof(Course) : 0}),
        room_of_course(people.room(1)),
        ledger(keeps_ledger ? std::make_unique<Ledger>(horizon, people, people.room(0)) : nullptr),
        tallies(std::move(counts)) {}
  /// Of the person in a slot; only where courses are kept.
  Course& course(sim::Slot slot) { return *static_cast<Course*>(people.records().beside(slot, room_of_course)); }
  std::uint16_t index;
  sim::Population<Person> people;  ///< with open cases, then courses beside them
  sim::Room room_of_course;
  std::unique_ptr<Ledger> ledger;  ///< null where the world is not compared with another
  Tallies tallies;
  std::vector<Request> requests;
  std::vector<Freed> freed;
  std::vector<Grant> grants;
  WalkerRolls rolls;
};

}  // namespace prisonflow::models
