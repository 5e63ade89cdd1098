// `compare` says first what differs between two scenarios: see compare_text.hpp.
#include <fmt/format.h>

#include <algorithm>

#include "models/cli/compare_text.hpp"
#include "models/cli/difference_record.hpp"
#include "models/cli/messages.hpp"
#include "models/describe_text.hpp"

namespace prisonflow::cli {

namespace {

constexpr std::size_t kMostNumbers = 40;
constexpr std::size_t kMostOwnNumbers = 3;
constexpr std::size_t kNameColumn = 14;

/// Where a number comes from, as a reference to the list below.
class Sources {
 public:
  std::string reference(const models::DifferenceDetail& detail) {
    std::string words = detail.grade;
    if (!detail.source.empty()) {
      const auto known = std::find(sources_.begin(), sources_.end(), detail.source);
      words += fmt::format("{}[{}]", words.empty() ? "" : " ", known - sources_.begin() + 1);
      if (known == sources_.end()) sources_.push_back(detail.source);
    }
    return words.empty() ? "" : " (" + words + ")";
  }
  std::string list() const {
    std::string text;
    for (std::size_t i = 0; i < sources_.size(); ++i)
      text += models::wrapped(models::padded(fmt::format("  [{}]", i + 1), 7) + sources_[i], kCompareWidth, 7) + "\n";
    return text;
  }

 private:
  std::vector<std::string> sources_;
};

std::string change_words(const models::DifferenceDetail& detail) {
  if (detail.what.starts_with("set ") && !detail.after.empty())
    return " to " + detail.after + (detail.before.empty() ? "" : ", without policies " + detail.before);
  if (detail.before.empty() && (detail.what.starts_with("scale ") || detail.what.starts_with("shift ")))
    return " by " + detail.after;
  return fmt::format(": {} → {}", detail.before.empty() ? "none" : detail.before,
                     detail.after.empty() ? "none" : detail.after);
}

std::string line(const std::string& first, const std::string& words, std::size_t indent) {
  return models::wrapped(models::padded(first, kNameColumn) + words, kCompareWidth, indent) + "\n";
}

std::string entry(const models::ScenarioDifference& difference, Sources& sources) {
  const std::string first = "  " + difference.date;
  if (difference.kind == "number") {
    const models::DifferenceDetail& detail = difference.details.front();
    return line(first, "number " + detail.what + change_words(detail) + sources.reference(detail), kNameColumn + 2);
  }
  std::string words = fmt::format("{} {} {}", difference.kind, difference.name, difference.change);
  if (difference.kind == difference.name) words = fmt::format("{} {}", difference.kind, difference.change);
  if (!difference.label.empty()) words += ": " + difference.label;
  if (!difference.words.empty()) words += fmt::format(" ({})", difference.words);
  std::string text = line(first, words, kNameColumn + 2);
  // Of what only one world has, the first numbers say enough here.
  const bool whole = difference.kind != "policy" && difference.change != "changed";
  const std::size_t shown = whole ? std::min(kMostOwnNumbers, difference.details.size()) : difference.details.size();
  for (std::size_t i = 0; i < shown; ++i) {
    const models::DifferenceDetail& detail = difference.details[i];
    const std::string change = whole ? " " + detail.after + detail.before : change_words(detail);
    text += line("", "  " + detail.what + change + sources.reference(detail), kNameColumn + 4);
  }
  if (const std::size_t more = difference.details.size() - shown; more > 0)
    text += line("", fmt::format("  and {} more number{}", more, more == 1 ? "" : "s"), kNameColumn + 4);
  return text;
}

}  // namespace

std::string differences_text(const PairedResult& result, const std::string& reform) {
  std::string text =
      toned_output(Tone::strong, fmt::format("What differs: {} from {}", reform, result.baseline())) + "\n";
  const auto record = result.recorded_differences(reform);
  if (!record) return text + "  not recorded in this file (it is of an earlier version of the program)\n";
  const std::vector<models::ScenarioDifference> differences = read_record(*record);
  if (differences.empty()) return text + "  nothing that moves a result\n";
  Sources sources;
  std::size_t numbers = 0;
  for (const models::ScenarioDifference& difference : differences)
    if (difference.kind != "number" || ++numbers <= kMostNumbers) text += entry(difference, sources);
  if (numbers > kMostNumbers) text += line("", fmt::format("and {} more numbers", numbers - kMostNumbers), kNameColumn);
  if (text.find(" more number") != std::string::npos) text += line("", "(--format json has all numbers)", kNameColumn);
  return text + toned_output(Tone::faint, sources.list());
}

}  // namespace prisonflow::cli
