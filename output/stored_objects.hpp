// What stands in a netCDF-4 file: children, attributes, arrays and the names of their axes. Internal to this folder.
//
// The counterpart of netcdf4.hpp, for the reader and for the manifest. It understands what this program writes (and a
// little more) and throws hdf5::Failure for the rest.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "output/hdf5_handle.hpp"
#include "output/labelled_array.hpp"

namespace prisonflow::output::netcdf4 {

using hdf5::Handle;
using hdf5::Id;

Handle open_file(const std::filesystem::path& path);

// Names in the order of creation.
std::vector<std::string> children(Id group);
// A group or a dataset, by its path.
Handle open_object(Id file, const std::string& path);
bool is_group(Id object);

// Without those by which HDF5 and netCDF keep track of dimensions.
std::vector<Attribute> read_attributes(Id object);

// The names of the dimensions met so far in one file, by where they lie: HDF5 itself searches the whole file for the
// name of a dimension that is reached by an array, and there are thousands of arrays.
class AxisNames {
 public:
  const std::string& of(Id scale);

 private:
  std::map<std::uint64_t, std::string> names_;
};

struct StoredArray {
  enum class Content { numbers, labels, nothing };  // nothing: a dimension without values

  Handle dataset;
  Content content = Content::numbers;
  ElementType type = ElementType::float64;  // of numbers
  bool is_dimension = false;
  std::vector<std::string> dimensions{};
  std::vector<std::size_t> shape{};
  bool unlimited = false;  // the first axis can grow
};
StoredArray open_array(Id file, const std::string& path, AxisNames& names);

// The elements of an array of strings.
std::vector<std::string> read_strings(const StoredArray& array);

}  // namespace prisonflow::output::netcdf4
