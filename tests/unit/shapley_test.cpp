// The effect of a package shared out among its parts, on paper: games whose answer is known, games against the plain
// average over all orders, sums that must be exact to the last bit, and orders drawn at random against all of them.
#include "models/shapley.hpp"

#include <algorithm>
#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

namespace prisonflow::testing {
namespace {

using models::Order;
using models::SharingPlan;
using models::Subset;

using Game = std::function<double(Subset)>;

std::vector<double> worths_of(const SharingPlan& plan, const Game& game) {
  std::vector<double> worths;
  for (const Subset subset : plan.subsets()) worths.push_back(game(subset));
  return worths;
}
std::vector<double> exact_shares(std::size_t parts, const Game& game, double baseline = 0) {
  const SharingPlan plan = SharingPlan::exactly(parts);
  return plan.shares(worths_of(plan, game), baseline);
}

/// What the definition says, order by order.
std::vector<double> average_over_all_orders(std::size_t parts, const Game& game) {
  Order order(parts);
  std::iota(order.begin(), order.end(), std::uint8_t{0});
  std::vector<double> sum(parts);
  double orders = 0;
  do {
    Subset on = 0;
    for (const std::uint8_t part : order) {
      const Subset with = on | Subset{1} << part;
      sum[part] += game(with) - game(on);
      on = with;
    }
    ++orders;
  } while (std::next_permutation(order.begin(), order.end()));
  for (double& each : sum) each /= orders;
  return sum;
}

std::uint64_t random_bits(std::uint64_t who, std::uint32_t what) {
  const sim::Draws draws = sim::draw(sim::stream_key(2015, 0), who, what, sim::purpose("games of the test"));
  return std::uint64_t{draws.word[0]} << 32 | draws.word[1];
}
/// A game of whole numbers: persons.
Game whole_game(std::uint32_t number) {
  return [number](Subset subset) { return static_cast<double>(random_bits(subset, number) % 60'000); };
}
/// A game of reals with every bit of the mantissa in use, between 2^low and 2^high.
Game real_game(std::uint32_t number, int low, int high) {
  return [=](Subset subset) {
    const std::uint64_t bits = random_bits(subset, number);
    const double fraction = 1.0 + static_cast<double>(bits >> 12) * 0x1p-52;
    return std::ldexp(fraction, low + static_cast<int>(bits % static_cast<std::uint64_t>(high - low)));
  };
}
/// The cost of a month: worlds of 2^exponent that differ by a sixteenth of it at most, to the last bit of a double.
Game cost_game(std::uint32_t number, int exponent) {
  return [=](Subset subset) {
    return std::ldexp(1.0 + static_cast<double>(random_bits(subset, number) >> 16) * 0x1p-52, exponent);
  };
}

/// Added up forwards, backwards, and the greatest first and last: no sum may round.
void check_sum(std::vector<double> shares, double total) {
  const auto sum = [&] { return std::accumulate(shares.begin(), shares.end(), 0.0); };
  CHECK(sum() == total);
  std::reverse(shares.begin(), shares.end());
  CHECK(sum() == total);
  std::sort(shares.begin(), shares.end());
  CHECK(sum() == total);
  std::sort(shares.begin(), shares.end(), [](double a, double b) { return std::abs(a) > std::abs(b); });
  CHECK(sum() == total);
  std::sort(shares.begin(), shares.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
  CHECK(sum() == total);
}

TEST_CASE("shapley: parts that do not meet have each its own effect, and what changes nothing has none") {
  const std::vector<double> own = {-1200, 35, 0, 7, -1, 100000};
  for (std::size_t parts = 0; parts <= own.size(); ++parts) {
    const Game additive = [&](Subset subset) {
      double sum = 50'000;
      for (std::size_t part = 0; part < parts; ++part) sum += (subset >> part & 1) != 0 ? own[part] : 0.0;
      return sum;
    };
    std::vector<double> expected(own.begin(), own.begin() + static_cast<std::ptrdiff_t>(parts));
    expected.push_back(-17);  // what differs without a date
    CHECK(exact_shares(parts, additive, 50'017) == expected);
  }
}

TEST_CASE("shapley: parts that count alike have alike shares") {
  // Only all four together do something; or any one does all.
  CHECK(exact_shares(4, [](Subset subset) { return subset == 15 ? 1000.0 : 0.0; }) ==
        std::vector<double>{250, 250, 250, 250, 0});
  CHECK(exact_shares(4, [](Subset subset) { return subset != 0 ? -1000.0 : 0.0; }) ==
        std::vector<double>{-250, -250, -250, -250, 0});
}

TEST_CASE("shapley: the glove game") {
  // One left glove, two right ones; a pair is worth 1: 2/3, 1/6, 1/6 (Shapley and Shubik).
  const auto shares = exact_shares(3, [](Subset subset) { return (subset & 1) != 0 && (subset & 6) != 0 ? 1.0 : 0.0; });
  CHECK(shares[0] == Approx(2.0 / 3).epsilon(1e-11));
  CHECK(shares[1] == Approx(1.0 / 6).epsilon(1e-11));
  CHECK(shares[2] == Approx(1.0 / 6).epsilon(1e-11));
  CHECK(shares[3] == 0);
  check_sum(shares, 1);
}

TEST_CASE("shapley: games of whole numbers against the average over all orders") {
  for (std::uint32_t number = 0; number < 200; ++number) {
    const std::size_t parts = 1 + number % models::kMostPartsExactly;
    const Game game = whole_game(number);
    const auto shares = exact_shares(parts, game, 31'000);
    const auto expected = average_over_all_orders(parts, game);
    INFO("game " << number << " of " << parts);
    for (std::size_t part = 0; part < parts; ++part) CHECK(std::abs(shares[part] - expected[part]) < 0x1p-19);
    CHECK(shares.back() == game(0) - 31'000);
    check_sum(shares, game((Subset{1} << parts) - 1) - 31'000);
    // The dated parts alone add up to what all of them do.
    check_sum({shares.begin(), shares.end() - 1}, game((Subset{1} << parts) - 1) - game(0));
  }
}

TEST_CASE("shapley: shares of reals add up to the last bit") {
  for (std::uint32_t number = 0; number < 200; ++number) {
    const std::size_t parts = 1 + number % models::kMostPartsExactly;
    for (const int exponent : {37, 0, -30, 71}) {
      const Game game = cost_game(number, exponent);
      const double baseline = cost_game(number + 1000, exponent)(0);
      const auto shares = exact_shares(parts, game, baseline);
      INFO("game " << number << " of " << parts << " at 2^" << exponent);
      check_sum(shares, game((Subset{1} << parts) - 1) - baseline);
      check_sum({shares.begin(), shares.end() - 1}, game((Subset{1} << parts) - 1) - game(0));
      const auto expected = average_over_all_orders(parts, game);
      for (std::size_t part = 0; part < parts; ++part)
        CHECK(std::abs(shares[part] - expected[part]) <= std::max(0x1p-19, std::ldexp(1, exponent - 46)));
    }
  }
}

TEST_CASE("shapley: a difference far below the worths is shared out to its last bit") {
  // Two worlds of 2^40 that differ in their last bit, and parts that come near to it.
  const double one = 0x1p40;
  const double bit = 0x1p-12;
  const auto shares = exact_shares(
      2, [&](Subset subset) { return subset == 3 ? one + bit : one + 3 * bit; }, one);
  check_sum(shares, bit);
  CHECK(shares == std::vector<double>{-bit, -bit, 3 * bit});
}

TEST_CASE("shapley: where shares cancel too far for a double the sum is the difference as near as it can be") {
  // Worths of 2^60 between two of about one: a share of 2^60 has no bits below 2^8.
  const Game game = [](Subset subset) {
    return subset == 0 ? 1.0 : subset == 3 ? 1.5 : subset == 1 ? 0x1p60 : -0x1p60;
  };
  const auto shares = exact_shares(2, game, 1.0);
  check_sum(shares, 0);  // 0.5 to the nearest unit of the grid
  CHECK(shares == std::vector<double>{0x1p60, -0x1p60, 0});
  for (std::uint32_t number = 0; number < 100; ++number) {
    const Game wild = real_game(number, -300, 300);
    const auto parts = exact_shares(4, wild, 5.0);
    double amount = 0;
    for (const double part : parts) amount += std::abs(part);
    std::vector<double> backwards(parts.rbegin(), parts.rend());
    const double sum = std::accumulate(parts.begin(), parts.end(), 0.0);
    CHECK(std::accumulate(backwards.begin(), backwards.end(), 0.0) == sum);
    CHECK(std::abs(sum - (wild(15) - 5.0)) <= amount * 0x1p-50);
  }
}

TEST_CASE("shapley: the greatest and the smallest numbers") {
  const double most = 0x1p1000;
  check_sum(exact_shares(
                1, [&](Subset subset) { return subset == 0 ? -most : most; }, most),
            0);
  CHECK(std::isnan(exact_shares(
      1, [&](Subset subset) { return subset == 0 ? -most : most; }, 2 * most)[0]));
  const double least = std::numeric_limits<double>::denorm_min();
  check_sum(exact_shares(
                2, [&](Subset subset) { return static_cast<double>(subset) * least; }, 0),
            3 * least);
  CHECK(exact_shares(3, [](Subset) { return 0.0; }) == std::vector<double>(4, 0.0));
  CHECK(exact_shares(
            3, [](Subset) { return 1e300; }, 1e300) == std::vector<double>(4, 0.0));
}

TEST_CASE("shapley: a worth that is not known leaves all shares unknown") {
  const double missing = std::numeric_limits<double>::quiet_NaN();
  for (const double share : exact_shares(2, [&](Subset subset) { return subset == 1 ? missing : 1.0; }))
    CHECK(std::isnan(share));
  for (const double share : exact_shares(
           2, [](Subset) { return 1.0; }, missing))
    CHECK(std::isnan(share));
  const double endless = std::numeric_limits<double>::infinity();
  for (const double share : exact_shares(1, [&](Subset subset) { return subset == 1 ? endless : 1.0; }))
    CHECK(std::isnan(share));
}

TEST_CASE("shapley: orders come in pairs, each with its reverse, and every order is as likely as another") {
  std::vector<std::size_t> first(4), last(4);
  constexpr std::uint32_t kKeys = 2000;
  for (std::uint32_t key = 0; key < kKeys; ++key) {
    const auto orders = models::draw_orders(4, 6, sim::stream_key(1, key));
    REQUIRE(orders.size() == 6);
    for (std::size_t pair = 0; pair < 3; ++pair) {
      Order reversed = orders[2 * pair];
      std::reverse(reversed.begin(), reversed.end());
      CHECK(orders[2 * pair + 1] == reversed);
      std::sort(reversed.begin(), reversed.end());
      CHECK(reversed == Order{0, 1, 2, 3});
      ++first[orders[2 * pair].front()];
      ++last[orders[2 * pair].back()];
    }
  }
  // A part is first in a quarter of 6,000 orders: 1,500 with a standard deviation of 33.5; six of them are passed
  // once in 5e8 looks.
  for (std::size_t part = 0; part < 4; ++part) {
    CHECK(std::abs(static_cast<double>(first[part]) - 1500) < 201);
    CHECK(std::abs(static_cast<double>(last[part]) - 1500) < 201);
  }
  CHECK(models::draw_orders(9, 8, sim::stream_key(1, 2)) == models::draw_orders(9, 8, sim::stream_key(1, 2)));
  CHECK(models::draw_orders(9, 8, sim::stream_key(1, 2)) != models::draw_orders(9, 8, sim::stream_key(1, 3)));
}

TEST_CASE("shapley: some orders agree with all orders within their error, and add up as exactly") {
  const Game game = [](Subset subset) {
    const auto size = static_cast<double>(std::popcount(subset));
    return 40'000 - 900 * size * size + static_cast<double>(random_bits(subset, 77) % 2'000);
  };
  const auto exact = exact_shares(5, game, 41'000);
  constexpr std::uint32_t kKeys = 400;
  std::vector<double> mean(5), squares(5), mean_square_error(5);
  for (std::uint32_t key = 0; key < kKeys; ++key) {
    const SharingPlan plan = SharingPlan::over(models::draw_orders(5, 20, sim::stream_key(9, key)));
    CHECK_FALSE(plan.exact());
    const auto worths = worths_of(plan, game);
    const auto shares = plan.shares(worths, 41'000);
    const auto errors = plan.errors(worths);
    check_sum(shares, game(31) - 41'000);
    CHECK(shares.back() == exact.back());
    CHECK(errors.back() == 0);
    for (std::size_t part = 0; part < 5; ++part) {
      mean[part] += shares[part] / kKeys;
      squares[part] += (shares[part] - exact[part]) * (shares[part] - exact[part]) / kKeys;
      mean_square_error[part] += errors[part] * errors[part] / kKeys;
    }
  }
  for (std::size_t part = 0; part < 5; ++part) {
    INFO("part " << part);
    // Without bias: the mean of 400 within 6 of its standard errors (one false alarm in 5e8 looks) ...
    const double error = std::sqrt(squares[part] / kKeys);
    CHECK(std::abs(mean[part] - exact[part]) < 6 * error);
    CHECK_FALSE(std::abs(mean[part] - 1.2 * exact[part]) < 6 * error);  // the twin: a wrong answer is refused
    // ... and the error that is said is the error that is made: a ratio of variances over 400 draws of 10 pairs has a
    // standard deviation of about 0.08.
    CHECK(mean_square_error[part] / squares[part] == Approx(1).margin(0.5));
    CHECK(error > 0);
  }
}

TEST_CASE("shapley: a pair of orders varies less than two orders apart") {
  // Worth with falling returns: what comes early adds more. First place and last place cancel in a pair.
  const Game game = [](Subset subset) { return -std::sqrt(static_cast<double>(std::popcount(subset))) * 1000; };
  const SharingPlan plan = SharingPlan::over(models::draw_orders(8, 200, sim::stream_key(3, 0)));
  const auto errors = plan.errors(worths_of(plan, game));
  // As many single orders, the first of each pair.
  std::vector<Order> single;
  const auto others = models::draw_orders(8, 400, sim::stream_key(4, 0));
  for (std::size_t number = 0; number < others.size(); number += 2) single.push_back(others[number]);
  double mean = 0, squares = 0;
  std::vector<double> added;
  for (const Order& order : single) {
    const auto place = static_cast<Subset>(std::find(order.begin(), order.end(), 0) - order.begin());
    added.push_back(game((Subset{1} << (place + 1)) - 1) - game((Subset{1} << place) - 1));
    mean += added.back() / static_cast<double>(single.size());
  }
  for (const double each : added) squares += (each - mean) * (each - mean);
  const double apart = std::sqrt(squares / static_cast<double>(added.size() - 1) / static_cast<double>(added.size()));
  CHECK(errors[0] < apart);
}

TEST_CASE("shapley: plans refuse what they cannot do") {
  CHECK_THROWS(SharingPlan::exactly(models::kMostPartsExactly + 1));
  CHECK_THROWS(SharingPlan::over(models::draw_orders(5, 2, sim::stream_key(1, 0))));
  CHECK_THROWS(SharingPlan::over({{0, 1}, {1, 0}, {0, 1}}));
}

}  // namespace
}  // namespace prisonflow::testing
