// The pathway as SVG: runs the program `dot` of Graphviz and hands it the source from pathway_drawing.cpp.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "models/pathway.hpp"

extern char** environ;

namespace prisonflow::models {
namespace {

/// An open file descriptor, closed with its owner and not handed down to children.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() { close(); }
  int number() const { return number_; }
  void close() {
    if (number_ >= 0) ::close(std::exchange(number_, -1));
  }

 private:
  int number_;
};

[[noreturn]] void fail(const std::string& what, int error) {
  throw std::runtime_error("cannot draw the pathway: " + what + ": " + std::strerror(error));
}

/// A nameless file that holds `text`, at its beginning. Files instead of pipes for what goes in and for messages, so
/// that only one pipe is ever waited for and nothing can block for ever.
Descriptor nameless_file(std::string_view text) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), &std::fclose);
  if (!file) fail("no temporary file", errno);
  if (std::fwrite(text.data(), 1, text.size(), file.get()) != text.size() || std::fflush(file.get()) != 0)
    fail("no room for a temporary file", errno);
  const int copy = fcntl(fileno(file.get()), F_DUPFD_CLOEXEC, 3);
  if (copy < 0) fail("no temporary file", errno);
  Descriptor descriptor(copy);
  if (lseek(copy, 0, SEEK_SET) != 0) fail("no temporary file", errno);
  return descriptor;
}

std::string read_all(int descriptor) {
  std::string text;
  std::array<char, 1 << 16> buffer;
  for (;;) {
    const ssize_t got = read(descriptor, buffer.data(), buffer.size());
    if (got == 0) return text;
    if (got > 0)
      text.append(buffer.data(), static_cast<std::size_t>(got));
    else if (errno != EINTR)
      fail("reading from dot", errno);
  }
}

/// Standard output of `dot -Tsvg` on `dot_source`. No shell is involved.
std::string run_dot(const std::string& dot_source) {
  const Descriptor input = nameless_file(dot_source);
  const Descriptor messages = nameless_file("");
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) fail("no pipe", errno);
  const Descriptor output(ends[0]);
  Descriptor output_of_child(ends[1]);

  posix_spawn_file_actions_t actions;
  if (const int error = posix_spawn_file_actions_init(&actions); error != 0) fail("starting dot", error);
  const std::unique_ptr<posix_spawn_file_actions_t, int (*)(posix_spawn_file_actions_t*)> owner(
      &actions, &posix_spawn_file_actions_destroy);
  const std::array<std::pair<int, int>, 3> wires{
      {{input.number(), STDIN_FILENO}, {output_of_child.number(), STDOUT_FILENO}, {messages.number(), STDERR_FILENO}}};
  for (const auto& [from, to] : wires)
    if (const int error = posix_spawn_file_actions_adddup2(&actions, from, to); error != 0) fail("starting dot", error);

  std::string program = "dot", format = "-Tsvg";
  const std::array<char*, 3> arguments{program.data(), format.data(), nullptr};
  pid_t child = 0;
  if (const int error = posix_spawnp(&child, program.c_str(), &actions, nullptr, arguments.data(), environ);
      error != 0) {
    if (error == ENOENT || error == EACCES || error == ENOTDIR)
      throw std::runtime_error(
          "graph --format svg needs Graphviz, but its program `dot` was not found on the PATH; "
          "install it with: apt-get install graphviz");
    fail("starting dot", error);
  }
  output_of_child.close();
  std::string svg = read_all(output.number());
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) fail("waiting for dot", errno);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || svg.empty()) {
    lseek(messages.number(), 0, SEEK_SET);
    throw std::runtime_error("the Graphviz program `dot` failed: " + read_all(messages.number()));
  }
  return svg;
}

}  // namespace

std::string to_svg(const Scenario& scenario) {
  return run_dot(to_dot(scenario));
}

}  // namespace prisonflow::models
