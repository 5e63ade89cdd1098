// Statistical bounds: estimates with their standard error, and the check that is run with its twin.
//
// An estimate agrees with an expected value when they are no further apart than `tolerance` standard errors: the
// quantile of Student's t (of the estimate's degrees of freedom) at a two-sided chance of 4e-9. A run of all tests
// makes fewer than 300 such checks, so that the family-wise false-alarm rate of a change of seed is below 1.2e-6. Every
// check has a twin, the same estimate against a wrong value (or a wrong simulation against the right value), which must
// be refused: otherwise the bound is too wide to see the error the twin stands for.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace prisonflow::testing {

inline constexpr double kAlarmRate = 4e-9;  ///< of one check, two-sided

struct Estimate {
  double value = 0;
  double standard_error = 0;
  double degrees = 1;  ///< of freedom; infinite when the standard error is known
};

/// Independent numbers of one law: their mean.
Estimate mean_of(const std::vector<double>& sample);
/// The ratio of two sums over independent batches, with the standard error by linearisation.
Estimate ratio_of(const std::vector<double>& parts, const std::vector<double>& wholes);
/// A share of independent persons: the standard error is that of the expected share.
Estimate share_of(double count, double persons, double expected);

/// Half the width of the bound, in standard errors.
double tolerance(double degrees);
bool agrees(const Estimate& estimate, double expected);

/// CHECKs that the estimate agrees with `expected`, and that it does not with `wrong`, the value under a wrong
/// parameter.
void check_with_twin(const std::string& what, const Estimate& estimate, double expected, double wrong);
/// CHECKs that `estimate` agrees with `expected` and the estimate of a wrong simulation does not.
void check_with_twin_run(const std::string& what, const Estimate& estimate, const Estimate& wrong_run, double expected);

}  // namespace prisonflow::testing
