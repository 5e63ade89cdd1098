// See the header.
#include "models/read_row_labels.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace prisonflow::models {

bool RowLabels::may_use(Trait trait, Location where, const std::string& path) {
  if (index_of(trait) < traits_) return true;
  context_.problems.add(where, fmt::format("{} depends on {}", path, kTraitNames[index_of(trait)]),
                        fmt::format("traits are drawn in the order {}, and each may depend on earlier ones only",
                                    listed(words_of(kTraitNames), kTraits)),
                        "turn the dependence round, or remove it");
  return false;
}

std::optional<std::pair<Trait, std::uint16_t>> RowLabels::label(std::string_view text, Location where,
                                                                const std::string& path) {
  const auto& unknown = context_.labels_unknown;
  std::vector<std::pair<Trait, std::uint16_t>> found;
  std::vector<std::string> all, traits;
  const std::size_t colon = text.find(':');
  for (std::size_t t = 0; t < kTraits; ++t) {
    const auto& labels = context_.scenario.traits[t].labels;
    if (labels.size() > 1) all.insert(all.end(), labels.begin(), labels.end());
    if (colon != std::string_view::npos && text.substr(0, colon) != kTraitNames[t]) continue;
    const std::string_view wanted = colon == std::string_view::npos ? text : text.substr(colon + 1);
    const auto at = std::find(labels.begin(), labels.end(), wanted);
    if (at == labels.end()) continue;
    found.emplace_back(static_cast<Trait>(t), static_cast<std::uint16_t>(at - labels.begin()));
    traits.emplace_back(kTraitNames[t]);
  }
  if (found.size() == 1) return may_use(found[0].first, where, path) ? std::optional(found[0]) : std::nullopt;
  if (found.empty() && std::find(unknown.begin(), unknown.end(), true) != unknown.end()) return std::nullopt;
  if (found.empty())
    context_.problems.add(where, fmt::format("{}: there is no label \"{}\"", path, text),
                          "a row is for persons with labels of [classes]", suggest(text, all, "labels"));
  else
    context_.problems.add(where, fmt::format("{}: \"{}\" is a label of {}", path, text, listed(traits)),
                          "it does not say which", fmt::format("write \"{}:{}\"", traits[0], text));
  return std::nullopt;
}

std::optional<Conditions> RowLabels::of_name(std::string_view name, Location where) {
  Conditions conditions;
  bool sound = true;
  while (!name.empty()) {
    const std::size_t end = std::min(name.find('/'), name.size());
    const auto condition = label(name.substr(0, end), where, path_ + "_for");
    if (condition) conditions.push_back(*condition);
    sound = sound && condition;
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return sound ? std::optional(conditions) : std::nullopt;
}

std::optional<RowLabels::Named> RowLabels::of_cells(const CsvTable& table, const std::vector<CsvCell>& cells) {
  const std::size_t before = context_.problems.count();
  Named row;
  for (std::size_t c = 0; c < cells.size(); ++c)
    for (std::size_t t = 0; t < kTraits; ++t) {
      if (table.header[c].text != kTraitNames[t] || cells[c].text.empty()) continue;
      const auto trait = static_cast<Trait>(t);
      const auto found = find_label(context_, trait, cells[c].text, cells[c].where, path_ + "_for");
      if (!found || !may_use(trait, cells[c].where, path_ + "_for")) continue;
      row.conditions.emplace_back(trait, *found);
      row.name += (row.name.empty() ? "" : "/") + cells[c].text;
    }
  if (row.name.empty()) row.name = "all";
  return context_.problems.count() == before ? std::optional(row) : std::nullopt;
}

bool RowLabels::is_new(const Conditions& conditions, Location where, const std::string& path) {
  const std::size_t before = context_.problems.count();
  if (conditions.empty())
    context_.problems.add(where, fmt::format("{} has a row without a label", path_ + "_for"),
                          "it would be for everyone", fmt::format("write it as {}, or name a label", path_));
  auto sorted = conditions;
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t i = 1; i < sorted.size(); ++i)
    if (sorted[i].first == sorted[i - 1].first)
      context_.problems.add(where, fmt::format("{} has two labels of {}", path, kTraitNames[index_of(sorted[i].first)]),
                            "nobody has both", "write two rows");
  if (!seen_.insert(std::move(sorted)).second)
    context_.problems.add(where, fmt::format("{} is there twice", path), "only one row could count",
                          "remove one of the two");
  return context_.problems.count() == before;
}

}  // namespace prisonflow::models
