// `prisonflow init`: writes the example scenario into a folder, all of it or nothing.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "models/cli/example_scenario.hpp"
#include "models/cli/messages.hpp"
#include "models/cli/options.hpp"
#include "output/output_error.hpp"

namespace prisonflow::cli {

namespace fs = std::filesystem;

int init(const InitOptions& options) {
  const fs::path folder = options.folder;
  std::error_code error;
  if (fs::exists(folder, error) && !fs::is_directory(folder, error)) {
    throw UsageError(fmt::format("{} is there and is no folder; name another", folder.string()));
  }
  for (const ExampleFile& file : example_scenario()) {
    if (fs::exists(fs::symlink_status(folder / file.name, error))) {
      throw UsageError(fmt::format("{} is there already (nothing is overwritten); name another folder",
                                   (folder / file.name).string()));
    }
  }
  fs::create_directories(folder, error);
  if (error) throw UsageError(fmt::format("{} cannot be made ({})", folder.string(), error.message()));
  for (const ExampleFile& file : example_scenario()) {
    std::ofstream stream(folder / file.name, std::ios::binary);
    stream << file.text << std::flush;
    if (!stream) throw output::OutputError(fmt::format("{}: cannot be written", (folder / file.name).string()));
  }
  const std::string base = (folder / "base.toml").string();
  const std::string reform = (folder / "reform.toml").string();
  const std::string result = (folder / "result.h5").string();
  std::string text = "Written:\n";
  for (const ExampleFile& file : example_scenario()) text += "  " + (folder / file.name).string() + "\n";
  text += fmt::format(
      "\nNext:\n"
      "  prisonflow validate {1}\n"
      "  prisonflow describe {0}\n"
      "  prisonflow run {0} {1} -o {2}\n"
      "  prisonflow summary {2}\n",
      base, reform, result);
  print(text);
  return kDone;
}

}  // namespace prisonflow::cli
