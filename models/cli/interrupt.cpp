// See the header. A signal handler may do little: set a flag, write a line, unlink, _exit; nothing else is done in it.
#include "models/cli/interrupt.hpp"

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <string>
#include <string_view>

namespace prisonflow::cli {

namespace {

constexpr int kEndedAtOnce = 130;  // what shells expect after Ctrl-C

std::atomic<int> signals_received{0};
static_assert(std::atomic<int>::is_always_lock_free);
std::string partial_file;  // set before the handler is in place, not changed while it is

void say(std::string_view text) {
  [[maybe_unused]] const auto written = write(STDERR_FILENO, text.data(), text.size());
}

void handle(int) {
  if (signals_received.fetch_add(1) == 0) {
    if (isatty(STDERR_FILENO) == 1) say("\r\033[K");
    say("prisonflow: ending; what has begun is finished and kept (Ctrl-C again ends at once, keeps nothing)\n");
    return;
  }
  if (!partial_file.empty()) unlink(partial_file.c_str());
  _exit(kEndedAtOnce);
}

void install(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM}) sigaction(signal, &action, nullptr);
}

}  // namespace

InterruptGuard::InterruptGuard(const std::filesystem::path& partial) {
  partial_file = partial.string();
  signals_received = 0;
  install(handle);
}

InterruptGuard::~InterruptGuard() {
  install(SIG_DFL);
}

bool InterruptGuard::requested() {
  return signals_received.load(std::memory_order_relaxed) > 0;
}

}  // namespace prisonflow::cli
