// Stock readers open what the writer writes.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <string>

#include "output/result_file.hpp"
#include "tests/unit/output_sample.hpp"

namespace {

int run(const std::string& command) {
  return std::system((command + " >&2").c_str());
}

std::string readers(const std::filesystem::path& file, const std::string& options = "") {
  return "/usr/bin/python3 '" PRISONFLOW_SOURCE_DIR "/tests/robustness/readers.py' " + options + " '" + file.string() +
         "'";
}

}  // namespace

TEST_CASE("xarray, netCDF4, h5netcdf, ncdump and h5dump open a result file") {
  output_sample::TemporaryFolder folder;
  output_sample::write_file(folder / "sample.h5");
  CHECK(run(readers(folder / "sample.h5")) == 0);
}

TEST_CASE("the reader checks notice a wrong statistic") {
  output_sample::TemporaryFolder folder;
  for (const std::string name : {"stock_mean", "stock_difference_mean"}) {
    output_sample::write_file(folder / "sample.h5");
    const std::string spoil =
        "/usr/bin/python3 -c \"import netCDF4,sys\nwith netCDF4.Dataset(sys.argv[1],'a') as f: "
        "f['" +
        name + "'][1,0,0,0]+=1e-6\" '" + (folder / "sample.h5").string() + "'";
    REQUIRE(run(spoil) == 0);
    CHECK(run(readers(folder / "sample.h5", "--generic") + " 2>/dev/null") != 0);
    const auto differences = prisonflow::output::ResultFile(folder / "sample.h5").verify();
    REQUIRE(differences.size() == 1);
    CHECK(differences[0] == "array /" + name + " is not what was written");
  }
}
