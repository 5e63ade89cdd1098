// Copies slabs to their places in a block of replications and hands over the full ones.
#include "output/slab_buffer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "output/element_codec.hpp"
#include "output/manifest.hpp"

namespace prisonflow::output {

SlabBuffer::SlabBuffer(ElementType type, std::size_t cells, std::size_t scenarios, std::size_t replications,
                       std::size_t replications_in_block, Write write)
    : type_(type),
      cells_(cells),
      scenarios_(scenarios),
      replications_(replications),
      rows_(replications_in_block),
      slab_bytes_(cells * bytes_of(type)),
      write_(std::move(write)),
      digests_(scenarios * replications),
      missing_(scenarios * replications) {}

std::optional<std::string> SlabBuffer::add(std::size_t scenario, std::size_t replication,
                                           std::span<const double> values) {
  if (scenario >= scenarios_) return fmt::format("there are only {} scenarios", scenarios_);
  if (replication >= replications_) return fmt::format("there are only {} replications", replications_);
  if (values.size() != cells_) return fmt::format("it has {} values, its dimensions hold {}", values.size(), cells_);
  std::optional<Digest>& digest = digests_[scenario * replications_ + replication];
  if (digest) return "it was written before";

  const std::size_t number = replication / rows_;
  const std::size_t first = number * rows_;
  const std::size_t rows = std::min(rows_, replications_ - first);
  Block& block = blocks_[{scenario, number}];
  if (block.bytes.empty()) {
    block.bytes.resize(rows * slab_bytes_);
    block.present.assign(rows, false);
    block.left = rows;
    held_bytes_ += block.bytes.size();
  }
  std::byte* bytes = block.bytes.data() + (replication - first) * slab_bytes_;
  if (const auto position = encode(type_, values, bytes))
    return fmt::format("the value {} at position {} does not fit {}", values[*position], *position, name_of(type_));
  Sha256 hash;
  hash.add(std::span<const std::byte>(bytes, slab_bytes_));
  digest = hash.finish();
  --missing_;
  block.present[replication - first] = true;
  if (--block.left == 0) {
    write_block(scenario, number, block);
    held_bytes_ -= block.bytes.size();
    blocks_.erase({scenario, number});
  }
  return std::nullopt;
}

void SlabBuffer::write_block(std::size_t scenario, std::size_t number, const Block& block) {
  const std::size_t rows = block.present.size();
  for (std::size_t row = 0; row < rows;) {
    std::size_t end = row;
    while (end < rows && block.present[end]) ++end;
    if (end > row) write_(scenario, number * rows_ + row, end - row, block.bytes.data() + row * slab_bytes_);
    row = end + 1;
  }
}

void SlabBuffer::flush() {
  for (const auto& [key, block] : blocks_) write_block(key.first, key.second, block);
  blocks_.clear();
  held_bytes_ = 0;
}

std::pair<std::size_t, std::size_t> SlabBuffer::first_missing() const {
  const auto found = std::find(digests_.begin(), digests_.end(), std::nullopt);
  const auto position = static_cast<std::size_t>(found - digests_.begin());
  return {position / replications_, position % replications_};
}

Digest SlabBuffer::digest() const {
  std::vector<std::byte> absent(slab_bytes_);
  fill_missing(type_, absent);
  Sha256 hash;
  hash.add(absent);
  const Digest digest_of_absent = hash.finish();
  std::vector<Digest> slabs;
  slabs.reserve(digests_.size());
  for (const auto& digest : digests_) slabs.push_back(digest.value_or(digest_of_absent));
  return digest_of_slabs(slabs);
}

}  // namespace prisonflow::output
