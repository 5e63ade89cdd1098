// A table of the quantile itself over the middle of (0, 1), for the laws that the event loop draws from.
//
// Pieces of one width would all have to be as short as the ends of the middle need. Here every halving of the tail,
// min(u, 1 - u), has equally many (Lee, Cheung, Luk and Villasenor, "Hierarchical segmentation for hardware function
// evaluation", IEEE Transactions on VLSI Systems 17, 2009): the leading bits of the tail are the index and what they
// leave is the place in the piece, neither rounded. Half the draws fall on 2 KB, three quarters on 4, all on 14.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <functional>
#include <memory>

namespace prisonflow::sim::detail {

/// A smooth rising function of u where both tails are at least kLeastTail, by cubic pieces through four points of it.
class MiddleTable {
 public:
  static constexpr double kLeastTail = 0x1p-8;  // 1 draw in 128 falls outside: a branch well predicted
  /// Largest relative error in the middle of a piece, where it is largest.
  static constexpr double kAccuracy = 7e-9;

  /// Nothing if a piece would be less accurate or not rise.
  static std::shared_ptr<const MiddleTable> of(const std::function<double(double)>& curve);

  /// `tail` = min(u, 1 - u) in [kLeastTail, 1/2]. Never falls with u; exact at kLeastTail, 1/2 and 1 - kLeastTail.
  double operator()(double u, double tail) const {
    const auto bits = std::bit_cast<std::uint64_t>(tail);
    const std::uint64_t index = (bits >> kPlaceBits) - kFirstIndex + (u > 0.5 ? kUpper : 0);
    const double place = tail - std::bit_cast<double>(bits >> kPlaceBits << kPlaceBits);
    const Piece& piece = pieces_[index];
    return piece.constant + place * (piece.linear + place * (piece.square + place * piece.cube));
  }

  /// The least and the greatest value.
  double lowest() const { return pieces_.front().constant; }
  double highest() const { return pieces_[kUpper].constant; }

 private:
  /// By the distance from the outer end of the piece.
  struct alignas(32) Piece {
    double constant, linear, square, cube;
  };
  static constexpr int kPlaceBits = 47;
  static constexpr int kPiecesPerHalving = 1 << (52 - kPlaceBits);
  static constexpr std::uint64_t kFirstIndex = std::bit_cast<std::uint64_t>(kLeastTail) >> kPlaceBits;
  static constexpr std::uint64_t kUpper = (std::bit_cast<std::uint64_t>(0.5) >> kPlaceBits) - kFirstIndex + 1;

  struct Span {
    double start, width;  // of the tail
    double outer, inner;  // values at start and start + width
    double direction;     // 1 if the values rise with the tail, else -1
  };
  static Piece piece_through(const Span& span, const std::function<double(double)>& at);
  static bool fits(const Piece& piece, const Span& span, const std::function<double(double)>& at);

  std::array<Piece, 2 * kUpper - 1> pieces_;  // the lower half from outside inward, the median, the upper half likewise
};

}  // namespace prisonflow::sim::detail
