// See the header.
#include "models/cli/findings.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "models/cli/student.hpp"
#include "output/statistics.hpp"

namespace prisonflow::cli {

namespace {

constexpr double kUncertain = 0.05;  // what a 95 per cent interval leaves out

std::vector<double> values_of(const output::ResultFile& file, const std::string& measure,
                              const std::vector<std::string>& dimensions, const output::Selection& selection) {
  if (!file.has_array(measure) || file.array(measure).dimensions != dimensions) return {};
  for (const auto& [dimension, label] : selection) {
    const std::vector<std::string> labels = file.labels(dimension);
    if (std::find(labels.begin(), labels.end(), label) == labels.end()) return {};
  }
  return file.read(measure, selection).values;
}

}  // namespace

std::optional<FirstBreach> first_breach(const output::ResultFile& file, const std::string& scenario,
                                        const std::string& threshold) {
  std::vector<double> days = values_of(file, "days_to_first_breach_total", {"scenario", "replication", "threshold"},
                                       {{"scenario", scenario}, {"threshold", threshold}});
  if (days.empty() || !file.has_dimension("time")) return std::nullopt;
  FirstBreach breach;
  breach.replications = days.size();
  std::erase_if(days, [](double day) { return std::isnan(day); });
  breach.breached = days.size();
  breach.at_start = static_cast<std::size_t>(std::count(days.begin(), days.end(), 0.0));
  if (days.empty()) return breach;
  const CalendarDay start = file.dates("time").front();
  const auto date = [&](double level) {
    return start + std::chrono::days(static_cast<int>(std::floor(output::quantile(days, level))));
  };
  breach.median = date(0.5);
  breach.early = date(0.05);
  breach.late = date(0.95);
  return breach;
}

std::optional<Widening> widening(const output::ResultFile& file, const std::string& reform) {
  const std::vector<std::string> dimensions = {"scenario", "replication", "case_outcome"};
  const auto outcome = [&](const std::string& label) {
    return values_of(file, "case_outcomes", dimensions, {{"scenario", reform}, {"case_outcome", label}});
  };
  const std::vector<double> diverted = outcome("true_diversion"), widened = outcome("net_widening");
  const std::vector<double> ratio =
      values_of(file, "widening_ratio", {"scenario", "replication"}, {{"scenario", reform}});
  if (diverted.empty() || widened.empty() || ratio.empty()) return std::nullopt;
  Widening result{output::mean(diverted), output::mean(widened), estimate(ratio)};
  if (std::isnan(result.diverted) || std::isnan(result.widened)) return std::nullopt;  // the baseline itself
  return result;
}

std::vector<CostOfAverted> costs_of_averted(const PairedResult& result, const std::string& reform) {
  const auto difference = [&](const std::string& measure) {
    if (!result.has(measure) || result.is_monthly(measure)) return std::vector<double>();
    return difference_of(result.sample(measure, reform, {}, {}), result.sample(measure, result.baseline(), {}, {}));
  };
  const std::vector<double> cost = difference("cost_of_run_discounted");
  std::vector<CostOfAverted> all;
  if (cost.size() < 2) return all;
  const double bound = student_bound(kUncertain, static_cast<double>(cost.size() - 1));
  for (const auto& [measure, name, words] :
       {std::tuple{"prisoner_years", "cost_of_prisoner_year_averted", "cost of each prisoner-year averted"},
        std::tuple{"supervision_years", "cost_of_supervision_year_averted", "cost of each supervision-year averted"}}) {
    std::vector<double> averted = difference(measure);
    if (averted.empty()) continue;
    for (double& years : averted) years = -years;
    all.push_back({name, words, output::ratio_of_means(cost, averted, bound), output::mean(averted) < 0});
  }
  return all;
}

}  // namespace prisonflow::cli
