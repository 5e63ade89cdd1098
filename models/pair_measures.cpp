// See the header.
#include "models/pair_measures.hpp"

#include "sim/numerics.hpp"

namespace prisonflow::models {

namespace {

template <std::size_t Size>
MeasureDimension dimension(const std::string& name, const std::array<std::string_view, Size>& labels) {
  return {name, {labels.begin(), labels.end()}, {}};
}

template <class Counts>
void copy_counts(const Counts& counts, double* out) {
  for (const std::int64_t count : counts) *out++ = static_cast<double>(count);
}
template <class Counts>
void copy_days(const Counts& minutes, double* out) {
  for (const std::int64_t each : minutes) *out++ = static_cast<double>(each) / sim::kMinutesPerDay;
}

}  // namespace

PairMeasures::PairMeasures(const Scenario& scenario_of_baseline, const Measures& baseline, const Measures& reform)
    : baseline_(baseline), reform_(reform) {
  of_world_.dimensions = {dimension("control_rank", kControlNames)};
  of_pair_.dimensions = {dimension("control_rank", kControlNames), dimension("baseline_rank", kControlNames),
                         dimension("reform_rank", kControlNames), dimension("case_outcome", kCaseOutcomeNames),
                         dimension("case_account", kCaseAccountNames)};
  matrices(scenario_of_baseline);
  outcomes();
  days();
  stock_form();
}

void PairMeasures::add(MeasureInfo info, const std::vector<std::string>& by, Fill fill) {
  of_pair_.add(std::move(info), by);
  pair_rows_.push_back(std::move(fill));
}
void PairMeasures::add_of_world(MeasureInfo info, const std::vector<std::string>& by, FillWorld fill) {
  of_world_.add(std::move(info), by);
  world_rows_.push_back(std::move(fill));
}

void PairMeasures::matrices(const Scenario& scenario) {
  add({.name = "cases",
       .long_name = "cases decided in both worlds, by the highest control imposed in the baseline and in the reform",
       .whole_numbers = true,
       .monthly = false},
      {"baseline_rank", "reform_rank"}, [](const Pair& pair, double* out) {
        for (const CaseComparison::Matrix& matrix : pair.cases.cases_by_cell) {
          for (std::size_t before = 0; before < kControls; ++before) {
            for (std::size_t after = 0; after < kControls; ++after) {
              out[before * kControls + after] += static_cast<double>(matrix[before][after]);
            }
          }
        }
      });
  add({.name = "persons",
       .long_name = "persons by the highest control of all their cases decided in the run, in the baseline and in the "
                    "reform",
       .whole_numbers = true,
       .monthly = false},
      {"baseline_rank", "reform_rank"}, [](const Pair& pair, double* out) {
        for (std::size_t before = 0; before < kControls; ++before) {
          copy_counts(pair.cases.persons[before], out + before * kControls);
        }
      });
  const Cells cells = cells_of(scenario);
  for (const Trait trait : {Trait::region, Trait::sex, Trait::offence, Trait::age}) {
    const TraitClasses& classes = scenario.traits[index_of(trait)];
    if (classes.labels.size() < 2) continue;
    const std::string name(kTraitNames[index_of(trait)]);
    of_pair_.dimensions.push_back({name, classes.labels, classes.descriptions});
    const std::size_t labels = classes.labels.size();
    add({.name = "cases_by_" + name,
         .long_name = "the same cases by " + name + " when the case began in the baseline",
         .whole_numbers = true,
         .monthly = false},
        {"baseline_rank", "reform_rank", name}, [cells, trait, labels](const Pair& pair, double* out) {
          for (std::uint32_t cell = 0; cell < pair.cases.cases_by_cell.size(); ++cell) {
            double* const own = out + cells.label(cell, trait);
            const CaseComparison::Matrix& matrix = pair.cases.cases_by_cell[cell];
            for (std::size_t before = 0; before < kControls; ++before) {
              for (std::size_t after = 0; after < kControls; ++after) {
                own[(before * kControls + after) * labels] += static_cast<double>(matrix[before][after]);
              }
            }
          }
        });
  }
}

void PairMeasures::outcomes() {
  add({.name = "case_outcomes",
       .long_name = "cases decided in both worlds, by what the reform did to them",
       .whole_numbers = true,
       .monthly = false},
      {"case_outcome"}, [](const Pair& pair, double* out) { copy_counts(pair.cases.outcomes, out); });
  add({.name = "back_door_custody",
       .long_name = "of these, cases that came to custody by the breach of a lesser sanction, in the reform only",
       .whole_numbers = true,
       .monthly = false},
      {"case_outcome"}, [](const Pair& pair, double* out) { copy_counts(pair.cases.back_door, out); });
  add({.name = "widening_ratio",
       .long_name = "net-widening as a share of net-widening and true diversion together",
       .monthly = false},
      {}, [](const Pair& pair, double* out) {
        const auto count = [&](CaseOutcome outcome) {
          return static_cast<double>(pair.cases.outcomes[static_cast<std::size_t>(outcome)]);
        };
        const double widened = count(CaseOutcome::net_widening);
        const double moved = widened + count(CaseOutcome::true_diversion);
        out[0] = moved > 0 ? widened / moved : sim::kMissing;
      });
  add({.name = "cases_accounted",
       .long_name = "all cases of both worlds: where the comparison has them",
       .whole_numbers = true,
       .monthly = false},
      {"case_account"}, [](const Pair& pair, double* out) { copy_counts(pair.cases.accounts, out); });
}

void PairMeasures::days() {
  add_of_world({.name = "control_days",
                .long_name = "person-days under each degree of control during the run",
                .units = "d",
                .monthly = false},
               {"control_rank"}, [](const CaseTotals& totals, double* out) { copy_days(totals.minutes, out); });
  const auto custody = [&](const char* name, const char* long_name, std::int64_t CaseTotals::*minutes) {
    add_of_world({.name = name, .long_name = long_name, .units = "d", .monthly = false}, {},
                 [minutes](const CaseTotals& totals, double* out) {
                   out[0] = static_cast<double>(totals.*minutes) / sim::kMinutesPerDay;
                 });
  };
  custody("custody_days_before_trial", "person-days in custody before the sentence", &CaseTotals::custody_before_trial);
  custody("custody_days_through_breach", "person-days in custody that came by the breach of a lesser sanction",
          &CaseTotals::through_breach);
  add_of_world({.name = "cases_by_rank",
                .long_name = "cases decided during the run, by the highest control imposed",
                .whole_numbers = true,
                .monthly = false},
               {"control_rank"}, [](const CaseTotals& totals, double* out) { copy_counts(totals.cases, out); });
  const auto change = [&](const char* name, const char* long_name, CaseComparison::ByRank CaseComparison::*minutes) {
    add({.name = name, .long_name = long_name, .units = "d", .monthly = false}, {"control_rank"},
        [minutes](const Pair& pair, double* out) { copy_days(pair.cases.*minutes, out); });
  };
  change("control_days_gained", "person-days under control that cases of both worlds have more in the reform",
         &CaseComparison::gained);
  change("control_days_lost", "person-days under control that cases of both worlds have less in the reform",
         &CaseComparison::lost);
  change("control_days_baseline_only", "person-days under control of cases that only the baseline has",
         &CaseComparison::baseline_only);
  change("control_days_reform_only", "person-days under control of cases that only the reform has",
         &CaseComparison::reform_only);
}

/// Persons added under supervision for each person no longer held.
void PairMeasures::stock_form() {
  struct Stock {
    std::size_t measure, cells;
    double at(const std::vector<std::vector<double>>& values, std::size_t month) const {
      double sum = 0;
      for (std::size_t cell = 0; cell < cells; ++cell) sum += values[measure][month * cells + cell];
      return sum;
    }
  };
  const auto stock = [](const Measures& measures, const char* name) {
    const std::size_t place = measures.find(name);
    return Stock{place, measures.infos()[place].cells};
  };
  add({.name = "supervised_per_prisoner_less",
       .long_name =
           "persons added under supervision for each person no longer held; missing where nobody fewer is held",
       .cell_methods = "time: point"},
      {},
      [months = baseline_.months().size(), held = stock(baseline_, "prison_population"),
       held_after = stock(reform_, "prison_population"), supervised = stock(baseline_, "under_supervision"),
       supervised_after = stock(reform_, "under_supervision")](const Pair& pair, double* out) {
        for (std::size_t month = 0; month < months; ++month) {
          const double fewer = held.at(pair.baseline, month) - held_after.at(pair.reform, month);
          const double more = supervised_after.at(pair.reform, month) - supervised.at(pair.baseline, month);
          out[month] = fewer > 0 ? more / fewer : sim::kMissing;
        }
      });
}

std::vector<std::vector<double>> PairMeasures::world_values(const CaseTotals& totals) const {
  std::vector<std::vector<double>> values;
  for (std::size_t row = 0; row < world_rows_.size(); ++row) {
    values.emplace_back(baseline_.size(of_world_.infos[row]), 0.0);
    world_rows_[row](totals, values.back().data());
  }
  return values;
}

std::vector<std::vector<double>> PairMeasures::pair_values(const CaseComparison& cases,
                                                           const std::vector<std::vector<double>>& baseline,
                                                           const std::vector<std::vector<double>>& reform) const {
  const Pair pair{cases, baseline, reform};
  std::vector<std::vector<double>> values;
  for (std::size_t row = 0; row < pair_rows_.size(); ++row) {
    values.emplace_back(reform_.size(of_pair_.infos[row]), 0.0);
    pair_rows_[row](pair, values.back().data());
  }
  return values;
}

}  // namespace prisonflow::models
