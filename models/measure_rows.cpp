// The measures of every run: stocks, flows, person-time, the prison door, facilities, services, reoffending.
#include <algorithm>
#include <limits>
#include <numeric>

#include "models/measure_table.hpp"

namespace prisonflow::models {

namespace {

double stock_of(const Scenario& scenario, const MonthOfTallies& month, StateFilter filter) {
  std::int64_t sum = 0;
  for (std::size_t state = 0; state < scenario.states.size(); ++state) {
    if (filter(scenario.states[state])) sum += month.by_state[state].stock;
  }
  return static_cast<double>(sum);
}

void stocks_and_flows(MeasureTable& table) {
  using Q = Counted;
  const MeasureTable::By region = table.region();
  table.sum("stock", "persons in each state at the start of the month", Q::stock, timed_state,
            table.region_and({"state"}));
  table.sum("entries", "persons who entered each state during the month", Q::entries, any_state,
            table.region_and({"state"}));
  table.sum("person_years", "person-years spent in each state during the month", Q::person_years, timed_state,
            table.region_and({"state"}));
  table.sum("prison_population", "prisoners at the start of the month, pretrial included", Q::stock, held, region);
  table.sum("prison_population_by_sex_and_age", "prisoners by sex and age band", Q::stock, held, {"sex", "age"});
  table.sum("prison_population_by_offence", "prisoners by offence", Q::stock, held, {"offence"});
  table.sum("pretrial_population", "persons in pretrial detention", Q::stock, held_pretrial, region);
  table.sum("sentenced_population", "sentenced prisoners", Q::stock, held_sentenced, region);
  table.sum("under_supervision", "persons under supervision in the community", Q::stock, supervised, region);
  table.sum("under_control", "prisoners and persons under supervision", Q::stock, controlled, region);
  table.row({.name = "unsentenced_share",
             .long_name = "unsentenced detainees as a share of all prisoners (SDG indicator 16.3.2)",
             .cell_methods = "time: point"},
            {}, [](const Model& model, const MonthOfTallies& month, double* out) {
              const Scenario& scenario = model.scenario();
              out[0] = ratio(stock_of(scenario, month, held_pretrial), stock_of(scenario, month, held));
            });
  if (!table.scenario().population.declared()) return;
  table.row({.name = "prison_population_rate",
             .long_name = "prisoners per 100,000 inhabitants",
             .units = "1e-5",
             .cell_methods = "time: point"},
            {}, [](const Model& model, const MonthOfTallies& month, double* out) {
              const double prisoners = stock_of(model.scenario(), month, held);
              out[0] = 1e5 * ratio(prisoners, model.inhabitants(month.first_day));
            });
}

void prison_door(MeasureTable& table) {
  const auto count = [&](const char* name, const char* long_name, std::int32_t Tallies::*counted) {
    table.row({.name = name, .long_name = long_name, .cell_methods = "time: sum", .whole_numbers = true}, {},
              [counted](const Model&, const MonthOfTallies& month, double* out) { out[0] = month.counts.*counted; });
  };
  count("prison_admissions", "persons admitted to prison during the month, pretrial included", &Tallies::admissions);
  count("prison_releases", "persons released from prison during the month", &Tallies::releases);
  count("deaths_in_custody", "deaths in prison during the month", &Tallies::deaths_in_custody);
}

void facilities(MeasureTable& table) {
  if (table.scenario().facilities.empty()) return;
  table.row({.name = "facility_population",
             .long_name = "persons held in each facility at the start of the month",
             .cell_methods = "time: point",
             .whole_numbers = true},
            {"facility"}, [](const Model&, const MonthOfTallies& month, double* out) {
              std::copy(month.opening_facility_stock.begin(), month.opening_facility_stock.end(), out);
            });
  table.row({.name = "places",
             .long_name = "official places of each facility at the start of the month",
             .cell_methods = "time: point"},
            {"facility"}, [](const Model& model, const MonthOfTallies& month, double* out) {
              for (std::size_t facility = 0; facility < month.opening_facility_stock.size(); ++facility) {
                out[facility] = model.places(facility, month.first_day);
              }
            });
  table.row({.name = "occupancy",
             .long_name = "persons held for each official place at the start of the month",
             .cell_methods = "time: point"},
            {"facility"}, [](const Model& model, const MonthOfTallies& month, double* out) {
              for (std::size_t facility = 0; facility < month.opening_facility_stock.size(); ++facility) {
                out[facility] = ratio(month.opening_facility_stock[facility], model.places(facility, month.first_day));
              }
            });
  table.row({.name = "occupancy_total",
             .long_name = "persons held in all facilities for each official place",
             .cell_methods = "time: point"},
            {}, [](const Model& model, const MonthOfTallies& month, double* out) {
              double persons = 0;
              double places = 0;
              for (std::size_t facility = 0; facility < month.opening_facility_stock.size(); ++facility) {
                persons += month.opening_facility_stock[facility];
                places += model.places(facility, month.first_day);
              }
              out[0] = ratio(persons, places);
            });
}

void services(MeasureTable& table) {
  if (table.scenario().services.empty()) return;
  table.row({.name = "service_queue",
             .long_name = "persons waiting for each service at the start of the month",
             .cell_methods = "time: point",
             .whole_numbers = true},
            {"service"}, [](const Model&, const MonthOfTallies& month, double* out) {
              std::copy(month.opening_waiting.begin(), month.opening_waiting.end(), out);
            });
  table.row({.name = "service_waiting_days",
             .long_name = "mean days that persons whose service began in the month had waited",
             .units = "day",
             .cell_methods = "time: mean"},
            {"service"}, [](const Model&, const MonthOfTallies& month, double* out) {
              for (std::size_t service = 0; service < month.counts.services.size(); ++service) {
                const ServiceTally& tally = month.counts.services[service];
                out[service] = ratio(static_cast<double>(tally.waited_minutes) / sim::kMinutesPerDay, tally.begun);
              }
            });
}

void events(MeasureTable& table) {
  const auto& states = table.scenario().states;
  if (std::all_of(states.begin(), states.end(), [](const State& state) { return state.events.empty(); })) return;
  table.row({.name = "events",
             .long_name = "how often each of the states' own events happened during the month",
             .cell_methods = "time: sum",
             .whole_numbers = true},
            {"event"}, [](const Model&, const MonthOfTallies& month, double* out) {
              std::copy(month.counts.happenings.begin(), month.counts.happenings.end(), out);
            });
}

void pretrial_time(MeasureTable& table) {
  table.row({.name = "pretrial_detention_days",
             .long_name = "mean days in pretrial detention, of detentions that ended in the month",
             .units = "day",
             .cell_methods = "time: mean"},
            {}, [](const Model&, const MonthOfTallies& month, double* out) {
              out[0] = ratio(static_cast<double>(month.counts.pretrial_minutes) / sim::kMinutesPerDay,
                             month.counts.pretrial_ended);
            });
  const auto quantile = [&](const char* name, const char* long_name, double share) {
    table.row({.name = name, .long_name = long_name, .units = "day", .cell_methods = "time: median"}, {},
              [share](const Model&, const MonthOfTallies& month, double* out) {
                out[0] = month.counts.pretrial_quantile(share);
              });
  };
  quantile("pretrial_detention_days_median", "median days in pretrial detention, of detentions that ended in the month",
           0.5);
  quantile("pretrial_detention_days_p90", "days in pretrial detention that 9 in 10 detentions did not exceed", 0.9);
}

void reoffending(MeasureTable& table) {
  if (!table.scenario().reoffending.declared) return;
  for (int years = 1; years <= 3; ++years) {
    const std::string within = years == 1 ? "one year" : years == 2 ? "two years" : "three years";
    table.row_at_end(
        {.name = "reoffending_within_" + std::to_string(years) + "y",
         .long_name = "share of those released from prison in the month who began a new case within " + within,
         .cell_methods = "time: mean"},
        {}, [years](const Model& model, const WholeRun& run, double* out) {
          for (std::size_t month = 0; month < run.cohorts.size(); ++month) {
            const sim::Day followed = model.days() - run.cohort_ends[month];
            const ReleaseCohort& cohort = run.cohorts[month];
            out[month] = static_cast<double>(followed) < years * sim::kDaysPerYear
                             ? std::numeric_limits<double>::quiet_NaN()
                             : ratio(cohort.reoffended[years - 1], cohort.released);
          }
        });
  }
}

/// In all and by what the prison population is split by, of the class of the new case.
void behind_new_cases(MeasureTable& table, const std::string& name, const std::string& long_name,
                      std::vector<double> MonthOfTallies::*by_cell) {
  const std::vector<std::pair<std::string, MeasureTable::By>> splits{
      {"", table.region()}, {"_by_sex_and_age", {"sex", "age"}}, {"_by_offence", {"offence"}}};
  for (const auto& [split, by] : splits) {
    table.row({.name = name + split, .long_name = long_name, .cell_methods = "time: sum"}, by,
              [places = table.offsets(by), by_cell](const Model&, const MonthOfTallies& month, double* out) {
                for (std::size_t cell = 0; cell < places.size(); ++cell) out[places[cell]] += (month.*by_cell)[cell];
              });
  }
}

void requested(MeasureTable& table, const MeasureRequest& request) {
  std::vector<StateIndex> states = request.states;
  if (states.empty()) {
    states.resize(table.scenario().states.size());
    std::iota(states.begin(), states.end(), StateIndex{0});
  }
  const Counted quantity = request.quantity == "entries"        ? Counted::entries
                           : request.quantity == "person_years" ? Counted::person_years
                                                                : Counted::stock;
  table.sum_over(request.name, request.label.empty() ? request.name : request.label, quantity, states, request.by);
}

}  // namespace

void add_population_measures(MeasureTable& table) {
  stocks_and_flows(table);
  prison_door(table);
  facilities(table);
  services(table);
  events(table);
  pretrial_time(table);
  reoffending(table);
  const Reoffending& numbers = table.scenario().reoffending;
  if (given(numbers.offences_each))
    behind_new_cases(table, "offences", "offences behind new cases by reoffending during the month",
                     &MonthOfTallies::offences);
  if (given(numbers.victims_each))
    behind_new_cases(table, "victims", "victims of the offences behind new cases by reoffending during the month",
                     &MonthOfTallies::victims);
}

void add_requested_measures(MeasureTable& table) {
  for (const MeasureRequest& request : table.scenario().measures) requested(table, request);
}

}  // namespace prisonflow::models
