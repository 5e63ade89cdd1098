// What a set of replications says about one number: mean, standard error, quantiles.
//
// Two properties matter more than speed. Bits: sums run in the order of the values, and nothing but the four operations
// and sqrt (which IEEE 754 fixes to the bit) is used, so every compiler gives the same result. Agreement: quantiles are
// exact, of Hyndman and Fan's type 7, with the interpolation of numpy, so an analyst who writes
// `ds.x.quantile(q, "replication")` finds our numbers. Sketches such as P² or t-digest depend on the order of arrival
// and would break both.
//
// NaN means missing and is skipped. No value at all gives NaN; the standard error of one value is NaN.
//
// Reference: R. J. Hyndman and Y. Fan, Sample quantiles in statistical packages, The American Statistician 50 (1996).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace prisonflow::output {

double mean(std::span<const double> values);

// sqrt(s² / n) with s² the variance with divisor n - 1 about the mean, in two passes.
double standard_error(std::span<const double> values);

// Levels lie in [0, 1]. The first form reorders `values` and is the one to use in loops.
void quantiles_in_place(std::span<double> values, std::span<const double> levels, std::span<double> result);
std::vector<double> quantiles(std::span<const double> values, std::span<const double> levels);
double quantile(std::span<const double> values, double level);

// One row for each replication, one column for each cell; results hold one value for each cell, quantiles
// levels.size() rows of cells.
struct ColumnStatistics {
  std::vector<double> mean;
  std::vector<double> standard_error;
  std::vector<double> quantiles;
};
ColumnStatistics column_statistics(std::span<const double> values, std::size_t rows, std::size_t columns,
                                   std::span<const double> levels);

}  // namespace prisonflow::output
