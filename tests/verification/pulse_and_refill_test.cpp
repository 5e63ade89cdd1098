// An amnesty empties a quarter of the prison, and intake fills it again: as fast as intake and stay say, however terms
// are distributed. The stock is M/G/infinity: those released would have left by and by, with the survival of a residual
// stay, so the gap closes like that survival.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "tests/support/bounds.hpp"
#include "tests/support/world.hpp"

namespace prisonflow::testing {
namespace {

constexpr double kPersonsADay = 4;
constexpr double kMeanTerm = 400;  // days
constexpr std::uint32_t kReplications = 40;

std::string prison(const std::string& term) {
  std::string text = header("2010-01-01", "2014-01-01");
  text += "initial = \"stationary\"\n";
  return text + "[arrivals.a]\nto = \"prison\"\nrate = " + std::to_string(kPersonsADay * 365.2425) +
         "\n[states.prison]\nkind = \"custody\"\nterm = " + term +
         "\nnext = \"out\"\n[states.out]\nkind = \"exit\"\n"
         "[amnesties.day]\non = 2011-01-01\nfrom = [\"prison\"]\nto = \"out\"\nshare = 0.25\n";
}

/// The stock on the first of each month, in each replication.
std::vector<std::vector<double>> stocks(const World& world) {
  std::vector<std::vector<double>> found(world.months());
  for (std::uint32_t number = 0; number < kReplications; ++number) {
    const auto result = world.run(number);
    for (std::size_t month = 0; month < world.months(); ++month) {
      found[month].push_back(world.state(result, "stock", month, "prison"));
    }
  }
  return found;
}

/// What is left of the gap so many days after: the survival of the residual stay, for a survival of terms.
double gap(const std::function<double(double)>& survival, double days) {
  double sum = 0;
  constexpr double kStep = 0.25;
  for (double t = days + kStep / 2; t < 20 * kMeanTerm; t += kStep) sum += survival(t) * kStep;
  return sum / kMeanTerm;
}

struct Terms {
  std::string name, text;
  std::function<double(double)> survival;
};

TEST_CASE("pulse and refill: after an amnesty of a quarter the stock comes back as intake and stay say") {
  const std::vector<Terms> all{
      {"exponential terms", "{ distribution = \"exponential\", mean = \"400 days\" }",
       [](double t) { return std::exp(-t / kMeanTerm); }},
      {"even terms", "{ distribution = \"uniform\", shortest = \"100 days\", longest = \"700 days\" }",
       [](double t) { return std::clamp((700 - t) / 600, 0.0, 1.0); }},
      {"one fixed term", "\"400 days\"", [](double t) { return t < kMeanTerm ? 1.0 : 0.0; }},
  };
  for (std::size_t kind = 0; kind < all.size(); ++kind) {
    const Terms& terms = all[kind];
    const Terms& other = all[(kind + 1) % all.size()];
    const World world(prison(terms.text));
    const auto found = stocks(world);
    const double level = kPersonsADay * kMeanTerm;
    for (const std::size_t months : {0, 3, 6, 9, 30}) {
      const std::size_t month = 12 + months;
      const double days = world.measures().months()[month] - world.measures().months()[12];
      // Of the day of the amnesty itself the measure shows the midnight before it.
      const double expected = months == 0 ? level : level * (1 - 0.25 * gap(terms.survival, days));
      const double wrong = months == 0    ? 0.75 * level
                           : months == 30 ? 0.95 * level
                                          : level * (1 - 0.25 * gap(other.survival, days));
      const std::string what = terms.name + ", " + std::to_string(months) + " months after";
      if (std::abs(wrong - expected) > 50) {
        check_with_twin(what, mean_of(found[month]), expected, wrong);
      } else {
        INFO(what << ": " << mean_of(found[month]).value << ", expected " << expected);
        CHECK(agrees(mean_of(found[month]), expected));
      }
    }
  }
}

}  // namespace
}  // namespace prisonflow::testing
