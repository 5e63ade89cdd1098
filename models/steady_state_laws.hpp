// Inside the steady state: integrals over the law of a duration.
//
// With a constant hazard h of being taken away before, a stay of drawn length D lasts E[(1 - exp(-hD)) / h] on average
// and is completed with chance E[exp(-hD)]. Both are closed for fixed and exponential lengths; for the others the
// trapezoidal rule over the normal quantile z of D, where all families are smooth and the weight is the normal density,
// converges faster than any power of the spacing (Trefethen and Weideman, "The exponentially convergent trapezoidal
// rule", SIAM Review 56, 2014). Empirical laws have corners: midpoints of equal shares.
#pragma once

#include <array>
#include <map>
#include <unordered_map>
#include <vector>

#include "models/model.hpp"

namespace prisonflow::models {

/// A share of a law and the duration it stands for, before the factor of the cell.
struct LawNode {
  double minutes = 0;
  double share = 0;
};

/// Nodes at every 1 / `per_unit` of z whose shares add up to 1 less the never-ending share.
std::vector<LawNode> law_nodes(const sim::Distribution& law, int per_unit);
/// Neighbours joined at their mean until every group has the share `least`.
std::vector<LawNode> joined(const std::vector<LawNode>& nodes, double least);

/// Nodes of Gauss and Legendre on (-1, 1): the positive half, and twice their weights.
inline constexpr std::array<double, 4> kGaussPlaces{0.1834346424956498, 0.5255324099163290, 0.7966664774136267,
                                                    0.9602898564975363};
inline constexpr std::array<double, 4> kGaussWeights{0.3626837833783620, 0.3137066458778873, 0.2223810344533745,
                                                     0.1012285362903763};
/// Nodes of a law stretched by `factor` for functions that have corners at the lengths `corners` (ascending): exact
/// shares between any two, and points of Gauss and Legendre in the distribution function there, closer and closer
/// towards both ends of the law, which is halved so many times there. The shares add up to 1 less the never-ending
/// share.
std::vector<LawNode> nodes_between(const sim::Distribution& law, double factor, const std::vector<double>& corners,
                                   int halvings);

struct StayMoments {
  double minutes = 0;     ///< mean stay, infinite if nothing ends it
  double completion = 0;  ///< chance to reach the end
};

/// A stay of fixed length (which may be infinite) under a hazard a minute.
StayMoments stay_of(double length, double hazard);

/// Nodes and moments of the laws of a model, each computed once.
class LawBook {
 public:
  /// The law as a list of durations, the finer the fewer `atoms` of persons draw from it.
  const std::vector<LawNode>& nodes(const Clocks& clocks, std::size_t atoms);
  /// The same, but not coarse for many: terms, whose hearings and rests have corners.
  const std::vector<LawNode>& term_nodes(const Clocks& clocks, std::size_t atoms);
  StayMoments moments(const Clocks& clocks, float factor, double hazard);

 private:
  struct Entry {
    std::vector<LawNode> finest, fine, coarse, coarsest;
    std::map<std::array<double, 2>, StayMoments> moments;  ///< by factor and hazard
  };
  Entry& entry(const Clocks& clocks);
  std::unordered_map<const Clocks*, Entry> entries_;
};

}  // namespace prisonflow::models
