// See the header: oneTBB's arena, parallel_for and parallel_pipeline behind plain functions.
#include "sim/workers.hpp"

#include <tbb/global_control.h>
#include <tbb/info.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_pipeline.h>
#include <tbb/task_arena.h>

#include <optional>
#include <vector>

#include "sim/sanitizer_hints.hpp"

#ifdef PRISONFLOW_THREAD_SANITIZER
/// The templates of oneTBB are compiled here, instrumented, but hand their tasks over inside the library, which is not.
/// Only accesses in those headers themselves, and memory the library frees, are passed over: the work is watched.
extern "C" const char* __tsan_default_suppressions() {
  return "race_top:oneapi/tbb/\nrace_top:__atomic_base<*>::__atomic_base\ncalled_from_lib:libtbb.so\n";
}
#endif

namespace prisonflow::sim {

struct Workers::Arena {
  explicit Arena(int threads) : count(threads), arena(threads) {
    // More threads than processors may be asked for, to test that results do not change. Not otherwise: of several such
    // limits the least holds for the whole program.
    if (threads > available_threads()) {
      limit.emplace(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(threads));
    }
  }
  int count;
  std::optional<tbb::global_control> limit;
  tbb::task_arena arena;
};

Workers::Workers(int threads) : arena_(std::make_unique<Arena>(threads)) {}
Workers::~Workers() = default;
int Workers::threads() const {
  return arena_->count;
}

void Workers::for_each(std::size_t count, const std::function<void(std::size_t)>& work) {
  if (arena_->count == 1 || count == 1) {
    for (std::size_t item = 0; item < count; ++item) work(item);
    return;
  }
  WorkGivenOut given;
  arena_->arena.execute([&] {
    tbb::parallel_for(
        tbb::blocked_range<std::size_t>(0, count, 1),
        [&](const tbb::blocked_range<std::size_t>& range) {
          const HandedWork handed(given.out(), given.back());
          for (std::size_t item = range.begin(); item != range.end(); ++item) work(item);
        },
        tbb::simple_partitioner{});
  });
}

std::size_t Workers::pipeline(std::size_t count, const std::function<std::shared_ptr<void>(std::size_t)>& produce,
                              const std::function<void(std::size_t, void*)>& consume,
                              const std::function<bool()>& stop) {
  std::size_t begun = 0;
  std::size_t consumed = 0;
  if (arena_->count == 1) {
    for (; begun < count && !stop(); ++begun) {
      const auto product = produce(begun);
      consume(begun, product.get());
      ++consumed;
    }
    return consumed;
  }
  // A ring of items: with as many tokens as items, an item is consumed before its place is begun again.
  struct Item {
    std::size_t index = 0;
    std::shared_ptr<void> product;
    HandOver stage;
  };
  std::vector<Item> items(static_cast<std::size_t>(arena_->count) + 2);
  HandOver beginning, end;  // from one item to the next in the two serial stages
  std::optional<WorkGivenOut> given(std::in_place);
  const auto begin_item = [&](tbb::flow_control& control) -> Item* {
    const HandedWork handed(given->out(), given->back());
    const HandedWork in_order(beginning, beginning);
    if (begun == count || stop()) {
      control.stop();
      return nullptr;
    }
    Item& item = items[begun % items.size()];
    const HandedWork staged(item.stage, item.stage);
    item.index = begun++;
    return &item;
  };
  const auto produce_item = [&](Item* item) {
    const HandedWork handed(given->out(), given->back());
    const HandedWork staged(item->stage, item->stage);
    item->product = produce(item->index);
    return item;
  };
  const auto consume_item = [&](Item* item) {
    const HandedWork handed(given->out(), given->back());
    const HandedWork in_order(end, end);
    const HandedWork staged(item->stage, item->stage);
    consume(item->index, item->product.get());
    item->product.reset();
    ++consumed;
  };
  arena_->arena.execute([&] {
    tbb::parallel_pipeline(items.size(),
                           tbb::make_filter<void, Item*>(tbb::filter_mode::serial_in_order, begin_item) &
                               tbb::make_filter<Item*, Item*>(tbb::filter_mode::parallel, produce_item) &
                               tbb::make_filter<Item*, void>(tbb::filter_mode::serial_in_order, consume_item));
  });
  given.reset();
  return consumed;
}

int available_threads() {
  return tbb::info::default_concurrency();
}

}  // namespace prisonflow::sim
