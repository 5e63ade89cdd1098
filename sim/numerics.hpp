// The elementary functions of the simulation, computed with IEEE additions, multiplications, divisions and square
// roots only, so that every compiler, optimisation level, C library and instruction set gives the same bits
// (promise P1). The C library's own log and exp differ in the last bit between versions and processors, and one bit
// moves a rounded minute, then an order of events, then everything. Contraction to fused operations must be off.
//
// Logarithm and exponential stand in the header because a draw costs little else. Both reduce the argument by the
// exponent field, then evaluate one short rational function: no table (nothing to miss in the cache), no branch in the
// main range, hence vectorisable. Reductions and minimax coefficients are those of fdlibm:
//   Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunPro, a Sun Microsystems, Inc.
//   business. Permission to use, copy, modify, and distribute this software is freely granted, provided that this
//   notice is preserved.
//
// Write sim::log, not log, outside this namespace: the C library's log is visible everywhere and would be taken
// silently. Round to nearest is assumed. Accuracy stands with each declaration; tests/unit/numerics_test.cpp compares
// with long double and Boost.Math, and pins the bits.
#pragma once

#include <bit>
#include <cmath>  // std::sqrt only
#include <cstdint>
#include <limits>

namespace prisonflow::sim {

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();
inline constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();  ///< no figure: nothing to count from

namespace detail {

inline constexpr double kLog2High = 0x1.62e42feep-1;         // the leading 32 bits of log 2: k * high is exact
inline constexpr double kLog2Low = 0x1.a39ef35793c76p-33;    // the rest
inline constexpr double kLog2Inverse = 0x1.71547652b82fep0;  // 1 / log 2
inline constexpr double kRoundToInteger = 0x1.8p52;          // adding it rounds to an integer in the low bits

/// log((1 + f) 2^k) + tail for 1 + f in [sqrt(1/2), sqrt(2)] and a `tail` far below one: with s = f / (2 + f),
/// log(1 + f) = f - f^2/2 + s (f^2/2 + R(s^2)), R of degree 7 (fdlibm e_log.c, error below 2^-58).
constexpr double log_reduced(double f, double k, double tail) {
  const double half_square = 0.5 * f * f;
  const double s = f / (2.0 + f);
  const double z = s * s;
  const double w = z * z;
  const double even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
  const double odd =
      z * (6.666666666666735130e-01 +
           w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
  return s * (half_square + (even + odd)) + (k * kLog2Low + tail) - half_square + f + k * kLog2High;
}

struct Exponential {
  double above_one;  // exp(r) - 1, |r| <= log(2)/2
  std::int64_t k;    // exp(x) = (1 + above_one) 2^k
};

/// x = k log 2 + r; exp(r) - 1 = r + r c / (2 - c), c = r - r^2 P(r^2) (fdlibm e_exp.c, error below 2^-59).
constexpr Exponential exp_reduced(double x) {
  const double shifted = x * kLog2Inverse + kRoundToInteger;
  const double k = shifted - kRoundToInteger;
  const double high = x - k * kLog2High;
  const double low = k * kLog2Low;
  const double r = high - low;
  const double z = r * r;
  const double c =
      r -
      z * (1.66666666666666019037e-01 +
           z * (-2.77777777770155933842e-03 +
                z * (6.61375632143793436117e-05 + z * (-1.65339022054652515390e-06 + z * 4.13813679705723846039e-08))));
  // The low 52 bits of `shifted` hold k plus half their range; the subtraction leaves the signed integer.
  return {(r * c / (2.0 - c) - low) + high,
          std::bit_cast<std::int64_t>(shifted) - std::bit_cast<std::int64_t>(kRoundToInteger)};
}

/// 2^k for k in -1022..1023.
constexpr double power_of_two(std::int64_t k) {
  return std::bit_cast<double>((k + 1023) << 52);
}

double log_special(double x);
double exp_special(double x);

}  // namespace detail

/// Natural logarithm of a positive normal number, without the check: branch free, for loops that vectorise.
constexpr double log_unchecked(double x) {
  constexpr std::uint64_t root_half = 0x3fe6a09e00000000u;  // about sqrt(1/2)
  const std::uint64_t offset = std::bit_cast<std::uint64_t>(x) - root_half;
  const std::int64_t k = static_cast<std::int64_t>(offset) >> 52;
  const double reduced = std::bit_cast<double>((offset & 0x000fffffffffffffu) + root_half);
  // The integer k, |k| <= 1074, becomes a double through the low bits of 2^52 + 2^51: also without AVX-512.
  const double k_double =
      std::bit_cast<double>(std::bit_cast<std::int64_t>(detail::kRoundToInteger) + k) - detail::kRoundToInteger;
  return detail::log_reduced(reduced - 1.0, k_double, 0.0);
}

/// Natural logarithm, below 1 ulp. log(0) = -infinity, log(+infinity) = +infinity, of a negative number or NaN: NaN.
inline double log(double x) {
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(x);
  if (bits - 0x0010000000000000u >= 0x7fe0000000000000u) [[unlikely]]
    return detail::log_special(x);
  return log_unchecked(x);
}

/// log(1 - u) for u in [0, 1), to 2 ulp however small u is: the survival side of an inverse transform. The part of u
/// that rounding 1 - u loses is added back; for the uniforms of sim/random.hpp nothing is lost.
inline double log_of_complement(double u) {
  const double complement = 1.0 - u;
  return log(complement) + ((1.0 - complement) - u);
}

/// Exponential for |x| <= 708, without the check: branch free, for loops that vectorise.
constexpr double exp_unchecked(double x) {
  const detail::Exponential e = detail::exp_reduced(x);
  return (1.0 + e.above_one) * detail::power_of_two(e.k);
}

/// Exponential, below 1 ulp (subnormal results: 2 ulp). Overflow gives +infinity, underflow 0 or a subnormal, NaN NaN.
inline double exp(double x) {
  constexpr double limit = 708.0;
  if (!(x <= limit && x >= -limit)) [[unlikely]]
    return detail::exp_special(x);
  return exp_unchecked(x);
}

/// x to the power y for x >= 0, as exp(y log x): relative error below (2 + |y log x|) 2^-52, so some ulps for
/// moderate powers and 1e-13 at the ends of the range. pow(0, y) is 0 for y > 0 and +infinity for y < 0; y = 0 gives 1.
inline double pow(double x, double y) {
  return y == 0.0 ? 1.0 : exp(y * log(x));
}

/// exp(x) - 1 without cancellation, below 2 ulp.
double expm1(double x);
/// log(1 + x) without cancellation, below 2 ulp. log1p(-1) = -infinity, below NaN.
double log1p(double x);

/// Standard normal distribution function, relative error below 2e-15 (both tails, down to the smallest numbers).
double normal_cdf(double z);
/// log of normal_cdf, relative error below 1e-14; finite for every finite z.
double log_normal_cdf(double z);

namespace detail {

/// numerator(r) / denominator(r), coefficients from the constant up; even and odd powers run side by side, for half the
/// wait of Horner's scheme.
constexpr double rational7(double r, const double (&numerator)[8], const double (&denominator)[8]) {
  const double s = r * r;
  const auto polynomial = [r, s](const double(&c)[8]) {
    return (c[0] + s * (c[2] + s * (c[4] + s * c[6]))) + r * (c[1] + s * (c[3] + s * (c[5] + s * c[7])));
  };
  return polynomial(numerator) / polynomial(denominator);
}

/// Normal quantile near the middle, |q| = |p - 1/2| <= 0.425.
constexpr double normal_quantile_middle(double q) {
  constexpr double numerator[8] = {3.3871328727963666080e0,  1.3314166789178437745e+2, 1.9715909503065514427e+3,
                                   1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                   3.3430575583588128105e+4, 2.5090809287301226727e+3};
  constexpr double denominator[8] = {1.0,
                                     4.2313330701600911252e+1,
                                     6.8718700749205790830e+2,
                                     5.3941960214247511077e+3,
                                     2.1213794301586595867e+4,
                                     3.9307895800092710610e+4,
                                     2.8729085735721942674e+4,
                                     5.2264952788528545610e+3};
  return q * rational7(0.180625 - q * q, numerator, denominator);
}

/// The z > 0 whose upper tail is exp(-r^2).
constexpr double normal_quantile_tail(double r) {
  constexpr double near_numerator[8] = {1.42343711074968357734e0,  4.63033784615654529590e0, 5.76949722146069140550e0,
                                        3.64784832476320460504e0,  1.27045825245236838258e0, 2.41780725177450611770e-1,
                                        2.27238449892691845833e-2, 7.74545014278341407640e-4};
  constexpr double near_denominator[8] = {1.0,
                                          2.05319162663775882187e0,
                                          1.67638483018380384940e0,
                                          6.89767334985100004550e-1,
                                          1.48103976427480074590e-1,
                                          1.51986665636164571966e-2,
                                          5.47593808499534494600e-4,
                                          1.05075007164441684324e-9};
  constexpr double far_numerator[8] = {6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,
                                       2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                       2.71155556874348757815e-5, 2.01033439929228813265e-7};
  constexpr double far_denominator[8] = {1.0,
                                         5.99832206555887937690e-1,
                                         1.36929880922735805310e-1,
                                         1.48753612908506148525e-2,
                                         7.86869131145613259100e-4,
                                         1.84631831751005468180e-5,
                                         1.42151175831644588870e-7,
                                         2.04426310338993978564e-15};
  if (r <= 5.0) return rational7(r - 1.6, near_numerator, near_denominator);
  return rational7(r - 5.0, far_numerator, far_denominator);
}

}  // namespace detail

/// Standard normal quantile, 0 < p < 1, relative error about 1e-15: Wichura, "Algorithm AS 241: the percentage points
/// of the normal distribution", Applied Statistics 37 (1988), PPND16. p = 0 gives -infinity, p = 1 +infinity, p outside
/// [0, 1] NaN.
inline double normal_quantile(double p) {
  const double q = p - 0.5;
  if (q <= 0.425 && q >= -0.425) [[likely]]
    return detail::normal_quantile_middle(q);
  const double tail = q < 0.0 ? p : 1.0 - p;
  if (tail == 0.0) [[unlikely]]
    return q * std::numeric_limits<double>::infinity();
  const double z = detail::normal_quantile_tail(std::sqrt(-log(tail)));
  return q < 0.0 ? -z : z;
}

/// The z with upper tail exp(-h): the normal quantile at cumulative hazard h >= 0. h = 0 gives -infinity. Beyond
/// h = 700, which no draw reaches, the relative error grows from 1e-15 to that of Wichura's extrapolation.
double normal_quantile_of_hazard(double h);

/// Logarithm of the gamma function, x > 0: relative error below 1.5e-15, also beside its zeros 1 and 2.
/// log_gamma(0) = +infinity, of a negative number NaN.
double log_gamma(double x);

/// The two tails of a distribution at a point x, as logarithms, and the log of x times the density there.
struct LogTails {
  double lower;
  double upper;
  double density_times_x;
};

namespace detail {

/// The y = log x at which the lower (or upper) tail of a distribution has the logarithm `log_tail`; `tails_at(y)`
/// gives its LogTails. Newton's method on the log of the tail, from `guess`, in a bracket once there is one.
template <class TailsAt>
double solve_log_tail(const TailsAt& tails_at, double log_tail, bool upper, double guess) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  double low = -infinity;
  double high = infinity;
  double y = guess;
  for (int iteration = 0; iteration < 200; ++iteration) {
    const LogTails tails = tails_at(y);
    const double tail = upper ? tails.upper : tails.lower;
    const double excess = upper ? log_tail - tail : tail - log_tail;  // rises with y
    if (excess > 0.0) {
      high = y;
    } else {
      low = y;
    }
    const double size = y < 0.0 ? -y : y;
    const double stride = 2.0 + 0.5 * size;
    double next = y - excess / exp(tails.density_times_x - tail);
    if (!(next > y - stride && next < y + stride)) next = excess > 0.0 ? y - stride : y + stride;
    if (next <= low || next >= high) {
      if (next == y) break;
      next = low + 0.5 * (high - low);
      if (!(next > low && next < high)) break;
    }
    const double step = next < y ? y - next : next - y;
    y = next;
    if (step <= 1e-14 * (1.0 + size)) break;
  }
  return y;
}

}  // namespace detail

/// The gamma distribution of unit scale at x = shape exp(w); the argument is w because x near the shape would lose
/// digits. 0 < shape <= 1e6.
LogTails log_gamma_tails(double shape, double w);

/// Regularised lower incomplete gamma function P(shape, x), 0 < shape <= 1e6, x >= 0: relative error below 1e-12
/// (1e-13 for shapes below 100).
double gamma_p(double shape, double x);
/// 1 - gamma_p without cancellation.
double gamma_q(double shape, double x);

/// The x with P(shape, x) = p, relative error below 1e-12; 0 where it underflows. Shape as above, 0 < p < 1.
double gamma_quantile(double shape, double p);
/// log(x / shape) for the x with the lower tail (or the upper, given `upper`) exp(log_tail), from a guess.
double log_gamma_quantile(double shape, double log_tail, bool upper, double guess);

}  // namespace prisonflow::sim
