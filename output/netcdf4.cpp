// The conventions of netCDF-4, kept by HDF5's C interface.
#include "output/netcdf4.hpp"

#include <fcntl.h>
#include <hdf5.h>
#include <hdf5_hl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "output/element_codec.hpp"

namespace prisonflow::output::netcdf4 {

using hdf5::check;

namespace {

// What netCDF calls a dimension without values; the number is its size.
constexpr const char* dimension_without_values = "This is a netCDF dimension but not a netCDF variable.%10zu";

// Arrays with an unlimited axis must be chunked; this is for small ones, such as the coordinate itself.
constexpr std::size_t small_chunk = 1024;

Handle properties(Id kind, const char* what = "set up HDF5") {
  return Handle(H5Pcreate(kind), H5Pclose, what);
}

void track_creation_order(Id list) {
  constexpr unsigned both = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
  check(H5Pset_link_creation_order(list, both), "set up HDF5");
  check(H5Pset_attr_creation_order(list, both), "set up HDF5");
}

// Of a dataset: readers that append attributes need their order, and times would change the bytes.
Handle dataset_properties() {
  Handle list = properties(H5P_DATASET_CREATE);
  check(H5Pset_attr_creation_order(list.get(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED), "set up HDF5");
  check(H5Pset_obj_track_times(list.get(), false), "set up HDF5");
  return list;
}

Id native_type(ElementType type) {
  switch (type) {
    case ElementType::int32:
      return H5T_NATIVE_INT32;
    case ElementType::int64:
      return H5T_NATIVE_INT64;
    case ElementType::float32:
      return H5T_NATIVE_FLOAT;
    case ElementType::float64:
      break;
  }
  return H5T_NATIVE_DOUBLE;
}

Id stored_type(ElementType type) {
  switch (type) {
    case ElementType::int32:
      return H5T_STD_I32LE;
    case ElementType::int64:
      return H5T_STD_I64LE;
    case ElementType::float32:
      return H5T_IEEE_F32LE;
    case ElementType::float64:
      break;
  }
  return H5T_IEEE_F64LE;
}

Handle string_type(std::size_t bytes) {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose, "set up HDF5");
  check(H5Tset_size(type.get(), bytes), "set up HDF5");
  check(H5Tset_cset(type.get(), H5T_CSET_UTF8), "set up HDF5");
  return type;
}

void write_attribute(Id object, const std::string& name, Id stored, Id native, hsize_t count, const void* data) {
  // netCDF gives numbers one axis even when there is one number, and texts none.
  const bool text = H5Tget_class(stored) == H5T_STRING;
  const Handle space(text ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &count, nullptr), H5Sclose, "set up HDF5");
  Handle attribute(H5Acreate2(object, name.c_str(), stored, space.get(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
                   "create an attribute");
  check(H5Awrite(attribute.get(), native, data), "write an attribute");
  attribute.close();
}

void write_whole_numbers(Id object, const std::string& name, std::span<const std::int64_t> values) {
  const bool small = std::all_of(values.begin(), values.end(), [](std::int64_t value) {
    return value >= std::numeric_limits<std::int32_t>::min() && value <= std::numeric_limits<std::int32_t>::max();
  });
  write_attribute(object, name, small ? H5T_STD_I32LE : H5T_STD_I64LE, H5T_NATIVE_INT64, values.size(), values.data());
}

void write_attribute(Id object, const Attribute& attribute) {
  struct Visitor {
    Id object;
    const std::string& name;
    void operator()(const std::string& text) const {
      // An HDF5 string cannot be empty; a zero byte reads as an empty text.
      const Handle type = string_type(std::max<std::size_t>(text.size(), 1));
      write_attribute(object, name, type.get(), type.get(), 1, text.c_str());
    }
    void operator()(std::int64_t value) const { write_whole_numbers(object, name, std::span(&value, 1)); }
    void operator()(double value) const { write_attribute(object, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 1, &value); }
    void operator()(const std::vector<std::int64_t>& values) const { write_whole_numbers(object, name, values); }
    void operator()(const std::vector<double>& values) const {
      write_attribute(object, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, values.size(), values.data());
    }
  };
  std::visit(Visitor{object, attribute.name}, attribute.value);
}

void write_attributes(Id object, const std::vector<Attribute>& attributes) {
  for (const Attribute& attribute : attributes) write_attribute(object, attribute);
}

void write_text_attribute(Id object, const char* name, const std::string& text) {
  if (!text.empty()) write_attribute(object, Attribute{name, text});
}

Handle selected(Id dataset, const Box& box, const char* what) {
  Handle space(H5Dget_space(dataset), H5Sclose, what);
  const std::vector<hsize_t> offset(box.offset.begin(), box.offset.end());
  const std::vector<hsize_t> count(box.count.begin(), box.count.end());
  check(H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, offset.data(), nullptr, count.data(), nullptr), what);
  return space;
}

// Of the same rank as the box: HDF5 copies element by element when the two differ.
Handle memory_space(const Box& box) {
  const std::vector<hsize_t> count(box.count.begin(), box.count.end());
  return Handle(H5Screate_simple(static_cast<int>(count.size()), count.data(), nullptr), H5Sclose, "set up HDF5");
}

}  // namespace

NewFile::NewFile(const std::filesystem::path& path) {
  const Handle creation = properties(H5P_FILE_CREATE);
  track_creation_order(creation.get());
  check(H5Pset_obj_track_times(creation.get(), false), "set up HDF5");
  const Handle access = properties(H5P_FILE_ACCESS);
  check(H5Pset_libver_bounds(access.get(), H5F_LIBVER_EARLIEST, H5F_LIBVER_V18), "set up HDF5");
  // Some cluster file systems have no locks; there HDF5 would refuse to work at all.
  check(H5Pset_file_locking(access.get(), true, true), "set up HDF5");
  file_ = Handle(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation.get(), access.get()), H5Fclose, "create the file");
}

void NewFile::add_attribute(const Attribute& attribute) {
  write_attribute(file_.get(), attribute);
}

Handle NewFile::add_dataset(const std::string& name, Id type, const std::vector<std::string>& dimensions,
                            const Layout& layout, Id creation) {
  std::vector<hsize_t> size, largest, chunk;
  for (std::size_t axis = 0; axis < dimensions.size(); ++axis) {
    const OpenDimension& dimension = dimensions_.at(dimensions[axis]);
    size.push_back(dimension.size);
    largest.push_back(dimension.unlimited ? H5S_UNLIMITED : size.back());
    chunk.push_back(layout.chunk.empty() ? std::min<hsize_t>(size.back(), small_chunk) : layout.chunk[axis]);
  }
  if (!layout.chunk.empty() || size != largest)
    check(H5Pset_chunk(creation, static_cast<int>(chunk.size()), chunk.data()), "set up HDF5");
  if (layout.compression_level > 0) {
    check(H5Pset_shuffle(creation), "set up HDF5");
    check(H5Pset_deflate(creation, static_cast<unsigned>(layout.compression_level)), "set up HDF5");
  }
  const Handle space(H5Screate_simple(static_cast<int>(size.size()), size.data(), largest.data()), H5Sclose,
                     "set up HDF5");
  // Chunks are written whole and once: a cache would only delay the disk's answer.
  const Handle access = properties(H5P_DATASET_ACCESS);
  check(H5Pset_chunk_cache(access.get(), 1, 0, 1.0), "set up HDF5");
  Handle dataset(H5Dcreate2(file_.get(), name.c_str(), type, space.get(), H5P_DEFAULT, creation, access.get()),
                 H5Dclose, "create an array");
  for (std::size_t axis = 0; axis < dimensions.size(); ++axis)
    if (dimensions[axis] != name)
      check(H5DSattach_scale(dataset.get(), dimensions_.at(dimensions[axis]).scale.get(), static_cast<unsigned>(axis)),
            "name an axis");
  return dataset;
}

void NewFile::add_dimension(const Dimension& dimension) {
  const std::string& name = dimension.name;
  OpenDimension& open =
      dimensions_.emplace(name, OpenDimension{{}, dimension.size, dimension.unlimited, {}}).first->second;
  const auto* labels = std::get_if<std::vector<std::string>>(&dimension.coordinate);
  const auto* integers = std::get_if<std::vector<std::int32_t>>(&dimension.coordinate);
  const auto* reals = std::get_if<std::vector<double>>(&dimension.coordinate);
  const Handle creation = dataset_properties();
  const bool has_values = labels || integers || reals;
  if (labels) {
    open.scale = add_labels(name, {name}, *labels);
  } else if (integers) {
    open.scale = add_dataset(name, H5T_STD_I32LE, {name}, {}, creation.get());
    write_values(open.scale.get(), ElementType::int32, reinterpret_cast<const std::byte*>(integers->data()));
  } else if (reals) {
    open.scale = add_dataset(name, H5T_IEEE_F64LE, {name}, {}, creation.get());
    write_values(open.scale.get(), ElementType::float64, reinterpret_cast<const std::byte*>(reals->data()));
  } else {
    open.scale = add_dataset(name, H5T_IEEE_F32BE, {name}, {}, creation.get());
  }
  char placeholder[96];
  std::snprintf(placeholder, sizeof placeholder, dimension_without_values, dimension.size);
  check(H5DSset_scale(open.scale.get(), has_values ? name.c_str() : placeholder), "name a dimension");
  if (has_values) write_attributes(open.scale.get(), dimension.attributes);

  if (!dimension.bounds.empty()) {
    write_attribute(open.scale.get(), Attribute{"bounds", name + "_bounds"});
    const Handle bounds_creation = dataset_properties();
    Handle bounds = add_dataset(name + "_bounds", H5T_STD_I32LE, {name, "bounds"}, {}, bounds_creation.get());
    write_values(bounds.get(), ElementType::int32, reinterpret_cast<const std::byte*>(dimension.bounds.data()));
    bounds.close();
  }
  if (labels && dimension.character_twin) add_characters(dimension, *labels);
  for (const AuxiliaryLabels& auxiliary : dimension.auxiliary_labels) {
    Handle dataset = add_labels(auxiliary.name, {name}, auxiliary.labels);
    write_attributes(dataset.get(), auxiliary.attributes);
    dataset.close();
    open.auxiliary.push_back(auxiliary.name);
  }
}

Handle NewFile::add_labels(const std::string& name, const std::vector<std::string>& dimensions,
                           const std::vector<std::string>& labels) {
  const Handle creation = dataset_properties();
  const Handle type = string_type(H5T_VARIABLE);
  Handle dataset = add_dataset(name, type.get(), dimensions, {}, creation.get());
  std::vector<const char*> pointers;
  for (const std::string& label : labels) pointers.push_back(label.c_str());
  check(H5Dwrite(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()), "write labels");
  return dataset;
}

void NewFile::add_characters(const Dimension& dimension, const std::vector<std::string>& labels) {
  std::size_t longest = 1;
  for (const std::string& label : labels) longest = std::max(longest, label.size());
  add_dimension(plain_dimension(dimension.name + "_length", longest));
  std::vector<char> characters(labels.size() * longest, '\0');
  for (std::size_t i = 0; i < labels.size(); ++i)
    std::memcpy(characters.data() + i * longest, labels[i].data(), labels[i].size());
  const Handle creation = dataset_properties();
  const Handle type(H5Tcopy(H5T_C_S1), H5Tclose, "set up HDF5");
  Handle dataset = add_dataset(dimension.name + "_characters", type.get(), {dimension.name, dimension.name + "_length"},
                               {}, creation.get());
  write_attribute(dataset.get(), Attribute{"_Encoding", "utf-8"});
  check(H5Dwrite(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, characters.data()), "write labels");
  dataset.close();
}

Handle NewFile::add_array(const ArraySpec& spec, const Layout& layout) {
  const Handle creation = dataset_properties();
  const Id native = native_type(spec.type);
  std::byte fill[8];
  fill_missing(spec.type, std::span(fill).first(bytes_of(spec.type)));
  check(H5Pset_fill_value(creation.get(), native, fill), "set up HDF5");
  Handle dataset = add_dataset(spec.name, stored_type(spec.type), spec.dimensions, layout, creation.get());
  write_attribute(dataset.get(), "_FillValue", stored_type(spec.type), native, 1, fill);
  write_text_attribute(dataset.get(), "long_name", spec.long_name);
  write_text_attribute(dataset.get(), "units", spec.units);
  write_text_attribute(dataset.get(), "cell_methods", spec.cell_methods);
  std::string coordinates;
  for (const std::string& name : spec.dimensions)
    for (const std::string& auxiliary : dimensions_.at(name).auxiliary)
      coordinates += (coordinates.empty() ? "" : " ") + auxiliary;
  write_text_attribute(dataset.get(), "coordinates", coordinates);
  write_attributes(dataset.get(), spec.attributes);
  return dataset;
}

Id NewFile::group(const std::string& path) {
  if (path.empty()) return file_.get();
  if (const auto found = groups_.find(path); found != groups_.end()) return found->second.get();
  const std::size_t slash = path.rfind('/');
  const Id parent = group(slash == std::string::npos ? "" : path.substr(0, slash));
  const std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
  const Handle creation = properties(H5P_GROUP_CREATE);
  track_creation_order(creation.get());
  check(H5Pset_obj_track_times(creation.get(), false), "set up HDF5");
  Handle created(H5Gcreate2(parent, name.c_str(), H5P_DEFAULT, creation.get(), H5P_DEFAULT), H5Gclose,
                 "create a group");
  return groups_.emplace(path, std::move(created)).first->second.get();
}

void NewFile::add_text(const TextEntry& entry) {
  const Id parent = group(entry.group);
  if (entry.storage == TextEntry::Storage::attribute) {
    write_attribute(parent, Attribute{entry.name, entry.text});
    return;
  }
  // One string on an axis of size 1: h5netcdf 1.1 cannot read a string that has no axis.
  const Handle creation = dataset_properties();
  const Handle type = string_type(H5T_VARIABLE);
  const hsize_t one = 1;
  const Handle space(H5Screate_simple(1, &one, nullptr), H5Sclose, "set up HDF5");
  Handle dataset(
      H5Dcreate2(parent, entry.name.c_str(), type.get(), space.get(), H5P_DEFAULT, creation.get(), H5P_DEFAULT),
      H5Dclose, "create a text");
  check(H5DSattach_scale(dataset.get(), dimensions_.at("document").scale.get(), 0), "name an axis");
  const char* text = entry.text.c_str();
  check(H5Dwrite(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, &text), "write a text");
  dataset.close();
}

void NewFile::flush() {
  check(H5Fflush(file_.get(), H5F_SCOPE_GLOBAL), "write to the disk");
}

void NewFile::close() {
  for (auto& [path, group] : groups_) group.close();
  for (auto& [name, dimension] : dimensions_) dimension.scale.close();
  file_.close();
}

void NewFile::detach_from_disk() noexcept {
  void* descriptor = nullptr;
  if (!file_ || H5Fget_vfd_handle(file_.get(), H5P_DEFAULT, &descriptor) < 0 || !descriptor) return;
  // Where everything can be written, whatever the disk or a limit on file sizes says.
  const int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nowhere < 0) return;
  dup2(nowhere, *static_cast<int*>(descriptor));
  ::close(nowhere);
}

void write_values(Id dataset, ElementType type, const std::byte* bytes) {
  check(H5Dwrite(dataset, native_type(type), H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes), "write values");
}

void write_values(Id dataset, ElementType type, const Box& box, const std::byte* bytes) {
  const Handle file_space = selected(dataset, box, "write values");
  const Handle memory = memory_space(box);
  check(H5Dwrite(dataset, native_type(type), memory.get(), file_space.get(), H5P_DEFAULT, bytes), "write values");
}

void read_values(Id dataset, ElementType type, std::byte* bytes) {
  check(H5Dread(dataset, native_type(type), H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes), "read values");
}

void read_values(Id dataset, ElementType type, const Box& box, std::byte* bytes) {
  const Handle file_space = selected(dataset, box, "read values");
  const Handle memory = memory_space(box);
  check(H5Dread(dataset, native_type(type), memory.get(), file_space.get(), H5P_DEFAULT, bytes), "read values");
}

}  // namespace prisonflow::output::netcdf4
