// The program: reads the command line, calls one command, turns every failure into words and an exit status.
//
//   0  done          1  failed while running          2  wrong use or wrong input
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>
#include <string>

#include "models/cli/command_line.hpp"
#include "models/cli/messages.hpp"
#include "models/cli/options.hpp"
#include "models/diagnostics.hpp"
#include "output/output_error.hpp"

namespace prisonflow::cli {
namespace {

int carry_out(int count, char** words) {
  try {
    return run_command_line(count, words);
  } catch (const UsageError& wrong) {
    print_error(wrong.what());
    return kWrongUse;
  } catch (const models::InvalidScenario& invalid) {
    print_diagnostics(invalid.diagnostics());
    return kWrongUse;
  } catch (const output::OutputError& refused) {
    print_error(refused.what());
  } catch (const std::bad_alloc&) {
    print_error("out of memory; use fewer threads, or a scenario with fewer persons");
  } catch (const std::exception& failure) {
    print_error(failure.what());
  }
  return kFailed;
}

}  // namespace
}  // namespace prisonflow::cli

int main(int count, char** words) {
  using namespace prisonflow::cli;
  int status = carry_out(count, words);
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    print_error(std::string("standard output cannot be written (") + std::strerror(errno) + ")");
    status = kFailed;
  }
  // After some failures of the disk HDF5 crashes when it ends by itself.
  if (status != kDone) _exit(status);
  return status;
}
