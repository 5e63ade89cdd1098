// See the header: what the event loop reads of a model, laid out by cell and state.
#include "models/movement_facts.hpp"

#include <algorithm>

namespace prisonflow::models {

namespace {

/// Whether a facility is open with places on every day of the run.
bool always_open(const Model& model, std::size_t facility) {
  for (sim::Day day = 0; day < model.days(); ++day) {
    if (!(model.places(facility, day) >= 1)) return false;
  }
  return true;
}

/// By cell: the only facility of a group that admits it, kNoFacility where there is a choice, or it does not crowd.
std::vector<std::uint8_t> only_facilities(const Model& model, std::size_t group) {
  const Scenario& scenario = model.scenario();
  std::vector<std::uint8_t> only(model.cells().count, kNoFacility);
  if (scenario.groups[group].when_full != WhenFull::crowd) return only;
  std::vector<int> choices(model.cells().count, 0);
  for (std::size_t facility = 0; facility < scenario.facilities.size(); ++facility) {
    if (scenario.facilities[facility].group != group) continue;
    const bool open = always_open(model, facility);
    for (std::uint32_t cell = 0; cell < model.cells().count; ++cell) {
      if (!admits(scenario.facilities[facility], model.cells(), cell)) continue;
      ++choices[cell];
      only[cell] = open ? static_cast<std::uint8_t>(facility) : kNoFacility;
    }
  }
  for (std::size_t cell = 0; cell < only.size(); ++cell) {
    if (choices[cell] != 1) only[cell] = kNoFacility;
  }
  return only;
}

}  // namespace

bool admits(const Facility& facility, const Cells& cells, std::uint32_t cell) {
  return is_among(facility.only, cells, cell);
}

MovementFacts::MovementFacts(const Model& model) {
  const Scenario& scenario = model.scenario();
  const Cells& cells = model.cells();
  const auto& bands = model.age_band_starts();
  for (std::uint32_t cell = 0; cell < cells.count; ++cell) {
    const std::uint16_t band = cells.label(cell, Trait::age);
    const bool last = band + 1u >= bands.size();
    band_start.push_back(bands.empty() ? 0 : bands[band]);
    band_end.push_back(last ? sim::kNever : bands[band + 1u]);
    birthday.push_back(last ? kNoBirthday : std::int64_t{band_end.back()});
    older.push_back(
        static_cast<Cell>(last ? cell : cells.with_label(cell, Trait::age, static_cast<std::uint16_t>(band + 1))));
  }
  const double minutes_per_year = sim::kDaysPerYear * sim::kMinutesPerDay;
  oldest = static_cast<sim::Minute>(scenario.oldest_age * minutes_per_year);
  const auto& prior_bounds = scenario.traits[index_of(Trait::prior)].lower_bounds;
  for (const std::int32_t bound : prior_bounds) prior_count.push_back(static_cast<std::uint8_t>(std::min(bound, 255)));
  if (prior_count.empty()) prior_count.push_back(0);
  for (std::int32_t convictions = 0; convictions < 256; ++convictions) {
    std::uint8_t label = 0;
    for (std::size_t band = 0; band < prior_bounds.size(); ++band) {
      if (convictions >= prior_bounds[band]) label = static_cast<std::uint8_t>(band);
    }
    prior_label.push_back(label);
  }
  sim::Date month = sim::start_of_month(scenario.start);
  std::uint16_t index = 0;
  for (sim::Day day = 0; day < model.days(); ++day) {
    const sim::Date date = sim::add_days(scenario.start, day);
    if (sim::start_of_month(date) != month) {
      month = sim::start_of_month(date);
      ++index;
    }
    month_of_day.push_back(index);
  }
  for (std::size_t state = 0; state < scenario.states.size(); ++state) {
    std::uint8_t rank = 0;
    if (const std::uint8_t service = model.facts()[state].service; service != 0xff) {
      for (const StateIndex first : scenario.services[service].priority) {
        if (first == state) break;
        ++rank;
      }
    }
    priority.push_back(rank);
  }
  for (std::size_t group = 0; group < scenario.groups.size(); ++group) {
    const FacilityGroup& places = scenario.groups[group];
    waits.push_back(places.when_full == WhenFull::wait);
    overflow.push_back(places.when_full == WhenFull::overflow ? static_cast<std::uint8_t>(places.overflow)
                                                              : kNoFacility);
    only_facility.push_back(only_facilities(model, group));
  }
  region_stride = model.region_stride();
  for (const StateFacts& facts : model.facts()) {
    constexpr std::size_t kOfEveryState = 3;  // the clocks, death, the fuse
    draws_to_settle = std::max(draws_to_settle, kOfEveryState + facts.rate_events);
  }
  if (scenario.reoffending.declared) new_case = scenario.reoffending.to;
  if (scenario.mortality.declared) dead = scenario.mortality.to;
}

}  // namespace prisonflow::models
