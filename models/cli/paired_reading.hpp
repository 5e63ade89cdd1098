// What `compare` takes from a result file: a measure in the baseline and in a reform, and their paired difference.
//
// Differences are taken replication by replication, as the file's own `<measure>_difference_*` arrays are; taking them
// here as well lets counts by region be added up first.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/cli/result_reading.hpp"
#include "output/result_file.hpp"

namespace prisonflow::cli {

/// Over replications; NaN where there is nothing.
struct Estimate {
  double mean = 0;
  double standard_error = 0;
  double low = 0;   ///< 2.5 per cent quantile
  double high = 0;  ///< 97.5 per cent quantile
};
Estimate estimate(const std::vector<double>& sample);

/// One number of a measure in all replications: at a date, or of the whole run.
struct Sample {
  std::vector<std::string> labels;  ///< one for each dimension beyond the time
  std::vector<double> values;       ///< by replication
};

struct ComparedNumber {
  std::vector<std::string> labels;
  Estimate baseline, reform, difference;
};

class PairedResult {
 public:
  /// Throws UsageError when the file holds one scenario only. The file must outlive this.
  explicit PairedResult(const output::ResultFile& file);

  const output::ResultFile& file() const { return file_; }
  const std::string& baseline() const { return baseline_; }
  const std::vector<std::string>& reforms() const { return reforms_; }
  std::string title(const std::string& scenario) const;
  /// What the run recorded of what differs (models/cli/difference_record.hpp); nothing in files of earlier versions.
  std::optional<std::string> recorded_differences(const std::string& reform) const;
  std::size_t replications() const { return file_.dimension("replication").size; }
  const std::vector<CalendarDay>& months() const { return months_; }

  /// Whether it is a measure: an array of all scenarios and replications.
  bool has(const std::string& measure) const;
  bool is_monthly(const std::string& measure) const;
  /// Dimensions that are shown: without scenario, replication and time, and without the region where it is summed.
  std::vector<std::string> dimensions(const std::string& measure) const;
  /// `date`: the first day of a month; ignored for a measure of the whole run. Counts by region are added up, unless
  /// the measure is named for it.
  std::vector<Sample> samples(const std::string& measure, const std::string& scenario,
                              std::optional<CalendarDay> date) const;
  std::vector<ComparedNumber> compared(const std::string& measure, const std::string& reform,
                                       std::optional<CalendarDay> date) const;
  /// The sample with these labels; empty when the measure or the label is not there.
  std::vector<double> sample(const std::string& measure, const std::string& scenario, std::optional<CalendarDay> date,
                             const std::vector<std::string>& labels) const;

 private:
  bool sums_regions(const output::ArraySpec& spec) const;

  const output::ResultFile& file_;
  std::string baseline_;
  std::vector<std::string> reforms_;
  std::vector<CalendarDay> months_;
};

/// Replication by replication; missing where either is.
std::vector<double> difference_of(const std::vector<double>& reform, const std::vector<double>& baseline);

}  // namespace prisonflow::cli
