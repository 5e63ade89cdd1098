// The elementary functions against long double and Boost.Math, and the pin of their bits.
#include "sim/numerics.hpp"

#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <limits>

#include "sim/random.hpp"

namespace sim = prisonflow::sim;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr sim::StreamKey kKey{2024, 7};

/// The i-th of a fixed sequence of uniforms.
double uniform(std::uint32_t i) {
  return sim::draw(kKey, i, 0, sim::purpose("numerics test")).uniform53(0);
}
double between(std::uint32_t i, double low, double high) {
  return low + (high - low) * uniform(i);
}

/// The distance of `got` from the true value in units of the last place of the true value.
double ulps(double got, long double truth) {
  const auto rounded = static_cast<double>(truth);
  const double ulp = std::abs(std::nextafter(rounded, kInfinity) - rounded);
  return static_cast<double>(std::abs(static_cast<long double>(got) - truth)) / ulp;
}
double relative(double got, long double truth) {
  return static_cast<double>(std::abs((static_cast<long double>(got) - truth) / truth));
}

template <class Function>
double worst(std::uint32_t count, Function error_at) {
  double largest = 0.0;
  for (std::uint32_t i = 0; i < count; ++i) {
    const double error = error_at(i);
    if (!(error < kInfinity)) return kInfinity;  // NaN counts as the worst
    largest = std::max(largest, error);
  }
  return largest;
}

constexpr std::uint32_t kMany = 50'000;

}  // namespace

TEST_CASE("logarithm and exponential are within an ulp", "[numerics]") {
  CHECK(worst(kMany, [](std::uint32_t i) {
          const double x = uniform(i);
          return ulps(sim::log(x), std::log(static_cast<long double>(x)));
        }) < 1.0);
  CHECK(worst(kMany, [](std::uint32_t i) {
          const double x = between(i, 0.7, 1.5);  // through the zero at 1
          return ulps(sim::log(x), std::log(static_cast<long double>(x)));
        }) < 1.0);
  CHECK(worst(kMany, [](std::uint32_t i) {
          const double x = std::ldexp(1.0 + uniform(i), static_cast<int>(i % 2090) - 1070);
          return ulps(sim::log(x), std::log(static_cast<long double>(x)));
        }) < 1.0);
  CHECK(worst(kMany, [](std::uint32_t i) {
          const double x = between(i, -707.0, 709.7);
          return ulps(sim::exp(x), std::exp(static_cast<long double>(x)));
        }) < 1.0);
  CHECK(worst(kMany, [](std::uint32_t i) {
          const double x = between(i, -2.0, 2.0);
          return ulps(sim::exp(x), std::exp(static_cast<long double>(x)));
        }) < 1.0);
  CHECK(worst(kMany, [](std::uint32_t i) {
          const double x = between(i, -745.0, -707.0);  // subnormal results
          return ulps(sim::exp(x), std::exp(static_cast<long double>(x)));
        }) < 2.0);
}

TEST_CASE("functions near zero do not cancel", "[numerics]") {
  CHECK(worst(kMany, [](std::uint32_t i) {
          const double x = between(i, -40.0, 60.0);
          return ulps(sim::expm1(x), std::expm1(static_cast<long double>(x)));
        }) < 2.0);
  CHECK(worst(kMany, [](std::uint32_t i) {
          const double x = std::ldexp(between(i, -1.0, 1.0), -static_cast<int>(i % 60));
          return ulps(sim::expm1(x), std::expm1(static_cast<long double>(x)));
        }) < 2.0);
  CHECK(worst(kMany, [](std::uint32_t i) {
          const double x = std::ldexp(between(i, -0.99, 1.0), 3 - static_cast<int>(i % 63));
          return x <= -1.0 ? 0.0 : ulps(sim::log1p(x), std::log1p(static_cast<long double>(x)));
        }) < 2.0);
  CHECK(worst(kMany, [](std::uint32_t i) {
          const double x = between(i, 0.0, 1e6);
          return ulps(sim::log1p(x), std::log1p(static_cast<long double>(x)));
        }) < 2.0);
  CHECK(worst(kMany, [](std::uint32_t i) {
          const double u = std::ldexp(uniform(i), -static_cast<int>(i % 80));
          return ulps(sim::log_of_complement(u), std::log1p(-static_cast<long double>(u)));
        }) < 2.0);
}

TEST_CASE("powers keep the stated error", "[numerics]") {
  CHECK(worst(kMany, [](std::uint32_t i) {
          const double x = sim::exp(between(2 * i, -30.0, 30.0));
          const double y = between(2 * i + 1, -10.0, 10.0);
          const auto truth = std::pow(static_cast<long double>(x), static_cast<long double>(y));
          return relative(sim::pow(x, y), truth) / ((2.0 + std::abs(y * std::log(x))) * 0x1p-52);
        }) < 1.0);
}

TEST_CASE("special values", "[numerics]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(sim::log(0.0) == -kInfinity);
  CHECK(sim::log(-0.0) == -kInfinity);
  CHECK(std::isnan(sim::log(-1.0)));
  CHECK(std::isnan(sim::log(nan)));
  CHECK(sim::log(kInfinity) == kInfinity);
  CHECK(sim::log(1.0) == 0.0);
  CHECK(sim::exp(0.0) == 1.0);
  CHECK(sim::exp(-kInfinity) == 0.0);
  CHECK(sim::exp(kInfinity) == kInfinity);
  CHECK(sim::exp(1e4) == kInfinity);
  CHECK(sim::exp(-1e4) == 0.0);
  CHECK(sim::exp(709.782712893385) == kInfinity);
  CHECK(sim::exp(709.782712893384) < kInfinity);
  CHECK(sim::exp(-745.13) == std::numeric_limits<double>::denorm_min());
  CHECK(std::isnan(sim::exp(nan)));
  CHECK(sim::expm1(-1e4) == -1.0);
  CHECK(sim::expm1(1e4) == kInfinity);
  CHECK(sim::expm1(1e-300) == 1e-300);
  CHECK(std::isnan(sim::expm1(nan)));
  CHECK(sim::log1p(-1.0) == -kInfinity);
  CHECK(std::isnan(sim::log1p(-2.0)));
  CHECK(sim::log1p(kInfinity) == kInfinity);
  CHECK(sim::pow(0.0, 2.0) == 0.0);
  CHECK(sim::pow(0.0, 0.0) == 1.0);
  CHECK(sim::normal_quantile(0.0) == -kInfinity);
  CHECK(sim::normal_quantile(1.0) == kInfinity);
  CHECK(std::isnan(sim::normal_quantile(1.5)));
  CHECK(sim::normal_quantile(0.5) == 0.0);
  CHECK(sim::normal_cdf(0.0) == 0.5);
  CHECK(sim::normal_cdf(-kInfinity) == 0.0);
  CHECK(sim::normal_cdf(kInfinity) == 1.0);
  CHECK(sim::log_gamma(1.0) == 0.0);
  CHECK(sim::log_gamma(2.0) == 0.0);
  CHECK(sim::log_gamma(0.0) == kInfinity);
  CHECK(sim::gamma_p(2.0, 0.0) == 0.0);
  CHECK(sim::gamma_p(2.0, kInfinity) == 1.0);
  CHECK(sim::gamma_q(2.0, kInfinity) == 0.0);
  CHECK(sim::gamma_quantile(2.0, 0.0) == 0.0);
  CHECK(sim::gamma_quantile(2.0, 1.0) == kInfinity);
}

TEST_CASE("the normal distribution", "[numerics]") {
  const auto truth = [](long double z) { return 0.5L * std::erfc(-z / std::sqrt(2.0L)); };
  CHECK(worst(kMany, [&](std::uint32_t i) {
          const double z = between(i, -37.5, 9.0);
          return relative(sim::normal_cdf(z), truth(z));
        }) < 2e-15);
  CHECK(worst(kMany, [&](std::uint32_t i) {
          const double z = between(i, -4.0, 4.0);
          return relative(sim::normal_cdf(z), truth(z));
        }) < 2e-15);
  CHECK(worst(kMany, [&](std::uint32_t i) {
          const double z = between(i, -37.5, 9.0);
          return relative(sim::log_normal_cdf(z), z < 0 ? std::log(truth(z)) : std::log1p(-truth(-z)));
        }) < 1e-14);
  CHECK(sim::log_normal_cdf(-1000.0) == Approx(-500007.826694812).epsilon(1e-14));
  // The error of a quantile, from the tail it leaves: dz = (tail(z) - p) / density(z).
  CHECK(worst(kMany, [&](std::uint32_t i) {
          const double p = std::ldexp(uniform(i), -static_cast<int>(i % 100));
          const double z = sim::normal_quantile(p);
          const auto density = std::exp(-0.5L * z * z) / std::sqrt(2.0L * 3.14159265358979323846L);
          const auto error = std::abs(static_cast<double>((truth(z) - p) / density));
          return error / std::max(std::abs(z), 1e-2);
        }) < 1.5e-15);
  CHECK(worst(kMany, [&](std::uint32_t i) {
          const double p = uniform(i);
          return p > 0.5 ? 0.0 : std::abs(sim::normal_quantile(1.0 - p) + sim::normal_quantile(1.0 - (1.0 - p)));
        }) == 0.0);
  CHECK(worst(kMany, [&](std::uint32_t i) {
          const double h = between(i, 0.001, 600.0) * uniform(i + 1);
          return std::abs(sim::log_normal_cdf(-sim::normal_quantile_of_hazard(h)) + h) / std::max(h, 1e-3);
        }) < 2e-14);
}

TEST_CASE("the gamma functions", "[numerics]") {
  CHECK(worst(kMany, [](std::uint32_t i) {
          const double x = sim::exp(between(i, -40.0, 40.0));
          return relative(sim::log_gamma(x), boost::math::lgamma(static_cast<long double>(x)));
        }) < 1.5e-15);
  CHECK(worst(kMany, [](std::uint32_t i) {
          const double x = between(i, 0.01, 12.0);
          return relative(sim::log_gamma(x), boost::math::lgamma(static_cast<long double>(x)));
        }) < 1.5e-15);
  const auto incomplete = [](double low_shape, double high_shape, std::uint32_t count) {
    return worst(count, [=](std::uint32_t i) {
      const double shape = sim::exp(between(3 * i, std::log(low_shape), std::log(high_shape)));
      const double x = shape * sim::exp(between(3 * i + 1, -1.0, 1.0) * std::min(3.0, 7.0 / std::sqrt(shape)));
      const long double a = shape;
      const auto p = relative(sim::gamma_p(shape, x), boost::math::gamma_p(a, static_cast<long double>(x)));
      const auto q = relative(sim::gamma_q(shape, x), boost::math::gamma_q(a, static_cast<long double>(x)));
      return std::max(p, q);
    });
  };
  CHECK(incomplete(0.01, 100.0, 3000) < 1e-13);
  CHECK(incomplete(100.0, 1e6, 200) < 1e-12);
}

TEST_CASE("gamma quantiles", "[numerics]") {
  const auto error = [](double low_shape, double high_shape, std::uint32_t count) {
    return worst(count, [=](std::uint32_t i) {
      const double shape = sim::exp(between(2 * i, std::log(low_shape), std::log(high_shape)));
      const double p = uniform(2 * i + 1);
      const double x = sim::gamma_quantile(shape, p);
      if (x < 1e-290) return 0.0;  // underflow
      const auto truth = p < 0.5
                             ? boost::math::gamma_p_inv(static_cast<long double>(shape), static_cast<long double>(p))
                             : boost::math::gamma_q_inv(static_cast<long double>(shape), 1.0L - p);
      return relative(x, truth);
    });
  };
  CHECK(error(0.01, 0.5, 1000) < 1e-12);
  CHECK(error(0.5, 100.0, 1000) < 1e-12);
  CHECK(error(100.0, 1e6, 50) < 1e-12);
  CHECK(sim::gamma_quantile(3.0, 1e-200) == Approx(std::cbrt(6e-200)).epsilon(1e-12));
  CHECK(sim::gamma_quantile(0.05, 1e-30) == 0.0);
}

TEST_CASE("the bits of every function are the same everywhere", "[numerics][bits]") {
  // Any compiler, optimisation level or instruction set must give this number; a change of it changes every result.
  std::uint64_t hash = 0;
  const auto add = [&hash](double x) { hash = sim::mix64(hash ^ std::bit_cast<std::uint64_t>(x)) + 1; };
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    const double u = uniform(i);
    const double wide = 100.0 * (u - 0.5);
    const double positive = sim::exp(wide);
    add(positive);
    add(sim::log(positive));
    add(sim::exp_unchecked(wide));
    add(sim::log_unchecked(u));
    add(sim::log_of_complement(u));
    add(sim::pow(positive, 0.37));
    add(sim::expm1(wide));
    add(sim::expm1(u - 0.5));
    add(sim::log1p(positive));
    add(sim::log1p(u - 0.5));
    add(sim::normal_cdf(0.2 * wide));
    add(sim::log_normal_cdf(wide));
    add(sim::normal_quantile(u));
    add(sim::normal_quantile_of_hazard(positive));
    add(sim::log_gamma(positive));
  }
  for (std::uint32_t i = 0; i < 10'000; ++i) {  // a hundred times the work each
    const double shape = sim::exp(between(3 * i, -4.0, 5.0));
    const double x = shape * sim::exp(between(3 * i + 1, -1.0, 1.0));
    add(sim::gamma_p(shape, x));
    add(sim::gamma_q(shape, x));
    add(sim::gamma_quantile(shape, uniform(3 * i + 2)));
  }
  CHECK(hash == 0x8fc03e08bf992706u);
}
