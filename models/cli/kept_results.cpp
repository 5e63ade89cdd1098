// See the header.
#include "models/cli/kept_results.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

#include "output/output_error.hpp"

namespace prisonflow::cli {

namespace {

[[noreturn]] void fail(const std::filesystem::path& folder) {
  throw output::OutputError(
      fmt::format("{}: finished replications cannot be kept aside ({})", folder.string(), std::strerror(errno)));
}

}  // namespace

KeptResults::KeptResults(const std::filesystem::path& folder, std::size_t numbers)
    : folder_(folder.empty() ? "." : folder), numbers_(numbers) {
  std::string name = (folder_ / ".prisonflow_XXXXXX").string();
  const int descriptor = mkstemp(name.data());
  if (descriptor < 0) fail(folder_);
  unlink(name.c_str());
  file_.reset(fdopen(descriptor, "w+b"));
  if (!file_) fail(folder_);
}

void KeptResults::add(const std::vector<double>& result) {
  if (std::fwrite(result.data(), sizeof(double), numbers_, file_.get()) != numbers_) fail(folder_);
}

std::vector<double> KeptResults::get(std::size_t index) const {
  std::vector<double> result(numbers_);
  const auto offset = static_cast<off_t>(index * numbers_ * sizeof(double));
  if (fseeko(file_.get(), offset, SEEK_SET) != 0 ||
      std::fread(result.data(), sizeof(double), numbers_, file_.get()) != numbers_) {
    fail(folder_);
  }
  return result;
}

}  // namespace prisonflow::cli
