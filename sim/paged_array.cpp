// See the header: whole pages from the system for PagedArray.
#include "sim/paged_array.hpp"

#include <algorithm>

namespace prisonflow::sim {

namespace {

void give_to_system(PageStore::Piece piece) noexcept;

// Smaller pieces cost the system little, and there may be many of them.
constexpr std::size_t kWorthKeeping = std::size_t{1} << 21;

}  // namespace

PageStore::~PageStore() {
  for (const Piece& piece : pieces_) give_to_system(piece);
}

PageStore::Piece PageStore::take() {
  const std::scoped_lock lock(mutex_);
  const auto largest = std::max_element(pieces_.begin(), pieces_.end(),
                                        [](const Piece& a, const Piece& b) { return a.bytes < b.bytes; });
  if (largest == pieces_.end()) return {};
  const Piece piece = *largest;
  pieces_.erase(largest);
  return piece;
}

void PageStore::give(Piece piece) noexcept {
  if (piece.bytes >= kWorthKeeping) {
    try {
      const std::scoped_lock lock(mutex_);
      pieces_.push_back(piece);
      return;
    } catch (const std::bad_alloc&) {
      // Then it is not kept.
    }
  }
  give_to_system(piece);
}

void Pages::enlarge(std::size_t bytes) {
  if (data_ == nullptr) {
    const PageStore::Piece kept = store_->take();
    data_ = kept.data;
    bytes_ = kept.bytes;
  }
  if (bytes > bytes_) grow(bytes);
}

void Pages::release() noexcept {
  if (data_ != nullptr) store_->give({data_, bytes_});
}

namespace {
constexpr std::size_t kPage = 4096;
}

#ifdef __linux__

namespace {

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

void give_to_system(PageStore::Piece piece) noexcept {
  munmap(piece.data, piece.bytes);
}

}  // namespace

void Pages::grow(std::size_t bytes) {
  const std::size_t unit = bytes >= kHugePage ? kHugePage : kPage;
  const std::size_t wanted = (bytes + unit - 1) / unit * unit;
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

#else

namespace {

void give_to_system(PageStore::Piece piece) noexcept {
  ::operator delete (piece.data, std::align_val_t{kPage});
}

}  // namespace

void Pages::grow(std::size_t bytes) {
  const std::size_t wanted = (bytes + kPage - 1) / kPage * kPage;
  void* const moved = ::operator new (wanted, std::align_val_t{kPage});
  if (data_ != nullptr) std::memcpy(moved, data_, bytes_);
  if (data_ != nullptr) give_to_system({data_, bytes_});
  data_ = moved;
  bytes_ = wanted;
}

#endif

}  // namespace prisonflow::sim
