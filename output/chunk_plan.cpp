// Chooses the chunks of every measure and how many replications are collected for them.
#include "output/chunk_plan.hpp"

#include <algorithm>

namespace prisonflow::output {

namespace {

constexpr std::size_t largest_block = 64;

}  // namespace

std::size_t replications_in_block(std::size_t replications, std::size_t bytes_of_replication,
                                  std::size_t buffer_bytes) {
  const std::size_t fitting = buffer_bytes / std::max<std::size_t>(bytes_of_replication, 1);
  return std::clamp<std::size_t>(fitting, 1, std::min(replications, largest_block));
}

std::vector<std::size_t> chunk_extents(std::span<const std::size_t> shape, std::size_t preferred,
                                       std::size_t elements) {
  std::vector<std::size_t> extents(shape.size(), 1);
  std::size_t left = std::max<std::size_t>(elements, 1);
  const auto take = [&](std::size_t axis) {
    extents[axis] = std::min(shape[axis], left);
    // Equal pieces rather than full ones and a rest, because the last chunk is stored at full size.
    const std::size_t pieces = (shape[axis] + extents[axis] - 1) / extents[axis];
    extents[axis] = (shape[axis] + pieces - 1) / pieces;
    left /= extents[axis];
  };
  if (preferred < shape.size()) take(preferred);
  for (std::size_t axis = shape.size(); axis-- > 0 && left > 1;)
    if (axis != preferred) take(axis);
  return extents;
}

std::size_t Box::size() const {
  std::size_t product = 1;
  for (const std::size_t n : count) product *= n;
  return product;
}

std::vector<Box> boxes_of(std::span<const std::size_t> shape, std::span<const std::size_t> extents) {
  std::vector<Box> boxes;
  std::vector<std::size_t> offset(shape.size(), 0);
  for (;;) {
    Box box{offset, {}};
    for (std::size_t axis = 0; axis < shape.size(); ++axis)
      box.count.push_back(std::min(extents[axis], shape[axis] - offset[axis]));
    boxes.push_back(std::move(box));
    std::size_t axis = shape.size();
    for (;;) {
      if (axis == 0) return boxes;
      --axis;
      offset[axis] += extents[axis];
      if (offset[axis] < shape[axis]) break;
      offset[axis] = 0;
    }
  }
}

}  // namespace prisonflow::output
