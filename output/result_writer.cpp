// Writes the frame, the slabs and the summaries of a result file, and puts it in its place.
#include "output/result_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "output/durable_file.hpp"
#include "output/element_codec.hpp"
#include "output/manifest.hpp"
#include "output/netcdf4.hpp"
#include "output/replication_summary.hpp"
#include "output/slab_buffer.hpp"

namespace prisonflow::output {

namespace {

// Middle of the range in which a chunk costs neither many index entries nor much waste for a small selection.
constexpr std::size_t chunk_bytes = std::size_t{512} << 10;
// Bound on what the summary reads at a time: all replications of a chunk's cells, as doubles.
constexpr std::size_t summary_bytes = std::size_t{64} << 20;

}  // namespace

class ResultWriter::Implementation {
  struct Measure {
    ArraySpec spec;  // with all its dimensions
    hdf5::Handle dataset;
    std::vector<std::size_t> cell_shape;  // without scenario and replication
    std::vector<std::size_t> cell_chunk;
    std::optional<SlabBuffer> buffer;
  };

 public:
  Implementation(std::filesystem::path path, ResultDescription description, WriterOptions options)
      : path_(std::move(path)),
        partial_(partial_path(path_)),
        description_(std::move(description)),
        options_(options) {}

  ~Implementation() {
    if (finished_) return;
    if (file_) file_->detach_from_disk();
    measures_.clear();
    file_.reset();
    std::error_code ignored;
    if (created_) std::filesystem::remove(partial_, ignored);
  }
  Implementation(const Implementation&) = delete;
  Implementation& operator=(const Implementation&) = delete;

  void open() {
    validate(description_);
    require_place_for_file(path_);
    hdf5::prepare_library();
    // What is there already may belong to a run at work; HDF5's lock then refuses, and it must stay.
    std::error_code ignored;
    created_ = !std::filesystem::exists(partial_, ignored);
    guard([&] {
      file_.emplace(partial_);
      created_ = true;
      add_frame();
      add_measures();
      // The frame goes to the disk now, so that a place without any room is found before the first event.
      file_->flush();
    });
  }

  void write(std::size_t scenario, std::size_t replication, std::string_view name, std::span<const double> values) {
    require_healthy();
    const auto found = positions_.find(name);
    if (found == positions_.end()) throw OutputError(fmt::format("{}: there is no measure '{}'", path_.string(), name));
    guard([&] {
      SlabBuffer& buffer = *measures_[found->second].buffer;
      held_bytes_ -= buffer.held_bytes();
      const auto refusal = buffer.add(scenario, replication, values);
      held_bytes_ += buffer.held_bytes();
      if (refusal)
        throw OutputError(fmt::format("{}: cannot take '{}' of scenario {}, replication {} ({})", path_.string(), name,
                                      scenario, replication, *refusal));
      if (held_bytes_ > options_.buffer_bytes) flush_buffers();
    });
  }

  void finish() {
    require_healthy();
    if (!options_.allow_missing_slabs) require_all_slabs();
    guard([&] {
      flush_buffers();
      for (Measure& measure : measures_) add_summary(measure);
      for (Measure& measure : measures_) {
        known_["/" + measure.spec.name] = measure.buffer->digest();
        measure.dataset.close();
      }
      const std::string manifest = manifest_of(file_->id(), known_);
      digest_ = hexadecimal(sha256(manifest));
      file_->add_text({"provenance", "manifest", manifest, TextEntry::Storage::dataset});
      file_->add_attribute({digest_attribute, digest_prefix + digest_});
      file_->flush();
      file_->close();
      put_in_place(partial_, path_);
      finished_ = true;
    });
  }

  const std::string& digest() const { return digest_; }

 private:
  template <typename Action>
  void guard(Action action) {
    try {
      action();
    } catch (const hdf5::Failure& failure) {
      failed_ = true;
      throw OutputError(fmt::format("{}: {}", path_.string(), failure.what()));
    }
  }

  void require_healthy() const {
    if (finished_) throw OutputError(fmt::format("{}: is already complete", path_.string()));
    if (failed_) throw OutputError(fmt::format("{}: was given up after an earlier failure", path_.string()));
  }

  void require_all_slabs() const {
    std::size_t missing = 0;
    const Measure* first = nullptr;
    for (const Measure& measure : measures_) {
      missing += measure.buffer->missing_slabs();
      if (!first && measure.buffer->missing_slabs() > 0) first = &measure;
    }
    if (!first) return;
    const auto [scenario, replication] = first->buffer->first_missing();
    throw OutputError(
        fmt::format("{}: is not complete ({} slabs are missing, the first is '{}' of scenario {}, "
                    "replication {})",
                    path_.string(), missing, first->spec.name, scenario, replication));
  }

  void add_frame() {
    file_->add_attribute({"Conventions", "CF-1.10, ACDD-1.3"});
    file_->add_attribute({"title", description_.title});
    file_->add_attribute({"summary", description_.summary});
    file_->add_attribute({"source", description_.source});
    file_->add_attribute({"license", description_.license});
    file_->add_attribute({"filetype", result_filetype});
    file_->add_attribute({"version", result_schema_version});
    for (const Attribute& attribute : description_.attributes) file_->add_attribute(attribute);
    file_->add_dimension(plain_dimension("bounds", 2));
    file_->add_dimension(plain_dimension("document", 1));
    for (const Dimension& dimension : description_.dimensions) file_->add_dimension(dimension);
    file_->add_dimension(
        number_dimension("quantile", "share of replications at or below the value", "1", description_.quantile_levels));
    for (const LabelledArray& constant : description_.constants) add_constant(constant);
    for (const TextEntry& entry : description_.provenance) file_->add_text(entry);
  }

  void add_constant(const LabelledArray& constant) {
    hdf5::Handle dataset = file_->add_array(constant.spec, {});
    std::vector<std::byte> bytes(constant.values.size() * bytes_of(constant.spec.type));
    if (const auto position = encode(constant.spec.type, constant.values, bytes.data()))
      throw OutputError(fmt::format("{}: cannot take '{}' (the value {} at position {} does not fit {})",
                                    path_.string(), constant.spec.name, constant.values[*position], *position,
                                    name_of(constant.spec.type)));
    netcdf4::write_values(dataset.get(), constant.spec.type, bytes.data());
    dataset.close();
  }

  void add_measures() {
    const std::size_t scenarios = file_->size_of("scenario");
    const std::size_t replications = file_->size_of("replication");
    std::size_t bytes_of_replication = 0;
    for (const ArraySpec& spec : description_.measures)
      bytes_of_replication += scenarios * cells_of(spec) * bytes_of(spec.type);
    block_ = replications_in_block(replications, bytes_of_replication, options_.buffer_bytes);
    measures_.reserve(description_.measures.size());
    for (const ArraySpec& spec : description_.measures) add_measure(spec, scenarios, replications);
  }

  std::size_t cells_of(const ArraySpec& spec) const {
    std::size_t cells = 1;
    for (const std::string& name : spec.dimensions) cells *= file_->size_of(name);
    return cells;
  }

  void add_measure(const ArraySpec& spec, std::size_t scenarios, std::size_t replications) {
    Measure measure;
    measure.spec = spec;
    std::size_t time_axis = spec.dimensions.size();
    for (std::size_t axis = spec.dimensions.size(); axis-- > 0;)
      if (is_time(spec.dimensions[axis])) time_axis = axis;
    for (const std::string& name : spec.dimensions) measure.cell_shape.push_back(file_->size_of(name));
    const std::size_t elements =
        std::min(chunk_bytes / (block_ * bytes_of(spec.type)), summary_bytes / (replications * sizeof(double)));
    measure.cell_chunk = chunk_extents(measure.cell_shape, time_axis, elements);

    measure.spec.dimensions = {"scenario", "replication"};
    measure.spec.dimensions.insert(measure.spec.dimensions.end(), spec.dimensions.begin(), spec.dimensions.end());
    std::vector<std::size_t> chunk = {1, block_};
    chunk.insert(chunk.end(), measure.cell_chunk.begin(), measure.cell_chunk.end());
    measure.dataset = file_->add_array(measure.spec, {chunk, options_.compression_level});

    positions_[spec.name] = measures_.size();
    const auto write_rows = [dataset = measure.dataset.get(), type = spec.type, shape = measure.cell_shape](
                                std::size_t scenario, std::size_t first, std::size_t rows, const std::byte* bytes) {
      Box box{{scenario, first}, {1, rows}};
      box.offset.resize(2 + shape.size(), 0);
      box.count.insert(box.count.end(), shape.begin(), shape.end());
      netcdf4::write_values(dataset, type, box, bytes);
    };
    measure.buffer.emplace(spec.type, cells_of(spec), scenarios, replications, block_, write_rows);
    measures_.push_back(std::move(measure));
  }

  bool is_time(const std::string& name) const {
    const auto found = std::find_if(description_.dimensions.begin(), description_.dimensions.end(),
                                    [&](const Dimension& dimension) { return dimension.name == name; });
    return found != description_.dimensions.end() && !found->bounds.empty();
  }

  void add_summary(const Measure& measure) {
    const SummaryRequest request{measure.spec,
                                 measure.dataset.get(),
                                 measure.cell_shape,
                                 measure.cell_chunk,
                                 description_.quantile_levels,
                                 options_.compression_level,
                                 reference_of(measure.spec)};
    for (auto& [name, digest] : add_replication_summary(*file_, request)) known_["/" + name] = digest;
  }

  std::optional<ReferenceScenario> reference_of(const ArraySpec& measure) const {
    if (!description_.has_differences(measure)) return std::nullopt;
    const std::size_t position = *description_.reference_scenario;
    for (const Dimension& dimension : description_.dimensions)
      if (const auto* labels = std::get_if<std::vector<std::string>>(&dimension.coordinate);
          labels && dimension.name == "scenario")
        return ReferenceScenario{position, (*labels)[position]};
    return ReferenceScenario{position, fmt::format("scenario {}", position)};
  }

  void flush_buffers() {
    for (Measure& measure : measures_) measure.buffer->flush();
    held_bytes_ = 0;
  }

  std::filesystem::path path_, partial_;
  ResultDescription description_;
  WriterOptions options_;
  std::optional<netcdf4::NewFile> file_;
  std::vector<Measure> measures_;
  std::map<std::string, std::size_t, std::less<>> positions_;
  std::map<std::string, Digest> known_;
  std::size_t block_ = 1;
  std::size_t held_bytes_ = 0;
  std::string digest_;
  bool created_ = false;
  bool failed_ = false;
  bool finished_ = false;
};

ResultWriter::ResultWriter(std::filesystem::path path, ResultDescription description, WriterOptions options)
    : implementation_(std::make_unique<Implementation>(std::move(path), std::move(description), options)) {
  implementation_->open();
}

ResultWriter::~ResultWriter() = default;

void ResultWriter::write(std::size_t scenario, std::size_t replication, std::string_view measure,
                         std::span<const double> values) {
  implementation_->write(scenario, replication, measure, values);
}

void ResultWriter::finish() {
  implementation_->finish();
}

const std::string& ResultWriter::digest() const {
  return implementation_->digest();
}

}  // namespace prisonflow::output
