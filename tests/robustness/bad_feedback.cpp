// Feedback links, wrongly written.
#include <catch2/catch.hpp>

#include "tests/robustness/bad_case.hpp"

namespace {

using namespace bad_scenarios;

const std::string kPlace = "[services.courts]";
/// A sound link before the services, with one piece of it replaced.
std::string link_with(const std::string& from, const std::string& to) {
  std::string link =
      "[feedback.crowding]\noccupancy = \"colonies\"\nresponse = { 100 = 1.0, 150 = 1.2 }\n"
      "acts_on = [\"reoffending\", \"states.prison.term\", \"states.sentence.shares.prison\"]\n\n[services.courts]";
  if (from.empty()) return link;
  const std::size_t at = link.find(from);
  REQUIRE(at != std::string::npos);
  return link.replace(at, from.size(), to);
}
Case broken(const char* name, const std::string& from, const std::string& to, const std::string& at,
            const char* problem, const char* why, const char* suggestion) {
  return {name, kPlace, link_with(from, to), at, problem, why, suggestion};
}

}  // namespace

TEST_CASE("a sound feedback link is sound") {
  const Folder folder;
  for (const std::string only : {"", "only.risk = [\"low\"]\n", "only = { risk = [\"low\"], sex = [\"female\"] }\n"}) {
    const std::string link = link_with("response", only + "response");
    for (const auto& error : errors_in(folder.write("sound.toml", replaced_once(kSound, kPlace, link))))
      FAIL_CHECK(to_string(error));
  }
}

TEST_CASE("a link on a service without a limit is placed and explained") {
  const Folder folder;
  const std::string text = replaced_once(kSound, kPlace, link_with("\"reoffending\"", "\"services.courts\""));
  for (const auto& error : errors_in(folder.write("sound.toml", text))) FAIL_CHECK(to_string(error));
  const auto errors = errors_in(folder.write("bad.toml", replaced_once(text, "servers = 300\n", "")));
  REQUIRE(errors.size() == 1);
  CHECK_THAT(errors[0].problem, Catch::Contains("\"services.courts\" cannot be moved"));
  CHECK_THAT(errors[0].why, Catch::Contains("has no limit"));
  CHECK_THAT(errors[0].suggestion, Catch::Contains("servers or per_day"));
}

TEST_CASE("every wrong feedback link is placed and explained") {
  const std::string ratio = "occupancy = \"colonies\"";
  const std::string response = "response = { 100 = 1.0, 150 = 1.2 }";
  const std::string target = "\"states.prison.term\"";
  require_one_error_each({
      broken("an unknown key", ratio, ratio + "\nstrength = 2", "|strength", "unknown key \"strength\"",
             "nothing would read it", ""),
      broken("no ratio", ratio + "\n", "", "[feedback.|crowding]", "has no \"occupancy, backlog or caseload\"",
             "reads something every night", "add occupancy"),
      broken("two ratios", ratio, ratio + "\nbacklog = \"courts\"", "|backlog = ", "reads two things", "one ratio",
             "make two links"),
      broken("an unknown group", ratio, "occupancy = \"colony\"", "occupancy = |\"colony\"", "does not exist",
             "facility groups", "colonies"),
      broken("an unknown service", ratio, "backlog = \"court\"", "backlog = |\"court\"", "does not exist", "services",
             "\"courts\""),
      broken("an unknown state in a caseload", ratio, "caseload = [\"probatio\"]\nofficers = 5",
             "caseload = [|\"probatio", "probatio", "", "\"probation\""),
      broken("a caseload without officers", ratio, "caseload = [\"probation\"]", "[feedback.|crowding]",
             "has no \"officers\"", "persons for each officer", "add officers"),
      broken("officers without a caseload", ratio, ratio + "\nofficers = 5", "|officers = 5", "without \"caseload\"",
             "shared by", "remove it"),
      broken("no officers at all", ratio, "caseload = [\"probation\"]\nofficers = 0", "officers = |0", "officers", "",
             ""),
      broken("no response", response + "\n", "", "[feedback.|crowding]", "has no \"response\"", "how strong",
             "add response"),
      broken("an empty response", response, "response = {}", "response = |{}", "is empty", "how strong",
             "add a factor"),
      broken("a ratio that is none", response, "response = { full = 1.0 }", "|full = 1.0", "\"full\" is no ratio",
             "whole per cent", "100 = 1.0"),
      broken("a negative factor", response, "response = { 100 = -1.0 }", "100 = |-1.0", "response.100", "", ""),
      broken("no target", "acts_on = [\"reoffending\", \"states.prison.term\", \"states.sentence.shares.prison\"]\n",
             "", "[feedback.|crowding]", "has no \"acts_on\"", "moves something", "add acts_on"),
      broken("an empty target", "[\"reoffending\", \"states.prison.term\", \"states.sentence.shares.prison\"]", "[]",
             "acts_on = |[]", "is empty", "move nothing", "remove the link"),
      broken("a target twice", target, "\"states.prison.term\", \"states.prison.term\"",
             ", |\"states.prison.term\", \"states.sen", "cannot be moved", "moves it already", "remove one"),
      broken("a target inside another", target, "\"states.free.reoffending\"", "|\"states.free.reoffending\"",
             "cannot be moved", "moves it already", "remove one"),
      broken("a caseload of a decision", ratio, "caseload = [\"sentence\"]\nofficers = 5", "caseload = [|\"sentence\"]",
             "nobody stays in \"sentence\"", "states that take time", "supervised"),
      broken("a state twice in a caseload", ratio, "caseload = [\"free\", \"free\"]\nofficers = 5",
             "caseload = [\"free\", |\"free\"]", "is there twice", "counts once", "remove one"),
      broken("lived through what", ratio, "backlog = \"courts\"\nlived_through = true", "|lived_through",
             "\"lived_through\" without \"occupancy\"", "occupancy of the time inside", "remove it"),
      broken("time served is false", ratio, "time_served = false", "time_served = |false", "= false", "read nothing",
             "time_served = true"),
      broken("a release moves durations", ratio, "time_served = true", "acts_on = |[", "more than reoffending",
             "after a release", "acts_on = [\"reoffending\"]"),
      broken("an unknown event", target, "\"states.prison.events.riot\"", "|\"states.prison.events.riot\"",
             "cannot be moved", "no event \"riot\"", "one of its events"),
      broken("a misspelt ratio is not missed as well", ratio, "ocupancy = \"colonies\"", "|ocupancy", "unknown key",
             "nothing would read it", "\"occupancy\""),
      broken("an unknown target", target, "\"recidivism\"", "|\"recidivism\"", "cannot be moved", "none of the numbers",
             "use reoffending"),
      broken("a target in an unknown state", target, "\"states.prisn.term\"", "|\"states.prisn.term\"",
             "cannot be moved", "no state \"prisn\"", "\"prison\""),
      broken("a breach of custody", target, "\"states.prison.breach\"", "|\"states.prison.breach\"", "cannot be moved",
             "nothing is breached there", "supervision"),
      broken("a duration where a term is drawn", target, "\"states.prison.duration\"", "|\"states.prison.duration\"",
             "cannot be moved", "no duration is drawn there", "name a state"),
      broken("reoffending in custody", target, "\"states.prison.reoffending\"", "|\"states.prison.reoffending\"",
             "cannot be moved", "nobody reoffends there", "at risk"),
      broken("an unknown branch", target, "\"states.sentence.shares.fine\"", "|\"states.sentence.shares.fine\"",
             "cannot be moved", "no branch of sentence", "one of its branches"),
      broken("a number that links do not move", target, "\"states.prison.pretrial_credit\"",
             "|\"states.prison.pretrial_credit\"", "cannot be moved", "states have no \"pretrial_credit\"", ""),
      broken("an unknown service as a target", target, "\"services.court\"", "|\"services.court\"", "cannot be moved",
             "no service \"court\"", "\"courts\""),
      broken("a number of a service", target, "\"services.courts.servers\"", "|\"services.courts.servers\"",
             "cannot be moved", "the whole capacity", "write services.courts"),
      broken("a service twice", target, "\"services.courts\", \"services.courts\"", ", |\"services.courts\", \"states",
             "cannot be moved", "moves it already", "remove one"),
      broken("a service for some classes", ratio + "\n" + response + "\nacts_on = [\"reoffending\", " + target,
             ratio + "\nonly.risk = [\"low\"]\n" + response + "\nacts_on = [\"reoffending\", \"services.courts\"",
             "|\"services.courts\"", "cannot be moved", "one capacity for all", "without \"only\""),
      broken("an unknown class", ratio, ratio + "\nonly.risk = [\"lo\"]", "only.risk = [|\"lo\"]", "no risk \"lo\"",
             "labels of risk", "\"low\""),
      broken("an unknown trait", ratio, ratio + "\nonly.rsk = [\"low\"]", "only.|rsk", "no trait \"rsk\"", "told apart",
             "\"risk\""),
      broken("nobody", ratio, ratio + "\nonly.risk = []", "only.risk = |[]", "is empty", "nobody", "at least one"),
      broken("classes that are no table", ratio, ratio + "\nonly = [\"low\"]", "only = |[\"low\"]",
             "feedback.crowding.only", "", ""),
      broken("switched neither on nor off", ratio, ratio + "\nenabled = \"off\"", "enabled = |\"off\"", "enabled", "",
             ""),
  });
}

TEST_CASE("every wrong emergency release is placed and explained") {
  const auto release = [](const std::string& from, const std::string& to) {
    std::string text =
        "[emergency_releases.full]\noccupancy = \"colonies\"\nabove = 110\ndown_to = 100\nfrom = [\"prison\"]\n"
        "to = \"free\"\n\n[services.courts]";
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
  };
  const auto broken = [&](const char* name, const std::string& from, const std::string& to, const std::string& at,
                          const char* problem, const char* why, const char* suggestion) {
    return Case{name, kPlace, release(from, to), at, problem, why, suggestion};
  };
  const Folder folder;
  for (const auto& error :
       errors_in(folder.write("sound.toml", replaced_once(kSound, kPlace, release("above", "above"))))) {
    FAIL_CHECK(to_string(error));
  }
  require_one_error_each({
      broken("no group", "occupancy = \"colonies\"\n", "", "[emergency_releases.|full]", "has no \"occupancy\"",
             "watched every night", "add occupancy"),
      broken("an unknown group", "\"colonies\"", "\"colony\"", "|\"colony\"", "does not exist", "facility groups",
             "colonies"),
      broken("no mark", "above = 110\n", "", "[emergency_releases.|full]", "has no \"above\"", "when it happens",
             "add above"),
      broken("no aim", "down_to = 100\n", "", "[emergency_releases.|full]", "has no \"down_to\"", "how many go",
             "add down_to"),
      broken("an aim above the mark", "down_to = 100", "down_to = 120", "down_to = |120", "more than above",
             "nobody would be released", "below"),
      broken("from a state that holds nobody there", "from = [\"prison\"]", "from = [\"free\"]", "from = |[\"free\"]",
             "nobody is held in colonies", "makes room", "held there"),
      broken("from nowhere", "from = [\"prison\"]", "from = []", "from = |[]", "is empty", "nobody would be released",
             "at least one state"),
      broken("to an unknown state", "to = \"free\"", "to = \"fre\"", "to = |\"fre\"", "fre", "", "\"free\""),
      broken("an unknown key", "above = 110", "above = 110\nshare = 0.5", "|share = 0.5", "unknown key \"share\"",
             "nothing would read it", ""),
  });
}

TEST_CASE("a policy changes a feedback link for all regions alike") {
  const Folder folder;
  std::string text = replaced_once(kSound, kPlace, link_with("", ""));
  text = replaced_once(text, "scale.arrivals.suspects.rate = 0.95",
                       "scale.arrivals.suspects.rate = 0.95\nset.feedback.crowding.response.150 = 1.1");
  for (const auto& error : errors_in(folder.write("sound.toml", text))) FAIL_CHECK(to_string(error));
  text = replaced_once(text, "phase_in = \"24 months\"",
                       "phase_in = \"24 months\"\nscale.feedback.crowding.response.100 = 1.5");
  const auto errors = errors_in(folder.write("regional.toml", text));
  REQUIRE(errors.size() == 1);
  CHECK_THAT(errors[0].problem, Catch::Contains("in some regions"));
}
