// See the header.
#include "models/cli/progress.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "models/cli/interrupt.hpp"
#include "models/cli/messages.hpp"
#include "output/table.hpp"

namespace prisonflow::cli {

namespace {

constexpr auto kBetweenLines = std::chrono::milliseconds(100);
constexpr auto kBetweenJsonLines = std::chrono::seconds(1);
constexpr auto kBeforeFirstLine = std::chrono::milliseconds(300);

std::string bar(double done, std::size_t width) {
  static constexpr const char* parts[] = {" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const auto eighths = static_cast<std::size_t>(done * static_cast<double>(width * 8));
  std::string text;
  for (std::size_t cell = 0; cell < width; ++cell) {
    if (eighths >= (cell + 1) * 8) {
      text += "█";
    } else {
      text += parts[eighths > cell * 8 ? eighths - cell * 8 : 0];
    }
  }
  return text;
}

}  // namespace

Progress::Progress(Style style, Size size)
    : style_(style), size_(size), last_line_(begun_ + kBeforeFirstLine - kBetweenLines) {}

Progress::~Progress() {
  close();
}

double Progress::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
}

void Progress::advance(std::uint64_t days, std::uint64_t events) {
  days_.fetch_add(days, std::memory_order_relaxed);
  events_.fetch_add(events, std::memory_order_relaxed);
  if (style_ == Style::none) return;
  const std::unique_lock lock(writing_, std::try_to_lock);
  if (!lock || closed_) return;
  const auto now = std::chrono::steady_clock::now();
  const auto pause = style_ == Style::line ? std::chrono::steady_clock::duration(kBetweenLines)
                                           : std::chrono::steady_clock::duration(kBetweenJsonLines);
  if (now < last_line_ + pause) return;
  last_line_ = now;
  write_line();
}

void Progress::write_line() {
  const double spent = seconds();
  const double done = size_.days > 0 ? static_cast<double>(days_.load()) / static_cast<double>(size_.days) : 1.0;
  const double rate = spent > 0 ? static_cast<double>(events_.load()) / spent : 0.0;
  const double left = done > 0 ? spent / done - spent : 0.0;
  if (style_ == Style::json) {
    std::fputs(fmt::format("{{\"event\":\"progress\",\"share\":{:.4f},\"replications\":{},\"of\":{},\"events\":{},"
                           "\"events_per_second\":{:.0f},\"seconds_left\":{:.1f}}}\n",
                           done, replications_done_.load(), size_.replications, events_.load(), rate, left)
                   .c_str(),
               stderr);
    return;
  }
  // After a first Ctrl-C the total is no longer the aim, and a bar would mislead.
  const std::string ahead = InterruptGuard::requested() ? "ending" : duration_in_words(left) + " left";
  const std::string facts =
      fmt::format(" {:3.0f} %  {} of {} replications  {:.1f} million events/s  {}", std::min(done, 1.0) * 100,
                  output::format_count(static_cast<std::int64_t>(replications_done_.load())),
                  output::format_count(static_cast<std::int64_t>(size_.replications)), rate / 1e6, ahead);
  const std::size_t width = terminal_width();
  const std::size_t room = width > facts.size() + 2 ? std::min<std::size_t>(width - facts.size() - 2, 30) : 0;
  const std::string drawn = room >= 5 ? toned(Tone::good, bar(std::min(done, 1.0), room)) : "";
  std::fputs(("\r\033[K" + drawn + output::shortened(facts, width > 1 ? width - 1 : 1)).c_str(), stderr);
  std::fflush(stderr);
  shown_ = true;
}

void Progress::close() {
  const std::lock_guard lock(writing_);
  if (closed_) return;
  closed_ = true;
  if (shown_) std::fputs("\r\033[K", stderr);
}

}  // namespace prisonflow::cli
