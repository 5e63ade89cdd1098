// Capacities by region and places that overflow, wrongly written.
#include <catch2/catch.hpp>

#include "tests/robustness/bad_case.hpp"

namespace {

using namespace bad_scenarios;

const std::string kServers = "servers = 300";
Case broken(const char* name, const std::string& capacity, const std::string& at, const char* problem, const char* why,
            const char* suggestion) {
  return {name, kServers, capacity, at, problem, why, suggestion};
}

}  // namespace

TEST_CASE("a capacity by region is sound") {
  const Folder folder;
  for (const char* const capacity :
       {"servers_in = { north = 200, south = 100 }", "per_day_in.south = 2\nper_day_in.north = 0",
        "servers_in.source = \"court_2014\"\nservers_in.grade = \"measured\"\nservers_in.north = 1\nservers_in.south = "
        "2"}) {
    INFO(capacity);
    for (const auto& error : errors_in(folder.write("sound.toml", replaced_once(kSound, kServers, capacity))))
      FAIL_CHECK(to_string(error));
  }
}

TEST_CASE("every wrong capacity by region is placed and explained") {
  const std::string both = "servers_in = { north = 200, south = 100 }";
  require_one_error_each({
      broken("a region without a number", "servers_in.north = 200", "|servers_in.north = 200",
             "services.courts.servers_in has no \"south\"", "in their own region", "add south"),
      broken("an unknown region", "servers_in = { north = 200, sout = 100 }", "|sout = 100", "no region \"sout\"",
             "labels of region", "\"south\""),
      broken("a number for all under the key by region", "servers_in = 300", "servers_in = |300",
             "services.courts.servers_in", "", ""),
      broken("a table under the key for all", "servers = { north = 200, south = 100 }", "|{ north = 200",
             "services.courts.servers", "", ""),
      broken("a negative number", "servers_in = { north = -1, south = 100 }", "north = |-1",
             "services.courts.servers_in.north", "", ""),
      broken("a number for all and by region", kServers + "\n" + both, "|servers_in = {",
             "has \"servers\" and \"servers_in\"", "one of the two", "remove one"),
      broken("servers and cases a day by region", both + "\nper_day_in = { north = 1, south = 1 }", "|per_day_in = {",
             "has \"servers_in\" and \"per_day_in\"", "one of the two", "remove one"),
      broken("a misspelt key", "server_in = { north = 200, south = 100 }", "|server_in = {",
             "unknown key \"server_in\"", "nothing would read it", "\"servers_in\""),
      {"a service with the name of a region's part", "[services.courts]\n" + kServers,
       "[services.courts_north]\nservers = 5\n\n[services.courts]\n" + both, "[services.|courts_north]",
       "services.courts_north has the name of", "results name them alike", "another name"},
  });
}

TEST_CASE("a capacity by region without regions is placed and explained") {
  const Folder folder;
  std::string text = replaced_once(kSound, "region = [\"north\", \"south\"]\n", "");
  text = replaced_once(text, "region = { north = 0.6, south = 0.4 }\n", "");
  text = replaced_once(text, "regions = [\"north\"]\n", "");
  text = replaced_once(text, kServers, "servers_in = { north = 200, south = 100 }");
  const auto errors = errors_in(folder.write("bad.toml", text));
  REQUIRE(errors.size() == 1);
  CHECK_THAT(errors[0].problem, Catch::Contains("there are no regions"));
  CHECK_THAT(errors[0].suggestion, Catch::Contains("write servers ="));
}

TEST_CASE("policies on a capacity by region") {
  const Folder folder;
  const auto with = [&](const std::string& change) {
    const std::string text = replaced_once(kSound, kServers, "servers_in = { north = 200, south = 100 }");
    return errors_in(folder.write("policy.toml", replaced_once(text, "scale.arrivals.suspects.rate = 0.95", change)));
  };
  CHECK(with("set.services.courts.servers_in.north = 0").empty());
  CHECK(with("scale.services.courts.servers_in = 0.9").empty());
  const auto expect = [&](const std::string& change, const char* problem, const char* suggestion) {
    const auto errors = with(change);
    INFO(change);
    REQUIRE(errors.size() == 1);
    CHECK_THAT(errors[0].problem, Catch::Contains(problem));
    CHECK_THAT(errors[0].suggestion, Catch::Contains(suggestion));
  };
  expect("set.services.courts.servers_in = 5", "several numbers", "services.courts.servers_in.north");
  expect("set.services.courts.servers = 5", "there is no number services.courts.servers", "servers_in");
  expect("set.services.courts.servers_in.west = 5", "there is no number", "services.courts.servers_in.");
  expect("regions = [\"north\"]\nscale.services.courts.servers_in.north = 0.5", "in some regions", "remove regions");
}

namespace {

/// The sound scenario's colonies, which overflow into cells for all.
const std::string kColonies = "[facilities.colonies]\nwhen_full = \"crowd\"\n";
const std::string kCells = "[facilities.cells]\nwhen_full = \"crowd\"\n[facilities.cells.station]\nplaces = 30\n\n";
const std::string kOverflow = kCells + "[facilities.colonies]\nwhen_full = \"overflow\"\noverflow = \"cells\"\n";
Case overflow(const char* name, const std::string& from, const std::string& to, const std::string& at,
              const char* problem, const char* why, const char* suggestion) {
  const std::string text = replaced_once(kOverflow, from, to);
  REQUIRE_FALSE(text.empty());
  return {name, kColonies, text, at, problem, why, suggestion};
}

}  // namespace

TEST_CASE("facilities that overflow are sound") {
  const Folder folder;
  const std::string also_named = replaced_once(kSound, "[facilities.colonies.men]",
                                               "[facilities.colonies.overflow]");  // a facility may have the name
  for (const std::string& text : {replaced_once(kSound, kColonies, kOverflow), also_named})
    for (const auto& error : errors_in(folder.write("sound.toml", text))) FAIL_CHECK(to_string(error));
  // An emergency release may watch the cells.
  const std::string release =
      "[emergency_releases.full]\noccupancy = \"cells\"\nabove = 110\ndown_to = 100\nfrom = [\"prison\"]\nto = "
      "\"free\"\n\n[services.courts]";
  const std::string watched = replaced_once(replaced_once(kSound, kColonies, kOverflow), "[services.courts]", release);
  for (const auto& error : errors_in(folder.write("sound.toml", watched))) FAIL_CHECK(to_string(error));
}

TEST_CASE("every wrong overflow is placed and explained") {
  const std::string named = "overflow = \"cells\"\n";
  require_one_error_each({
      overflow("no group to overflow into", named, "", "[facilities.|colonies]", "has no \"overflow\"",
               "held somewhere", "add overflow"),
      overflow("an unknown group", named, "overflow = \"cell\"\n", "overflow = |\"cell\"", "does not exist",
               "facility groups", "\"cells\""),
      overflow("no name", named, "overflow = true\n", "overflow = |true", "facilities.colonies.overflow", "", ""),
      overflow("itself", named, "overflow = \"colonies\"\n", "overflow = |\"colonies\"", "overflows into itself",
               "full then", "another group"),
      overflow("a group where people wait", "[facilities.cells]\nwhen_full = \"crowd\"",
               "[facilities.cells]\nwhen_full = \"wait\"", "overflow = |\"cells\"", "does not take everybody",
               "held nowhere", "when_full = \"crowd\" in [facilities.cells]"),
      overflow("a group that overflows itself", kCells,
               "[facilities.halls]\n[facilities.halls.one]\nplaces = 5\n\n[facilities.cells]\nwhen_full = "
               "\"overflow\"\noverflow = \"halls\"\n[facilities.cells.station]\nplaces = 30\n\n",
               "overflow = |\"cells\"", "does not take everybody", "held nowhere", "another group"),
      overflow("cells for men alone", "places = 30\n", "places = 30\nonly.sex = [\"male\"]\n", "overflow = |\"cells\"",
               "no facility of \"cells\" admits female", "held nowhere", "add \"female\""),
      overflow("an overflow of a group that crowds", "when_full = \"overflow\"\n", "", "|overflow = \"cells\"",
               "\"overflow\" without when_full", "never be used", "remove it"),
      overflow("a misspelt key", named, named + "overflo = \"cells\"\n", "|overflo = ", "unknown key \"overflo\"",
               "when_full, perhaps overflow", "\"overflow\""),
      overflow("another word for it", "when_full = \"overflow\"", "when_full = \"overflows\"",
               "when_full = |\"overflows\"", "is not known", "crowd", "\"overflow\""),
  });
}
