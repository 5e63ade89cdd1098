// Equal runs give equal bytes; whatever goes wrong is said, and nothing that exists is touched.
#include <malloc.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>

#include "output/result_file.hpp"
#include "output/run_record.hpp"
#include "tests/unit/output_sample.hpp"

// HDF5 itself loses memory when a close fails; the leak sanitizer asks here what to overlook.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libhdf5";
}

using namespace prisonflow::output;
using Catch::Matchers::Contains;

namespace {

// In a process of its own, which ends the ordinary way, destructors and exit handlers included. 0: OutputError whose
// text `expected` is part of; other numbers: what else happened.
int exit_status_of(const std::function<void()>& action, const std::string& expected) {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    int status = 3;
    try {
      action();
    } catch (const OutputError& error) {
      status = std::string(error.what()).find(expected) != std::string::npos ? 0 : 4;
      if (status != 0) std::fprintf(stderr, "%s\n", error.what());
    } catch (...) {
      status = 5;
    }
    std::exit(status);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

std::string refusal(const std::filesystem::path& path) {
  try {
    ResultWriter writer(path, output_sample::description());
  } catch (const OutputError& error) {
    return error.what();
  }
  return "accepted";
}

void limit_file_size(rlim_t bytes) {
  std::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{bytes, bytes};
  setrlimit(RLIMIT_FSIZE, &limit);
}

}  // namespace

TEST_CASE("two equal runs give equal bytes") {
  output_sample::TemporaryFolder folder;
  output_sample::write_file(folder / "a.h5");
  // Memory that is written without being cleared would show as other bytes when the heap is full of a pattern.
  mallopt(M_PERTURB, 165);
  output_sample::write_file(folder / "b.h5");
  mallopt(M_PERTURB, 0);
  CHECK(output_sample::bytes_of_file(folder / "a.h5") == output_sample::bytes_of_file(folder / "b.h5"));
}

TEST_CASE("one other value gives another digest") {
  output_sample::TemporaryFolder folder;
  output_sample::write_file(folder / "a.h5");
  ResultWriter writer(folder / "b.h5", output_sample::description());
  for (std::size_t r = 0; r < output_sample::replications; ++r)
    for (std::size_t s = 0; s < output_sample::scenarios; ++s)
      for (const char* measure : {"stock", "occupancy", "person_days", "ranks", "deaths"}) {
        auto slab = output_sample::slab(measure, s, r);
        if (measure == std::string("ranks") && r == 2 && s == 1) slab[3] += 1;
        writer.write(s, r, measure, slab);
      }
  writer.finish();
  CHECK(writer.digest() != ResultFile(folder / "a.h5").digest());
}

TEST_CASE("places that cannot be written are refused before the first event") {
  output_sample::TemporaryFolder folder;
  CHECK_THAT(refusal(folder / "absent/a.h5"), Contains("absent/a.h5: cannot be written (there is no folder "));
  CHECK_THAT(refusal(folder.path()), Contains("it is a folder"));
  CHECK_THAT(refusal("/dev/full"), Contains("/dev/full: cannot be written (it is not a regular file)"));
  CHECK_THAT(refusal(""), Contains("it names no file"));
  std::filesystem::create_directory(folder / "taken.h5.partial");
  CHECK_THAT(refusal(folder / "taken.h5"), Contains("taken.h5: cannot create the file (Is a directory)"));
  CHECK(std::filesystem::is_directory(folder / "taken.h5.partial"));
  CHECK_THAT(refusal("/proc/a.h5"), Contains("/proc/a.h5: cannot create the file ("));
}

TEST_CASE("a second run to the same place is refused while the first is at work") {
  output_sample::TemporaryFolder folder;
  ResultWriter first(folder / "a.h5", output_sample::description());
  const int status = exit_status_of([&] { ResultWriter second(folder / "a.h5", output_sample::description()); },
                                    "a.h5: cannot create the file (");
  CHECK(status == 0);
  output_sample::write_slabs(first);
  first.finish();
  CHECK(ResultFile(folder / "a.h5").verify().empty());
}

TEST_CASE("an existing result stays as it is until the new one is complete") {
  output_sample::TemporaryFolder folder;
  const auto path = folder / "a.h5";
  std::ofstream(path) << "earlier";
  {
    ResultWriter writer(path, output_sample::description());
    output_sample::write_slabs(writer);
    CHECK(std::filesystem::exists(folder / "a.h5.partial"));
    CHECK(output_sample::bytes_of_file(path) == "earlier");
  }
  CHECK_FALSE(std::filesystem::exists(folder / "a.h5.partial"));
  CHECK(output_sample::bytes_of_file(path) == "earlier");
  output_sample::write_file(path);
  CHECK(ResultFile(path).verify().empty());
}

TEST_CASE("a disk that fills up at any moment ends in one sentence, without a crash and without leftovers") {
  output_sample::TemporaryFolder folder;
  const auto path = folder / "a.h5";
  output_sample::write_file(folder / "whole.h5");
  const auto size = std::filesystem::file_size(folder / "whole.h5");
  std::ofstream(path) << "earlier";
  for (std::uintmax_t limit = 0; limit < size; limit += size / 40) {
    INFO("limit " << limit);
    const int status = exit_status_of(
        [&] {
          limit_file_size(limit);
          output_sample::write_file(path);
        },
        "a.h5: cannot ");
    REQUIRE(status == 0);
    REQUIRE_FALSE(std::filesystem::exists(folder / "a.h5.partial"));
    REQUIRE(output_sample::bytes_of_file(path) == "earlier");
  }
}

TEST_CASE("the message of a full disk gives the system's reason") {
  output_sample::TemporaryFolder folder;
  const int status = exit_status_of(
      [&] {
        limit_file_size(20'000);
        output_sample::write_file(folder / "a.h5");
      },
      "(File too large)");
  CHECK(status == 0);
}

TEST_CASE("files that are not results are refused with what they are") {
  output_sample::TemporaryFolder folder;
  const auto refused = [](const std::filesystem::path& path) -> std::string {
    try {
      ResultFile file(path);
    } catch (const OutputError& error) {
      return error.what();
    }
    return "accepted";
  };
  CHECK_THAT(refused(folder / "absent.h5"), Contains("there is no such file"));
  CHECK_THAT(refused(folder.path()), Contains("not a regular file"));
  std::ofstream(folder / "text.h5") << "not HDF5 at all";
  CHECK_THAT(refused(folder / "text.h5"), Contains("text.h5: is not an HDF5 file"));
  std::ofstream(folder / "empty.h5");
  CHECK_THAT(refused(folder / "empty.h5"), Contains("empty.h5: is not an HDF5 file"));

  output_sample::write_file(folder / "whole.h5");
  const std::string whole = output_sample::bytes_of_file(folder / "whole.h5");
  std::ofstream(folder / "cut.h5", std::ios::binary) << whole.substr(0, whole.size() / 2);
  CHECK_THAT(refused(folder / "cut.h5"), Contains("cut.h5: cannot open the file (truncated file"));
  const auto spoiled = [&](const std::string& python) {
    output_sample::write_file(folder / "spoiled.h5");
    const std::string command =
        "/usr/bin/python3 -c \"import netCDF4,sys\nwith netCDF4.Dataset(sys.argv[1],'a') as f: " + python + "\" '" +
        (folder / "spoiled.h5").string() + "'";
    REQUIRE(std::system(command.c_str()) == 0);
    return refused(folder / "spoiled.h5");
  };
  CHECK_THAT(spoiled("f.filetype='other'"), Contains("spoiled.h5: is an HDF5 file, but not a result of this program"));
  CHECK_THAT(spoiled("f.version='2.0'"), Contains("spoiled.h5: has schema version 2.0, this program reads 1.1"));
  CHECK(spoiled("f.version='1.7'") == "accepted");
}

TEST_CASE("a changed byte in the numbers is found") {
  output_sample::TemporaryFolder folder;
  // Unpacked, so that a changed number does not already fail to unpack.
  output_sample::write_file(folder / "a.h5", {.compression_level = 0});
  std::string bytes = output_sample::bytes_of_file(folder / "a.h5");
  const double value = output_sample::count_of(0, 0, 7) / 777.0;
  const std::string needle(reinterpret_cast<const char*>(&value), sizeof value);
  const std::size_t position = bytes.find(needle);
  REQUIRE(position != std::string::npos);
  bytes[position] = static_cast<char>(bytes[position] ^ 1);
  std::ofstream(folder / "b.h5", std::ios::binary) << bytes;
  const auto differences = ResultFile(folder / "b.h5").verify();
  REQUIRE(differences.size() == 1);
  CHECK(differences[0] == "array /occupancy is not what was written");
}
