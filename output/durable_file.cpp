// The order of writing, syncing and renaming that survives a crash, on POSIX.
#include "output/durable_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>
#include <utility>

#include "output/output_error.hpp"

namespace prisonflow::output {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse(const fs::path& path, const char* problem, int reason) {
  throw OutputError(fmt::format("{}: {} ({})", path.string(), problem, std::strerror(reason)));
}

class Descriptor {
 public:
  Descriptor(const fs::path& path, int flags) : path_(path), number_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {
    if (number_ < 0) refuse(path_, "cannot be opened", errno);
  }
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  void write(std::string_view text) {
    while (!text.empty()) {
      const ssize_t count = ::write(number_, text.data(), text.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) refuse(path_, "cannot be written", errno);
      text.remove_prefix(static_cast<std::size_t>(count));
    }
  }
  void sync() {
    while (::fsync(number_) != 0) {
      if (errno == EINTR) continue;
      // Some file systems cannot sync a folder; then the rename is as durable as they make it.
      if (errno == EINVAL) return;
      refuse(path_, "cannot be synced to the disk", errno);
    }
  }
  void close() {
    if (::close(std::exchange(number_, -1)) != 0 && errno != EINTR) refuse(path_, "cannot be closed", errno);
  }

 private:
  fs::path path_;
  int number_;
};

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

}  // namespace

fs::path partial_path(const fs::path& path) {
  return fs::path(path).concat(".partial");
}

void require_place_for_file(const fs::path& path) {
  std::error_code error;
  if (!path.has_filename()) throw OutputError(fmt::format("{}: cannot be written (it names no file)", path.string()));
  const fs::file_status folder = fs::status(folder_of(path), error);
  if (!fs::is_directory(folder))
    throw OutputError(
        fmt::format("{}: cannot be written (there is no folder {})", path.string(), folder_of(path).string()));
  const fs::file_status status = fs::status(path, error);
  if (fs::is_directory(status)) throw OutputError(fmt::format("{}: cannot be written (it is a folder)", path.string()));
  if (fs::exists(status) && !fs::is_regular_file(status))
    throw OutputError(fmt::format("{}: cannot be written (it is not a regular file)", path.string()));
}

void put_in_place(const fs::path& partial, const fs::path& path) {
  {
    Descriptor file(partial, O_RDONLY);
    file.sync();
    file.close();
  }
  if (std::rename(partial.c_str(), path.c_str()) != 0) refuse(path, "cannot be put in place", errno);
  Descriptor folder(folder_of(path), O_RDONLY | O_DIRECTORY);
  folder.sync();
  folder.close();
}

void write_durably(const fs::path& path, std::string_view text) {
  require_place_for_file(path);
  const fs::path partial = partial_path(path);
  try {
    Descriptor file(partial, O_WRONLY | O_CREAT | O_TRUNC);
    file.write(text);
    file.close();
    put_in_place(partial, path);
  } catch (const OutputError&) {
    std::error_code ignored;
    fs::remove(partial, ignored);
    throw;
  }
}

}  // namespace prisonflow::output
