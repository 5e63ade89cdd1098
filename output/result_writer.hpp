// Writes one result file: first its frame, then slab after slab, then what follows from them.
//
// A slab is everything one replication of one scenario has to say about one measure. Slabs are collected until a block
// of replications is full and written as whole compressed chunks, so no chunk is ever packed twice; the last step reads
// the measures back block by block and adds mean, standard error and quantiles over replications, in bounded memory.
//
// The file grows beside its target as `<path>.partial` and takes the target's name only when it is complete and safe
// on disk. A run that fails or is killed therefore leaves an earlier result untouched. Bytes depend on the description,
// the values and the order of the slabs alone; nothing about the machine, the date or the number of threads goes in.
//
// HDF5 is not safe to use from two threads: one thread owns a writer from construction to destruction, and no other
// thread may use a reader meanwhile.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "output/output_error.hpp"
#include "output/result_description.hpp"

namespace prisonflow::output {

struct WriterOptions {
  // zlib level, 0 (none) to 9. On 53 million counts level 4 gave files 2 per cent smaller than level 3 (47.4 against
  // 48.3 MB) and took a third longer to write.
  int compression_level = 3;
  // Bound on the slabs kept in memory. It also sets how many replications share a chunk, hence the bytes of the file.
  std::size_t buffer_bytes = std::size_t{64} << 20;
  // Let finish() accept slabs that were never written; they read as missing values.
  bool allow_missing_slabs = false;
};

class ResultWriter {
 public:
  // Creates `<path>.partial` with everything but the values of the measures. Throws OutputError when the place cannot
  // be written, when `path` exists and is not a regular file, or when the description contradicts itself.
  ResultWriter(std::filesystem::path path, ResultDescription description, WriterOptions options = {});
  // Removes the partial file unless finish() succeeded. Never throws.
  ~ResultWriter();
  ResultWriter(const ResultWriter&) = delete;
  ResultWriter& operator=(const ResultWriter&) = delete;

  // `scenario` and `replication` are positions from 0, not labels. `values` holds the measure's own dimensions in
  // row-major order; NaN is a missing value. Throws OutputError when the size is wrong, when a value does not fit the
  // measure's element type, when the slab was written before, or when the disk refuses. After a refusal by the disk
  // only destruction is allowed.
  void write(std::size_t scenario, std::size_t replication, std::string_view measure, std::span<const double> values);

  // Adds `<measure>_mean`, `<measure>_se` and `<measure>_quantile`, the same of the differences from the reference
  // scenario where the description has one (`<measure>_difference_mean` ...), the manifest and its digest, and puts the
  // file in its place. Throws OutputError, naming the first slab that is missing, or the reason the disk gave.
  void finish();

  // SHA-256 (64 hexadecimal digits) of the manifest, after finish().
  const std::string& digest() const;

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace prisonflow::output
