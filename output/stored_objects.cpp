// Walks through the objects of a netCDF-4 file by HDF5's C interface.
#include "output/stored_objects.hpp"

#include <hdf5.h>
#include <hdf5_hl.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace prisonflow::output::netcdf4 {

using hdf5::check;
using hdf5::Failure;

namespace {

constexpr const char* reading = "read the file";
constexpr std::string_view no_values = "This is a netCDF dimension but not a netCDF variable.";

constexpr std::array<std::string_view, 6> bookkeeping = {"CLASS",          "NAME",          "DIMENSION_LIST",
                                                         "REFERENCE_LIST", "_Netcdf4Dimid", "_NCProperties"};

std::string object_name(Id object) {
  const ssize_t length = check(H5Iget_name(object, nullptr, 0), reading);
  std::string name(static_cast<std::size_t>(length), '\0');
  check(H5Iget_name(object, name.data(), name.size() + 1), reading);
  return name;
}

std::string attribute_name(Id attribute) {
  const ssize_t length = check(H5Aget_name(attribute, 0, nullptr), reading);
  std::string name(static_cast<std::size_t>(length), '\0');
  check(H5Aget_name(attribute, name.size() + 1, name.data()), reading);
  return name;
}

std::string read_text(Id attribute, Id type) {
  if (check(H5Tis_variable_str(type), reading) > 0) {
    char* text = nullptr;
    check(H5Aread(attribute, type, &text), reading);
    std::string copy = text ? text : "";
    H5free_memory(text);
    return copy;
  }
  std::string text(H5Tget_size(type), '\0');
  check(H5Aread(attribute, type, text.data()), reading);
  return text.substr(0, text.find('\0'));
}

template <typename Number>
AttributeValue read_numbers(Id attribute, Id native, std::size_t count) {
  std::vector<Number> values(count);
  check(H5Aread(attribute, native, values.data()), reading);
  if (count == 1) return values.front();
  return values;
}

struct AxisName {
  AxisNames& names;
  std::string name;
};

herr_t note_scale(hid_t, unsigned, hid_t scale, void* axis) {
  auto& noted = *static_cast<AxisName*>(axis);
  noted.name = noted.names.of(scale);
  return 1;
}

std::string last_part(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

std::string scale_name(Id dataset) {
  const ssize_t length = check(H5DSget_scale_name(dataset, nullptr, 0), reading);
  std::string name(static_cast<std::size_t>(length), '\0');
  check(H5DSget_scale_name(dataset, name.data(), name.size() + 1), reading);
  return name;
}

}  // namespace

const std::string& AxisNames::of(Id scale) {
  H5O_info_t info;
  check(H5Oget_info2(scale, &info, H5O_INFO_BASIC), reading);
  std::string& name = names_[info.addr];
  if (name.empty()) name = last_part(object_name(scale));
  return name;
}

Handle open_file(const std::filesystem::path& path) {
  if (H5Fis_hdf5(path.c_str()) == 0) throw Failure("is not an HDF5 file");
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "set up HDF5");
  check(H5Pset_file_locking(access.get(), true, true), "set up HDF5");
  return Handle(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get()), H5Fclose, "open the file");
}

std::vector<std::string> children(Id group) {
  H5G_info_t info;
  check(H5Gget_info(group, &info), reading);
  std::vector<std::string> names;
  for (hsize_t i = 0; i < info.nlinks; ++i) {
    const auto name_at = [&](char* buffer, std::size_t size) {
      return check(H5Lget_name_by_idx(group, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, i, buffer, size, H5P_DEFAULT),
                   reading);
    };
    std::string name(static_cast<std::size_t>(name_at(nullptr, 0)), '\0');
    name_at(name.data(), name.size() + 1);
    names.push_back(std::move(name));
  }
  return names;
}

Handle open_object(Id file, const std::string& path) {
  return Handle(H5Oopen(file, path.c_str(), H5P_DEFAULT), H5Oclose, reading);
}

bool is_group(Id object) {
  return H5Iget_type(object) == H5I_GROUP || H5Iget_type(object) == H5I_FILE;
}

std::vector<Attribute> read_attributes(Id object) {
  H5O_info_t info;
  check(H5Oget_info2(object, &info, H5O_INFO_NUM_ATTRS), reading);
  std::vector<Attribute> attributes;
  for (hsize_t i = 0; i < info.num_attrs; ++i) {
    const Handle attribute(H5Aopen_by_idx(object, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, i, H5P_DEFAULT, H5P_DEFAULT),
                           H5Aclose, reading);
    const std::string name = attribute_name(attribute.get());
    if (std::find(bookkeeping.begin(), bookkeeping.end(), name) != bookkeeping.end()) continue;
    const Handle type(H5Aget_type(attribute.get()), H5Tclose, reading);
    const Handle space(H5Aget_space(attribute.get()), H5Sclose, reading);
    const auto count = static_cast<std::size_t>(check(H5Sget_simple_extent_npoints(space.get()), reading));
    const H5T_class_t kind = H5Tget_class(type.get());
    if (kind == H5T_STRING && count == 1)
      attributes.push_back({name, read_text(attribute.get(), type.get())});
    else if (kind == H5T_INTEGER)
      attributes.push_back({name, read_numbers<std::int64_t>(attribute.get(), H5T_NATIVE_INT64, count)});
    else if (kind == H5T_FLOAT)
      attributes.push_back({name, read_numbers<double>(attribute.get(), H5T_NATIVE_DOUBLE, count)});
  }
  return attributes;
}

StoredArray open_array(Id file, const std::string& path, AxisNames& names) {
  StoredArray array;
  array.dataset = Handle(H5Dopen2(file, path.c_str(), H5P_DEFAULT), H5Dclose, reading);
  const Id dataset = array.dataset.get();
  const Handle type(H5Dget_type(dataset), H5Tclose, reading);
  const Handle space(H5Dget_space(dataset), H5Sclose, reading);
  const auto rank = static_cast<std::size_t>(check(H5Sget_simple_extent_ndims(space.get()), reading));
  std::vector<hsize_t> size(rank), largest(rank);
  if (rank > 0) check(H5Sget_simple_extent_dims(space.get(), size.data(), largest.data()), reading);
  array.shape.assign(size.begin(), size.end());
  array.unlimited = rank > 0 && largest[0] == H5S_UNLIMITED;

  array.is_dimension = check(H5DSis_scale(dataset), reading) > 0;
  for (std::size_t axis = 0; axis < rank; ++axis) {
    AxisName noted{names, array.is_dimension ? last_part(path) : ""};
    if (!array.is_dimension)
      check(H5DSiterate_scales(dataset, static_cast<unsigned>(axis), nullptr, note_scale, &noted), reading);
    if (noted.name.empty()) throw Failure("cannot read the file (an axis of '" + path + "' has no name)");
    array.dimensions.push_back(std::move(noted.name));
  }

  const std::size_t bytes = H5Tget_size(type.get());
  switch (H5Tget_class(type.get())) {
    case H5T_STRING:
      array.content = StoredArray::Content::labels;
      break;
    case H5T_INTEGER:
      array.type = bytes == 8 ? ElementType::int64 : ElementType::int32;
      break;
    case H5T_FLOAT:
      array.type = bytes == 4 ? ElementType::float32 : ElementType::float64;
      break;
    default:
      throw Failure("cannot read the file ('" + path + "' has an element type of another program)");
  }
  if (array.is_dimension && scale_name(dataset).starts_with(no_values)) array.content = StoredArray::Content::nothing;
  return array;
}

std::vector<std::string> read_strings(const StoredArray& array) {
  const Id dataset = array.dataset.get();
  const Handle type(H5Dget_type(dataset), H5Tclose, reading);
  std::size_t count = 1;
  for (const std::size_t n : array.shape) count *= n;
  std::vector<std::string> strings;
  strings.reserve(count);
  if (check(H5Tis_variable_str(type.get()), reading) > 0) {
    const Handle space(H5Dget_space(dataset), H5Sclose, reading);
    std::vector<char*> pointers(count, nullptr);
    check(H5Dread(dataset, type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()), reading);
    for (const char* pointer : pointers) strings.emplace_back(pointer ? pointer : "");
    H5Dvlen_reclaim(type.get(), space.get(), H5P_DEFAULT, pointers.data());
    return strings;
  }
  // The character twins: one byte an element.
  const std::size_t bytes = H5Tget_size(type.get());
  std::string all(count * bytes, '\0');
  check(H5Dread(dataset, type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, all.data()), reading);
  for (std::size_t i = 0; i < count; ++i) strings.push_back(all.substr(i * bytes, bytes));
  return strings;
}

}  // namespace prisonflow::output::netcdf4
