// Uncertain parameters are drawn with the laws the scenario names, each by its path: triangle, even, normal and
// lognormal.
#include <catch2/catch.hpp>
#include <cmath>

#include "tests/support/bounds.hpp"
#include "tests/support/world.hpp"

namespace prisonflow::testing {
namespace {

const std::string kDrawn = R"(parameters = "drawn"
[arrivals.a]
to = "choice"
rate = { draw = "lognormal", median = 100, sigma = 0.3 }
[states.choice]
kind = "decision"
shares = { prison = { low = 0.1, central = 0.2, high = 0.6 }, probation = { draw = "uniform", low = 0.1, high = 0.3 }, out = "rest" }
[states.prison]
kind = "custody"
term = "100 days"
automatic_release = { draw = "normal", mean = 0.6, sd = 0.05 }
next = "out"
[states.probation]
kind = "supervision"
term = "100 days"
next = "out"
[states.out]
kind = "exit"
)";

TEST_CASE("uncertain parameters: means, quartiles and independence of the four laws") {
  const World world(header("2010-01-01", "2011-01-01") + kDrawn);
  const models::Scenario& scenario = world.scenario();
  constexpr std::uint32_t kDraws = 100000;
  const auto index = [&](const std::string& path) {
    for (std::size_t place = 0; place < scenario.parameters.size(); ++place) {
      if (scenario.parameters[place].path == path) return place;
    }
    throw std::logic_error("no number " + path);
  };
  const std::size_t triangle = index("states.choice.shares.prison");
  const std::size_t even = index("states.choice.shares.probation");
  const std::size_t normal = index("states.prison.automatic_release");
  const std::size_t lognormal = index("arrivals.a.rate");
  std::vector<double> drawn[4];
  for (std::uint32_t number = 0; number < kDraws; ++number) {
    const models::Valuation values = models::draw_values(scenario, sim::stream_key(5, number));
    drawn[0].push_back(values[triangle]);
    drawn[1].push_back(values[even]);
    drawn[2].push_back(values[normal]);
    drawn[3].push_back(std::log(values[lognormal]));
  }
  const auto below = [&](int which, double bound, double expected) {
    double count = 0;
    for (const double value : drawn[which]) count += value < bound ? 1 : 0;
    return share_of(count, kDraws, expected);
  };
  check_with_twin("triangle, mean", mean_of(drawn[0]), 0.9 / 3, 0.31);
  check_with_twin("triangle, below the central value", below(0, 0.2, 0.2), 0.2, 0.21);
  check_with_twin("triangle, above 0.4", below(0, 0.4, 0.8), 1 - 0.04 / 0.2, 0.81);
  check_with_twin("even, mean", mean_of(drawn[1]), 0.2, 0.202);
  check_with_twin("even, below 0.15", below(1, 0.15, 0.25), 0.25, 0.26);
  check_with_twin("normal, mean", mean_of(drawn[2]), 0.6, 0.602);
  check_with_twin("normal, below one standard deviation", below(2, 0.55, 0.158655), 0.158655, 0.17);
  check_with_twin("lognormal, mean of the logarithm", mean_of(drawn[3]), std::log(100), std::log(101));
  check_with_twin("lognormal, below one sigma", below(3, std::log(100) - 0.3, 0.158655), 0.158655, 0.17);
  std::vector<double> product;
  std::vector<double> same;
  for (std::uint32_t number = 0; number < kDraws; ++number) {
    product.push_back((drawn[1][number] - 0.2) / 0.1 * (drawn[2][number] - 0.6) / 0.05);
    same.push_back((drawn[2][number] - 0.6) / 0.05 * (drawn[2][number] - 0.6) / 0.05);
  }
  check_with_twin_run("correlation of two parameters", mean_of(product), mean_of(same), 0);
}

TEST_CASE("uncertain parameters: without drawing all have their central value") {
  const World world(replaced(header("2010-01-01", "2011-01-01") + kDrawn, "\"drawn\"", "\"central\""));
  for (const std::uint32_t number : {0u, 1u, 17u}) {
    const models::Valuation values = models::draw_values(world.scenario(), sim::stream_key(5, number));
    for (std::size_t place = 0; place < values.size(); ++place)
      CHECK(values[place] == world.scenario().parameters[place].value);
  }
}

}  // namespace
}  // namespace prisonflow::testing
