// Chunks, buffers and the bytes of single values.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <vector>

#include "output/chunk_plan.hpp"
#include "output/element_codec.hpp"
#include "output/output_error.hpp"
#include "output/slab_buffer.hpp"

using namespace prisonflow::output;

TEST_CASE("a block holds as many replications as fit, up to 64") {
  CHECK(replications_in_block(100, 1000, 1'000'000) == 64);
  CHECK(replications_in_block(10, 1000, 1'000'000) == 10);
  CHECK(replications_in_block(100, 100'000, 1'000'000) == 10);
  CHECK(replications_in_block(100, 2'000'000, 1'000'000) == 1);
  CHECK(replications_in_block(100, 0, 1'000'000) == 64);
}

TEST_CASE("chunks take time first, then the last dimensions, in equal pieces") {
  using Shape = std::vector<std::size_t>;
  CHECK(chunk_extents(Shape{132, 300}, 0, 1320) == Shape{132, 10});
  CHECK(chunk_extents(Shape{132, 3, 4}, 0, 1'000'000) == Shape{132, 3, 4});
  CHECK(chunk_extents(Shape{132, 11}, 0, 1320) == Shape{132, 6});
  CHECK(chunk_extents(Shape{5, 7}, 2, 7) == Shape{1, 7});
  CHECK(chunk_extents(Shape{7300}, 0, 1000) == Shape{913});
  CHECK(chunk_extents(Shape{}, 0, 10).empty());
}

TEST_CASE("boxes cover a shape once") {
  const std::vector<std::size_t> shape = {5, 3, 4}, extents = {2, 3, 3};
  std::vector<int> hits(60, 0);
  const auto boxes = boxes_of(shape, extents);
  CHECK(boxes.size() == 6);
  for (const Box& box : boxes)
    for (std::size_t i = 0; i < box.count[0]; ++i)
      for (std::size_t j = 0; j < box.count[1]; ++j)
        for (std::size_t k = 0; k < box.count[2]; ++k)
          ++hits[((box.offset[0] + i) * 3 + box.offset[1] + j) * 4 + box.offset[2] + k];
  CHECK(std::set<int>(hits.begin(), hits.end()) == std::set<int>{1});
  CHECK(boxes_of({}, {}).size() == 1);
}

TEST_CASE("values that a type cannot hold are found, all others come back") {
  const auto there_and_back = [](ElementType type, double value) {
    std::byte bytes[8];
    REQUIRE_FALSE(encode(type, std::span(&value, 1), bytes));
    double back = 0.0;
    decode(type, bytes, std::span(&back, 1));
    return back;
  };
  for (const ElementType type : {ElementType::int32, ElementType::int64, ElementType::float32, ElementType::float64}) {
    CHECK(there_and_back(type, -17.0) == -17.0);
    CHECK(std::isnan(there_and_back(type, std::numeric_limits<double>::quiet_NaN())));
    CHECK_FALSE(std::signbit(there_and_back(type, -0.0)));
  }
  CHECK(there_and_back(ElementType::int32, 2147483647.0) == 2147483647.0);
  CHECK(there_and_back(ElementType::int32, -2147483646.0) == -2147483646.0);
  CHECK(there_and_back(ElementType::int64, 9007199254740991.0) == 9007199254740991.0);

  const auto refused = [](ElementType type, double value) {
    std::byte bytes[16];
    const std::vector<double> values = {1.0, value};
    return encode(type, values, bytes) == std::optional<std::size_t>(1);
  };
  CHECK(refused(ElementType::int32, 0.5));
  CHECK(refused(ElementType::int32, 2147483648.0));
  CHECK(refused(ElementType::int32, -2147483647.0));  // the fill value
  CHECK(refused(ElementType::int64, 1e16));
  CHECK(refused(ElementType::int64, std::numeric_limits<double>::infinity()));
  CHECK(refused(ElementType::float32, 1e39));
}

TEST_CASE("a buffer writes whole blocks as soon as they are full") {
  struct Written {
    std::size_t scenario, first, rows;
    bool operator==(const Written&) const = default;
  };
  std::vector<Written> written;
  SlabBuffer buffer(ElementType::int32, 2, 2, 5, 3,
                    [&](std::size_t s, std::size_t first, std::size_t rows, const std::byte*) {
                      written.push_back({s, first, rows});
                    });
  const std::vector<double> slab = {1, 2};
  for (std::size_t r : {0u, 2u}) REQUIRE_FALSE(buffer.add(0, r, slab));
  CHECK(written.empty());
  CHECK(buffer.held_bytes() == 24);
  REQUIRE_FALSE(buffer.add(0, 1, slab));
  CHECK(written == std::vector<Written>{{0, 0, 3}});
  CHECK(buffer.held_bytes() == 0);
  REQUIRE_FALSE(buffer.add(1, 4, slab));
  buffer.flush();
  CHECK(written.back() == Written{1, 4, 1});
  CHECK(buffer.missing_slabs() == 6);
  CHECK(buffer.first_missing() == std::pair<std::size_t, std::size_t>{0, 3});

  CHECK(buffer.add(0, 0, slab) == "it was written before");
  CHECK(buffer.add(2, 0, slab) == "there are only 2 scenarios");
  CHECK(buffer.add(0, 5, slab) == "there are only 5 replications");
  CHECK(buffer.add(0, 3, std::vector<double>{1}) == "it has 1 values, its dimensions hold 2");
  CHECK(buffer.add(0, 3, std::vector<double>{1, 2.5}) == "the value 2.5 at position 1 does not fit int32");
}
