// What this program is: version, revision, compiler, libraries. The version alone goes into results (equal runs of
// different builds give equal bytes); the rest is for `--version` and the run's side file.
#pragma once

#include <string>
#include <string_view>

namespace prisonflow::cli {

std::string_view version();     ///< "0.1.0"
std::string_view revision();    ///< of the sources, as git names it; empty when unknown
std::string_view compiler();    ///< "GNU 12.2.0"
std::string_view build_type();  ///< "Release"
std::string_view libraries();   ///< "HDF5 1.10.8, ..."

/// The lines that `--version` prints.
std::string version_text();

}  // namespace prisonflow::cli
