// Offences and victims behind a new case: numbers with paths, read back, and part of what a result is made of.
#include <catch2/catch.hpp>

#include "models/describe.hpp"
#include "models/measures.hpp"
#include "tests/unit/reader_support.hpp"

namespace {

using namespace reader_tests;

std::string counted() {
  return replaced_once(
      kSound, "same_offence = 0.6",
      "same_offence = 0.6\noffences_each = 2.8\noffences_each_by.sex.female = 0.5\nvictims_each = { low = "
      "0.5, central = 0.9, high = 1.2 }\nvictims_each_by.offence.violent = 1.1");
}

}  // namespace

TEST_CASE("offences behind new cases: paths, and words to read them back") {
  const Scenario s = read_text_as(counted());
  CHECK(at(s, "reoffending.offences_each").value == 2.8);
  CHECK(at(s, "reoffending.offences_each_by.sex.female").value == 0.5);
  CHECK(at(s, "reoffending.victims_each").uncertainty == Uncertainty::triangular);
  const std::string page = describe(s);
  for (const char* words :
       {"2.8 offences, times 0.5 for female", "0.9 (0.5 to 1.2) victims of each, times 1.1 for violent",
        "reoffending.victims_each_by.offence.violent"})
    CHECK_THAT(page, Catch::Contains(words));
  CHECK_THAT(describe(read_text_as(kSound)), !Catch::Contains("behind a new case"));
}

TEST_CASE("offences behind new cases: any change of them changes the resolved text") {
  const std::string text = resolved_text(read_text_as(counted()));
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"offences_each = 2.8", "offences_each = 2.9"},
           {"offences_each_by.sex.female = 0.5", "offences_each_by.sex.male = 0.5"},
           {"central = 0.9, high = 1.2", "central = 0.8, high = 1.2"},
           {"victims_each_by.offence.violent", "victims_each_by.offence.theft"}}) {
    INFO(from << " → " << to);
    CHECK(resolved_text(read_text_as(replaced_once(counted(), from, to))) != text);
  }
}

TEST_CASE("offences behind new cases: measures by region, by sex and age, and by offence, where declared") {
  const auto dimensions = [](const std::string& text) {
    const Measures measures(read_text_as(text));
    std::vector<std::string> found;
    for (const MeasureInfo& info : measures.infos()) {
      if (info.name.rfind("offences", 0) != 0 && info.name.rfind("victims", 0) != 0) continue;
      std::string words = info.name + ":";
      for (const std::size_t dimension : info.dimensions) words += " " + measures.dimensions()[dimension].name;
      found.push_back(words);
    }
    return found;
  };
  CHECK(dimensions(kSound).empty());
  CHECK(dimensions(counted()) ==
        std::vector<std::string>{"offences: region", "offences_by_sex_and_age: sex age", "offences_by_offence: offence",
                                 "victims: region", "victims_by_sex_and_age: sex age", "victims_by_offence: offence"});
}
