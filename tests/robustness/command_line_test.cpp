// The program as its users meet it: words in, exit status, text and files out.
//
// Every case runs the real program in a folder of its own. Standard output and standard error go to files, so the
// program finds no terminal: nothing may be rewritten in place or coloured there.
#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "output/result_file.hpp"
#include "tests/robustness/desk.hpp"

namespace {

namespace fs = std::filesystem;
using desk::bytes_of;
using desk::contains;
using desk::Desk;
using desk::Outcome;
using Clock = std::chrono::steady_clock;

/// Waits until the run has begun to fill its file.
void wait_for(const fs::path& file) {
  const auto until = Clock::now() + std::chrono::seconds(60);
  while (!fs::exists(file)) {
    if (Clock::now() > until) FAIL("no " << file << " within a minute");
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

constexpr const char* kQueue = R"(
grade = "assumed"
source = "made up for a test"
[scenario]
name = "plain"
start = 2010-01-01
end = 2011-01-01
replications = 3
initial = "stationary"
[arrivals.persons]
to = "inside"
rate = 3000
[states.inside]
kind = "custody"
duration = { distribution = "gamma", mean = "60 days", shape = 2 }
next = "supervised"
[states.supervised]
kind = "supervision"
duration = "30 days"
next = "gone"
[states.gone]
kind = "exit"
)";

}  // namespace

TEST_CASE("from nothing to a summary in four commands") {
  const Desk desk;
  const Outcome begun = desk.run({"init", "mine"});
  CHECK(begun.status == 0);
  CHECK(contains(begun.out, "prisonflow run mine/base.toml mine/reform.toml -o mine/result.h5"));

  const Outcome valid = desk.run({"validate", "mine/base.toml", "mine/reform.toml"});
  CHECK(valid.status == 0);
  CHECK(valid.err.empty());
  CHECK(contains(valid.out, "base: 14 states"));
  CHECK(contains(valid.out, "2 policies"));

  const Outcome ran = desk.run({"run", "mine/base.toml", "mine/reform.toml", "-o", "mine/result.h5", "-n", "3"});
  INFO(ran.err);
  REQUIRE(ran.status == 0);
  CHECK(ran.out.empty());
  CHECK_FALSE(contains(ran.err, "\r"));
  CHECK_FALSE(contains(ran.err, "\033"));
  CHECK(contains(ran.err, "3 replications in"));

  const auto record = nlohmann::json::parse(bytes_of(desk / "mine/result.run.json"));
  CHECK(record["complete"] == true);
  CHECK(record["replications"] == 3);
  CHECK(record["events"] > 1000);
  CHECK(record["bytes_per_person"] <= 128.0);
  CHECK(record["command_line"] == "prisonflow run mine/base.toml mine/reform.toml -o mine/result.h5 -n 3");

  const Outcome shown = desk.run({"summary", "mine/result.h5"});
  CHECK(shown.status == 0);
  for (const char* words :
       {"base  The law as it stands", "95 % interval", "fitted 2015–2017: at most", "judged 2018–", "2020-02"}) {
    INFO(words);
    CHECK(contains(shown.out, words));
  }
  const Outcome for_programs = desk.run({"summary", "mine/result.h5", "--format", "json"});
  const auto summary = nlohmann::json::parse(for_programs.out);
  CHECK(summary["scenarios"].size() == 2);
  CHECK(summary["scenarios"][1]["years"].size() == 8);

  const std::string readers = "/usr/bin/python3 '" PRISONFLOW_SOURCE_DIR "/tests/robustness/readers.py' --generic '";
  CHECK(std::system((readers + (desk / "mine/result.h5").string() + "' >&2").c_str()) == 0);

  CHECK(desk.run({"init", "mine"}).status == 2);
}

TEST_CASE("a slip of the pen is answered with what was meant") {
  const Desk desk;
  const auto refused = [&](const std::vector<std::string>& words, const std::string& answer) {
    const Outcome outcome = desk.run(words);
    INFO(outcome.err);
    CHECK(outcome.status == 2);
    CHECK(outcome.out.empty());
    CHECK(contains(outcome.err, answer));
  };
  refused({"sumary", "a.h5"}, "did you mean 'summary'?");
  refused({"frobnicate"}, "there are init, validate, describe, graph, run, verify, summary, compare");
  refused({"run", "a.toml", "--replication", "3", "-o", "a.h5"}, "did you mean '--replications'?");
  refused({"run", "a.toml", "--sed=3", "-o", "a.h5"}, "did you mean '--seed'?");
  refused({"--versoin"}, "did you mean '--version'?");
  refused({"run", "a.toml"}, "--output is required");
  refused({"run", "a.toml", "-o", "a.h5", "-n", "0"}, "'prisonflow run --help'");
  refused({"run", "a.toml", "-o", "a.h5", "--threads", "many"}, "--threads");
  refused({"describe", "a.toml", "--assumed", "--fitted"}, "--assumed");
  refused({"describe", "missing.toml"}, "missing.toml");
  refused({"summary", "missing.h5"}, "missing.h5: cannot be read");
  refused({"compare", "missing.h5"}, "missing.h5: cannot be read");
  refused({"compare"}, "result is required");
  refused({"compare", "a.h5", "--measures", "cost"}, "did you mean '--measure'?");
  refused({"compare", "a.h5", "--format", "xml"}, "'prisonflow compare --help'");
  CHECK(desk.run({}).status == 2);
}

TEST_CASE("help and version are given when asked for") {
  const Desk desk;
  const Outcome help = desk.run({"--help"});
  CHECK(help.status == 0);
  CHECK(contains(help.out, "Examples:"));
  const Outcome of_run = desk.run({"run", "--help"});
  CHECK(of_run.status == 0);
  CHECK(contains(of_run.out, "--replications"));
  CHECK(contains(of_run.out, "Ctrl-C"));
  const Outcome version = desk.run({"--version"});
  CHECK(version.status == 0);
  CHECK(contains(version.out, "prisonflow 0."));
  CHECK(contains(version.out, "HDF5 1."));
}

TEST_CASE("a broken scenario leaves an earlier result as it was") {
  const Desk desk;
  desk.write("broken.toml", std::string(kQueue) + "[states.nowhere]\nkind = \"custdy\"\n");
  desk.write("result.h5", "an earlier result");
  const Outcome outcome = desk.run({"run", "broken.toml", "-o", "result.h5"});
  CHECK(outcome.status == 2);
  CHECK(outcome.err.rfind("broken.toml:", 0) == 0);
  CHECK(contains(outcome.err, "custody"));
  CHECK(contains(outcome.err, " error"));
  CHECK_FALSE(contains(outcome.err, "\033"));
  CHECK(bytes_of(desk / "result.h5") == "an earlier result");
  CHECK_FALSE(fs::exists(desk / "result.h5.partial"));
}

TEST_CASE("a place that cannot be written to is found before the first event") {
  const Desk desk;
  REQUIRE(desk.run({"init", "mine"}).status == 0);
  fs::create_directory(desk / "folder.h5");
  const auto begun = Clock::now();
  for (const char* place : {"no/such/folder/result.h5", "folder.h5", "/proc/result.h5"}) {
    const Outcome outcome = desk.run({"run", "mine/base.toml", "-o", place, "-n", "100000"});
    INFO(place << ": " << outcome.err);
    CHECK(outcome.status == 2);
    CHECK(contains(outcome.err, place));
  }
  CHECK(Clock::now() - begun < std::chrono::seconds(30));
}

TEST_CASE("scenarios that cannot be compared are refused") {
  const Desk desk;
  const std::string plain = kQueue;
  desk.write("plain.toml", plain);
  std::string other = plain;
  other.replace(other.find("2011-01-01"), 10, "2012-01-01");
  other.replace(other.find("\"plain\""), 7, "\"longer\"");
  desk.write("longer.toml", other);
  const Outcome dates = desk.run({"run", "plain.toml", "longer.toml", "-o", "result.h5"});
  CHECK(dates.status == 2);
  CHECK(contains(dates.err, "give both the same start and end"));
  const Outcome names = desk.run({"run", "plain.toml", "plain.toml", "-o", "result.h5"});
  CHECK(names.status == 2);
  CHECK(contains(names.err, "both named 'plain'"));
  const auto with_costs = [&](const std::string& name, const std::string& currency) {
    std::string text = plain;
    text.replace(text.find("\"plain\""), 7, "\"" + name + "\"");
    text +=
        "\n[costs]\ncurrency = \"" + currency + "\"\n[costs.entries]\nunit = \"" + currency + " each\"\ninside = 10\n";
    desk.write(name + ".toml", text);
  };
  with_costs("tenge", "KZT");
  with_costs("euro", "EUR");
  const Outcome money = desk.run({"run", "plain.toml", "tenge.toml", "euro.toml", "-o", "result.h5"});
  INFO(money.err);
  CHECK(money.status == 2);
  CHECK(contains(money.err, "tenge.toml counts costs in KZT but euro.toml in EUR"));
  CHECK(contains(money.err, "give both one currency"));
  CHECK_FALSE(fs::exists(desk / "result.h5"));
}

TEST_CASE("the first Ctrl-C keeps whole replications, and the file is that of a run of so many") {
  const Desk desk;
  REQUIRE(desk.run({"init", "mine"}).status == 0);
  const std::vector<std::string> scenarios = {"run", "mine/base.toml", "mine/reform.toml"};
  auto words = scenarios;
  words.insert(words.end(), {"-o", "long.h5", "-n", "20000"});
  const pid_t child = desk.start(words);
  wait_for(desk / "long.h5.partial");
  std::this_thread::sleep_for(std::chrono::seconds(3));
  REQUIRE(kill(child, SIGINT) == 0);
  const Outcome outcome = desk.wait(child);
  INFO(outcome.err);
  REQUIRE(outcome.status == 0);
  CHECK(contains(outcome.err, "ended early"));
  CHECK_FALSE(fs::exists(desk / "long.h5.partial"));

  const prisonflow::output::ResultFile file(desk / "long.h5");
  const std::size_t kept = file.dimension("replication").size;
  CHECK(kept >= 1);
  CHECK(kept < 20000);
  CHECK(file.verify().empty());
  CHECK(nlohmann::json::parse(bytes_of(desk / "long.run.json"))["complete"] == false);

  words = scenarios;
  words.insert(words.end(), {"-o", "asked.h5", "-n", std::to_string(kept)});
  REQUIRE(desk.run(words).status == 0);
  CHECK(bytes_of(desk / "asked.h5") == bytes_of(desk / "long.h5"));
}

TEST_CASE("the second Ctrl-C ends at once and leaves nothing half-written") {
  const Desk desk;
  REQUIRE(desk.run({"init", "mine"}).status == 0);
  desk.write("long.h5", "an earlier result");
  std::string slow = bytes_of(desk / "mine/base.toml");  // one replication long enough to be waited for
  slow.replace(slow.find("end = 2023"), 10, "end = 2190");
  desk.write("mine/slow.toml", slow);
  const pid_t child = desk.start({"run", "mine/slow.toml", "-o", "long.h5", "-n", "1000"});
  wait_for(desk / "long.h5.partial");
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  REQUIRE(kill(child, SIGINT) == 0);
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  REQUIRE(kill(child, SIGINT) == 0);
  const Outcome outcome = desk.wait(child);
  CHECK(outcome.status == 130);
  CHECK_FALSE(fs::exists(desk / "long.h5.partial"));
  CHECK(bytes_of(desk / "long.h5") == "an earlier result");
}

TEST_CASE("the same bytes for any number of threads and partitions") {
  const Desk desk;
  REQUIRE(desk.run({"init", "mine"}).status == 0);
  const auto result = [&](const std::string& threads, const std::string& partitions) {
    REQUIRE(desk.run({"run", "mine/base.toml", "mine/reform.toml", "-o", "r.h5", "-n", "2", "-j", threads,
                      "--partitions", partitions, "--quiet"})
                .status == 0);
    CHECK(bytes_of(desk / "err").empty());
    return bytes_of(desk / "r.h5");
  };
  const std::string first = result("1", "1");
  CHECK(result("2", "7") == first);
  CHECK(result("8", "3") == first);
}

TEST_CASE("the log for programs is one JSON object a line") {
  const Desk desk;
  desk.write("plain.toml", kQueue);
  const Outcome outcome =
      desk.run({"run", "plain.toml", "-o", "plain.h5", "--log-format", "json", "--seed", "18446744073709551615"});
  REQUIRE(outcome.status == 0);
  std::istringstream lines(outcome.err);
  std::vector<nlohmann::json> events;
  for (std::string line; std::getline(lines, line);) events.push_back(nlohmann::json::parse(line));
  REQUIRE(events.size() >= 2);
  CHECK(events.front()["event"] == "start");
  CHECK(events.front()["seed"] == "18446744073709551615");
  CHECK(events.back()["event"] == "done");
  CHECK(events.back()["replications"] == 3);
}

TEST_CASE("describe and graph say what is in the scenario") {
  const Desk desk;
  REQUIRE(desk.run({"init", "mine"}).status == 0);
  const Outcome described = desk.run({"describe", "mine/reform.toml"});
  CHECK(described.status == 0);
  for (const char* words : {"example figures, not a real country", "parole_eligibility", "Amnesty for those"}) {
    INFO(words);
    CHECK(contains(described.out, words));
  }
  CHECK_FALSE(contains(described.out, "\033"));
  const auto facts = nlohmann::json::parse(desk.run({"describe", "mine/reform.toml", "--format", "json"}).out);
  CHECK(facts["name"] == "reform");
  CHECK(facts["parameters"].size() > 50);
  CHECK(facts["parameters"][0]["grade"] == "assumed");

  const Outcome dot = desk.run({"graph", "mine/base.toml"});
  CHECK(dot.status == 0);
  CHECK(dot.out.rfind("digraph", 0) == 0);
  CHECK(contains(dot.out, "parole_board"));
  const Outcome svg = desk.run({"graph", "mine/base.toml", "--format", "svg", "-o", "pathway.svg"});
  CHECK(svg.status == 0);
  CHECK(contains(bytes_of(desk / "pathway.svg"), "<svg"));
}

TEST_CASE("verify compares the simulation with the algebra") {
  const Desk desk;
  desk.write("plain.toml", kQueue);
  const Outcome outcome = desk.run({"verify", "plain.toml", "--years", "2"});
  INFO(outcome.out);
  CHECK(outcome.status == 0);
  CHECK(contains(outcome.out, "inside"));
  CHECK(contains(outcome.out, "agrees with the algebra everywhere"));
}
