// Tables of text for terminals and pipes.
//
// Columns are as wide as their widest cell; numbers stand flush right so that digits line up. Width is what a terminal
// shows, not bytes: names in Kazakh, Arabic or Chinese stay aligned. Output has no colour and no trailing blanks, so it
// can be compared and piped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace prisonflow::output {

enum class Alignment { left, right };

struct Column {
  std::string heading;
  Alignment alignment = Alignment::right;
};

class Table {
 public:
  explicit Table(std::vector<Column> columns);

  // Missing cells are blank; throws std::invalid_argument when there are more cells than columns.
  void add_row(std::vector<std::string> cells);
  // A line of text over all columns; it may be wider than they are.
  void add_title(std::string title);
  // A line between the rows before and after it.
  void add_rule();

  // Lines end in '\n'. When `maximum_width` is not 0 and the table is wider, left-aligned cells are shortened with an
  // ellipsis, the widest column first, down to 8; numbers are never cut.
  std::string text(std::size_t maximum_width = 0) const;

 private:
  std::vector<std::size_t> fitted_widths(std::size_t maximum_width) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;  // an empty row is a rule
  std::map<std::size_t, std::string> titles_;   // by position among the rows
};

// 57038 -> "57,038"
std::string format_count(std::int64_t value);
// Rounded half to even at the given decimals, with thousands separators: 57038.25, 1 -> "57,038.2"; NaN -> "–".
std::string format_number(double value, int decimals = 0);
// 0.1234, 1 -> "12.3 %"
std::string format_share(double value, int decimals = 1);

// Columns a terminal uses for UTF-8 text: 0 for combining marks, 2 for wide East Asian characters, 1 otherwise.
std::size_t display_width(std::string_view text);
// The text cut to `width` columns, its last one an ellipsis if anything was cut.
std::string shortened(std::string_view text, std::size_t width);

}  // namespace prisonflow::output
