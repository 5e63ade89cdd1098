// Turns doubles into the stored types of a file and back, and refuses what a type cannot hold.
#include "output/element_codec.hpp"

#include <cmath>
#include <cstring>

namespace prisonflow::output {

namespace {

template <typename Element>
bool fits(double value) {
  if constexpr (std::is_same_v<Element, double>) {
    return true;
  } else if constexpr (std::is_same_v<Element, float>) {
    return std::isinf(value) || std::fabs(value) <= static_cast<double>(std::numeric_limits<float>::max());
  } else {
    // Both limits are powers of two, hence exact; the lower ones double as fill values and are left out.
    constexpr double limit = sizeof(Element) == 4 ? 0x1p31 : 0x1p53;
    return value > -limit + 1.0 && value < limit && value == std::trunc(value);
  }
}

}  // namespace

std::optional<std::size_t> encode(ElementType type, std::span<const double> values, std::byte* bytes) {
  return with_element(type, [&]<typename Element>(Element) -> std::optional<std::size_t> {
    for (std::size_t i = 0; i < values.size(); ++i) {
      Element element = fill_value<Element>();
      if (!std::isnan(values[i])) {
        if (!fits<Element>(values[i])) return i;
        element = static_cast<Element>(values[i] + 0.0);
      }
      std::memcpy(bytes + i * sizeof(Element), &element, sizeof(Element));
    }
    return std::nullopt;
  });
}

void decode(ElementType type, const std::byte* bytes, std::span<double> values) {
  with_element(type, [&]<typename Element>(Element) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      Element element;
      std::memcpy(&element, bytes + i * sizeof(Element), sizeof(Element));
      values[i] = static_cast<double>(element);
      if constexpr (std::numeric_limits<Element>::is_integer)
        if (element == fill_value<Element>()) values[i] = std::numeric_limits<double>::quiet_NaN();
    }
  });
}

void fill_missing(ElementType type, std::span<std::byte> bytes) {
  with_element(type, [&]<typename Element>(Element) {
    const Element element = fill_value<Element>();
    for (std::size_t i = 0; i + sizeof(Element) <= bytes.size(); i += sizeof(Element))
      std::memcpy(bytes.data() + i, &element, sizeof(Element));
  });
}

}  // namespace prisonflow::output
