// Paged arrays: contents stay while they grow, and large ones leave their pages to the next of their kind.
#include "sim/paged_array.hpp"

#include <catch2/catch.hpp>
#include <thread>
#include <vector>

using namespace prisonflow::sim;

namespace {

constexpr std::size_t kLarge = 1'000'000;

/// A kind of its own for each test, so that no other array shares its pages.
template <int test>
struct Record {
  std::uint64_t number;
};

/// `whose`: so that no two arrays have the same contents.
template <class T>
void fill(PagedArray<T>& array, std::size_t count, std::uint64_t whose = 0) {
  for (std::size_t i = 0; i < count; ++i) array[array.append()].number = i * i + whose;
}

template <class T>
bool holds(const PagedArray<T>& array, std::size_t count, std::uint64_t whose = 0) {
  for (std::size_t i = 0; i < count; ++i) {
    if (array[i].number != i * i + whose) return false;
  }
  return array.size() == count;
}

}  // namespace

TEST_CASE("a paged array keeps its contents while it grows", "[unit][memory]") {
  PagedArray<Record<0>> array;
  fill(array, kLarge);
  CHECK(holds(array, kLarge));
  array.reserve(3 * kLarge);
  CHECK(holds(array, kLarge));
  PagedArray<Record<0>> taken = std::move(array);
  CHECK(holds(taken, kLarge));
}

TEST_CASE("the pages of a large array are used again by the next one of its kind", "[unit][memory]") {
  const void* before = nullptr;
  {
    PagedArray<Record<1>> array;
    fill(array, kLarge);
    before = array.data();
  }
  PagedArray<Record<1>> again;
  CHECK(again.size() == 0);
  fill(again, 10);
  CHECK(again.data() == before);
  CHECK(holds(again, 10));
  PagedArray<Record<1>> beside;  // while the other is in use
  fill(beside, kLarge, 7);
  CHECK(beside.data() != again.data());
  CHECK(holds(again, 10));
  CHECK(holds(beside, kLarge, 7));
  PagedArray<Record<2>> other;  // of another kind
  fill(other, 10);
  CHECK(other.data() != before);
}

TEST_CASE("small arrays give their pages back", "[unit][memory]") {
  PageStore store;
  {
    Pages small(store);
    small.enlarge(4096);
  }
  CHECK(store.take().data == nullptr);
  {
    Pages large(store);
    large.enlarge(std::size_t{4} << 20);
  }
  {
    Pages larger(store);
    larger.enlarge(std::size_t{1} << 20);
    CHECK(larger.bytes() == std::size_t{4} << 20);
  }
  const PageStore::Piece piece = store.take();
  CHECK(piece.bytes == std::size_t{4} << 20);
  CHECK(store.take().data == nullptr);
  store.give(piece);
}

TEST_CASE("arrays of several threads share their pages", "[unit][memory]") {
  std::vector<std::thread> threads;
  std::vector<int> well(4, 0);
  for (std::size_t thread = 0; thread < well.size(); ++thread) {
    threads.emplace_back([&well, thread] {
      bool all = true;
      for (int round = 0; round < 20; ++round) {
        PagedArray<Record<3>> array;
        fill(array, kLarge / 2, thread);
        all = all && holds(array, kLarge / 2, thread);
      }
      well[thread] = all ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(well == std::vector<int>(4, 1));
}
