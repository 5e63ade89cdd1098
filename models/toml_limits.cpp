// One pass over a text that knows no more of TOML than strings, comments, brackets and dots.
#include "models/toml_limits.hpp"

#include <fmt/format.h>

#include "models/toml_document.hpp"

namespace prisonflow::models {

namespace {

/// Walks over the text knowing no more of TOML than strings, comments, brackets and dots.
class Survey {
 public:
  Survey(std::string_view text, std::uint32_t file) : text_(text), where_{file, 1, 1} {}

  bool passes(Problems& problems) {
    while (!done()) {
      const char c = peek();
      if (c == '\n') {
        new_line();
      } else if (c == '#') {
        skip_comment();
      } else if (c == '"' || c == '\'') {
        line_begins_ = false;
        skip_string(c);
      } else if (c == '[' && line_begins_ && depth_ == 0) {
        if (!header(problems)) return false;
      } else if (!in_header_ && (c == '[' || c == '{')) {
        if (++depth_ > kDeepestToml) return refuse_depth(problems);
        separator();
      } else if (!in_header_ && (c == ']' || c == '}')) {
        if (depth_ > 0) --depth_;
        separator();
      } else if (c == ',' || c == '=') {
        separator();
      } else if (c == '.') {
        if (++dots_ >= kDeepestToml) return refuse_depth(problems);
        step();
      } else {
        if (c != ' ' && c != '\t' && c != '\r') line_begins_ = false;
        step();
      }
    }
    return true;
  }

 private:
  bool done() const { return at_ >= text_.size(); }
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  void step() {
    const auto byte = static_cast<unsigned char>(text_[at_++]);
    if ((byte & 0xC0u) != 0x80u) ++where_.column;  // columns count characters, not bytes
  }
  void new_line() {
    ++at_;
    ++where_.line;
    where_.column = 1;
    in_header_ = false;
    line_begins_ = true;
    dots_ = 0;
  }
  void separator() {
    dots_ = 0;
    line_begins_ = false;
    step();
  }
  void skip_comment() {
    while (!done() && peek() != '\n') step();
  }
  void skip_string(char quote) {
    const bool many_lines = peek(1) == quote && peek(2) == quote;
    for (int i = 0; i < (many_lines ? 3 : 1); ++i) step();
    while (!done()) {
      if (peek() == '\n') {
        if (!many_lines) return;
        ++at_;
        ++where_.line;
        where_.column = 1;
      } else if (peek() == '\\' && quote == '"') {
        step();
        if (!done() && peek() != '\n') step();
      } else if (peek() == quote && (!many_lines || (peek(1) == quote && peek(2) == quote))) {
        for (int i = 0; i < (many_lines ? 3 : 1); ++i) step();
        return;
      } else {
        step();
      }
    }
  }
  bool header(Problems& problems) {
    const Location begin = where_;
    in_header_ = true;
    separator();
    if (peek() == '[') step();
    while (peek() == ' ' || peek() == '\t') step();
    const char c = peek();
    const bool name = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                      c == '-' || c == '"' || c == '\'';
    if (name) return true;
    problems.add(begin, "syntax error: this table has no name", "nothing after this place could be read",
                 "a table begins with its name in brackets: [states.prison]");
    return false;
  }
  bool refuse_depth(Problems& problems) const {
    problems.add(where_, fmt::format("tables are nested more than {} deep", kDeepestToml), "nothing in a scenario is",
                 "look for brackets or dots that are too many");
    return false;
  }

  std::string_view text_;
  Location where_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::size_t dots_ = 0;
  bool line_begins_ = true;
  bool in_header_ = false;
};

}  // namespace

bool within_limits(std::string_view text, std::uint32_t file, Problems& problems) {
  if (text.size() > kLargestToml) {
    problems.add({file, 1, 1}, fmt::format("the file has {:.1f} MB", static_cast<double>(text.size()) / 1048576.0),
                 fmt::format("a scenario has at most {} MB", kLargestToml >> 20), "put long tables in CSV files");
    return false;
  }
  return Survey(text, file).passes(problems);
}

}  // namespace prisonflow::models
