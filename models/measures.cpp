// See the header: the table of measures is in Builder::build().
#include "models/measures.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace prisonflow::models {

namespace {

constexpr double kMinutesPerYear = sim::kDaysPerYear * sim::kMinutesPerDay;
constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

enum class Counted : std::uint8_t { stock, entries, person_years };

using StateFilter = bool (*)(const State&);
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
  return whole > 0 ? part / whole : kUndefined;
}

}  // namespace

/// A sum over states and classes of a counted quantity.
struct Measures::Sum {
  Counted quantity = Counted::stock;
  std::vector<StateIndex> states;
  std::vector<std::uint32_t> state_offset;  ///< by place in `states`: first cell of the result
  std::vector<std::uint32_t> cell_offset;   ///< by class cell; empty = all in one

  void add(const MonthOfTallies& month, std::size_t cells, double* out) const {
    for (std::size_t place = 0; place < states.size(); ++place) {
      const std::size_t first = states[place] * cells;
      double* const row = out + state_offset[place];
      if (cell_offset.empty()) {
        row[0] += total(month.by_state[states[place]]);
        continue;
      }
      for (std::size_t cell = 0; cell < cells; ++cell) row[cell_offset[cell]] += value(month, first + cell);
    }
  }

 private:
  double value(const MonthOfTallies& month, std::size_t index) const {
    switch (quantity) {
      case Counted::stock:
        return month.opening_stock[index];
      case Counted::entries:
        return month.counts.by_cell[index].entries;
      case Counted::person_years:
        return static_cast<double>(month.counts.by_cell[index].minutes) / kMinutesPerYear;
    }
    return 0;
  }
  double total(const MonthOfTallies::StateTotals& state) const {
    switch (quantity) {
      case Counted::stock:
        return static_cast<double>(state.stock);
      case Counted::entries:
        return static_cast<double>(state.entries);
      case Counted::person_years:
        return static_cast<double>(state.minutes) / kMinutesPerYear;
    }
    return 0;
  }
};

struct Measures::Row {
  using Compute = std::function<void(const Model&, const MonthOfTallies&, double*)>;
  using AtEnd = std::function<double(const ReleaseCohort&, sim::Day followed)>;
  Sum sum;  ///< when neither function is set
  Compute compute;
  AtEnd at_end;
};

class Measures::Builder {
 public:
  Builder(Measures& measures, const Scenario& scenario)
      : measures_(measures), scenario_(scenario), cells_(cells_of(scenario)) {}

  void build() {
    dimensions();
    const std::vector<std::string> region =
        cells_.sizes[0] > 1 ? std::vector<std::string>{"region"} : std::vector<std::string>{};
    const auto with_region = [&](std::vector<std::string> by) {
      by.insert(by.begin(), region.begin(), region.end());
      return by;
    };
    using Q = Counted;
    sum("stock", "persons in each state at the start of the month", Q::stock, timed_state, with_region({"state"}));
    sum("entries", "persons who entered each state during the month", Q::entries, any_state, with_region({"state"}));
    sum("person_years", "person-years spent in each state during the month", Q::person_years, timed_state,
        with_region({"state"}));
    sum("prison_population", "prisoners at the start of the month, pretrial included", Q::stock, held, region);
    sum("prison_population_by_sex_and_age", "prisoners by sex and age band", Q::stock, held, {"sex", "age"});
    sum("prison_population_by_offence", "prisoners by offence", Q::stock, held, {"offence"});
    sum("pretrial_population", "persons in pretrial detention", Q::stock, held_pretrial, region);
    sum("sentenced_population", "sentenced prisoners", Q::stock, held_sentenced, region);
    sum("under_supervision", "persons under supervision in the community", Q::stock, supervised, region);
    sum("under_control", "prisoners and persons under supervision", Q::stock, controlled, region);
    unsentenced_share();
    population_rate();
    prison_door();
    facilities();
    services();
    events();
    pretrial_time();
    reoffending();
    if (given(scenario_.reoffending.offences_each))
      behind_new_cases("offences", "offences behind new cases by reoffending during the month", region,
                       &MonthOfTallies::offences);
    if (given(scenario_.reoffending.victims_each))
      behind_new_cases("victims", "victims of the offences behind new cases by reoffending during the month", region,
                       &MonthOfTallies::victims);
    for (const MeasureRequest& request : scenario_.measures) requested(request);
  }

 private:
  void dimensions() {
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

  std::size_t dimension(const std::string& name) const {
    const auto& all = measures_.dimensions_;
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == name; });
    return static_cast<std::size_t>(found - all.begin());
  }

  void add(MeasureInfo info, const std::vector<std::string>& by, Row row) {
    for (const std::string& name : by) {
      info.dimensions.push_back(dimension(name));
      info.cells *= measures_.dimensions_[info.dimensions.back()].labels.size();
    }
    measures_.infos_.push_back(std::move(info));
    measures_.rows_.push_back(std::move(row));
  }

  void sum(const std::string& name, const std::string& long_name, Counted quantity, StateFilter filter,
           const std::vector<std::string>& by) {
    std::vector<StateIndex> states;
    for (std::size_t index = 0; index < scenario_.states.size(); ++index) {
      if (filter(scenario_.states[index])) states.push_back(static_cast<StateIndex>(index));
    }
    sum_over(name, long_name, quantity, states, by);
  }

  /// Where in a result by these dimensions each class of persons is counted, and how far apart two states are.
  std::vector<std::uint32_t> offsets(const std::vector<std::string>& by, std::uint32_t& state_stride) const {
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

  void sum_over(const std::string& name, const std::string& long_name, Counted quantity,
                const std::vector<StateIndex>& states, const std::vector<std::string>& by) {
    Row row;
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

  void requested(const MeasureRequest& request) {
    std::vector<StateIndex> states = request.states;
    if (states.empty()) {
      states.resize(scenario_.states.size());
      std::iota(states.begin(), states.end(), StateIndex{0});
    }
    const Counted quantity = request.quantity == "entries"        ? Counted::entries
                             : request.quantity == "person_years" ? Counted::person_years
                                                                  : Counted::stock;
    sum_over(request.name, request.label.empty() ? request.name : request.label, quantity, states, request.by);
  }

  /// A row with a function of its own.
  void row(const std::string& name, const std::string& long_name, const std::string& units, const std::string& method,
           bool whole_numbers, const std::vector<std::string>& by, Row::Compute compute) {
    Row row;
    row.compute = std::move(compute);
    add({.name = name,
         .long_name = long_name,
         .units = units,
         .cell_methods = method,
         .dimensions = {},
         .whole_numbers = whole_numbers},
        by, std::move(row));
  }

  static double stock_of(const Scenario& scenario, const MonthOfTallies& month, StateFilter filter) {
    std::int64_t sum = 0;
    for (std::size_t state = 0; state < scenario.states.size(); ++state) {
      if (filter(scenario.states[state])) sum += month.by_state[state].stock;
    }
    return static_cast<double>(sum);
  }

  void unsentenced_share() {
    row("unsentenced_share", "unsentenced detainees as a share of all prisoners (SDG indicator 16.3.2)", "1",
        "time: point", false, {}, [](const Model& model, const MonthOfTallies& month, double* out) {
          const Scenario& scenario = model.scenario();
          out[0] = ratio(stock_of(scenario, month, held_pretrial), stock_of(scenario, month, held));
        });
  }

  void population_rate() {
    if (!scenario_.population.declared()) return;
    row("prison_population_rate", "prisoners per 100,000 inhabitants", "1e-5", "time: point", false, {},
        [](const Model& model, const MonthOfTallies& month, double* out) {
          const double prisoners = stock_of(model.scenario(), month, held);
          out[0] = 1e5 * ratio(prisoners, model.inhabitants(month.first_day));
        });
  }

  void prison_door() {
    row("prison_admissions", "persons admitted to prison during the month, pretrial included", "1", "time: sum", true,
        {}, [](const Model&, const MonthOfTallies& month, double* out) { out[0] = month.counts.admissions; });
    row("prison_releases", "persons released from prison during the month", "1", "time: sum", true, {},
        [](const Model&, const MonthOfTallies& month, double* out) { out[0] = month.counts.releases; });
    row("deaths_in_custody", "deaths in prison during the month", "1", "time: sum", true, {},
        [](const Model&, const MonthOfTallies& month, double* out) { out[0] = month.counts.deaths_in_custody; });
  }

  void facilities() {
    if (scenario_.facilities.empty()) return;
    row("facility_population", "persons held in each facility at the start of the month", "1", "time: point", true,
        {"facility"}, [](const Model&, const MonthOfTallies& month, double* out) {
          std::copy(month.opening_facility_stock.begin(), month.opening_facility_stock.end(), out);
        });
    row("places", "official places of each facility at the start of the month", "1", "time: point", false, {"facility"},
        [](const Model& model, const MonthOfTallies& month, double* out) {
          for (std::size_t facility = 0; facility < month.opening_facility_stock.size(); ++facility) {
            out[facility] = model.places(facility, month.first_day);
          }
        });
    row("occupancy", "persons held for each official place at the start of the month", "1", "time: point", false,
        {"facility"}, [](const Model& model, const MonthOfTallies& month, double* out) {
          for (std::size_t facility = 0; facility < month.opening_facility_stock.size(); ++facility) {
            out[facility] = ratio(month.opening_facility_stock[facility], model.places(facility, month.first_day));
          }
        });
    row("occupancy_total", "persons held in all facilities for each official place", "1", "time: point", false, {},
        [](const Model& model, const MonthOfTallies& month, double* out) {
          double persons = 0;
          double places = 0;
          for (std::size_t facility = 0; facility < month.opening_facility_stock.size(); ++facility) {
            persons += month.opening_facility_stock[facility];
            places += model.places(facility, month.first_day);
          }
          out[0] = ratio(persons, places);
        });
  }

  void events() {
    const bool any = std::any_of(scenario_.states.begin(), scenario_.states.end(),
                                 [](const State& state) { return !state.events.empty(); });
    if (!any) return;
    row("events", "how often each of the states' own events happened during the month", "1", "time: sum", true,
        {"event"}, [](const Model&, const MonthOfTallies& month, double* out) {
          std::copy(month.counts.happenings.begin(), month.counts.happenings.end(), out);
        });
  }

  void services() {
    if (scenario_.services.empty()) return;
    row("service_queue", "persons waiting for each service at the start of the month", "1", "time: point", true,
        {"service"}, [](const Model&, const MonthOfTallies& month, double* out) {
          std::copy(month.opening_waiting.begin(), month.opening_waiting.end(), out);
        });
    row("service_waiting_days", "mean days that persons whose service began in the month had waited", "day",
        "time: mean", false, {"service"}, [](const Model&, const MonthOfTallies& month, double* out) {
          for (std::size_t service = 0; service < month.counts.services.size(); ++service) {
            const ServiceTally& tally = month.counts.services[service];
            out[service] = ratio(static_cast<double>(tally.waited_minutes) / sim::kMinutesPerDay, tally.begun);
          }
        });
  }

  void pretrial_time() {
    row("pretrial_detention_days", "mean days in pretrial detention, of detentions that ended in the month", "day",
        "time: mean", false, {}, [](const Model&, const MonthOfTallies& month, double* out) {
          out[0] = ratio(static_cast<double>(month.counts.pretrial_minutes) / sim::kMinutesPerDay,
                         month.counts.pretrial_ended);
        });
    row("pretrial_detention_days_median", "median days in pretrial detention, of detentions that ended in the month",
        "day", "time: median", false, {},
        [](const Model&, const MonthOfTallies& month, double* out) { out[0] = month.counts.pretrial_quantile(0.5); });
    row("pretrial_detention_days_p90", "days in pretrial detention that 9 in 10 detentions did not exceed", "day",
        "time: median", false, {},
        [](const Model&, const MonthOfTallies& month, double* out) { out[0] = month.counts.pretrial_quantile(0.9); });
  }

  void reoffending() {
    if (!scenario_.reoffending.declared) return;
    for (int years = 1; years <= 3; ++years) {
      Row row;
      row.at_end = [years](const ReleaseCohort& cohort, sim::Day followed) {
        if (static_cast<double>(followed) < years * sim::kDaysPerYear) return kUndefined;
        return ratio(cohort.reoffended[years - 1], cohort.released);
      };
      const std::string within = years == 1 ? "one year" : years == 2 ? "two years" : "three years";
      add({.name = "reoffending_within_" + std::to_string(years) + "y",
           .long_name = "share of those released from prison in the month who began a new case within " + within,
           .units = "1",
           .cell_methods = "time: mean",
           .dimensions = {}},
          {}, std::move(row));
    }
  }

  /// In all and by what the prison population is split by, of the class of the new case.
  void behind_new_cases(const std::string& name, const std::string& long_name, const std::vector<std::string>& region,
                        std::vector<double> MonthOfTallies::*by_cell) {
    const std::vector<std::pair<std::string, std::vector<std::string>>> splits{
        {"", region}, {"_by_sex_and_age", {"sex", "age"}}, {"_by_offence", {"offence"}}};
    for (const auto& [split, by] : splits) {
      std::uint32_t no_states = 0;
      row(name + split, long_name, "1", "time: sum", false, by,
          [places = offsets(by, no_states), by_cell](const Model&, const MonthOfTallies& month, double* out) {
            for (std::size_t cell = 0; cell < places.size(); ++cell) out[places[cell]] += (month.*by_cell)[cell];
          });
    }
  }

  Measures& measures_;
  const Scenario& scenario_;
  Cells cells_;
};

Measures::Measures(const Scenario& scenario) {
  Builder(*this, scenario).build();
}
Measures::~Measures() = default;
Measures::Measures(Measures&&) noexcept = default;

std::vector<std::vector<double>> Measures::empty_values() const {
  std::vector<std::vector<double>> values;
  for (const MeasureInfo& info : infos_) values.emplace_back(months_.size() * info.cells, 0.0);
  return values;
}

void Measures::observe(const Model& model, std::size_t month, const MonthOfTallies& tallies,
                       std::vector<std::vector<double>>& values) const {
  for (std::size_t measure = 0; measure < rows_.size(); ++measure) {
    const Row& row = rows_[measure];
    if (row.at_end) continue;
    double* const out = values[measure].data() + month * infos_[measure].cells;
    if (row.compute) {
      row.compute(model, tallies, out);
    } else {
      row.sum.add(tallies, tallies.counts.cell_count, out);
    }
  }
}

void Measures::finish(const Model& model, const std::vector<ReleaseCohort>& cohorts,
                      std::vector<std::vector<double>>& values) const {
  for (std::size_t measure = 0; measure < rows_.size(); ++measure) {
    if (!rows_[measure].at_end) continue;
    for (std::size_t month = 0; month < months_.size(); ++month) {
      const sim::Day cohort_end = month + 1 < months_.size() ? months_[month + 1] : model.days();
      values[measure][month] = rows_[measure].at_end(cohorts[month], model.days() - cohort_end);
    }
  }
}

}  // namespace prisonflow::models
