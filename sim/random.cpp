// Many draws at once. The four words of a Philox block fill one vector of 128 bits, and a round is five instructions on
// it: the two even words are multiplied, the products change places, the odd words and the key are added without carry.
// Whole numbers only, so every processor gives the same; two blocks share a vector where it is wide enough.
#include "sim/random.hpp"

#if defined(__x86_64__) && defined(__GNUC__)
#define PRISONFLOW_X86_VECTORS 1
#include <immintrin.h>
#endif

namespace prisonflow::sim {

namespace {

void draw_one_by_one(StreamKey key, const DrawName* names, std::size_t count, Draws* draws) {
  for (std::size_t i = 0; i < count; ++i) {
    draws[i] = draw(key, names[i].person, names[i].occurrence, names[i].purpose);
  }
}

#ifdef PRISONFLOW_X86_VECTORS

static_assert(sizeof(DrawName) == 16 && sizeof(Draws) == 16);
constexpr int kRounds = 10;
static_assert(sizeof(DrawName) == 16 && sizeof(Draws) == 16);

/// Words for the even places of a block: where the multipliers stand, and what is added to the odd words.
__m128i on_even_words(std::uint32_t word0, std::uint32_t word2) {
  return _mm_set_epi32(0, static_cast<int>(word2), 0, static_cast<int>(word0));
}

// Four vectors go side by side, since a multiplication takes five cycles and one can begin each cycle. They have names
// because g++ 12 keeps an array of them in memory.

/// As many as come in fours; returns how many.
std::size_t draw_fours(StreamKey key, const DrawName* names, std::size_t count, Draws* draws) {
  const __m128i multipliers = on_even_words(PHILOX_M4x32_0, PHILOX_M4x32_1);
  const __m128i weyl = on_even_words(PHILOX_W32_0, PHILOX_W32_1);
  const __m128i first_key = on_even_words(key.word0, key.word1);
  const auto next = [&](__m128i block, __m128i round_key) {
    const __m128i product = _mm_shuffle_epi32(_mm_mul_epu32(block, multipliers), _MM_SHUFFLE(0, 1, 2, 3));
    return _mm_xor_si128(_mm_xor_si128(_mm_srli_epi64(block, 32), round_key), product);
  };
  std::size_t done = 0;
  for (; done + 4 <= count; done += 4) {
    const auto* const from = reinterpret_cast<const __m128i*>(names + done);
    auto* const to = reinterpret_cast<__m128i*>(draws + done);
    __m128i round_key = first_key;
    __m128i a = _mm_loadu_si128(from), b = _mm_loadu_si128(from + 1);
    __m128i c = _mm_loadu_si128(from + 2), d = _mm_loadu_si128(from + 3);
    for (int round = 0; round < kRounds; ++round) {
      a = next(a, round_key), b = next(b, round_key), c = next(c, round_key), d = next(d, round_key);
      round_key = _mm_add_epi32(round_key, weyl);
    }
    _mm_storeu_si128(to, a), _mm_storeu_si128(to + 1, b);
    _mm_storeu_si128(to + 2, c), _mm_storeu_si128(to + 3, d);
  }
  return done;
}

[[gnu::target("avx2"), gnu::always_inline]] inline __m256i next_of_two(__m256i block, __m256i round_key,
                                                                       __m256i multipliers) {
  const __m256i product = _mm256_shuffle_epi32(_mm256_mul_epu32(block, multipliers), _MM_SHUFFLE(0, 1, 2, 3));
  return _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(block, 32), round_key), product);
}

/// The same with two blocks a vector: as many as come in eights.
[[gnu::target("avx2")]] std::size_t draw_eights(StreamKey key, const DrawName* names, std::size_t count, Draws* draws) {
  const __m256i multipliers = _mm256_broadcastsi128_si256(on_even_words(PHILOX_M4x32_0, PHILOX_M4x32_1));
  const __m256i weyl = _mm256_broadcastsi128_si256(on_even_words(PHILOX_W32_0, PHILOX_W32_1));
  const __m256i first_key = _mm256_broadcastsi128_si256(on_even_words(key.word0, key.word1));
  std::size_t done = 0;
  for (; done + 8 <= count; done += 8) {
    const auto* const from = reinterpret_cast<const __m256i*>(names + done);
    auto* const to = reinterpret_cast<__m256i*>(draws + done);
    __m256i round_key = first_key;
    __m256i a = _mm256_loadu_si256(from), b = _mm256_loadu_si256(from + 1);
    __m256i c = _mm256_loadu_si256(from + 2), d = _mm256_loadu_si256(from + 3);
    for (int round = 0; round < kRounds; ++round) {
      a = next_of_two(a, round_key, multipliers), b = next_of_two(b, round_key, multipliers);
      c = next_of_two(c, round_key, multipliers), d = next_of_two(d, round_key, multipliers);
      round_key = _mm256_add_epi32(round_key, weyl);
    }
    _mm256_storeu_si256(to, a), _mm256_storeu_si256(to + 1, b);
    _mm256_storeu_si256(to + 2, c), _mm256_storeu_si256(to + 3, d);
  }
  return done;
}

const bool has_wide_vectors = __builtin_cpu_supports("avx2");

#endif

}  // namespace

void draw_many(StreamKey key, const DrawName* names, std::size_t count, Draws* draws) {
  std::size_t done = 0;
#ifdef PRISONFLOW_X86_VECTORS
  if (has_wide_vectors) done = draw_eights(key, names, count, draws);
  done += draw_fours(key, names + done, count - done, draws + done);
#endif
  draw_one_by_one(key, names + done, count - done, draws + done);
}

}  // namespace prisonflow::sim
