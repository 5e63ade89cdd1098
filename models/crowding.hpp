// Overcrowding, counted day by day: prisoners against official places, for each facility and for those counted
// together.
//
// A day is counted at the midnight it begins with, once the places given last night are taken up. So the count of the
// first day of a month is of the same persons as the stocks "at the start of the month", and every day of the run is
// counted once. Whole persons are set against whole places, those of that day: half a place holds nobody.
//
// A facility without places (not open yet, closed) is above every threshold as soon as one person is held there, and
// never while it is empty. On the day it closes those inside are still there at midnight and are moved that day: until
// then they live in the places it had, so those of the day before count.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "models/model.hpp"
#include "models/tallies.hpp"

namespace prisonflow::models {

/// Per cent of the places above which prisons are counted as overcrowded. Definitions of the measures (DESIGN.md
/// section 6), no numbers of a scenario.
inline constexpr std::array<std::int32_t, 4> kCrowdingThresholds{95, 100, 120, 150};

/// What is counted together: every facility, all of them, those that admit one region only, those that admit one sex.
class CrowdingScopes {
 public:
  explicit CrowdingScopes(const Scenario& scenario);

  std::size_t count() const { return last_ + sexes_; }
  std::size_t of_facility(std::size_t facility) const { return facility; }
  std::size_t of_all() const { return facilities_; }
  std::size_t of_region(std::size_t label) const { return facilities_ + 1 + label; }
  std::size_t of_sex(std::size_t label) const { return last_ + label; }
  /// The facilities counted in a scope; none for a label that no facility is kept for.
  const std::vector<std::size_t>& members(std::size_t scope) const { return members_[scope]; }

 private:
  std::size_t facilities_ = 0, last_ = 0, sexes_ = 0;
  std::vector<std::vector<std::size_t>> members_;
};

class Crowding {
 public:
  static constexpr std::size_t kThresholds = kCrowdingThresholds.size();
  static constexpr sim::Day kNoBreach = -1;

  /// What was counted in one scope.
  struct Count {
    std::int64_t short_at_start = 0;  ///< persons beyond the places on the first day of the month
    std::int64_t short_days = 0;      ///< … added up over its days
    std::array<std::int32_t, kThresholds> days_above{};
    std::array<std::int64_t, kThresholds> person_days_above{};  ///< persons there on those days, added up
    std::array<sim::Day, kThresholds> first_breach{kNoBreach, kNoBreach, kNoBreach, kNoBreach};  ///< of the run
  };

  Crowding(const Model& model, std::size_t partitions);

  void begin_month();
  /// The places given last night are taken up in a partition. Partitions may say so side by side.
  void take(std::size_t partition, const std::vector<FacilityTally>& facilities);
  /// … and in all: the day is counted.
  void count_day(sim::Day day);

  const CrowdingScopes& scopes() const { return scopes_; }
  const Count& of(std::size_t scope) const { return counts_[scope]; }

 private:
  const Model& model_;
  CrowdingScopes scopes_;
  std::vector<std::vector<std::int32_t>> taken_;  ///< [partition][facility]: persons there
  std::vector<std::int64_t> persons_, places_;    ///< by facility, today
  std::vector<Count> counts_;                     ///< by scope
  bool first_of_month_ = true;
};

/// The whole places of a facility that count on a day.
std::int64_t counted_places(const Model& model, std::size_t facility, sim::Day day);

}  // namespace prisonflow::models
