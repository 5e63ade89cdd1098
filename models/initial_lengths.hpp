// Inside the initial population: whole lengths of the stays one meets in a state that draws them.
//
// A long stay is met more often than a short one: lengths are drawn from the length-biased law of the person's class.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "models/model.hpp"

namespace prisonflow::models {

class LengthsMet {
 public:
  /// Of no state: nothing is drawn.
  LengthsMet() = default;
  /// By the numbers of the first day.
  LengthsMet(const Model& model, std::size_t state) : region_stride_(model.region_stride()) {
    const Clock clock = model.facts()[state].clock;
    if (clock != Clock::duration && clock != Clock::term) return;
    const Version& version = model.versions().front();
    table_ = version.states[version.law][state];
    for (const Clocks& clocks : table_->clocks) {
      laws_.push_back(clocks.law.base_mean() > 0 ? std::optional(sim::LengthBiasedLaw(clocks.law)) : std::nullopt);
    }
  }

  /// Whether some class draws a length above 0.
  bool any() const {
    return std::any_of(laws_.begin(), laws_.end(), [](const auto& law) { return law.has_value(); });
  }
  /// The length for someone of `cell`, in minutes before the factor of the cell; 0 where all stays are over at once.
  double quantile(std::uint32_t cell, double uniform) const {
    const auto& law = laws_.size() == 1 ? laws_.front() : laws_[table_->clock_number(cell, region_stride_)];
    return law ? law->quantile(uniform) : 0.0;
  }

 private:
  std::size_t region_stride_ = 1;
  const StateTable* table_ = nullptr;
  std::vector<std::optional<sim::LengthBiasedLaw>> laws_;  ///< by clock of the table
};

}  // namespace prisonflow::models
