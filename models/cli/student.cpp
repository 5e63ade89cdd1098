// See the header. The tail is an incomplete beta function, taken by Lentz's continued fraction (Abramowitz and Stegun
// 26.5.8 and 26.7.1), and inverted by bisection.
#include "models/cli/student.hpp"

#include <cmath>
#include <initializer_list>

namespace prisonflow::cli {

namespace {

double incomplete_beta(double a, double b, double x) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incomplete_beta(b, a, 1 - x);
  constexpr double kTiny = 1e-300;
  const auto at_least_tiny = [](double value) { return std::abs(value) < kTiny ? kTiny : value; };
  double c = 1;
  double d = 1 / at_least_tiny(1 - (a + b) * x / (a + 1));
  double fraction = d;
  for (int m = 1; m <= 500; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    for (const double term : {even, odd}) {
      d = 1 / at_least_tiny(1 + term * d);
      c = at_least_tiny(1 + term / c);
      fraction *= c * d;
    }
    if (std::abs(c * d - 1) < 1e-15) break;
  }
  const double front =
      std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log1p(-x));
  return front * fraction / a;
}

}  // namespace

double student_bound(double alarm, double degrees) {
  const auto chance_beyond = [&](double t) { return incomplete_beta(degrees / 2, 0.5, degrees / (degrees + t * t)); };
  double low = 0;
  double high = 1;
  while (chance_beyond(high) > alarm && high < 1e12) high *= 2;
  for (int step = 0; step < 200; ++step) {
    const double middle = (low + high) / 2;
    (chance_beyond(middle) > alarm ? low : high) = middle;
  }
  return high;
}

}  // namespace prisonflow::cli
