// Sums and quantiles of replications, in an order that fixes every bit.
#include "output/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace prisonflow::output {

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

// Columns gathered at a time: 64 doubles are whole cache lines of every row.
constexpr std::size_t stripe = 64;

// Interpolation as numpy does it, so that equal data give equal bits: from the nearer neighbour, which also keeps the
// result between the two.
double interpolate(double lower, double upper, double weight) {
  const double difference = upper - lower;
  return weight >= 0.5 ? upper - difference * (1.0 - weight) : lower + difference * weight;
}

// Of sorted values without NaN.
double quantile_of_sorted(std::span<const double> sorted, double level) {
  const double position = static_cast<double>(sorted.size() - 1) * level;
  const auto below = std::min(static_cast<std::size_t>(position), sorted.size() - 1);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return interpolate(sorted[below], sorted[above], position - static_cast<double>(below));
}

}  // namespace

double mean(std::span<const double> values) {
  double sum = 0.0;
  std::size_t count = 0;
  for (const double value : values) {
    if (std::isnan(value)) continue;
    sum += value;
    ++count;
  }
  return count == 0 ? missing : sum / static_cast<double>(count);
}

double standard_error(std::span<const double> values) {
  const double centre = mean(values);
  double squares = 0.0;
  std::size_t count = 0;
  for (const double value : values) {
    if (std::isnan(value)) continue;
    const double deviation = value - centre;
    squares += deviation * deviation;
    ++count;
  }
  if (count < 2) return missing;
  const auto n = static_cast<double>(count);
  return std::sqrt(squares / (n - 1.0) / n);
}

void quantiles_in_place(std::span<double> values, std::span<const double> levels, std::span<double> result) {
  const auto end = std::remove_if(values.begin(), values.end(), [](double value) { return std::isnan(value); });
  const std::span<double> present(values.begin(), end);
  if (present.empty()) {
    std::fill(result.begin(), result.end(), missing);
    return;
  }
  std::sort(present.begin(), present.end());
  for (std::size_t i = 0; i < levels.size(); ++i) result[i] = quantile_of_sorted(present, levels[i]);
}

std::vector<double> quantiles(std::span<const double> values, std::span<const double> levels) {
  std::vector<double> copy(values.begin(), values.end());
  std::vector<double> result(levels.size());
  quantiles_in_place(copy, levels, result);
  return result;
}

double quantile(std::span<const double> values, double level) {
  return quantiles(values, std::span(&level, 1)).front();
}

ColumnStatistics column_statistics(std::span<const double> values, std::size_t rows, std::size_t columns,
                                   std::span<const double> levels) {
  ColumnStatistics result{std::vector<double>(columns), std::vector<double>(columns),
                          std::vector<double>(levels.size() * columns)};
  std::vector<double> gathered(rows * stripe);
  std::vector<double> column_quantiles(levels.size());
  for (std::size_t first = 0; first < columns; first += stripe) {
    const std::size_t width = std::min(stripe, columns - first);
    for (std::size_t row = 0; row < rows; ++row)
      for (std::size_t j = 0; j < width; ++j) gathered[j * rows + row] = values[row * columns + first + j];
    for (std::size_t j = 0; j < width; ++j) {
      const std::span<double> column(gathered.data() + j * rows, rows);
      result.mean[first + j] = mean(column);
      result.standard_error[first + j] = standard_error(column);
      quantiles_in_place(column, levels, column_quantiles);
      for (std::size_t q = 0; q < levels.size(); ++q) result.quantiles[q * columns + first + j] = column_quantiles[q];
    }
  }
  return result;
}

}  // namespace prisonflow::output
