// Distributions against Boost.Math, their own survival functions, quadrature and closed forms; and the pin of their
// bits.
#include "sim/distributions.hpp"

#include <algorithm>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/lognormal.hpp>
#include <boost/math/distributions/poisson.hpp>
#include <boost/math/distributions/weibull.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/random.hpp"

namespace sim = prisonflow::sim;
using sim::Distribution;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double uniform(std::uint32_t i) {
  return sim::draw({5, 6}, i, 0, sim::purpose("distributions test")).uniform53(0);
}

struct Named {
  std::string name;
  Distribution distribution;
};

std::vector<sim::EmpiricalPoint> steps() {
  return {{2.0, 0.1}, {5.0, 0.4}, {5.0, 0.55}, {8.0, 0.55}, {9.0, 0.9}, {30.0, 1.0}};
}

/// Every family, plain and awkward.
std::vector<Named> every_distribution() {
  return {{"fixed", Distribution::fixed(3.0)},
          {"exponential", Distribution::exponential(4.0)},
          {"uniform", Distribution::uniform(2.0, 5.0)},
          {"uniform from 0", Distribution::uniform(0.0, 1.0)},
          {"weibull 0.5", Distribution::weibull(2.0, 0.5)},
          {"weibull 3", Distribution::weibull(2.0, 3.0)},
          {"lognormal 0.1", Distribution::lognormal(10.0, 0.1)},
          {"lognormal 1.2", Distribution::lognormal(10.0, 1.2)},
          {"gamma 0.3", Distribution::gamma(5.0, 0.3)},
          {"gamma 2.5", Distribution::gamma(5.0, 2.5)},
          {"gamma 400", Distribution::gamma(5.0, 400.0)},
          {"empirical", Distribution::empirical(steps())}};
}

/// Integral of f over (0, 1) by the double exponential rule (Takahasi and Mori 1974): ends may be singular.
/// f(u, 1 - u).
double integral(const std::function<double(double, double)>& f) {
  constexpr double step = 1.0 / 128.0;
  constexpr double half_pi = 1.57079632679489661923;
  double sum = 0.0;
  for (double t = -4.0; t <= 4.0; t += step) {
    const double x = std::exp(-2.0 * half_pi * std::sinh(t));
    const double u = 1.0 / (1.0 + x);
    const double complement = x / (1.0 + x);
    if (u <= 0.0 || complement <= 0.0 || u >= 1.0) continue;
    sum += f(u, complement) * 2.0 * half_pi * std::cosh(t) * u * complement;
  }
  return sum * step;
}

/// Integral of a function with jumps and kinks over [low, high], by many midpoints.
double plain_integral(double low, double high, const std::function<double(double)>& f) {
  constexpr int count = 20'000;
  double sum = 0.0;
  for (int i = 0; i < count; ++i) sum += f(low + (high - low) * (i + 0.5) / count);
  return sum * (high - low) / count;
}

}  // namespace

TEST_CASE("quantile and survival are inverse", "[distributions]") {
  for (const auto& [name, distribution] : every_distribution()) {
    if (distribution.family() == Distribution::Family::kFixed) continue;
    INFO(name);
    const bool jumps = distribution.family() == Distribution::Family::kEmpirical;
    double worst = 0.0;
    double worst_hazard = 0.0;
    for (std::uint32_t i = 0; i < 4000; ++i) {
      const double u = uniform(i);
      const double t = distribution.quantile(u);
      if (jumps && t == 5.0) continue;  // the jump
      worst = std::max(worst, std::abs(distribution.survival(t) - (1.0 - u)));
      const double h = -40.0 * std::log(u) * uniform(i + 4000);
      const double late = distribution.inverse_cumulative_hazard(h);
      if (late <= 0.0 || (jumps && late == 5.0) || h > (jumps ? 10.0 : 1e9)) continue;
      const double end = distribution.family() == Distribution::Family::kUniform ? 20.0 : 1e9;  // digits before the end
      if (h > end) continue;
      worst_hazard = std::max(worst_hazard, std::abs(distribution.cumulative_hazard(late) / h - 1.0));
    }
    const bool table = distribution.family() == Distribution::Family::kGamma;
    const double steep = name == "gamma 400" ? 20.0 : 1.0;  // the hazard of a narrow law magnifies an error of t
    CHECK(worst < (table ? 1e-8 * steep : 1e-13));
    CHECK(worst_hazard < (table ? 1e-7 * steep : name == "uniform" || name == "uniform from 0" ? 1e-7 : 1e-10));
  }
}

TEST_CASE("quantiles agree with Boost.Math", "[distributions]") {
  const auto check = [](const Distribution& distribution, const auto& reference, double bound) {
    double worst = 0.0;
    for (std::uint32_t i = 0; i < 600; ++i) {
      const double u = i % 2 == 0 ? uniform(i) : std::ldexp(uniform(i), -static_cast<int>(i % 50));
      const double truth = boost::math::quantile(reference, u);
      if (truth < 1e-280) continue;
      worst = std::max(worst, std::abs(distribution.quantile(u) / truth - 1.0));
    }
    CHECK(worst < bound);
  };
  check(Distribution::weibull(2.0, 0.5), boost::math::weibull(0.5, 2.0), 1e-14);
  check(Distribution::weibull(2.0, 3.0), boost::math::weibull(3.0, 2.0), 1e-14);
  check(Distribution::lognormal(10.0, 1.2), boost::math::lognormal(std::log(10.0), 1.2), 1e-14);
  for (const double shape : {0.01, 0.05, 0.3, 0.9, 1.1, 2.5, 30.0, 1e3, 1e6}) {
    INFO("shape " << shape);
    check(Distribution::gamma(7.0, shape), boost::math::gamma_distribution<>(shape, 7.0 / shape), 1e-8);
  }
}

TEST_CASE("a larger uniform never gives a shorter duration", "[distributions]") {
  std::vector<double> uniforms;
  for (std::uint32_t i = 0; i < 20'000; ++i) uniforms.push_back(sim::draw({1, 1}, i, 0, 0).uniform(0));
  for (std::uint32_t i = 0; i < 500; ++i) uniforms.push_back((i + 0.5) * 0x1p-32);
  for (std::uint32_t i = 0; i < 500; ++i) uniforms.push_back(1.0 - (i + 0.5) * 0x1p-32);
  uniforms.push_back(0x1p-53);
  uniforms.push_back(1.0 - 0x1p-53);
  std::sort(uniforms.begin(), uniforms.end());
  for (const auto& [name, distribution] : every_distribution()) {
    INFO(name);
    const sim::ResidualLaw residual(distribution);
    const sim::LengthBiasedLaw biased(distribution);
    const Distribution split = distribution.with_never(0.3);
    int falls = 0;
    std::vector<double> before(4, 0.0);
    for (const double u : uniforms) {
      const std::vector<double> now{distribution.quantile(u), residual.quantile(u), biased.quantile(u),
                                    split.quantile(u)};
      for (std::size_t i = 0; i < 4; ++i) falls += now[i] < before[i] || !(now[i] >= 0.0);
      before = now;
    }
    CHECK(falls == 0);
  }
}

TEST_CASE("means are the integrals of the quantiles", "[distributions]") {
  for (const auto& [name, distribution] : every_distribution()) {
    INFO(name);
    const Distribution& d = distribution;
    if (d.family() == Distribution::Family::kEmpirical) {
      CHECK(plain_integral(0.0, 1.0, [&](double u) { return d.quantile(u); }) == Approx(d.mean()).epsilon(1e-7));
      continue;
    }
    const double mean = integral([&](double u, double complement) {
      return u < 0.5 ? d.quantile(u) : d.inverse_cumulative_hazard(-std::log(complement));
    });
    CHECK(mean == Approx(d.mean()).epsilon(1e-8));
  }
  CHECK(Distribution::gamma(5.0, 2.5).mean() == 5.0);
  CHECK(Distribution::lognormal(10.0, 1.2).mean() == Approx(10.0 * std::exp(0.72)).epsilon(1e-14));
}

TEST_CASE("a share that never ends", "[distributions]") {
  const Distribution base = Distribution::exponential(10.0);
  const Distribution split = base.with_never(0.25);
  CHECK(split.never() == 0.25);
  CHECK(split.mean() == kInfinity);
  CHECK(split.base_mean() == 10.0);
  CHECK(split.memoryless());
  CHECK(split.quantile(0.75) == kInfinity);
  CHECK(split.quantile(0.999) == kInfinity);
  CHECK(split.quantile(0.3) == base.quantile(0.3 / 0.75));
  CHECK(split.quantile(std::nextafter(0.75, 0.0)) < 400.0);
  CHECK(split.survival(1e9) == 0.25);
  CHECK(split.survival(10.0) == Approx(0.25 + 0.75 * std::exp(-1.0)).epsilon(1e-14));
  CHECK(split.cumulative_hazard(20.0) == 2.0);
  CHECK(split.inverse_cumulative_hazard(2.0) == 20.0);
  CHECK(base.with_never(0.0).quantile(0.9) == base.quantile(0.9));
  CHECK(base.with_never(1.0).quantile(1e-9) == kInfinity);
  CHECK(split.with_never(0.5).never() == 1.0 - 0.75 * 0.5);
  for (const double u : {0.1, 0.5, 0.7}) CHECK(base.with_never(0.2).quantile(u) <= split.quantile(u));
}

TEST_CASE("special shapes fall back on simpler families", "[distributions]") {
  CHECK(Distribution::weibull(3.0, 1.0).memoryless());
  CHECK(Distribution::gamma(3.0, 1.0).memoryless());
  CHECK(Distribution::gamma(3.0, 1.0).quantile(0.4) == Distribution::exponential(3.0).quantile(0.4));
  CHECK_FALSE(Distribution::weibull(3.0, 1.1).memoryless());
  CHECK(Distribution::uniform(2.0, 2.0).quantile(0.7) == 2.0);
  CHECK(Distribution::lognormal(2.0, 0.0).quantile(0.7) == 2.0);
  const Distribution fixed = Distribution::fixed(3.0);
  CHECK(fixed.survival(2.999) == 1.0);
  CHECK(fixed.survival(3.0) == 0.0);
  CHECK(fixed.cumulative_hazard(2.0) == 0.0);
  CHECK(fixed.cumulative_hazard(3.0) == kInfinity);
  CHECK(fixed.inverse_cumulative_hazard(0.1) == 3.0);
}

TEST_CASE("an empirical distribution keeps its points", "[distributions]") {
  const Distribution d = Distribution::empirical(steps());
  CHECK(d.quantile(0.05) == Approx(1.0).epsilon(1e-14));
  CHECK(d.quantile(0.1) == 2.0);
  CHECK(d.quantile(0.25) == Approx(3.5).epsilon(1e-14));
  CHECK(d.quantile(0.5) == 5.0);       // the jump
  CHECK(d.quantile(0.55) == 5.0);      // its end
  CHECK(d.quantile(0.5500001) > 8.0);  // the gap
  CHECK(d.quantile(0.95) == Approx(19.5).epsilon(1e-14));
  CHECK(d.survival(4.999999) == Approx(0.6).epsilon(1e-6));
  CHECK(d.survival(5.0) == Approx(0.45).epsilon(1e-14));
  CHECK(d.survival(7.0) == Approx(0.45).epsilon(1e-14));
  CHECK(d.survival(30.0) == 0.0);
  CHECK(d.mean() == Approx(0.1 * 1 + 0.3 * 3.5 + 0.15 * 5 + 0.35 * 8.5 + 0.1 * 19.5).epsilon(1e-14));
  const Distribution jump = Distribution::empirical({{4.0, 0.0}, {4.0, 1.0}});
  CHECK(jump.quantile(0.5) == 4.0);
  CHECK(jump.mean() == 4.0);
  CHECK(jump.survival(3.0) == 1.0);
  CHECK(jump.survival(4.0) == 0.0);
}

TEST_CASE("parameters out of range are refused", "[distributions]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(Distribution::fixed(-1.0), std::invalid_argument);
  CHECK_THROWS_AS(Distribution::fixed(kInfinity), std::invalid_argument);
  CHECK_THROWS_AS(Distribution::exponential(0.0), std::invalid_argument);
  CHECK_THROWS_AS(Distribution::exponential(nan), std::invalid_argument);
  CHECK_THROWS_AS(Distribution::uniform(3.0, 2.0), std::invalid_argument);
  CHECK_THROWS_AS(Distribution::uniform(-1.0, 2.0), std::invalid_argument);
  CHECK_THROWS_AS(Distribution::weibull(1.0, 0.0), std::invalid_argument);
  CHECK_THROWS_AS(Distribution::weibull(1.0, nan), std::invalid_argument);
  CHECK_THROWS_AS(Distribution::lognormal(0.0, 1.0), std::invalid_argument);
  CHECK_THROWS_AS(Distribution::lognormal(1.0, -1.0), std::invalid_argument);
  CHECK_THROWS_AS(Distribution::gamma(1.0, 0.001), std::invalid_argument);
  CHECK_THROWS_AS(Distribution::gamma(0.0, 2.0), std::invalid_argument);
  CHECK_THROWS_AS(Distribution::empirical({}), std::invalid_argument);
  CHECK_THROWS_AS(Distribution::empirical({{1.0, 0.9}}), std::invalid_argument);
  CHECK_THROWS_AS(Distribution::empirical({{2.0, 0.5}, {1.0, 1.0}}), std::invalid_argument);
  CHECK_THROWS_AS(Distribution::empirical({{1.0, 0.5}, {2.0, 0.4}, {3.0, 1.0}}), std::invalid_argument);
  CHECK_THROWS_AS(Distribution::fixed(1.0).with_never(1.5), std::invalid_argument);
  CHECK_THROWS_AS(sim::ResidualLaw(Distribution::fixed(0.0)), std::invalid_argument);
  CHECK_THROWS_AS(sim::LengthBiasedLaw(Distribution::fixed(0.0)), std::invalid_argument);
  CHECK_THROWS_AS(sim::PoissonTable(-1.0), std::invalid_argument);
  CHECK_THROWS_AS(sim::PoissonTable(2e6), std::invalid_argument);
  CHECK_THROWS_AS(sim::PoissonTable(nan), std::invalid_argument);
}

TEST_CASE("the residual law is the integral of survival", "[distributions][residual]") {
  // u = (1 / mean) integral of S from 0 to t(u), by quadrature; and the closed forms.
  for (const auto& [name, distribution] : every_distribution()) {
    INFO(name);
    const Distribution& d = distribution;
    const sim::ResidualLaw residual(d);
    const bool smooth = d.family() != Distribution::Family::kEmpirical && d.family() != Distribution::Family::kFixed &&
                        d.family() != Distribution::Family::kUniform;
    for (const double u : {0.001, 0.05, 0.3, 0.5, 0.8, 0.97, 0.9999}) {
      const double t = residual.quantile(u);
      const double share = smooth ? t * integral([&](double x, double) { return d.survival(t * x); })
                                  : plain_integral(0.0, t, [&](double x) { return d.survival(x); });
      CHECK(share / d.mean() == Approx(u).epsilon(smooth ? 1e-8 : 1e-4));
    }
  }
  const sim::ResidualLaw exponential(Distribution::exponential(4.0));
  CHECK(exponential.quantile(0.3) == Distribution::exponential(4.0).quantile(0.3));
  CHECK(sim::ResidualLaw(Distribution::fixed(3.0)).quantile(0.25) == 0.75);
  const sim::ResidualLaw even(Distribution::uniform(0.0, 1.0));
  for (const double u : {0.1, 0.5, 0.9}) CHECK(even.quantile(u) == Approx(1.0 - std::sqrt(1.0 - u)).epsilon(1e-14));
  // A split distribution has the residual law of its base.
  CHECK(sim::ResidualLaw(Distribution::exponential(4.0).with_never(0.5)).quantile(0.3) == exponential.quantile(0.3));
}

TEST_CASE("the mean residual life is half the second moment over the mean", "[distributions][residual]") {
  const auto mean_of = [](const auto& law) { return integral([&](double u, double) { return law.quantile(u); }); };
  const auto check = [&](const Distribution& d, double variance_over_square, double bound) {
    const double expected = 0.5 * d.mean() * (1.0 + variance_over_square);
    CHECK(mean_of(sim::ResidualLaw(d)) == Approx(expected).epsilon(bound));
    CHECK(mean_of(sim::LengthBiasedLaw(d)) == Approx(2.0 * expected).epsilon(bound));
    CHECK(mean_of(sim::ResidualLaw(d)) != Approx(d.mean()).epsilon(1e-3));  // the twin that forgets the bias
  };
  check(Distribution::gamma(5.0, 0.3), 1.0 / 0.3, 1e-8);
  check(Distribution::gamma(5.0, 2.5), 0.4, 1e-8);
  check(Distribution::gamma(5.0, 400.0), 1.0 / 400.0, 1e-8);
  check(Distribution::lognormal(10.0, 0.1), std::expm1(0.01), 1e-8);
  check(Distribution::lognormal(10.0, 0.6), std::expm1(0.36), 1e-8);
  check(Distribution::weibull(2.0, 3.0), std::tgamma(5.0 / 3.0) / std::pow(std::tgamma(4.0 / 3.0), 2.0) - 1.0, 1e-8);
  check(Distribution::weibull(2.0, 0.7), std::tgamma(1 + 2 / 0.7) / std::pow(std::tgamma(1 + 1 / 0.7), 2.0) - 1.0,
        1e-8);
  check(Distribution::uniform(2.0, 5.0), (9.0 / 12.0) / (3.5 * 3.5), 1e-8);
}

TEST_CASE("the length-biased law weighs by length", "[distributions][residual]") {
  // Share up to t(u): the integral of the base quantile over shares up to F(t), divided by the mean.
  for (const auto& [name, distribution] : every_distribution()) {
    INFO(name);
    const Distribution& d = distribution;
    const sim::LengthBiasedLaw biased(d);
    if (d.family() == Distribution::Family::kFixed) {
      CHECK(biased.quantile(0.2) == 3.0);
      continue;
    }
    const bool smooth = d.family() != Distribution::Family::kEmpirical;
    for (const double u : {0.001, 0.05, 0.3, 0.8, 0.97}) {
      const double t = biased.quantile(u);
      if (!smooth && t == 5.0) continue;  // the jump
      const double share = 1.0 - d.survival(t);
      const double weight = smooth ? share * integral([&](double x, double) { return d.quantile(share * x); })
                                   : plain_integral(0.0, share, [&](double x) { return d.quantile(x); });
      CHECK(weight / d.mean() == Approx(u).epsilon(smooth ? 1e-7 : 1e-3));
    }
  }
}

TEST_CASE("Poisson counts follow the distribution function", "[distributions][poisson]") {
  for (const double mean : {0.0, 1e-6, 0.3, 1.0, 7.5, 60.0, 999.9, 12345.0, 1e6}) {
    INFO("mean " << mean);
    const sim::PoissonTable table(mean);
    CHECK(table.mean() == mean);
    if (mean == 0.0) {
      CHECK(table.quantile(1.0 - 0x1p-53) == 0);
      CHECK(table.quantile(0x1p-53) == 0);
      continue;
    }
    const boost::math::poisson_distribution<long double> reference(mean);
    int wrong = 0;
    const auto check = [&](double u) {
      // P(N < k) < u <= P(N <= k), up to the rounding of both sides.
      const std::uint32_t k = table.quantile(u);
      const long double slack = 1e-12L * u;
      if (boost::math::cdf(reference, static_cast<long double>(k)) < u - slack - 1e-16L) ++wrong;
      if (k > 0 && boost::math::cdf(reference, static_cast<long double>(k) - 1.0L) > u + slack + 1e-16L) ++wrong;
    };
    for (std::uint32_t i = 0; i < 200; ++i) check(uniform(i));
    for (int power = 1; power <= 53; ++power) {
      check(std::ldexp(1.0, -power));
      check(1.0 - std::ldexp(1.0, -power));
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("a larger mean never gives a smaller count", "[distributions][poisson]") {
  std::vector<double> uniforms{0x1p-53, 1e-12, 1e-6, 1.0 - 1e-6, 1.0 - 1e-12, 1.0 - 0x1p-53};
  for (std::uint32_t i = 0; i < 200; ++i) uniforms.push_back(uniform(i));
  std::vector<std::uint32_t> before(uniforms.size(), 0);
  int falls = 0;
  int rises = 0;
  const auto compare = [&](double mean) {
    const sim::PoissonTable table(mean);
    for (std::size_t i = 0; i < uniforms.size(); ++i) {
      const std::uint32_t now = table.quantile(uniforms[i]);
      falls += now < before[i];
      rises += now > before[i];
      before[i] = now;
    }
  };
  for (double mean = 0.0; mean < 40.0; mean += 0.0137) compare(mean);
  for (double mean = 40.0; mean <= 1e6; mean *= 1.03) compare(mean);
  CHECK(falls == 0);
  CHECK(rises > 10'000);
  // Means that differ in the last bits only, across a whole number where the mode moves.
  double mean = 1000.0;
  for (int i = 0; i < 50; ++i) mean = std::nextafter(mean, 0.0);
  std::fill(before.begin(), before.end(), 0);
  for (int i = 0; i < 100; ++i, mean = std::nextafter(mean, kInfinity)) compare(mean);
  CHECK(falls == 0);
}

TEST_CASE("Poisson counts never fall with the uniform", "[distributions][poisson]") {
  for (const double mean : {0.5, 20.0, 4000.0}) {
    const sim::PoissonTable table(mean);
    std::uint32_t before = 0;
    int falls = 0;
    for (int i = 0; i < 20'000; ++i) {
      const std::uint32_t now = table.quantile((i + 0.5) / 20'000);
      falls += now < before;
      before = now;
    }
    CHECK(falls == 0);
  }
}

TEST_CASE("the bits of every distribution are the same everywhere", "[distributions][bits]") {
  // Any compiler, optimisation level or instruction set must give this number; a change of it changes every result.
  std::uint64_t hash = 0;
  const auto add = [&hash](double x) { hash = sim::mix64(hash ^ std::bit_cast<std::uint64_t>(x)) + 1; };
  std::vector<Distribution> distributions;
  std::vector<sim::ResidualLaw> residual;
  std::vector<sim::LengthBiasedLaw> biased;
  for (const auto& [name, distribution] : every_distribution()) {
    distributions.push_back(distribution);
    residual.emplace_back(distribution);
    biased.emplace_back(distribution);
    add(distribution.mean());
  }
  const sim::PoissonTable few(3.7);
  const sim::PoissonTable many(54321.0);
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    const double u = uniform(i);
    const std::size_t which = i % distributions.size();
    for (const Distribution& distribution : distributions) add(distribution.quantile(u));
    add(residual[which].quantile(u));
    add(biased[which].quantile(u));
    const double t = 10.0 * u;
    add(distributions[which].survival(t));
    add(distributions[which].cumulative_hazard(t));
    add(distributions[which].inverse_cumulative_hazard(t));
    add(few.quantile(u));
    add(many.quantile(u));
  }
  CHECK(hash == 0x61fe0e05b630c32fu);
}
