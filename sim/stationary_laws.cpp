// The laws of a stay met at a random moment of a steady state: what is left of it, and its whole length.
#include "sim/law_tables.hpp"

namespace prisonflow::sim {

using detail::is_finite;
using detail::require;

namespace {

const Distribution& with_mean(const Distribution& distribution) {
  require(distribution.base_mean() > 0.0 && is_finite(distribution.base_mean()),
          "a steady state needs a duration of finite mean above 0");
  return distribution;
}

/// The residual law of straight pieces: density S(t) / mean, so F is quadratic in each.
std::vector<detail::PiecewiseLaw::Piece> residual_pieces(const std::vector<detail::PiecewiseLaw::Piece>& base,
                                                         double mean) {
  std::vector<detail::PiecewiseLaw::Piece> result;
  double share = 0.0;
  for (const auto& piece : base) {
    if (!(piece.width > 0.0)) continue;
    const double linear = (1.0 - piece.share) / mean;
    const double square = -0.5 * piece.linear / mean;
    result.push_back({piece.start, piece.width, share, linear, square});
    share += piece.width * (linear + piece.width * square);
  }
  return result;
}

/// The length-biased law of straight pieces: density t f(t) / mean; jumps stay jumps.
std::vector<detail::PiecewiseLaw::Piece> length_biased_pieces(const std::vector<detail::PiecewiseLaw::Piece>& base,
                                                              double mean) {
  std::vector<detail::PiecewiseLaw::Piece> result;
  double share = 0.0;
  for (std::size_t i = 0; i < base.size(); ++i) {
    const auto& piece = base[i];
    const double linear = piece.start * piece.linear / mean;
    const double square = 0.5 * piece.linear / mean;
    result.push_back({piece.start, piece.width, share, linear, square});
    const double next = i + 1 < base.size() ? base[i + 1].share : 1.0;
    share +=
        piece.width > 0.0 ? piece.width * (linear + piece.width * square) : piece.start * (next - piece.share) / mean;
  }
  return result;
}

/// A difference of tails that rounding made negative counts as 0.
LogTails log_tails(double lower, double upper, double density_times_x) {
  return {log(lower), log(std::max(upper, 0.0)), log(density_times_x)};
}

/// The residual law of a lognormal of median 1 divided by its mean, y = log(t / mean).
std::shared_ptr<const detail::MonotoneTable> lognormal_residual_table(double sigma) {
  return detail::law_table([sigma](double y) {
    const double z = y / sigma + 0.5 * sigma;
    const double rest = exp(y) * normal_cdf(-z);
    return log_tails(rest + normal_cdf(z - sigma), normal_cdf(sigma - z) - rest, rest);
  });
}

/// The residual law of a gamma variate divided by its mean, y = log(t / mean).
std::shared_ptr<const detail::MonotoneTable> gamma_residual_table(double shape) {
  const double shift = log1p(1.0 / shape);
  return detail::law_table([shape, shift](double y) {
    const double rest = exp(y + log_gamma_tails(shape, y).upper);
    const LogTails biased = log_gamma_tails(shape + 1.0, y - shift);
    return log_tails(rest + exp(biased.lower), exp(biased.upper) - rest, rest);
  });
}

}  // namespace

ResidualLaw::ResidualLaw(const Distribution& d) : DerivedLaw(make(with_mean(d))) {}

LengthBiasedLaw::LengthBiasedLaw(const Distribution& d) : DerivedLaw(make(with_mean(d))) {}

DerivedLaw ResidualLaw::make(const Distribution& d) {
  switch (d.family_) {
    case Distribution::Family::kExponential:
      return DerivedLaw(Distribution::exponential(d.mean_));
    case Distribution::Family::kFixed:
      return DerivedLaw(Distribution::uniform(0.0, d.first_));
    case Distribution::Family::kUniform:
      return DerivedLaw(
          residual_pieces({{0.0, d.first_, 0.0, 0.0, 0.0}, {d.first_, d.second_, 0.0, 1.0 / d.second_, 0.0}}, d.mean_));
    case Distribution::Family::kWeibull:
      // The integral of exp(-(t / scale)^shape) is an incomplete gamma function of shape 1 / shape.
      return {d.first_, detail::log_gamma_table(d.second_)->stretched(d.second_)};
    case Distribution::Family::kLognormal:
      return {d.mean_, lognormal_residual_table(d.second_)};
    case Distribution::Family::kGamma:
      return {d.mean_, gamma_residual_table(d.second_)};
    case Distribution::Family::kEmpirical:
      break;
  }
  return DerivedLaw(residual_pieces(d.pieces_->pieces(), d.mean_));
}

DerivedLaw LengthBiasedLaw::make(const Distribution& d) {
  switch (d.family_) {
    case Distribution::Family::kFixed:
      return DerivedLaw(Distribution::fixed(d.first_));
    case Distribution::Family::kExponential:
      return DerivedLaw(Distribution::gamma(2.0 * d.mean_, 2.0));
    case Distribution::Family::kUniform:
      return DerivedLaw(length_biased_pieces({{d.first_, d.second_, 0.0, 1.0 / d.second_, 0.0}}, d.mean_));
    case Distribution::Family::kWeibull:
      // (t / scale)^shape, unit exponential in the base, has the density y^(1 / shape) exp(-y).
      return {d.first_, detail::log_gamma_table(1.0 + d.second_)->stretched(d.second_)};
    case Distribution::Family::kLognormal:
      return DerivedLaw(Distribution::lognormal(d.first_ * exp(d.second_ * d.second_), d.second_));
    case Distribution::Family::kGamma:
      return {d.first_, detail::log_gamma_table(d.second_ + 1.0)};
    case Distribution::Family::kEmpirical:
      break;
  }
  return DerivedLaw(length_biased_pieces(d.pieces_->pieces(), d.mean_));
}

}  // namespace prisonflow::sim
