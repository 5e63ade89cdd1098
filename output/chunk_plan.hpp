// How measures are cut into chunks, and how many replications are collected before a chunk is written.
//
// A chunk is the unit HDF5 packs, so three wishes meet here. Readers plot one series over all times and want quantiles
// over replications: a chunk should hold all times and many replications of a few cells. The writer gets the data the
// other way round, replication by replication, and must never unpack a chunk to add to it: the replications of a chunk
// must fit in memory for all measures at once. The last step reads all replications of a chunk's cells: those must fit
// too. Sizes between 0.1 and 1 MB keep both the number of chunks and the waste of a small selection low.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace prisonflow::output {

// Replications in a block: as many as fit in `buffer_bytes` when one replication of all measures and scenarios takes
// `bytes_of_replication`, from 1 to 64 and to `replications`.
std::size_t replications_in_block(std::size_t replications, std::size_t bytes_of_replication, std::size_t buffer_bytes);

// Extents of a chunk over `shape` with about `elements` elements or fewer: filled from the last dimension backwards,
// but after `preferred` (a position in `shape`, or shape.size() for none), which is taken whole first if it can be.
std::vector<std::size_t> chunk_extents(std::span<const std::size_t> shape, std::size_t preferred, std::size_t elements);

// The boxes that extents cut out of a shape, in row-major order.
struct Box {
  std::vector<std::size_t> offset;
  std::vector<std::size_t> count;

  std::size_t size() const;
};
std::vector<Box> boxes_of(std::span<const std::size_t> shape, std::span<const std::size_t> extents);

}  // namespace prisonflow::output
