// The steady state by linear algebra against closed forms, each with a twin: the same check with a wrong number, which
// must fail. Here stays, decisions, hazards, warnings, repeated cases, and what has no steady state.
#include "models/steady_state.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>
#include <string>

#include "tests/verification/steady_state_system.hpp"

using namespace prisonflow::models;
namespace sim = prisonflow::sim;

namespace {

/// E[(1 - exp(-h D)) / h] by the midpoint rule over the quantiles, slowly.
double mean_stay_by_quantiles(const sim::Distribution& law, double hazard) {
  constexpr int kSteps = 4'000'000;
  double sum = 0;
  for (int step = 0; step < kSteps; ++step) sum += -std::expm1(-hazard * law.quantile((step + 0.5) / kSteps)) / hazard;
  return sum / kSteps;
}

}  // namespace

TEST_CASE("Steady state: persons in one state are arrivals times the mean stay, whatever the law") {
  check(Steady(one_delay("\"30 days\"")).stock("start"), 300, 301, 1e-9);
  check(Steady(one_delay("{ distribution = \"exponential\", mean = \"30 days\" }")).stock("start"), 300, 301, 1e-9);
  check(
      Steady(one_delay("{ distribution = \"uniform\", shortest = \"10 days\", longest = \"60 days\" }")).stock("start"),
      350, 351, 1e-9);
  check(Steady(one_delay("{ distribution = \"gamma\", mean = \"30 days\", shape = 0.5 }")).stock("start"), 300, 301);
  check(Steady(one_delay("{ distribution = \"gamma\", mean = \"30 days\", shape = 7 }")).stock("start"), 300, 301,
        1e-7);
  check(Steady(one_delay("{ distribution = \"lognormal\", mean = \"30 days\", sigma = 1.5 }")).stock("start"), 300, 301,
        1e-7);
  check(Steady(one_delay("{ distribution = \"weibull\", scale = \"30 days\", shape = 0.6 }")).stock("start"),
        300 * std::tgamma(1 + 1 / 0.6), 300 * std::tgamma(1 + 1 / 0.61));
}

TEST_CASE("Steady state: a constant hazard of death shortens stays as the law's transform says") {
  const double hazard = 0.5 / kYear;
  const auto stock = [](const std::string& law) { return Steady(one_delay(law, kDeath)).stock("start"); };
  const auto fixed = [&](double days) { return 10 * -std::expm1(-hazard * days) / hazard; };
  check(stock("\"300 days\""), fixed(300), fixed(301));
  check(stock("{ distribution = \"exponential\", mean = \"300 days\" }"), 10 / (1.0 / 300 + hazard),
        10 / (1.0 / 301 + hazard));
  const auto gamma = [&](double shape) { return 10 * (1 - std::pow(1 + hazard * 300 / shape, -shape)) / hazard; };
  check(stock("{ distribution = \"gamma\", mean = \"300 days\", shape = 0.4 }"), gamma(0.4), gamma(0.41));
  check(stock("{ distribution = \"gamma\", mean = \"300 days\", shape = 3 }"), gamma(3), gamma(3.1));
  const auto uniform = [&](double low, double high) {
    const double completed = (std::exp(-hazard * low) - std::exp(-hazard * high)) / (hazard * (high - low));
    return 10 * (1 - completed) / hazard;
  };
  check(stock("{ distribution = \"uniform\", shortest = \"100 days\", longest = \"900 days\" }"), uniform(100, 900),
        uniform(100, 901));
  check(stock("{ distribution = \"lognormal\", median = \"300 days\", sigma = 1.2 }"),
        10 * mean_stay_by_quantiles(sim::Distribution::lognormal(300, 1.2), hazard),
        10 * mean_stay_by_quantiles(sim::Distribution::lognormal(300, 1.21), hazard));
  check(stock("{ distribution = \"weibull\", scale = \"300 days\", shape = 0.7 }"),
        10 * mean_stay_by_quantiles(sim::Distribution::weibull(300, 0.7), hazard),
        10 * mean_stay_by_quantiles(sim::Distribution::weibull(300, 0.71), hazard));
}

TEST_CASE("Steady state: decisions split by class") {
  const Steady steady(R"(
[classes]
sex = ["male", "female"]
[arrivals.newcomers.mix]
sex = { male = 0.75, female = 0.25 }
[states.start]
kind = "decision"
grade = "assumed"
shares = { held = 0.4, out = "rest" }
shares_by.sex.female = { held = 0.5 }
[states.held]
kind = "custody"
grade = "assumed"
next = "out"
duration = "100 days"
duration_by.sex.female = 0.5
)");
  const double women = 0.2 / (0.2 + 0.6);  // odds ratio one half
  check(steady.entries("held"), 10 * (0.75 * 0.4 + 0.25 * women), 10 * 0.4, 1e-6);
  check(steady.stock("held"), 10 * (0.75 * 0.4 * 100 + 0.25 * women * 50), 10 * (0.75 * 0.4 + 0.25 * women) * 100,
        1e-6);
  check(steady.entries("start", 1), 2.5, 7.5);
}

TEST_CASE("Steady state: hazards compete") {
  const Steady steady(kDeath + R"(
[states.start]
grade = "assumed"
kind = "supervision"
term = "400 days"
next = "out"
on_breach = "revoked"
breach = 0.8
[states.revoked]
grade = "assumed"
kind = "custody"
duration = "50 days"
mortality_ratio = 0
next = "out"
)");
  const auto stay = [](double hazard) { return -std::expm1(-hazard * 400 / kYear) / hazard * kYear; };
  check(steady.stock("start"), 10 * stay(1.3), 10 * stay(1.31));
  check(steady.entries("revoked"), 10 * stay(1.3) * 0.8 / kYear, 10 * stay(1.3) * 0.81 / kYear);
  check(steady.stock("revoked"), 50 * steady.entries("revoked"), 51 * steady.entries("revoked"));
}

TEST_CASE("Steady state: warnings leave a measure's end where it was") {
  const auto text = [](const std::string& breach) {
    return R"(
[states.start]
grade = "assumed"
kind = "supervision"
term = "400 days"
next = "out"
on_breach = "hearing"
breach = 2
)" + breach;
  };
  const Steady steady(
      text("[states.hearing]\nkind = \"decision\"\ngrade = \"assumed\"\nshares = { start = 0.75, out = \"rest\" }\n"));
  const auto stay = [](double revoked) { return -std::expm1(-2 * revoked * 400 / kYear) / (2 * revoked) * kYear; };
  check(steady.stock("start"), 10 * stay(0.25), 10 * stay(0.26));
  check(steady.entries("hearing"), 20 * stay(0.25) / kYear, 20 * stay(0.26) / kYear);
  check(steady.entries("start"), 10, 10 + 15 * stay(0.25) / kYear);  // a warning is no new entry
}

TEST_CASE("Steady state: a warning that takes time uses the measure up") {
  // Back after a fixed time d: the chance to be there with x left solves a renewal equation; with breach b and no loss,
  // m(x) = (1 - exp(-b x)) / b + integral of b exp(-b t) m(x - t - d) over t, m = 0 below 0. Solved here step by step.
  const Steady steady(R"(
[states.start]
grade = "assumed"
kind = "supervision"
term = "400 days"
next = "out"
on_breach = "hearing"
breach = 2
[states.hearing]
kind = "delay"
grade = "assumed"
duration = "60 days"
next = "start"
)");
  const auto stay = [](double length, double waited) {
    constexpr double kStep = 0.05;
    const double hazard = 2 / kYear;
    const auto steps = static_cast<std::size_t>(length / kStep + 0.5);
    const auto shift = static_cast<std::size_t>(waited / kStep + 0.5);
    std::vector<double> mean(steps + 1, 0.0);
    double integral = 0;
    for (std::size_t at = 1; at <= steps; ++at) {
      // integral(x + s) = exp(-b s) integral(x) + b m s, by the midpoint of the last step
      const double newest = at > shift ? 0.5 * (mean[at - shift] + mean[at - shift - 1]) : 0.0;
      integral = integral * std::exp(-hazard * kStep) + -std::expm1(-hazard * kStep) * newest;
      mean[at] = -std::expm1(-hazard * kStep * static_cast<double>(at)) / hazard + integral;
    }
    return mean[steps];
  };
  check(steady.stock("start"), 10 * stay(400, 60), 10 * stay(400, 70), 3e-4);
  CHECK(steady.entries("out") == Approx(10).epsilon(1e-9));
}

TEST_CASE("Steady state: a geometric number of cases") {
  const auto text = [](const std::string& never) {
    return R"(
[states.start]
grade = "assumed"
kind = "custody"
duration = "100 days"
next = "community"
[states.community]
grade = "assumed"
kind = "liberty"
leaving = 0.3
next = "out"
[reoffending]
grade = "assumed"
to = "start"
time = { distribution = "exponential", mean = "500 days", never = )" +
           never + " }\n";
  };
  const auto cases = [](double never) {
    const double again = (1 - never) * (1 / 500.0) / (1 / 500.0 + 0.3 / kYear);
    return 10 / (1 - again);
  };
  const Steady steady(text("0.4"));
  check(steady.entries("start"), cases(0.4), cases(0.41));
  check(steady.stock("start"), 100 * cases(0.4), 100 * cases(0.41));
  check(steady.susceptible("community"), 0.6 * cases(0.4) / (1 / 500.0 + 0.3 / kYear),
        0.6 * cases(0.4) / (1 / 510.0 + 0.3 / kYear));
  check(steady.stock("community") - steady.susceptible("community"), 0.4 * cases(0.4) * kYear / 0.3,
        0.4 * cases(0.4) * kYear / 0.31);
  check(Steady(text("0.0")).entries("start"), cases(0), cases(0.01));
  CHECK(steady.entries("out") == Approx(10).epsilon(1e-9));
}

TEST_CASE("Steady state: convictions move people through the bands of priors") {
  const Steady steady(R"(
[classes]
offence = ["theft", "other"]
prior = [0, 1, 3]
[arrivals.newcomers.mix]
prior = { 0 = 0.5, 1-2 = 0.5 }
offence = { theft = 0.25, other = 0.75 }
[states.start]
kind = "decision"
grade = "assumed"
shares = { convicted = 0.8, community = "rest" }
[states.convicted]
grade = "assumed"
kind = "decision"
conviction = true
shares = { community = 1 }
[states.community]
grade = "assumed"
kind = "liberty"
leaving = 0.3
next = "out"
[reoffending]
grade = "assumed"
to = "start"
time = { distribution = "exponential", mean = "500 days" }
same_offence = 0.6
[reoffending.mix]
offence = { theft = 0.9, other = 0.1 }
)");
  const auto expected = [](double convicted) {
    const double again = (1 / 500.0) / (1 / 500.0 + 0.3 / kYear);
    std::vector<double> by_band(3, 0.0);
    for (const int first : {0, 1}) {
      std::vector<double> cases(2000, 0.0);
      cases[static_cast<std::size_t>(first)] = 5;
      // z(n) = y(n) / (1 - again (1 - convicted)), then on to n + 1
      for (std::size_t priors = 0; priors + 1 < cases.size(); ++priors) {
        cases[priors] /= 1 - again * (1 - convicted);
        by_band[priors == 0 ? 0 : priors < 3 ? 1 : 2] += cases[priors];
        cases[priors + 1] += cases[priors] * again * convicted;
      }
    }
    return by_band;
  };
  const auto band = [&](std::uint16_t prior) {
    double sum = 0;
    for (std::uint32_t cell = 0; cell < steady.model().cells().count; ++cell) {
      if (steady.model().cells().label(cell, Trait::prior) == prior) sum += steady.entries("start", cell);
    }
    return sum;
  };
  for (std::uint16_t prior = 0; prior < 3; ++prior) check(band(prior), expected(0.8)[prior], expected(0.81)[prior]);
  // Offences: cases of theft t = 2.5 + again ((0.6 + 0.4 × 0.9) t + 0.4 × 0.9 o), and t + o are all.
  const double again = (1 / 500.0) / (1 / 500.0 + 0.3 / kYear);
  const double all = 10 / (1 - again);
  const auto theft = [&](double same) { return (2.5 + again * (1 - same) * 0.9 * all) / (1 - again * same); };
  double found = 0;
  for (std::uint32_t cell = 0; cell < steady.model().cells().count; ++cell) {
    if (steady.model().cells().label(cell, Trait::offence) == 0) found += steady.entries("start", cell);
  }
  check(found, theft(0.6), theft(0.61));
}

TEST_CASE("Steady state: no steady state, no number") {
  const auto never_leaves = R"(
[states.start]
grade = "assumed"
kind = "custody"
term = "life"
)";
  CHECK_THROWS_AS(Steady(std::string(never_leaves) + "[mortality]\ngrade = \"assumed\"\nto = \"out\"\nrate = 0\n"),
                  std::domain_error);
  CHECK_NOTHROW(Steady(never_leaves + kDeath));
  const auto for_ever = [](const std::string& leaving) {
    return "[states.start]\nkind = \"liberty\"\ngrade = \"assumed\"\nnext = \"out\"\nleaving = " + leaving + R"(
[reoffending]
grade = "assumed"
to = "start"
time = { distribution = "exponential", mean = "500 days" }
)";
  };
  CHECK_THROWS_AS(Steady(for_ever("0")), std::domain_error);
  CHECK_NOTHROW(Steady(for_ever("0.01")));
}

TEST_CASE("Steady state: what it does not cover is said") {
  const auto said = [](const std::string& text, const std::string& first = "start") {
    const Steady steady(text, first);
    std::string all;
    for (const std::string& sentence : outside_steady_state(steady.model())) all += sentence + "\n";
    return all;
  };
  const auto again = [](const std::string& law) {
    return R"(
[states.start]
kind = "liberty"
grade = "assumed"
next = "out"
leaving = 0.3
[reoffending]
grade = "assumed"
to = "start"
time = )" + law +
           "\n";
  };
  CHECK(said(again("{ distribution = \"exponential\", mean = \"500 days\", never = 0.5 }")).empty());
  CHECK_THAT(said(again("{ distribution = \"weibull\", scale = \"500 days\", shape = 0.7 }")),
             Catch::Contains("weibull"));
  const auto service = [](const std::string& limit) {
    return "[states.start]\nkind = \"service\"\ngrade = \"assumed\"\nnext = \"out\"\nservice = \"courts\"\nduration = "
           "\"9 days\"\n"
           "[services.courts]\nlabel = \"Courts\"\n" +
           limit;
  };
  CHECK(said(service("")).empty());
  CHECK_THAT(said(service("grade = \"assumed\"\nservers = 200\n")), Catch::Contains("`courts`"));
  const auto rest = [](const std::string& term) {
    return "[states.start]\nkind = \"supervision\"\ngrade = \"assumed\"\nnext = \"out\"\nbreach = 0\non_breach = "
           "\"out\"\nterm = " +
           term + "\n";
  };
  CHECK(said(rest("\"90 days\"")).empty());
  CHECK_THAT(said(rest("\"remainder\"")), Catch::Contains("before any term"));
}
