// Mean, standard error and type-7 quantiles against values worked by hand.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "output/statistics.hpp"

using namespace prisonflow::output;

namespace {
const double missing = std::numeric_limits<double>::quiet_NaN();
}

TEST_CASE("mean and standard error") {
  const std::vector<double> values = {2, 4, 4, 4, 5, 5, 7, 9};
  CHECK(mean(values) == 5.0);
  // Squares about the mean sum to 32; 32 / 7 / 8 = 4 / 7.
  CHECK(standard_error(values) == Approx(std::sqrt(4.0 / 7.0)).epsilon(1e-15));
}

TEST_CASE("missing values are skipped") {
  const std::vector<double> some = {missing, 1, missing, 3};
  CHECK(mean(some) == 2.0);
  CHECK(standard_error(some) == 1.0);
  CHECK(quantile(some, 0.5) == 2.0);
  const std::vector<double> none = {missing, missing};
  CHECK(std::isnan(mean(none)));
  CHECK(std::isnan(standard_error(none)));
  CHECK(std::isnan(quantile(none, 0.5)));
  CHECK(std::isnan(mean({})));
}

TEST_CASE("one value has a mean but no standard error") {
  const std::vector<double> one = {7};
  CHECK(mean(one) == 7.0);
  CHECK(std::isnan(standard_error(one)));
  CHECK(quantile(one, 0.975) == 7.0);
}

TEST_CASE("quantiles are of Hyndman and Fan's type 7") {
  const std::vector<double> values = {40, 10, 30, 20};
  CHECK(quantile(values, 0.0) == 10.0);
  CHECK(quantile(values, 1.0) == 40.0);
  CHECK(quantile(values, 0.5) == 25.0);
  CHECK(quantile(values, 0.25) == 17.5);  // types 4, 5 and 6 give 10, 15 and 12.5
  CHECK(quantile(values, 0.75) == 32.5);
  CHECK(quantile(values, 0.1) == Approx(13.0).epsilon(1e-15));
}

TEST_CASE("quantiles do not depend on the order of the values and lie between them") {
  std::vector<double> values = {0.1, 0.2, 0.3, 0.7, 1e9, -5.0};
  std::sort(values.begin(), values.end());
  const std::vector<double> levels = {0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975};
  const auto expected = quantiles(values, levels);
  CHECK(std::is_sorted(expected.begin(), expected.end()));
  int orders = 0;
  while (std::next_permutation(values.begin(), values.end())) {
    REQUIRE(quantiles(values, levels) == expected);
    ++orders;
  }
  CHECK(orders == 719);
}

TEST_CASE("statistics of columns are those of each column, whatever the number of columns") {
  const std::vector<double> levels = {0.25, 0.5};
  for (const std::size_t columns : {1u, 63u, 64u, 65u, 200u}) {
    const std::size_t rows = 7;
    std::vector<double> values(rows * columns);
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = i % 17 == 0 ? missing : static_cast<double>(i * i % 101);
    const ColumnStatistics all = column_statistics(values, rows, columns, levels);
    for (std::size_t c = 0; c < columns; ++c) {
      std::vector<double> column;
      for (std::size_t r = 0; r < rows; ++r) column.push_back(values[r * columns + c]);
      REQUIRE(all.mean[c] == mean(column));
      REQUIRE(all.standard_error[c] == standard_error(column));
      REQUIRE(all.quantiles[c] == quantile(column, 0.25));
      REQUIRE(all.quantiles[columns + c] == quantile(column, 0.5));
    }
  }
}
