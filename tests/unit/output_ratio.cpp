// The interval of a ratio against an example worked by hand, and against what Fieller's theorem says of its ends.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "output/ratio_interval.hpp"
#include "output/statistics.hpp"

using namespace prisonflow::output;

namespace {

/// How many standard errors the mean of (numerator - ratio × denominator) is from 0.
double distance_from_zero(const std::vector<double>& a, const std::vector<double>& b, double ratio) {
  std::vector<double> rest;
  for (std::size_t i = 0; i < a.size(); ++i) rest.push_back(a[i] - ratio * b[i]);
  return std::abs(mean(rest)) / standard_error(rest);
}

}  // namespace

TEST_CASE("the interval of a ratio of means: an example worked by hand") {
  // Means 4 and 2; variances of the means 8/20 and 2/20, covariance 2/20 (sums 8, 2, 2 over n(n-1) = 20). With t = 2:
  // (4 - 0.4) r² - 2 (8 - 0.4) r + (16 - 1.6) = 0, so r = (7.6 ± √(57.76 - 51.84)) / 3.6.
  const std::vector<double> a = {2, 4, 4, 4, 6}, b = {1.5, 2.5, 1, 2.5, 2.5};
  const RatioInterval sums_checked = ratio_of_means(a, b, 0);
  CHECK(sums_checked.value == 2);
  CHECK(sums_checked.low == Approx(2));
  CHECK(sums_checked.high == Approx(2));
  const RatioInterval ratio = ratio_of_means(a, b, 2);
  CHECK(ratio.determined);
  CHECK(ratio.low == Approx((7.6 - std::sqrt(5.92)) / 3.6));
  CHECK(ratio.high == Approx((7.6 + std::sqrt(5.92)) / 3.6));
}

TEST_CASE("at the ends of the interval the difference is just significant") {
  const std::vector<double> a = {-812, -790, -845, -801, -770, -833}, b = {95, 101, 110, 88, 92, 104};
  for (const double t : {1.0, 2.571, 4.0}) {
    const RatioInterval ratio = ratio_of_means(a, b, t);
    REQUIRE(ratio.determined);
    CHECK(ratio.low < ratio.value);
    CHECK(ratio.value < ratio.high);
    CHECK(distance_from_zero(a, b, ratio.low) == Approx(t));
    CHECK(distance_from_zero(a, b, ratio.high) == Approx(t));
    CHECK(distance_from_zero(a, b, ratio.low - 0.1) > t);
  }
}

TEST_CASE("a ratio to something that may be nothing is not determined") {
  const std::vector<double> a = {10, 11, 9, 10}, around_zero = {-1, 1, 0.5, -0.4}, zero = {0, 0, 0, 0};
  CHECK_FALSE(ratio_of_means(a, around_zero, 3.182).determined);
  CHECK(std::isnan(ratio_of_means(a, around_zero, 3.182).low));
  CHECK_FALSE(ratio_of_means(a, zero, 3.182).determined);
  CHECK(std::isnan(ratio_of_means(a, zero, 3.182).value));
  CHECK_FALSE(ratio_of_means(std::vector<double>{3}, std::vector<double>{2}, 12.7).determined);
  CHECK(ratio_of_means(std::vector<double>{3}, std::vector<double>{2}, 12.7).value == 1.5);
  CHECK(std::isnan(ratio_of_means({}, {}, 2).value));
  // Without any spread there is nothing uncertain.
  const RatioInterval certain = ratio_of_means(std::vector<double>{6, 6, 6}, std::vector<double>{-2, -2, -2}, 4.3);
  CHECK(certain.determined);
  CHECK(certain.low == -3);
  CHECK(certain.high == -3);
}

TEST_CASE("a pair with a missing part is left out of a ratio") {
  const double missing = std::numeric_limits<double>::quiet_NaN();
  const RatioInterval all =
      ratio_of_means(std::vector<double>{2, 4, 3, missing, 9}, std::vector<double>{1, 2, 2, 5, missing}, 4.303);
  const RatioInterval pairs = ratio_of_means(std::vector<double>{2, 4, 3}, std::vector<double>{1, 2, 2}, 4.303);
  CHECK(all.value == pairs.value);
  CHECK(all.low == pairs.low);
  CHECK(all.high == pairs.high);
}
