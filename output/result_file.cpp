// Reads the frame of a result file once, its numbers when asked, and checks it against its manifest.
#include "output/result_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <system_error>

#include "output/element_codec.hpp"
#include "output/manifest.hpp"
#include "output/netcdf4.hpp"
#include "output/stored_objects.hpp"

namespace prisonflow::output {

namespace fs = std::filesystem;
using netcdf4::StoredArray;

namespace {

constexpr std::string_view days_since = "days since ";

std::optional<std::string> text_of(const std::vector<Attribute>& attributes, std::string_view name) {
  for (const Attribute& attribute : attributes)
    if (attribute.name == name)
      if (const auto* text = std::get_if<std::string>(&attribute.value)) return *text;
  return std::nullopt;
}

std::string listed(const std::vector<std::string>& words) {
  constexpr std::size_t shown = 12;
  std::string text;
  for (std::size_t i = 0; i < std::min(words.size(), shown); ++i) text += (i > 0 ? ", " : "") + words[i];
  return words.size() > shown ? text + fmt::format(" and {} more", words.size() - shown) : text;
}

std::optional<double> number_in(std::string_view text) {
  double number = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string_view major_version(std::string_view version) {
  return version.substr(0, version.find('.'));
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  for (std::size_t first = 0; first < text.size();) {
    const std::size_t end = std::min(text.find('\n', first), text.size());
    lines.emplace_back(text.substr(first, end - first));
    first = end + 1;
  }
  return lines;
}

}  // namespace

class ResultFile::Implementation {
 public:
  template <typename Action>
  auto guard(Action action) const {
    try {
      return action();
    } catch (const hdf5::Failure& failure) {
      throw OutputError(fmt::format("{}: {}", path_.string(), failure.what()));
    }
  }

  [[noreturn]] void refuse(const std::string& problem) const {
    throw OutputError(fmt::format("{}: {}", path_.string(), problem));
  }

  explicit Implementation(fs::path path) : path_(std::move(path)) {
    hdf5::prepare_library();
    std::error_code error;
    const fs::file_status status = fs::status(path_, error);
    if (!fs::exists(status)) refuse("cannot be read (there is no such file)");
    if (!fs::is_regular_file(status)) refuse("cannot be read (it is not a regular file)");
    guard([&] {
      file_ = netcdf4::open_file(path_);
      attributes_ = netcdf4::read_attributes(netcdf4::open_object(file_.get(), "/").get());
      require_kind();
      read_frame();
    });
  }

  const Dimension& dimension(std::string_view name) const {
    for (const Dimension& candidate : dimensions_)
      if (candidate.name == name) return candidate;
    std::vector<std::string> names;
    for (const Dimension& candidate : dimensions_) names.push_back(candidate.name);
    refuse(fmt::format("there is no dimension '{}'; there are {}", name, listed(names)));
  }

  const ArraySpec& array(std::string_view name) const {
    for (const ArraySpec& candidate : arrays_)
      if (candidate.name == name) return candidate;
    std::vector<std::string> names;
    for (const ArraySpec& candidate : arrays_) names.push_back(candidate.name);
    refuse(fmt::format("there is no array '{}'; there are {}", name, listed(names)));
  }

  // The date of day 0, for times in whole days.
  std::optional<std::chrono::sys_days> epoch_of(const Dimension& dimension) const {
    const auto units = text_of(dimension.attributes, "units");
    if (!units || !units->starts_with(days_since) ||
        !std::holds_alternative<std::vector<std::int32_t>>(dimension.coordinate))
      return std::nullopt;
    return parse_date(std::string_view(*units).substr(days_since.size()));
  }

  std::vector<std::string> labels(const Dimension& dimension) const {
    if (const auto* texts = std::get_if<std::vector<std::string>>(&dimension.coordinate)) return *texts;
    std::vector<std::string> labels;
    if (const auto* integers = std::get_if<std::vector<std::int32_t>>(&dimension.coordinate)) {
      const auto epoch = epoch_of(dimension);
      for (const std::int32_t value : *integers)
        labels.push_back(epoch ? format_date(*epoch + std::chrono::days(value)) : fmt::format("{}", value));
    } else if (const auto* reals = std::get_if<std::vector<double>>(&dimension.coordinate)) {
      for (const double value : *reals) labels.push_back(fmt::format("{}", value));
    } else {
      for (std::size_t i = 0; i < dimension.size; ++i) labels.push_back(fmt::format("{}", i));
    }
    return labels;
  }

  std::size_t position_of(const Dimension& dimension, const std::string& label) const {
    const std::vector<std::string> known = labels(dimension);
    if (const auto found = std::find(known.begin(), known.end(), label); found != known.end())
      return static_cast<std::size_t>(found - known.begin());
    if (!std::holds_alternative<std::vector<std::string>>(dimension.coordinate)) {
      const std::string first_day = label + (label.size() == 4 ? "-01-01" : "-01");
      const bool dated = epoch_of(dimension).has_value();
      const auto wanted = number_in(label);
      for (std::size_t i = 0; i < known.size(); ++i)
        if (dated ? known[i] == first_day : wanted && number_in(known[i]) == wanted) return i;
    }
    refuse(fmt::format("'{}' has no position '{}'; there are {}", dimension.name, label, listed(known)));
  }

  LabelledArray read(std::string_view name, const Selection& selection) const {
    LabelledArray result{array(name), {}, {}};
    Box box;
    std::vector<std::string> kept;
    std::map<std::string, std::string> wanted;
    for (const auto& [dimension_name, label] : selection) {
      const auto& has = result.spec.dimensions;
      if (std::find(has.begin(), has.end(), dimension_name) == has.end())
        refuse(fmt::format("'{}' has no dimension '{}'; it has {}", name, dimension_name, listed(has)));
      if (!wanted.emplace(dimension_name, label).second)
        refuse(fmt::format("the dimension '{}' is selected twice", dimension_name));
    }
    for (const std::string& dimension_name : result.spec.dimensions) {
      const Dimension& axis = dimension(dimension_name);
      const auto found = wanted.find(dimension_name);
      box.offset.push_back(found == wanted.end() ? 0 : position_of(axis, found->second));
      box.count.push_back(found == wanted.end() ? axis.size : 1);
      if (found != wanted.end()) continue;
      kept.push_back(dimension_name);
      result.shape.push_back(axis.size);
    }
    result.spec.dimensions = kept;
    return guard([&] {
      const hdf5::Handle dataset = netcdf4::open_object(file_.get(), "/" + std::string(name));
      std::vector<std::byte> bytes(box.size() * bytes_of(result.spec.type));
      if (box.offset.empty())
        netcdf4::read_values(dataset.get(), result.spec.type, bytes.data());
      else
        netcdf4::read_values(dataset.get(), result.spec.type, box, bytes.data());
      result.values.resize(box.size());
      decode(result.spec.type, bytes.data(), result.values);
      return result;
    });
  }

  std::vector<TextEntry> texts(const std::string& group) const {
    std::vector<TextEntry> entries;
    guard([&] { add_texts(group, entries); });
    return entries;
  }

  std::vector<std::string> verify() const {
    std::vector<std::string> differences;
    try {
      const std::string kept = netcdf4::read_strings(netcdf4::open_array(file_.get(), manifest_path, names_)).at(0);
      const auto claimed = text_of(attributes_, digest_attribute);
      if (claimed != digest_prefix + hexadecimal(sha256(kept)))
        differences.push_back("the manifest does not have the digest the file claims");
      const std::vector<std::string> expected = lines_of(kept), found = lines_of(manifest_of(file_.get()));
      std::vector<std::string> lost, added;
      std::set_difference(expected.begin(), expected.end(), found.begin(), found.end(), std::back_inserter(lost));
      std::set_difference(found.begin(), found.end(), expected.begin(), expected.end(), std::back_inserter(added));
      // A changed thing is both lost and added; one sentence is enough.
      std::set<std::string> named;
      for (const auto* lines : {&lost, &added})
        for (const std::string& line : *lines) {
          const std::string thing = line.substr(0, line.find(' ', line.find(' ') + 1));
          if (named.insert(thing).second)
            differences.push_back(thing +
                                  (lines == &lost ? " is not what was written" : " was not written by the run"));
        }
    } catch (const hdf5::Failure& failure) {
      differences.push_back(failure.what());
    }
    return differences;
  }

  fs::path path_;
  hdf5::Handle file_;
  mutable netcdf4::AxisNames names_;
  std::vector<Attribute> attributes_;
  std::vector<Dimension> dimensions_;
  std::vector<ArraySpec> arrays_;

 private:
  void require_kind() const {
    const auto filetype = text_of(attributes_, "filetype");
    if (filetype != result_filetype) refuse("is an HDF5 file, but not a result of this program");
    const std::string version = text_of(attributes_, "version").value_or("unknown");
    if (major_version(version) != major_version(result_schema_version))
      refuse(fmt::format("has schema version {}, this program reads {}", version, result_schema_version));
  }

  void read_frame() {
    const hdf5::Handle root = netcdf4::open_object(file_.get(), "/");
    std::vector<StoredArray> labels_and_bounds;
    std::vector<std::string> names;
    for (const std::string& name : netcdf4::children(root.get())) {
      if (netcdf4::is_group(netcdf4::open_object(file_.get(), name).get())) continue;
      StoredArray array = netcdf4::open_array(file_.get(), name, names_);
      if (array.is_dimension) {
        dimensions_.push_back(read_dimension(name, array));
      } else if (array.content == StoredArray::Content::numbers && !is_bounds(name)) {
        arrays_.push_back(read_spec(name, array));
      } else {
        names.push_back(name);
        labels_and_bounds.push_back(std::move(array));
      }
    }
    for (std::size_t i = 0; i < names.size(); ++i) attach(names[i], labels_and_bounds[i]);
  }

  bool is_bounds(const std::string& name) const {
    return std::any_of(dimensions_.begin(), dimensions_.end(),
                       [&](const Dimension& d) { return text_of(d.attributes, "bounds") == name; });
  }

  static Dimension read_dimension(const std::string& name, const StoredArray& array) {
    Dimension dimension;
    dimension.name = name;
    dimension.size = array.shape.at(0);
    dimension.unlimited = array.unlimited;
    dimension.attributes = netcdf4::read_attributes(array.dataset.get());
    if (array.content == StoredArray::Content::labels) {
      dimension.coordinate = netcdf4::read_strings(array);
    } else if (array.content == StoredArray::Content::numbers && array.type == ElementType::int32) {
      std::vector<std::int32_t> values(dimension.size);
      netcdf4::read_values(array.dataset.get(), ElementType::int32, reinterpret_cast<std::byte*>(values.data()));
      dimension.coordinate = std::move(values);
    } else if (array.content == StoredArray::Content::numbers) {
      std::vector<double> values(dimension.size);
      netcdf4::read_values(array.dataset.get(), ElementType::float64, reinterpret_cast<std::byte*>(values.data()));
      dimension.coordinate = std::move(values);
    }
    return dimension;
  }

  static ArraySpec read_spec(const std::string& name, const StoredArray& array) {
    ArraySpec spec;
    spec.name = name;
    spec.dimensions = array.dimensions;
    spec.type = array.type;
    for (Attribute& attribute : netcdf4::read_attributes(array.dataset.get())) {
      const auto* text = std::get_if<std::string>(&attribute.value);
      if (text && attribute.name == "units")
        spec.units = *text;
      else if (text && attribute.name == "long_name")
        spec.long_name = *text;
      else if (text && attribute.name == "cell_methods")
        spec.cell_methods = *text;
      else if (attribute.name != "_FillValue" && attribute.name != "coordinates")
        spec.attributes.push_back(attribute);
    }
    return spec;
  }

  // Bounds, auxiliary labels and character twins to the dimension they belong to.
  void attach(const std::string& name, const StoredArray& array) {
    const auto owner = std::find_if(dimensions_.begin(), dimensions_.end(),
                                    [&](const Dimension& d) { return d.name == array.dimensions.at(0); });
    if (owner == dimensions_.end()) refuse(fmt::format("'{}' belongs to no dimension", name));
    if (array.content == StoredArray::Content::numbers) {
      owner->bounds.resize(owner->size);
      netcdf4::read_values(array.dataset.get(), ElementType::int32, reinterpret_cast<std::byte*>(owner->bounds.data()));
    } else if (array.dimensions.size() == 1) {
      owner->auxiliary_labels.push_back(
          {name, netcdf4::read_strings(array), netcdf4::read_attributes(array.dataset.get())});
    } else {
      owner->character_twin = true;
    }
  }

  void add_texts(const std::string& group, std::vector<TextEntry>& entries) const {
    const hdf5::Handle handle = netcdf4::open_object(file_.get(), "/" + group);
    for (const Attribute& attribute : netcdf4::read_attributes(handle.get()))
      if (const auto* text = std::get_if<std::string>(&attribute.value))
        entries.push_back({group, attribute.name, *text, TextEntry::Storage::attribute});
    for (const std::string& name : netcdf4::children(handle.get())) {
      const std::string path = group + "/" + name;
      if (netcdf4::is_group(netcdf4::open_object(file_.get(), path).get())) {
        add_texts(path, entries);
      } else if (const StoredArray array = netcdf4::open_array(file_.get(), path, names_);
                 array.content == StoredArray::Content::labels) {
        entries.push_back({group, name, netcdf4::read_strings(array).at(0), TextEntry::Storage::dataset});
      }
    }
  }
};

ResultFile::ResultFile(fs::path path) : implementation_(std::make_unique<Implementation>(std::move(path))) {}
ResultFile::~ResultFile() = default;
ResultFile::ResultFile(ResultFile&&) noexcept = default;
ResultFile& ResultFile::operator=(ResultFile&&) noexcept = default;

const fs::path& ResultFile::path() const {
  return implementation_->path_;
}
const std::vector<Attribute>& ResultFile::attributes() const {
  return implementation_->attributes_;
}
std::optional<std::string> ResultFile::attribute(std::string_view name) const {
  return text_of(implementation_->attributes_, name);
}

std::string ResultFile::digest() const {
  const std::string claimed = attribute(digest_attribute).value_or("");
  const std::string_view prefix = digest_prefix;
  return claimed.starts_with(prefix) ? claimed.substr(prefix.size()) : "";
}

const std::vector<Dimension>& ResultFile::dimensions() const {
  return implementation_->dimensions_;
}

bool ResultFile::has_dimension(std::string_view name) const {
  return std::any_of(dimensions().begin(), dimensions().end(), [&](const Dimension& d) { return d.name == name; });
}

const Dimension& ResultFile::dimension(std::string_view name) const {
  return implementation_->dimension(name);
}

std::vector<std::string> ResultFile::labels(std::string_view name) const {
  return implementation_->labels(dimension(name));
}

std::vector<std::chrono::sys_days> ResultFile::dates(std::string_view name) const {
  const Dimension& time = dimension(name);
  const auto epoch = implementation_->epoch_of(time);
  if (!epoch) implementation_->refuse(fmt::format("the dimension '{}' is not a time in days", name));
  std::vector<std::chrono::sys_days> dates;
  for (const std::int32_t value : std::get<std::vector<std::int32_t>>(time.coordinate))
    dates.push_back(*epoch + std::chrono::days(value));
  return dates;
}

const std::vector<ArraySpec>& ResultFile::arrays() const {
  return implementation_->arrays_;
}

std::vector<std::string> ResultFile::measures() const {
  std::vector<std::string> names;
  for (const ArraySpec& spec : arrays())
    if (spec.dimensions.size() >= 2 && spec.dimensions[0] == "scenario" && spec.dimensions[1] == "replication")
      names.push_back(spec.name);
  return names;
}

bool ResultFile::has_array(std::string_view name) const {
  return std::any_of(arrays().begin(), arrays().end(), [&](const ArraySpec& a) { return a.name == name; });
}

const ArraySpec& ResultFile::array(std::string_view name) const {
  return implementation_->array(name);
}

std::vector<std::size_t> ResultFile::shape(const ArraySpec& spec) const {
  std::vector<std::size_t> shape;
  for (const std::string& name : spec.dimensions) shape.push_back(dimension(name).size);
  return shape;
}

LabelledArray ResultFile::read(std::string_view name, const Selection& selection) const {
  return implementation_->read(name, selection);
}

std::vector<TextEntry> ResultFile::texts(std::string_view group) const {
  return implementation_->texts(std::string(group));
}

std::optional<std::string> ResultFile::text(std::string_view group, std::string_view name) const {
  for (TextEntry& entry : texts(group))
    if (entry.group == group && entry.name == name) return std::move(entry.text);
  return std::nullopt;
}

std::vector<std::string> ResultFile::verify() const {
  return implementation_->verify();
}

}  // namespace prisonflow::output
