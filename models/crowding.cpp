// See the header.
#include "models/crowding.hpp"

#include <algorithm>
#include <cmath>

namespace prisonflow::models {

CrowdingScopes::CrowdingScopes(const Scenario& scenario) : facilities_(scenario.facilities.size()) {
  last_ = of_region(scenario.traits[index_of(Trait::region)].labels.size());
  sexes_ = scenario.traits[index_of(Trait::sex)].labels.size();
  members_.resize(count());
  for (std::size_t facility = 0; facility < facilities_; ++facility) {
    members_[of_facility(facility)].push_back(facility);
    members_[of_all()].push_back(facility);
    const auto& only = scenario.facilities[facility].only;
    if (const auto& regions = only[index_of(Trait::region)]; regions.size() == 1) {
      members_[of_region(regions.front())].push_back(facility);
    }
    if (const auto& sexes = only[index_of(Trait::sex)]; sexes.size() == 1) {
      members_[of_sex(sexes.front())].push_back(facility);
    }
  }
}

std::int64_t counted_places(const Model& model, std::size_t facility, sim::Day day) {
  const auto& closes = model.scenario().facilities[facility].closes;
  const bool closes_today = day > 0 && closes && sim::days_between(model.scenario().start, *closes) == day;
  const double places = model.places(facility, closes_today ? day - 1 : day);
  // So that 29 hundredths of 100 places, which end an ulp below 29, are 29.
  constexpr double kRoundingError = 1e-12;
  return static_cast<std::int64_t>(std::floor(places * (1.0 + kRoundingError)));
}

Crowding::Crowding(const Model& model, std::size_t partitions)
    : model_(model),
      scopes_(model.scenario()),
      taken_(partitions, std::vector<std::int32_t>(model.scenario().facilities.size())),
      persons_(model.scenario().facilities.size()),
      places_(model.scenario().facilities.size()),
      counts_(scopes_.count()) {}

void Crowding::begin_month() {
  for (Count& count : counts_) {
    const auto first_breach = count.first_breach;
    count = Count{};
    count.first_breach = first_breach;
  }
  first_of_month_ = true;
}

void Crowding::take(std::size_t partition, const std::vector<FacilityTally>& facilities) {
  for (std::size_t facility = 0; facility < facilities.size(); ++facility) {
    taken_[partition][facility] = facilities[facility].stock;
  }
}

void Crowding::count_day(sim::Day day) {
  if (persons_.empty()) return;
  for (std::size_t facility = 0; facility < persons_.size(); ++facility) {
    persons_[facility] = 0;
    for (const auto& taken : taken_) persons_[facility] += taken[facility];
    places_[facility] = counted_places(model_, facility, day);
  }
  for (std::size_t scope = 0; scope < counts_.size(); ++scope) {
    std::int64_t persons = 0;
    std::int64_t places = 0;
    for (const std::size_t facility : scopes_.members(scope)) {
      persons += persons_[facility];
      places += places_[facility];
    }
    Count& count = counts_[scope];
    const std::int64_t beyond = std::max<std::int64_t>(persons - places, 0);
    if (first_of_month_) count.short_at_start = beyond;
    count.short_days += beyond;
    for (std::size_t threshold = 0; threshold < kThresholds; ++threshold) {
      if (persons * 100 <= places * kCrowdingThresholds[threshold]) break;  // nor above any greater one
      ++count.days_above[threshold];
      count.person_days_above[threshold] += persons;
      if (count.first_breach[threshold] == kNoBreach) count.first_breach[threshold] = day;
    }
  }
  first_of_month_ = false;
}

}  // namespace prisonflow::models
