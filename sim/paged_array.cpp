// See the header: whole pages from the system for PagedArray.
#include "sim/paged_array.hpp"

namespace prisonflow::sim {

#ifdef __linux__

namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kHugePage = std::size_t{1} << 21;

/// Addresses for `bytes`, aligned for huge pages and without memory behind them. Unaligned, a mapping would begin and
/// end with small pages, and moving it would break its huge ones.
void* reserve_aligned(std::size_t bytes) {
  void* const wide = mmap(nullptr, bytes + kHugePage, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (wide == MAP_FAILED) throw std::bad_alloc();
  char* const start = static_cast<char*>(wide);
  const std::size_t before = (kHugePage - reinterpret_cast<std::uintptr_t>(wide) % kHugePage) % kHugePage;
  if (before > 0) munmap(start, before);
  if (before < kHugePage) munmap(start + before + bytes, kHugePage - before);
  return start + before;
}

}  // namespace

void Pages::enlarge(std::size_t bytes) {
  const std::size_t unit = bytes >= kHugePage ? kHugePage : kPage;
  const std::size_t wanted = (bytes + unit - 1) / unit * unit;
  if (wanted <= bytes_) return;
  void* const place = wanted >= kHugePage ? reserve_aligned(wanted) : nullptr;
  void* moved = MAP_FAILED;
  if (data_ == nullptr) {
    constexpr int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    moved = mmap(place, wanted, PROT_READ | PROT_WRITE, place == nullptr ? flags : flags | MAP_FIXED, -1, 0);
  } else if (place == nullptr) {
    moved = mremap(data_, bytes_, wanted, MREMAP_MAYMOVE);
  } else {
    moved = mremap(data_, bytes_, wanted, MREMAP_MAYMOVE | MREMAP_FIXED, place);
  }
  if (moved == MAP_FAILED) {
    if (place != nullptr) munmap(place, wanted);
    throw std::bad_alloc();
  }
  data_ = moved;
  bytes_ = wanted;
  // Fewer address translations to miss; a hint only.
  if (place != nullptr) static_cast<void>(madvise(data_, bytes_, MADV_HUGEPAGE));
}

void Pages::release() noexcept {
  if (data_ != nullptr) munmap(data_, bytes_);
}

#else

void Pages::enlarge(std::size_t bytes) {
  const std::size_t wanted = (bytes + 4095) / 4096 * 4096;
  if (wanted <= bytes_) return;
  void* const moved = ::operator new (wanted, std::align_val_t{64});
  if (data_ != nullptr) std::memcpy(moved, data_, bytes_);
  std::memset(static_cast<char*>(moved) + bytes_, 0, wanted - bytes_);
  release();
  data_ = moved;
  bytes_ = wanted;
}

void Pages::release() noexcept {
  if (data_ != nullptr) ::operator delete (data_, std::align_val_t{64});
}

#endif

}  // namespace prisonflow::sim
