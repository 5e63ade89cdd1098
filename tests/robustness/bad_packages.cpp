// Parts of a package wrongly named.
#include <catch2/catch.hpp>

#include "tests/robustness/bad_case.hpp"

namespace {

using namespace bad_scenarios;

const std::string kCodes = "label = \"New codes\"", kDay = "on = 2011-12-28";
const std::string kRelease =
    "[emergency_releases.when_full]\noccupancy = \"colonies\"\nabove = 110\ndown_to = 100\nfrom = [\"prison\"]\nto = "
    "\"free\"\n";

const std::vector<Case> kParts{
    {"a part that is a number", kCodes, kCodes + "\npackage_part = 2015", "package_part = |2015",
     "policies.codes.package_part", "", ""},
    {"a part that is a list", kCodes, kCodes + "\npackage_part = [\"codes\"]", "package_part = |[\"codes\"]",
     "policies.codes.package_part", "", ""},
    {"a part with a name for people", kCodes, kCodes + "\npackage_part = \"New codes\"",
     "package_part = |\"New codes\"", "\"New codes\" is no name for a part of a package", "", ""},
    {"a part without a name", kCodes, kCodes + "\npackage_part = \"\"", "package_part = |\"\"",
     "\"\" is no name for a part of a package", "", ""},
    {"a part named by a word of the language", kCodes, kCodes + "\npackage_part = \"rest\"", "package_part = |\"rest\"",
     "for a part of a package", "", ""},
    {"a part named like what has no date", kCodes, kCodes + "\npackage_part = \"undated\"",
     "package_part = |\"undated\"", "policies.codes.package_part is \"undated\"", "differs without a date",
     "another name"},
    {"a misspelt key", kCodes, kCodes + "\npackage_parts = \"codes_2015\"",
     "|package_parts = ", "unknown key \"package_parts\"", "nothing would read it", "\"package_part\""},
    {"an amnesty's part that is no name", kDay, kDay + "\npackage_part = \"2011\"", "package_part = |\"2011\"",
     "\"2011\" is no name for a part of a package", "", ""},
    {"an amnesty's part that is no text", kDay, kDay + "\npackage_part = true", "package_part = |true",
     "amnesties.day.package_part", "", ""},
    {"an emergency release's part that is no name", "[measures.prisoners]",
     kRelease + "package_part = \"Full\"\n[measures.prisoners]", "package_part = |\"Full\"",
     "\"Full\" is no name for a part of a package", "", ""},
    {"an emergency release's part that is no text", "[measures.prisoners]",
     kRelease + "package_part = 1\n[measures.prisoners]", "package_part = |1",
     "emergency_releases.when_full.package_part", "", ""},
};

}  // namespace

TEST_CASE("parts of a package are sound") {
  const Folder folder;
  std::string text = replaced_once(kSound, kCodes, kCodes + "\npackage_part = \"codes_2015\"");
  text = replaced_once(text, kDay, kDay + "\npackage_part = \"codes_2015\"");
  text = replaced_once(text, "[measures.prisoners]", kRelease + "package_part = \"fewer\"\n[measures.prisoners]");
  REQUIRE_FALSE(text.empty());
  for (const auto& error : errors_in(folder.write("sound.toml", text))) FAIL_CHECK(to_string(error));
}

TEST_CASE("every wrong part of a package is placed and explained") {
  require_one_error_each(kParts);
}
