// See the header.
#include "models/model_tables.hpp"

#include <algorithm>
#include <map>

#include "sim/numerics.hpp"

namespace prisonflow::models {

namespace {

constexpr double kMinutesPerYear = sim::kDaysPerYear * sim::kMinutesPerDay;

double value_or(ParameterId id, const Valuation& values, double otherwise) {
  return given(id) ? values[index_of(id)] : otherwise;
}

bool matches(const Conditions& conditions, const Cells& cells, std::uint32_t cell) {
  return std::all_of(conditions.begin(), conditions.end(),
                     [&](const auto& condition) { return cells.label(cell, condition.first) == condition.second; });
}

/// The place of the row with most conditions that matches, the number of rows when none does.
template <class Row>
std::size_t row_for(const std::vector<Row>& rows, const Cells& cells, std::uint32_t cell) {
  std::size_t found = rows.size();
  std::size_t conditions = 0;
  for (std::size_t place = 0; place < rows.size(); ++place) {
    if (rows[place].conditions.size() <= conditions || !matches(rows[place].conditions, cells, cell)) continue;
    found = place;
    conditions = rows[place].conditions.size();
  }
  return found;
}

void collect(ParameterId id, std::vector<ParameterId>& out) {
  if (given(id)) out.push_back(id);
}
void collect(const std::vector<Modifier>& modifiers, std::vector<ParameterId>& out) {
  for (const Modifier& modifier : modifiers) collect(modifier.factor, out);
}
void collect(const Shares& shares, std::vector<ParameterId>& out) {
  for (const ParameterId id : shares.base) collect(id, out);
  for (const ShareRow& row : shares.rows) {
    for (const ParameterId id : row.shares) collect(id, out);
  }
  for (const ShareModifier& modifier : shares.modifiers) collect(modifier.odds, out);
}
void collect(const LawSpec& law, std::vector<ParameterId>& out) {
  collect(law.scale, out);
  collect(law.second, out);
  collect(law.never, out);
  for (const auto& [duration, share] : law.points) {
    collect(duration, out);
    collect(share, out);
  }
  collect(law.factors, out);
}

void collect(const HazardSpec& hazard, std::vector<ParameterId>& out) {
  collect(hazard.rate, out);
  collect(hazard.ratios, out);
}

/// A hazard a minute for one cell.
double hazard_of(const HazardSpec& spec, const Valuation& values, const Cells& cells, std::uint32_t cell) {
  return value_or(spec.rate, values, 0) * factor_for(spec.ratios, values, cells, cell) / kMinutesPerYear;
}

EventNumbers numbers_of(const StateEvent& event, const Cells& cells, const std::vector<Valuation>& values) {
  EventNumbers numbers;
  const std::size_t region_stride = cells.strides[index_of(Trait::region)];
  if (event.timing == Timing::rate) {
    for (std::uint32_t cell = 0; cell < cells.count; ++cell) {
      const Valuation& region_values = values.size() == 1 ? values[0] : values[cell / region_stride];
      numbers.hazards.push_back(static_cast<float>(hazard_of(event.hazard, region_values, cells, cell)));
    }
  }
  for (const Valuation& region_values : values) {
    const double unit = event.timing == Timing::at ? 1.0 : sim::kMinutesPerDay;
    numbers.times.push_back({value_or(event.time, region_values, 0) * unit,
                             value_or(event.delays_parole, region_values, 0) * sim::kMinutesPerDay,
                             value_or(event.loses_remission, region_values, 0) * sim::kMinutesPerDay});
  }
  return numbers;
}

float milestone_of(const State& state, const Valuation& values, const Cells& cells, std::uint32_t cell) {
  switch (state.kind) {
    case Kind::supervision:
      return static_cast<float>(hazard_of(state.breach, values, cells, cell));
    case Kind::liberty:
      return static_cast<float>(hazard_of(state.leaving, values, cells, cell));
    case Kind::custody:
      return static_cast<float>(value_or(state.parole_eligibility, values, 0) *
                                factor_for(state.parole_eligibility_by, values, cells, cell));
    default:
      return 0.0f;
  }
}

}  // namespace

ShareTable::ShareTable(const std::vector<double>& weights, std::size_t branches)
    : branches_(branches), stride_((branches - 1 + kGroup - 1) / kGroup * kGroup) {
  constexpr double kWhole = 2147483648.0;  // 2^31, which no draw reaches
  thresholds_.assign(weights.size() / branches * stride_, static_cast<std::uint32_t>(kWhole));
  std::uint32_t* thresholds = thresholds_.data();
  for (std::size_t row = 0; row < weights.size(); row += branches, thresholds += stride_) {
    double sum = 0;
    // The last branch that can be taken ends at the whole, whatever the rounding of the sum.
    std::size_t last = branches - 1;
    while (last > 0 && weights[row + last] <= 0) --last;
    for (std::size_t branch = 0; branch < last; ++branch) {
      sum += weights[row + branch];
      thresholds[branch] = static_cast<std::uint32_t>(std::min(std::clamp(sum, 0.0, 1.0) * kWhole + 0.5, kWhole));
    }
  }
}

double ShareTable::share(std::size_t row, std::size_t branch) const {
  constexpr double kWhole = 2147483648.0;
  const std::uint32_t* const thresholds = thresholds_of(row);
  const double upper = branch + 1 < branches_ ? thresholds[branch] : kWhole;
  const double lower = branch > 0 ? thresholds[branch - 1] : 0.0;
  return (upper - lower) / kWhole;
}

void share_weights(const Shares& shares, const Valuation& values, const Cells& cells, std::uint32_t cell,
                   std::vector<double>& weights) {
  const std::size_t special = row_for(shares.rows, cells, cell);
  const std::vector<ParameterId>* const row =
      special < shares.rows.size() ? &shares.rows[special].shares : &shares.base;
  weights.assign(row->size(), 0.0);
  double rest = 1.0;
  for (std::size_t branch = 0; branch < row->size(); ++branch) {
    if (given((*row)[branch])) {
      weights[branch] = values[index_of((*row)[branch])];
      rest -= weights[branch];
    }
  }
  for (std::size_t branch = 0; branch < row->size(); ++branch) {
    if (!given((*row)[branch])) weights[branch] = std::max(rest, 0.0);
  }
  for (const ShareModifier& modifier : shares.modifiers) {
    if (cells.label(cell, modifier.trait) == modifier.label) {
      weights[modifier.branch] *= values[index_of(modifier.odds)];
    }
  }
  double sum = 0;
  for (const double weight : weights) sum += weight;
  for (double& weight : weights) weight /= sum;
}

double factor_for(const std::vector<Modifier>& modifiers, const Valuation& values, const Cells& cells,
                  std::uint32_t cell) {
  double factor = 1;
  for (const Modifier& modifier : modifiers) {
    if (cells.label(cell, modifier.trait) == modifier.label) factor *= values[index_of(modifier.factor)];
  }
  return factor;
}

sim::Distribution distribution_of(const LawSpec& law, const Valuation& values) {
  const auto minutes = [&](ParameterId id) { return values[index_of(id)] * sim::kMinutesPerDay; };
  const auto plain = [&]() -> sim::Distribution {
    switch (law.family) {
      case Family::fixed:
        return sim::Distribution::fixed(minutes(law.scale));
      case Family::exponential:
        return sim::Distribution::exponential(minutes(law.scale));
      case Family::uniform:
        return sim::Distribution::uniform(minutes(law.scale), minutes(law.second));
      case Family::weibull:
        return sim::Distribution::weibull(minutes(law.scale), values[index_of(law.second)]);
      case Family::lognormal: {
        const double sigma = values[index_of(law.second)];
        const double median = law.median ? minutes(law.scale) : minutes(law.scale) * sim::exp(-0.5 * sigma * sigma);
        return sim::Distribution::lognormal(median, sigma);
      }
      case Family::gamma:
        return sim::Distribution::gamma(minutes(law.scale), values[index_of(law.second)]);
      case Family::empirical: {
        std::vector<sim::EmpiricalPoint> points;
        for (const auto& [duration, share] : law.points) {
          points.push_back({minutes(duration), values[index_of(share)]});
        }
        return sim::Distribution::empirical(points);
      }
    }
    return sim::Distribution::fixed(0);
  }();
  return given(law.never) ? plain.with_never(values[index_of(law.never)]) : plain;
}

StateTable compile_state(const Scenario& scenario, const State& state, const Cells& cells,
                         const std::vector<Valuation>& values, sim::PreparedLaws& prepare) {
  StateTable table;
  const std::size_t region_stride = cells.strides[index_of(Trait::region)];
  const auto values_of = [&](std::uint32_t cell) -> const Valuation& {
    return values.size() == 1 ? values[0] : values[cell / region_stride];
  };
  if (state.kind == Kind::decision) {
    table.targets = state.shares.targets;
    std::vector<double> all;
    std::vector<double> weights;
    all.reserve(cells.count * table.targets.size());
    for (std::uint32_t cell = 0; cell < cells.count; ++cell) {
      share_weights(state.shares, values_of(cell), cells, cell, weights);
      all.insert(all.end(), weights.begin(), weights.end());
    }
    table.shares = ShareTable(all, table.targets.size());
    return table;
  }
  if (state.kind == Kind::exit) return table;
  table.rows = ClockRows(cells.count);
  for (std::uint32_t cell = 0; cell < cells.count; ++cell) {
    const Valuation& region_values = values_of(cell);
    ClockRow& row = table.rows[cell];
    row.factor = static_cast<float>(factor_for(state.law.factors, region_values, cells, cell));
    if (scenario.mortality.declared) {
      const HazardSpec& hazard = scenario.mortality.hazard;
      row.death = static_cast<float>(value_or(hazard.rate, region_values, 0) *
                                     factor_for(hazard.ratios, region_values, cells, cell) *
                                     value_or(state.mortality_ratio, region_values, 1) / kMinutesPerYear);
    }
    if (scenario.reoffending.declared && state.at_risk) {
      row.reoffending = static_cast<float>(value_or(state.reoffending_ratio, region_values, 1) *
                                           factor_for(state.reoffending_ratio_by, region_values, cells, cell) *
                                           factor_for(scenario.reoffending.ratios, region_values, cells, cell));
    }
    row.milestone = milestone_of(state, region_values, cells, cell);
  }
  for (const StateEvent& event : state.events) table.events.push_back(numbers_of(event, cells, values));
  const auto add_clocks = [&](const LawSpec& law, const Valuation& region_values) {
    Clocks clocks;
    if (given(law.scale) || !law.points.empty()) clocks.law = prepare(distribution_of(law, region_values));
    clocks.pretrial_credit = value_or(state.pretrial_credit, region_values, 0);
    clocks.automatic_release = value_or(state.automatic_release, region_values, 1);
    clocks.parole_retry = value_or(state.parole_retry, region_values, 0) * sim::kMinutesPerDay;
    clocks.joined_offence_factor = value_or(state.joined_offence_factor, region_values, 1);
    table.clocks.push_back(clocks);
  };
  if (state.law_for.empty()) {
    for (const Valuation& region_values : values) add_clocks(state.law, region_values);
    return table;
  }
  // A clock for each pair of values and law that somebody draws from.
  std::map<std::pair<const Valuation*, std::size_t>, std::size_t> known;
  for (std::uint32_t cell = 0; cell < cells.count; ++cell) {
    const Valuation& region_values = values_of(cell);
    const std::size_t row = row_for(state.law_for, cells, cell);
    const auto [entry, is_new] = known.try_emplace({&region_values, row}, table.clocks.size());
    if (is_new) add_clocks(row < state.law_for.size() ? state.law_for[row].law : state.law, region_values);
    table.clock_by_cell.push_back(static_cast<std::uint16_t>(entry->second));
  }
  return table;
}

ShareTable compile_mix(const Shares& mix, Trait trait, const Cells& cells, const std::vector<Valuation>& values) {
  const std::size_t labels = cells.sizes[index_of(trait)];
  const std::uint32_t row_cells = cells.strides[index_of(trait)] * static_cast<std::uint32_t>(labels);
  const std::size_t region_stride = cells.strides[index_of(Trait::region)];
  std::vector<double> all;
  std::vector<double> weights;
  for (std::uint32_t cell = 0; cell < cells.count; cell += row_cells) {
    std::vector<double> by_label(labels, 0.0);
    if (mix.declared()) {
      const Valuation& region_values = values.size() == 1 ? values[0] : values[cell / region_stride];
      share_weights(mix, region_values, cells, cell, weights);
      for (std::size_t branch = 0; branch < weights.size(); ++branch) by_label[mix.targets[branch]] += weights[branch];
    } else {
      by_label[0] = 1.0;
    }
    all.insert(all.end(), by_label.begin(), by_label.end());
  }
  return ShareTable(all, labels);
}

ReoffendingTable compile_reoffending(const Scenario& scenario, const Cells& cells,
                                     const std::vector<Valuation>& values) {
  const Reoffending& reoffending = scenario.reoffending;
  ReoffendingTable table;
  table.time = distribution_of(reoffending.time, values[0]);
  table.same_offence = reoffending.offence_mix.declared() ? value_or(reoffending.same_offence, values[0], 0) : 1.0;
  table.offence = compile_mix(reoffending.offence_mix, Trait::offence, cells, values);
  const auto means = [&](ParameterId mean, const std::vector<Modifier>& by, double least) {
    std::vector<double> by_cell;
    for (std::uint32_t cell = 0; given(mean) && cell < cells.count; ++cell) {
      const Valuation& own = values[values.size() == 1 ? 0 : cell / cells.strides[index_of(Trait::region)]];
      by_cell.push_back(std::max(own[index_of(mean)] * factor_for(by, own, cells, cell), least));
    }
    return by_cell;
  };
  // An uncertain number may be drawn too low: a case has at least one offence.
  table.offences_each = means(reoffending.offences_each, reoffending.offences_each_by, 1.0);
  table.victims_each = means(reoffending.victims_each, reoffending.victims_each_by, 0.0);
  return table;
}

std::vector<ParameterId> parameters_of(const Scenario& scenario, const State& state) {
  std::vector<ParameterId> ids;
  collect(state.shares, ids);
  collect(state.law, ids);
  for (const LawRow& row : state.law_for) collect(row.law, ids);
  for (const ParameterId id :
       {state.pretrial_credit, state.automatic_release, state.parole_eligibility, state.parole_retry,
        state.joined_offence_factor, state.reoffending_ratio, state.mortality_ratio}) {
    collect(id, ids);
  }
  collect(state.parole_eligibility_by, ids);
  for (const HazardSpec* const hazard : {&state.breach, &state.leaving, &scenario.mortality.hazard}) {
    collect(*hazard, ids);
  }
  for (const StateEvent& event : state.events) {
    collect(event.hazard, ids);
    for (const ParameterId id : {event.time, event.delays_parole, event.loses_remission}) collect(id, ids);
  }
  collect(state.reoffending_ratio_by, ids);
  collect(scenario.reoffending.ratios, ids);
  return ids;
}

std::vector<ParameterId> parameters_of(const Shares& shares) {
  std::vector<ParameterId> ids;
  collect(shares, ids);
  return ids;
}

std::vector<ParameterId> parameters_of_reoffending(const Scenario& scenario) {
  std::vector<ParameterId> ids;
  collect(scenario.reoffending.time, ids);
  collect(scenario.reoffending.same_offence, ids);
  collect(scenario.reoffending.offence_mix, ids);
  collect(scenario.reoffending.offences_each, ids);
  collect(scenario.reoffending.offences_each_by, ids);
  collect(scenario.reoffending.victims_each, ids);
  collect(scenario.reoffending.victims_each_by, ids);
  return ids;
}

}  // namespace prisonflow::models
