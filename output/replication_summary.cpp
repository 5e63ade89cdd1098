// Reads a measure back by columns of chunks and writes what its replications say together.
#include "output/replication_summary.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <span>
#include <utility>

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

// Mean, standard error and quantiles of one quantity, scenario by scenario.
class Summary {
 public:
  // `what` is what is averaged: a measure, or its differences.
  Summary(netcdf4::NewFile& file, const SummaryRequest& request, const ArraySpec& what, const Attribute* remark)
      : request_(request),
        scenarios_(file.size_of("scenario")),
        cells_(product(request.cell_shape)),
        mean_(cells_),
        error_(cells_),
        quantile_(request.levels.size() * cells_),
        means_(file, mean_spec(what, remark), request.cell_shape, scenarios_, request.compression_level),
        errors_(file, derived(what, "_se", "standard error of the mean over replications", false, remark),
                request.cell_shape, scenarios_, request.compression_level),
        quantiles_(file, quantile_spec(what, remark), request.cell_shape, request.levels.size() * scenarios_,
                   request.compression_level) {}

  // `values`: one row for each replication with the cells of the box.
  void add(const Box& box, std::span<const double> values, std::size_t replications) {
    const ColumnStatistics columns = column_statistics(values, replications, box.size(), request_.levels);
    place(box, request_.cell_shape, columns.mean.data(), mean_.data());
    place(box, request_.cell_shape, columns.standard_error.data(), error_.data());
    for (std::size_t q = 0; q < request_.levels.size(); ++q)
      place(box, request_.cell_shape, columns.quantiles.data() + q * box.size(), quantile_.data() + q * cells_);
  }
  void forget() {
    for (std::vector<double>* numbers : {&mean_, &error_, &quantile_})
      std::fill(numbers->begin(), numbers->end(), std::numeric_limits<double>::quiet_NaN());
  }
  void write(std::size_t scenario) {
    means_.write({scenario}, scenario, mean_);
    errors_.write({scenario}, scenario, error_);
    for (std::size_t q = 0; q < request_.levels.size(); ++q)
      quantiles_.write({q, scenario}, q * scenarios_ + scenario, std::span(quantile_).subspan(q * cells_, cells_));
  }
  void close(std::map<std::string, Digest>& digests) {
    for (SummaryArray* array : {&means_, &errors_, &quantiles_}) digests[array->name()] = array->close();
  }

 private:
  static std::size_t product(const std::vector<std::size_t>& shape) {
    std::size_t cells = 1;
    for (const std::size_t n : shape) cells *= n;
    return cells;
  }
  static ArraySpec derived(const ArraySpec& what, const char* suffix, const char* words, bool with_quantile,
                           const Attribute* remark) {
    ArraySpec spec;
    spec.name = what.name + suffix;
    spec.type = ElementType::float64;
    spec.units = what.units;
    spec.long_name = what.long_name.empty() ? words : what.long_name + ", " + words;
    spec.cell_methods = what.cell_methods;
    if (with_quantile) spec.dimensions = {"quantile"};
    for (const std::string& name : what.dimensions)
      if (name != "replication") spec.dimensions.push_back(name);
    if (remark) spec.attributes.push_back(*remark);
    return spec;
  }
  static ArraySpec mean_spec(const ArraySpec& what, const Attribute* remark) {
    ArraySpec spec = derived(what, "_mean", "mean over replications", false, remark);
    spec.cell_methods = joined(what.cell_methods, "replication: mean");
    spec.attributes.push_back({"ancillary_variables", what.name + "_se " + what.name + "_quantile"});
    return spec;
  }
  static ArraySpec quantile_spec(const ArraySpec& what, const Attribute* remark) {
    ArraySpec spec = derived(what, "_quantile", "quantiles over replications", true, remark);
    spec.attributes.push_back({"comment", "exact quantiles, Hyndman-Fan type 7"});
    return spec;
  }

  const SummaryRequest& request_;
  std::size_t scenarios_, cells_;
  std::vector<double> mean_, error_, quantile_;
  SummaryArray means_, errors_, quantiles_;
};

ArraySpec difference_of(const ArraySpec& measure, const std::string& reference) {
  ArraySpec spec = measure;
  spec.name += "_difference";
  spec.long_name = joined(spec.long_name, "minus " + reference + ", paired");
  return spec;
}

// All replications of one scenario's cells in a box.
void read_rows(const SummaryRequest& request, std::size_t scenario, const Box& box, std::size_t replications,
               std::vector<double>& values) {
  Box source{{scenario, 0}, {1, replications}};
  source.offset.insert(source.offset.end(), box.offset.begin(), box.offset.end());
  source.count.insert(source.count.end(), box.count.begin(), box.count.end());
  std::vector<std::byte> bytes(source.size() * bytes_of(request.measure.type));
  values.resize(source.size());
  netcdf4::read_values(request.dataset, request.measure.type, source, bytes.data());
  decode(request.measure.type, bytes.data(), values);
}

}  // namespace

std::map<std::string, Digest> add_replication_summary(netcdf4::NewFile& file, const SummaryRequest& request) {
  const std::size_t replications = file.size_of("replication");
  Summary levels(file, request, request.measure, nullptr);
  std::optional<Summary> differences;
  if (request.reference) {
    const std::string& reference = request.reference->label;
    const Attribute remark{"difference", "scenario minus " + reference + ", replication by replication; missing for " +
                                             reference + " and where either is missing"};
    differences.emplace(file, request, difference_of(request.measure, reference), &remark);
  }
  std::vector<double> values, reference;
  for (std::size_t scenario = 0; scenario < file.size_of("scenario"); ++scenario) {
    const bool compared = differences && scenario != request.reference->position;
    for (const Box& box : boxes_of(request.cell_shape, request.cell_chunk)) {
      read_rows(request, scenario, box, replications, values);
      levels.add(box, values, replications);
      if (!compared) continue;
      read_rows(request, request.reference->position, box, replications, reference);
      for (std::size_t i = 0; i < values.size(); ++i) values[i] -= reference[i];
      differences->add(box, values, replications);
    }
    levels.write(scenario);
    if (!differences) continue;
    if (!compared) differences->forget();
    differences->write(scenario);
  }
  std::map<std::string, Digest> digests;
  levels.close(digests);
  if (differences) differences->close(digests);
  return digests;
}

}  // namespace prisonflow::output
