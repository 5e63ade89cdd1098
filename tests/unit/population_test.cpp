// A population: one pending event a record, whatever is moved, removed or reused; and what it weighs.
#include "sim/population.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <utility>
#include <vector>

#include "sim/numerics.hpp"
#include "sim/random.hpp"

using namespace prisonflow::sim;

namespace {

struct alignas(64) Record {
  Minute pending;
  int number;
};
using People = Population<Record>;
using History = std::vector<std::pair<Minute, int>>;

Slot let_in(People& people, int number, Minute at) {
  const Slot slot = people.add();
  people[slot].number = number;
  people.schedule(slot, at);
  return slot;
}

/// A day the other way: all events taken, then carried out, until none is left; in no order.
template <class Happen>
std::uint64_t run_taken(People& people, Day day, Happen&& happen) {
  std::vector<std::pair<Slot, Minute>> taken;
  std::uint64_t count = 0;
  const auto take = [&](const Record& record, Slot slot, Minute now) {
    CHECK(record.pending == kNever);
    taken.emplace_back(slot, now);
  };
  const std::size_t most = people.open_day(day);
  people.take_opened(take);
  CHECK(taken.size() <= most);
  do {
    count += taken.size();
    for (const auto& [slot, now] : std::exchange(taken, {})) people.schedule(slot, happen(people[slot], slot, now));
    const std::size_t late = people.late_events();
    people.take_late(take);
    CHECK(taken.size() <= late);
  } while (!taken.empty());
  return count;
}

/// Runs the days from `first` to before `end`, each record once, and tells what happened when and to whom.
History run(People& people, Day first, Day end) {
  const bool taken = GENERATE(false, true);
  History history;
  const auto happen = [&](Record& record, Slot, Minute now) {
    history.emplace_back(now, record.number);
    return kNever;
  };
  for (Day day = first; day < end; ++day) {
    if (taken) {
      run_taken(people, day, happen);
    } else {
      people.run_day(day, happen);
    }
  }
  if (taken) std::sort(history.begin(), history.end());
  return history;
}

}  // namespace

TEST_CASE("an event moved happens once, at its new time") {
  People people;
  const Slot slot = let_in(people, 1, start_of(5) + 10);
  let_in(people, 2, start_of(5) + 20);
  SECTION("earlier") {
    people.schedule(slot, start_of(2));
    CHECK(run(people, 0, 10) == History{{start_of(2), 1}, {start_of(5) + 20, 2}});
  }
  SECTION("later") {
    people.schedule(slot, start_of(7));
    CHECK(run(people, 0, 10) == History{{start_of(5) + 20, 2}, {start_of(7), 1}});
  }
  SECTION("away and back") {
    people.schedule(slot, start_of(2));
    people.schedule(slot, start_of(5) + 10);
    CHECK(run(people, 0, 10) == History{{start_of(5) + 10, 1}, {start_of(5) + 20, 2}});
  }
  SECTION("to never") {
    people.schedule(slot, kNever);
    CHECK(run(people, 0, 10) == History{{start_of(5) + 20, 2}});
  }
  SECTION("between days, from later into the next day and away again") {
    CHECK(run(people, 0, 3).empty());
    people.schedule(slot, start_of(3));
    people.schedule(slot, start_of(3) + 1);
    people.schedule(slot, start_of(2000));
    people.schedule(slot, start_of(3) + 2);
    CHECK(run(people, 3, 2100) == History{{start_of(3) + 2, 1}, {start_of(5) + 20, 2}});
  }
  CHECK(people.pending_events() == 0);
}

TEST_CASE("what is left of a removed record never happens, nor to the next one in its slot") {
  People people;
  const Slot slot = let_in(people, 1, start_of(5));
  CHECK(people.alive() == 1);
  people.remove(slot);
  CHECK(people.alive() == 0);
  CHECK(people[slot].pending == kNever);
  SECTION("empty slot") {
    CHECK(run(people, 0, 10).empty());
  }
  SECTION("reused at another time") {
    CHECK(let_in(people, 2, start_of(6)) == slot);
    CHECK(people.slots() == 1);
    CHECK(run(people, 0, 10) == History{{start_of(6), 2}});
  }
  SECTION("reused at the same minute: once") {
    CHECK(let_in(people, 2, start_of(5)) == slot);
    CHECK(run(people, 0, 10) == History{{start_of(5), 2}});
  }
  SECTION("reused without an event") {
    CHECK(people.add() == slot);
    CHECK(run(people, 0, 10).empty());
  }
}

TEST_CASE("a record may be removed in its own event") {
  People people;
  for (int number = 0; number < 100; ++number) let_in(people, number, start_of(1) + number / 3);
  int happened = 0;
  for (Day day = 0; day < 4; ++day) {
    people.run_day(day, [&](Record& record, Slot slot, Minute now) {
      ++happened;
      if (record.number % 2 == 0) {
        people.remove(slot);
        return kNever;
      }
      return after(now, 1.0 * kMinutesPerDay);
    });
  }
  CHECK(happened == 50 + 3 * 50);
  CHECK(people.alive() == 50);
  CHECK(people.slots() == 100);
  std::vector<Slot> reused;
  for (int number = 0; number < 50; ++number) reused.push_back(let_in(people, number, start_of(4)));
  CHECK(people.slots() == 100);
  std::sort(reused.begin(), reused.end());
  CHECK(std::adjacent_find(reused.begin(), reused.end()) == reused.end());
}

TEST_CASE("run_day counts the events that happened, stale entries not") {
  People people;
  const Slot slot = let_in(people, 1, start_of(0) + 30);
  people.schedule(slot, 20);
  people.schedule(slot, 10);
  const auto count = people.run_day(0, [](Record&, Slot, Minute now) { return now < 13 ? now + 1 : kNever; });
  CHECK(count == 4);  // at 10, 11, 12 and 13
  CHECK(people.pending_events() == 0);
}

TEST_CASE("a day's events taken at once are those it has in order") {
  constexpr int kRecords = 2'000;
  constexpr Day kDays = 1'500;  // beyond the near days
  const auto history_of = [&](bool taken) {
    People people(start_of(kDays));
    for (int number = 0; number < kRecords; ++number) let_in(people, number, number % start_of(40));
    History history;
    std::uint64_t count = 0;
    const auto happen = [&](Record& record, Slot, Minute now) {
      history.emplace_back(now, record.number);
      const std::uint64_t mixed =
          mix64(static_cast<std::uint64_t>(now) << 20 | static_cast<std::uint64_t>(record.number));
      if (mixed % 50 == 0) return kNever;
      return now + 1 + static_cast<Minute>((mixed >> 8) % (mixed % 3 == 0 ? 300 : start_of(1'200)));
    };
    for (Day day = 0; day < kDays; ++day) {
      // Some are moved, away and back: their old entries are stale, or as good as new.
      for (Slot slot = static_cast<Slot>(day); slot < people.slots(); slot += 97) {
        const Minute pending = people[slot].pending;
        if (pending == kNever) continue;
        people.schedule(slot, start_of(day) + 5);
        if (slot % 2 == 0) people.schedule(slot, pending);
      }
      count += taken ? run_taken(people, day, happen) : people.run_day(day, happen);
    }
    CHECK(count == history.size());
    std::sort(history.begin(), history.end());
    return history;
  };
  const History in_order = history_of(false);
  CHECK(in_order.size() > 10'000);
  CHECK(history_of(true) == in_order);
}

TEST_CASE("events on or after the horizon are not kept") {
  People people(start_of(3));
  let_in(people, 1, start_of(3) - 1);
  let_in(people, 2, start_of(3));
  let_in(people, 3, start_of(2000));
  let_in(people, 4, kNever);
  CHECK(people.pending_events() == 1);
  CHECK(people.alive() == 4);
  CHECK(run(people, 0, 3) == History{{start_of(3) - 1, 1}});
}

TEST_CASE("records keep their contents when the population grows") {
  People people;
  for (int number = 0; number < 200'000; ++number) let_in(people, number, start_of(1));
  bool kept = true;
  for (Slot slot = 0; slot < people.slots(); ++slot) kept = kept && people[slot].number == static_cast<int>(slot);
  CHECK(kept);
  CHECK(reinterpret_cast<std::uintptr_t>(&people[0]) % 64 == 0);
  CHECK(run(people, 0, 2).size() == 200'000);
}

TEST_CASE("a million records weigh at most 128 bytes each, all included, and stay so") {
  constexpr int count = 1'000'000;
  People people;
  for (int number = 0; number < count; ++number) {
    const Draws draws = draw({}, static_cast<std::uint64_t>(number), 0, purpose("first"));
    let_in(people, number, after(0, -365.0 * kMinutesPerDay * prisonflow::sim::log(draws.uniform(0))));
  }
  CHECK(people.bytes() >= count * (sizeof(Record) + sizeof(Due)));
  CHECK(people.bytes() <= count * std::size_t{128});
  const std::size_t before = people.bytes();
  for (Day day = 0; day < 400; ++day) {
    people.run_day(day, [](Record& record, Slot slot, Minute now) {
      const Draws draws = draw({}, slot, static_cast<std::uint32_t>(now), purpose("next"));
      record.number = 0;
      return after(now, -365.0 * kMinutesPerDay * prisonflow::sim::log(draws.uniform(0)));
    });
  }
  CHECK(people.bytes() <= before + before / 50);
  CHECK(people.pending_events() == count);
}

TEST_CASE("a population keeps room for a record beside each of its own", "[unit][engine]") {
  People people(kNever, Beside::room);
  People plain;
  for (int number = 0; number < 3000; ++number) {
    const Slot slot = let_in(people, number, number + 1);
    *static_cast<int*>(people.records().beside(slot)) = -number;
    let_in(plain, number, number + 1);
  }
  CHECK(people.slots() == 3000);
  CHECK(people.alive() == 3000);
  CHECK(people.bytes() == plain.bytes());
  people.remove(1234);
  CHECK(people.alive() == 2999);
  CHECK(people.add() == 1234);
  const auto records = people.records();
  for (Slot slot = 0; slot < people.slots(); ++slot) {
    CHECK(records[slot].number == static_cast<int>(slot));
    CHECK(&records[slot] == &people[slot]);
    CHECK(records.slot_of(records[slot]) == slot);
    CHECK(*static_cast<int*>(records.beside(slot)) == -static_cast<int>(slot));
  }
}
