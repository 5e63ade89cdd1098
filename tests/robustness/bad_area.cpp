// Areas of facilities, wrongly written.
#include <catch2/catch.hpp>

#include "tests/robustness/bad_case.hpp"

namespace {

using namespace bad_scenarios;

const std::string kPlaces = "places = 3000";
Case broken(const char* name, const std::string& area, const std::string& at, const char* problem, const char* why,
            const char* suggestion) {
  return {name, kPlaces, kPlaces + "\n" + area, at, problem, why, suggestion};
}

}  // namespace

TEST_CASE("an area is sound") {
  const Folder folder;
  for (const char* const area :
       {"area = \"12000 m2\"", "area = \"12000.5 m²\"", "area = { value = 12000, unit = \"m2\", grade = \"assumed\" }",
        "area = { low = \"9000 m2\", central = \"10000 m2\", high = \"12000 m2\" }",
        "area = { between = \"steps\", on = { 2010-01-01 = \"9000 m2\", 2012-01-01 = \"9500 m2\" } }"}) {
    INFO(area);
    for (const auto& error :
         errors_in(folder.write("sound.toml", replaced_once(kSound, kPlaces, kPlaces + "\n" + area))))
      FAIL_CHECK(to_string(error));
  }
  const std::string text =
      replaced_once(replaced_once(kSound, kPlaces, kPlaces + "\narea = \"12000 m2\""), "[policies.codes]",
                    "[policies.wing]\nfrom = 2014-01-01\nset.facilities.colonies.women."
                    "area = \"14000 m2\"\n\n[policies.codes]");
  for (const auto& error : errors_in(folder.write("policy.toml", text))) FAIL_CHECK(to_string(error));
}

TEST_CASE("every wrong area is placed and explained") {
  require_one_error_each({
      broken("an area without a unit", "area = 12000", "area = |12000", "an area without a unit", "square feet",
             "\"12000 m2\""),
      broken("an area in other units", "area = \"12000 sqft\"", "area = |\"12000 sqft\"", "unknown unit \"sqft\"",
             "an area is measured in m2", "\"12000 m2\""),
      broken("an area in persons", "area = \"3000 places\"", "area = |\"3000 places\"", "unknown unit \"places\"",
             "an area is measured in", "m2"),
      broken("no area at all", "area = \"0 m2\"", "area = |\"0 m2\"", "the number is 0", "above 0", ""),
      broken("a negative area", "area = \"-5 m2\"", "area = |\"-5 m2\"", "-5 is negative", "an area is 0 or more",
             "minus"),
      broken("a misspelt key", "aera = \"12000 m2\"", "|aera = ", "unknown key \"aera\"", "nothing would read it",
             "\"area\""),
      broken("text", "area = \"large\"", "area = |\"large\"", "\"large\" is not an area", "begin with a finite number",
             ""),
      {"an area of a state", "servers = 300", "servers = 300\narea = \"5 m2\"", "|area = \"5 m2\"",
       "unknown key \"area\"", "nothing would read it", ""},
  });
  const Folder folder;
  const std::string with_area = replaced_once(kSound, kPlaces, kPlaces + "\narea = \"12000 m2\"");
  const auto errors_of = [&](const std::string& change) {
    return errors_in(folder.write("policy.toml", replaced_once(with_area, "[policies.codes]",
                                                               "[policies.wing]\n" + change + "\n\n[policies.codes]")));
  };
  const auto no_space = errors_of("from = 2014-01-01\nscale.facilities.colonies.women.area = 0");
  REQUIRE(no_space.size() == 1);
  CHECK_THAT(no_space[0].problem, Catch::Contains("makes facilities.colonies.women.area 0 on 2014-01-01"));
  CHECK_THAT(no_space[0].why, Catch::Contains("it is above 0"));
  const auto in_a_region =
      errors_of("from = 2014-01-01\nregions = [\"north\"]\nset.facilities.colonies.women.area = \"9000 m2\"");
  REQUIRE(in_a_region.size() == 1);
  CHECK_THAT(in_a_region[0].problem, Catch::Contains("in some regions"));
  const auto of_the_men = errors_of("from = 2014-01-01\nset.facilities.colonies.men.area = \"9000 m2\"");
  REQUIRE(of_the_men.size() == 1);
  CHECK_THAT(of_the_men[0].problem, Catch::Contains("there is no number facilities.colonies.men.area"));
}
