// See the header: what the event loop reads of a model, laid out by cell and state.
#include "models/movement.hpp"

namespace prisonflow::models {

MovementFacts::MovementFacts(const Model& model) {
  const Scenario& scenario = model.scenario();
  const Cells& cells = model.cells();
  const auto& bands = model.age_band_starts();
  for (std::uint32_t cell = 0; cell < cells.count; ++cell) {
    const std::uint16_t band = cells.label(cell, Trait::age);
    const bool last = band + 1u >= bands.size();
    band_start.push_back(bands.empty() ? 0 : bands[band]);
    band_end.push_back(last ? sim::kNever : bands[band + 1u]);
    older.push_back(static_cast<Cell>(last ? cell : cells.with_label(cell, Trait::age, static_cast<std::uint16_t>(band + 1))));
  }
  constexpr double kMinutesPerYear = sim::kDaysPerYear * sim::kMinutesPerDay;
  oldest = static_cast<sim::Minute>(scenario.oldest_age * kMinutesPerYear);
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
  for (const FacilityGroup& group : scenario.groups) waits.push_back(group.when_full == WhenFull::wait);
  if (scenario.reoffending.declared) new_case = scenario.reoffending.to;
  if (scenario.mortality.declared) dead = scenario.mortality.to;
}

}  // namespace prisonflow::models
