// Threads: replications side by side, or the partitions of one replication. oneTBB stays inside workers.cpp.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace prisonflow::sim {

/// A fixed number of threads. With one thread everything runs in the calling thread.
class Workers {
 public:
  /// `threads` at least 1.
  explicit Workers(int threads);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  int threads() const;

  /// work(i) for every i below `count`, in parallel; returns when all are done. The first exception is rethrown.
  void for_each(std::size_t count, const std::function<void(std::size_t)>& work);

  /// Produces item i (0, 1, …) in parallel and consumes the products one at a time in the order of i, in whichever
  /// thread is free: the consumer needs no lock, and its order does not depend on the number of threads. At most
  /// `threads` + 2 products wait. Stops early, after consuming what was begun, when stop() is true before an item is
  /// begun. The first exception is rethrown. Returns the number of items consumed.
  template <class Product>
  std::size_t produce_in_order(std::size_t count, const std::function<Product(std::size_t)>& produce,
                               const std::function<void(std::size_t, Product&&)>& consume,
                               const std::function<bool()>& stop) {
    return pipeline(
        count, [&](std::size_t item) -> std::shared_ptr<void> { return std::make_shared<Product>(produce(item)); },
        [&](std::size_t item, void* product) { consume(item, std::move(*static_cast<Product*>(product))); }, stop);
  }

 private:
  std::size_t pipeline(std::size_t count, const std::function<std::shared_ptr<void>(std::size_t)>& produce,
                       const std::function<void(std::size_t, void*)>& consume, const std::function<bool()>& stop);
  struct Arena;
  std::unique_ptr<Arena> arena_;
};

/// Threads this machine offers (at least 1).
int available_threads();

}  // namespace prisonflow::sim
