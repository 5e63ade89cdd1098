// The table of every number, and what nobody published.
#include <fmt/format.h>

#include <algorithm>

#include "models/describe_text.hpp"

namespace prisonflow::models {

namespace {

/// "states.prison" of "states.prison.term.mean".
std::string table_of(const std::string& path) {
  const std::size_t first = path.find('.');
  return path.substr(0, first == std::string::npos ? first : path.find('.', first + 1));
}

/// Numbers of one table with the same note in one paragraph, the note after them.
std::string by_note(const Scenario& scenario, std::size_t width, Grade grade) {
  std::string text;
  for (std::size_t i = 0; i < scenario.parameters.size();) {
    const Parameter& first = scenario.parameters[i];
    const std::string table = table_of(first.path);
    std::string words;
    for (; i < scenario.parameters.size(); ++i) {
      const Parameter& p = scenario.parameters[i];
      if (p.grade != first.grade || p.note != first.note || table_of(p.path) != table) break;
      if (p.grade != grade) continue;
      const std::string name = p.path.size() > table.size() ? p.path.substr(table.size() + 1) + " " : "";
      words += (words.empty() ? "  " + table + ": " : ", ") + name + value_text(p);
    }
    if (words.empty()) continue;
    text += wrapped(words, width, 6) + "\n";
    if (!first.note.empty()) text += wrapped("      – " + first.note, width, 8) + "\n";
  }
  return text;
}

}  // namespace

std::string number_table(const Scenario& scenario, std::size_t width, std::optional<Grade> only) {
  const auto shown = [&](const Parameter& p) { return !only || p.grade == *only; };
  std::size_t path_width = 4, value_width = 5;
  for (const Parameter& p : scenario.parameters) {
    if (!shown(p)) continue;
    path_width = std::max(path_width, columns(p.path));
    value_width = std::max(value_width, columns(value_text(p)));
  }
  path_width = std::min(path_width, width / 2);
  value_width = std::min(value_width, width / 3);

  std::string text = only ? fmt::format("Numbers graded {}\n", grade_name(*only)) : "Every number\n";
  std::vector<std::string> sources;
  for (const Parameter& p : scenario.parameters) {
    if (!shown(p)) continue;
    std::string row = padded("  " + p.path, 2 + path_width);
    if (columns(p.path) > path_width) row += "\n" + std::string(2 + path_width, ' ');
    row += fmt::format("  {}  {:<8}", padded(value_text(p), value_width), grade_name(p.grade));
    if (!p.source.empty()) {
      const auto known = std::find(sources.begin(), sources.end(), p.source);
      row += fmt::format("  [{}]", known - sources.begin() + 1);
      if (known == sources.end()) sources.push_back(p.source);
    }
    text += row.substr(0, row.find_last_not_of(' ') + 1) + "\n";
  }
  if (!sources.empty()) text += "\nSources\n";
  for (std::size_t i = 0; i < sources.size(); ++i)
    text += wrapped(padded(fmt::format("  [{}]", i + 1), 8) + sources[i], width, 8) + "\n";
  return text;
}

std::string unpublished_numbers(const Scenario& scenario, std::size_t width) {
  std::array<std::size_t, 4> counts{};
  for (const Parameter& p : scenario.parameters) ++counts[static_cast<std::size_t>(p.grade)];
  const auto of = [&](Grade grade) { return counts[static_cast<std::size_t>(grade)]; };
  std::string text;
  if (of(Grade::assumed) > 0)
    text += "\nAssumed, published by nobody: " + many(of(Grade::assumed), "number") + "\n" +
            by_note(scenario, width, Grade::assumed);
  if (of(Grade::fitted) > 0)
    text += "\nFitted, so that results agree with a series: " + many(of(Grade::fitted), "number") + "\n" +
            by_note(scenario, width, Grade::fitted);
  text += "\nGrades\n";
  for (std::size_t g = 0; g < counts.size(); ++g)
    text += fmt::format("  {:<10}{:>6}\n", grade_name(static_cast<Grade>(g)), counts[g]);
  return text;
}

}  // namespace prisonflow::models
