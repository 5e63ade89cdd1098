// See the header. The facts are handed in by models/cli/CMakeLists.txt.
#include "models/cli/program_facts.hpp"

#include <fmt/format.h>

namespace prisonflow::cli {

std::string_view version() {
  return PRISONFLOW_VERSION;
}
std::string_view revision() {
  return PRISONFLOW_REVISION;
}
std::string_view compiler() {
  return PRISONFLOW_COMPILER;
}
std::string_view build_type() {
  return PRISONFLOW_BUILD_TYPE;
}
std::string_view libraries() {
  return PRISONFLOW_LIBRARIES;
}

std::string version_text() {
  std::string text = fmt::format("prisonflow {}\n", version());
  if (!revision().empty()) text += fmt::format("revision   {}\n", revision());
  text += fmt::format("compiler   {}\n", compiler());
  const std::string_view sanitizers = PRISONFLOW_SANITIZERS;
  text += fmt::format("build      {}{}\n", build_type(), sanitizers.empty() ? "" : fmt::format(", {}", sanitizers));
  text += fmt::format("libraries  {}", libraries());
  return text;
}

}  // namespace prisonflow::cli
