// A table beside a scenario: comma-separated values with a header line; every cell knows its place in the text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/read_problems.hpp"
#include "models/scenario.hpp"

namespace prisonflow::models {

inline constexpr std::size_t kMostCsvRows = 1000000;

struct CsvCell {
  std::string text;  ///< without quotes and outer spaces
  Location where;
};

struct CsvTable {
  std::vector<CsvCell> header;
  std::vector<std::vector<CsvCell>> rows;  ///< each as long as the header

  std::optional<std::size_t> column(std::string_view name) const;
};

/// RFC 4180 with `,` between cells, `"` around cells that need it, empty lines and lines that begin with # left out.
/// Rows that are not as long as the header are reported and left out. Nothing when there is no header.
std::optional<CsvTable> parse_csv(std::string_view text, std::uint32_t file, Problems& problems);

/// Reports columns that are missing, unknown or there twice; true when the header is usable.
bool check_header(const CsvTable& table, const std::vector<std::string>& required,
                  const std::vector<std::string>& optional, Problems& problems);

}  // namespace prisonflow::models
