// Errors in the order of the text, and the words in which alternatives are offered.
#include "models/read_problems.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace prisonflow::models {

void Problems::add(Location where, std::string problem, std::string why, std::string suggestion) {
  constexpr std::size_t kMost = 1000;
  const std::uint64_t place = (std::uint64_t{where.file} << 48) ^ (std::uint64_t{where.line} << 20) ^ where.column;
  if (count_ < kMost && !said_.emplace(place, problem).second) return;
  ++count_;
  if (problems_.size() < kMost) problems_.push_back({where, std::move(problem), std::move(why), std::move(suggestion)});
}

std::vector<Diagnostic> Problems::in_text_order(const std::vector<std::string>& shown_files) const {
  std::vector<Problem> sorted = problems_;
  const auto place = [](const Problem& p) { return std::tuple(p.where.file, p.where.line, p.where.column); };
  std::stable_sort(sorted.begin(), sorted.end(), [&](const auto& a, const auto& b) { return place(a) < place(b); });
  std::vector<Diagnostic> diagnostics;
  for (Problem& problem : sorted) {
    Diagnostic diagnostic{problem.where.file < shown_files.size() ? shown_files[problem.where.file] : std::string{},
                          problem.where.line,
                          problem.where.column,
                          std::move(problem.problem),
                          std::move(problem.why),
                          std::move(problem.suggestion)};
    diagnostics.push_back(std::move(diagnostic));
  }
  if (count_ > problems_.size())
    diagnostics.push_back({{}, 0, 0, fmt::format("{} more errors are not shown", count_ - problems_.size()), {}, {}});
  return diagnostics;
}

std::string suggest(std::string_view word, const std::vector<std::string>& candidates, std::string_view what) {
  const std::string near = closest(word, candidates);
  if (!near.empty()) return fmt::format("did you mean \"{}\"?", near);
  if (candidates.empty()) return fmt::format("there are no {}", what);
  return fmt::format("the {} are: {}", what, listed(candidates, 40));
}

std::string listed(const std::vector<std::string>& words, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i == most) return text + fmt::format(" and {} more", words.size() - most);
    if (i > 0) text += i + 1 == words.size() ? " and " : ", ";
    text += words[i];
  }
  return text;
}

std::string plain(double value) {
  if (value == 0) return "0";
  return fmt::format("{:.12g}", value);
}

}  // namespace prisonflow::models
