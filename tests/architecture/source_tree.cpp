// Reads source files, finds their includes, and blanks out what is not code.
#include "tests/architecture/source_tree.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>
#include <string_view>

namespace prisonflow::architecture {

namespace {

constexpr std::array<std::string_view, 8> kSourceEndings = {".cpp", ".hpp", ".sh", ".py", ".R", ".jl", ".md", ".txt"};

/// Replaces [begin, end) by blanks but keeps line ends, so that line numbers stay true.
void blank(std::string& text, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < std::min(end, text.size()); ++i) {
    if (text[i] != '\n') text[i] = ' ';
  }
}

/// One past the closing quote of the string or character constant that opens at `begin`.
std::size_t end_of_constant(const std::string& text, std::size_t begin) {
  std::size_t i = begin + 1;
  while (i < text.size() && text[i] != text[begin] && text[i] != '\n') i += text[i] == '\\' ? 2 : 1;
  return i + 1;
}

/// One past the end of the raw string whose quote is at `quote`.
std::size_t end_of_raw_string(const std::string& text, std::size_t quote) {
  const std::size_t open = text.find('(', quote);
  if (open == std::string::npos) return text.size();
  const std::string closing = ")" + text.substr(quote + 1, open - quote - 1) + "\"";
  const std::size_t close = text.find(closing, open);
  return close == std::string::npos ? text.size() : close + closing.size();
}

std::size_t end_or_find(const std::string& text, std::string_view what, std::size_t from) {
  const std::size_t found = text.find(what, from);
  return found == std::string::npos ? text.size() : found + what.size();
}

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::string without(const std::string& original, bool constants_too) {
  std::string text = original;
  std::size_t i = 0;
  while (i < original.size()) {
    std::size_t end = i + 1;
    bool remove = true;
    const char c = original[i];
    if (original.compare(i, 2, "//") == 0) {
      end = std::min(original.find('\n', i), original.size());
    } else if (original.compare(i, 2, "/*") == 0) {
      end = end_or_find(original, "*/", i + 2);
    } else if (c == '"' && i > 0 && original[i - 1] == 'R') {
      end = end_of_raw_string(original, i);
      remove = constants_too;
    } else if (c == '"' || (c == '\'' && (i == 0 || !is_word(original[i - 1])))) {  // not the ' of 1'000
      end = end_of_constant(original, i);
      remove = constants_too;
    } else {
      remove = false;
    }
    if (remove) blank(text, i, end);
    i = end;
  }
  return text;
}

}  // namespace

SourceTree read_tree(const std::filesystem::path& root, const std::vector<std::string>& folders) {
  SourceTree tree;
  for (const std::string& folder : folders) {
    if (!std::filesystem::is_directory(root / folder)) continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
      const std::string path = entry.path().lexically_relative(root).generic_string();
      const bool is_source = std::any_of(kSourceEndings.begin(), kSourceEndings.end(),
                                         [&](std::string_view ending) { return ends_with(path, std::string(ending)); });
      if (!entry.is_regular_file() || !is_source) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      tree[path] = std::string(std::istreambuf_iterator<char>(file), {});
    }
  }
  return tree;
}

std::vector<Include> includes_of(const std::string& text) {
  static const std::regex pattern(R"(^\s*#\s*include\s*([<"])([^">]+)[">].*$)");
  std::vector<Include> found;
  std::istringstream lines(without(text, false));
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    std::smatch match;
    if (line.find("include") != std::string::npos && std::regex_match(line, match, pattern)) {
      found.push_back({match[2], match[1] == "\"", number});
    }
  }
  return found;
}

std::string code_only(const std::string& text) {
  return without(text, true);
}

bool ends_with(const std::string& path, const std::string& ending) {
  return path.size() >= ending.size() && path.compare(path.size() - ending.size(), ending.size(), ending) == 0;
}

bool is_cpp(const std::string& path) {
  return ends_with(path, ".cpp") || ends_with(path, ".hpp");
}

}  // namespace prisonflow::architecture
