// A scenario read back: the page for people, and the text that stands for everything that moves a result.
#include <catch2/catch.hpp>
#include <sstream>

#include "models/describe.hpp"
#include "tests/unit/reader_support.hpp"

namespace {

using namespace reader_tests;

const std::string kFull = kSound + R"toml(
[policies.more]
from = 2012-01-01
set.states.probation.breach = { value = 0.2, grade = "fitted", source = "court_2014", note = "to breaches 2010-2012" }
[population]
series = 17000000
)toml";

}  // namespace

TEST_CASE("describe: the words of the language, and what nobody published") {
  const std::string page = describe(read_text_as(kFull));
  for (const char* words :
       {"A small system", "2010-01-01 to 2019-12-31", "Theft (ICCS 0502)",
        "term lognormal, mean 4 years, sigma 0.9, times 2.4 for violent, then free", "prison 0.4, probation the rest",
        "for theft: prison 0.2, probation 0.8", "for theft and female:",
        "parole hearing (board) after 0.5 (0.3 to 0.6) of the term", "breach at 5 per 100 per year",
        "2015-01-01  codes (New codes), until 2018-01-01, phased in over 24 months, in north",
        "set states.sentence.shares.prison to 0.25 (without policies 0.4)", "300 cases at once",
        "Assumed, published by nobody: ", "results agree with a series: 1 number", "to breaches 2010-2012",
        "[1]   Supreme Court, first half of 2014", "Grades\n  measured       0\n"})
    CHECK_THAT(page, Catch::Contains(words));
}

TEST_CASE("describe: a capacity by region") {
  const std::string page = describe(read_text_as(
      replaced_once(kFull, "servers = 300", "label = \"Courts\"\nservers_in = { south = 100, north = 200 }")));
  for (const char* words : {"Courts\n", "200 cases at once in north\n", "100 cases at once in south; first: charge",
                            "services.courts.servers_in.south"})
    CHECK_THAT(page, Catch::Contains(words));
}

TEST_CASE("describe: a feedback link for some classes") {
  const std::string link =
      "[feedback.over_supervision]\ncaseload = [\"probation\"]\nofficers = 40\nresponse = { 20 = 1.3, 60 = 1.0 }\n"
      "acts_on = [\"states.probation.breach\"]\nonly.risk = [\"low\"]\n";
  const Scenario scenario = read_text_as(kFull + link);
  CHECK_THAT(describe(scenario),
             Catch::Contains("factor 1.3 at 20 and 1 at 60 on states.probation.breach; only risk low"));
  CHECK(resolved_text(scenario) !=
        resolved_text(read_text_as(kFull + replaced_once(link, "only.risk = [\"low\"]\n", ""))));
}

TEST_CASE("describe: a feedback link on a service") {
  const std::string link =
      "[feedback.ill]\noccupancy = \"colonies\"\nresponse = { 100 = 1, 150 = 0.7 }\nacts_on = [\"services.courts\"]\n";
  const Scenario scenario = read_text_as(kFull + link);
  CHECK_THAT(describe(scenario), Catch::Contains("factor 1 at 100 and 0.7 at 150 on services.courts"));
  CHECK_THAT(resolved_text(scenario), Catch::Contains("acts_on = [\"services.courts\"]"));
}

TEST_CASE("describe: the area of a facility") {
  const Scenario scenario = read_text_as(replaced_once(kFull, "places = 3000", "places = 3000\narea = \"12000 m2\""));
  CHECK_THAT(describe(scenario), Catch::Contains("3000 places; only female; 12000 m2 to live in; opens"));
  CHECK_THAT(resolved_text(scenario), Catch::Contains("area = facilities.colonies.women.area") &&
                                          Catch::Contains("value = 12000, base = \"m2\", unit = \"m2\""));
}

TEST_CASE("describe: facilities that overflow") {
  const Scenario scenario =
      read_text_as(replaced_once(kFull, "when_full = \"crowd\"\n", "when_full = \"overflow\"\noverflow = \"cells\"\n") +
                   "[facilities.cells]\n[facilities.cells.station]\nplaces = 9\n");
  CHECK_THAT(describe(scenario),
             Catch::Contains("Facilities: colonies (when full, people are held in cells until a place is free)"));
  CHECK_THAT(resolved_text(scenario), Catch::Contains("when_full = \"overflow\"\noverflow = \"cells\"\n"));
}

TEST_CASE("describe: lines fit the width") {
  for (const std::size_t width : {80u, 110u}) {
    std::istringstream lines(describe(read_text_as(kFull), {width, {}}));
    for (std::string line; std::getline(lines, line);) CHECK(line.size() <= width + 10);  // paths are never broken
  }
}

TEST_CASE("describe: the numbers of one grade") {
  const std::string page = describe(read_text_as(kFull), {100, Grade::fitted});
  CHECK_THAT(page, Catch::StartsWith("Numbers graded fitted"));
  CHECK_THAT(page, Catch::Contains("policies.more.set.states.probation.breach"));
  CHECK_THAT(page, !Catch::Contains("states.prison.term.mean"));
}

TEST_CASE("resolved text: the same for the same meaning") {
  const std::string text = resolved_text(read_text_as(kFull));
  CHECK(text == resolved_text(read_text_as(kFull)));
  CHECK(text == resolved_text(read_text_as("# a comment\n\n" + kFull)));
  const Folder folder;
  folder.write("base.toml", kFull);
  CHECK(text == resolved_text(read_scenario(folder.write("upper.toml", "extends = \"base.toml\"\n"))));
}

TEST_CASE("resolved text: anything that moves a result changes it") {
  const std::vector<std::pair<std::string, std::string>> changes{
      {"start = 2010-01-01\nend", "start = 2010-01-02\nend"},
      {"end = 2020-01-01", "end = 2020-01-02"},
      {"seed = 7", "seed = 8"},
      {"replications = 20", "replications = 21"},
      {"parameters = \"central\"", "parameters = \"drawn\""},
      {"initial = \"stationary\"", "initial = \"empty\""},
      {"oldest_age = 80", "oldest_age = 81"},
      {"region = [\"north\", \"south\"]", "region = [\"north\", \"south\", \"east\"]"},
      {"pretrial = true\n", ""},
      {"mean = \"60 days\"", "mean = \"60.000000001 days\""},
      {"distribution = \"exponential\"", "shape = 1, distribution = \"gamma\""},
      {"conviction = true\n", ""},
      {"free = 0.3 }", "free = \"rest\" }"},
      {"shares_for.theft = { prison = 0.2, probation = 0.8 }",
       "shares_for.violent = { prison = 0.2, probation = 0.8 }"},
      {"{ prison = 3.0 }", "{ probation = 3.0 }"},
      {"term_by.offence.violent = 2.4", "term_by.offence.theft = 2.4"},
      {"mean = \"4 years\", sigma", "median = \"4 years\", sigma"},
      {"pretrial_credit = 1\n", "pretrial_credit = 0\n"},
      {"automatic_release = 0.9\n", ""},
      {"low = 0.3", "low = 0.31"},
      {"kind = \"liberty\"\n", "kind = \"liberty\"\ncontrol = \"conditional\"\n"},
      {"on_breach = \"board\"", "on_breach = \"sentence\""},
      {"between = \"steps\"", "between = \"lines\""},
      {"2012-01-01 = 39000", "2012-01-02 = 39000"},
      {"offence_by.sex.female", "offence_by.sex.male"},
      {"elapsed = \"stationary\"", "elapsed = \"none\""},
      {"persons = 1000\n", "persons = \"stationary\"\n"},
      {"same_offence = 0.6", "same_offence = 0.7"},
      {"opens = 2000-01-01\n", ""},
      {"closes = 2030-01-01", "closes = 2019-01-01"},
      {"servers = 300", "per_day = 300"},
      {"servers = 300", "servers_in = { north = 150, south = 150 }"},
      {"[facilities.colonies]\nwhen_full = \"crowd\"",
       "[facilities.cells]\n[facilities.cells.station]\nplaces = 9\n[facilities.colonies]\nwhen_full = \"overflow\"\n"
       "overflow = \"cells\""},
      {"priority = [\"charge\"]\n", ""},
      {"until = 2018-01-01\n", ""},
      {"phase_in = \"24 months\"", "phase_in = \"23 months\""},
      {"applies_to = \"everyone\"", "applies_to = \"inside\""},
      {"regions = [\"north\"]\n", ""},
      {"scale.states.prison.term = 0.9", "scale.states.prison.automatic_release = 0.9"},
      {"on = 2011-12-28", "on = 2011-12-29"},
      {"persons = 100\n", "share = 0.5\n"},
      {"only.sex = [\"female\"]\nlongest", "only.sex = [\"male\"]\nlongest"},
      {"longest_remaining = \"3 years\"\n", ""},
      {"by = [\"sex\", \"offence\"]", "by = [\"sex\"]"},
      {"quantity = \"stock\"", "quantity = \"entries\""},
      {"series = 17000000", "series = 17000001"},
  };
  CHECK(changes.size() >= 30);
  const std::string text = resolved_text(read_text_as(kFull));
  for (const auto& [from, to] : changes) {
    INFO(from << " → " << to);
    const std::string changed = replaced_once(kFull, from, to);
    REQUIRE_FALSE(changed.empty());
    CHECK(resolved_text(read_text_as(changed)) != text);
  }
}
