// Sharing out the worth of a package among its parts: the Shapley value, exact or over sampled orders.
//
// v(S) is the worth of the world in which the parts S are switched on. A part's share is what it adds when the parts
// come one after the other, averaged over all orders (L. S. Shapley, "A value for n-person games", 1953):
//
//   share(i) = sum over S without i of |S|! (k - |S| - 1)! / k! × (v(S with i) - v(S))
//
// Its cost is 2^k worths. For many parts it is averaged over some orders drawn at random, each followed by its reverse:
// what a part adds early in one it adds late in the other, so their mean varies less.
//
// The shares add up exactly. Worths are brought to a common grid, a power of two, as whole numbers of 128 bits; shares
// are sums and products of whole numbers over one denominator; each is rounded down to the grid, and the units that are
// left go one each to the largest remainders, among equals to the first part. The grid is 2^-20 or finer, and as fine
// as the difference to be shared out; then every sum of shares, in any order, is exact in doubles. Whole numbers below
// 2^43 and all numbers of like size are always that well off. Beyond, where the shares cancel so far that their sum
// would need more than 53 bits, the grid is the finest that still adds exactly, and the sum is the difference rounded
// to it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/random.hpp"

namespace prisonflow::models {

/// A set of parts, one bit each.
using Subset = std::uint64_t;
inline constexpr std::size_t kMostParts = 60;
/// So many parts are split exactly: 64 worths.
inline constexpr std::size_t kMostPartsExactly = 6;
inline constexpr std::size_t kMostOrders = 10'000;

/// The parts in the order in which they come.
using Order = std::vector<std::uint8_t>;

/// `count` orders (even), the second of each two the reverse of the first: the same for a key, whoever asks.
std::vector<Order> draw_orders(std::size_t parts, std::size_t count, sim::StreamKey key);

/// Which worths are needed, and how they make the shares.
class SharingPlan {
 public:
  /// Over all orders; `parts` at most kMostPartsExactly.
  static SharingPlan exactly(std::size_t parts);
  /// Over these, the second of each two the reverse of the first; at least 4 of at least one part.
  static SharingPlan over(const std::vector<Order>& orders);

  std::size_t parts() const { return terms_.size(); }
  /// The subsets whose worth is asked for, ascending: nothing first, everything last.
  const std::vector<Subset>& subsets() const { return subsets_; }
  bool exact() const { return orders_.empty(); }

  /// The share of each part, and behind them what the world without any differs from `baseline`. They add up to
  /// worth(everything) - baseline, to the last bit in any order. `worths` as subsets(). All NaN when one worth is, or
  /// is beyond 2^1000.
  std::vector<double> shares(const std::vector<double>& worths, double baseline) const;
  /// The standard error of each share over the pairs of orders, and 0 behind them; all 0 when exact.
  std::vector<double> errors(const std::vector<double>& worths) const;

 private:
  struct Term {
    std::size_t place = 0;  ///< of the worth
    std::int64_t times = 0;
  };
  explicit SharingPlan(std::size_t parts) : terms_(parts) {}
  std::size_t place_of(Subset subset) const;
  void add(std::size_t part, Subset before, std::int64_t times);
  void merge_terms();

  std::vector<Subset> subsets_;
  std::vector<std::vector<Term>> terms_;  ///< by part
  std::int64_t denominator_ = 1;
  /// By order: the places of the worths on the way from nothing to everything, and who came.
  struct Way {
    Order order;
    std::vector<std::size_t> places;
  };
  std::vector<Way> orders_;
};

}  // namespace prisonflow::models
