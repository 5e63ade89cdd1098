// Reads a result file back: for summaries, comparisons and checks.
//
// Only files of our own kind and schema are opened; anything else is refused with a sentence that says what it is. The
// frame (dimensions, labels, descriptions) is read once at opening, the numbers when asked for. Selections are made by
// label, as a user would name them, never by position.
//
// HDF5 is not safe to use from two threads: one thread owns a reader.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "output/output_error.hpp"
#include "output/result_description.hpp"

namespace prisonflow::output {

// Dimension and label: a text for labels, a number in any notation for numbers ("0.5", "3"), a date for times
// ("2015-03-01", or "2015-03" and "2015" for the period that begins the month or year).
using Selection = std::vector<std::pair<std::string, std::string>>;

class ResultFile {
 public:
  // Throws OutputError when the file is missing, is not HDF5, is not a result file or has another schema version.
  explicit ResultFile(std::filesystem::path path);
  ~ResultFile();
  ResultFile(ResultFile&&) noexcept;
  ResultFile& operator=(ResultFile&&) noexcept;

  const std::filesystem::path& path() const;

  // Attributes of the root, as written.
  const std::vector<Attribute>& attributes() const;
  // The text of a root attribute; nothing when there is none or when it is a number.
  std::optional<std::string> attribute(std::string_view name) const;
  // The digest the file claims for itself; verify() says whether it is right.
  std::string digest() const;

  // In the order of the file, with coordinates, attributes, bounds and auxiliary labels.
  const std::vector<Dimension>& dimensions() const;
  bool has_dimension(std::string_view name) const;
  const Dimension& dimension(std::string_view name) const;
  // The positions of a dimension as text: labels, dates for times, numbers, or 0, 1, 2 ... where it has no coordinate.
  std::vector<std::string> labels(std::string_view dimension) const;
  // Throws OutputError when the dimension is not a time in days.
  std::vector<std::chrono::sys_days> dates(std::string_view dimension) const;

  // Every numeric array that is not a coordinate, in the order of the file.
  const std::vector<ArraySpec>& arrays() const;
  // The names of those that begin with (scenario, replication).
  std::vector<std::string> measures() const;
  bool has_array(std::string_view name) const;
  const ArraySpec& array(std::string_view name) const;
  std::vector<std::size_t> shape(const ArraySpec& spec) const;

  // The values, with the selected dimensions gone and fill values as NaN. Throws OutputError for an unknown array,
  // dimension or label, naming the labels there are.
  LabelledArray read(std::string_view array, const Selection& selection = {}) const;

  // The texts of a group and the groups below it, in the order of the file.
  std::vector<TextEntry> texts(std::string_view group = "provenance") const;
  std::optional<std::string> text(std::string_view group, std::string_view name) const;

  // Reads everything and compares it with the manifest in the file. Returns one sentence for each thing that differs;
  // empty means that contents and digest agree.
  std::vector<std::string> verify() const;

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace prisonflow::output
