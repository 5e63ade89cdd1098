// Durations and terms of classes of persons: read from text and from tables, the row that counts for each class, what
// policies change, and how they are read back.
#include <catch2/catch.hpp>

#include "models/describe.hpp"
#include "models/model.hpp"
#include "tests/unit/reader_support.hpp"

namespace {

using namespace reader_tests;

const std::string kBy = "term_by.offence.violent = 2.4\n";
const std::string kRows = kBy + R"toml(term_for.female = { distribution = "lognormal", mean = "14 months", sigma = 0.6 }
term_for."theft/18-24" = "6 months"
term_for."risk:high" = { distribution = "gamma", mean = "5 years", shape = 2 }
term_for."theft/female" = { distribution = "exponential", mean = "3 months" }
)toml";

std::string with_rows() {
  return replaced_once(kSound, kBy, kRows);
}

/// The clock of everybody of `cell` in prison on the first day.
class Prison {
 public:
  explicit Prison(const std::string& text)
      : scenario_(read_text_as(text)), model_(scenario_, draw_values(scenario_, {})) {}
  const StateTable& table(std::size_t version = 0) const { return *model_.versions()[version].states[0][2]; }
  std::uint32_t cell(std::uint16_t region, std::uint16_t sex, std::uint16_t offence, std::uint16_t age,
                     std::uint16_t risk) const {
    const Cells& cells = model_.cells();
    std::uint32_t cell = cells.with_label(0, Trait::region, region);
    cell = cells.with_label(cell, Trait::sex, sex);
    cell = cells.with_label(cell, Trait::offence, offence);
    cell = cells.with_label(cell, Trait::age, age);
    return cells.with_label(cell, Trait::risk, risk);
  }
  double mean_days(std::uint32_t cell, std::size_t version = 0) const {
    return table(version).clock_of_cell(cell, model_.region_stride()).law.base_mean() / 1440.0;
  }
  const Model& model() const { return model_; }
  const Scenario& scenario() const { return scenario_; }

 private:
  Scenario scenario_;
  Model model_;
};

constexpr double kYear = 365.2425;

}  // namespace

TEST_CASE("laws of classes: paths of numbers, in the order of the text") {
  const Scenario s = read_text_as(with_rows());
  REQUIRE(s.states[2].law_for.size() == 4);
  CHECK(s.states[2].law_for[1].conditions == Conditions{{Trait::offence, 1}, {Trait::age, 1}});
  CHECK(s.states[2].law_for[2].conditions == Conditions{{Trait::risk, 1}});
  CHECK(s.states[2].law_for[2].law.family == Family::gamma);
  CHECK(at(s, "states.prison.term_for.female.mean").value == Approx(14 * kYear / 12));
  CHECK(at(s, "states.prison.term_for.female.sigma").value == 0.6);
  CHECK(at(s, "states.prison.term_for.theft/18-24").value == Approx(kYear / 2));
  CHECK(at(s, "states.prison.term_for.risk:high.shape").value == 2);
  const auto all = paths(s);
  const auto base = std::find(all.begin(), all.end(), "states.prison.term_by.offence.violent");
  REQUIRE(base != all.end());
  CHECK(*(base + 1) == "states.prison.term_for.female.mean");
}

TEST_CASE("laws of classes: a table says the same as text") {
  const Folder folder;
  folder.write("terms.csv",
               "offence,sex,age,risk,distribution,mean,sigma,shape,grade,source\n"
               ",female,,,lognormal,14 months,0.6,,measured,\"Courts, 2014\"\n"
               "theft,,18-24,,,6 months,,,,\n"
               ",,,high,gamma,5 years,,2,,\n"
               "theft,female,,,exponential,3 months,,,,\n");
  const Scenario table =
      read_scenario(folder.write("s.toml", replaced_once(kSound, kBy, kBy + "term_for = { table = \"terms.csv\" }\n")));
  const std::string text = replaced_once(with_rows(), "term_for.\"risk:high\"", "term_for.high");
  const Scenario plain = read_text_as(text);
  CHECK(paths(table).size() == paths(plain).size());
  for (const Parameter& p : plain.parameters) CHECK(at(table, p.path).value == p.value);
  REQUIRE(table.states[2].law_for.size() == 4);
  for (std::size_t row = 0; row < 4; ++row) {
    CHECK(table.states[2].law_for[row].conditions == plain.states[2].law_for[row].conditions);
    CHECK(table.states[2].law_for[row].law.family == plain.states[2].law_for[row].law.family);
  }
  CHECK(at(table, "states.prison.term_for.female.sigma").grade == Grade::measured);
  CHECK(at(table, "states.prison.term_for.female.mean").source == "Courts, 2014");
  CHECK(at(table, "states.prison.term_for.theft/18-24").grade == Grade::assumed);
}

TEST_CASE("laws of classes: the unit of a row is the mean's") {
  const Folder folder;
  folder.write("terms.csv", "sex,distribution,mean,sigma,unit\nfemale,lognormal,14,0.6,months\n");
  const Scenario s =
      read_scenario(folder.write("s.toml", replaced_once(kSound, kBy, kBy + "term_for = { table = \"terms.csv\" }\n")));
  CHECK(at(s, "states.prison.term_for.female.mean").value == Approx(14 * kYear / 12));
  CHECK(at(s, "states.prison.term_for.female.sigma").value == 0.6);
}

TEST_CASE("laws of classes: the row with most conditions counts, among equals the first, else the base") {
  const Prison prison(replaced_once(with_rows(), "regions = [\"north\"]\n", ""));
  const auto mean = [&](std::uint16_t sex, std::uint16_t offence, std::uint16_t age, std::uint16_t risk) {
    return prison.mean_days(prison.cell(1, sex, offence, age, risk));
  };
  CHECK(mean(0, 0, 1, 0) == Approx(4 * kYear));        // a man, violent, 18 to 24, low: the base
  CHECK(mean(1, 0, 1, 0) == Approx(14 * kYear / 12));  // a woman
  CHECK(mean(1, 0, 1, 1) == Approx(14 * kYear / 12));  // a woman of high risk: two rows with one label, the first
  CHECK(mean(0, 0, 1, 1) == Approx(5 * kYear));        // a man of high risk
  CHECK(mean(0, 1, 1, 1) == Approx(kYear / 2));        // theft, 18 to 24, high: two labels win
  CHECK(mean(1, 1, 1, 0) == Approx(kYear / 2));        // two rows with two labels: the first
  CHECK(mean(1, 1, 2, 0) == Approx(kYear / 4));        // theft, a woman above 24
  // The modifier multiplies whichever law counts.
  CHECK(prison.table().rows[prison.cell(1, 1, 0, 1, 0)].factor == Approx(2.4));
  CHECK(prison.table().rows[prison.cell(1, 1, 1, 1, 0)].factor == 1.0f);
  // One clock a law that somebody draws from; the other states have one clock and no look-up.
  CHECK(prison.table().clocks.size() == 5);
  CHECK(prison.table().clock_by_cell.size() == prison.model().cells().count);
  CHECK(prison.model().versions()[0].states[0][4]->clock_by_cell.empty());
  CHECK(prison.model().versions()[0].states[0][4]->clocks.size() == 1);
}

TEST_CASE("laws of classes: policies change one row or all rows, in a region too, and leave the base alone") {
  const std::string one = replaced_once(with_rows(), "scale.states.prison.term = 0.9",
                                        "scale.states.prison.term_for.female = 0.5");  // in the north, phased in
  const std::string now = replaced_once(one, "phase_in = \"24 months\"\n", "");
  const Prison prison(now);
  REQUIRE(prison.model().versions().size() == 3);
  const auto mean = [&](std::uint16_t region, std::uint16_t sex, std::uint16_t risk) {
    return prison.mean_days(prison.cell(region, sex, 0, 1, risk), 1);
  };
  CHECK(mean(0, 1, 0) == Approx(7 * kYear / 12));
  CHECK(mean(1, 1, 0) == Approx(14 * kYear / 12));
  CHECK(mean(0, 0, 0) == Approx(4 * kYear));
  CHECK(prison.table(1).clocks.size() == 10);  // five laws in two regions
  CHECK(&prison.table(0) == &prison.table(2));
  const Prison all(
      replaced_once(now, "scale.states.prison.term_for.female = 0.5", "scale.states.prison.term_for = 0.5"));
  CHECK(all.mean_days(all.cell(0, 1, 0, 1, 0), 1) == Approx(7 * kYear / 12));
  CHECK(all.mean_days(all.cell(0, 0, 0, 1, 1), 1) == Approx(2.5 * kYear));
  CHECK(all.mean_days(all.cell(0, 0, 1, 1, 0), 1) == Approx(kYear / 4));
  CHECK(all.mean_days(all.cell(0, 0, 0, 1, 0), 1) == Approx(4 * kYear));
  const Prison base(replaced_once(now, "scale.states.prison.term_for.female = 0.5", "scale.states.prison.term = 0.5"));
  CHECK(base.mean_days(base.cell(0, 1, 0, 1, 0), 1) == Approx(14 * kYear / 12));
  CHECK(base.mean_days(base.cell(0, 0, 0, 1, 0), 1) == Approx(2 * kYear));
}

TEST_CASE("laws of classes: read back in the same words, and all of it in the resolved text") {
  const std::string page = describe(read_text_as(with_rows()));
  for (const char* words :
       {"for female: lognormal, mean 14 months, sigma 0.6, times 2.4 for violent", "for theft and age 18-24: 6 months",
        "for risk high: gamma, mean 5 years, shape 2", "states.prison.term_for.female.mean"})
    CHECK_THAT(page, Catch::Contains(words));
  const std::string text = resolved_text(read_text_as(with_rows()));
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"term_for.female", "term_for.male"},
                                                        {"distribution = \"gamma\", mean = \"5 years\", shape = 2",
                                                         "distribution = \"weibull\", scale = \"5 years\", shape = 2"},
                                                        {"mean = \"14 months\"", "median = \"14 months\""},
                                                        {"term_for.\"theft/18-24\" = \"6 months\"\n", ""},
                                                        {"\"6 months\"\nterm_for", "\"7 months\"\nterm_for"}}) {
    INFO(from << " → " << to);
    const std::string changed = replaced_once(with_rows(), from, to);
    REQUIRE_FALSE(changed.empty());
    CHECK(resolved_text(read_text_as(changed)) != text);
  }
}

TEST_CASE("laws of classes: the upper file replaces a row and removes one") {
  const Folder folder;
  folder.write("base.toml", with_rows());
  const Scenario s = read_scenario(folder.write("upper.toml", R"toml(extends = "base.toml"
grade = "assumed"
[states.prison.term_for]
female = "1 year"
"risk:high" = "none"
male = "2 years"
)toml"));
  REQUIRE(s.states[2].law_for.size() == 4);
  CHECK(s.states[2].law_for[0].law.family == Family::fixed);
  CHECK(at(s, "states.prison.term_for.female").value == Approx(kYear));
  CHECK(s.states[2].law_for[3].conditions == Conditions{{Trait::sex, 0}});
}
