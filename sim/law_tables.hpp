// Making the tables of distributions.hpp. Internal: shared by the families and by the laws of a steady state.
#pragma once

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "sim/distributions.hpp"
#include "sim/numerics.hpp"

namespace prisonflow::sim::detail {

inline void require(bool holds, const char* problem) {
  if (!holds) throw std::invalid_argument(problem);
}

inline bool is_finite(double x) {
  return x - x == 0.0;
}

/// The log of the standard normal density.
inline double log_normal_density(double z) {
  constexpr double half_log_two_pi = 0x1.d67f1c864beb5p-1;
  return -0.5 * z * z - half_log_two_pi;
}

/// Tabulates an increasing function, doubling the number of pieces until the middle of every piece is within 1e-9.
/// `knot`, a callable (double z, double guess) -> Knot, gets a guess of the value.
template <class KnotAt>
std::shared_ptr<const MonotoneTable> tabulate(KnotAt knot) {
  using Knot = MonotoneTable::Knot;
  constexpr double kEdge = MonotoneTable::kEdge;
  constexpr std::size_t first_count = 64;
  constexpr std::size_t last_count = 4096;
  constexpr double accuracy = 1e-9;
  std::vector<Knot> knots(first_count + 1);
  const auto place = [](std::size_t i, std::size_t count) {
    return kEdge * (2.0 * static_cast<double>(i) / static_cast<double>(count) - 1.0);
  };
  // From the middle to both ends, each knot from a straight line through its neighbour.
  constexpr std::size_t middle = first_count / 2;
  constexpr double width = 2.0 * kEdge / first_count;
  knots[middle] = knot(0.0, 0.0);
  for (std::size_t i = middle; i > 0; --i) {
    knots[i - 1] = knot(place(i - 1, first_count), knots[i].value - width * knots[i].slope);
  }
  for (std::size_t i = middle; i < first_count; ++i) {
    knots[i + 1] = knot(place(i + 1, first_count), knots[i].value + width * knots[i].slope);
  }
  while (true) {
    const MonotoneTable coarse(knots);
    const std::size_t count = knots.size() - 1;
    std::vector<Knot> fine(2 * count + 1);
    double worst = 0.0;
    for (std::size_t i = 0; i < fine.size(); ++i) {
      if (i % 2 == 0) {
        fine[i] = knots[i / 2];
        continue;
      }
      const double z = place(i, 2 * count);
      const double guess = coarse(z);
      fine[i] = knot(z, guess);
      worst = std::max(worst, std::max(guess - fine[i].value, fine[i].value - guess));
    }
    for (std::size_t i = 1; i < fine.size(); ++i) fine[i].value = std::max(fine[i].value, fine[i - 1].value);
    knots = std::move(fine);
    if (worst < accuracy || 2 * count >= last_count) break;
  }
  return std::make_shared<const MonotoneTable>(knots);
}

/// The log of a duration against z, for a law given by its tails `at(y)`, where y is the log of the duration.
template <class TailsAt>
std::shared_ptr<const MonotoneTable> law_table(TailsAt at) {
  return tabulate([=](double z, double guess) {
    const bool upper = z > 0.0;
    const double y = solve_log_tail(at, log_normal_cdf(upper ? -z : z), upper, guess);
    return MonotoneTable::Knot{y, exp(log_normal_density(z) - at(y).density_times_x)};
  });
}

/// The log of a gamma variate of unit scale against z.
std::shared_ptr<const MonotoneTable> log_gamma_table(double shape);

}  // namespace prisonflow::sim::detail
