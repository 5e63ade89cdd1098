// See the header.
#include "models/cli/messages.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "output/table.hpp"

namespace prisonflow::cli {

namespace {

bool colours_welcome() {
  const char* const kind = std::getenv("TERM");
  return std::getenv("NO_COLOR") == nullptr && kind != nullptr && std::string_view(kind) != "dumb";
}

std::string in_colour(Tone tone, std::string_view text) {
  const char* code = "";
  switch (tone) {
    case Tone::error:
      code = "1;31";
      break;
    case Tone::warning:
      code = "1;33";
      break;
    case Tone::good:
      code = "32";
      break;
    case Tone::faint:
      code = "2";
      break;
    case Tone::strong:
      code = "1";
      break;
  }
  return fmt::format("\033[{}m{}\033[0m", code, text);
}

/// The lines of files that errors point into, read once.
class SourceLines {
 public:
  /// The line, or nothing when the file cannot be read (again) or has no such line.
  const std::string* line(const std::string& file, std::uint32_t number) {
    auto [found, is_new] = files_.try_emplace(file);
    if (is_new && std::filesystem::is_regular_file(file)) {
      std::ifstream stream(file);
      for (std::string text; std::getline(stream, text);) found->second.push_back(std::move(text));
    }
    return number >= 1 && number <= found->second.size() ? &found->second[number - 1] : nullptr;
  }

 private:
  std::map<std::string, std::vector<std::string>> files_;
};

/// Control characters (tabs too) as blanks, so that nothing moves and nobody's terminal is written to by a file.
std::string printable(std::string_view text) {
  std::string plain(text);
  for (char& letter : plain) {
    if (static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f) letter = ' ';
  }
  return plain;
}

/// How much of the text from `at` on the caret underlines: a word, a quoted text or a number.
std::size_t token_length(std::string_view line, std::size_t at) {
  if (at >= line.size()) return 1;
  const char first = line[at];
  if (first == '"' || first == '\'') {
    const std::size_t end = line.find(first, at + 1);
    return end == std::string_view::npos ? 1 : end - at + 1;
  }
  std::size_t end = at;
  while (end < line.size() && std::string_view(" \t,=]})\"#").find(line[end]) == std::string_view::npos) ++end;
  return end > at ? end - at : 1;
}

std::string excerpt(const std::string& line, const models::Diagnostic& diagnostic) {
  const std::string number = std::to_string(diagnostic.line);
  const std::string margin(number.size(), ' ');
  const std::size_t room = terminal_width() > number.size() + 8 ? terminal_width() - number.size() - 8 : 40;
  std::string text = printable(line);
  std::size_t at = diagnostic.column > 0 ? diagnostic.column - 1 : 0;
  if (at > text.size()) at = text.size();
  std::size_t length = token_length(text, at);
  if (output::display_width(text) > room) text = output::shortened(text, room);
  std::string shown = fmt::format("  {} {} {}\n", toned(Tone::faint, number), toned(Tone::faint, "|"), text);
  const std::size_t before = output::display_width(std::string_view(printable(line)).substr(0, at));
  if (diagnostic.column > 0 && before < room) {
    length = std::min(length, room - before);
    shown += fmt::format("  {} {} {}{}\n", margin, toned(Tone::faint, "|"), std::string(before, ' '),
                         toned(Tone::error, std::string(length, '^')));
  }
  return shown;
}

}  // namespace

bool stdout_is_terminal() {
  return isatty(STDOUT_FILENO) == 1;
}
bool stderr_is_terminal() {
  return isatty(STDERR_FILENO) == 1;
}

std::size_t terminal_width() {
  winsize size{};
  for (const int stream : {STDERR_FILENO, STDOUT_FILENO}) {
    if (ioctl(stream, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  }
  return 100;
}

std::string toned(Tone tone, std::string_view text) {
  static const bool colours = stderr_is_terminal() && colours_welcome();
  return colours ? in_colour(tone, text) : std::string(text);
}

std::string toned_output(Tone tone, std::string_view text) {
  static const bool colours = stdout_is_terminal() && colours_welcome();
  return colours ? in_colour(tone, text) : std::string(text);
}

void print_diagnostics(const std::vector<models::Diagnostic>& diagnostics) {
  SourceLines sources;
  const bool with_excerpts = stderr_is_terminal() && terminal_width() >= 40;
  std::string text;
  for (const models::Diagnostic& diagnostic : diagnostics) {
    models::Diagnostic what = diagnostic;
    what.file.clear();
    what.line = what.column = 0;
    models::Diagnostic place = diagnostic;
    place.problem = place.why = place.suggestion = "";
    text += toned(Tone::strong, models::to_string(place)) + models::to_string(what) + '\n';
    if (!with_excerpts) continue;
    if (const std::string* line = sources.line(diagnostic.file, diagnostic.line)) text += excerpt(*line, diagnostic);
  }
  text += toned(Tone::error, plural(diagnostics.size(), "error")) + '\n';
  std::fputs(text.c_str(), stderr);
}

void print_error(std::string_view problem) {
  std::fputs(fmt::format("{} {}\n", toned(Tone::error, "prisonflow:"), problem).c_str(), stderr);
}

void print_warning(std::string_view problem) {
  std::fputs(fmt::format("{} {}\n", toned(Tone::warning, "prisonflow: warning:"), problem).c_str(), stderr);
}

void print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

std::string bytes_in_words(double bytes) {
  constexpr double step = 1000;
  if (bytes < step) return fmt::format("{:.0f} bytes", bytes);
  const char* unit = "kB";
  bytes /= step;
  for (const char* next : {"MB", "GB", "TB"}) {
    if (bytes < step) break;
    bytes /= step;
    unit = next;
  }
  return bytes < 10 ? fmt::format("{:.1f} {}", bytes, unit) : fmt::format("{:.0f} {}", bytes, unit);
}

std::string duration_in_words(double seconds) {
  if (!(seconds >= 0)) return "?";
  if (seconds < 10) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::int64_t>(std::llround(std::min(seconds, 1e9)));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

std::string plural(std::uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", output::format_count(static_cast<std::int64_t>(count)), noun, count == 1 ? "" : "s");
}

}  // namespace prisonflow::cli
