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

/// A day the other way: events taken piece by piece and carried out, until none is left; in no order.
template <class Happen>
std::uint64_t run_taken(People& people, Day day, Happen&& happen) {
  std::vector<std::pair<Slot, Minute>> taken;
  std::uint64_t count = 0;
  const auto take = [&](const Record& record, Slot slot, Minute now) {
    CHECK(record.pending == kNever);
    taken.emplace_back(slot, now);
  };
  const auto carry_out = [&] {
    count += taken.size();
    for (const auto& [slot, now] : std::exchange(taken, {})) people.schedule(slot, happen(people[slot], slot, now));
  };
  constexpr std::size_t kPiece = 7;
  for (std::size_t left = people.open_day(day); left > 0;) {
    const std::size_t piece = std::min(left, kPiece);
    people.take_opened(piece, take);
    CHECK(taken.size() <= piece);
    carry_out();
    left -= piece;
  }
  while (const std::size_t late = people.late_events()) {
    people.take_late(take);
    CHECK(taken.size() <= late);
    CHECK(people.late_events() == 0);
    carry_out();
  }
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
    CHECK(people.slots().size() == 1);
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
  CHECK(people.slots().size() == 100);
  std::vector<Slot> reused;
  for (int number = 0; number < 50; ++number) reused.push_back(let_in(people, number, start_of(4)));
  CHECK(people.slots().size() == 100);
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
      for (Slot slot = static_cast<Slot>(day); slot < people.slots().size(); slot += 97) {
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
  for (const Slot slot : people.slots()) kept = kept && people[slot].number == static_cast<int>(slot);
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

TEST_CASE("a population keeps rooms beside its records, on their pages", "[unit][engine]") {
  constexpr int kCount = 3000;
  constexpr std::size_t kPage = People::kPage;
  struct Three {
    int numbers[3];
  };
  People people(kNever, {sizeof(int), 0, sizeof(Three)});
  People plain;
  std::vector<Slot> slots;
  for (int number = 0; number < kCount; ++number) {
    slots.push_back(let_in(people, number, number + 1));
    *static_cast<int*>(people.records().beside(slots.back(), people.room(0))) = -number;
    *static_cast<Three*>(people.records().beside(slots.back(), people.room(2))) = {{number, number + 1, number + 2}};
    let_in(plain, number, number + 1);
  }
  CHECK(people.slots().size() == kCount);
  CHECK(people.alive() == kCount);
  CHECK(people.bytes() == plain.bytes());
  CHECK(plain.bytes_beside() == 0);
  // All rooms, and less than a record with its rooms of each page.
  constexpr std::size_t kRooms = sizeof(int) + sizeof(Three);
  constexpr std::size_t kPages = kCount / (kPage / (sizeof(Record) + kRooms)) + 1;
  CHECK(people.bytes_beside() >= kCount * kRooms);
  CHECK(people.bytes_beside() <= kPages * kPage - kCount * sizeof(Record));
  people.remove(slots[1234]);
  CHECK(people.alive() == kCount - 1);
  CHECK(people.add() == slots[1234]);

  // What was written is found again, so that nothing lies over anything else; and it lies on one page.
  const auto records = people.records();
  const auto page_of = [&](const void* address) {
    return static_cast<std::size_t>(static_cast<const std::byte*>(address) -
                                    reinterpret_cast<std::byte*>(&records[0])) /
           kPage;
  };
  int number = 0;
  for (const Slot slot : people.slots()) {
    CHECK(slot == slots[static_cast<std::size_t>(number)]);
    CHECK(slot == people.slots()[static_cast<std::size_t>(number)]);
    CHECK(records[slot].number == number);
    CHECK(&records[slot] == &people[slot]);
    CHECK(records.slot_of(records[slot]) == slot);
    const auto* one = static_cast<int*>(records.beside(slot, people.room(0)));
    const auto* three = static_cast<Three*>(records.beside(slot, people.room(2)));
    CHECK(*one == -number);
    CHECK(three->numbers[0] == number);
    CHECK(three->numbers[2] == number + 2);
    CHECK(page_of(one) == page_of(&records[slot]));
    CHECK(page_of(three + 1) == page_of(&records[slot]));
    ++number;
  }
  CHECK(number == kCount);
  CHECK(reinterpret_cast<std::uintptr_t>(&records[0]) % kPage == 0);
}

TEST_CASE("a page has as many records as fit with their rooms", "[unit][engine]") {
  const auto of_page = [](std::size_t room) {
    People people(kNever, {room});
    Slot slot = people.add();
    while (slot < People::kStride) slot = people.add();
    return people.slots().size() - 1;  // the last one lies on the next page
  };
  CHECK(of_page(0) == 64);
  CHECK(of_page(44) == 37);
  CHECK(of_page(64) == 32);
  CHECK(of_page(64 + 44) == 23);
  CHECK(of_page(People::kPage / 2) == 1);
  CHECK_THROWS_AS(People(kNever, {People::kPage}), std::invalid_argument);
}
