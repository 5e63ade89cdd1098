// Tables of the middle of a law, and who shares them.
#include "sim/prepared_laws.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>

#include "sim/middle_table.hpp"

namespace prisonflow::sim {

namespace detail {

/// The cubic through both ends and two points between, near those of Chebyshev: a sixth of the error of a cubic with
/// exact slopes at its ends, and no slopes are needed.
MiddleTable::Piece MiddleTable::piece_through(const Span& span, const std::function<double(double)>& at) {
  constexpr double first = 19.0 / 64.0;  // of the width; about 1 - sqrt(1/2)
  constexpr double second = 1.0 - first;
  // (value - outer) / s is a quadratic function of s, the place in units of the width.
  const double at_first = (at(span.start + first * span.width) - span.outer) / first;
  const double at_second = (at(span.start + second * span.width) - span.outer) / second;
  const double rise = span.inner - span.outer;
  const double slope = (at_second - at_first) / (second - first);
  const double cube = ((rise - at_second) / (1.0 - second) - slope) / (1.0 - first);
  const double square = slope - cube * (first + second);
  const double linear = rise - (square + cube);
  const double per_width = 1.0 / span.width;  // a power of 2: scaling rounds nothing
  return {span.outer, linear * per_width, square * per_width * per_width, cube * per_width * per_width * per_width};
}

/// Rising and accurate; false for values that are not numbers.
bool MiddleTable::fits(const Piece& piece, const Span& span, const std::function<double(double)>& at) {
  const double linear = span.direction * piece.linear;
  const double square = span.direction * span.width * piece.square;
  const double cube = span.direction * span.width * span.width * piece.cube;
  // The slope lies between these three, its Bernstein coefficients.
  const bool rises = linear >= 0.0 && linear + square >= 0.0 && linear + 2.0 * square + 3.0 * cube >= 0.0;
  const double half = 0.5 * span.width;
  const double truth = at(span.start + half);
  const double error = piece.constant + half * (piece.linear + half * (piece.square + half * piece.cube)) - truth;
  return rises && error <= kAccuracy * truth && -error <= kAccuracy * truth;
}

std::shared_ptr<const MiddleTable> MiddleTable::of(const std::function<double(double)>& curve) {
  const auto table = std::make_shared<MiddleTable>();
  for (const bool upper : {false, true}) {
    const auto at = [&](double tail) { return curve(upper ? 1.0 - tail : tail); };
    std::size_t index = upper ? kUpper : 0;
    double outer = at(kLeastTail);
    for (double start = kLeastTail; start < 0.5; ++index) {
      const double width = std::bit_cast<double>(std::bit_cast<std::uint64_t>(start) >> 52 << 52) / kPiecesPerHalving;
      const double inner = at(start + width);
      const Span span{start, width, outer, inner, upper ? -1.0 : 1.0};
      const Piece piece = piece_through(span, at);
      if (!fits(piece, span, at)) return nullptr;
      table->pieces_[index] = piece;
      outer = inner;
      start += width;
    }
  }
  table->pieces_[kUpper - 1] = {curve(0.5), 0.0, 0.0, 0.0};
  return table;
}

}  // namespace detail

Distribution Distribution::prepared() const {
  Distribution result = *this;
  if (takes_table()) result.middle_ = detail::MiddleTable::of([this](double u) { return base_quantile(u); });
  return result;
}

double Distribution::quantile_beyond(double u) const {
  // The curve is the table's to the last bit or so: the table's ends bound it, for quantiles that never fall.
  const double value = base_quantile(u);
  return u < 0.5 ? std::min(value, middle_->lowest()) : std::max(value, middle_->highest());
}

Distribution PreparedLaws::operator()(const Distribution& law) {
  if (!law.takes_table()) return law;
  const std::tuple key{law.family_, law.first_, law.second_};
  auto known = known_.find(key);
  if (known == known_.end()) known = known_.emplace(key, law.prepared()).first;
  Distribution result = law;
  result.table_ = known->second.table_;
  result.middle_ = known->second.middle_;
  return result;
}

}  // namespace prisonflow::sim
