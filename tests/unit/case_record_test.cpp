// The record of a case: nothing is lost by packing it, however many of its numbers count.
#include "models/case_record.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "sim/random.hpp"

using namespace prisonflow;
using models::CaseMinutes;
using models::CaseRecord;
using models::Control;
using models::PackedCase;

namespace {

/// A record of random content; each number that counts minutes is zero with chance 1 - `share`.
CaseRecord random_record(std::uint64_t number, double share) {
  const sim::Draws draws = sim::draw(sim::stream_key(1, 0), number, 0, sim::purpose("a record"));
  CaseRecord record{};
  record.person = std::uint64_t{draws.word[0]} << 32 | draws.word[1];
  record.begun = static_cast<std::uint16_t>(draws.word[2]);
  record.cell = static_cast<models::Cell>(draws.word[2] >> 16);
  record.number = static_cast<std::uint8_t>(draws.word[3]);
  record.disposition = static_cast<std::uint8_t>(draws.word[3] >> 8);
  record.rank = static_cast<Control>((draws.word[3] >> 16) % models::kControls);
  record.disposed = (draws.word[3] >> 24 & 1) != 0;
  record.began_disposed = (draws.word[3] >> 25 & 1) != 0;
  record.joined = (draws.word[3] >> 26 & 1) != 0;
  record.after_lesser = (draws.word[3] >> 27 & 1) != 0;
  const auto minutes = [&](std::uint32_t which) {
    const sim::Draws own = sim::draw(sim::stream_key(1, 0), number, which, sim::purpose("minutes"));
    return own.uniform(0) < share ? static_cast<std::int32_t>(own.word[1] >> 1) : 0;
  };
  for (std::uint32_t rank = 1; rank < models::kControls; ++rank) record.minutes[rank] = minutes(rank);
  record.custody_before_trial = minutes(10);
  record.other_before_trial = minutes(11);
  record.through_breach = minutes(12);
  return record;
}

std::size_t numbers_that_count(const CaseRecord& record) {
  std::size_t count = 0;
  for (const std::int32_t minutes : record.minutes) count += minutes != 0 ? 1 : 0;
  return count + (record.custody_before_trial != 0 ? 1 : 0) + (record.other_before_trial != 0 ? 1 : 0) +
         (record.through_breach != 0 ? 1 : 0);
}

/// Packs records and keeps what does not fit.
struct Keeper {
  std::vector<CaseMinutes> wide{};
  PackedCase pack(const CaseRecord& record, std::uint32_t next = models::kNoCase) {
    return PackedCase::of(record, next, [this](const CaseMinutes& minutes) {
      wide.push_back(minutes);
      return static_cast<std::int32_t>(wide.size() - 1);
    });
  }
  CaseRecord unpack(const PackedCase& packed) const {
    return packed.record([this](std::int32_t place) { return wide[static_cast<std::size_t>(place)]; });
  }
};

}  // namespace

TEST_CASE("a packed case says what the case said", "[unit][ledger]") {
  Keeper keeper;
  std::array<std::size_t, 9> seen{};
  for (std::uint64_t number = 0; number < 4000; ++number) {
    const CaseRecord before = random_record(number, static_cast<double>(number % 5) / 4);
    const PackedCase packed = keeper.pack(before, static_cast<std::uint32_t>(number * 977));
    const CaseRecord after = keeper.unpack(packed);
    ++seen[numbers_that_count(before)];
    CHECK(after.person == before.person);
    CHECK(packed.person() == before.person);
    CHECK(after.next == number * 977);
    CHECK(packed.next() == number * 977);
    CHECK(after.begun == before.begun);
    CHECK(after.cell == before.cell);
    CHECK(packed.cell() == before.cell);
    CHECK(after.number == before.number);
    CHECK(after.rank == before.rank);
    CHECK(after.disposition == before.disposition);
    CHECK(after.disposed == before.disposed);
    CHECK(after.began_disposed == before.began_disposed);
    CHECK(after.joined == before.joined);
    CHECK(after.after_lesser == before.after_lesser);
    CHECK(after.minutes == before.minutes);
    CHECK(after.custody_before_trial == before.custody_before_trial);
    CHECK(after.other_before_trial == before.other_before_trial);
    CHECK(after.through_breach == before.through_breach);
    CHECK(packed.standing().back_door == before.back_door());
    CHECK(packed.standing().rank == before.rank);
    CHECK(packed.standing().disposed == before.disposed);
    CHECK(packed.standing().began_disposed == before.began_disposed);
  }
  for (const std::size_t records : seen) CHECK(records > 20);  // from none to all eight
  CHECK(keeper.wide.size() == seen[4] + seen[5] + seen[6] + seen[7] + seen[8]);
}

TEST_CASE("packed cases with other minutes are told apart without unpacking", "[unit][ledger]") {
  Keeper keeper;
  CaseRecord record{};
  record.minutes[static_cast<std::size_t>(Control::custody)] = 1440;
  record.custody_before_trial = 1440;
  const PackedCase packed = keeper.pack(record);
  CHECK(packed.has_minutes_of(keeper.pack(record, 7)));
  CaseRecord longer = record;
  ++longer.minutes[static_cast<std::size_t>(Control::custody)];
  CHECK_FALSE(packed.has_minutes_of(keeper.pack(longer)));
  CaseRecord elsewhere = record;  // the same numbers, but of another kind
  elsewhere.custody_before_trial = 0;
  elsewhere.through_breach = 1440;
  CHECK_FALSE(packed.has_minutes_of(keeper.pack(elsewhere)));
  // Of numbers that are kept elsewhere nothing is known without looking there.
  CaseRecord wide = record;
  wide.minutes[1] = wide.minutes[2] = wide.through_breach = 5;
  CHECK_FALSE(keeper.pack(wide).has_minutes_of(keeper.pack(wide)));
}
