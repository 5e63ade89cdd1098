// `run --split` from end to end: parts that do not meet have exactly their own difference, all add up to the paired
// difference of every replication and month bit by bit, and nothing has an effect of exactly nothing.
#include <unistd.h>

#include <array>
#include <atomic>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <numeric>

#include "output/result_file.hpp"
#include "tests/support/world.hpp"

namespace prisonflow::testing {
namespace {

namespace fs = std::filesystem;

/// Violent offenders and thieves who meet nowhere, in two regions.
const char* const kBase = R"(
grade = "assumed"
source = "made up for a test"
[scenario]
name = "base"
start = 2010-01-01
end = 2013-01-01
seed = 4711
replications = 3
[classes]
region = ["north", "south"]
[arrivals.violent]
to = "prison_violent"
rate = 400
mix.region = { north = 0.3, south = 0.7 }
[arrivals.thieves]
to = "sentence"
rate = 900
mix.region = { north = 0.6, south = 0.4 }
[states.prison_violent]
kind = "custody"
facilities = "colonies"
term = { distribution = "lognormal", mean = "2 years", sigma = 0.8 }
next = "gone"
[states.sentence]
kind = "decision"
shares = { prison_theft = 0.6, probation = 0.4 }
[states.prison_theft]
kind = "custody"
facilities = "colonies"
term = { distribution = "exponential", mean = "10 months" }
next = "gone"
[states.probation]
kind = "supervision"
term = "1 year"
next = "gone"
[states.gone]
kind = "exit"
[facilities.colonies]
when_full = "crowd"
[facilities.colonies.all]
places = 700
)";
const std::string kShorter = "[policies.shorter]\nfrom = 2011-02-01\nscale.states.prison_violent.term = 0.5\n";
const std::string kProbation =
    "[policies.probation]\nfrom = 2010-07-01\nset.states.sentence.shares.prison_theft = "
    "0.3\nset.states.sentence.shares.probation = 0.7\n";
const std::string kNothing = "[policies.nothing]\nfrom = 2010-03-01\nscale.states.probation.term = 1\n";
const std::string kMoreThieves = "[arrivals.more]\nto = \"sentence\"\nrate = 120\n";
const std::string kDay =
    "[amnesties.day]\non = 2011-12-28\nfrom = [\"prison_violent\", \"prison_theft\"]\nto = \"gone\"\nshare = 0.2\n";
const std::string kRelease =
    "[emergency_releases.full]\noccupancy = \"colonies\"\nabove = 95\ndown_to = 90\nfrom = [\"prison_theft\"]\nto = "
    "\"gone\"\n";

class Folder {
 public:
  Folder() {
    static std::atomic<int> count{0};
    path_ =
        fs::temp_directory_path() / ("prisonflow_split_" + std::to_string(getpid()) + "_" + std::to_string(count++));
    fs::create_directories(path_);
    std::ofstream(path_ / "base.toml") << kBase;
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  void reform(const std::string& name, const std::string& more) const {
    std::ofstream(path_ / (name + ".toml"))
        << "extends = \"base.toml\"\ngrade = \"assumed\"\nsource = \"made up for a test\"\n[scenario]\nname = \""
        << name << "\"\n"
        << more;
  }
  /// The exit status; what the program said is in `said`.
  int run(const std::string& words, std::string* said = nullptr) const {
    const std::string command = "cd '" + path_.string() + "' && '" PRISONFLOW_PROGRAM "' " + words + " >err 2>&1";
    const int status = std::system(command.c_str());
    std::ifstream stream(path_ / "err");
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    INFO(text);
    if (said != nullptr) *said = text;
    return WEXITSTATUS(status);
  }
  fs::path operator/(const std::string& name) const { return path_ / name; }
  std::string bytes(const std::string& name) const {
    std::ifstream stream(path_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

 private:
  fs::path path_;
};

/// What one scenario of a result holds of a measure: all replications and months one after the other, and of a split
/// measure those of one part.
class Result {
 public:
  explicit Result(const fs::path& file) : file_(file) {}
  std::vector<double> total(const std::string& measure, const std::string& scenario) const {
    const bool regional = file_.array(measure).dimensions.back() == "region";
    if (!regional) return file_.read(measure, {{"scenario", scenario}}).values;
    std::vector<double> north = file_.read(measure, {{"scenario", scenario}, {"region", "north"}}).values;
    const std::vector<double> south = file_.read(measure, {{"scenario", scenario}, {"region", "south"}}).values;
    for (std::size_t i = 0; i < north.size(); ++i) north[i] += south[i];
    return north;
  }
  std::vector<double> difference(const std::string& measure, const std::string& scenario) const {
    std::vector<double> values = total(measure, scenario);
    const std::vector<double> base = total(measure, "base");
    for (std::size_t i = 0; i < values.size(); ++i) values[i] -= base[i];
    return values;
  }
  std::vector<double> part(const std::string& measure, const std::string& scenario, const std::string& part) const {
    return file_.read(measure, {{"scenario", scenario}, {"package_part", part}}).values;
  }
  std::vector<std::string> parts() const { return file_.labels("package_part"); }
  const output::ResultFile& file() const { return file_; }

 private:
  output::ResultFile file_;
};

constexpr std::array<const char*, 3> kMeasures{"prison_population", "under_supervision", "under_control"};

void check_adds_up(const Result& result, const std::string& scenario) {
  for (const std::string measure : kMeasures) {
    const std::vector<double> difference = result.difference(measure, scenario);
    std::vector<double> forwards(difference.size(), 0.0), backwards(difference.size(), 0.0);
    std::vector<std::string> parts = result.parts();
    for (const std::string& part : parts) {
      const auto values = result.part("split_" + measure, scenario, part);
      for (std::size_t i = 0; i < values.size(); ++i) forwards[i] += std::isnan(values[i]) ? 0 : values[i];
    }
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
      const auto values = result.part("split_" + measure, scenario, *part);
      for (std::size_t i = 0; i < values.size(); ++i) backwards[i] += std::isnan(values[i]) ? 0 : values[i];
    }
    INFO(scenario << ", " << measure);
    CHECK(forwards == difference);
    CHECK(backwards == difference);
  }
}
double size_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0, [](double sum, double v) { return sum + std::abs(v); });
}

TEST_CASE("split: policies that do not meet have exactly the difference they make alone") {
  const Folder folder;
  folder.reform("all", kShorter + kProbation + kNothing + kMoreThieves);
  folder.reform("only_shorter", kShorter);
  folder.reform("only_probation", kProbation);
  folder.reform("only_more", kMoreThieves);
  REQUIRE(folder.run(
              "run base.toml all.toml only_shorter.toml only_probation.toml only_more.toml --split -o r.h5 -j 2") == 0);
  const Result result(folder / "r.h5");
  CHECK(result.parts() == std::vector<std::string>{"nothing", "probation", "shorter", "undated"});
  CHECK(result.file().verify().empty());
  for (const std::string measure : kMeasures) {
    INFO(measure);
    CHECK(result.part("split_" + measure, "all", "shorter") == result.difference(measure, "only_shorter"));
    CHECK(result.part("split_" + measure, "all", "undated") == result.difference(measure, "only_more"));
    CHECK(size_of(result.part("split_" + measure, "all", "nothing")) == 0);
    CHECK(size_of(result.part("split_error_" + measure, "all", "shorter")) == 0);
    // A package of one measure is the difference, and without a dated measure all is undated.
    CHECK(result.part("split_" + measure, "only_shorter", "shorter") == result.difference(measure, "only_shorter"));
    CHECK(size_of(result.part("split_" + measure, "only_shorter", "undated")) == 0);
    CHECK(result.part("split_" + measure, "only_more", "undated") == result.difference(measure, "only_more"));
    // What a scenario does not have, and all of the baseline, is missing.
    CHECK(std::isnan(size_of(result.part("split_" + measure, "only_shorter", "probation"))));
    CHECK(std::isnan(size_of(result.part("split_" + measure, "base", "shorter"))));
  }
  CHECK(size_of(result.difference("prison_population", "only_shorter")) > 1000);  // or nothing was tested
  // More thieves and probation for thieves do meet: neither has what it makes alone.
  CHECK(result.part("split_prison_population", "all", "probation") !=
        result.difference("prison_population", "only_probation"));
  for (const char* scenario : {"all", "only_shorter", "only_probation", "only_more"}) check_adds_up(result, scenario);
  CHECK_FALSE(result.file().has_array("split_cost_total"));
}

TEST_CASE("split: releases, amnesties and policies that meet add up bit by bit, whatever threads and partitions") {
  const Folder folder;
  folder.reform("all", kShorter + kProbation + kDay + kRelease + kMoreThieves);
  REQUIRE(folder.run("run base.toml all.toml --split -o r.h5 -j 1") == 0);
  const Result result(folder / "r.h5");
  CHECK(result.parts() == std::vector<std::string>{"probation", "shorter", "day", "full", "undated"});
  check_adds_up(result, "all");
  for (const std::string& part : result.parts()) {
    INFO(part);
    CHECK(size_of(result.part("split_prison_population", "all", part)) > 10);
  }
  REQUIRE(folder.run("run base.toml all.toml --split -o again.h5 -j 2 --partitions 3") == 0);
  CHECK(folder.bytes("r.h5") == folder.bytes("again.h5"));
  // The split changes nothing else.
  REQUIRE(folder.run("run base.toml all.toml -o plain.h5") == 0);
  const Result plain(folder / "plain.h5");
  CHECK_FALSE(plain.file().has_dimension("package_part"));
  for (const std::string& measure : plain.file().measures())
    CHECK(plain.file().read(measure).values.size() == result.file().read(measure).values.size());
  CHECK(plain.total("prison_population", "all") == result.total("prison_population", "all"));
}

TEST_CASE("split: many parts are sampled, have an error, and add up as exactly") {
  // Six amnesties of a fifth, of which each has less to release after the others, and a policy.
  std::string measures = kShorter;
  for (int day = 1; day <= 6; ++day)
    measures += "[amnesties.day_" + std::to_string(day) + "]\non = 2011-06-0" + std::to_string(day) +
                "\nfrom = [\"prison_violent\"]\nto = \"gone\"\nshare = 0.2\n";
  const Folder folder;
  folder.reform("seven", measures);
  REQUIRE(folder.run("run base.toml seven.toml --split --orders 8 -n 2 -o r.h5") == 0);
  const Result result(folder / "r.h5");
  CHECK(result.parts().size() == 8);
  check_adds_up(result, "seven");
  CHECK(size_of(result.part("split_error_prison_population", "seven", "day_3")) > 0);
  CHECK(size_of(result.part("split_error_prison_population", "seven", "undated")) == 0);
  CHECK(size_of(result.part("split_prison_population", "seven", "undated")) == 0);
  REQUIRE(folder.run("run base.toml seven.toml --split --orders 8 -n 2 -o again.h5 -j 2 --partitions 2") == 0);
  CHECK(folder.bytes("r.h5") == folder.bytes("again.h5"));
}

TEST_CASE("split: drawn parameters are drawn alike in all worlds") {
  const Folder folder;
  const std::string drawn =
      "parameters = \"drawn\"\n[states.probation]\nterm = { low = \"6 months\", central = \"1 year\", high = \"2 "
      "years\" }\n";
  std::ofstream(folder / "base.toml") << replaced(kBase, "[classes]", "parameters = \"drawn\"\n[classes]");
  folder.reform("all", drawn + kProbation + kNothing);
  REQUIRE(folder.run("run base.toml all.toml --split -n 3 -o r.h5") == 0);
  const Result result(folder / "r.h5");
  check_adds_up(result, "all");
  for (const std::string measure : kMeasures) CHECK(size_of(result.part("split_" + measure, "all", "nothing")) == 0);
}

TEST_CASE("split: what cannot be split is refused before the start") {
  const Folder folder;
  const auto refused = [&](const std::string& words, const std::vector<std::string>& answers) {
    std::string said;
    CHECK(folder.run("run " + words + " -o r.h5", &said) == 2);
    INFO(said);
    for (const std::string& answer : answers) CHECK_THAT(said, Catch::Contains(answer));
    CHECK_FALSE(fs::exists(folder / "r.h5"));
  };
  folder.reform("one", kShorter);
  refused("base.toml --split", {"--split needs a baseline and a reform"});
  refused("base.toml one.toml --orders 20", {"--split"});
  for (const char* orders : {"5", "2", "0", "-4", "many", "20.5", "20000"})
    refused(std::string("base.toml one.toml --split --orders=") + orders, {"is no even number from 4 to 10000"});
  folder.reform("halves",
                "[policies.less]\nfrom = 2011-01-01\nset.states.sentence.shares.prison_theft = "
                "0.3\n[policies.more]\nfrom = 2011-01-01\nset.states.sentence.shares.probation = 0.7\n");
  refused("base.toml halves.toml --split", {"'less' cannot be without 'more'", "package_part"});
  CHECK(folder.run("run base.toml halves.toml -n 1 -o r.h5") == 0);  // together they are sound
}

}  // namespace
}  // namespace prisonflow::testing
