// Random numbers named by who draws and why.
//
// A generator with a hidden state answers "the next number"; whoever draws one number more shifts everybody behind.
// Here a number is a pure function of its name: key = (seed, replication), counter = (person, occurrence, purpose).
// Two scenarios with one seed therefore share their draws person by person and decision by decision (promise P2), any
// thread may draw in any order (P1), and nothing is stored in the person.
//
// The function is Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11)
// from the Random123 library: ten rounds of multiplication, passes BigCrush, four 32-bit words a call. No branch, no
// memory; a loop over persons vectorises. This header is the library's only door.
#pragma once

#include <Random123/philox.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace prisonflow::sim {

/// A bijection of 64 bits in which every input bit moves about half of the output bits: the finaliser of SplitMix64
/// (Steele, Lea and Flood, OOPSLA 2014; constants by Stafford, variant 13).
constexpr std::uint64_t mix64(std::uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
  return value ^ (value >> 31);
}

/// The key of all draws of one replication.
struct StreamKey {
  std::uint32_t word0 = 0;
  std::uint32_t word1 = 0;
  friend constexpr bool operator==(const StreamKey&, const StreamKey&) = default;
};

/// The replications of one seed have keys that differ, surely: an odd multiple of the replication number is a
/// different 64-bit word each time, and mixing is a bijection. Keys of different seeds meet with chance 2^-64 a pair.
constexpr StreamKey stream_key(std::uint64_t seed, std::uint32_t replication) {
  constexpr std::uint64_t odd = 0x9e3779b97f4a7c15u;  // 2^64 over the golden ratio, the step of SplitMix64
  const std::uint64_t mixed = mix64(mix64(seed) + odd * replication);
  return StreamKey{static_cast<std::uint32_t>(mixed), static_cast<std::uint32_t>(mixed >> 32)};
}

/// What a draw decides, as a stable number; the same name gives the same number for ever.
using Purpose = std::uint32_t;

/// FNV-1a over the bytes of the name, 64 bits, mixed and folded to 32.
constexpr Purpose purpose(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char letter : name) hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3u;
  hash = mix64(hash);
  return static_cast<Purpose>(hash ^ (hash >> 32));
}

/// Uniform strictly inside (0, 1), from a word of a draw: (word + 1/2) / 2^32. Exact; 1 - uniform is exact too, and
/// that of ~word.
constexpr double uniform_of(std::uint32_t word) {
  // The word becomes the low bits of 2^52; taking 2^52 - 1/2 away leaves word + 1/2 without a rounding.
  const double shifted = std::bit_cast<double>(0x4330000000000000u | std::uint64_t{word});
  return (shifted - (0x1p52 - 0.5)) * 0x1p-32;
}

/// The four words of one draw, and numbers made of them. Words are independent; use each once.
struct Draws {
  std::uint32_t word[4];

  /// uniform_of() word `i` in 0..3.
  constexpr double uniform(int i) const { return uniform_of(word[i]); }

  /// Uniform strictly inside (0, 1) with 52 bits, from words `i` and `i` + 1, `i` in 0..2: (bits + 1/2) / 2^52.
  constexpr double uniform53(int i) const {
    const std::uint64_t bits = (std::uint64_t{word[i]} << 20) | (word[i + 1] >> 12);
    return std::bit_cast<double>(0x3ff0000000000000u | bits) - (1.0 - 0x1p-53);
  }
};

/// The draw of `person` at this `occurrence` of this `purpose`: a pure function of its arguments.
[[gnu::always_inline]] inline Draws draw(StreamKey key, std::uint64_t person, std::uint32_t occurrence,
                                         Purpose purpose) {
  const r123::Philox4x32::ctr_type counter = {
      {static_cast<std::uint32_t>(person), static_cast<std::uint32_t>(person >> 32), occurrence, purpose}};
  const r123::Philox4x32::key_type philox_key = {{key.word0, key.word1}};
  const r123::Philox4x32::ctr_type block = r123::Philox4x32{}(counter, philox_key);
  return Draws{{block[0], block[1], block[2], block[3]}};
}

/// What names a draw beside its key: the counter of Philox.
struct DrawName {
  std::uint64_t person;
  std::uint32_t occurrence;
  Purpose purpose;
};

/// The draws of `count` names: draws[i] is what draw() gives for names[i], computed several at a time.
void draw_many(StreamKey key, const DrawName* names, std::size_t count, Draws* draws);

}  // namespace prisonflow::sim
