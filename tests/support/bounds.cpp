// See the header.
#include "tests/support/bounds.hpp"

#include <boost/math/distributions/students_t.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace prisonflow::testing {

Estimate mean_of(const std::vector<double>& sample) {
  if (sample.size() < 2) throw std::logic_error("a mean needs at least two numbers for its standard error");
  const double count = static_cast<double>(sample.size());
  double sum = 0;
  for (const double value : sample) sum += value;
  const double mean = sum / count;
  double squares = 0;
  for (const double value : sample) squares += (value - mean) * (value - mean);
  return {mean, std::sqrt(squares / (count - 1) / count), count - 1};
}

Estimate ratio_of(const std::vector<double>& parts, const std::vector<double>& wholes) {
  double part = 0;
  double whole = 0;
  for (std::size_t batch = 0; batch < parts.size(); ++batch) {
    part += parts[batch];
    whole += wholes.at(batch);
  }
  const double ratio = part / whole;
  std::vector<double> deviations;
  for (std::size_t batch = 0; batch < parts.size(); ++batch) deviations.push_back(parts[batch] - ratio * wholes[batch]);
  const double mean_whole = whole / static_cast<double>(parts.size());
  const Estimate deviation = mean_of(deviations);
  return {ratio, deviation.standard_error / mean_whole, deviation.degrees};
}

Estimate share_of(double count, double persons, double expected) {
  return {count / persons, std::sqrt(expected * (1 - expected) / persons), std::numeric_limits<double>::infinity()};
}

double tolerance(double degrees) {
  const boost::math::students_t law(std::isinf(degrees) ? 1e9 : degrees);
  return boost::math::quantile(boost::math::complement(law, kAlarmRate / 2));
}

bool agrees(const Estimate& estimate, double expected) {
  return std::abs(estimate.value - expected) <= tolerance(estimate.degrees) * estimate.standard_error;
}

namespace {

std::string story(const std::string& what, const Estimate& estimate, double expected, double wrong) {
  const auto errors = [&](double value) {
    return std::to_string((estimate.value - value) / estimate.standard_error) + " standard errors from " +
           std::to_string(value);
  };
  return what + ": " + std::to_string(estimate.value) + " +- " + std::to_string(estimate.standard_error) + ", is " +
         errors(expected) + " (expected) and " + errors(wrong) + " (twin); bound " +
         std::to_string(tolerance(estimate.degrees));
}

}  // namespace

void check_with_twin(const std::string& what, const Estimate& estimate, double expected, double wrong) {
  INFO(story(what, estimate, expected, wrong));
  CHECK(agrees(estimate, expected));
  CHECK_FALSE(agrees(estimate, wrong));
}

void check_with_twin_run(const std::string& what, const Estimate& estimate, const Estimate& wrong_run,
                         double expected) {
  INFO(story(what, estimate, expected, expected));
  CHECK(agrees(estimate, expected));
  INFO(story("twin of " + what, wrong_run, expected, expected));
  CHECK_FALSE(agrees(wrong_run, expected));
}

}  // namespace prisonflow::testing
