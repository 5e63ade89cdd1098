// SHA-256 (FIPS 180-4), for the digests that let a result file prove its own contents and name its inputs.
//
// A hundred lines of our own instead of a cryptography library: a digest is the only thing needed, it must be the same
// everywhere, and its known answers are in the tests. Nothing secret is hashed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace prisonflow::output {

using Digest = std::array<std::uint8_t, 32>;

class Sha256 {
 public:
  void add(std::span<const std::byte> data);
  void add(std::string_view text);
  // Ends the message; the object must not be used afterwards.
  Digest finish();

 private:
  void compress(const std::uint8_t* blocks, std::size_t count);

  std::array<std::uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<std::uint8_t, 64> pending_{};
  std::uint64_t length_ = 0;
};

Digest sha256(std::string_view text);
std::string hexadecimal(const Digest& digest);
// Of a file's bytes; throws OutputError when it cannot be read.
std::string sha256_of_file(const std::filesystem::path& path);

}  // namespace prisonflow::output
