// What is written comes back: values, labels, dates, texts, statistics, digest.
#include <catch2/catch.hpp>
#include <cmath>

#include "output/result_file.hpp"
#include "output/run_record.hpp"
#include "output/statistics.hpp"
#include "tests/unit/output_sample.hpp"

using namespace prisonflow::output;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

TEST_CASE("a result file gives back what was written") {
  output_sample::TemporaryFolder folder;
  const auto path = folder / "a.h5";
  output_sample::write_file(path);
  CHECK_FALSE(std::filesystem::exists(folder / "a.h5.partial"));
  const ResultFile file(path);

  CHECK(file.attribute("title") == "Two scenarios");
  CHECK(file.attribute("institution") == "Қазақстан");
  CHECK_FALSE(file.attribute("persons"));
  CHECK(file.labels("region") == std::vector<std::string>{"Қазақстан", "Алматы", "North–East"});
  CHECK(file.labels("time")[13] == "2016-02-01");
  CHECK(file.dates("time")[1] == std::chrono::sys_days(2015y / 2 / 1));
  CHECK(file.dimension("time").bounds[1] == std::array<std::int32_t, 2>{31, 59});
  CHECK(file.dimension("state").auxiliary_labels.at(0).labels[1] == "旁听");
  CHECK(file.dimension("replication").unlimited);
  CHECK(file.dimension("region").character_twin);
  CHECK(file.dimension("control_rank").size == 6);
  CHECK(file.measures() == std::vector<std::string>{"stock", "occupancy", "person_days", "ranks", "deaths"});
  CHECK(file.array("stock").cell_methods == "time: point");
  CHECK(file.array("stock").type == ElementType::int32);
  CHECK(file.shape(file.array("stock")) == std::vector<std::size_t>{2, 5, 24, 3, 4});
  CHECK_FALSE(file.has_array("time_bounds"));

  for (const char* measure : {"stock", "occupancy", "person_days", "ranks", "deaths"}) {
    const LabelledArray all = file.read(measure);
    std::size_t next = 0;
    for (std::size_t s = 0; s < output_sample::scenarios; ++s)
      for (std::size_t r = 0; r < output_sample::replications; ++r)
        for (const double expected : output_sample::slab(measure, s, r)) {
          const double found = all.values.at(next++);
          REQUIRE((found == expected || (std::isnan(found) && std::isnan(expected))));
        }
    REQUIRE(next == all.values.size());
  }
  CHECK(file.read("observed_prisoners").values[0] == 57038);
  CHECK(std::isnan(file.read("observed_prisoners").values[1]));

  CHECK(file.text("provenance", "seed") == "18446744073709551615");
  CHECK(file.text("provenance", "scenario")->size() == 100'004);
  CHECK(file.text("provenance/inputs", "base.toml") == std::string(64, 'a'));
  CHECK_FALSE(file.text("provenance", "nothing"));
  CHECK(file.digest().size() == 64);
  CHECK(file.verify().empty());
}

TEST_CASE("selections go by label") {
  output_sample::TemporaryFolder folder;
  output_sample::write_file(folder / "a.h5");
  const ResultFile file(folder / "a.h5");
  const LabelledArray one = file.read("stock", {{"scenario", "reform"}, {"region", "Алматы"}, {"time", "2016-02"}});
  CHECK(one.spec.dimensions == std::vector<std::string>{"replication", "state"});
  CHECK(one.shape == std::vector<std::size_t>{5, 4});
  CHECK(one.values[4 * 4 + 2] == output_sample::count_of(1, 4, (13 * 3 + 1) * 4 + 2));
  CHECK(file.read("deaths", {{"scenario", "reform"}, {"replication", "3"}}).values ==
        std::vector<double>{output_sample::count_of(1, 3, 0)});
  CHECK(file.read("deaths_quantile", {{"quantile", "0.50"}}).values.size() == 2);
  CHECK(file.read("stock", {{"time", "2015"}}).values[0] == file.read("stock", {{"time", "2015-01-01"}}).values[0]);

  CHECK_THROWS_WITH(file.read("stocks"), Contains("there is no array 'stocks'; there are "));
  CHECK_THROWS_WITH(file.read("stock", {{"region", "Astana"}}),
                    Contains("'region' has no position 'Astana'; there are Қазақстан"));
  CHECK_THROWS_WITH(file.read("deaths", {{"region", "Алматы"}}), Contains("'deaths' has no dimension 'region'"));
  CHECK_THROWS_AS(file.read("stock", {{"time", "2015-01-02"}}), OutputError);
  CHECK_THROWS_AS(file.dates("region"), OutputError);
}

TEST_CASE("statistics in the file are those of the replications") {
  output_sample::TemporaryFolder folder;
  output_sample::write_file(folder / "a.h5");
  const ResultFile file(folder / "a.h5");
  const auto means = file.read("stock_mean"), errors = file.read("stock_se"), q = file.read("stock_quantile");
  const std::size_t cells = 24 * 3 * 4;
  for (std::size_t s = 0; s < 2; ++s)
    for (std::size_t cell = 0; cell < cells; ++cell) {
      std::vector<double> values;
      for (std::size_t r = 0; r < 5; ++r) values.push_back(output_sample::count_of(s, r, cell));
      REQUIRE(means.values[s * cells + cell] == mean(values));
      REQUIRE(errors.values[s * cells + cell] == standard_error(values));
      REQUIRE(q.values[(2 * 2 + s) * cells + cell] == quantile(values, 0.05));
    }
}

TEST_CASE("many chunks and blocks give the same values as one") {
  output_sample::TemporaryFolder folder;
  output_sample::write_file(folder / "one.h5");
  output_sample::write_file(folder / "many.h5", {.compression_level = 9, .buffer_bytes = 9000});
  const ResultFile one(folder / "one.h5"), many(folder / "many.h5");
  CHECK(one.digest() == many.digest());
  CHECK(many.verify().empty());
}

TEST_CASE("slabs may come in any order, but each once and all of them") {
  output_sample::TemporaryFolder folder;
  output_sample::write_file(folder / "a.h5");
  const ResultFile expected(folder / "a.h5");
  ResultWriter writer(folder / "b.h5", output_sample::description(), {.buffer_bytes = 9000});
  for (const char* measure : {"deaths", "ranks", "stock", "person_days", "occupancy"})
    for (std::size_t r = output_sample::replications; r-- > 0;)
      for (std::size_t s = output_sample::scenarios; s-- > 0;) {
        if (std::string(measure) == "occupancy" && r == 0 && s == 1)
          CHECK_THROWS_WITH(writer.finish(), Contains("1 slabs are missing") || Contains("2 slabs are missing"));
        writer.write(s, r, measure, output_sample::slab(measure, s, r));
      }
  CHECK_THROWS_WITH(writer.write(0, 0, "stock", output_sample::slab("stock", 0, 0)), Contains("written before"));
  CHECK_THROWS_WITH(writer.write(0, 0, "stok", {}), Contains("no measure 'stok'"));
  writer.finish();
  CHECK(ResultFile(folder / "b.h5").digest() == expected.digest());
  CHECK(writer.digest() == expected.digest());
}

TEST_CASE("slabs that never came read as missing where that is allowed") {
  output_sample::TemporaryFolder folder;
  ResultWriter writer(folder / "a.h5", output_sample::description(), {.allow_missing_slabs = true});
  writer.write(0, 1, "deaths", std::vector<double>{3});
  writer.finish();
  const ResultFile file(folder / "a.h5");
  CHECK(file.read("deaths_mean").values[0] == 3);
  CHECK(std::isnan(file.read("deaths_se").values[0]));
  CHECK(std::isnan(file.read("deaths").values[0]));
  CHECK(file.verify().empty());
}

TEST_CASE("contradictions in a description are named") {
  output_sample::TemporaryFolder folder;
  const auto refusal = [&](auto change) {
    ResultDescription description = output_sample::description();
    change(description);
    try {
      ResultWriter writer(folder / "a.h5", description);
    } catch (const OutputError& error) {
      CHECK(std::filesystem::is_empty(folder.path()));
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  using D = ResultDescription;
  CHECK(refusal([](D&) {}) == "accepted");
  CHECK_THAT(refusal([](D& d) { d.measures[0].dimensions[1] = "place"; }), Contains("unknown dimension 'place'"));
  CHECK_THAT(refusal([](D& d) { d.measures[0].name = "region"; }), Contains("'region' is used twice"));
  CHECK_THAT(refusal([](D& d) { d.measures[0].name = "a/b"; }), Contains("'a/b' cannot name"));
  CHECK_THAT(refusal([](D& d) { d.measures[1].name = "stock_mean"; }), Contains("'stock_mean' is used twice"));
  CHECK_THAT(refusal([](D& d) { d.measures[0].dimensions[0] = "scenario"; }), Contains("every measure has anyway"));
  CHECK_THAT(refusal([](D& d) { d.dimensions.erase(d.dimensions.begin()); }), Contains("'scenario' is missing"));
  CHECK_THAT(refusal([](D& d) { d.dimensions[4].size = 4; }), Contains("has 4 positions but 3"));
  CHECK_THAT(refusal([](D& d) { d.dimensions[6].size = 0; }), Contains("'control_rank' has no positions"));
  CHECK_THAT(refusal([](D& d) {
               d.dimensions[0].coordinate = std::vector<std::string>{"a", "a"};
             }),
             Contains("are equal"));
  CHECK_THAT(refusal([](D& d) { d.constants[0].values.pop_back(); }), Contains("has 1 values"));
  CHECK_THAT(refusal([](D& d) { d.constants[0].values[0] = 0.5; }), Contains("does not fit int32"));
  CHECK_THAT(refusal([](D& d) { d.quantile_levels = {0.5, 0.25}; }), Contains("must rise"));
  CHECK_THAT(refusal([](D& d) { d.quantile_levels = {0.5, 1.5}; }), Contains("must rise"));
  CHECK_THAT(refusal([](D& d) { d.provenance[0].text = std::string(70'000, 'x'); }), Contains("too long"));
  CHECK_THAT(refusal([](D& d) { d.provenance[1].name = "seed"; }), Contains("given twice"));
  CHECK_THAT(refusal([](D& d) { d.provenance[0].group = "a//b"; }), Contains("cannot name"));
  CHECK_THAT(refusal([](D& d) { d.reference_scenario = 2; }), Contains("the reference is scenario 2"));
  CHECK_THAT(refusal([](D& d) { d.measures[1].name = "stock_difference_se"; }),
             Contains("'stock_difference_se' is used twice"));
}

TEST_CASE("dates are read and written as ISO 8601") {
  CHECK(format_date(std::chrono::sys_days(2016y / 2 / 29)) == "2016-02-29");
  CHECK(parse_date("2016-02-29") == std::chrono::sys_days(2016y / 2 / 29));
  for (const char* wrong : {"2015-02-29", "2015-2-1", "2015-02-01T", "20a5-02-01", "2015-1x-01", "", "2015/02/01"})
    CHECK_THROWS_AS(parse_date(wrong), OutputError);
}

TEST_CASE("a run record is one JSON object in the given order") {
  output_sample::TemporaryFolder folder;
  const auto path = run_record_path(folder / "a.h5");
  CHECK(path.filename() == "a.run.json");
  write_run_record(
      path,
      {{"host", "н\xFF"}, {"threads", std::int64_t{8}}, {"seconds", 0.5}, {"ratio", std::nan("")}, {"resumed", true}});
  CHECK(output_sample::bytes_of_file(path) ==
        "{\n  \"host\": \"н\xEF\xBF\xBD\",\n  \"threads\": 8,\n  \"seconds\": 0.5,\n  \"ratio\": null,\n  \"resumed\": "
        "true\n}\n");
  CHECK_THROWS_AS(write_run_record(folder / "absent/a.run.json", {}), OutputError);
  CHECK(peak_memory_bytes() > 1'000'000);
  CHECK(utc_now().size() == 20);
}
