// What a result says of one scenario in a few sentences of plain words: the first lines of `summary`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/cli/findings.hpp"
#include "models/cli/result_reading.hpp"
#include "output/result_file.hpp"

namespace prisonflow::cli {

struct Headline {
  CalendarDay end{};           ///< first day of the last month
  std::optional<Point> stock;  ///< prisoners on that day
  std::optional<FirstBreach> breach;
  std::optional<Widening> widening;

  /// One for each that is known.
  std::string stock_sentence() const;
  std::string breach_sentence() const;
  std::string widening_sentence() const;
  /// Those that are not empty, one a line, indented.
  std::string text(std::size_t width) const;
};

Headline headline_of(const output::ResultFile& file, const std::string& scenario);

}  // namespace prisonflow::cli
