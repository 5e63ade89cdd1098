// Measures the width of text as terminals show it, and pads the cells.
#include "output/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace prisonflow::output {

namespace {

constexpr std::string_view gap = "  ";
constexpr std::string_view ellipsis = "…";
constexpr std::size_t narrowest = 8;

using Range = std::pair<char32_t, char32_t>;

// Marks that are drawn onto the character before them, and characters that are not drawn (Unicode 15, the blocks of the
// scripts in use; the full table has 300 ranges).
constexpr std::array<Range, 20> zero_width = {{{0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x0610, 0x061A},
                                               {0x064B, 0x065F}, {0x0670, 0x0670}, {0x06D6, 0x06DC}, {0x0900, 0x0902},
                                               {0x093A, 0x093A}, {0x093C, 0x093C}, {0x0941, 0x0948}, {0x094D, 0x094D},
                                               {0x0E31, 0x0E31}, {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E}, {0x1AB0, 0x1AFF},
                                               {0x200B, 0x200F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}}};
// Characters of East Asian width W or F.
constexpr std::array<Range, 11> double_width = {{{0x1100, 0x115F},
                                                 {0x2E80, 0x303E},
                                                 {0x3041, 0x33FF},
                                                 {0x3400, 0x4DBF},
                                                 {0x4E00, 0x9FFF},
                                                 {0xA000, 0xA4CF},
                                                 {0xAC00, 0xD7A3},
                                                 {0xF900, 0xFAFF},
                                                 {0xFE30, 0xFE6F},
                                                 {0xFF00, 0xFF60},
                                                 {0x1F300, 0x3FFFD}}};

template <std::size_t count>
bool contains(const std::array<Range, count>& ranges, char32_t point) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const Range& range) { return point >= range.first && point <= range.second; });
}

// The code point at `position`, which moves past it. A stray byte counts as one character.
char32_t next_code_point(std::string_view text, std::size_t& position) {
  const auto byte = static_cast<unsigned char>(text[position++]);
  const std::size_t following = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : byte >= 0xC0 ? 1 : 0;
  if (following == 0) return byte;
  char32_t point = byte & (0x3Fu >> following);
  for (std::size_t i = 0; i < following && position < text.size(); ++i) {
    const auto next = static_cast<unsigned char>(text[position]);
    if ((next & 0xC0) != 0x80) break;
    point = (point << 6) | (next & 0x3Fu);
    ++position;
  }
  return point;
}

std::size_t width_of(char32_t point) {
  if (contains(zero_width, point)) return 0;
  return contains(double_width, point) ? 2 : 1;
}

std::string with_separators(std::string text) {
  const std::size_t first = text.starts_with('-') ? 1 : 0;
  const std::size_t end = std::min(text.find('.'), text.size());
  for (std::size_t i = end; i > first + 3;) text.insert(i -= 3, 1, ',');
  return text;
}

std::string without_trailing_blanks(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t position = 0; position < text.size();) width += width_of(next_code_point(text, position));
  return width;
}

std::string shortened(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  if (width == 0) return "";
  std::size_t used = 0, end = 0;
  for (std::size_t position = 0; position < text.size();) {
    used += width_of(next_code_point(text, position));
    if (used > width - 1) break;
    end = position;
  }
  return std::string(text.substr(0, end)).append(ellipsis);
}

std::string format_count(std::int64_t value) {
  return with_separators(fmt::format("{}", value));
}

std::string format_number(double value, int decimals) {
  if (std::isnan(value)) return "–";
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (std::isinf(value)) return text;
  // Rounding can leave a sign without a number: "-0.0".
  if (text.starts_with('-') && text.find_first_of("123456789") == std::string::npos) text.erase(0, 1);
  return with_separators(std::move(text));
}

std::string format_share(double value, int decimals) {
  return std::isnan(value) ? format_number(value) : format_number(100.0 * value, decimals) + " %";
}

Table::Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

void Table::add_row(std::vector<std::string> cells) {
  if (cells.size() > columns_.size())
    throw std::invalid_argument(fmt::format("a row has {} cells, the table {} columns", cells.size(), columns_.size()));
  cells.resize(columns_.size());
  rows_.push_back(std::move(cells));
}

void Table::add_title(std::string title) {
  titles_[rows_.size()] = std::move(title);
  rows_.emplace_back();
}

void Table::add_rule() {
  rows_.emplace_back();
}

std::vector<std::size_t> Table::fitted_widths(std::size_t maximum_width) const {
  std::vector<std::size_t> widths;
  std::size_t total = 0;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t width = display_width(columns_[i].heading);
    for (const auto& row : rows_)
      if (!row.empty()) width = std::max(width, display_width(row[i]));
    widths.push_back(width);
    total += width + (i > 0 ? gap.size() : 0);
  }
  while (maximum_width != 0 && total > maximum_width) {
    std::size_t widest = columns_.size();
    for (std::size_t i = 0; i < columns_.size(); ++i)
      if (columns_[i].alignment == Alignment::left && widths[i] > narrowest &&
          (widest == columns_.size() || widths[i] > widths[widest]))
        widest = i;
    if (widest == columns_.size()) break;
    --widths[widest];
    --total;
  }
  return widths;
}

std::string Table::text(std::size_t maximum_width) const {
  const std::vector<std::size_t> widths = fitted_widths(maximum_width);
  std::string all;
  const auto add_line = [&](const auto& cell_at) {
    std::string line;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const bool left = columns_[i].alignment == Alignment::left;
      const std::string cell = left ? shortened(cell_at(i), widths[i]) : std::string(cell_at(i));
      const std::size_t width = display_width(cell);
      const std::string blanks(widths[i] > width ? widths[i] - width : 0, ' ');
      if (i > 0) line += gap;
      line += left ? cell + blanks : blanks + cell;
    }
    all += without_trailing_blanks(std::move(line)) + "\n";
  };
  const auto add_rule_line = [&] {
    std::string line;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (i > 0) line += gap;
      for (std::size_t j = 0; j < widths[i]; ++j) line += "─";
    }
    all += line + "\n";
  };
  const bool headed = std::any_of(columns_.begin(), columns_.end(), [](const Column& c) { return !c.heading.empty(); });
  if (headed) {
    add_line([&](std::size_t i) -> const std::string& { return columns_[i].heading; });
    add_rule_line();
  }
  for (std::size_t place = 0; place < rows_.size(); ++place) {
    const auto& row = rows_[place];
    if (const auto title = titles_.find(place); title != titles_.end())
      all +=
          without_trailing_blanks(maximum_width == 0 ? title->second : shortened(title->second, maximum_width)) + "\n";
    else if (row.empty())
      add_rule_line();
    else
      add_line([&](std::size_t i) -> const std::string& { return row[i]; });
  }
  return all;
}

}  // namespace prisonflow::output
