// A reader for the tables beside a scenario: one pass, each cell with its place.
#include "models/csv_table.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace prisonflow::models {

namespace {

class CsvParser {
 public:
  CsvParser(std::string_view text, std::uint32_t file, Problems& problems)
      : text_(text), where_{file, 1, 1}, problems_(problems) {
    if (text_.substr(0, 3) == "\xEF\xBB\xBF") text_.remove_prefix(3);
  }

  std::optional<CsvTable> table() {
    CsvTable table;
    bool header_seen = false;
    while (at_ < text_.size()) {
      if (blank_or_comment()) continue;
      std::vector<CsvCell> row = read_row();
      if (broken_) return std::nullopt;
      if (!header_seen) {
        table.header = std::move(row);
        header_seen = true;
      } else if (table.rows.size() == kMostCsvRows) {
        problems_.add(row.front().where, fmt::format("the table has more than {} rows", kMostCsvRows),
                      "larger tables are not read", "aggregate it");
        return std::nullopt;
      } else {
        keep(table, std::move(row));
      }
    }
    if (header_seen) return table;
    problems_.add({where_.file, 1, 1}, "the table is empty", "its first line names the columns");
    return std::nullopt;
  }

 private:
  void keep(CsvTable& table, std::vector<CsvCell> row) {
    if (row.size() == table.header.size()) {
      table.rows.push_back(std::move(row));
      return;
    }
    const bool long_row = row.size() > table.header.size();
    problems_.add(long_row ? row[table.header.size()].where : row.back().where,
                  fmt::format("this row has {} cells", row.size()),
                  fmt::format("the header names {} columns", table.header.size()),
                  long_row ? "put a cell that holds a comma in \"quotes\"" : "an empty cell still needs its comma");
  }
  bool blank_or_comment() {
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    const std::string_view line = text_.substr(at_, end - at_);
    const std::size_t first = line.find_first_not_of(" \t\r");
    if (first != std::string_view::npos && line[first] != '#') return false;
    at_ = std::min(end + 1, text_.size());
    ++where_.line;
    where_.column = 1;
    return true;
  }
  std::vector<CsvCell> read_row() {
    std::vector<CsvCell> row;
    while (true) {
      row.push_back(read_cell());
      if (broken_ || at_ >= text_.size()) return row;
      const char c = text_[at_];
      step();
      if (c == '\n') return row;
    }
  }
  /// Stops at the comma or the line end after the cell.
  CsvCell read_cell() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) step();
    CsvCell cell{{}, where_};
    if (at_ < text_.size() && text_[at_] == '"') {
      quoted(cell);
    } else {
      while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '\n') {
        cell.text += text_[at_];
        step();
      }
      while (!cell.text.empty() && (cell.text.back() == ' ' || cell.text.back() == '\t' || cell.text.back() == '\r'))
        cell.text.pop_back();
    }
    return cell;
  }
  void quoted(CsvCell& cell) {
    step();
    while (at_ < text_.size()) {
      if (text_[at_] == '"') {
        step();
        if (at_ >= text_.size() || text_[at_] != '"') {
          while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\r')) step();
          if (at_ >= text_.size() || text_[at_] == ',' || text_[at_] == '\n') return;
          problems_.add(where_, "text follows a closing quotation mark", "a cell is quoted as a whole or not at all",
                        "write \"\" for a quotation mark inside a quoted cell");
          broken_ = true;
          return;
        }
      }
      cell.text += text_[at_];
      step();
    }
    problems_.add(cell.where, "a quotation mark is never closed", "the rest of the table would be one cell",
                  "close it with \"");
    broken_ = true;
  }
  void step() {
    const auto byte = static_cast<unsigned char>(text_[at_++]);
    if (byte == '\n') {
      ++where_.line;
      where_.column = 1;
    } else if ((byte & 0xC0u) != 0x80u) {
      ++where_.column;
    }
  }

  std::string_view text_;
  Location where_;
  Problems& problems_;
  std::size_t at_ = 0;
  bool broken_ = false;
};

}  // namespace

std::optional<std::size_t> CsvTable::column(std::string_view name) const {
  for (std::size_t i = 0; i < header.size(); ++i)
    if (header[i].text == name) return i;
  return std::nullopt;
}

std::optional<CsvTable> parse_csv(std::string_view text, std::uint32_t file, Problems& problems) {
  return CsvParser(text, file, problems).table();
}

bool check_header(const CsvTable& table, const std::vector<std::string>& required,
                  const std::vector<std::string>& optional, Problems& problems) {
  const std::size_t before = problems.count();
  std::vector<std::string> known = required;
  known.insert(known.end(), optional.begin(), optional.end());
  std::vector<std::string> seen, unknown;
  for (const CsvCell& cell : table.header) {
    if (std::find(seen.begin(), seen.end(), cell.text) != seen.end()) {
      problems.add(cell.where, fmt::format("the column \"{}\" is there twice", cell.text), "only one could count",
                   "remove or rename one");
    } else if (std::find(known.begin(), known.end(), cell.text) == known.end()) {
      problems.add(cell.where, fmt::format("unknown column \"{}\"", cell.text), "nothing would read it",
                   suggest(cell.text, known, "columns"));
      unknown.push_back(cell.text);
    }
    seen.push_back(cell.text);
  }
  for (const std::string& name : required)
    if (!table.column(name) && closest(name, unknown).empty())  // a slip of the pen is told once
      problems.add(table.header.front().where, fmt::format("the column \"{}\" is missing", name),
                   fmt::format("the table needs {}", listed(required)));
  return problems.count() == before;
}

}  // namespace prisonflow::models
