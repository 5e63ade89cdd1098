// A small result as the program would write it: two scenarios, five replications, two years of months.
#pragma once

#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <vector>

#include "output/result_writer.hpp"

namespace output_sample {

namespace po = prisonflow::output;

inline constexpr std::size_t scenarios = 2, replications = 5, months = 24, regions = 3, states = 4;

inline std::vector<std::chrono::sys_days> month_edges(std::chrono::year first, unsigned count) {
  std::vector<std::chrono::sys_days> edges;
  for (unsigned i = 0; i <= count; ++i)
    edges.push_back(std::chrono::sys_days(first / std::chrono::January / 1 + std::chrono::months(i)));
  return edges;
}

// Any number, the same for the same arguments.
inline double count_of(std::size_t scenario, std::size_t replication, std::size_t cell) {
  return static_cast<double>((cell * 7919 + replication * 104729 + scenario * 31) % 1000 + 50);
}

inline po::ResultDescription description() {
  po::ResultDescription d;
  d.title = "Two scenarios";
  d.summary = "A small result for tests";
  d.source = "prisonflow 0.1.0";
  d.license = "CC-BY-4.0";
  d.attributes = {{"institution", "Қазақстан"}, {"persons", 123456}};
  const auto edges = month_edges(std::chrono::year(2015), months);
  po::Dimension state =
      po::label_dimension("state", "state of the pathway", {"liberty", "pretrial", "closed", "probation"});
  state.auxiliary_labels = {
      {"state_name", {"at liberty", "旁听", "закрытый", "под надзором"}, {{"long_name", "name"}}}};
  po::Dimension region = po::label_dimension("region", "region", {"Қазақстан", "Алматы", "North–East"});
  region.character_twin = true;
  const auto years = month_edges(std::chrono::year(2014), 36);
  const std::vector<std::chrono::sys_days> year_edges = {years[0], years[12], years[24]};
  d.dimensions = {po::label_dimension("scenario", "scenario", {"baseline", "reform"}),
                  po::replication_dimension(0, replications),
                  po::time_dimension("time", "month", edges, edges.front()),
                  po::time_dimension("observed_time", "year of observation", year_edges, year_edges.front()),
                  region,
                  state,
                  po::plain_dimension("control_rank", 6)};
  d.measures = {{.name = "stock",
                 .dimensions = {"time", "region", "state"},
                 .type = po::ElementType::int32,
                 .units = "1",
                 .long_name = "persons at the end of the month",
                 .cell_methods = "time: point"},
                {.name = "occupancy",
                 .dimensions = {"time"},
                 .type = po::ElementType::float64,
                 .units = "1",
                 .long_name = "prisoners for each place",
                 .cell_methods = "time: mean"},
                {.name = "person_days", .dimensions = {"region"}, .type = po::ElementType::int64, .units = "d"},
                {.name = "ranks", .dimensions = {"control_rank"}, .type = po::ElementType::float32, .units = "1"},
                {.name = "deaths", .type = po::ElementType::int32, .units = "1"}};
  d.measures[3].differences = false;
  d.reference_scenario = 0;
  d.constants = {
      {{.name = "observed_prisoners", .dimensions = {"observed_time"}, .type = po::ElementType::int32, .units = "1"},
       {57038, std::numeric_limits<double>::quiet_NaN()},
       {}}};
  std::string scenario(100'000, 'x');  // by itself: g++ 12 reports its length falsely inside the list
  scenario += " Қ\n";
  d.provenance = {{"provenance", "seed", "18446744073709551615"},
                  {"provenance", "replications", "0-4"},
                  {"provenance", "scenario", scenario, po::TextEntry::Storage::dataset},
                  {"provenance/inputs", "base.toml", std::string(64, 'a')}};
  return d;
}

inline std::vector<double> slab(const std::string& measure, std::size_t scenario, std::size_t replication) {
  std::size_t cells = 1;
  if (measure == "stock") cells = months * regions * states;
  if (measure == "occupancy") cells = months;
  if (measure == "person_days") cells = regions;
  if (measure == "ranks") cells = 6;
  std::vector<double> values;
  for (std::size_t cell = 0; cell < cells; ++cell) {
    double value = count_of(scenario, replication, cell);
    if (measure == "occupancy") value = value / 777.0;
    if (measure == "person_days") value *= 1e10;
    values.push_back(value);
  }
  // One replication without a value, and one cell that no replication has.
  if (measure == "occupancy" && replication == 3) values[5] = std::numeric_limits<double>::quiet_NaN();
  if (measure == "occupancy") values[6] = std::numeric_limits<double>::quiet_NaN();
  return values;
}

inline void write_slabs(po::ResultWriter& writer) {
  for (std::size_t r = 0; r < replications; ++r)
    for (std::size_t s = 0; s < scenarios; ++s)
      for (const char* measure : {"stock", "occupancy", "person_days", "ranks", "deaths"})
        writer.write(s, r, measure, slab(measure, s, r));
}

inline void write_file(const std::filesystem::path& path, po::WriterOptions options = {}) {
  po::ResultWriter writer(path, description(), options);
  write_slabs(writer);
  writer.finish();
}

inline std::string bytes_of_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "prisonflow_output_XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::filesystem::path operator/(const char* name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace output_sample
