// A result of two scenarios with everything that `compare` and the headline of `summary` can tell, written by the test
// itself: four replications, two years of months, numbers whose answers are known.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "output/result_writer.hpp"

namespace paired_sample {

namespace po = prisonflow::output;

inline constexpr std::size_t replications = 4, months = 24;
inline constexpr double missing = std::numeric_limits<double>::quiet_NaN();

inline po::ArraySpec pair_of(std::string name, std::vector<std::string> dimensions, po::ElementType type) {
  po::ArraySpec spec{.name = std::move(name), .dimensions = std::move(dimensions), .type = type, .units = "1"};
  spec.differences = false;
  return spec;
}

inline po::ResultDescription description(const std::string& differences) {
  using Type = po::ElementType;
  po::ResultDescription d;
  d.title = "A reform";
  d.source = "prisonflow 0.0.0";
  d.license = "CC-BY-4.0";
  d.attributes = {{"baseline", "base"}};
  d.reference_scenario = 0;
  std::vector<std::chrono::sys_days> edges;
  for (unsigned month = 0; month <= months; ++month)
    edges.push_back(
        std::chrono::sys_days(std::chrono::year(2015) / std::chrono::January / 1 + std::chrono::months(month)));
  const std::vector<std::string> ranks = {"none", "conditional", "financial", "supervised", "intensive", "custody"};
  d.dimensions = {po::label_dimension("scenario", "scenario", {"base", "reform"}),
                  po::replication_dimension(0, replications),
                  po::time_dimension("time", "month", edges, edges.front()),
                  po::label_dimension("region", "region", {"north", "south"}),
                  po::number_dimension("threshold", "prisoners per cent of places", "%", {95, 100, 120}),
                  po::label_dimension("control_rank", "control", ranks),
                  po::label_dimension("baseline_rank", "control in the baseline", ranks),
                  po::label_dimension("reform_rank", "control in the reform", ranks),
                  po::label_dimension("case_outcome", "outcome", {"true_diversion", "net_widening", "unchanged"}),
                  po::label_dimension("case_account", "account", {"compared", "pending"})};
  d.measures = {{.name = "prison_population",
                 .dimensions = {"time", "region"},
                 .type = Type::int32,
                 .units = "1",
                 .long_name = "prisoners at the start of the month",
                 .cell_methods = "time: point"},
                {.name = "occupancy_total", .dimensions = {"time"}, .units = "1", .cell_methods = "time: point"},
                {.name = "share_of_days_above_total", .dimensions = {"time", "threshold"}, .units = "1"},
                {.name = "days_to_first_breach_total", .dimensions = {"threshold"}, .type = Type::int32, .units = "d"},
                {.name = "places_short_total", .dimensions = {"time"}, .type = Type::int32, .units = "1"},
                {.name = "cost_of_run", .units = "KZT"},
                {.name = "cost_of_run_discounted", .units = "KZT"},
                {.name = "prisoner_years", .units = "1"},
                {.name = "supervision_years", .units = "1"},
                pair_of("case_outcomes", {"case_outcome"}, Type::int32),
                pair_of("back_door_custody", {"case_outcome"}, Type::int32),
                pair_of("widening_ratio", {}, Type::float64),
                pair_of("cases", {"baseline_rank", "reform_rank"}, Type::int32),
                pair_of("cases_accounted", {"case_account"}, Type::int32),
                pair_of("control_days_gained", {"control_rank"}, Type::int32),
                pair_of("control_days_lost", {"control_rank"}, Type::int32)};
  d.provenance = {{"provenance", "seed", "1"}};
  if (!differences.empty())
    d.provenance.push_back({"provenance/scenario_reform", "differences", differences, po::TextEntry::Storage::dataset});
  return d;
}

/// In the reform from 2016 on a hundred fewer are held in the south, give or take the number of the replication.
inline double prisoners(std::size_t scenario, std::size_t r, std::size_t month, std::size_t region) {
  const double base = 1000.0 + 10.0 * static_cast<double>(r) + static_cast<double>(month);
  const bool fewer = scenario == 1 && month >= 12 && region == 1;
  return base - (fewer ? 100.0 + static_cast<double>(r) : 0.0);
}

inline std::vector<double> values(const std::string& measure, std::size_t scenario, std::size_t r) {
  const bool reform = scenario == 1;
  const auto number = static_cast<double>(r);
  std::vector<double> all;
  const auto of_pairs = [&](std::vector<double> numbers) {
    return reform ? numbers : std::vector<double>(numbers.size(), missing);
  };
  if (measure == "prison_population")
    for (std::size_t cell = 0; cell < months * 2; ++cell) all.push_back(prisoners(scenario, r, cell / 2, cell % 2));
  if (measure == "occupancy_total") all.assign(months, reform ? 0.95 : 1.05);
  if (measure == "share_of_days_above_total")
    for (std::size_t month = 0; month < months; ++month)
      for (const double chance : {1.0, reform ? 0.25 : 0.75, 0.0}) all.push_back(chance);
  // 100 per cent: the baseline in every replication, the reform in one of four.
  if (measure == "days_to_first_breach_total") all = {0, reform ? (r == 0 ? 400 : missing) : 31 + 10 * number, missing};
  if (measure == "places_short_total") all.assign(months, reform ? 0 : 40 + number);
  if (measure == "cost_of_run" || measure == "cost_of_run_discounted")
    all = {5e6 - (reform ? 2e5 + 1e4 * number : 0.0)};
  if (measure == "prisoner_years") all = {4000 - (reform ? 100 + number : 0.0)};
  if (measure == "supervision_years") all = {900 + (reform ? number - 1.5 : 0.0)};
  if (measure == "case_outcomes") all = of_pairs({55000, 5000, 100 + number});
  if (measure == "back_door_custody") all = of_pairs({12, 3, 0});
  if (measure == "widening_ratio") all = of_pairs({5000.0 / 60000.0});
  if (measure == "cases") {
    all.assign(36, 0);
    all[5 * 6 + 3] = 55000;  // custody -> supervised
    all[0 * 6 + 3] = 5000;   // none -> supervised
    all = of_pairs(all);
  }
  if (measure == "cases_accounted") all = of_pairs({60100, 7});
  if (measure == "control_days_gained" || measure == "control_days_lost") all = of_pairs({0, 0, 0, 300, 0, 200});
  return all;
}

inline void write_file(const std::filesystem::path& path, const std::string& differences = {}) {
  const po::ResultDescription described = description(differences);
  po::ResultWriter writer(path, described);
  for (std::size_t r = 0; r < replications; ++r)
    for (std::size_t s = 0; s < 2; ++s)
      for (const po::ArraySpec& measure : described.measures)
        writer.write(s, r, measure.name, values(measure.name, s, r));
  writer.finish();
}

}  // namespace paired_sample
