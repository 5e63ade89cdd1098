// The one exception of this folder.
//
// Whatever goes wrong between the program and its files (a missing folder, a full disk, a foreign file, a slab of the
// wrong size) reaches the caller as an OutputError whose text names the file and the reason, written so that it can be
// printed to the user as it is: `file: problem (why)`. Handing in a description that contradicts itself is reported the
// same way, because for the user both mean that no result was written.
#pragma once

#include <stdexcept>

namespace prisonflow::output {

class OutputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace prisonflow::output
