// The files of a scenario: found, checked to lie in its folder, read once.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>

#include "models/read_tree.hpp"

namespace prisonflow::models {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLargestTable = 64u << 20;
constexpr std::size_t kMostFiles = 1000;

/// The whole file, or why not.
std::optional<std::string> read_whole(const fs::path& path, std::size_t most_bytes, std::string& reason) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) {
    reason = error && error != std::errc::no_such_file_or_directory ? error.message() : "there is no such file";
    return std::nullopt;
  }
  if (!fs::is_regular_file(status)) {
    reason = fs::is_directory(status) ? "it is a folder" : "it is no regular file";
    return std::nullopt;
  }
  const std::uintmax_t size = fs::file_size(path, error);
  if (!error && size > most_bytes) {
    reason =
        fmt::format("it has {:.1f} MB, the limit is {} MB", static_cast<double>(size) / 1048576.0, most_bytes >> 20);
    return std::nullopt;
  }
  std::ifstream stream(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream.is_open() || stream.bad()) {
    reason = "it cannot be opened for reading";
    return std::nullopt;
  }
  return text;
}

/// The byte at which `text` stops being UTF-8, or its size.
std::size_t valid_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
    const unsigned lead = byte(at);
    const std::size_t length = lead < 0x80                   ? 1
                               : lead >= 0xC2 && lead < 0xE0 ? 2
                               : lead >= 0xE0 && lead < 0xF0 ? 3
                               : lead >= 0xF0 && lead < 0xF5 ? 4
                                                             : 0;
    if (length == 0) return at;
    for (std::size_t i = 1; i < length; ++i)
      if ((byte(at + i) & 0xC0u) != 0x80u) return at;
    const unsigned second = byte(at + 1);
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second >= 0xA0) || (lead == 0xF0 && second < 0x90) ||
        (lead == 0xF4 && second >= 0x90))
      return at;
    at += length;
  }
  return at;
}

/// True when a file is UTF-8; says where it is not.
bool check_encoding(const std::string& text, std::uint32_t file, Problems& problems) {
  const std::size_t valid = valid_utf8(text);
  if (valid == text.size()) return true;
  Location where{file, 1, 1};
  for (std::size_t i = 0; i < valid; ++i) {
    if (text[i] == '\n') {
      ++where.line;
      where.column = 1;
    } else if ((static_cast<unsigned char>(text[i]) & 0xC0u) != 0x80u) {
      ++where.column;
    }
  }
  problems.add(where, "the text is not UTF-8", "other encodings cannot be told apart", "save the file as UTF-8");
  return false;
}

bool inside(const fs::path& root, const fs::path& path) {
  const auto [at, rest] = std::mismatch(root.begin(), root.end(), path.begin(), path.end());
  return at == root.end();
}

}  // namespace

ScenarioFiles::ScenarioFiles(const fs::path& main, std::vector<SourceFile>& files, Problems& problems)
    : main_(main), files_(files), problems_(problems) {}

void ScenarioFiles::open_main() {
  std::string reason;
  std::optional<std::string> text = read_whole(main_, kLargestToml, reason);
  std::error_code error;
  if (text) {
    root_ = fs::canonical(fs::absolute(main_).parent_path(), error);
    if (error) reason = error.message();
  }
  if (!text || error) {
    const std::string near = like(main_);
    throw InvalidScenario({Diagnostic{main_.string(), 0, 0, "the scenario cannot be read", reason,
                                      near.empty() ? "" : fmt::format("did you mean \"{}\"?", near)}});
  }
  keep(fs::canonical(main_, error), main_.filename(), std::move(*text));
  if (!check_encoding(files_[0].text, 0, problems_)) throw InvalidScenario(problems_.in_text_order(shown_));
}

std::uint32_t ScenarioFiles::keep(const fs::path& canonical, const fs::path& relative, std::string text) {
  files_.push_back({relative.generic_string(), std::move(text)});
  shown_.push_back(canonical_.empty() ? main_.string() : (main_.parent_path() / relative).string());
  canonical_.push_back(canonical);
  return static_cast<std::uint32_t>(files_.size() - 1);
}

std::string ScenarioFiles::like(const fs::path& missing) const {
  std::vector<std::string> names;
  std::error_code error;
  const fs::path folder = missing.has_parent_path() ? missing.parent_path() : fs::path(".");
  for (fs::directory_iterator at(folder, error), end; !error && at != end && names.size() < kMostFiles;
       at.increment(error))
    names.push_back(at->path().filename().string());
  std::sort(names.begin(), names.end());
  return closest(missing.filename().string(), names);
}

std::optional<std::uint32_t> ScenarioFiles::open(const Node& name, std::string_view what, std::size_t most_bytes) {
  const auto refuse = [&](std::string problem, std::string why, std::string suggestion) {
    problems_.add(name.where, std::move(problem), std::move(why), std::move(suggestion));
    return std::nullopt;
  };
  if (name.text.empty() || name.text.find('\0') != std::string::npos)
    return refuse(fmt::format("{} names no file", what), "the name is empty or holds a zero byte", "");
  const fs::path asked(name.text);
  const std::string outside = fmt::format("\"{}\" lies outside of the scenario's folder", name.text);
  constexpr std::string_view kWhy = "a scenario is complete in its folder, so that it can be copied and reproduced";
  constexpr std::string_view kMove = "copy the file into the scenario's folder and name it from there";
  if (asked.is_absolute()) return refuse(outside, std::string(kWhy), std::string(kMove));
  const fs::path relative = (fs::path(files_[name.where.file].path).parent_path() / asked).lexically_normal();
  if (!relative.empty() && *relative.begin() == "..") return refuse(outside, std::string(kWhy), std::string(kMove));

  std::error_code error;
  const fs::path canonical = fs::canonical(root_ / relative, error);
  if (error) {
    const std::string near = like(root_ / relative);
    return refuse(fmt::format("{} \"{}\" cannot be read", what, name.text),
                  error == std::errc::no_such_file_or_directory ? "there is no such file" : error.message(),
                  near.empty() ? fmt::format("names are relative to {}", shown_[name.where.file])
                               : fmt::format("did you mean \"{}\"?", near));
  }
  if (!inside(root_, canonical))
    return refuse(fmt::format("\"{}\" is a link that leads outside of the scenario's folder", name.text),
                  std::string(kWhy), std::string(kMove));
  const auto known = std::find(canonical_.begin(), canonical_.end(), canonical);
  if (known != canonical_.end()) return static_cast<std::uint32_t>(known - canonical_.begin());
  if (files_.size() == kMostFiles)
    return refuse(fmt::format("the scenario has more than {} files", kMostFiles), "", "put several tables in one");
  std::string reason;
  std::optional<std::string> text = read_whole(canonical, most_bytes, reason);
  if (!text) return refuse(fmt::format("{} \"{}\" cannot be read", what, name.text), reason, "");
  const std::uint32_t file = keep(canonical, relative, std::move(*text));
  if (!check_encoding(files_[file].text, file, problems_)) return std::nullopt;
  return file;
}

std::optional<CsvTable> ScenarioFiles::open_table(const Node& name) {
  if (!name.is(NodeType::text)) {
    problems_.add(name.where, fmt::format("table is {}, not text", described(name.type)), "it names a CSV file",
                  "write table = \"file.csv\"");
    return std::nullopt;
  }
  const std::optional<std::uint32_t> file = open(name, "table", kLargestTable);
  if (!file) return std::nullopt;
  return parse_csv(text(*file), *file, problems_);
}

}  // namespace prisonflow::models
