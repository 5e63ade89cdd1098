// The floors of the house hold in the real tree, and the checker finds each way of breaking them in a made-up one.
#include "tests/architecture/floors.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace prisonflow::architecture {
namespace {

std::string joined(const std::vector<std::string>& faults) {
  std::string text;
  for (const std::string& fault : faults) text += fault + "\n";
  return text;
}

/// A small house in which nothing is broken and every door is used.
SourceTree sound_house() {
  return {
      {"sim/time.hpp", "#include <cstdint>\n"},
      {"sim/random.hpp", "#include <Random123/philox.h>\n"},
      {"sim/workers.cpp", "#include <tbb/parallel_for.h>\n#include <unistd.h>\n#include \"sim/time.hpp\"\n"},
      {"output/table.hpp", "#include <vector>\n"},
      {"output/hdf5_handle.hpp", "#include <hdf5.h>\n"},
      {"output/sha256_blocks.cpp", "#include <immintrin.h>\n#include <cpuid.h>\n"},
      {"output/table.cpp", "#include <H5DSpublic.h>\n#include <fmt/core.h>\n#include \"output/hdf5_handle.hpp\"\n"},
      {"models/scenario.hpp", "#include \"sim/random.hpp\"\n#include \"sim/time.hpp\"\n"},
      {"models/pathway.cpp", "#include <boost/graph/adjacency_list.hpp>\n#include \"models/scenario.hpp\"\n"},
      {"models/steady_state.cpp", "#include <Eigen/Dense>\n#include <boost/math/distributions.hpp>\n"},
      {"models/toml_node.hpp", "#include <toml++/toml.h>\n"},
      {"models/toml_document.hpp", "#include \"models/scenario.hpp\"\n"},
      {"models/toml_document.cpp", "#include \"models/toml_document.hpp\"\n#include \"models/toml_node.hpp\"\n"},
      {"models/reader.cpp", "#include \"models/toml_document.hpp\"\n// #include <hdf5.h>\n/* #include <hdf5.h> */\n"},
      {"models/cli/main.cpp",
       "#include <CLI/CLI.hpp>\n#include \"models/scenario.hpp\"\n#include \"output/table.hpp\"\n"
       "#include \"sim/time.hpp\"\n"},
  };
}

TEST_CASE("floors: the house stands") {
  const SourceTree tree = read_tree(PRISONFLOW_SOURCE_DIR, {"sim", "output", "models"});
  REQUIRE(tree.count("sim/time.hpp") == 1);
  const auto faults = broken_floors(tree);
  INFO(joined(faults));
  CHECK(faults.empty());
}

TEST_CASE("floors: a sound house has no faults") {
  const auto faults = broken_floors(sound_house());
  INFO(joined(faults));
  CHECK(faults.empty());
}

struct Break {
  std::string path;
  std::string line;    ///< the include that breaks a floor
  std::string blamed;  ///< words the one fault must hold
};

TEST_CASE("floors: each way of breaking them is found, once, at its line") {
  const std::vector<Break> breaks = {
      {"sim/engine.hpp", "#include \"models/scenario.hpp\"", "sim does not see models"},
      {"sim/engine.cpp", "#include \"output/table.hpp\"", "sim does not see output"},
      {"output/report.cpp", "#include \"sim/time.hpp\"", "output does not see sim"},
      {"output/report.cpp", "#include \"models/scenario.hpp\"", "output does not see models"},
      {"models/measure.cpp", "#include \"output/table.hpp\"", "models does not see output"},
      {"models/measure.cpp", "#include \"models/cli/options.hpp\"", "models does not see models/cli"},
      {"models/measure.cpp", "#include <tbb/task_arena.h>", "TBB comes in by"},
      {"models/measure.cpp", "#include <oneapi/tbb.h>", "TBB comes in by"},
      {"models/measure.cpp", "#include <Random123/philox.h>", "Random123 comes in by"},
      {"models/measure.cpp", "#include <hdf5.h>", "HDF5 comes in by"},
      {"models/cli/main.hpp", "#include <H5Ppublic.h>", "HDF5 comes in by"},
      {"models/measure.cpp", "#include <boost/graph/graphviz.hpp>", "Boost.Graph comes in by"},
      {"models/measure.cpp", "#include <Eigen/Core>", "Eigen comes in by"},
      {"models/measure.cpp", "#include <toml++/toml.h>", "toml++ comes in by"},
      {"models/measure.cpp", "#include <CLI/CLI.hpp>", "CLI11 comes in by"},
      {"models/measure.cpp", "#include <nlohmann/json.hpp>", "nlohmann-json comes in by"},
      {"sim/engine.cpp", "#include <Random123/philox.h>", "Random123 comes in by"},
      {"sim/engine.cpp", "#include <boost/math/distributions.hpp>", "Boost comes in by"},
      {"sim/engine.cpp", "#include <fmt/core.h>", "fmt comes in by"},
      {"sim/engine.hpp", "#include <tbb/parallel_for.h>", "TBB comes in by"},
      {"sim/engine.cpp", "#include <math.h>", "of no known library"},
      {"output/report.cpp", "#include <immintrin.h>", "intrinsics comes in by"},
      {"output/report.hpp", "#include <hdf5.h>", "HDF5 comes in by"},
      {"output/report.hpp", "#include <fmt/core.h>", "fmt comes in by"},
      {"output/report.hpp", "#include <nlohmann/json.hpp>", "nlohmann-json comes in by"},
      {"models/measure.hpp", "#include <boost/math/distributions.hpp>", "Boost comes in by"},
      {"models/steady_state.hpp", "#include <Eigen/Core>", "Eigen comes in by"},
      {"models/pathway.hpp", "#include <boost/graph/adjacency_list.hpp>", "Boost.Graph comes in by"},
      {"output/report.hpp", "#include \"output/hdf5_handle.hpp\"", "brings in <hdf5.h> from output/hdf5_handle.hpp"},
      {"models/measure.cpp", "#include \"models/toml_node.hpp\"",
       "brings in <toml++/toml.h> from models/toml_node.hpp"},
      {"models/cli/run.cpp", "#include \"output/hdf5_handle.hpp\"", "brings in <hdf5.h>"},
      {"sim/engine.cpp", "#include <spdlog/spdlog.h>", "of no known library"},
      {"sim/engine.cpp", "  #  include   <spdlog/spdlog.h>  // why not", "of no known library"},
      {"sim/engine.cpp", "#include \"time.hpp\"", "does not begin with a floor"},
      {"sim/engine.cpp", "#include \"../models/scenario.hpp\"", "does not begin with a floor"},
  };
  for (const Break& broken : breaks) {
    SourceTree tree = sound_house();
    tree[broken.path] = "// why\n" + broken.line + "\n";
    const auto faults = broken_floors(tree);
    INFO(broken.path << ": " << broken.line << "\nfaults:\n" << joined(faults));
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].rfind(broken.path + ":2: ", 0) == 0);
    CHECK(faults[0].find(broken.blamed) != std::string::npos);
  }
}

TEST_CASE("floors: a leak is found through a chain of headers") {
  SourceTree tree = sound_house();
  tree["output/shard.hpp"] = "#include \"output/hdf5_handle.hpp\"\n";
  tree["models/cli/run.cpp"] = "#include \"output/shard.hpp\"\n";
  const auto faults = broken_floors(tree);
  INFO(joined(faults));
  REQUIRE(faults.size() == 2);
  CHECK(faults[0].rfind("models/cli/run.cpp:1: ", 0) == 0);
  CHECK(faults[1].rfind("output/shard.hpp:1: ", 0) == 0);
}

TEST_CASE("floors: headers in a circle are found") {
  SourceTree tree = sound_house();
  tree["models/a.hpp"] = "#include \"models/b.hpp\"\n";
  tree["models/b.hpp"] = "#include \"sim/time.hpp\"\n#include \"models/c.hpp\"\n";
  tree["models/c.hpp"] = "#include \"models/a.hpp\"\n";
  const auto faults = broken_floors(tree);
  INFO(joined(faults));
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].find("models/a.hpp -> models/b.hpp -> models/c.hpp -> models/a.hpp") != std::string::npos);

  tree["models/c.hpp"] = "#include \"models/c.hpp\"\n";
  CHECK(broken_floors(tree).size() == 1);
}

}  // namespace
}  // namespace prisonflow::architecture
