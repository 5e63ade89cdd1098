// The ratio of two means over the same replications, with its interval by Fieller's theorem.
//
// The mean of the replications' own ratios would be ruled by those in which the denominator happens to be small; the
// ratio of the means is not. Fieller (1954, J. R. Stat. Soc. B 16, 175-185): all ratios r for which the mean of
// (numerator - r × denominator) does not differ from 0 at the level that `t` stands for. When the denominator itself
// does not differ from 0 at that level they form no interval, and the ratio is not determined.
#pragma once

#include <cstddef>
#include <span>

namespace prisonflow::output {

struct RatioInterval {
  double value = 0;  // ratio of the means; NaN where there is none
  double low = 0;    // NaN unless determined
  double high = 0;
  bool determined = false;
};

// Positions at which either is NaN are left out. `t` is the two-sided bound of Student's distribution with one degree
// of freedom less than there are replications: it depends on the level wanted.
RatioInterval ratio_of_means(std::span<const double> numerators, std::span<const double> denominators, double t);

}  // namespace prisonflow::output
