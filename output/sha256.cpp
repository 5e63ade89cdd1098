// Cuts what is hashed into blocks of 64 bytes, and pads the last one.
#include "output/sha256.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <vector>

#include "output/output_error.hpp"
#include "output/sha256_blocks.hpp"

namespace prisonflow::output {

namespace {

constexpr std::size_t block_size = sha256_block_size;

}  // namespace

void Sha256::compress(const std::uint8_t* blocks, std::size_t count) {
  compress_blocks(state_, blocks, count);
}

void Sha256::add(std::span<const std::byte> data) {
  const auto* next = reinterpret_cast<const std::uint8_t*>(data.data());
  std::size_t left = data.size();
  const std::size_t filled = length_ % block_size;
  length_ += left;
  if (filled != 0) {
    const std::size_t taken = std::min(left, block_size - filled);
    std::memcpy(pending_.data() + filled, next, taken);
    next += taken;
    left -= taken;
    if (filled + taken < block_size) return;
    compress(pending_.data(), 1);
  }
  compress(next, left / block_size);
  next += left / block_size * block_size;
  left %= block_size;
  if (left > 0) std::memcpy(pending_.data(), next, left);
}

void Sha256::add(std::string_view text) {
  add(std::as_bytes(std::span(text.data(), text.size())));
}

Digest Sha256::finish() {
  const std::uint64_t bits = length_ * 8;
  std::array<std::uint8_t, 2 * block_size> padding{0x80};
  const std::size_t zeros = (2 * block_size - 9 - length_ % block_size) % block_size;
  const std::size_t end = 1 + zeros;
  for (std::size_t i = 0; i < 8; ++i) padding[end + i] = static_cast<std::uint8_t>(bits >> (56 - 8 * i));
  add(std::as_bytes(std::span(padding.data(), end + 8)));
  Digest digest;
  for (std::size_t i = 0; i < digest.size(); ++i)
    digest[i] = static_cast<std::uint8_t>(state_[i / 4] >> (24 - 8 * (i % 4)));
  return digest;
}

Digest sha256(std::string_view text) {
  Sha256 hash;
  hash.add(text);
  return hash.finish();
}

std::string hexadecimal(const Digest& digest) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * digest.size());
  for (const std::uint8_t byte : digest) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

std::string sha256_of_file(const std::filesystem::path& path) {
  const auto refuse = [&](int reason) {
    throw OutputError(path.string() + ": cannot be read (" + std::strerror(reason) + ")");
  };
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
  if (!file) refuse(errno);
  Sha256 hash;
  std::vector<std::byte> buffer(std::size_t{1} << 16);
  while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), file.get()))
    hash.add(std::span(buffer).first(count));
  if (std::ferror(file.get())) refuse(errno);
  return hexadecimal(hash.finish());
}

}  // namespace prisonflow::output
