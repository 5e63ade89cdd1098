// Ctrl-C: the first asks for a clean end, the second ends at once and leaves no half-written file.
#pragma once

#include <filesystem>

namespace prisonflow::cli {

/// While it lives, SIGINT and SIGTERM are taken as wishes to end. At most one at a time.
class InterruptGuard {
 public:
  /// `partial`: the file a run that is ended at once removes.
  explicit InterruptGuard(const std::filesystem::path& partial);
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  static bool requested();
};

}  // namespace prisonflow::cli
