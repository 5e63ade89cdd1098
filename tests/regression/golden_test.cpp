// The results of one scenario, as they were when they were last looked at: a hash of every bit, which g++ and clang++,
// debug and release builds must share (promise P1), and a few numbers a person can read.
//
// The golden file says nothing about right or wrong (tests/verification does). When a change of results is meant, look
// at the difference this test prints, then renew the file with tests/regression/renew.sh and commit it with the change.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iomanip>
#include <sstream>

#include "tests/support/everything.hpp"

namespace prisonflow::testing {
namespace {

std::string golden_text() {
  const World world(everything(), tables_of_everything());
  const models::ReplicationResult result = world.run();
  std::ostringstream text;
  text << "hash " << std::hex << std::setfill('0') << std::setw(16) << hash_of(result) << std::dec << "\n";
  text << "events " << result.events << "\npersons " << result.persons << "\n";
  text << std::setprecision(6);
  for (const char* measure : {"prison_population", "unsentenced_share", "prison_admissions", "prison_releases",
                              "occupancy_total", "pretrial_detention_days", "reoffending_within_1y"}) {
    text << measure;
    for (std::size_t month = 0; month < world.months(); month += 12) {
      double sum = 0;
      // Measures by region first are added up over the two regions.
      const std::size_t regions = std::string(measure) == "prison_population" ? 2 : 1;
      for (std::size_t region = 0; region < regions; ++region) sum += world.value(result, measure, month, region);
      text << " " << sum;
    }
    text << "\n";
  }
  const models::ReplicationResult deep = World(in_depth(), tables_of_everything()).run();
  text << "in_depth_hash " << std::hex << std::setfill('0') << std::setw(16) << hash_of(deep) << std::dec << "\n";
  text << "in_depth_events " << deep.events << "\nin_depth_persons " << deep.persons << "\n";
  return text.str();
}

TEST_CASE("golden: the results of the scenario that uses everything are as they were") {
  const std::string now = golden_text();
  if (const char* const renew = std::getenv("PRISONFLOW_RENEW_GOLDEN"); renew != nullptr) {
    std::ofstream(renew) << now;
    WARN("the golden file was written anew: " << renew);
    return;
  }
  CHECK(now == file_text("tests/regression/golden.txt"));
}

TEST_CASE("golden: the comparison sees a changed number") {
  const std::string golden = file_text("tests/regression/golden.txt");
  CHECK(golden.rfind("hash ", 0) == 0);
  CHECK(golden != replaced(golden, "\npersons ", "\npersons 1"));
}

}  // namespace
}  // namespace prisonflow::testing
