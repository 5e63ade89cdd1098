// Solves Fieller's quadratic: (b² - t²·v_b) r² - 2 (a·b - t²·v_ab) r + (a² - t²·v_a) = 0.
#include "output/ratio_interval.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace prisonflow::output {

RatioInterval ratio_of_means(std::span<const double> numerators, std::span<const double> denominators, double t) {
  constexpr double missing = std::numeric_limits<double>::quiet_NaN();
  const std::size_t pairs = std::min(numerators.size(), denominators.size());
  const auto is_pair = [&](std::size_t i) { return !std::isnan(numerators[i]) && !std::isnan(denominators[i]); };
  double count = 0, a = 0, b = 0;
  for (std::size_t i = 0; i < pairs; ++i) {
    if (!is_pair(i)) continue;
    count += 1;
    a += numerators[i];
    b += denominators[i];
  }
  a /= count;
  b /= count;
  RatioInterval result{b != 0 ? a / b : missing, missing, missing, false};
  if (count < 2) return result;

  double v_a = 0, v_b = 0, v_ab = 0;  // of the means
  for (std::size_t i = 0; i < pairs; ++i) {
    if (!is_pair(i)) continue;
    const double from_a = numerators[i] - a, from_b = denominators[i] - b;
    v_a += from_a * from_a;
    v_b += from_b * from_b;
    v_ab += from_a * from_b;
  }
  const double squares_to_t = t * t / (count * (count - 1));
  const double leading = b * b - squares_to_t * v_b;
  if (!(leading > 0)) return result;
  const double half = a * b - squares_to_t * v_ab;
  const double last = a * a - squares_to_t * v_a;
  const double root = std::sqrt(std::max(0.0, half * half - leading * last));
  result.low = (half - root) / leading;
  result.high = (half + root) / leading;
  result.determined = true;
  return result;
}

}  // namespace prisonflow::output
