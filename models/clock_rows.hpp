// Numbers of a timed state by cell, laid out for the event loop: the row of the clocks, and behind it what may happen
// beside them (models/added_hazards.hpp), so that a person's numbers are one look-up and lie close together.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>
#include <vector>

namespace prisonflow::models {

/// What a timed state does to one cell.
struct ClockRow {
  float factor = 1;       ///< on the drawn duration
  float death = 0;        ///< hazard a minute
  float reoffending = 0;  ///< hazard ratio; 0 = not at risk here
  float milestone = 0;    ///< supervision: hazard of breach a minute; custody: fraction of the term until parole;
                          ///< liberty: hazard of leaving a minute

  /// What may happen beside the clocks; only where the rows have room for it (ClockRows::make_room()).
  const float* more() const { return std::launder(reinterpret_cast<const float*>(this + 1)); }
};

/// Where rows lie, for the event loop.
struct ClockRowsView {
  const std::byte* first = nullptr;
  std::uint32_t bytes = 0;  ///< a row

  const ClockRow& operator[](std::size_t cell) const {
    return *std::launder(reinterpret_cast<const ClockRow*>(first + cell * bytes));
  }
};

class ClockRows {
 public:
  /// Rows for so many cells, without more.
  explicit ClockRows(std::size_t cells = 0) : cells_(cells) { lay_out(sizeof(ClockRow)); }
  /// Room for `more` numbers behind each row, all 0.
  void make_room(std::size_t more) {
    const ClockRows before = std::move(*this);
    cells_ = before.cells_;
    // A power of two, so that a row lies on one line of the cache where it fits.
    lay_out(static_cast<std::uint32_t>(std::bit_ceil(sizeof(ClockRow) + more * sizeof(float))));
    for (std::size_t cell = 0; cell < cells_; ++cell) (*this)[cell] = before[cell];
  }

  std::size_t size() const { return cells_; }
  bool empty() const { return cells_ == 0; }
  ClockRow& operator[](std::size_t cell) { return *std::launder(reinterpret_cast<ClockRow*>(at(cell))); }
  const ClockRow& operator[](std::size_t cell) const { return view()[cell]; }
  /// The numbers behind a row.
  float* more_of(std::size_t cell) { return std::launder(reinterpret_cast<float*>(at(cell) + sizeof(ClockRow))); }
  ClockRowsView view() const { return {reinterpret_cast<const std::byte*>(lines_.data()), bytes_}; }

 private:
  struct alignas(64) Line {
    std::byte bytes[64];
  };
  /// Rows lie across lines, so not within one line's own array.
  std::byte* at(std::size_t cell) { return reinterpret_cast<std::byte*>(lines_.data()) + cell * bytes_; }
  void lay_out(std::uint32_t bytes) {
    bytes_ = bytes;
    lines_.assign((cells_ * bytes + sizeof(Line) - 1) / sizeof(Line), Line{});
    for (std::size_t cell = 0; cell < cells_; ++cell) {
      new (at(cell)) ClockRow;
      if (bytes > sizeof(ClockRow))
        new (at(cell) + sizeof(ClockRow)) float[(bytes - sizeof(ClockRow)) / sizeof(float)]{};
    }
  }

  std::vector<Line> lines_;
  std::size_t cells_ = 0;
  std::uint32_t bytes_ = sizeof(ClockRow);
};

}  // namespace prisonflow::models
