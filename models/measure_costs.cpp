// What the system costs, by item, month by month and in all; the prisoner-years and supervision-years that a saving is
// divided by.
#include <algorithm>
#include <numeric>

#include "models/measure_table.hpp"
#include "models/unit_costs.hpp"

namespace prisonflow::models {

namespace {

using Period = UnitCosts::Period;

double places_on(const Model& model, const CostItem& item, sim::Day day) {
  double sum = 0;
  for (const std::uint16_t facility : item.which) sum += model.places(facility, day);
  return sum;
}

double place_days(const Model& model, const CostItem& item, const Period& period) {
  double sum = 0;
  for (sim::Day day = period.from; day < period.end; ++day) sum += places_on(model, item, day);
  return sum;
}

/// Places that there were not the day before; those of the first day are there already.
double new_places(const Model& model, const CostItem& item, const Period& period) {
  double sum = 0;
  for (sim::Day day = std::max(period.from, 1); day < period.end; ++day) {
    for (const std::uint16_t facility : item.which) {
      sum += std::max(0.0, model.places(facility, day) - model.places(facility, day - 1));
    }
  }
  return sum;
}

/// How much of what people do is paid for.
double amount(const CostItem& item, const MonthOfTallies& month) {
  switch (item.of) {
    case CostOf::state:
      return static_cast<double>(month.by_state[item.which.front()].minutes) / kMinutesPerYear;
    case CostOf::entry:
      return static_cast<double>(month.by_state[item.which.front()].entries);
    case CostOf::event:
      return month.counts.happenings[item.which.front()];
    case CostOf::new_case:
      return static_cast<double>(std::accumulate(month.new_cases.begin(), month.new_cases.end(), std::int64_t{0}));
    case CostOf::places:
    case CostOf::opening:
      break;
  }
  return 0;
}

double cost_of(std::size_t number, const Model& model, const MonthOfTallies& month) {
  const CostItem& item = model.scenario().costs.items[number];
  const UnitCosts& costs = model.unit_costs();
  const sim::Day end = month.first_day + month.days;
  if (item.of != CostOf::places && item.of != CostOf::opening)
    return costs.mean(number, month.first_day, end) * amount(item, month);
  double sum = 0;
  for (const Period& period : costs.periods(month.first_day, end)) {
    const double places = item.of == CostOf::places ? place_days(model, item, period) / sim::kDaysPerYear
                                                    : new_places(model, item, period);
    sum += (*period.prices)[number] * places;
  }
  return sum;
}

/// Person-years of the whole run in the states that pass the filter, from the monthly measure by region and state.
void person_years(MeasureTable& table, const std::string& name, const std::string& long_name, StateFilter filter) {
  const std::size_t regions = table.cells().sizes[index_of(Trait::region)];
  table.row_from("person_years", {.name = name, .long_name = long_name, .units = "year", .monthly = false}, {},
                 [months = table.months(), regions, filter](const Model& model, const double* years, double* out) {
                   const auto& states = model.scenario().states;
                   for (std::size_t row = 0; row < months * regions; ++row) {
                     for (std::size_t state = 0; state < states.size(); ++state, ++years) {
                       if (filter(states[state])) out[0] += *years;
                     }
                   }
                 });
}

/// The sum of a monthly measure over the run.
void over_the_run(MeasureTable& table, const std::string& name, const std::string& of, const std::string& long_name) {
  table.row_from(of, {.name = name, .long_name = long_name, .units = table.scenario().costs.currency, .monthly = false},
                 {}, [months = table.months()](const Model&, const double* monthly, double* out) {
                   for (std::size_t month = 0; month < months; ++month) out[0] += monthly[month];
                 });
}

}  // namespace

void add_cost_measures(MeasureTable& table) {
  person_years(table, "prisoner_years", "person-years in prison during the run, pretrial included", held);
  person_years(table, "supervision_years", "person-years under supervision during the run", supervised);
  const Costs& costs = table.scenario().costs;
  if (!costs.declared()) return;
  MeasureDimension items{"cost_item", {}, {}};
  for (const CostItem& item : costs.items) {
    items.labels.push_back(item.name);
    items.descriptions.push_back(item.label);
  }
  const std::size_t count = items.labels.size();
  table.add_dimension(std::move(items));
  table.row({.name = "cost",
             .long_name = "what each item costs during the month",
             .units = costs.currency,
             .cell_methods = "time: sum"},
            {"cost_item"}, [count](const Model& model, const MonthOfTallies& month, double* out) {
              for (std::size_t item = 0; item < count; ++item) out[item] = cost_of(item, model, month);
            });
  table.row_from("cost",
                 {.name = "cost_total",
                  .long_name = "what all items cost during the month",
                  .units = costs.currency,
                  .cell_methods = "time: sum"},
                 {}, [months = table.months(), count](const Model&, const double* cost, double* out) {
                   for (std::size_t month = 0; month < months; ++month) {
                     for (std::size_t item = 0; item < count; ++item) out[month] += *cost++;
                   }
                 });
  over_the_run(table, "cost_of_run", "cost_total", "what the run costs");
  if (!given(costs.discount_rate)) return;
  table.row_from("cost_total",
                 {.name = "cost_discounted",
                  .long_name = "what all items cost during the month, discounted to the first day of the run",
                  .units = costs.currency,
                  .cell_methods = "time: sum"},
                 {}, [first_days = table.first_days()](const Model& model, const double* cost, double* out) {
                   for (std::size_t month = 0; month < first_days.size(); ++month) {
                     const sim::Day end = month + 1 < first_days.size() ? first_days[month + 1] : model.days();
                     out[month] = cost[month] * model.unit_costs().discount(first_days[month], end);
                   }
                 });
  over_the_run(table, "cost_of_run_discounted", "cost_discounted", "what the run costs, discounted to its first day");
}

}  // namespace prisonflow::models
