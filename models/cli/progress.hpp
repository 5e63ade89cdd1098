// How far a run is: one line rewritten in place on a terminal, nothing in a pipe, JSON lines when asked for.
//
// Progress is counted in simulated days over all tasks, so it moves also inside one long replication. Any thread may
// report; whoever finds that the last line is old enough writes the next one.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

namespace prisonflow::cli {

class Progress {
 public:
  enum class Style { none, line, json };
  struct Size {
    std::uint64_t days = 0;  ///< of all tasks
    std::uint64_t replications = 0;
  };

  Progress(Style style, Size size);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void advance(std::uint64_t days, std::uint64_t events);
  void finish_replication() { replications_done_.fetch_add(1, std::memory_order_relaxed); }
  /// Removes the line from the terminal; nothing is written afterwards.
  void close();

  std::uint64_t events() const { return events_.load(std::memory_order_relaxed); }
  double seconds() const;

 private:
  void write_line();

  const Style style_;
  const Size size_;
  const std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point last_line_;
  std::mutex writing_;
  bool closed_ = false;
  bool shown_ = false;
  std::atomic<std::uint64_t> days_{0}, events_{0}, replications_done_{0};
};

}  // namespace prisonflow::cli
