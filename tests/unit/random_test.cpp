// The random numbers: the published answer, names and keys, the range and evenness of uniforms.
#include "sim/random.hpp"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <catch2/catch.hpp>
#include <cstdint>
#include <vector>

namespace sim = prisonflow::sim;

TEST_CASE("Philox gives the published answers", "[random]") {
  // Known-answer file kat_vectors of Random123: philox4x32, 10 rounds.
  const sim::Draws zero = sim::draw({0, 0}, 0, 0, 0);
  CHECK(zero.word[0] == 0x6627e8d5u);
  CHECK(zero.word[1] == 0xe169c58du);
  CHECK(zero.word[2] == 0xbc57ac4cu);
  CHECK(zero.word[3] == 0x9b00dbd8u);
  const sim::Draws ones = sim::draw({~0u, ~0u}, ~std::uint64_t{0}, ~0u, ~0u);
  CHECK(ones.word[0] == 0x408f276du);
  CHECK(ones.word[1] == 0x41c83b0eu);
  CHECK(ones.word[2] == 0xa20bc7c6u);
  CHECK(ones.word[3] == 0x6d5451fdu);
  // Digits of pi: also fixes which argument is which word.
  const sim::Draws pi = sim::draw({0xa4093822, 0x299f31d0}, 0x85a308d3'243f6a88, 0x13198a2e, 0x03707344);
  CHECK(pi.word[0] == 0xd16cfe09u);
  CHECK(pi.word[1] == 0x94fdccebu);
  CHECK(pi.word[2] == 0x5001e420u);
  CHECK(pi.word[3] == 0x24126ea1u);
}

TEST_CASE("uniforms lie strictly inside the unit interval and are exact", "[random]") {
  const sim::Draws least{{0, 0, 0, 0}};
  const sim::Draws most{{~0u, ~0u, ~0u, ~0u}};
  for (int i = 0; i < 4; ++i) {
    CHECK(least.uniform(i) == 0x1p-33);
    CHECK(most.uniform(i) == 1.0 - 0x1p-33);
  }
  for (int i = 0; i < 3; ++i) {
    CHECK(least.uniform53(i) == 0x1p-53);
    CHECK(most.uniform53(i) == 1.0 - 0x1p-53);
    CHECK(most.uniform53(i) < 1.0);
  }
  const sim::Draws mixed{{0x80000000u, 0x00001000u, 3, 0}};
  CHECK(mixed.uniform(0) == (2147483648.0 + 0.5) / 4294967296.0);
  CHECK(mixed.uniform(2) == 3.5 / 4294967296.0);
  CHECK(mixed.uniform53(0) == 0.5 + 1.5 * 0x1p-52);
}

TEST_CASE("many draws at once are the draws one by one", "[random]") {
  const sim::StreamKey key = sim::stream_key(7, 11);
  std::vector<sim::DrawName> names;
  for (std::uint32_t i = 0; i < 64; ++i) names.push_back({sim::mix64(i), i * 0x9e3779b9u, ~i});
  for (std::size_t count = 0; count <= names.size(); ++count) {  // every remainder of every width
    std::vector<sim::Draws> draws(count + 1, sim::Draws{{1, 2, 3, 4}});
    sim::draw_many(key, names.data(), count, draws.data());
    for (std::size_t i = 0; i < count; ++i) {
      const sim::Draws one = sim::draw(key, names[i].person, names[i].occurrence, names[i].purpose);
      for (int word = 0; word < 4; ++word) REQUIRE(draws[i].word[word] == one.word[word]);
    }
    CHECK(draws[count].word[0] == 1);  // nothing behind the last
  }
}

TEST_CASE("keys of one seed never meet", "[random]") {
  std::vector<std::uint64_t> keys;
  for (const std::uint64_t seed : {0ull, 1ull, 2ull, 12345ull, ~0ull}) {
    for (std::uint32_t replication = 0; replication < 20'000; ++replication) {
      const sim::StreamKey key = sim::stream_key(seed, replication);
      keys.push_back(std::uint64_t{key.word1} << 32 | key.word0);
    }
  }
  std::sort(keys.begin(), keys.end());
  CHECK(std::adjacent_find(keys.begin(), keys.end()) == keys.end());
  CHECK(sim::stream_key(1, 0) == sim::StreamKey{0x0f363a7d, 0x7ab40e09});
}

TEST_CASE("purposes are stable numbers of their names", "[random]") {
  static_assert(sim::purpose("sojourn") != sim::purpose("branch"));
  CHECK(sim::purpose("") == 0x5c9ffd72u);
  CHECK(sim::purpose("sojourn") == 0xafd69aebu);
  CHECK(sim::purpose("reoffending.fuse") == 0x8131f6afu);
}

namespace {

/// Pearson's statistic of pairs (u, v) in a grid of 32 by 32 cells, and its upper tail.
template <class Pair>
double pair_tail(Pair pair) {
  constexpr int side = 32;
  constexpr std::uint32_t count = 200'000;
  std::vector<double> cells(side * side, 0.0);
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto [u, v] = pair(i);
    cells[static_cast<std::size_t>(static_cast<int>(u * side) * side + static_cast<int>(v * side))] += 1.0;
  }
  const double expected = count / static_cast<double>(side * side);
  double statistic = 0.0;
  for (const double cell : cells) statistic += (cell - expected) * (cell - expected) / expected;
  return boost::math::cdf(boost::math::complement(boost::math::chi_squared(side * side - 1), statistic));
}

}  // namespace

TEST_CASE("draws of neighbouring names are independent", "[random]") {
  // Fixed key, so the outcome is fixed; for a random key each check would fail falsely once in ten thousand times.
  constexpr double false_alarm = 1e-4;
  const sim::StreamKey key = sim::stream_key(42, 0);
  constexpr sim::Purpose stay = sim::purpose("stay");
  constexpr sim::Purpose branch = sim::purpose("branch");
  using Pair = std::pair<double, double>;
  const auto of = [&](std::uint64_t person, std::uint32_t occurrence, sim::Purpose why) {
    return sim::draw(key, person, occurrence, why).uniform53(0);
  };
  CHECK(pair_tail([&](std::uint32_t i) { return Pair{of(i, 0, stay), of(i + 1, 0, stay)}; }) > false_alarm);
  CHECK(pair_tail([&](std::uint32_t i) { return Pair{of(i, 0, stay), of(i, 1, stay)}; }) > false_alarm);
  CHECK(pair_tail([&](std::uint32_t i) { return Pair{of(i, 0, stay), of(i, 0, branch)}; }) > false_alarm);
  CHECK(pair_tail([&](std::uint32_t i) {
          return Pair{of(i, 0, stay), sim::draw(sim::stream_key(42, 1), i, 0, stay).uniform53(0)};
        }) > false_alarm);
  CHECK(pair_tail([&](std::uint32_t i) {
          const sim::Draws draws = sim::draw(key, i, 0, stay);
          return Pair{draws.uniform(1), draws.uniform(2)};
        }) > false_alarm);
  // The twin that must fail: two decisions that share one stream.
  CHECK(pair_tail([&](std::uint32_t i) { return Pair{of(i, 0, stay), of(i, 0, stay)}; }) < false_alarm);
  // And a slighter one: one draw in a hundred shared.
  CHECK(pair_tail([&](std::uint32_t i) {
          return Pair{of(i, 0, stay), of(i, 0, i % 100 == 0 ? stay : branch)};
        }) < false_alarm);
}
