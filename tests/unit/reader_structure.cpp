// Classes, states, shares, modifiers, series, tables, extends and policies as the rest of the program sees them.
#include <catch2/catch.hpp>

#include "models/csv_table.hpp"
#include "tests/unit/reader_support.hpp"

namespace {

using namespace reader_tests;
using prisonflow::sim::make_date;
using Labels = std::vector<std::string>;

}  // namespace

TEST_CASE("reader: classes, bands and their texts") {
  const Scenario s = read_text_as(kSound);
  CHECK(s.traits[index_of(Trait::age)].labels == Labels{"14-17", "18-24", "25+"});
  CHECK(s.traits[index_of(Trait::age)].lower_bounds == std::vector<std::int32_t>{14, 18, 25});
  CHECK(s.traits[index_of(Trait::prior)].labels == Labels{"0", "1-2", "3+"});
  CHECK(s.traits[index_of(Trait::offence)].descriptions[1] == "Theft (ICCS 0502)");
  CHECK(s.oldest_age == 80);
  const Scenario smallest = read_text_as(kSmallest);
  for (const TraitClasses& trait : smallest.traits) CHECK(trait.labels == Labels{"all"});
}

TEST_CASE("reader: states in the order of the text, with their defaults") {
  const Scenario s = read_text_as(kSound);
  Labels names;
  for (const State& state : s.states) names.push_back(state.name);
  CHECK(names == Labels{"charge", "sentence", "prison", "board", "probation", "free", "end", "dead"});
  const State& charge = s.states[0];
  CHECK(charge.held);
  CHECK(charge.pretrial);
  CHECK(charge.control == Control::none);
  CHECK(charge.clock == Clock::duration);
  CHECK(charge.law.family == Family::exponential);
  CHECK(charge.on_completion == 1);
  CHECK_FALSE(charge.at_risk);
  const State& prison = s.states[2];
  CHECK(prison.clock == Clock::term);
  CHECK(prison.on_milestone == 3);
  CHECK(prison.control == Control::custody);
  CHECK(prison.where.line == 46);
  CHECK(given(prison.pretrial_credit));
  const State& free = s.states[5];
  CHECK(free.at_risk);
  CHECK(free.clock == Clock::none);
  CHECK(free.leaving.declared());
  CHECK(s.states[1].conviction);
  CHECK(s.reoffending.time.family == Family::weibull);
  CHECK(s.mortality.to == 7);
}

TEST_CASE("reader: nobody is at risk where the ratio is 0 and stays 0") {
  const std::string zero = replaced_once(kSound, "reoffending_ratio = 1.1", "reoffending_ratio = 0");
  CHECK_FALSE(read_text_as(zero).states[5].at_risk);
  CHECK(read_text_as(replaced_once(zero, "scale.states.prison.term = 0.9", "set.states.free.reoffending_ratio = 1"))
            .states[5]
            .at_risk);
  CHECK(read_text_as(replaced_once(kSound, "pretrial = true", "pretrial = true\nreoffending_ratio = 0.2"))
            .states[0]
            .at_risk);
}

TEST_CASE("reader: the words for a term") {
  const auto prison = [](const std::string& term) {
    return read_text_as(replaced_once(kSmallest, "duration = \"6 months\"", term)).states[0];
  };
  CHECK(prison("term = \"6 months\"").clock == Clock::term);
  CHECK(prison("term = \"remainder\"").clock == Clock::remainder);
  CHECK(prison("term = \"continue\"").clock == Clock::proceed);
  const Scenario life =
      read_text_as(replaced_once(kSmallest, "duration = \"6 months\"\nnext = \"end\"", "term = \"life\"") +
                   "[mortality]\nto = \"end\"\nrate = 0.01\n");
  CHECK(life.states[0].clock == Clock::none);
  CHECK(life.states[0].on_completion == kNoState);
}

TEST_CASE("reader: shares, their rows and odds") {
  const Scenario s = read_text_as(kSound);
  const Shares& shares = s.states[1].shares;
  CHECK(shares.targets == std::vector<std::uint16_t>{2, 4});
  CHECK(given(shares.base[0]));
  CHECK_FALSE(given(shares.base[1]));
  REQUIRE(shares.rows.size() == 2);
  CHECK(shares.rows[0].conditions == std::vector<std::pair<Trait, std::uint16_t>>{{Trait::offence, 1}});
  CHECK(s.central(shares.rows[0].shares[1]) == 0.8);
  CHECK(shares.rows[1].conditions.size() == 2);
  CHECK_FALSE(given(shares.rows[1].shares[1]));
  REQUIRE(shares.modifiers.size() == 1);
  CHECK(shares.modifiers[0].branch == 0);
  CHECK(s.parameter(shares.modifiers[0].odds).path == "states.sentence.shares_by.offence.violent.prison");
  const Shares& mix = s.arrivals[0].mix[index_of(Trait::offence)];
  CHECK(mix.targets == std::vector<std::uint16_t>{1, 0});
  CHECK(mix.modifiers[0].branch == 1);
}

TEST_CASE("reader: a branch that a row does not name has share 0") {
  const Scenario s = read_text_as(replaced_once(kSound, "shares_for.theft = { prison = 0.2, probation = 0.8 }",
                                                "shares_for.theft = { probation = 1 }"));
  CHECK(at(s, "states.sentence.shares_for.theft.prison").value == 0);
  CHECK(at(s, "states.sentence.shares_for.theft.prison").grade == Grade::assumed);
}

TEST_CASE("reader: a label of two traits is told apart by its trait") {
  std::string text = replaced_once(kSound, "risk = [\"low\", \"high\"]", "risk = [\"low\", \"high\", \"theft\"]");
  CHECK(bad_scenarios::errors_in(Folder().write("x.toml", text)).size() == 2);
  text = replaced_once(text, "shares_for.theft =", "shares_for.\"offence:theft\" =");
  text = replaced_once(text, "shares_for.\"theft/female\"", "shares_for.\"risk:theft/female\"");
  const Scenario s = read_text_as(text);
  CHECK(s.states[1].shares.rows[0].conditions[0].first == Trait::offence);
  CHECK(s.states[1].shares.rows[1].conditions[0].first == Trait::risk);
}

TEST_CASE("reader: series of one point, of dates and from a table") {
  const Folder folder;
  folder.write("rate.csv",
               "# intake\ndate,value,grade,source\n2012-01-01,200,measured,\"Report, 2013\"\n2010-01-01,100,,\n");
  const Scenario s = read_scenario(folder.write(
      "s.toml", replaced_once(kSmallest, "rate = 100", "rate = { table = \"rate.csv\", between = \"lines\" }")));
  const Series& series = s.arrivals[0].rate;
  CHECK(series.linear);
  REQUIRE(series.points.size() == 2);
  CHECK(series.points[0].first == make_date(2010, 1, 1));
  CHECK(s.central(series.points[0].second) == 100);
  const Parameter late = at(s, "arrivals.all.rate.2012-01-01");
  CHECK(late.source == "Report, 2013");
  CHECK(late.grade == Grade::measured);
  CHECK(late.where.file == 1);
  CHECK(late.where.line == 3);
  CHECK(late.where.column == 12);
  CHECK(at(s, "arrivals.all.rate.2010-01-01").grade == Grade::assumed);
  CHECK(s.files[1].path == "rate.csv");
  CHECK(read_text_as(kSmallest).arrivals[0].rate.points.size() == 1);
}

TEST_CASE("reader: modifiers, rows, odds and durations from tables say the same as text") {
  const Folder folder;
  folder.write("tables/factors.csv", "trait,label,value\noffence,violent,2.4\n");
  folder.write("tables/rows.csv", "offence,sex,prison,probation\ntheft,,0.2,0.8\ntheft,female,0.1,rest\n");
  folder.write("tables/odds.csv", "trait,label,branch,value\noffence,violent,prison,3.0\n");
  std::string text =
      replaced_once(kSound, "term_by.offence.violent = 2.4", "term_by = { table = \"tables/factors.csv\" }");
  text = replaced_once(text, "shares_by.offence.violent = { prison = 3.0 }",
                       "shares_by = { table = \"tables/odds.csv\" }");
  text = replaced_once(
      text,
      "shares_for.theft = { prison = 0.2, probation = 0.8 }\nshares_for.\"theft/female\" = { prison = 0.1, "
      "probation = \"rest\" }",
      "shares_for = { table = \"tables/rows.csv\" }");
  const Scenario tables = read_scenario(folder.write("s.toml", text));
  const Scenario plain = read_text_as(kSound);
  CHECK(paths(tables).size() == paths(plain).size());
  for (const Parameter& p : plain.parameters) CHECK(at(tables, p.path).value == p.value);
  CHECK(tables.states[1].shares.rows[1].conditions == plain.states[1].shares.rows[1].conditions);

  folder.write("waits.csv", "duration,share\n10 days,0.5\n\"30 days\",1\n");
  const Scenario waits = read_scenario(
      folder.write("w.toml", replaced_once(kSmallest, "duration = \"6 months\"",
                                           "duration = { distribution = \"empirical\", table = \"waits.csv\" }")));
  CHECK(waits.states[0].law.family == Family::empirical);
  REQUIRE(waits.states[0].law.points.size() == 2);
  CHECK(at(waits, "states.prison.duration.points.2.duration").value == 30);
  CHECK(at(waits, "states.prison.duration.points.1.share").value == 0.5);
}

TEST_CASE("reader: CSV with quotes, blank lines, comments, carriage returns and a byte order mark") {
  Problems problems;
  const auto table =
      parse_csv("\xEF\xBB\xBF# c\r\n\r\na, b ,\"c\"\r\n1,\"x, \"\"y\"\"\",\r\n \"é\" , 2,3", 0, problems);
  REQUIRE(table);
  CHECK(problems.none());
  CHECK(table->header[1].text == "b");
  CHECK(table->header[1].where.column == 4);
  REQUIRE(table->rows.size() == 2);
  CHECK(table->rows[0][1].text == "x, \"y\"");
  CHECK(table->rows[0][2].text.empty());
  CHECK(table->rows[1][0].text == "é");
  CHECK(table->rows[1][1].text == "2");
  CHECK(table->rows[1][1].where.line == 5);
  CHECK(table->rows[1][1].where.column == 8);
}

TEST_CASE("extends: the lower file's order first, then what is new; values replaced, tables merged, \"none\" removes") {
  const Folder folder;
  folder.write("base.toml", kSound);
  folder.write(
      "middle.toml",
      "extends = \"base.toml\"\ngrade = \"assumed\"\n[states.late]\nkind = \"exit\"\n[states.board.shares]\nlate = "
      "0.1\n"
      "[states.prison]\nautomatic_release = 0.5\nterm = { distribution = \"exponential\", mean = \"2 years\" }\n");
  const Scenario s = read_scenario(folder.write("upper.toml", R"toml(extends = "middle.toml"
grade = "assumed"
policies.codes = "none"
policies.fewer = "none"
states.prison.term_by = "none"
[scenario]
title = "Changed"
[states.early]
kind = "exit"
[states.board.shares]
prison = 0.5
early = 0.1
[arrivals.suspects.rate.on]
2014-01-01 = 35000
[states.probation]
control = "none"
)toml"));
  Labels names;
  for (const State& state : s.states) names.push_back(state.name);
  CHECK(names == Labels{"charge", "sentence", "prison", "board", "probation", "free", "end", "dead", "late", "early"});
  CHECK(s.title == "Changed");
  CHECK(s.name == "small");
  CHECK(s.policies.empty());
  CHECK(s.states[2].law.factors.empty());
  CHECK(s.states[2].law.family == Family::exponential);
  CHECK(at(s, "states.prison.automatic_release").value == 0.5);
  CHECK(at(s, "states.prison.term.sigma").path.empty());
  CHECK(at(s, "states.board.shares.early").where.file == 0);
  CHECK(at(s, "states.board.shares.free").where.file == 2);
  CHECK(s.states[3].shares.targets.size() == 4);
  CHECK(s.arrivals[0].rate.points.size() == 3);
  CHECK(s.states[4].control == Control::none);
  Labels files;
  for (const SourceFile& file : s.files) files.push_back(file.path);
  CHECK(files == Labels{"upper.toml", "middle.toml", "base.toml"});
}

TEST_CASE("policies: targets, order by date, and what may be written") {
  const Scenario s = read_text_as(kSound + R"toml(
[policies.later]
from = 2016-01-01
shift.states.board.shares.prison = -0.1
shift.states.board.shares.free = 0.1
[policies.earlier]
from = 2005-01-01
applies_to = "new cases"
scale.states.probation.duration = 0.5
set.arrivals.suspects.rate.2012-01-01 = 1000
[policies.same_day]
from = 2015-01-01
applies_to = "inside"
set.states.probation.duration_by.risk.high = 2
)toml");
  Labels names;
  for (const Policy& policy : s.policies) names.push_back(policy.name);
  CHECK(names == Labels{"earlier", "codes", "fewer", "same_day", "later"});
  const Policy& earlier = s.policies[0];
  CHECK_FALSE(earlier.everyone);
  CHECK(earlier.changes[0].targets.size() == 2);
  CHECK(s.parameter(earlier.changes[0].targets[1]).path == "states.probation.duration.longest");
  CHECK(s.parameter(earlier.changes[1].value).path == "policies.earlier.set.arrivals.suspects.rate.2012-01-01");
  const Policy& codes = s.policies[1];
  CHECK(codes.phase_in_months == 24);
  CHECK(codes.regions == std::vector<std::uint16_t>{0});
  CHECK(codes.until == make_date(2018, 1, 1));
  REQUIRE(codes.changes.size() == 2);
  CHECK(codes.changes[1].operation == Operation::scale);
  CHECK(s.parameter(codes.changes[1].targets[0]).path == "states.prison.term.mean");
  CHECK(s.policies[2].changes[0].targets.size() == 2);
  CHECK(s.policies[3].inside);
  CHECK(s.central(s.policies[4].changes[0].value) == -0.1);
}

TEST_CASE("policies: several together must leave numbers sound, in every region and for every date of a case") {
  const auto errors = [](const std::string& text) { return bad_scenarios::errors_in(Folder().write("x.toml", text)); };
  const std::string two = kSound + "\n[policies.a]\nfrom = 2012-01-01\nshift.states.sentence.shares.prison = 0.4\n";
  CHECK(errors(two).empty());
  const auto found =
      errors(two + "[policies.b]\nfrom = 2013-01-01\nuntil = 2014-01-01\nshift.states.sentence.shares.prison = 0.3\n");
  REQUIRE(found.size() == 1);
  CHECK_THAT(found[0].problem, Catch::Contains("policies.b makes states.sentence.shares.prison 1.1 on 2013-01-01"));
  const std::string south =
      two + "[policies.b]\nfrom = 2013-01-01\nregions = [\"south\"]\nshift.states.sentence.shares.prison = 0.3\n";
  CHECK(errors(south).size() == 1);
  CHECK(errors(replaced_once(south, "[policies.a]\n", "[policies.a]\nregions = [\"north\"]\n")).empty());
  // An earlier law for old cases: the row is complete for new cases only.
  const std::string cohort =
      kSound +
      "\n[policies.a]\nfrom = 2012-01-01\napplies_to = \"new cases\"\nset.states.board.shares.prison = 0.5\n"
      "[policies.b]\nfrom = 2012-01-01\nset.states.board.shares.free = 0.5\n";
  CHECK(errors(cohort).size() == 1);
}
