// What becomes of measures in the community, new cases by reoffending, deaths in custody by class, and what links read.
#include <algorithm>
#include <limits>

#include "models/measure_table.hpp"

namespace prisonflow::models {

namespace {

/// How supervision ended, by the state that was left; the numbers of other states are 0.
void supervision(MeasureTable& table) {
  std::vector<StateIndex> states;
  for (std::size_t state = 0; state < table.scenario().states.size(); ++state) {
    if (supervised(table.scenario().states[state])) states.push_back(static_cast<StateIndex>(state));
  }
  if (states.empty()) return;
  const auto count = [&](const char* name, const char* long_name, auto counted) {
    table.row({.name = name, .long_name = long_name, .cell_methods = "time: sum", .whole_numbers = true}, {"state"},
              [states, counted](const Model&, const MonthOfTallies& month, double* out) {
                for (const StateIndex state : states) out[state] = counted(month.counts, state);
              });
  };
  count("breaches", "breaches of supervision in each state during the month",
        [](const Tallies& counts, StateIndex state) { return counts.by_event[state][Event::milestone]; });
  count("completions", "supervision in each state that came to its end during the month",
        [](const Tallies& counts, StateIndex state) { return counts.by_event[state][Event::completion]; });
  count("revocations",
        "supervision in each state that ended during the month in sentenced custody within the same case",
        [](const Tallies& counts, StateIndex state) { return counts.revocations[state]; });
}

void new_cases(MeasureTable& table) {
  if (!table.scenario().reoffending.declared) return;
  const std::vector<std::pair<std::string, MeasureTable::By>> splits{
      {"", {}}, {"_by_offence", {"offence"}}, {"_by_sex_and_age", {"sex", "age"}}};
  for (const auto& [split, by] : splits) {
    table.row(
        {.name = "new_cases" + split,
         .long_name = "new cases by reoffending during the month, offences joined to a case that goes on included",
         .cell_methods = "time: sum",
         .whole_numbers = true},
        by, [places = table.offsets(by)](const Model&, const MonthOfTallies& month, double* out) {
          for (std::size_t cell = 0; cell < places.size(); ++cell) {
            out[places[cell]] += static_cast<double>(month.new_cases[cell]);
          }
        });
  }
}

void deaths(MeasureTable& table) {
  const MeasureTable::By by{"sex", "age"};
  table.row({.name = "deaths_in_custody_by_sex_and_age",
             .long_name = "deaths in prison during the month by sex and age band",
             .cell_methods = "time: sum",
             .whole_numbers = true},
            by, [places = table.offsets(by)](const Model&, const MonthOfTallies& month, double* out) {
              for (std::size_t cell = 0; cell < places.size(); ++cell) {
                out[places[cell]] += month.counts.deaths_by_cell[cell];
              }
            });
}

/// What links read of all persons together; time served is each person's own.
void links(MeasureTable& table) {
  MeasureDimension feedback{"feedback", {}, {}};
  std::vector<std::size_t> numbers;  // among the links that are on
  std::size_t number = 0;
  for (const FeedbackLink& link : table.scenario().feedback) {
    if (!link.enabled) continue;
    if (link.ratio != Ratio::time_served) {
      feedback.labels.push_back(link.name);
      feedback.descriptions.push_back(link.label);
      numbers.push_back(number);
    }
    ++number;
  }
  if (numbers.empty()) return;
  table.add_dimension(std::move(feedback));
  table.row({.name = "link_ratio",
             .long_name = "mean over the nights of the month of the ratio each feedback link reads: prisoners per cent "
                          "of the places, persons waiting for each server, persons for each officer",
             .cell_methods = "time: mean"},
            {"feedback"}, [numbers](const Model&, const MonthOfTallies& month, double* out) {
              for (const std::size_t link : numbers) *out++ = month.link_ratios[link];
            });
}

}  // namespace

void add_case_measures(MeasureTable& table) {
  supervision(table);
  new_cases(table);
  deaths(table);
  links(table);
}

}  // namespace prisonflow::models
