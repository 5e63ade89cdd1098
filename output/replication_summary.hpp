// Mean, standard error and quantiles over replications, added to a file that holds the replications. Internal.
//
// The measure is read back one column of chunks at a time (all replications of a chunk's cells), so each chunk is
// unpacked once and memory does not grow with the number of replications times cells. Differences from a reference
// scenario are taken replication by replication, before anything is averaged; for them its columns are read again.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "output/netcdf4.hpp"
#include "output/sha256.hpp"

namespace prisonflow::output {

struct ReferenceScenario {
  std::size_t position = 0;
  std::string label{};
};

struct SummaryRequest {
  const ArraySpec& measure;
  hdf5::Id dataset;
  const std::vector<std::size_t>& cell_shape;
  const std::vector<std::size_t>& cell_chunk;
  const std::vector<double>& levels;
  int compression_level;
  std::optional<ReferenceScenario> reference{};  // nothing: no differences
};

// Adds `<measure>_mean`, `_se` and `_quantile`, and with a reference the same of `<measure>_difference`; returns their
// digests by name. Throws hdf5::Failure.
std::map<std::string, Digest> add_replication_summary(netcdf4::NewFile& file, const SummaryRequest& request);

}  // namespace prisonflow::output
