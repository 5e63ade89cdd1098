// See the header.
#include "models/initial_meeting.hpp"

#include <bit>
#include <numeric>
#include <optional>

#include "sim/numerics.hpp"

namespace prisonflow::models {

CellChoice::CellChoice(const std::vector<double>& weights) : cumulative_(weights) {
  std::partial_sum(weights.begin(), weights.end(), cumulative_.begin());
  const std::size_t slices = std::bit_ceil(4 * weights.size());  // so that few hold more than one boundary
  slices_ = static_cast<double>(slices);
  std::size_t cell = 0;
  for (std::size_t slice = 0; slice < slices; ++slice) {
    const double wanted = static_cast<double>(slice) / slices_ * cumulative_.back();
    while (cumulative_[cell] < wanted) ++cell;
    guide_.push_back(static_cast<Cell>(cell));
  }
}

Meetings::Meetings(const SteadyState& steady, std::size_t state) {
  std::vector<std::optional<std::uint32_t>> first_of(steady.stays.size());  // cells share kinds of cases
  std::vector<std::vector<Case>> by_cell;
  std::vector<std::vector<double>> reached;
  std::uint32_t longest = 0;
  for (const auto& groups : steady.cases) {
    auto& cases = by_cell.emplace_back();
    auto& sums = reached.emplace_back();
    double all = 0;
    for (const CaseGroup& group : groups) {
      const auto& stays = steady.stays[group.stays][state];
      const double persons = stays.empty() ? 0.0 : group.per_day * stays.back().persons;
      if (!(persons > 0)) continue;
      auto& first = first_of[group.stays];
      if (!first) {
        first = static_cast<std::uint32_t>(cumulative_.size());
        for (const StayGroup& stay : stays) cumulative_.push_back(stay.persons);
        cumulative_.back() = sim::kInfinity;
      }
      const auto last = static_cast<std::uint32_t>(stays.size() - 1);
      cases.push_back({stays.back().persons, stays.data(), *first, last, group.priors});
      sums.push_back(all += persons);
      longest = std::max(longest, last);
    }
    persons_.push_back(all);
    if (!sums.empty()) sums.back() = sim::kInfinity;
    most_cases_ = std::max(most_cases_, cases.size());
  }
  longest_step_ = std::bit_floor(longest);
  for (std::size_t cell = 0; cell < by_cell.size(); ++cell) {
    by_cell[cell].resize(most_cases_);
    reached[cell].resize(most_cases_, sim::kInfinity);
    cases_.insert(cases_.end(), by_cell[cell].begin(), by_cell[cell].end());
    reached_.insert(reached_.end(), reached[cell].begin(), reached[cell].end());
  }
}

}  // namespace prisonflow::models
