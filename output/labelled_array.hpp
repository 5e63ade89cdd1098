// Arrays whose axes have names and whose positions have labels.
//
// Results are handed over as plain numbers plus a description of what each axis means, never as structures of the
// model: the file format then needs no knowledge of justice, and a new measure is a new description, not new code.
// A description names its dimensions; a dimension is declared once for a file and shared by all arrays that use it, as
// in the netCDF data model, so that readers can align arrays by label.
//
// All values cross this interface as double, which is exact for whole numbers up to 2^53; the element type says how
// they are stored. A missing value is NaN on this side and the array's fill value in the file.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace prisonflow::output {

using AttributeValue = std::variant<std::string, std::int64_t, double, std::vector<std::int64_t>, std::vector<double>>;

// Whole numbers are stored in 32 bits where they fit. Numbers beyond 2^53 (seeds, digests) belong in a string, because
// some readers turn every number into a double.
struct Attribute {
  std::string name{};
  AttributeValue value{};

  bool operator==(const Attribute&) const = default;
};

// What stands at the positions of a dimension: nothing, labels, whole numbers or real numbers.
using Coordinate =
    std::variant<std::monostate, std::vector<std::string>, std::vector<std::int32_t>, std::vector<double>>;

// Further texts for the positions of a labelled dimension, for instance names in another language. Stored as an array
// of its own, `name(dimension)`, and listed as a coordinate of every array that has the dimension.
struct AuxiliaryLabels {
  std::string name{};
  std::vector<std::string> labels{};
  std::vector<Attribute> attributes{};
};

struct Dimension {
  std::string name{};
  std::size_t size = 0;
  Coordinate coordinate{};
  std::vector<Attribute> attributes{};
  // Lower (included) and upper (excluded) end of each position, in the unit of the coordinate; empty when there are
  // none.
  std::vector<std::array<std::int32_t, 2>> bounds{};
  std::vector<AuxiliaryLabels> auxiliary_labels{};
  // Can grow later, as replications do.
  bool unlimited = false;
  // Also store the labels as a two-dimensional character array `<name>_characters`, for readers without strings.
  bool character_twin = false;
};

Dimension label_dimension(std::string name, std::string long_name, std::vector<std::string> labels);
// Positions that need no labels: only a size.
Dimension plain_dimension(std::string name, std::size_t size);
Dimension number_dimension(std::string name, std::string long_name, std::string units, std::vector<double> values);
// Whole numbers first, first + 1, ...; named `replication`.
Dimension replication_dimension(std::int32_t first, std::size_t count);
// Periods [edges[i], edges[i+1]): one position for each, dated by its first day, so that a selection such as
// "2015-03" in xarray finds the period that begins then. Stored as whole days since `epoch`.
// Needs two edges or more in increasing order; throws OutputError otherwise.
Dimension time_dimension(std::string name, std::string long_name, std::span<const std::chrono::sys_days> edges,
                         std::chrono::sys_days epoch);

enum class ElementType { int32, int64, float32, float64 };

std::string_view name_of(ElementType type);
std::size_t bytes_of(ElementType type);

struct ArraySpec {
  std::string name{};
  std::vector<std::string> dimensions{};
  ElementType type = ElementType::float64;
  // In the notation of UDUNITS ("1" for counts and shares); written as attributes unless empty.
  std::string units{};
  std::string long_name{};
  std::string cell_methods{};
  std::vector<Attribute> attributes{};
  // Of a measure: whether its differences from the reference scenario are written, where there is one. Not for numbers
  // that exist for a pair of scenarios only.
  bool differences = true;
};

// Values in row-major order: the last dimension varies fastest.
struct LabelledArray {
  ArraySpec spec{};
  std::vector<double> values{};
  // The size of each dimension. Filled by the reader; for the writer the declared dimensions decide.
  std::vector<std::size_t> shape{};
};

// Calendar dates as ISO 8601 text, "2015-03-01", and back. parse_date throws OutputError on anything else.
std::string format_date(std::chrono::sys_days date);
std::chrono::sys_days parse_date(std::string_view text);

}  // namespace prisonflow::output
