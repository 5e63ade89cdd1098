// The two tables of the house, and the walk over all includes that holds the files to them.
//
// A library is reached directly or through one of our headers; both count. So a door that keeps its library
// in a .cpp file, or in a header only other doors include, hides it from everyone else, and any leak is found
// at every file it reaches. A header that is not a door may reach no library at all.
#include "tests/architecture/floors.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <regex>
#include <set>

namespace prisonflow::architecture {

namespace {

// ---- the tables ------------------------------------------------------------------------------------------------

struct Floor {
  std::string folder;
  std::vector<std::string> may_include;
};

const std::vector<Floor> kFloors = {
    // the longest fitting folder counts
    {"sim", {"sim"}},
    {"output", {"output"}},
    {"models", {"models", "sim"}},
    {"models/cli", {"models/cli", "models", "output", "sim"}},
};

struct Library {
  std::string name;
  std::string includes;  ///< regular expression over what stands in #include
  std::string doors;     ///< regular expression over the paths that may reach it
  std::string door;      ///< the same in words
  bool for_all = false;  ///< header-only and wanted in a public header: who includes that header is no leak
};

const std::vector<Library> kLibraries = {
    // the first fitting row counts
    {"TBB", "(oneapi/)?tbb(/.*|\\.h)", "sim/[^/]*\\.cpp", "the .cpp files of sim"},
    {"Random123", "Random123/.*", "sim/random\\.hpp", "sim/random.hpp", true},
    {"HDF5", "hdf5.*\\.h|H5.*\\.h", "output/[^/]*\\.cpp|output/hdf5_handle\\.hpp",
     "the .cpp files of output and output/hdf5_handle.hpp"},
    {"Boost.Graph", "boost/graph/.*", "models/pathway\\.cpp", "models/pathway.cpp"},
    {"Boost", "boost/.*", "models/(kinds/)?[^/]*\\.cpp", "the .cpp files of models"},
    {"Eigen", "Eigen/.*|unsupported/Eigen/.*", "models/steady_state[^/]*\\.cpp", "models/steady_state*.cpp"},
    {"toml++", "toml\\+\\+/.*|toml\\.hpp", "models/toml_[^/]*\\.(cpp|hpp)", "models/toml_*.cpp and models/toml_*.hpp"},
    {"CLI11", "CLI/.*", "models/cli/.*", "models/cli"},
    {"fmt", "fmt/.*", "models/cli/.*|(output|models)/.*\\.cpp", "models/cli and the .cpp files of output and models"},
    {"nlohmann-json", "nlohmann/.*", "models/cli/.*|output/[^/]*\\.cpp", "models/cli and the .cpp files of output"},
    {"the processor's intrinsics", "[a-z0-9]*intrin\\.h|arm_neon\\.h|cpuid\\.h",
     "sim/[^/]*\\.cpp|output/sha256_blocks\\.cpp", "the .cpp files of sim and output/sha256_blocks.cpp"},
    {"the operating system", "(unistd|fcntl|signal|spawn|pthread|sched|termios|poll|dlfcn|sys/[a-z]+)\\.h", ".*",
     "any file", true},
    {"the standard library", "[a-z0-9_]+", ".*", "any file", true},
};

// ---- the walk --------------------------------------------------------------------------------------------------

bool fits(const std::string& text, const std::string& expression) {
  return std::regex_match(text, std::regex(expression));
}

const Floor* floor_of(const std::string& path) {
  const Floor* best = nullptr;
  for (const Floor& floor : kFloors) {
    if (path.rfind(floor.folder + "/", 0) == 0 && (!best || floor.folder.size() > best->folder.size())) best = &floor;
  }
  return best;
}

const Library* library_of(const std::string& include) {
  const auto found = std::find_if(kLibraries.begin(), kLibraries.end(),
                                  [&](const Library& library) { return fits(include, library.includes); });
  return found == kLibraries.end() ? nullptr : &*found;
}

using Includes = std::map<std::string, std::vector<Include>>;

std::string at(const std::string& path, int line) {
  return path + ":" + std::to_string(line) + ": ";
}

/// What is wrong with one include line by itself.
std::optional<std::string> fault(const std::string& path, const Include& include) {
  if (!include.quoted) {
    const Library* library = library_of(include.target);
    if (!library)
      return "<" + include.target +
             "> is of no known library (every library has one door); add a row to "
             "kLibraries in tests/architecture/floors.cpp";
    if (fits(path, library->doors)) return std::nullopt;
    return "<" + include.target + "> may not be included here (" + library->name + " comes in by " + library->door +
           "); use what the door offers";
  }
  const Floor* mine = floor_of(path);
  const Floor* theirs = floor_of(include.target);
  if (!theirs)
    return "\"" + include.target +
           "\" does not begin with a floor (our files are named from the root, "
           "libraries stand in <>); write the whole path";
  if (std::find(mine->may_include.begin(), mine->may_include.end(), theirs->folder) != mine->may_include.end()) {
    return std::nullopt;
  }
  return "\"" + include.target + "\" may not be included here (" + mine->folder + " does not see " + theirs->folder +
         "); move the code to the floor that sees both";
}

/// Libraries that come in by `path` through our own headers although it is not a door for them.
void find_leaks(const Includes& all, const std::string& path, std::vector<std::string>& faults) {
  for (const Include& first : all.at(path)) {
    std::set<std::string> seen;
    const std::function<void(const std::string&)> follow = [&](const std::string& header) {
      const auto found = all.find(header);
      if (found == all.end() || !seen.insert(header).second) return;
      for (const Include& include : found->second) {
        if (include.quoted) {
          follow(include.target);
          continue;
        }
        const Library* library = library_of(include.target);
        if (library && !library->for_all && fits(header, library->doors) && !fits(path, library->doors)) {
          faults.push_back(at(path, first.line) + "\"" + first.target + "\" brings in <" + include.target + "> from " +
                           header + " (" + library->name + " comes in by " + library->door +
                           "); include a header without it");
        }
      }
    };
    if (first.quoted) follow(first.target);
  }
}

/// One fault for each include that closes a circle of headers.
void find_circles(const Includes& all, std::vector<std::string>& faults) {
  std::set<std::string> done;
  std::vector<std::string> way;
  const std::function<void(const std::string&)> visit = [&](const std::string& path) {
    if (done.count(path) || !all.count(path)) return;
    way.push_back(path);
    for (const Include& include : all.at(path)) {
      if (!include.quoted) continue;
      const auto start = std::find(way.begin(), way.end(), include.target);
      if (start == way.end()) {
        visit(include.target);
        continue;
      }
      std::string circle;
      for (auto step = start; step != way.end(); ++step) circle += *step + " -> ";
      faults.push_back(at(path, include.line) + "headers include each other in a circle (" + circle + include.target +
                       "); move what both need to a third header");
    }
    way.pop_back();
    done.insert(path);
  };
  for (const auto& [path, includes] : all) visit(path);
}

}  // namespace

std::vector<std::string> broken_floors(const SourceTree& tree) {
  Includes all;
  for (const auto& [path, text] : tree) {
    if (is_cpp(path) && floor_of(path)) all[path] = includes_of(text);
  }
  std::vector<std::string> faults;
  for (const auto& [path, includes] : all) {
    for (const Include& include : includes) {
      if (const auto found = fault(path, include)) faults.push_back(at(path, include.line) + *found);
    }
    find_leaks(all, path, faults);
  }
  find_circles(all, faults);
  return faults;
}

}  // namespace prisonflow::architecture
