// See the header.
#include "models/cli/paired_reading.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/cli/difference_record.hpp"
#include "models/cli/options.hpp"
#include "output/statistics.hpp"
#include "sim/numerics.hpp"

namespace prisonflow::cli {

namespace {

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

Estimate estimate(const std::vector<double>& sample) {
  return {output::mean(sample), output::standard_error(sample), output::quantile(sample, 0.025),
          output::quantile(sample, 0.975)};
}

std::vector<double> difference_of(const std::vector<double>& reform, const std::vector<double>& baseline) {
  std::vector<double> differences(reform.size(), sim::kMissing);
  for (std::size_t i = 0; i < std::min(reform.size(), baseline.size()); ++i) differences[i] = reform[i] - baseline[i];
  return differences;
}

PairedResult::PairedResult(const output::ResultFile& file) : file_(file) {
  const std::vector<std::string> scenarios = file.labels("scenario");
  baseline_ = file.attribute("baseline").value_or(scenarios.front());
  if (!holds(scenarios, baseline_)) baseline_ = scenarios.front();
  for (const std::string& scenario : scenarios)
    if (scenario != baseline_) reforms_.push_back(scenario);
  if (reforms_.empty())
    throw UsageError(
        fmt::format("{}: holds one scenario, '{}' (there is nothing to compare it with); run it together "
                    "with another, the one to compare with first",
                    file.path().string(), baseline_));
  if (file.has_dimension("time")) months_ = file.dates("time");
}

std::string PairedResult::title(const std::string& scenario) const {
  const std::vector<std::string> names = file_.labels("scenario");
  const auto at = static_cast<std::size_t>(std::find(names.begin(), names.end(), scenario) - names.begin());
  for (const auto& auxiliary : file_.dimension("scenario").auxiliary_labels)
    if (auxiliary.name == "scenario_name" && at < auxiliary.labels.size()) return auxiliary.labels[at];
  return {};
}

std::optional<std::string> PairedResult::recorded_differences(const std::string& reform) const {
  for (output::TextEntry& entry : file_.texts("provenance"))
    if (entry.group == "provenance/scenario_" + reform && entry.name == kDifferencesText) return std::move(entry.text);
  return std::nullopt;
}

bool PairedResult::has(const std::string& measure) const {
  if (!file_.has_array(measure)) return false;
  const auto& dimensions = file_.array(measure).dimensions;
  return dimensions.size() >= 2 && dimensions[0] == "scenario" && dimensions[1] == "replication";
}

bool PairedResult::is_monthly(const std::string& measure) const {
  return holds(file_.array(measure).dimensions, "time");
}

/// Whole numbers and sums over the month can be added up over regions; shares and means cannot.
bool PairedResult::sums_regions(const output::ArraySpec& spec) const {
  const bool counts = spec.type == output::ElementType::int32 || spec.type == output::ElementType::int64 ||
                      spec.cell_methods == "time: sum";
  return counts && holds(spec.dimensions, "region") && spec.name.find("_by_region") == std::string::npos;
}

std::vector<std::string> PairedResult::dimensions(const std::string& measure) const {
  const output::ArraySpec& spec = file_.array(measure);
  std::vector<std::string> shown;
  for (const std::string& name : spec.dimensions) {
    const bool gone = name == "scenario" || name == "replication" || name == "time";
    if (!gone && !(name == "region" && sums_regions(spec))) shown.push_back(name);
  }
  return shown;
}

std::vector<Sample> PairedResult::samples(const std::string& measure, const std::string& scenario,
                                          std::optional<CalendarDay> date) const {
  output::Selection selection = {{"scenario", scenario}};
  if (is_monthly(measure)) selection.emplace_back("time", output::format_date(date.value()));
  const output::LabelledArray array = file_.read(measure, selection);
  const bool summed = sums_regions(file_.array(measure));

  // For each cell of the array, in row-major order without the replications: the sample it belongs to.
  const std::size_t replications = array.shape[0];
  const std::size_t cells = array.values.size() / std::max<std::size_t>(replications, 1);
  std::vector<std::vector<std::string>> all_labels;
  for (std::size_t axis = 1; axis < array.shape.size(); ++axis)
    all_labels.push_back(file_.labels(array.spec.dimensions[axis]));
  std::vector<Sample> samples;
  for (std::size_t cell = 0; cell < cells; ++cell) {
    std::vector<std::string> labels;
    std::size_t rest = cell;
    for (std::size_t axis = array.shape.size(); axis-- > 1;) {
      if (!(summed && array.spec.dimensions[axis] == "region"))
        labels.insert(labels.begin(), all_labels[axis - 1][rest % array.shape[axis]]);
      rest /= array.shape[axis];
    }
    auto own = std::find_if(samples.begin(), samples.end(), [&](const Sample& each) { return each.labels == labels; });
    const bool first = own == samples.end();
    if (first) own = samples.insert(samples.end(), {labels, std::vector<double>(replications)});
    for (std::size_t r = 0; r < replications; ++r) own->values[r] += array.values[r * cells + cell];
  }
  return samples;
}

std::vector<ComparedNumber> PairedResult::compared(const std::string& measure, const std::string& reform,
                                                   std::optional<CalendarDay> date) const {
  const std::vector<Sample> of_baseline = samples(measure, baseline_, date), of_reform = samples(measure, reform, date);
  std::vector<ComparedNumber> numbers;
  for (std::size_t i = 0; i < of_reform.size(); ++i) {
    const std::vector<double>&before = of_baseline[i].values, &after = of_reform[i].values;
    numbers.push_back({of_reform[i].labels, estimate(before), estimate(after), estimate(difference_of(after, before))});
  }
  return numbers;
}

std::vector<double> PairedResult::sample(const std::string& measure, const std::string& scenario,
                                         std::optional<CalendarDay> date,
                                         const std::vector<std::string>& labels) const {
  if (!has(measure)) return {};
  for (Sample& each : samples(measure, scenario, date))
    if (each.labels == labels) return std::move(each.values);
  return {};
}

}  // namespace prisonflow::cli
