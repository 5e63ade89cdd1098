// Overcrowding: how often, for how many and since when there were more prisoners than places; and space for each.
#include <algorithm>

#include "models/crowding.hpp"
#include "models/measure_table.hpp"
#include "sim/numerics.hpp"

namespace prisonflow::models {

namespace {

/// Facilities counted together, and how results name them.
struct CountedTogether {
  std::string suffix;               ///< of the measures
  std::string where;                ///< "in each facility"
  MeasureTable::By axis;            ///< the dimension, none for all facilities
  std::vector<std::size_t> scopes;  ///< by label of the axis
  std::vector<bool> any;            ///< … whether any facility is counted there; else its numbers are missing
};

std::vector<CountedTogether> counted_together(const Scenario& scenario) {
  const CrowdingScopes scopes(scenario);
  std::vector<CountedTogether> all;
  const auto add = [&](std::string suffix, std::string where, MeasureTable::By axis, std::size_t first,
                       std::size_t labels) {
    CountedTogether together{std::move(suffix), std::move(where), std::move(axis), {}, {}};
    for (std::size_t label = 0; label < labels; ++label) {
      together.scopes.push_back(first + label);
      together.any.push_back(!scopes.members(first + label).empty());
    }
    if (std::find(together.any.begin(), together.any.end(), true) != together.any.end()) {
      all.push_back(std::move(together));
    }
  };
  const auto labels = [&](Trait trait) { return scenario.traits[index_of(trait)].labels.size(); };
  add("", "in each facility", {"facility"}, scopes.of_facility(0), scenario.facilities.size());
  add("_total", "in all facilities together", {}, scopes.of_all(), 1);
  add("_by_region", "in the facilities of one region only", {"region"}, scopes.of_region(0), labels(Trait::region));
  add("_by_sex", "in the facilities for one sex only", {"sex"}, scopes.of_sex(0), labels(Trait::sex));
  return all;
}

/// A number of a scope and threshold, in a table of thresholds by scope.
template <class Value>
void fill_by_threshold(const CountedTogether& together, const Crowding& crowding, double* out, Value value) {
  for (std::size_t threshold = 0; threshold < Crowding::kThresholds; ++threshold) {
    for (std::size_t place = 0; place < together.scopes.size(); ++place) {
      *out++ = together.any[place] ? value(crowding.of(together.scopes[place]), threshold) : sim::kMissing;
    }
  }
}

void by_threshold(MeasureTable& table, const CountedTogether& together) {
  MeasureTable::By by{"threshold"};
  by.insert(by.end(), together.axis.begin(), together.axis.end());
  const auto row = [&](const char* name, const std::string& long_name, const char* units, const char* method,
                       bool whole_numbers, auto value) {
    table.row({.name = name + together.suffix,
               .long_name = long_name,
               .units = units,
               .cell_methods = method,
               .whole_numbers = whole_numbers},
              by, [together, value](const Model&, const MonthOfTallies& month, double* out) {
                fill_by_threshold(together, *month.crowding, out, [&](const Crowding::Count& count, std::size_t at) {
                  return value(month, count, at);
                });
              });
  };
  using Count = Crowding::Count;
  row("share_of_days_above",
      "share of the month's days on which prisoners exceeded so many per cent of the places " + together.where, "1",
      "time: mean", false, [](const MonthOfTallies& month, const Count& count, std::size_t at) {
        return static_cast<double>(count.days_above[at]) / static_cast<double>(month.days);
      });
  row("above_once", "1 if prisoners exceeded so many per cent of the places on any day of the month, " + together.where,
      "1", "time: maximum", true,
      [](const MonthOfTallies&, const Count& count, std::size_t at) { return count.days_above[at] > 0 ? 1.0 : 0.0; });
  row("above_so_far",
      "1 from the month on in which prisoners first exceeded so many per cent of the places " + together.where, "1",
      "time: maximum", true, [](const MonthOfTallies&, const Count& count, std::size_t at) {
        return count.first_breach[at] != Crowding::kNoBreach ? 1.0 : 0.0;
      });
  row("person_days_above",
      "person-days lived on days on which prisoners exceeded so many per cent of the places " + together.where, "day",
      "time: sum", true, [](const MonthOfTallies&, const Count& count, std::size_t at) {
        return static_cast<double>(count.person_days_above[at]);
      });
  table.row_at_end({.name = "days_to_first_breach" + together.suffix,
                    .long_name = "days from the first day of the run to the first on which prisoners exceeded so many "
                                 "per cent of the places " +
                                 together.where + "; missing if that never happened",
                    .units = "day",
                    .whole_numbers = true,
                    .monthly = false},
                   by, [together](const Model&, const WholeRun& run, double* out) {
                     fill_by_threshold(together, *run.crowding, out, [](const Count& count, std::size_t at) {
                       const sim::Day first = count.first_breach[at];
                       return first == Crowding::kNoBreach ? sim::kMissing : static_cast<double>(first);
                     });
                   });
}

void places_short(MeasureTable& table, const CountedTogether& together) {
  const auto row = [&](const char* name, const std::string& long_name, const char* units, const char* method,
                       std::int64_t Crowding::Count::*counted) {
    table.row({.name = name + together.suffix,
               .long_name = long_name + " " + together.where,
               .units = units,
               .cell_methods = method,
               .whole_numbers = true},
              together.axis, [together, counted](const Model&, const MonthOfTallies& month, double* out) {
                for (std::size_t place = 0; place < together.scopes.size(); ++place) {
                  out[place] = together.any[place]
                                   ? static_cast<double>(month.crowding->of(together.scopes[place]).*counted)
                                   : sim::kMissing;
                }
              });
  };
  row("places_short", "prisoners beyond the official places at the start of the month", "1", "time: point",
      &Crowding::Count::short_at_start);
  row("places_short_days", "person-days beyond the official places during the month", "day", "time: sum",
      &Crowding::Count::short_days);
}

/// As occupancy by facility and in all (measure_rows.cpp), of facilities counted together.
void occupancy(MeasureTable& table, const CountedTogether& together) {
  if (together.suffix.rfind("_by_", 0) != 0) return;
  const CrowdingScopes scopes(table.scenario());
  std::vector<std::vector<std::size_t>> members;
  for (const std::size_t scope : together.scopes) members.push_back(scopes.members(scope));
  table.row({.name = "occupancy" + together.suffix,
             .long_name = "persons held for each official place at the start of the month " + together.where,
             .cell_methods = "time: point"},
            together.axis, [members](const Model& model, const MonthOfTallies& month, double* out) {
              for (const auto& facilities : members) {
                double persons = 0;
                double places = 0;
                for (const std::size_t facility : facilities) {
                  persons += month.opening_facility_stock[facility];
                  places += model.places(facility, month.first_day);
                }
                *out++ = ratio(persons, places);
              }
            });
}

void space(MeasureTable& table) {
  const auto& facilities = table.scenario().facilities;
  if (std::none_of(facilities.begin(), facilities.end(), [](const Facility& each) { return each.area.declared(); })) {
    return;
  }
  table.row({.name = "space_per_prisoner",
             .long_name = "floor area for each person held in each facility at the start of the month; missing where "
                          "nobody is held or no area is given",
             .units = "m2",
             .cell_methods = "time: point"},
            {"facility"}, [](const Model& model, const MonthOfTallies& month, double* out) {
              for (std::size_t facility = 0; facility < month.opening_facility_stock.size(); ++facility) {
                const double area = model.area(facility, month.first_day);
                out[facility] = area > 0 ? ratio(area, month.opening_facility_stock[facility]) : sim::kMissing;
              }
            });
}

}  // namespace

void add_crowding_measures(MeasureTable& table) {
  if (table.scenario().facilities.empty()) return;
  MeasureDimension threshold{"threshold", {}, {}, {}, "%"};
  for (const std::int32_t per_cent : kCrowdingThresholds) {
    threshold.labels.push_back(std::to_string(per_cent));
    threshold.numbers.push_back(per_cent);
  }
  table.add_dimension(std::move(threshold));
  for (const CountedTogether& together : counted_together(table.scenario())) {
    by_threshold(table, together);
    places_short(table, together);
    occupancy(table, together);
  }
  space(table);
}

}  // namespace prisonflow::models
