// Inside the steady state: what a group of persons carries with it from state to state, in narrow bins.
//
// Most transitions forget. Three times are remembered in a case: pretrial time served (credited to a term), what was
// unserved of the term when supervised release began (recall), and what is left of the term; and a fourth, what is left
// of a measure of drawn duration that goes on. An atom is a group of persons with the same times. Atoms whose times
// fall into the same bin are joined at their common mean, so means are kept exactly and a single fixed time stays what
// it is. Bins widen with the time: 2^bits to every doubling.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <vector>

namespace prisonflow::models {

/// The latent classes of a case: who can reoffend, and who never will.
inline constexpr std::size_t kLatentClasses = 2;
using Weights = std::array<double, kLatentClasses>;

/// Which times of an atom matter later on.
struct Remembered {
  bool pretrial = false;
  bool unserved = false;
  bool remaining = false;
  bool left = false;  ///< of the stay
  bool operator==(const Remembered&) const = default;
  int count() const { return int{pretrial} + int{unserved} + int{remaining} + int{left}; }
  Remembered operator|(const Remembered& other) const {
    return {pretrial || other.pretrial, unserved || other.unserved, remaining || other.remaining, left || other.left};
  }
};

/// Persons alike; times in minutes. At any moment `unserved - remaining` has passed since the term or the time at risk
/// began.
struct Atom {
  Weights weight{};
  double pretrial = 0;
  double unserved = 0;
  double remaining = 0;
  double left = 0;                ///< of a stay of drawn duration
  std::uint32_t convictions = 0;  ///< in this case so far

  double total() const { return weight[0] + weight[1]; }
};

/// Part of an atom: the members of a group, times `share`.
inline Atom part_of(const Atom& atom, const Weights& member, double share) {
  Atom part = atom;
  for (std::size_t latent = 0; latent < kLatentClasses; ++latent) part.weight[latent] *= member[latent] * share;
  return part;
}

/// Atoms by bin. Adding costs one look-up.
class AtomBins {
 public:
  AtomBins() : slots_(1024, kEmpty) {}

  /// How finely times are told apart at first: finer when it is one time alone.
  static int usual_bits(const Remembered& what) { return what.count() < 3 ? 5 : 4; }
  /// What to tell apart, pretrial time a little less finely than terms.
  void remember(const Remembered& what) { remember(what, usual_bits(what)); }
  void remember(const Remembered& what, int bits) {
    what_ = what;
    bits_ = bits;
  }

  void add(const Atom& atom) {
    const double total = atom.total();
    if (!(total > 0)) return;
    mass_ += total;
    std::uint64_t key = atom.convictions;
    if (what_.pretrial) key = key << 12 | bin(atom.pretrial, bits_ - 1);
    if (what_.unserved) key = key << 12 | bin(atom.unserved, bits_);
    if (what_.remaining) key = key << 12 | bin(atom.remaining, bits_);
    if (what_.left) key = key << 12 | bin(atom.left, bits_);
    Atom& sum = sums_[place(key)];
    for (std::size_t latent = 0; latent < kLatentClasses; ++latent) sum.weight[latent] += atom.weight[latent];
    sum.convictions = atom.convictions;
    if (what_.pretrial) sum.pretrial += total * atom.pretrial;
    if (what_.unserved) sum.unserved += total * atom.unserved;
    if (what_.remaining) sum.remaining += total * atom.remaining;
    if (what_.left) sum.left += total * atom.left;
  }

  /// Persons added since the last take().
  double mass() const { return mass_; }
  bool empty() const { return sums_.empty(); }

  /// Moves all atoms to `atoms`, each at the mean of its bin; empty afterwards.
  void take(std::vector<Atom>& atoms) {
    atoms.assign(sums_.begin(), sums_.end());
    for (Atom& atom : atoms) {
      const double total = atom.total();
      atom.pretrial /= total;
      atom.unserved /= total;
      atom.remaining /= total;
      atom.left /= total;
    }
    clear();
  }
  void clear() {
    sums_.clear();
    keys_.clear();
    std::fill(slots_.begin(), slots_.end(), kEmpty);
    mass_ = 0;
  }

 private:
  static constexpr std::int32_t kEmpty = -1;

  /// The leading bits of exponent and fraction number the bins; the shift keeps those near 0 from being endless.
  static std::uint64_t bin(double minutes, int bits) {
    constexpr double kShift = 8192.0;  // about 6 days, a power of two
    const int drop = 52 - bits;
    return (std::bit_cast<std::uint64_t>(std::max(minutes, 0.0) + kShift) >> drop) -
           (std::bit_cast<std::uint64_t>(kShift) >> drop);
  }

  /// Bins of one time lie side by side.
  static std::uint64_t first_place(std::uint64_t key) { return key + (key >> 12) * 0x9e3779b97f4a7c15u; }

  std::size_t place(std::uint64_t key) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = first_place(key) & mask;
    for (; slots_[at] != kEmpty; at = (at + 1) & mask) {
      const auto found = static_cast<std::size_t>(slots_[at]);
      if (keys_[found] == key) return found;
    }
    slots_[at] = static_cast<std::int32_t>(sums_.size());
    keys_.push_back(key);
    sums_.emplace_back();
    if (2 * sums_.size() > slots_.size()) grow();
    return sums_.size() - 1;
  }

  void grow() {
    slots_.assign(slots_.size() * 2, kEmpty);
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t index = 0; index < keys_.size(); ++index) {
      std::size_t at = first_place(keys_[index]) & mask;
      while (slots_[at] != kEmpty) at = (at + 1) & mask;
      slots_[at] = static_cast<std::int32_t>(index);
    }
  }

  Remembered what_;
  int bits_ = 5;
  double mass_ = 0;
  std::vector<std::int32_t> slots_;  ///< open addressing: index into the two below
  std::vector<std::uint64_t> keys_;
  std::vector<Atom> sums_;  ///< times multiplied by weight
};

}  // namespace prisonflow::models
