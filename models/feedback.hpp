// Feedback: how full, how far behind and how loaded the system was last night moves the numbers of today.
//
// A link reads one ratio (occupancy of a facility group, backlog of a service, caseload of a measure), puts it through
// its response curve and multiplies what it acts on by the factor that comes out. Hazards are drawn at the greatest
// factor their links can give, and what comes of them is kept with the chance today's factor is of that: thinning
// (Lewis and Shedler, Naval Research Logistics Quarterly 26, 1979). So nothing is rescheduled when a factor changes,
// and the time until an event has exactly the hazard that varies from day to day. Durations take the factor of the day
// they begin, odds that of the day they are drawn.
#pragma once

#include <memory>
#include <vector>

#include "models/model.hpp"
#include "models/partition.hpp"
#include "sim/numerics.hpp"

namespace prisonflow::models {

/// Today's factors of one state. Of hazards: today's factor as a share of the greatest.
struct StateFactors {
  float reoffending = 1;
  float death = 1;
  float breach = 1;
  double duration = 1;
  /// Of the hazard behind an event; a milestone is one only when it is a breach.
  float share_of(Event event, bool is_breach) const {
    if (event == Event::death) return death;
    if (event == Event::reoffending) return reoffending;
    return is_breach ? breach : 1.0f;
  }
};

class Feedback {
 public:
  explicit Feedback(const Model& model);
  /// Whether the scenario has links that are switched on.
  bool any() const { return !model_.links().empty(); }

  /// Reads the ratios of the night after `day` and sets the factors of the next.
  void publish(sim::Day day, const Version& version, const std::vector<std::unique_ptr<Partition>>& partitions);

  const StateFactors& of(std::size_t state) const { return by_state_[state]; }
  /// The branch of a decision with links, for 32 uniform bits: the row's shares times the factors of their branches,
  /// scaled to one. As without links while all factors are 1.
  std::uint32_t branch(std::size_t decision, const TableView& table, std::size_t cell, std::uint32_t word) const;
  /// The factor of each link, and the ratio it comes from.
  const std::vector<double>& factors() const { return factors_; }
  const std::vector<double>& ratios() const { return ratios_; }

 private:
  double ratio_of(const FeedbackLink& link, const LinkNumbers& numbers, sim::Day day, const Version& version,
                  const std::vector<std::unique_ptr<Partition>>& partitions) const;

  const Model& model_;
  std::vector<double> ratios_, factors_;
  std::vector<StateFactors> by_state_;
  std::vector<std::vector<double>> odds_;  ///< by decision with links: a factor a branch; else empty
};

/// Whether an event drawn at the greatest hazard happens at today's, which is `share` of it; if not, `fuse` is the
/// unit-exponential fuse of the next.
inline bool happens_today(sim::StreamKey key, std::uint64_t name, sim::Minute now, Event event, float share,
                          double& fuse) {
  if (share >= 1.0f) return true;
  constexpr sim::Purpose kThinning = sim::purpose("thinning");
  const sim::Draws draws =
      sim::draw(key, name, static_cast<std::uint32_t>(now), kThinning ^ static_cast<sim::Purpose>(event));
  if (draws.uniform(0) < static_cast<double>(share)) return true;
  fuse = -sim::log(draws.uniform53(1));
  return false;
}

/// The factor at a ratio: straight lines between the points, level beyond.
double response_at(const FeedbackLink& link, const LinkNumbers& numbers, double ratio);

}  // namespace prisonflow::models
