// Everything about a result file that is known before the first event.
//
// The file is laid out from this alone, so an unwritable place, a name used twice or an axis of the wrong length is
// found before any computing time is spent, and the layout (hence every byte) cannot depend on how the run went.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "output/labelled_array.hpp"

namespace prisonflow::output {

// Schema of the file, "major.minor": a reader refuses another major version.
inline constexpr const char* result_filetype = "prisonflow-result";
inline constexpr const char* result_schema_version = "1.1";

// A text kept with the results. Short facts are attributes of the group; whole documents (they may be longer than the
// 64 kB an attribute can hold) are datasets. `group` is a path below the root, such as "provenance" or
// "provenance/inputs"; groups are made as needed.
struct TextEntry {
  enum class Storage { attribute, dataset };

  std::string group{};
  std::string name{};
  std::string text{};
  Storage storage = Storage::attribute;
};

struct ResultDescription {
  std::string title{};
  std::string summary{};
  std::string source{};  // program and version
  std::string license{};
  std::vector<Attribute> attributes{};  // further attributes of the root

  // Must contain "scenario" (labels) and "replication". "quantile" is added by the writer.
  std::vector<Dimension> dimensions{};
  // Each is stored as (scenario, replication, <dimensions>); name only the dimensions that follow.
  std::vector<ArraySpec> measures{};
  // Written as they are, for instance observed series on a time axis of their own.
  std::vector<LabelledArray> constants{};
  std::vector<TextEntry> provenance{};
  std::vector<double> quantile_levels = {0.01, 0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975, 0.99};
  // Position on the scenario axis with which all others are compared, replication by replication: what was drawn alike
  // in both cancels, so these differences are far less uncertain than those of two means.
  std::optional<std::size_t> reference_scenario{};

  // Whether the differences of a measure are written: the reference is given and something is compared with it.
  bool has_differences(const ArraySpec& measure) const;
};

// Throws OutputError naming the first contradiction: a name that is used twice or that HDF5 or netCDF would refuse, an
// unknown dimension, a coordinate of the wrong length, a constant of the wrong size, a quantile level outside [0, 1],
// a reference that is no scenario.
void validate(const ResultDescription& description);

}  // namespace prisonflow::output
