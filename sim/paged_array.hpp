// A flat array of trivially copyable records that grows without copying.
//
// A population of millions of 64-byte records must neither pause to copy itself when it grows nor hold two copies at
// once. On Linux the array is an anonymous mapping enlarged by mremap, which moves page tables, not bytes; pages that
// were never touched cost nothing, so doubling the reserve does not double the memory. Elsewhere it falls back to
// allocate-and-copy. The array begins on a page, so that a 64-byte record is one cache line.
//
// What a large array gives back is kept for the next one of its kind: the system clears every page before it hands it
// out, and a replication needs the same pages as the one before it. There are never more pieces than arrays of that
// kind were large at once, and none is larger than the largest of them was.
//
// References are invalid after append() and reserve(); indices stay valid. Throws std::bad_alloc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace prisonflow::sim {

/// Memory that arrays of one kind have given back. For any number of threads.
class PageStore {
 public:
  struct Piece {
    void* data = nullptr;
    std::size_t bytes = 0;
  };
  constexpr PageStore() = default;
  PageStore(const PageStore&) = delete;
  PageStore& operator=(const PageStore&) = delete;
  ~PageStore();

  /// The largest piece; none where the store is empty. What it holds is unspecified.
  Piece take();
  /// Keeps a piece that is worth it, and gives others back to the system.
  void give(Piece piece) noexcept;

 private:
  std::mutex mutex_;
  std::vector<Piece> pieces_;
};

/// Memory from the system in whole pages, enlarged in place or moved without copying.
class Pages {
 public:
  explicit Pages(PageStore& store) : store_(&store) {}
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;
  Pages(Pages&& other) noexcept
      : store_(other.store_), data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
  Pages& operator=(Pages&& other) noexcept {
    std::swap(store_, other.store_);
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~Pages() { release(); }

  void* data() const { return data_; }
  std::size_t bytes() const { return bytes_; }
  /// At least `bytes`; what new memory holds is unspecified. Keeps the contents.
  void enlarge(std::size_t bytes);

 private:
  void grow(std::size_t bytes);
  void release() noexcept;
  PageStore* store_;
  void* data_ = nullptr;
  std::size_t bytes_ = 0;
};

template <class T>
inline PageStore page_store;

template <class T>
class PagedArray {
  static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= 64);

 public:
  std::size_t size() const { return size_; }
  T& operator[](std::size_t index) { return data_[index]; }
  const T& operator[](std::size_t index) const { return data_[index]; }
  T* data() { return data_; }
  const T* data() const { return data_; }

  /// Room for `count` records without moving.
  void reserve(std::size_t count) {
    if (count * sizeof(T) <= pages_.bytes()) return;
    pages_.enlarge(count * sizeof(T));
    data_ = static_cast<T*>(pages_.data());
  }
  /// The index of a new record at the end; its bytes are unspecified.
  std::size_t append() {
    if ((size_ + 1) * sizeof(T) > pages_.bytes()) reserve(size_ < 512 ? 1024 : size_ * 2);
    return size_++;
  }

 private:
  Pages pages_{page_store<T>};
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace prisonflow::sim
