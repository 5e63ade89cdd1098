// See the header.
#include "models/measure_table.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace prisonflow::models {

bool any_state(const State&) {
  return true;
}
bool timed_state(const State& state) {
  return state.kind != Kind::decision && state.kind != Kind::exit;
}
bool held(const State& state) {
  return state.held;
}
bool held_pretrial(const State& state) {
  return state.held && state.pretrial;
}
bool held_sentenced(const State& state) {
  return state.held && !state.pretrial;
}
bool supervised(const State& state) {
  return state.kind == Kind::supervision;
}
bool controlled(const State& state) {
  return state.held || state.kind == Kind::supervision;
}

double ratio(double part, double whole) {
  return whole > 0 ? part / whole : std::numeric_limits<double>::quiet_NaN();
}

MeasureTable::MeasureTable(Measures& measures, const Scenario& scenario)
    : measures_(measures), scenario_(scenario), cells_(cells_of(scenario)) {
  auto& all = measures_.dimensions_;
  MeasureDimension state{"state", {}, {}};
  for (const State& each : scenario_.states) {
    state.labels.push_back(each.name);
    state.descriptions.push_back(each.label);
  }
  all.push_back(std::move(state));
  for (std::size_t trait = 0; trait < kTraits; ++trait) {
    const TraitClasses& classes = scenario_.traits[trait];
    all.push_back({std::string(kTraitNames[trait]),
                   classes.labels.empty() ? std::vector<std::string>{"all"} : classes.labels, classes.descriptions});
  }
  const auto add_named = [&](const std::string& name, const auto& named) {
    MeasureDimension dimension{name, {}, {}};
    for (const auto& each : named) {
      dimension.labels.push_back(each.name);
      dimension.descriptions.push_back(each.label);
    }
    if (!dimension.labels.empty()) all.push_back(std::move(dimension));
  };
  add_named("facility", scenario_.facilities);
  add_named("service", scenario_.services);
  for (std::size_t service = 0; service < scenario_.services.size(); ++service) {
    const Service& each = scenario_.services[service];
    if (!each.by_region() || each.label.empty()) continue;
    const TraitClasses& regions = scenario_.traits[index_of(Trait::region)];
    const std::string& region = regions.descriptions[each.region];
    all.back().descriptions[service] += ", " + (region.empty() ? regions.labels[each.region] : region);
  }
  MeasureDimension event{"event", {}, {}};
  for (const State& each : scenario_.states) {
    for (const StateEvent& own : each.events) {
      event.labels.push_back(each.name + "." + own.name);
      event.descriptions.push_back(own.label);
    }
  }
  if (!event.labels.empty()) all.push_back(std::move(event));
  for (sim::Date date = scenario_.start; date < scenario_.end; date = sim::add_months(sim::start_of_month(date), 1)) {
    measures_.months_.push_back(sim::days_between(scenario_.start, date));
  }
}

MeasureTable::By MeasureTable::region_and(By by) const {
  const By first = region();
  by.insert(by.begin(), first.begin(), first.end());
  return by;
}

std::size_t MeasureTable::dimension(const std::string& name) const {
  const auto& all = measures_.dimensions_;
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == name; });
  return static_cast<std::size_t>(found - all.begin());
}

void MeasureTable::add(MeasureInfo info, const By& by, Measures::Row row) {
  for (const std::string& name : by) {
    info.dimensions.push_back(dimension(name));
    info.cells *= measures_.dimensions_[info.dimensions.back()].labels.size();
  }
  measures_.infos_.push_back(std::move(info));
  measures_.rows_.push_back(std::move(row));
}

void MeasureTable::row(MeasureInfo info, const By& by, Compute compute) {
  Measures::Row row;
  row.compute = std::move(compute);
  add(std::move(info), by, std::move(row));
}

void MeasureTable::row_at_end(MeasureInfo info, const By& by, AtEnd at_end) {
  Measures::Row row;
  row.at_end = std::move(at_end);
  add(std::move(info), by, std::move(row));
}

void MeasureTable::row_from(const std::string& source, MeasureInfo info, const By& by, Derive derive) {
  const auto& infos = measures_.infos_;
  const auto found = std::find_if(infos.begin(), infos.end(), [&](const auto& each) { return each.name == source; });
  if (found == infos.end()) throw std::logic_error("no measure " + source + " stands before " + info.name);
  Measures::Row row;
  row.derive = std::move(derive);
  row.source = static_cast<std::size_t>(found - infos.begin());
  add(std::move(info), by, std::move(row));
}

void MeasureTable::sum(const std::string& name, const std::string& long_name, Counted quantity, StateFilter filter,
                       const By& by) {
  std::vector<StateIndex> states;
  for (std::size_t index = 0; index < scenario_.states.size(); ++index) {
    if (filter(scenario_.states[index])) states.push_back(static_cast<StateIndex>(index));
  }
  sum_over(name, long_name, quantity, states, by);
}

std::vector<std::uint32_t> MeasureTable::offsets(const By& by, std::uint32_t& state_stride) const {
  std::vector<std::uint32_t> by_cell(cells_.count, 0);
  std::uint32_t stride = 1;
  for (std::size_t place = by.size(); place-- > 0;) {
    if (by[place] == "state") {
      state_stride = stride;
      stride *= static_cast<std::uint32_t>(scenario_.states.size());
      continue;
    }
    const auto trait =
        static_cast<Trait>(std::find(kTraitNames.begin(), kTraitNames.end(), by[place]) - kTraitNames.begin());
    for (std::uint32_t cell = 0; cell < cells_.count; ++cell) by_cell[cell] += cells_.label(cell, trait) * stride;
    stride *= cells_.sizes[index_of(trait)];
  }
  return by_cell;
}

void MeasureTable::sum_over(const std::string& name, const std::string& long_name, Counted quantity,
                            const std::vector<StateIndex>& states, const By& by) {
  Measures::Row row;
  row.sum.quantity = quantity;
  row.sum.states = states;
  row.sum.state_offset.assign(states.size(), 0);
  std::uint32_t state_stride = 0;
  const std::vector<std::uint32_t> by_cell = offsets(by, state_stride);
  for (std::size_t each = 0; each < states.size(); ++each) row.sum.state_offset[each] = states[each] * state_stride;
  const auto is_state = [](const std::string& dimension) { return dimension == "state"; };
  if (!std::all_of(by.begin(), by.end(), is_state)) row.sum.cell_offset = by_cell;
  const char* const method = quantity == Counted::stock ? "time: point" : "time: sum";
  add({.name = name,
       .long_name = long_name,
       .units = quantity == Counted::person_years ? "year" : "1",
       .cell_methods = method,
       .dimensions = {},
       .whole_numbers = quantity != Counted::person_years},
      by, std::move(row));
}

}  // namespace prisonflow::models
