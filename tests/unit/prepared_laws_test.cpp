// Laws with a table of their middle against the same laws without: error, order, seams, shares that never end; and the
// pin of their bits.
#include "sim/prepared_laws.hpp"

#include <algorithm>
#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "sim/random.hpp"

namespace sim = prisonflow::sim;
using sim::Distribution;
using sim::detail::MiddleTable;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kLeast = MiddleTable::kLeastTail;
constexpr double kLastBits = 1e-14;  // by which a law without a table may fall

struct Named {
  std::string name;
  Distribution law;
};

/// Laws that take a table, in minutes as the models have them.
std::vector<Named> tabulated() {
  return {{"gamma 0.5", Distribution::gamma(5.0, 0.5)},
          {"gamma 2", Distribution::gamma(90.0 * 1440.0, 2.0)},
          {"gamma 2.5", Distribution::gamma(165.0 * 1440.0, 2.5)},
          {"gamma 1e6", Distribution::gamma(1000.0, 1e6)},
          {"lognormal 1e-9", Distribution::lognormal(10.0, 1e-9)},
          {"lognormal 0.75", Distribution::lognormal(46.0 * 1440.0, 0.75)},
          {"lognormal 1.2", Distribution::lognormal(10.0, 1.2)},
          {"weibull 0.7", Distribution::weibull(700.0 * 1440.0, 0.7)},
          {"weibull 3", Distribution::weibull(2.0, 3.0)},
          {"weibull 1000", Distribution::weibull(2.0, 1000.0)}};
}

/// Laws that stay as they are: simple ones, and those too steep for the table.
std::vector<Named> untabulated() {
  return {{"fixed", Distribution::fixed(3.0)},
          {"exponential", Distribution::exponential(4.0)},
          {"uniform", Distribution::uniform(2.0, 5.0)},
          {"empirical", Distribution::empirical({{2.0, 0.1}, {5.0, 0.4}, {5.0, 0.55}, {8.0, 0.55}, {30.0, 1.0}})},
          {"gamma 0.01", Distribution::gamma(5.0, 0.01)},
          {"gamma, overflow", Distribution::gamma(1e305, 2.0)},
          {"lognormal 1e-15", Distribution::lognormal(10.0, 1e-15)},
          {"lognormal 5", Distribution::lognormal(10.0, 5.0)},
          {"lognormal, overflow", Distribution::lognormal(1e300, 20.0)},
          {"weibull 0.1", Distribution::weibull(2.0, 0.1)}};
}

/// `u` and its neighbours, some steps of the last bit to both sides, ascending.
void add_around(double u, std::vector<double>& uniforms) {
  constexpr int steps = 4;
  double near = u;
  for (int i = 0; i < steps; ++i) near = std::nextafter(near, 0.0);
  for (int i = 0; i <= 2 * steps; ++i, near = std::nextafter(near, 1.0)) uniforms.push_back(near);
}

/// A dense grid, the ends of (0, 1), the seams and every joint of any table of up to 64 pieces a halving.
const std::vector<double>& uniforms() {
  static const std::vector<double> all = [] {
    std::vector<double> found;
    for (std::uint32_t i = 0; i < 100'000; ++i) found.push_back(sim::draw({1, 2}, i, 0, 3).uniform53(0));
    for (int i = 1; i < 1000; ++i) found.push_back(std::ldexp(i, -53));
    for (int i = 1; i < 1000; ++i) found.push_back(1.0 - std::ldexp(i, -53));
    for (double octave = kLeast / 2.0; octave < 0.5; octave *= 2.0) {
      for (int i = 0; i < 64; ++i) {
        add_around(octave * (1.0 + i / 64.0), found);
        add_around(1.0 - octave * (1.0 + i / 64.0), found);
      }
    }
    add_around(0.5, found);
    std::sort(found.begin(), found.end());
    return found;
  }();
  return all;
}

/// How often a larger uniform gives less: anywhere in the middle, into it or out of it. Outside, where no table is,
/// `outside` is allowed.
int falls(const Distribution& law, double outside, double scale = 1.0) {
  int count = 0;
  double before = 0.0;
  double last = 0.0;
  for (const double uniform : uniforms()) {
    const double u = scale * uniform;
    const double now = law.quantile(u);
    const double base = u / (1.0 - law.never());
    const bool beyond = base < kLeast || last > 1.0 - kLeast;
    count += !(now >= (beyond ? before * (1.0 - outside) : before));
    before = now;
    last = base;
  }
  return count;
}

/// How many of the uniforms two laws disagree on, be it in the last bit.
int differences(const Distribution& one, const Distribution& other) {
  int count = 0;
  for (const double u : uniforms()) count += one.quantile(u) != other.quantile(u);
  return count;
}

}  // namespace

TEST_CASE("a prepared law has the quantiles of the law", "[prepared]") {
  for (const auto& [name, law] : tabulated()) {
    INFO(name);
    const Distribution prepared = law.prepared();
    double worst = 0.0;
    double worst_outside = 0.0;
    for (const double u : uniforms()) {
      const double error = std::abs(prepared.quantile(u) / law.quantile(u) - 1.0);
      const bool outside = u < kLeast || u > 1.0 - kLeast;
      worst = std::max(worst, error);
      if (outside) worst_outside = std::max(worst_outside, error);
    }
    CHECK(worst < 1e-8);
    CHECK(worst_outside < 1e-15);  // the clamp at the seam, in its last bit
    CHECK(differences(law, prepared) > 1000);
    for (const double u : {kLeast, 0.5, 1.0 - kLeast}) CHECK(prepared.quantile(u) == law.quantile(u));
  }
}

TEST_CASE("a larger uniform never gives a shorter duration of a prepared law", "[prepared]") {
  for (const auto& [name, law] : tabulated()) {
    INFO(name);
    CHECK(falls(law.prepared(), kLastBits) == 0);
    const Distribution split = law.prepared().with_never(0.3);
    CHECK(falls(split, kLastBits) == 0);
    CHECK(falls(split, kLastBits, 1.0 - split.never()) == 0);  // meets the seams and joints again
  }
}

TEST_CASE("a prepared law and a share that never ends", "[prepared]") {
  for (const auto& [name, law] : tabulated()) {
    INFO(name);
    const Distribution before = law.with_never(0.25).prepared();
    const Distribution after = law.prepared().with_never(0.25);
    CHECK(before.never() == 0.25);
    CHECK(differences(before, after) == 0);
    CHECK(before.quantile(0.75) == kInfinity);
    CHECK(before.quantile(0.3) == law.prepared().quantile(0.3 / 0.75));
    CHECK(before.quantile(std::nextafter(0.75, 0.0)) == law.quantile(std::nextafter(0.75, 0.0) / 0.75));
  }
}

TEST_CASE("all but the quantiles of a prepared law stay", "[prepared]") {
  for (const auto& [name, law] : tabulated()) {
    INFO(name);
    const Distribution prepared = law.prepared();
    const sim::ResidualLaw residual(law), prepared_residual(prepared);
    const sim::LengthBiasedLaw biased(law), prepared_biased(prepared);
    CHECK(prepared.mean() == law.mean());
    CHECK(prepared.family() == law.family());
    int different = 0;
    for (std::uint32_t i = 0; i < 1000; ++i) {
      const double u = uniforms()[i * 97];
      const double t = 2.0 * law.mean() * u;
      different += prepared.survival(t) != law.survival(t);
      different += prepared.cumulative_hazard(t) != law.cumulative_hazard(t);
      different += prepared.inverse_cumulative_hazard(u) != law.inverse_cumulative_hazard(u);
      different += prepared_residual.quantile(u) != residual.quantile(u);
      different += prepared_biased.quantile(u) != biased.quantile(u);
    }
    CHECK(different == 0);
  }
}

TEST_CASE("laws without a table are not changed by preparing", "[prepared]") {
  sim::PreparedLaws prepare;
  for (const auto& [name, law] : untabulated()) {
    INFO(name);
    CHECK(differences(law, law.prepared()) == 0);
    CHECK(differences(law, prepare(law)) == 0);
  }
}

TEST_CASE("laws prepared together are those prepared alone", "[prepared]") {
  sim::PreparedLaws prepare;
  for (int round = 0; round < 2; ++round) {
    for (const auto& [name, law] : tabulated()) {
      INFO(name);
      CHECK(differences(prepare(law), law.prepared()) == 0);
      const Distribution split = law.with_never(0.25);
      CHECK(prepare(split).never() == 0.25);
      CHECK(differences(prepare(split), split.prepared()) == 0);
    }
  }
}

TEST_CASE("a table is made of smooth rising curves only", "[prepared]") {
  const auto table = MiddleTable::of([](double u) { return 2.0 + u; });
  REQUIRE(table);
  for (const double u : {kLeast, 0.3, 0.5, 0.77, 1.0 - kLeast}) {
    CHECK((*table)(u, std::min(u, 1.0 - u)) == Approx(2.0 + u).epsilon(1e-15));
  }
  CHECK_FALSE(MiddleTable::of([](double u) { return 2.0 - u; }));
  CHECK_FALSE(MiddleTable::of([](double u) { return 1.0 + 1e-9 * std::sin(1000.0 * u); }));   // falls
  CHECK_FALSE(MiddleTable::of([](double u) { return 2.0 + u + 1e-3 * std::abs(u - 0.3); }));  // a kink
  CHECK_FALSE(MiddleTable::of([](double u) { return u < 0.3 ? u : kInfinity; }));             // overflow
  CHECK_FALSE(MiddleTable::of([](double) { return std::numeric_limits<double>::quiet_NaN(); }));
}

TEST_CASE("prepared laws give the same bits everywhere", "[prepared][bits]") {
  // Any compiler, optimisation level or instruction set must give this number; a change of it changes every result.
  std::uint64_t hash = 0;
  for (const auto& [name, law] : tabulated()) {
    const Distribution prepared = law.prepared();
    for (const double u : uniforms()) hash = sim::mix64(hash ^ std::bit_cast<std::uint64_t>(prepared.quantile(u))) + 1;
  }
  CHECK(hash == 0xfc72d4a98994a89eu);
}
