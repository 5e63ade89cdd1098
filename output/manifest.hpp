// The manifest: one line for everything a result file says, with its SHA-256. Internal to this folder.
//
// It makes two questions answerable without trusting the bytes of the container (which depend on versions of HDF5 and
// zlib): do two files hold the same results, and is this file still what was written? The digest of the manifest is the
// file's `id`; the manifest itself is kept in the file, so that a check can name what differs.
//
// Lines are sorted and of the forms (docs/result_format.md has them for other languages)
//   array <path> <type> <dimension>=<size>,... <hash>
//   attribute <path>@<name> <hash>
//   dimension <path> <size>
// An array is hashed in slabs: SHA-256 of each slab's little-endian values, then SHA-256 of these digests in order. The
// slabs are what follows the leading axes named quantile, scenario or replication. So the writer hashes each slab while
// it has it in hand, and nothing has to be read again.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "output/hdf5_handle.hpp"
#include "output/sha256.hpp"

namespace prisonflow::output {

inline constexpr const char* manifest_path = "/provenance/manifest";
inline constexpr const char* digest_attribute = "id";
inline constexpr const char* digest_prefix = "sha256:";

// Leading axes that are not part of a slab.
std::size_t outer_axes(const std::vector<std::string>& dimensions);

Digest digest_of_slabs(const std::vector<Digest>& slabs);

// Of an open file. Arrays whose path is in `known` are not read. Throws hdf5::Failure.
std::string manifest_of(hdf5::Id file, const std::map<std::string, Digest>& known = {});

}  // namespace prisonflow::output
