// Distributions of durations, drawn by inverse transform: one uniform gives one duration, and a larger uniform never a
// shorter one. Rejection or two-uniform methods would be faster for some families, but the same person in two scenarios
// (promise P2) must get the long stay in both or in neither, so every draw is a quantile.
//
// A distribution is a value of a tag and a few numbers; quantile() is a switch, not a virtual call. Families without
// a closed quantile carry an immutable table built at construction and shared between copies: the logarithm of the
// duration against the normal quantile z of u, where all of them are smooth and both tails are resolved down to the
// smallest uniform (Hormann and Leydold, "Continuous random variate generation by fast numerical inversion", ACM TOMACS
// 13, 2003, interpolate u against x; taking logs and z keeps relative accuracy).
//
// Durations are in whatever unit the caller uses. Errors: a factory throws std::invalid_argument for parameters outside
// their stated range; nothing else throws but for want of memory.
#pragma once

#include <algorithm>
#include <cmath>  // std::sqrt only
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "sim/middle_table.hpp"
#include "sim/numerics.hpp"

namespace prisonflow::sim {

namespace detail {

/// A smooth increasing function of z on [-kEdge, kEdge] by cubic pieces of equal width with exact slopes at the knots;
/// constant beyond. kEdge lies outside the quantiles of 2^-53 and 1 - 2^-53, the extreme uniforms.
class MonotoneTable {
 public:
  static constexpr double kEdge = 8.25;
  struct Knot {
    double value;
    double slope;
  };
  /// Knots at equal distances from -kEdge to kEdge, at least two, values not falling.
  explicit MonotoneTable(const std::vector<Knot>& knots);
  /// `stretch` times the table's values.
  std::shared_ptr<const MonotoneTable> stretched(double stretch) const;

  double operator()(double z) const {
    const double place = (z + kEdge) * pieces_per_unit_;
    const double last = last_piece_;
    if (!(place > 0.0)) return pieces_.front().constant;
    if (place >= last + 1.0) return top_;
    const auto index = static_cast<std::int32_t>(place);
    const double s = place - static_cast<double>(index);
    const Piece& piece = pieces_[static_cast<std::size_t>(index)];
    return piece.constant + s * (piece.linear + s * (piece.square + s * piece.cube));
  }

 private:
  struct Piece {
    double constant, linear, square, cube;
  };

  std::vector<Piece> pieces_;
  double pieces_per_unit_ = 0.0;
  double last_piece_ = 0.0;
  double top_ = 0.0;
};

/// A distribution function of straight or quadratic pieces, inverted exactly: F(start + t) = share + linear t +
/// square t^2, for t up to `width`.
class PiecewiseLaw {
 public:
  struct Piece {
    double start, width, share, linear, square;
  };
  explicit PiecewiseLaw(std::vector<Piece> pieces);
  double quantile(double u) const;
  double share_up_to(double t) const;
  const std::vector<Piece>& pieces() const { return pieces_; }

 private:
  std::vector<Piece> pieces_;
};

}  // namespace detail

/// A point of an empirical distribution: `share` of all durations are at most `duration`.
struct EmpiricalPoint {
  double duration;
  double share;
};

/// The distribution of a duration. Cheap to copy; immutable, so threads may share it.
class Distribution {
 public:
  enum class Family : std::uint8_t { kFixed, kExponential, kUniform, kWeibull, kLognormal, kGamma, kEmpirical };

  /// Always `duration` >= 0.
  static Distribution fixed(double duration);
  /// `mean` > 0.
  static Distribution exponential(double mean);
  /// Even between 0 <= `low` <= `high`; equal ends give fixed(low).
  static Distribution uniform(double low, double high);
  /// Survival exp(-(t / scale)^shape), `scale` > 0, `shape` in [0.01, 1000]. Shape 1 gives exponential(scale).
  static Distribution weibull(double scale, double shape);
  /// exp(log(median) + sigma z), `median` > 0, `sigma` in [0, 20]. Sigma 0 gives fixed(median).
  static Distribution lognormal(double median, double sigma);
  /// `mean` > 0, `shape` in [0.01, 1e6] (the squared coefficient of variation is 1 / shape). Shape 1 gives
  /// exponential(mean). Quantiles come from a table, relative error below 1e-8; all else is computed.
  static Distribution gamma(double mean, double shape);
  /// Straight lines between (0, 0) and the points, whose durations and shares must not fall and whose last share must
  /// be 1 (to 1e-9). Two points with one duration are a jump; two with one share a gap.
  static Distribution empirical(const std::vector<EmpiricalPoint>& points);

  /// The split distribution: with probability `share` in [0, 1] infinite, otherwise as before. The large uniforms are
  /// the infinite ones, so a larger share never shortens a duration. Shares of several calls compound.
  Distribution with_never(double share) const;

  /// The same law for many draws: Weibull, lognormal and gamma quantiles come from a table (14 KB, made in 0.1 ms)
  /// where both tails are above 1/256, with a relative error below 1e-8; extreme parameters go without. All else stays.
  Distribution prepared() const;

  /// The duration at `u` in (0, 1): never falls with u (but for the last bit of rounding).
  double quantile(double u) const {
    if (never_ > 0.0) {
      if (u >= returning_) return std::numeric_limits<double>::infinity();
      u /= returning_;
    }
    if (!middle_) return base_quantile(u);
    const double tail = std::min(u, 1.0 - u);
    if (tail >= detail::MiddleTable::kLeastTail) [[likely]]
      return (*middle_)(u, tail);
    return quantile_beyond(u);
  }

  /// The chance of lasting longer than `t`; the never share included.
  double survival(double t) const;
  /// -log of the survival of the base distribution (without the never share); infinite beyond its end.
  double cumulative_hazard(double t) const;
  /// The duration at which the base distribution has cumulative hazard `h` >= 0: exact far into the tail, where
  /// quantile(1 - exp(-h)) has run out of digits. Never falls with h.
  double inverse_cumulative_hazard(double h) const;
  /// Infinite with a never share above 0.
  double mean() const { return never_ > 0.0 ? std::numeric_limits<double>::infinity() : mean_; }
  /// The mean of the base distribution.
  double base_mean() const { return mean_; }
  /// The share that never ends.
  double never() const { return never_; }
  /// The base distribution is exponential.
  bool memoryless() const { return family_ == Family::kExponential; }
  Family family() const { return family_; }

 private:
  friend class ResidualLaw;
  friend class LengthBiasedLaw;
  friend class PreparedLaws;
  Distribution(Family family, double first, double second, double mean)
      : family_(family), first_(first), second_(second), mean_(mean) {}
  double base_survival(double t) const;
  /// The quantile of the base distribution, without the table of its middle.
  double base_quantile(double u) const {
    switch (family_) {
      case Family::kFixed:
        return first_;
      case Family::kExponential:
        return -first_ * log_of_complement(u);
      case Family::kUniform:
        return first_ + second_ * u;
      case Family::kWeibull:
        return first_ * exp(second_ * log(-log_of_complement(u)));
      case Family::kLognormal:
        return first_ * exp(second_ * normal_quantile(u));
      case Family::kGamma:
        return first_ * exp((*table_)(normal_quantile(u)));
      case Family::kEmpirical:
        return pieces_->quantile(u);
    }
    return 0.0;
  }
  double quantile_beyond(double u) const;
  bool takes_table() const {
    return family_ == Family::kWeibull || family_ == Family::kLognormal || family_ == Family::kGamma;
  }

  Family family_;
  // fixed: duration, -. exponential: mean, -. uniform: low, high - low. weibull: scale, 1 / shape.
  // lognormal: median, sigma. gamma: scale, shape; table_ of log(x). empirical: -, -; pieces_.
  double first_;
  double second_;
  double mean_;
  double never_ = 0.0;
  double returning_ = 1.0;
  std::shared_ptr<const detail::MiddleTable> middle_;  // of quantiles; nothing unless prepared
  std::shared_ptr<const detail::MonotoneTable> table_;
  std::shared_ptr<const detail::PiecewiseLaw> pieces_;
};

/// Either a distribution known by name, a scaled table or exact pieces: the form of the two laws below.
class DerivedLaw {
 public:
  /// The duration at `u` in (0, 1); never falls with u.
  double quantile(double u) const {
    if (table_) return scale_ * exp((*table_)(normal_quantile(u)));
    if (pieces_) return pieces_->quantile(u);
    return named_.quantile(u);
  }

 protected:
  friend class ResidualLaw;
  friend class LengthBiasedLaw;
  explicit DerivedLaw(Distribution named) : named_(std::move(named)) {}
  DerivedLaw(double scale, std::shared_ptr<const detail::MonotoneTable> table)
      : named_(Distribution::fixed(0.0)), scale_(scale), table_(std::move(table)) {}
  explicit DerivedLaw(std::vector<detail::PiecewiseLaw::Piece> pieces)
      : named_(Distribution::fixed(0.0)), pieces_(std::make_shared<const detail::PiecewiseLaw>(std::move(pieces))) {}

 private:
  Distribution named_;
  double scale_ = 1.0;
  std::shared_ptr<const detail::MonotoneTable> table_;
  std::shared_ptr<const detail::PiecewiseLaw> pieces_;
};

/// The time left of a stay met at a random moment in a steady state, density S(t) / mean of the base distribution (the
/// never share has no steady state and is left out): the equilibrium distribution of renewal theory (Cox, "Renewal
/// theory", 1962, 5.2). Exact for fixed, exponential, uniform, Weibull (through a gamma table) and empirical; a table,
/// relative error below 1e-8, for lognormal and gamma. The base mean must be above 0, else std::invalid_argument.
class ResidualLaw : public DerivedLaw {
 public:
  explicit ResidualLaw(const Distribution& distribution);

 private:
  static DerivedLaw make(const Distribution& distribution);
};

/// The whole length of a stay met at a random moment, density t f(t) / mean of the base distribution: long stays are
/// met more often. Exact or within 1e-8 for every family. Errors as above.
class LengthBiasedLaw : public DerivedLaw {
 public:
  explicit LengthBiasedLaw(const Distribution& distribution);

 private:
  static DerivedLaw make(const Distribution& distribution);
};

/// Counts of independent events, by inverse transform: the smallest k with P(N <= k) >= u. The table grows from the
/// mode outward by the ratio mean / k, from weight 1, and is divided by its own sum: no exponential, no overflow, no
/// cancellation, for any mean. The upper half is summed from the far end, so 1 - P(N <= k) keeps its digits.
/// Hence for one u a larger mean never gives a smaller count.
class PoissonTable {
 public:
  /// `mean` in [0, 1e6], else std::invalid_argument.
  explicit PoissonTable(double mean);
  /// `u` in (0, 1): below 2^-53 the same count as at 2^-53.
  std::uint32_t quantile(double u) const {
    const auto found = std::lower_bound(cumulative_.begin(), cumulative_.end() - 1, u);
    return first_ + static_cast<std::uint32_t>(found - cumulative_.begin());
  }
  double mean() const { return mean_; }

 private:
  double mean_;
  std::uint32_t first_ = 0;         // the count of cumulative_[0]
  std::vector<double> cumulative_;  // P(N <= first_ + i), the last 1
};

}  // namespace prisonflow::sim
