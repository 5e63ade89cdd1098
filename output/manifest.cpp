// Lists and hashes all that a file says, in the manifest's fixed order and spelling.
#include "output/manifest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "output/netcdf4.hpp"
#include "output/stored_objects.hpp"

namespace prisonflow::output {

namespace {

using netcdf4::StoredArray;

// Slabs read at a time are limited to this, or are one.
constexpr std::size_t read_bytes = std::size_t{32} << 20;

std::string canonical(const std::string& text) {
  return "text " + text;
}
std::string canonical(std::int64_t number) {
  return fmt::format("integer {}", number);
}
std::string canonical(double number) {
  return fmt::format("real {:016x}", std::bit_cast<std::uint64_t>(number));
}

template <typename Number>
std::string canonical(const std::vector<Number>& numbers) {
  std::string all = "list";
  for (const Number number : numbers) all += "," + canonical(number);
  return all;
}

std::string canonical_value(const AttributeValue& value) {
  return std::visit([](const auto& held) { return canonical(held); }, value);
}

Digest digest_of_labels(const std::vector<std::string>& labels) {
  Sha256 hash;
  for (const std::string& label : labels) {
    hash.add(label);
    hash.add(std::string_view("\0", 1));
  }
  return hash.finish();
}

Digest digest_of_numbers(const StoredArray& array) {
  const std::size_t outer = outer_axes(array.dimensions);
  std::size_t slab_bytes = bytes_of(array.type);
  for (std::size_t axis = outer; axis < array.shape.size(); ++axis) slab_bytes *= array.shape[axis];
  std::vector<Digest> slabs;
  const auto hash = [&](const std::vector<std::byte>& bytes) {
    for (std::size_t first = 0; first < bytes.size(); first += slab_bytes) {
      Sha256 slab;
      slab.add(std::span(bytes).subspan(first, slab_bytes));
      slabs.push_back(slab.finish());
    }
  };
  if (outer == 0) {
    std::vector<std::byte> bytes(slab_bytes);
    netcdf4::read_values(array.dataset.get(), array.type, bytes.data());
    hash(bytes);
    return digest_of_slabs(slabs);
  }
  // Several slabs at a time along the innermost outer axis, so that few chunks are unpacked twice.
  std::vector<std::size_t> extents(array.shape.size(), 1);
  std::copy(array.shape.begin() + static_cast<std::ptrdiff_t>(outer), array.shape.end(),
            extents.begin() + static_cast<std::ptrdiff_t>(outer));
  extents[outer - 1] =
      std::clamp<std::size_t>(read_bytes / slab_bytes, 1, std::min<std::size_t>(array.shape[outer - 1], 64));
  for (const Box& box : boxes_of(array.shape, extents)) {
    std::vector<std::byte> bytes(box.size() * bytes_of(array.type));
    netcdf4::read_values(array.dataset.get(), array.type, box, bytes.data());
    hash(bytes);
  }
  return digest_of_slabs(slabs);
}

class Walk {
 public:
  Walk(hdf5::Id file, const std::map<std::string, Digest>& known) : file_(file), known_(known) {}

  std::string text() {
    visit_group("/");
    std::sort(lines_.begin(), lines_.end());
    std::string all;
    for (const std::string& line : lines_) all += line + "\n";
    return all;
  }

 private:
  void visit_group(const std::string& path) {
    const hdf5::Handle group = netcdf4::open_object(file_, path);
    add_attributes(group.get(), path);
    for (const std::string& name : netcdf4::children(group.get())) {
      const std::string child = (path == "/" ? "" : path) + "/" + name;
      if (child == manifest_path) continue;
      if (netcdf4::is_group(netcdf4::open_object(file_, child).get()))
        visit_group(child);
      else
        visit_array(child);
    }
  }

  void visit_array(const std::string& path) {
    const StoredArray array = netcdf4::open_array(file_, path, names_);
    add_attributes(array.dataset.get(), path);
    std::string axes;
    for (std::size_t axis = 0; axis < array.shape.size(); ++axis)
      axes += fmt::format("{}{}={}", axis == 0 ? "" : ",", array.dimensions[axis], array.shape[axis]);
    switch (array.content) {
      case StoredArray::Content::nothing:
        lines_.push_back(fmt::format("dimension {} {}", path, array.shape.at(0)));
        return;
      case StoredArray::Content::labels:
        lines_.push_back(fmt::format("array {} string {} {}", path, axes,
                                     hexadecimal(digest_of_labels(netcdf4::read_strings(array)))));
        return;
      case StoredArray::Content::numbers:
        break;
    }
    const auto found = known_.find(path);
    const Digest digest = found != known_.end() ? found->second : digest_of_numbers(array);
    lines_.push_back(fmt::format("array {} {} {} {}", path, name_of(array.type), axes, hexadecimal(digest)));
  }

  void add_attributes(hdf5::Id object, const std::string& path) {
    for (const Attribute& attribute : netcdf4::read_attributes(object))
      if (path != "/" || attribute.name != digest_attribute)
        lines_.push_back(fmt::format("attribute {}@{} {}", path, attribute.name,
                                     hexadecimal(sha256(canonical_value(attribute.value)))));
  }

  hdf5::Id file_;
  const std::map<std::string, Digest>& known_;
  netcdf4::AxisNames names_;
  std::vector<std::string> lines_;
};

}  // namespace

std::size_t outer_axes(const std::vector<std::string>& dimensions) {
  const auto first_inner = std::find_if(dimensions.begin(), dimensions.end(), [](const std::string& name) {
    return name != "quantile" && name != "scenario" && name != "replication";
  });
  return static_cast<std::size_t>(first_inner - dimensions.begin());
}

Digest digest_of_slabs(const std::vector<Digest>& slabs) {
  Sha256 hash;
  for (const Digest& slab : slabs) hash.add(std::as_bytes(std::span(slab)));
  return hash.finish();
}

std::string manifest_of(hdf5::Id file, const std::map<std::string, Digest>& known) {
  return Walk(file, known).text();
}

}  // namespace prisonflow::output
