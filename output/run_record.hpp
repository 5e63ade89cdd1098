// The side file `<result>.run.json`: facts that differ between two equal runs.
//
// Host, date, wall time, threads, speed and memory are worth keeping, but inside the result they would make equal runs
// unequal to the byte. They go to a small JSON object beside it, replaced as a whole or not at all.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "output/output_error.hpp"

namespace prisonflow::output {

using RunFact = std::pair<std::string, std::variant<std::string, std::int64_t, double, bool>>;

// "results/a.h5" -> "results/a.run.json"
std::filesystem::path run_record_path(const std::filesystem::path& result);

// Writes the facts in the given order as one JSON object, aside, synced and renamed. Real numbers that JSON cannot
// hold (NaN, infinity) become null; text that is not UTF-8 has its bad bytes replaced. Throws OutputError.
void write_run_record(const std::filesystem::path& path, const std::vector<RunFact>& facts);

// "2026-01-31T12:34:56Z"
std::string utc_now();
std::string host_name();
// Largest resident memory of this process so far, in bytes.
std::int64_t peak_memory_bytes();

}  // namespace prisonflow::output
