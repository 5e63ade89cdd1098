// Collects the slabs of one measure until a block of replications can be written as whole chunks. Internal.
//
// Slabs come one replication at a time, chunks hold many: the buffer stands between the two. It also hashes each slab
// while its bytes are in hand and knows which slabs have arrived.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "output/labelled_array.hpp"
#include "output/sha256.hpp"

namespace prisonflow::output {

class SlabBuffer {
 public:
  // `write(scenario, first replication, number of replications, bytes)` puts rows into the file.
  using Write = std::function<void(std::size_t, std::size_t, std::size_t, const std::byte*)>;

  SlabBuffer(ElementType type, std::size_t cells, std::size_t scenarios, std::size_t replications,
             std::size_t replications_in_block, Write write);

  // Returns why the slab is refused, or nothing. Writes its block when this was the last slab missing from it.
  std::optional<std::string> add(std::size_t scenario, std::size_t replication, std::span<const double> values);
  // Writes what is held, complete or not.
  void flush();

  std::size_t held_bytes() const { return held_bytes_; }
  std::size_t missing_slabs() const { return missing_; }
  // Scenario and replication of the first slab that has not arrived; call only when one is missing.
  std::pair<std::size_t, std::size_t> first_missing() const;
  // Over all slabs in order; those that never arrived count as filled with missing values.
  Digest digest() const;

 private:
  struct Block {
    std::vector<std::byte> bytes;
    std::vector<bool> present;
    std::size_t left = 0;
  };

  void write_block(std::size_t scenario, std::size_t number, const Block& block);

  ElementType type_;
  std::size_t cells_, scenarios_, replications_, rows_, slab_bytes_;
  Write write_;
  std::map<std::pair<std::size_t, std::size_t>, Block> blocks_;  // by scenario and number of the block
  std::vector<std::optional<Digest>> digests_;
  std::size_t missing_;
  std::size_t held_bytes_ = 0;
};

}  // namespace prisonflow::output
