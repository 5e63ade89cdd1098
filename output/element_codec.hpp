// Between the doubles of the interface and the bytes of a file.
//
// Counts are stored as whole numbers because they pack three times better and because readers then show them as such.
// Nothing is rounded or clipped on the way: a value that its type cannot hold is an error of the measure's description
// and is reported as one. Missing values are NaN outside and the fill value inside; the fill values are those netCDF
// uses for whole numbers, and NaN for real ones.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>

#include "output/labelled_array.hpp"

namespace prisonflow::output {

// Files are little-endian, and so are the bytes that digests are taken of.
static_assert(std::endian::native == std::endian::little, "byte swapping is not implemented");

template <typename Element>
constexpr Element fill_value() {
  if constexpr (std::numeric_limits<Element>::has_quiet_NaN)
    return std::numeric_limits<Element>::quiet_NaN();
  else if constexpr (sizeof(Element) == 4)
    return -2147483647;  // NC_FILL_INT
  else
    return -9223372036854775806;  // NC_FILL_INT64
}

// Calls `action` with a value of the C++ type that stands for `type`.
template <typename Action>
decltype(auto) with_element(ElementType type, Action&& action) {
  switch (type) {
    case ElementType::int32:
      return action(std::int32_t{});
    case ElementType::int64:
      return action(std::int64_t{});
    case ElementType::float32:
      return action(float{});
    case ElementType::float64:
      break;
  }
  return action(double{});
}

// Writes values.size() elements to `bytes`. Returns the position of the first value that does not fit, if there is one;
// what stands in `bytes` is then undefined. Negative zero becomes zero, so that equal values are equal bytes.
std::optional<std::size_t> encode(ElementType type, std::span<const double> values, std::byte* bytes);
void decode(ElementType type, const std::byte* bytes, std::span<double> values);
void fill_missing(ElementType type, std::span<std::byte> bytes);

}  // namespace prisonflow::output
