// Differences from the reference scenario are those of the replications, one by one.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "output/result_file.hpp"
#include "output/statistics.hpp"
#include "tests/unit/output_sample.hpp"

using namespace prisonflow::output;
using Catch::Matchers::Contains;

namespace {

bool same(double left, double right) {
  return left == right || (std::isnan(left) && std::isnan(right));
}

/// What the file should say about the cell of a measure, computed here from the slabs.
void check_cell(const ResultFile& file, const std::string& measure, std::size_t scenario, std::size_t reference,
                std::size_t cell, std::size_t cells) {
  std::vector<double> differences;
  for (std::size_t r = 0; r < output_sample::replications; ++r)
    differences.push_back(output_sample::slab(measure, scenario, r)[cell] -
                          output_sample::slab(measure, reference, r)[cell]);
  const auto mean_in_file = file.read(measure + "_difference_mean"),
             error_in_file = file.read(measure + "_difference_se"),
             quantiles_in_file = file.read(measure + "_difference_quantile");
  CHECK(same(mean_in_file.values[scenario * cells + cell], mean(differences)));
  CHECK(same(error_in_file.values[scenario * cells + cell], standard_error(differences)));
  const auto levels = file.labels("quantile");
  for (std::size_t q = 0; q < levels.size(); ++q)
    CHECK(same(quantiles_in_file.values[(q * output_sample::scenarios + scenario) * cells + cell],
               quantile(differences, std::stod(levels[q]))));
}

}  // namespace

TEST_CASE("differences are taken replication by replication") {
  for (const std::size_t reference : {0, 1}) {
    output_sample::TemporaryFolder folder;
    ResultDescription description = output_sample::description();
    description.reference_scenario = reference;
    // The second buffer is small, so that a measure is read back in many pieces.
    ResultWriter writer(folder / "a.h5", description, {.buffer_bytes = reference == 0 ? 64u << 20 : 9000u});
    output_sample::write_slabs(writer);
    writer.finish();
    const ResultFile file(folder / "a.h5");
    CHECK(file.verify().empty());
    const std::size_t other = 1 - reference;
    for (const std::size_t cell : {0, 5, 287}) check_cell(file, "stock", other, reference, cell, 288);
    for (const std::size_t cell : {0, 5, 6, 23}) check_cell(file, "occupancy", other, reference, cell, 24);
    check_cell(file, "person_days", other, reference, 2, 3);
    check_cell(file, "deaths", other, reference, 0, 1);

    const auto means = file.read("stock_difference_mean", {{"scenario", reference == 0 ? "baseline" : "reform"}});
    CHECK(std::all_of(means.values.begin(), means.values.end(), [](double value) { return std::isnan(value); }));
    const ArraySpec& spec = file.array("stock_difference_mean");
    CHECK_THAT(spec.long_name, Contains(reference == 0 ? "minus baseline, paired" : "minus reform, paired"));
    CHECK(spec.cell_methods == "time: point replication: mean");
    CHECK(spec.units == "1");
    CHECK(file.array("stock_difference_quantile").dimensions ==
          std::vector<std::string>{"quantile", "scenario", "time", "region", "state"});
    CHECK_FALSE(file.has_array("ranks_difference_mean"));
    CHECK(file.has_array("ranks_mean"));
  }
}

TEST_CASE("a scenario equal to the reference differs by exactly nothing") {
  output_sample::TemporaryFolder folder;
  ResultWriter writer(folder / "a.h5", output_sample::description());
  for (std::size_t r = 0; r < output_sample::replications; ++r)
    for (std::size_t s = 0; s < output_sample::scenarios; ++s)
      for (const char* measure : {"stock", "occupancy", "person_days", "ranks", "deaths"})
        writer.write(s, r, measure, output_sample::slab(measure, 0, r));
  writer.finish();
  const ResultFile file(folder / "a.h5");
  for (const std::string measure : {"stock", "occupancy", "person_days", "deaths"})
    for (const char* statistic : {"_difference_mean", "_difference_se", "_difference_quantile"})
      for (const double value : file.read(measure + statistic, {{"scenario", "reform"}}).values)
        // The sample has one cell without any value.
        CHECK((value == 0.0 || (std::isnan(value) && measure == "occupancy")));
}

TEST_CASE("without a reference, or with nothing to compare, there are no differences") {
  output_sample::TemporaryFolder folder;
  ResultDescription description = output_sample::description();
  description.reference_scenario.reset();
  {
    ResultWriter writer(folder / "a.h5", description);
    output_sample::write_slabs(writer);
    writer.finish();
  }
  CHECK_FALSE(ResultFile(folder / "a.h5").has_array("stock_difference_mean"));

  description = output_sample::description();
  description.dimensions[0] = label_dimension("scenario", "scenario", {"baseline"});
  ResultWriter writer(folder / "b.h5", description);
  for (std::size_t r = 0; r < output_sample::replications; ++r)
    for (const char* measure : {"stock", "occupancy", "person_days", "ranks", "deaths"})
      writer.write(0, r, measure, output_sample::slab(measure, 0, r));
  writer.finish();
  CHECK_FALSE(ResultFile(folder / "b.h5").has_array("stock_difference_mean"));
}

TEST_CASE("a pair of which one is missing has no difference") {
  output_sample::TemporaryFolder folder;
  ResultWriter writer(folder / "a.h5", output_sample::description(), {.allow_missing_slabs = true});
  writer.write(0, 0, "deaths", std::vector<double>{3});
  writer.write(1, 0, "deaths", std::vector<double>{5});
  writer.write(1, 1, "deaths", std::vector<double>{500});
  writer.finish();
  const ResultFile file(folder / "a.h5");
  CHECK(file.read("deaths_difference_mean").values[1] == 2);
  CHECK(std::isnan(file.read("deaths_difference_se").values[1]));
  CHECK(std::isnan(file.read("stock_difference_mean").values[300]));
}
