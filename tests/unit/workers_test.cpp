// Workers: every item is worked once, products are consumed in order, stops and exceptions arrive, for any number of
// threads. Built with -fsanitize=thread these tests also show that the hints of sim/sanitizer_hints.hpp are complete:
// they read and write plain variables across every hand-over.
#include "sim/workers.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <numeric>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using prisonflow::sim::Workers;

namespace {

/// Some arithmetic, of a length that differs from item to item.
std::uint64_t busy(std::size_t item) {
  std::uint64_t value = item;
  for (std::size_t step = 0; step < 50 + item * 7919 % 3000; ++step) value = value * 6364136223846793005u + 1;
  return value;
}

const auto never = [] { return false; };

}  // namespace

TEST_CASE("workers: for_each works every item once and hands the results back") {
  const int threads = GENERATE(1, 2, 8);
  const std::size_t count = GENERATE(0, 1, 2, 7, 500);
  CAPTURE(threads, count);
  Workers workers(threads);
  CHECK(workers.threads() == threads);
  std::vector<std::uint64_t> input(count), output(count, 0);
  std::vector<int> times(count, 0);
  for (int round = 0; round < 5; ++round) {
    std::iota(input.begin(), input.end(), static_cast<std::uint64_t>(round));
    workers.for_each(count, [&](std::size_t item) {
      output[item] += busy(input[item]);
      ++times[item];
    });
  }
  for (std::size_t item = 0; item < count; ++item) {
    CHECK(times[item] == 5);
    std::uint64_t expected = 0;
    for (std::size_t round = 0; round < 5; ++round) expected += busy(item + round);
    CHECK(output[item] == expected);
  }
}

TEST_CASE("workers: those of one thread do not hold others to one") {
  const Workers one(1);
  Workers two(2);
  // Each item waits until the other has begun: only two threads get both through.
  std::atomic<int> begun{0};
  std::atomic<int> alone{0};
  two.for_each(2, [&](std::size_t) {
    ++begun;
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (begun < 2 && std::chrono::steady_clock::now() < end) std::this_thread::yield();
    if (begun < 2) ++alone;
  });
  CHECK(alone == 0);
}

TEST_CASE("workers: for_each passes an exception on, and the workers live on") {
  const int threads = GENERATE(1, 2, 8);
  CAPTURE(threads);
  Workers workers(threads);
  std::string message;
  try {
    workers.for_each(100, [&](std::size_t item) {
      busy(item);
      if (item == 37) throw std::runtime_error("item 37");
    });
  } catch (const std::runtime_error& error) {
    message = error.what();
  }
  CHECK(message == "item 37");
  std::atomic<int> done{0};
  workers.for_each(100, [&](std::size_t) { ++done; });
  CHECK(done == 100);
}

TEST_CASE("workers: products are consumed one at a time, in the order of the items") {
  const int threads = GENERATE(1, 2, 8);
  const std::size_t count = GENERATE(0, 1, 300);
  CAPTURE(threads, count);
  Workers workers(threads);
  std::vector<std::size_t> order;  // plain: the consumer needs no lock
  std::uint64_t sum = 0;
  const std::size_t consumed = workers.produce_in_order<std::vector<std::uint64_t>>(
      count, [](std::size_t item) { return std::vector<std::uint64_t>(3, busy(item)); },
      [&](std::size_t item, std::vector<std::uint64_t>&& product) {
        order.push_back(item);
        for (const std::uint64_t value : product) sum += value;
      },
      never);
  CHECK(consumed == count);
  REQUIRE(order.size() == count);
  std::uint64_t expected = 0;
  for (std::size_t item = 0; item < count; ++item) {
    CHECK(order[item] == item);
    expected += 3 * busy(item);
  }
  CHECK(sum == expected);
}

TEST_CASE("workers: few products wait: the producers do not run away from the consumer") {
  const int threads = GENERATE(1, 2, 8);
  CAPTURE(threads);
  Workers workers(threads);
  std::atomic<int> waiting{0};
  std::atomic<int> most{0};
  workers.produce_in_order<int>(
      200,
      [&](std::size_t) {
        const int now = ++waiting;
        for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
        }
        return 0;
      },
      [&](std::size_t item, int&&) {
        busy(item * 11);
        --waiting;
      },
      never);
  CHECK(most <= threads + 2);
}

TEST_CASE("workers: a stop consumes what was begun and begins nothing more") {
  const int threads = GENERATE(1, 2, 8);
  CAPTURE(threads);
  Workers workers(threads);
  std::atomic<bool> stop{false};
  std::atomic<std::size_t> produced{0};
  std::vector<std::size_t> order;
  const std::size_t consumed = workers.produce_in_order<std::uint64_t>(
      1000,
      [&](std::size_t item) {
        ++produced;
        return busy(item);
      },
      [&](std::size_t item, std::uint64_t&&) {
        order.push_back(item);
        if (item == 20) stop = true;
      },
      [&] { return stop.load(); });
  CHECK(consumed == order.size());
  CHECK(consumed == produced);
  CHECK(consumed >= 21);
  CHECK(consumed <= 21 + static_cast<std::size_t>(threads) + 2);
  for (std::size_t item = 0; item < order.size(); ++item) CHECK(order[item] == item);

  stop = true;
  CHECK(workers.produce_in_order<int>(
            10, [](std::size_t) { return 0; }, [](std::size_t, int&&) { FAIL("nothing may be consumed"); },
            [&] { return stop.load(); }) == 0);
}

TEST_CASE("workers: exceptions of producer, consumer and stop arrive, and the workers live on") {
  const int threads = GENERATE(1, 2, 8);
  const std::string thrower = GENERATE("producer", "consumer", "stop");
  CAPTURE(threads, thrower);
  Workers workers(threads);
  std::string message;
  std::size_t next = 0;
  bool in_order = true;
  std::size_t asked = 0;
  try {
    workers.produce_in_order<std::string>(
        100,
        [&](std::size_t item) {
          if (thrower == "producer" && item == 40) throw std::runtime_error("producer");
          return std::to_string(busy(item));
        },
        [&](std::size_t item, std::string&&) {
          in_order = in_order && item == next++;
          if (thrower == "consumer" && item == 40) throw std::runtime_error("consumer");
        },
        [&] {
          if (thrower == "stop" && ++asked == 40) throw std::runtime_error("stop");
          return false;
        });
  } catch (const std::runtime_error& error) {
    message = error.what();
  }
  CHECK(message == thrower);
  CHECK(in_order);
  CHECK(next <= 41);
  CHECK(workers.produce_in_order<int>(
            10, [](std::size_t) { return 1; }, [](std::size_t, int&&) {}, never) == 10);
}
