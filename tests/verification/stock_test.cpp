// Stocks against mathematics: M/G/infinity from an empty start (mean by the integral of the survival function, ramps,
// Poisson variance) for every family of durations, exact flow balance in whole numbers, and Little's law state by
// state.
//
// An infinite-server queue with Poisson arrivals has a Poisson stock whose mean at T is the integral of
// rate(u) S(T - u) du, whatever the law S of the stay (Eick, Massey and Whitt, Management Science 39, 1993). Bounds and
// false-alarm rate: tests/support/bounds.hpp; the twins are rates and stays 5 per cent off (Little's law: 2 per cent).
#include <boost/math/special_functions/gamma.hpp>
#include <catch2/catch.hpp>
#include <cmath>

#include "tests/support/bounds.hpp"
#include "tests/support/world.hpp"

namespace prisonflow::testing {
namespace {

/// A law as the scenario writes it and, independently, its survival function; days.
struct Stay {
  std::string name;
  std::string text;
  std::function<double(double)> survival;
};

std::vector<Stay> stays() {
  const auto normal_tail = [](double z) { return 0.5 * std::erfc(z / std::sqrt(2.0)); };
  return {
      {"fixed", "\"60 days\"", [](double t) { return t < 60 ? 1.0 : 0.0; }},
      {"exponential", "{ distribution = \"exponential\", mean = \"60 days\" }",
       [](double t) { return std::exp(-t / 60); }},
      {"uniform", "{ distribution = \"uniform\", shortest = \"20 days\", longest = \"100 days\" }",
       [](double t) { return t < 20    ? 1.0
                             : t < 100 ? (100 - t) / 80
                                       : 0.0; }},
      {"weibull", "{ distribution = \"weibull\", scale = \"55 days\", shape = 0.8 }",
       [](double t) { return std::exp(-std::pow(t / 55, 0.8)); }},
      {"lognormal", "{ distribution = \"lognormal\", mean = \"60 days\", sigma = 0.9 }",
       [normal_tail](double t) { return t <= 0 ? 1.0 : normal_tail((std::log(t / 60) + 0.405) / 0.9); }},
      {"gamma", "{ distribution = \"gamma\", mean = \"60 days\", shape = 2.5 }",
       [](double t) { return boost::math::gamma_q(2.5, t * 2.5 / 60); }},
      {"empirical", "{ distribution = \"empirical\", table = \"stay.csv\" }",
       [](double t) {
         return t < 30 ? 1 - t / 30 * 0.3 : t < 80 ? 0.7 - (t - 30) / 50 * 0.5 : t < 180 ? 0.2 * (180 - t) / 100 : 0.0;
       }},
      {"split", "{ distribution = \"exponential\", mean = \"50 days\", never = 0.05 }",
       [](double t) { return 0.05 + 0.95 * std::exp(-t / 50); }},
  };
}

const Tables kStayTable{{"stay.csv", "duration,share\n30 days,0.3\n80 days,0.8\n180 days,1\n"}};

/// The integral of S from `from` to `to` days, in steps of an hour (trapezoid, so exact but for the curvature).
double integral(const std::function<double(double)>& survival, double from, double to) {
  const auto steps = static_cast<int>((to - from) * 24) + 1;
  const double width = (to - from) / steps;
  double sum = 0.5 * (survival(from) + survival(to));
  for (int step = 1; step < steps; ++step) sum += survival(from + step * width);
  return sum * width;
}

constexpr int kCopies = 24;          // of each law, side by side and independent, in one run
constexpr std::uint32_t kRuns = 24;  // replications
constexpr double kPerDay = 2;        // arrivals a day of each copy in the first year; half as many after it

TEST_CASE("stock: M/G/infinity has the exact mean on the way up, in the steady state and after the intake is halved") {
  std::string text = header("2011-01-01", "2013-01-02");
  for (const Stay& stay : stays()) {
    for (int copy = 0; copy < kCopies; ++copy) {
      const std::string name = stay.name + "_" + std::to_string(copy);
      text += "[arrivals.to_" + name + "]\nto = \"" + name +
              "\"\nrate = { between = \"steps\", on = { 2011-01-01 = 730.485, 2012-01-01 = 365.2425 } }\n[states." +
              name + "]\nkind = \"delay\"\nnext = \"out\"\nduration = " + stay.text + "\n";
    }
  }
  const World world(text + "[states.out]\nkind = \"exit\"\n", kStayTable);
  std::vector<models::ReplicationResult> results;
  for (std::uint32_t run = 0; run < kRuns; ++run) results.push_back(world.run(run));

  for (const Stay& stay : stays()) {
    const auto expected = [&](sim::Day day, double first_year_rate) {
      const double year = 365;
      if (day <= year) return first_year_rate * integral(stay.survival, 0, day);
      return first_year_rate * integral(stay.survival, day - year, day) +
             kPerDay / 2 * integral(stay.survival, 0, day - year);
    };
    for (const std::size_t month : {1u, 3u, 12u, 13u, 24u}) {
      std::vector<double> stocks;
      for (const auto& result : results) {
        for (int copy = 0; copy < kCopies; ++copy) {
          stocks.push_back(world.state(result, "stock", month, stay.name + "_" + std::to_string(copy)));
        }
      }
      const sim::Day day = world.measures().months()[month];
      const double mean = expected(day, kPerDay);
      // The twin: intake 5 per cent higher from the start.
      check_with_twin(stay.name + ", mean stock on day " + std::to_string(day), mean_of(stocks), mean, mean * 1.05);
    }
    // Poisson: the mean squared deviation from the known mean is the mean itself. Twins: regular or batched arrivals.
    std::vector<double> dispersion;
    for (const auto& result : results) {
      for (int copy = 0; copy < kCopies; ++copy) {
        double sum = 0;
        for (const std::size_t month : {3u, 6u, 9u, 12u, 15u, 18u, 21u, 24u}) {
          const double mean = expected(world.measures().months()[month], kPerDay);
          const double deviation = world.state(result, "stock", month, stay.name + "_" + std::to_string(copy)) - mean;
          sum += deviation * deviation / mean / 8;
        }
        dispersion.push_back(sum);
      }
    }
    check_with_twin(stay.name + ", variance over mean", mean_of(dispersion), 1, 0.75);
    check_with_twin(stay.name + ", variance over mean", mean_of(dispersion), 1, 1.25);
  }
}

/// States of every kind, unlimited, nobody returns: what goes in must come out.
const char* const kPipeline = R"(
[arrivals.suspects]
to = "charge"
rate = 4000
[states.charge]
kind = "decision"
shares = { detention = 0.6, investigation = "rest" }
[states.detention]
kind = "custody"
pretrial = true
next = "hearing"
duration = { distribution = "gamma", mean = "80 days", shape = 2 }
[states.investigation]
kind = "delay"
next = "hearing"
duration = { distribution = "lognormal", mean = "50 days", sigma = 0.7 }
[states.hearing]
kind = "service"
service = "courts"
next = "verdict"
duration = { distribution = "uniform", shortest = "2 days", longest = "30 days" }
[services.courts]
servers = 100000
[states.verdict]
kind = "decision"
shares = { prison = 0.45, probation = 0.35, community = "rest" }
[states.prison]
kind = "custody"
next = "parole"
automatic_release = 0.6
pretrial_credit = 0
term = { distribution = "uniform", shortest = "6 months", longest = "30 months" }
[states.parole]
kind = "supervision"
term = "remainder"
next = "community"
on_breach = "community"
breach = 0.5
[states.probation]
kind = "supervision"
duration = { distribution = "weibull", scale = "300 days", shape = 1.5 }
next = "community"
[states.community]
kind = "liberty"
next = "out"
leaving = 1.25
[states.out]
kind = "exit"
)";

TEST_CASE("stock: flow balance holds exactly, month by month and state by state") {
  const World world(header("2010-01-01", "2016-01-01") + kPipeline);
  const auto result = world.run();
  const auto stock = [&](std::size_t month, const std::string& state) {
    return world.state(result, "stock", month, state);
  };
  const auto entries = [&](std::size_t month, const std::string& state) {
    return world.state(result, "entries", month, state);
  };
  // What leaves a state enters the states that only it feeds; `lost` is the twin's dropped release.
  const auto unbalanced = [&](double lost) {
    std::string found;
    for (std::size_t month = 0; month + 1 < world.months(); ++month) {
      const auto left = [&](const std::string& state) {
        return stock(month, state) + entries(month, state) - stock(month + 1, state);
      };
      const double to_community = entries(month, "verdict") - entries(month, "prison") - entries(month, "probation");
      const bool sound = entries(month, "charge") == entries(month, "detention") + entries(month, "investigation") &&
                         left("detention") + left("investigation") == entries(month, "hearing") &&
                         left("hearing") == entries(month, "verdict") &&
                         left("prison") - (month == 40 ? lost : 0) == entries(month, "parole") &&
                         left("parole") + left("probation") + to_community == entries(month, "community") &&
                         left("community") == entries(month, "out");
      if (!sound) found += std::to_string(month) + " ";
    }
    return found;
  };
  CHECK(unbalanced(0) == "");
  CHECK(unbalanced(1) == "40 ");
}

TEST_CASE("stock: Little's law, entries times mean stay = person-time, in every timed state") {
  const World world(header("2010-01-01", "2040-01-01") + kPipeline);
  constexpr std::size_t kWarm = 120;
  constexpr double kYear = 365.2425;
  constexpr double kMonth = kYear / 12;
  // Parole lasts until the end of the term or a breach: the rest R is uniform over 40 % of 6 to 30 months, and the mean
  // stay is E[1 - exp(-h R)] / h.
  const double h = 0.5 / kYear;
  const double shortest = 0.4 * 6 * kMonth;
  const double longest = 0.4 * 30 * kMonth;
  const double parole = (1 - (std::exp(-h * shortest) - std::exp(-h * longest)) / (h * (longest - shortest))) / h;
  const std::vector<std::pair<std::string, double>> mean_days = {{"detention", 80},
                                                                 {"investigation", 50},
                                                                 {"hearing", 16},
                                                                 {"prison", 0.6 * 18 * kMonth},
                                                                 {"parole", parole},
                                                                 {"probation", 300 * std::tgamma(1 + 1 / 1.5)},
                                                                 {"community", kYear / 1.25}};
  std::vector<models::ReplicationResult> results;
  for (std::uint32_t run = 0; run < 20; ++run) results.push_back(world.run(run));
  for (const auto& [state, days] : mean_days) {
    std::vector<double> time;
    std::vector<double> expected;
    for (const auto& result : results) {
      double years = 0;
      for (std::size_t month = kWarm; month < world.months(); ++month)
        years += world.state(result, "person_years", month, state);
      time.push_back(years * kYear);
      expected.push_back(world.entries(result, state, kWarm, world.months()) * days);
    }
    check_with_twin("Little's law in " + state, ratio_of(time, expected), 1, 1.02);
  }
}

}  // namespace
}  // namespace prisonflow::testing
