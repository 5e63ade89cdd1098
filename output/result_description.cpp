// Finds what is wrong in the description of a result before anything is computed.
#include "output/result_description.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <variant>

#include "output/output_error.hpp"

namespace prisonflow::output {

namespace {

// Longest that netCDF takes (NC_MAX_NAME is 256 with its end).
constexpr std::size_t longest_name = 255;
// HDF5 keeps attributes of the compatible format in an object header, which holds 64 kB.
constexpr std::size_t longest_attribute = 60'000;

[[noreturn]] void refuse(const std::string& problem) {
  throw OutputError("result description: " + problem);
}

void require_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  if (name.empty() || name.size() > longest_name || !std::all_of(name.begin(), name.end(), allowed) ||
      (name[0] >= '0' && name[0] <= '9'))
    refuse(fmt::format("'{}' cannot name anything; use letters, digits and '_', and begin with a letter", name));
}

// Texts may also be called after files, such as "base.toml".
void require_text_name(std::string_view name) {
  std::string plain(name);
  std::replace_if(
      plain.begin(), plain.end(), [](char c) { return c == '.' || c == '-'; }, '_');
  require_name(plain);
}

void require_attributes(std::string_view owner, const std::vector<Attribute>& attributes) {
  for (const Attribute& attribute : attributes) {
    require_name(attribute.name);
    const auto* text = std::get_if<std::string>(&attribute.value);
    if (text && text->size() > longest_attribute)
      refuse(fmt::format("attribute '{}' of '{}' is longer than {} bytes", attribute.name, owner, longest_attribute));
  }
}

// The names that one group already holds.
class Names {
 public:
  void claim(const std::string& name) {
    require_name(name);
    if (!taken_.insert(name).second) refuse(fmt::format("the name '{}' is used twice", name));
  }

 private:
  std::set<std::string> taken_;
};

std::size_t length_of(const Coordinate& coordinate, std::size_t otherwise) {
  return std::visit(
      [&](const auto& values) {
        if constexpr (requires { values.size(); })
          return values.size();
        else
          return otherwise;
      },
      coordinate);
}

void require_text(std::string_view dimension, const std::vector<std::string>& labels) {
  for (const std::string& label : labels)
    if (label.find('\0') != std::string::npos) refuse(fmt::format("a label of '{}' holds a zero byte", dimension));
}

void require_dimension(const Dimension& dimension, Names& names) {
  names.claim(dimension.name);
  require_attributes(dimension.name, dimension.attributes);
  if (dimension.size == 0) refuse(fmt::format("dimension '{}' has no positions", dimension.name));
  const auto require_length = [&](std::string_view what, std::size_t length) {
    if (length != dimension.size)
      refuse(fmt::format("dimension '{}' has {} positions but {} {}", dimension.name, dimension.size, length, what));
  };
  require_length("coordinate values", length_of(dimension.coordinate, dimension.size));
  if (!dimension.bounds.empty()) {
    require_length("pairs of bounds", dimension.bounds.size());
    names.claim(dimension.name + "_bounds");
  }
  if (const auto* labels = std::get_if<std::vector<std::string>>(&dimension.coordinate)) {
    require_text(dimension.name, *labels);
    if (std::set<std::string>(labels->begin(), labels->end()).size() != labels->size())
      refuse(fmt::format("two labels of dimension '{}' are equal", dimension.name));
    if (dimension.character_twin)
      for (const char* suffix : {"_characters", "_length"}) names.claim(dimension.name + suffix);
  }
  for (const AuxiliaryLabels& auxiliary : dimension.auxiliary_labels) {
    names.claim(auxiliary.name);
    require_attributes(auxiliary.name, auxiliary.attributes);
    require_text(auxiliary.name, auxiliary.labels);
    require_length("auxiliary labels", auxiliary.labels.size());
  }
}

}  // namespace

bool ResultDescription::has_differences(const ArraySpec& measure) const {
  const auto scenario = std::find_if(dimensions.begin(), dimensions.end(),
                                     [](const Dimension& dimension) { return dimension.name == "scenario"; });
  return reference_scenario && measure.differences && scenario != dimensions.end() && scenario->size > 1;
}

void validate(const ResultDescription& description) {
  Names names;
  std::map<std::string, const Dimension*> dimensions;
  for (const char* reserved : {"quantile", "bounds", "document", "provenance"}) names.claim(reserved);
  for (const Dimension& dimension : description.dimensions) {
    require_dimension(dimension, names);
    dimensions[dimension.name] = &dimension;
  }
  for (const char* required : {"scenario", "replication"})
    if (!dimensions.contains(required)) refuse(fmt::format("the dimension '{}' is missing", required));

  if (description.reference_scenario && *description.reference_scenario >= dimensions["scenario"]->size)
    refuse(fmt::format("the reference is scenario {}, but there are only {}", *description.reference_scenario,
                       dimensions["scenario"]->size));

  const auto size_of = [&](const ArraySpec& spec) {
    require_attributes(spec.name, spec.attributes);
    std::size_t size = 1;
    std::set<std::string> seen;
    for (const std::string& name : spec.dimensions) {
      if (!dimensions.contains(name)) refuse(fmt::format("'{}' has an unknown dimension '{}'", spec.name, name));
      if (!seen.insert(name).second) refuse(fmt::format("'{}' has the dimension '{}' twice", spec.name, name));
      size *= dimensions[name]->size;
    }
    return size;
  };
  for (const LabelledArray& constant : description.constants) {
    names.claim(constant.spec.name);
    const std::size_t size = size_of(constant.spec);
    if (constant.values.size() != size)
      refuse(fmt::format("'{}' has {} values where its dimensions hold {}", constant.spec.name, constant.values.size(),
                         size));
  }
  for (const ArraySpec& measure : description.measures) {
    for (const char* suffix : {"", "_mean", "_se", "_quantile"}) names.claim(measure.name + suffix);
    if (description.has_differences(measure))
      for (const char* suffix : {"_difference_mean", "_difference_se", "_difference_quantile"})
        names.claim(measure.name + suffix);
    size_of(measure);
    for (const std::string& name : measure.dimensions)
      if (name == "scenario" || name == "replication")
        refuse(fmt::format("'{}' names the dimension '{}', which every measure has anyway", measure.name, name));
  }

  require_attributes("/", description.attributes);
  std::set<std::pair<std::string, std::string>> texts;
  for (const TextEntry& entry : description.provenance) {
    require_text_name(entry.name);
    if (entry.storage == TextEntry::Storage::attribute && entry.text.size() > longest_attribute)
      refuse(fmt::format("the text '{}' is too long for an attribute; store it as a dataset", entry.name));
    for (std::size_t first = 0; first <= entry.group.size();) {
      const std::size_t end = std::min(entry.group.find('/', first), entry.group.size());
      require_text_name(std::string_view(entry.group).substr(first, end - first));
      first = end + 1;
    }
    if (entry.text.find('\0') != std::string::npos) refuse(fmt::format("'{}' holds a zero byte", entry.name));
    if (!texts.emplace(entry.group, entry.name).second)
      refuse(fmt::format("the text '{}/{}' is given twice", entry.group, entry.name));
  }
  if (texts.contains({"provenance", "manifest"})) refuse("the text 'provenance/manifest' belongs to the writer");
  if (description.quantile_levels.empty()) refuse("there are no quantile levels");
  double before = -1.0;
  for (const double level : description.quantile_levels) {
    if (!(level >= 0.0 && level <= 1.0 && level > before))
      refuse(fmt::format("the quantile levels must rise within 0 and 1, {} does not", level));
    before = level;
  }
}

}  // namespace prisonflow::output
