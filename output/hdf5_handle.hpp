// Owners of HDF5 objects, and HDF5's errors as exceptions. Internal to this folder.
//
// The packaged C++ interface of HDF5 has no dimension scales, so the C interface is used through this: an identifier
// that closes itself, and a failure that carries HDF5's own reason (innermost message, or the system's word for errno).
// Closing is where a full disk shows itself, so code that writes calls close() and lets it throw; the destructor closes
// silently and is for the way out after an error. The header does without HDF5's own so that nothing above sees it.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>

namespace prisonflow::output::hdf5 {

using Id = std::int64_t;  // hid_t

class Failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// To be called before anything else. HDF5 prints its error stack by default; this thread's stack is kept for
// take_reason() instead. And HDF5 closes at exit what failed to close before, which crashes when the disk is full;
// handles here close themselves, so it is told not to.
void prepare_library();

// Why the last call failed, in a few words. Forgets it.
std::string take_reason();

// For results that are negative on failure. `what` completes "cannot ...".
template <typename Result>
Result check(Result result, const char* what) {
  if (result < 0) throw Failure(std::string("cannot ") + what + " (" + take_reason() + ")");
  return result;
}

class Handle {
 public:
  using Close = int (*)(Id);

  Handle() = default;
  Handle(Id id, Close closing, const char* what) : id_(check(id, what)), close_(closing) {}
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Handle& operator=(Handle&& other) noexcept {
    if (this != &other) {
      release();
      id_ = std::exchange(other.id_, -1);
      close_ = other.close_;
    }
    return *this;
  }
  ~Handle() { release(); }

  Id get() const { return id_; }
  explicit operator bool() const { return id_ >= 0; }
  void close() {
    if (id_ >= 0) check(close_(std::exchange(id_, -1)), "complete writing");
  }

 private:
  void release() noexcept {
    if (id_ >= 0) close_(std::exchange(id_, -1));
  }

  Id id_ = -1;
  Close close_ = nullptr;
};

}  // namespace prisonflow::output::hdf5
