// The inner function of SHA-256, in portable form and with the processor's own instructions. Internal to this folder.
//
// Every slab of a result is hashed while it is written; the portable form took a fifth of that time. The instructions
// compute the same function, and a test compares the two.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace prisonflow::output {

inline constexpr std::size_t sha256_block_size = 64;

using Sha256State = std::array<std::uint32_t, 8>;

// Takes `count` blocks of 64 bytes into the state.
void compress_blocks_portably(Sha256State& state, const std::uint8_t* blocks, std::size_t count);
// The same by the fastest way this processor has.
void compress_blocks(Sha256State& state, const std::uint8_t* blocks, std::size_t count);

}  // namespace prisonflow::output
