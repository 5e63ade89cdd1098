// Closes HDF5's identifiers, each by the function for its kind, and finds the reason of a failure.
#include "output/hdf5_handle.hpp"

#include <hdf5.h>

#include <string_view>
#include <type_traits>

namespace prisonflow::output::hdf5 {

static_assert(std::is_same_v<hid_t, Id>);
static_assert(std::is_same_v<herr_t, int>);

namespace {

herr_t note_innermost(unsigned, const H5E_error2_t* error, void* text) {
  std::string& reason = *static_cast<std::string*>(text);
  // Walking upward, the first entry is the innermost; the rest repeat it in more general words.
  if (reason.empty() && error->desc) reason = error->desc;
  return 0;
}

}  // namespace

void prepare_library() {
  // Only counts before the library's first call; harmless later.
  H5dont_atexit();
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

std::string take_reason() {
  std::string reason;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, note_innermost, &reason);
  H5Eclear2(H5E_DEFAULT);
  constexpr std::string_view before = "error message = '";
  if (const std::size_t first = reason.find(before); first != std::string::npos) {
    const std::size_t begin = first + before.size();
    return reason.substr(begin, reason.find('\'', begin) - begin);
  }
  return reason.empty() ? "HDF5 gives no reason" : reason;
}

}  // namespace prisonflow::output::hdf5
