// Reads a measure back by columns of chunks and writes what its replications say together.
#include "output/replication_summary.hpp"

#include <algorithm>
#include <cstring>

#include "output/element_codec.hpp"
#include "output/manifest.hpp"
#include "output/statistics.hpp"

namespace prisonflow::output {

namespace {

// Below this an array stays in one piece: packing would save less than the chunk index costs.
constexpr std::size_t smallest_packed_bytes = std::size_t{16} << 10;
constexpr std::size_t chunk_elements = std::size_t{64} << 10;

std::string joined(const std::string& first, const std::string& second) {
  return first.empty() ? second : first + " " + second;
}

// One of the three arrays, with its slabs in row-major order of its outer axes.
class SummaryArray {
 public:
  SummaryArray(netcdf4::NewFile& file, ArraySpec spec, const std::vector<std::size_t>& cell_shape, std::size_t slabs,
               int compression_level)
      : spec_(std::move(spec)), cell_shape_(cell_shape), digests_(slabs) {
    std::size_t bytes = slabs * 8;
    for (const std::size_t n : cell_shape) bytes *= n;
    netcdf4::Layout layout;
    if (bytes >= smallest_packed_bytes) {
      layout.chunk.assign(spec_.dimensions.size() - cell_shape.size(), 1);
      const std::vector<std::size_t> cells = chunk_extents(cell_shape, cell_shape.size(), chunk_elements);
      layout.chunk.insert(layout.chunk.end(), cells.begin(), cells.end());
      layout.compression_level = compression_level;
    }
    dataset_ = file.add_array(spec_, layout);
  }

  void write(const std::vector<std::size_t>& outer, std::size_t slab, std::span<const double> values) {
    Box box{outer, std::vector<std::size_t>(outer.size(), 1)};
    box.offset.resize(outer.size() + cell_shape_.size(), 0);
    box.count.insert(box.count.end(), cell_shape_.begin(), cell_shape_.end());
    // Through the codec, because the bytes of a NaN that was computed depend on the processor.
    std::vector<std::byte> bytes(values.size() * sizeof(double));
    encode(ElementType::float64, values, bytes.data());
    netcdf4::write_values(dataset_.get(), ElementType::float64, box, bytes.data());
    Sha256 hash;
    hash.add(bytes);
    digests_[slab] = hash.finish();
  }

  Digest close() {
    dataset_.close();
    return digest_of_slabs(digests_);
  }
  const std::string& name() const { return spec_.name; }

 private:
  ArraySpec spec_;
  const std::vector<std::size_t>& cell_shape_;
  hdf5::Handle dataset_;
  std::vector<Digest> digests_;
};

// Copies values given in the order of a box to their places in an array of the whole shape.
void place(const Box& box, const std::vector<std::size_t>& shape, const double* values, double* whole) {
  const std::size_t rank = shape.size();
  const std::size_t run = rank == 0 ? 1 : box.count[rank - 1];
  const std::size_t runs = box.size() / run;
  for (std::size_t i = 0; i < runs; ++i) {
    std::size_t rest = i, offset = 0, stride = rank == 0 ? 1 : shape[rank - 1];
    for (std::size_t axis = rank; axis-- > 0;) {
      if (axis + 1 == rank) {
        offset += box.offset[axis];
        continue;
      }
      offset += (box.offset[axis] + rest % box.count[axis]) * stride;
      rest /= box.count[axis];
      stride *= shape[axis];
    }
    std::memcpy(whole + offset, values + i * run, run * sizeof(double));
  }
}

ArraySpec derived(const ArraySpec& measure, const char* suffix, const char* what, bool with_quantile) {
  ArraySpec spec;
  spec.name = measure.name + suffix;
  spec.type = ElementType::float64;
  spec.units = measure.units;
  spec.long_name = measure.long_name.empty() ? what : measure.long_name + ", " + what;
  spec.cell_methods = measure.cell_methods;
  if (with_quantile) spec.dimensions = {"quantile"};
  for (const std::string& name : measure.dimensions)
    if (name != "replication") spec.dimensions.push_back(name);
  return spec;
}

}  // namespace

std::map<std::string, Digest> add_replication_summary(netcdf4::NewFile& file, const SummaryRequest& request) {
  const ArraySpec& measure = request.measure;
  const std::size_t scenarios = file.size_of("scenario");
  const std::size_t replications = file.size_of("replication");
  const std::size_t levels = request.levels.size();
  const std::vector<std::size_t>& shape = request.cell_shape;
  std::size_t cells = 1;
  for (const std::size_t n : shape) cells *= n;

  ArraySpec mean_spec = derived(measure, "_mean", "mean over replications", false);
  mean_spec.cell_methods = joined(measure.cell_methods, "replication: mean");
  mean_spec.attributes = {{"ancillary_variables", measure.name + "_se " + measure.name + "_quantile"}};
  SummaryArray means(file, mean_spec, shape, scenarios, request.compression_level);
  SummaryArray errors(file, derived(measure, "_se", "standard error of the mean over replications", false), shape,
                      scenarios, request.compression_level);
  ArraySpec quantile_spec = derived(measure, "_quantile", "quantiles over replications", true);
  quantile_spec.attributes = {{"comment", "exact quantiles, Hyndman-Fan type 7"}};
  SummaryArray quantiles(file, quantile_spec, shape, levels * scenarios, request.compression_level);

  std::vector<double> mean(cells), error(cells), quantile(levels * cells), values;
  std::vector<std::byte> bytes;
  for (std::size_t scenario = 0; scenario < scenarios; ++scenario) {
    for (const Box& box : boxes_of(shape, request.cell_chunk)) {
      Box source{{scenario, 0}, {1, replications}};
      source.offset.insert(source.offset.end(), box.offset.begin(), box.offset.end());
      source.count.insert(source.count.end(), box.count.begin(), box.count.end());
      bytes.resize(source.size() * bytes_of(measure.type));
      values.resize(source.size());
      netcdf4::read_values(request.dataset, measure.type, source, bytes.data());
      decode(measure.type, bytes.data(), values);
      const ColumnStatistics columns = column_statistics(values, replications, box.size(), request.levels);
      place(box, shape, columns.mean.data(), mean.data());
      place(box, shape, columns.standard_error.data(), error.data());
      for (std::size_t q = 0; q < levels; ++q)
        place(box, shape, columns.quantiles.data() + q * box.size(), quantile.data() + q * cells);
    }
    means.write({scenario}, scenario, mean);
    errors.write({scenario}, scenario, error);
    for (std::size_t q = 0; q < levels; ++q)
      quantiles.write({q, scenario}, q * scenarios + scenario, std::span(quantile).subspan(q * cells, cells));
  }
  std::map<std::string, Digest> digests;
  for (SummaryArray* array : {&means, &errors, &quantiles}) digests[array->name()] = array->close();
  return digests;
}

}  // namespace prisonflow::output
