// The families of distributions, their tables, and counts; the laws of a steady state are in stationary_laws.cpp.
#include "sim/distributions.hpp"

#include "sim/law_tables.hpp"

namespace prisonflow::sim {

using detail::is_finite;
using detail::require;

namespace detail {

MonotoneTable::MonotoneTable(const std::vector<Knot>& knots) {
  const std::size_t count = knots.size() - 1;
  const double width = 2.0 * kEdge / static_cast<double>(count);
  pieces_per_unit_ = 1.0 / width;
  last_piece_ = static_cast<double>(count - 1);
  top_ = knots.back().value;
  pieces_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double rise = knots[i + 1].value - knots[i].value;
    // Slopes up to three times the chord keep the cubic from falling (Fritsch and Carlson 1980).
    const double left = std::min(knots[i].slope * width, 3.0 * rise);
    const double right = std::min(knots[i + 1].slope * width, 3.0 * rise);
    pieces_.push_back({knots[i].value, left, 3.0 * rise - 2.0 * left - right, left + right - 2.0 * rise});
  }
}

std::shared_ptr<const MonotoneTable> MonotoneTable::stretched(double stretch) const {
  auto copy = std::make_shared<MonotoneTable>(*this);
  for (Piece& piece : copy->pieces_) {
    piece.constant *= stretch;
    piece.linear *= stretch;
    piece.square *= stretch;
    piece.cube *= stretch;
  }
  copy->top_ *= stretch;
  return copy;
}

PiecewiseLaw::PiecewiseLaw(std::vector<Piece> pieces) : pieces_(std::move(pieces)) {}

double PiecewiseLaw::quantile(double u) const {
  const auto above =
      std::upper_bound(pieces_.begin() + 1, pieces_.end(), u, [](double x, const Piece& p) { return x <= p.share; });
  const Piece& piece = *(above - 1);
  const double share = u - piece.share;
  if (!(share > 0.0)) return piece.start;
  // The root of square t^2 + linear t = share that does not cancel, for either sign of `square`.
  const double discriminant = std::max(0.0, piece.linear * piece.linear + 4.0 * piece.square * share);
  const double denominator = piece.linear + std::sqrt(discriminant);
  return piece.start + (denominator > 0.0 ? std::min(piece.width, 2.0 * share / denominator) : piece.width);
}

double PiecewiseLaw::share_up_to(double t) const {
  if (t < pieces_.front().start) return 0.0;
  const auto above =
      std::upper_bound(pieces_.begin(), pieces_.end(), t, [](double x, const Piece& p) { return x < p.start; });
  const Piece& piece = *(above - 1);
  if (t >= piece.start + piece.width) return above == pieces_.end() ? 1.0 : above->share;
  const double inside = t - piece.start;
  return piece.share + inside * (piece.linear + inside * piece.square);
}

std::shared_ptr<const MonotoneTable> log_gamma_table(double shape) {
  const double log_shape = log(shape);
  return law_table([=](double y) { return log_gamma_tails(shape, y - log_shape); });
}

}  // namespace detail

Distribution Distribution::fixed(double duration) {
  require(duration >= 0.0 && is_finite(duration), "a fixed duration must be finite and not negative");
  return {Family::kFixed, duration, 0.0, duration};
}

Distribution Distribution::exponential(double mean) {
  require(mean > 0.0 && is_finite(mean), "the mean of an exponential duration must be finite and above 0");
  return {Family::kExponential, mean, 0.0, mean};
}

Distribution Distribution::uniform(double low, double high) {
  require(low >= 0.0 && high >= low && is_finite(high), "a uniform duration needs 0 <= low <= high, both finite");
  if (low == high) return fixed(low);
  return {Family::kUniform, low, high - low, low + 0.5 * (high - low)};
}

Distribution Distribution::weibull(double scale, double shape) {
  require(scale > 0.0 && is_finite(scale), "the scale of a Weibull duration must be finite and above 0");
  require(shape >= 0.01 && shape <= 1000.0, "the shape of a Weibull duration must lie in [0.01, 1000]");
  if (shape == 1.0) return exponential(scale);
  return {Family::kWeibull, scale, 1.0 / shape, scale * exp(log_gamma(1.0 + 1.0 / shape))};
}

Distribution Distribution::lognormal(double median, double sigma) {
  require(median > 0.0 && is_finite(median), "the median of a lognormal duration must be finite and above 0");
  require(sigma >= 0.0 && sigma <= 20.0, "the sigma of a lognormal duration must lie in [0, 20]");
  if (sigma == 0.0) return fixed(median);
  return {Family::kLognormal, median, sigma, median * exp(0.5 * sigma * sigma)};
}

Distribution Distribution::gamma(double mean, double shape) {
  require(mean > 0.0 && is_finite(mean), "the mean of a gamma duration must be finite and above 0");
  require(shape >= 0.01 && shape <= 1e6, "the shape of a gamma duration must lie in [0.01, 1e6]");
  if (shape == 1.0) return exponential(mean);
  Distribution result{Family::kGamma, mean / shape, shape, mean};
  result.table_ = detail::log_gamma_table(shape);
  return result;
}

Distribution Distribution::empirical(const std::vector<EmpiricalPoint>& points) {
  require(!points.empty(), "an empirical duration needs at least one point");
  std::vector<detail::PiecewiseLaw::Piece> pieces;
  double mean = 0.0;
  EmpiricalPoint before{0.0, 0.0};
  for (const EmpiricalPoint& given : points) {
    EmpiricalPoint point = given;
    if (&given == &points.back()) {
      require(point.share >= 1.0 - 1e-9 && point.share <= 1.0 + 1e-9,
              "the last share of an empirical duration must be 1");
      point.share = 1.0;
    }
    require(point.duration >= before.duration && is_finite(point.duration),
            "the durations of an empirical distribution must be finite and not fall");
    require(point.share >= before.share && point.share <= 1.0, "the shares of an empirical distribution must not fall");
    const double width = point.duration - before.duration;
    const double share = point.share - before.share;
    if (width > 0.0 || share > 0.0) {
      pieces.push_back({before.duration, width, before.share, width > 0.0 ? share / width : 0.0, 0.0});
    }
    mean += share * (before.duration + 0.5 * width);
    before = point;
  }
  Distribution result{Family::kEmpirical, 0.0, 0.0, mean};
  result.pieces_ = std::make_shared<const detail::PiecewiseLaw>(std::move(pieces));
  return result;
}

Distribution Distribution::with_never(double share) const {
  require(share >= 0.0 && share <= 1.0, "the share that never ends must lie in [0, 1]");
  Distribution result = *this;
  result.never_ = never_ == 0.0 ? share : 1.0 - returning_ * (1.0 - share);
  result.returning_ = 1.0 - result.never_;
  return result;
}

double Distribution::survival(double t) const {
  const double base = base_survival(t);
  return never_ > 0.0 ? never_ + returning_ * base : base;
}

double Distribution::base_survival(double t) const {
  if (t < 0.0) return 1.0;
  switch (family_) {
    case Family::kFixed:
      return t < first_ ? 1.0 : 0.0;
    case Family::kExponential:
      return exp(-t / first_);
    case Family::kUniform:
      return std::min(1.0, std::max(0.0, ((first_ - t) + second_) / second_));
    case Family::kWeibull:
      return exp(-pow(t / first_, 1.0 / second_));
    case Family::kLognormal:
      return normal_cdf(-log(t / first_) / second_);
    case Family::kGamma:
      return gamma_q(second_, t / first_);
    case Family::kEmpirical:
      return 1.0 - pieces_->share_up_to(t);
  }
  return 0.0;
}

double Distribution::cumulative_hazard(double t) const {
  if (!(t > 0.0) && family_ != Family::kFixed && family_ != Family::kEmpirical) return 0.0;
  switch (family_) {
    case Family::kExponential:
      return t / first_;
    case Family::kWeibull:
      return pow(t / first_, 1.0 / second_);
    case Family::kLognormal:
      return -log_normal_cdf(-log(t / first_) / second_);
    case Family::kUniform:
      return t >= first_ + second_ ? kInfinity : t <= first_ ? 0.0 : -log_of_complement((t - first_) / second_);
    case Family::kGamma:
      return t > 0.0 ? -log_gamma_tails(second_, log(t / first_ / second_)).upper : 0.0;
    case Family::kFixed:
    case Family::kEmpirical:
      break;
  }
  const double survival = base_survival(t);
  return survival < 1.0 ? -log(survival) : 0.0;
}

double Distribution::inverse_cumulative_hazard(double h) const {
  switch (family_) {
    case Family::kFixed:
      return first_;
    case Family::kExponential:
      return first_ * h;
    case Family::kUniform:
      return first_ - second_ * expm1(-h);
    case Family::kWeibull:
      return first_ * exp(second_ * log(h));
    case Family::kLognormal:
      return first_ * exp(second_ * normal_quantile_of_hazard(h));
    case Family::kGamma: {
      const double z = normal_quantile_of_hazard(h);
      if (z <= detail::MonotoneTable::kEdge || !is_finite(h)) return h == kInfinity ? h : first_ * exp((*table_)(z));
      return first_ * second_ * exp(log_gamma_quantile(second_, -h, true, (*table_)(z)-log(second_)));
    }
    case Family::kEmpirical:
      return pieces_->quantile(-expm1(-h));
  }
  return 0.0;
}

PoissonTable::PoissonTable(double mean) : mean_(mean) {
  require(mean >= 0.0 && mean <= 1e6, "the mean of a Poisson count must lie in [0, 1e6]");
  constexpr double negligible = 0x1p-80;  // against 1 at the mode; the extreme uniforms are 2^-53 from the ends
  constexpr double least = 0x1p-53;
  const auto mode = static_cast<std::uint32_t>(mean);
  std::vector<double> below;  // weights of mode - 1, mode - 2, ...
  double weight = 1.0;
  for (std::uint32_t k = mode; k > 0; --k) {
    weight *= static_cast<double>(k) / mean;
    if (weight < negligible) break;
    below.push_back(weight);
  }
  std::vector<double> above;  // weights of mode, mode + 1, ...
  weight = 1.0;
  for (std::uint32_t k = mode; weight >= negligible; ++k) {
    above.push_back(weight);
    weight *= mean / static_cast<double>(k + 1);
  }
  // From the far ends inward: P(N <= k) below the mode, P(N > k) from the mode on.
  std::vector<double> lower(below.size());
  double lower_sum = 0.0;
  for (std::size_t i = below.size(); i > 0; --i) {
    lower_sum += below[i - 1];
    lower[below.size() - i] = lower_sum;
  }
  std::vector<double> upper(above.size());
  double upper_sum = 0.0;
  for (std::size_t i = above.size(); i > 0; --i) {
    upper[i - 1] = upper_sum;
    upper_sum += above[i - 1];
  }
  const double total = lower_sum + upper_sum;
  first_ = mode - static_cast<std::uint32_t>(below.size());
  for (const double sum : lower) {
    const double share = sum / total;
    if (cumulative_.empty() && share < least) {
      ++first_;
      continue;
    }
    cumulative_.push_back(share);
  }
  for (const double sum : upper) {
    const double share = 1.0 - sum / total;
    cumulative_.push_back(share);
    if (share == 1.0) break;
  }
  cumulative_.shrink_to_fit();
}

}  // namespace prisonflow::sim
