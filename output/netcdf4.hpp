// The netCDF-4 way of using HDF5: what turns arrays in a file into arrays with named axes. Internal to this folder.
//
// A netCDF-4 file is an HDF5 file that keeps to conventions, and every stock reader relies on them: creation order is
// tracked, every axis of every array is tied to a dimension scale of the same file, a dimension without values is a
// scale with a certain name, strings are UTF-8. Breaking one of them makes some reader crash or refuse the whole file
// (docs/result_format.md lists them), so they are kept in this one place. Object times are not stored, because they
// would make equal results unequal to the byte.
//
// Functions throw hdf5::Failure.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "output/chunk_plan.hpp"
#include "output/hdf5_handle.hpp"
#include "output/labelled_array.hpp"
#include "output/result_description.hpp"

namespace prisonflow::output::netcdf4 {

using hdf5::Handle;
using hdf5::Id;

// How an array lies in the file. No extents: in one piece, unpacked.
struct Layout {
  std::vector<std::size_t> chunk{};
  int compression_level = 0;
};

class NewFile {
 public:
  // Creates the file, replacing what is there.
  explicit NewFile(const std::filesystem::path& path);

  void add_attribute(const Attribute& attribute);
  // With coordinate, bounds, character twin and auxiliary labels. `bounds` needs the dimension "bounds" of size 2.
  void add_dimension(const Dimension& dimension);
  // A text stored as a dataset needs the dimension "document" of size 1.
  void add_text(const TextEntry& entry);
  // An array without values; its dimensions must have been added. Reads as missing until written.
  Handle add_array(const ArraySpec& spec, const Layout& layout);

  std::size_t size_of(const std::string& dimension) const { return dimensions_.at(dimension).size; }
  bool is_unlimited(const std::string& dimension) const { return dimensions_.at(dimension).unlimited; }
  Id id() const { return file_.get(); }
  // Everything to the operating system; then all handles of this object closed, each checked.
  void flush();
  void close();
  // Lets HDF5 close a file that is given up without writing to the disk, which may be full.
  void detach_from_disk() noexcept;

 private:
  struct OpenDimension {
    Handle scale;
    std::size_t size;
    bool unlimited;
    std::vector<std::string> auxiliary;
  };

  Handle add_labels(const std::string& name, const std::vector<std::string>& dimensions,
                    const std::vector<std::string>& labels);
  void add_characters(const Dimension& dimension, const std::vector<std::string>& labels);
  Handle add_dataset(const std::string& name, Id type, const std::vector<std::string>& dimensions, const Layout& layout,
                     Id properties);
  Id group(const std::string& path);

  Handle file_;
  std::map<std::string, OpenDimension> dimensions_;
  std::map<std::string, Handle> groups_;
};

// The part of a numeric array that a box covers; bytes in the array's own element type. The first form of each covers
// the whole array.
void write_values(Id dataset, ElementType type, const std::byte* bytes);
void write_values(Id dataset, ElementType type, const Box& box, const std::byte* bytes);
void read_values(Id dataset, ElementType type, std::byte* bytes);
void read_values(Id dataset, ElementType type, const Box& box, std::byte* bytes);

}  // namespace prisonflow::output::netcdf4
