// The calendar's order against a plain priority queue, event by event, and the calendar's refusals.
//
// A first ladder queue once lost one person in a hundred without a sign: the order of the first millions of events is
// therefore hashed and compared with a queue too simple to be wrong, and the comparison is shown to notice one event.
#include "sim/calendar.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <queue>
#include <stdexcept>
#include <tuple>
#include <vector>

#include "sim/numerics.hpp"
#include "sim/population.hpp"
#include "sim/random.hpp"

using namespace prisonflow::sim;

namespace {

struct alignas(64) Record {
  Minute pending;
  std::uint32_t occurrence;
  std::uint64_t name;
};

/// The same interface as Population over a priority queue of (minute, slot, version): a version for each schedule(), so
/// that nothing depends on what makes an entry stale in the engine.
class PlainPopulation {
 public:
  explicit PlainPopulation(Minute horizon) : horizon_(horizon) {}
  Record& operator[](Slot slot) { return records_[slot]; }
  Slots slots() const { return {static_cast<Slot>(records_.size()), 1, 1}; }
  std::size_t alive() const { return records_.size() - free_.size(); }
  Slot add() {
    if (free_.empty()) {
      records_.push_back({});
      versions_.push_back(0);
      free_.push_back(static_cast<Slot>(records_.size() - 1));
    }
    const Slot slot = free_.back();
    free_.pop_back();
    records_[slot].pending = kNever;
    return slot;
  }
  void remove(Slot slot) {
    ++versions_[slot];
    records_[slot].pending = kNever;
    free_.push_back(slot);
  }
  void schedule(Slot slot, Minute at) {
    records_[slot].pending = at;
    const std::uint64_t version = ++versions_[slot];
    if (at < horizon_ && ++scheduled_ != dropped) queue_.push({at, slot, version});
  }
  template <class Happen>
  std::uint64_t run_day(Day day, Happen&& happen) {
    std::uint64_t count = 0;
    while (!queue_.empty() && std::get<0>(queue_.top()) < start_of(day + 1)) {
      const auto [now, slot, version] = queue_.top();
      queue_.pop();
      if (version != versions_[slot]) continue;
      ++count;
      const Minute next = happen(records_[slot], slot, now);
      if (next != kNever) schedule(slot, next);
    }
    return count;
  }

  std::uint64_t dropped = 0;  ///< the scheduled event of this number is lost; 0 = none

 private:
  using Entry = std::tuple<Minute, Slot, std::uint64_t>;
  Minute horizon_;
  std::uint64_t scheduled_ = 0;
  std::vector<Record> records_;
  std::vector<std::uint64_t> versions_;
  std::vector<Slot> free_;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue_;
};

struct Play {
  std::uint32_t entities;
  std::uint64_t events;  ///< at least
  Day last_day = 1'400'000;
  std::uint32_t moves_a_day = 5;
};

struct Played {
  std::uint64_t hash = 0xcbf29ce484222325u;
  std::uint64_t events = 0;
  std::uint64_t same_day = 0, equal_minute = 0, empty_days = 0, far = 0, removed = 0, moved_earlier = 0,
                moved_later = 0;
  Day days = 0;
  std::size_t alive = 0;
};

/// HOLD with everything a model does besides: delays from a minute to fourteen years, many of them equal, records that
/// leave and newcomers in their slots, events moved between days.
template <class Queue>
Played play(Queue& queue, const Play& script) {
  constexpr StreamKey key = stream_key(20'260, 1);
  constexpr Purpose delays = purpose("delays"), interventions = purpose("interventions");
  Played played;
  std::uint64_t names = 0;
  const auto delay = [&](Record& record, Minute now) -> Minute {
    const Draws draws = draw(key, record.name, record.occurrence++, delays);
    const double kind = draws.uniform(0);
    if (kind < 0.40) return after(now, -40.0 * kMinutesPerDay * prisonflow::sim::log(draws.uniform(1)));
    if (kind < 0.50) return start_of(day_of(now) + 7);             // many at one midnight
    if (kind < 0.60) return after(now, 600.0 * draws.uniform(1));  // often within the day
    if (kind < 0.63) return after(now, 0.0);                       // the next minute
    if (kind < 0.93) return after(now, 30.0 * kMinutesPerDay);     // equal minutes stay together
    if (kind < 0.98) return after(now, 1500.0 * kMinutesPerDay * draws.uniform(1));
    return after(now, 5000.0 * kMinutesPerDay * draws.uniform(1));  // far, beyond several stretches
  };
  const auto let_in = [&](Minute now) {
    const Slot slot = queue.add();
    Record& record = queue[slot];
    record.name = ++names;
    record.occurrence = 0;
    const Minute at = delay(record, now);
    queue.schedule(slot, at);
  };
  for (std::uint32_t entity = 0; entity < script.entities; ++entity) let_in(0);
  Minute before = -1;
  for (Day day = 0; played.events < script.events && day < script.last_day; ++day, ++played.days) {
    const Minute midnight = start_of(day);
    for (std::uint32_t intervention = 0; intervention < script.moves_a_day; ++intervention) {
      const Draws draws = draw(key, static_cast<std::uint64_t>(day), intervention, interventions);
      const auto slot = static_cast<Slot>(draws.uniform(0) * static_cast<double>(queue.slots().size()));
      Record& record = queue[slot];
      if (record.pending == kNever) continue;
      const double what = draws.uniform(1);
      if (what < 0.2) {
        queue.remove(slot);
        ++played.removed;
        let_in(midnight);  // into the slot just freed
      } else {
        const Minute at = after(midnight, 400.0 * kMinutesPerDay * draws.uniform(2) * draws.uniform(3));
        ++(at < record.pending ? played.moved_earlier : played.moved_later);
        queue.schedule(slot, at);
      }
    }
    const std::uint64_t count = queue.run_day(day, [&](Record& record, Slot slot, Minute now) -> Minute {
      for (const auto part : {static_cast<std::uint32_t>(now), slot})
        played.hash = (played.hash ^ part) * 0x100000001b3u;
      played.equal_minute += now == before ? 1u : 0u;
      before = now;
      if (draw(key, record.name, record.occurrence, interventions).uniform(0) < 0.01) {
        queue.remove(slot);
        ++played.removed;
        return kNever;
      }
      const Minute next = delay(record, now);
      played.same_day += day_of(next) == day ? 1u : 0u;
      played.far += day_of(next) - day > 2 * Calendar::kNearDays ? 1u : 0u;
      return next;
    });
    played.events += count;
    played.empty_days += count == 0 ? 1u : 0u;
    while (queue.alive() < script.entities) let_in(start_of(day + 1));
  }
  played.alive = queue.alive();
  return played;
}

}  // namespace

TEST_CASE("two million events come in the order of a plain priority queue") {
  const Play script = GENERATE(
      Play{.entities = 20'000, .events = 2'000'000}, Play{.entities = 200'000, .events = 400'000, .moves_a_day = 500},
      Play{.entities = 40, .events = 50'000, .moves_a_day = 0}, Play{.entities = 1, .events = 2'000, .moves_a_day = 0});
  CAPTURE(script.entities);
  Population<Record> engine;
  PlainPopulation plain(kNever);
  const Played expected = play(plain, script);
  const Played found = play(engine, script);
  CHECK(found.hash == expected.hash);
  CHECK(found.events == expected.events);
  CHECK(found.days == expected.days);
  CHECK(found.alive == expected.alive);
  // The play contains what it is meant to contain.
  CHECK(expected.same_day > script.events / 50);
  CHECK(expected.far > script.events / 200);
  CHECK(expected.removed > script.events / 200);
  CHECK((expected.moved_earlier > 0) == (script.moves_a_day > 0));
  CHECK((expected.moved_later > 0) == (script.moves_a_day > 0));
  if (script.entities <= 40) CHECK(expected.empty_days > 0);
  if (script.entities >= 20'000) CHECK(expected.equal_minute > script.events / 50);
  CHECK(expected.days > (script.entities < 100'000 ? 3 * Calendar::kNearDays : 30));

  SECTION("twin: one event dropped is noticed") {
    PlainPopulation careless(kNever);
    careless.dropped = script.events / 2;
    CHECK(play(careless, script).hash != found.hash);
  }
}

TEST_CASE("a horizon drops what lies behind it and nothing before") {
  const Day last_day = GENERATE(1, 900, 1024, 3000);
  CAPTURE(last_day);
  const Minute horizon = start_of(last_day);
  const Play script{.entities = 3000, .events = ~std::uint64_t{0}, .last_day = last_day};
  Population<Record> engine(horizon);
  PlainPopulation plain(horizon);
  const Played expected = play(plain, script);
  const Played found = play(engine, script);
  CHECK(found.hash == expected.hash);
  CHECK(found.events == expected.events);
  CHECK(engine.pending_events() == 0);
}

TEST_CASE("a day is sorted by minute, then slot, whatever its size and shape") {
  const std::size_t count = GENERATE(0, 1, 2, 11, 12, 13, 63, 64, 500, 30'000);
  const Slot slots = GENERATE(1, 100, 1'000'000, 0xffffffff);
  const Minute spread = GENERATE(1, 2, 1440);
  CAPTURE(count, slots, spread);
  Calendar calendar;
  std::vector<std::uint64_t> expected;
  for (std::size_t event = 0; event < count; ++event) {
    const Draws draws = draw({}, event, static_cast<std::uint32_t>(spread), purpose("shape"));
    const Due due = Due::at(start_of(5) + static_cast<Minute>(draws.uniform(0) * spread),
                            static_cast<Slot>(draws.uniform(1) * slots));
    expected.push_back(due.bits);
    calendar.schedule(due.minute(), due.slot());
  }
  CHECK(calendar.pending() == count);
  calendar.open(5);
  CHECK(calendar.pending() == 0);
  std::sort(expected.begin(), expected.end());
  std::vector<std::uint64_t> found;
  for (const Due& due : calendar) found.push_back(due.bits);
  CHECK(found == expected);
}

TEST_CASE("many events added at once lie where they would one by one") {
  const std::size_t count = GENERATE(0, 1, 12, 13, 5000);
  CAPTURE(count);
  const Day last_day = 2500;  // the near days and the far ones
  Calendar together(start_of(last_day)), one_by_one(start_of(last_day));
  together.open(0);
  one_by_one.open(0);
  std::vector<Due> events;
  for (std::size_t event = 0; event < count; ++event) {
    const Draws draws = draw({}, event, 0, purpose("many"));
    // Some on the open day, some behind the horizon, some never.
    const auto minute = static_cast<Minute>(draws.uniform(0) * draws.uniform(1) * start_of(last_day + 300));
    events.push_back(Due::at(event % 17 == 5 ? kNever : minute, static_cast<Slot>(event)));
    one_by_one.schedule(events.back().minute(), events.back().slot());
  }
  together.schedule_all(events.data(), events.data() + events.size());
  CHECK(together.pending() == one_by_one.pending());
  CHECK(together.late_events() == one_by_one.late_events());
  CHECK((count < 5000 || together.late_events() > 0));
  while (one_by_one.has_late() && together.has_late()) CHECK(together.pop_late().bits == one_by_one.pop_late().bits);
  std::size_t seen = 0;
  for (Day day = 1; day < last_day; ++day) {
    together.open(day);
    one_by_one.open(day);
    const auto same = [](Due a, Due b) { return a.bits == b.bits; };
    REQUIRE(std::equal(together.begin(), together.end(), one_by_one.begin(), one_by_one.end(), same));
    seen += static_cast<std::size_t>(together.end() - together.begin());
  }
  CHECK((count < 5000 || seen > count / 2));
}

TEST_CASE("events of the open day are read in order beside the sorted ones") {
  Calendar calendar;
  calendar.schedule(start_of(3) + 100, 1);
  calendar.open(3);
  CHECK(calendar.begin()->slot() == 1);
  CHECK_FALSE(calendar.has_late());
  calendar.schedule(start_of(3) + 200, 7);
  calendar.schedule(start_of(3) + 150, 9);
  calendar.schedule(start_of(3) + 150, 8);
  CHECK(calendar.pending() == 3);
  CHECK_FALSE(calendar.has_late_before(Due::at(start_of(3) + 150, 8)));
  CHECK(calendar.has_late_before(Due::at(start_of(3) + 150, 9)));
  CHECK(calendar.pop_late().slot() == 8);
  CHECK(calendar.pop_late().slot() == 9);
  CHECK(calendar.has_late());
  CHECK(calendar.pop_late().slot() == 7);
  CHECK_FALSE(calendar.has_late());
  CHECK_FALSE(calendar.has_late_before(Due::at(kEndOfTime, 0)));
  CHECK(calendar.pending() == 0);
}

TEST_CASE("the calendar refuses what would lose an event") {
  Calendar calendar;
  calendar.schedule(start_of(10) + 5, 1);
  calendar.schedule(start_of(4000), 2);
  SECTION("days out of order") {
    calendar.open(3);
    CHECK_THROWS_AS(calendar.open(3), std::logic_error);
    CHECK_THROWS_AS(calendar.open(2), std::logic_error);
    CHECK_NOTHROW(calendar.open(9));  // empty days may be left out
  }
  SECTION("a day that holds events left out") {
    CHECK_THROWS_AS(calendar.open(11), std::logic_error);
  }
  SECTION("a far day left out") {
    calendar.open(10);
    CHECK_NOTHROW(calendar.open(3999));
    CHECK_THROWS_AS(calendar.open(4001), std::logic_error);
  }
  SECTION("a day opened while the last one still holds events") {
    calendar.open(10);
    calendar.schedule(start_of(10) + 900, 3);
    CHECK_THROWS_AS(calendar.open(11), std::logic_error);
  }
  SECTION("an event before the open day") {
    calendar.open(10);
    CHECK_THROWS_AS(calendar.schedule(start_of(10) - 1, 3), std::logic_error);
    CHECK_THROWS_AS(calendar.schedule(0, 3), std::logic_error);
    CHECK_THROWS_AS(calendar.schedule(-1, 3), std::logic_error);
    CHECK(calendar.pending() == 1);
  }
  SECTION("a negative minute before the first day") {
    CHECK_THROWS_AS(calendar.schedule(-1, 3), std::logic_error);
  }
}

TEST_CASE("the last days of time are reached") {
  Calendar calendar;
  calendar.schedule(kEndOfTime, 1);
  calendar.schedule(kNever, 2);
  CHECK(calendar.pending() == 1);
  const Day last = day_of(kEndOfTime);
  calendar.open(last - 1);
  calendar.schedule(kEndOfTime - 1, 3);
  calendar.open(last);
  CHECK(calendar.end() - calendar.begin() == 2);
  calendar.schedule(kEndOfTime, 4);
  calendar.schedule(kNever, 5);
  CHECK(calendar.pop_late().slot() == 4);
  CHECK(calendar.pending() == 0);
}
