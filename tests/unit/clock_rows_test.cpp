// Rows of clocks with numbers behind them: each keeps its own, and lies on one line of the cache where it fits.
#include "models/clock_rows.hpp"

#include <catch2/catch.hpp>

namespace prisonflow::testing {
namespace {

using models::ClockRow;
using models::ClockRows;

constexpr std::size_t kCells = 37;  // not a whole number of lines

TEST_CASE("clock rows: room for more keeps the rows, and no row reaches into another") {
  for (const std::size_t more : {1u, 3u, 4u, 5u, 18u}) {
    INFO(more << " numbers behind a row");
    ClockRows rows(kCells);
    for (std::size_t cell = 0; cell < kCells; ++cell) rows[cell].death = static_cast<float>(cell);
    rows.make_room(more);
    REQUIRE(rows.size() == kCells);
    for (std::size_t cell = 0; cell < kCells; ++cell) {
      for (std::size_t number = 0; number < more; ++number) {
        CHECK(rows[cell].more()[number] == 0.0f);
        rows.more_of(cell)[number] = static_cast<float>(100 * cell + number + 1);
      }
    }
    for (std::size_t cell = 0; cell < kCells; ++cell) {
      const ClockRow& row = rows.view()[cell];
      CHECK(row.factor == 1.0f);
      CHECK(row.death == static_cast<float>(cell));
      for (std::size_t number = 0; number < more; ++number) {
        CHECK(row.more()[number] == static_cast<float>(100 * cell + number + 1));
      }
    }
  }
}

TEST_CASE("clock rows: a row that fits lies on one line") {
  constexpr std::size_t kLine = 64;
  for (const std::size_t more : {0u, 1u, 4u, 7u, 12u}) {
    ClockRows rows(kCells);
    if (more > 0) rows.make_room(more);
    for (std::size_t cell = 0; cell < kCells; ++cell) {
      const auto first = reinterpret_cast<std::uintptr_t>(&rows.view()[cell]);
      const std::uintptr_t last = first + sizeof(ClockRow) + more * sizeof(float) - 1;
      CHECK(first / kLine == last / kLine);
    }
  }
}

TEST_CASE("clock rows: a state without rows has none") {
  CHECK(ClockRows().empty());
  CHECK(ClockRows().view().first == nullptr);
  CHECK(!ClockRows(1).empty());
}

}  // namespace
}  // namespace prisonflow::testing
