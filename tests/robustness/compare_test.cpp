// `compare` and the headline of `summary`, on a file whose answers are known and on files of the program itself.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>
#include <sstream>
#include <string>
#include <vector>

#include "output/result_file.hpp"
#include "output/table.hpp"
#include "tests/robustness/desk.hpp"
#include "tests/robustness/paired_sample.hpp"

namespace {

using desk::contains;
using desk::Desk;
using desk::Outcome;
using nlohmann::json;

const std::string kDifferences =
    R"({"kind":"policy","change":"added","name":"fewer","label":"Fewer to prison","date":"2016-01-01","details":)"
    R"([{"what":"set states.court.shares.prison","before":"0.4","after":"0.3","unit":"1","source":"A ministry",)"
    R"("grade":"derived"}]})"
    "\n"
    R"({"kind":"number","change":"changed","name":"states.prison.term","details":[{"what":"states.prison.term",)"
    R"("before":"5 years","after":"4 years","unit":"years","grade":"assumed"}]})"
    "\n";

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

void check_width(const std::string& text) {
  for (const std::string& line : lines_of(text)) {
    INFO(line);
    CHECK(prisonflow::output::display_width(line) <= 100);
  }
}

/// Every part must be there, in this order.
void check_parts(const std::string& text, const std::vector<std::string>& parts) {
  std::size_t from = 0;
  for (const std::string& part : parts) {
    INFO(part << "\nin\n" << text);
    const std::size_t found = text.find(part, from);
    REQUIRE(found != std::string::npos);
    from = found + part.size();
  }
}

const json& named(const json& list, const std::string& name) {
  for (const json& each : list)
    if (each["name"] == name) return each;
  FAIL("there is no " << name);
  return list;
}

}  // namespace

TEST_CASE("compare says first what differs, then what comes of it") {
  const Desk desk;
  paired_sample::write_file(desk / "a.h5", kDifferences);
  const Outcome shown = desk.run({"compare", "a.h5"});
  INFO(shown.err);
  REQUIRE(shown.status == 0);
  CHECK_FALSE(contains(shown.out, "\033"));
  check_width(shown.out);
  check_parts(shown.out, {"What differs: reform from base", "2016-01-01", "policy fewer added: Fewer to prison",
                          "set states.court.shares.prison to 0.3, without policies 0.4 (derived [1])",
                          "number states.prison.term: 5 years → 4 years (assumed)", "[1]  A ministry",
                          "against base, 4 replications",
                          // Two regions of 1,000 + 10 r + 12 each; 100 + r fewer in one of them.
                          "prison_population: prisoners at the start of the month", "2016 ", "2,054", "1,952", "-102",
                          "-103 to -100", "occupancy_total", "105.0 %", "95.0 %", "-10.0 %"});
  check_parts(shown.out, {"Net-widening", "in custody through breach", "true diversion", "55,000", "55,000–55,000",
                          "12", "widening ratio 8.3 % (8.3–8.3 %)", "baseline ↓  reform →", "person-days", "supervised",
                          "300", "compared", "60,100"});
  check_parts(shown.out,
              {"Places: all together", "95 %  2016", "100.0 %", "100 %  2016", "75.0 %", "25.0 %", "-50.0 %",
               "never above 120 % in these months", "100 %  share of runs", "100.0 %", "25.0 %",
               "100 %  half of those by", "2015-02-16", "2016-02-05", "places short", "2016  expected", "42"});
  check_parts(shown.out, {"Cost of the whole run (KZT)", "cost, discounted", "prisoner-years", "-102",
                          "cost of each prisoner-year averted, discounted: -2,118", "the reform saves",
                          "cost of each supervision-year averted: not determined"});
}

TEST_CASE("compare for programs gives the differences that are in the file") {
  const Desk desk;
  paired_sample::write_file(desk / "a.h5", kDifferences);
  const Outcome shown = desk.run({"compare", "a.h5", "--format", "json", "--at", "2016-03", "--at", "2015-02-01",
                                  "--measure", "occupancy_total", "--measure", "share_of_days_above_total"});
  INFO(shown.err);
  REQUIRE(shown.status == 0);
  const json all = json::parse(shown.out);
  CHECK(all["baseline"] == "base");
  CHECK(all["replications"] == 4);
  const json& reform = all["reforms"][0];
  CHECK(reform["differences"].size() == 2);
  CHECK(reform["differences"][0]["details"][0]["source"] == "A ministry");
  CHECK_FALSE(reform.contains("ratios"));
  const json& occupancy = named(reform["measures"], "occupancy_total")["values"];
  REQUIRE(occupancy.size() == 2);
  CHECK(occupancy[0]["date"] == "2016-03-01");
  const prisonflow::output::ResultFile file(desk / "a.h5");
  const json& chances = named(reform["measures"], "share_of_days_above_total")["values"];
  REQUIRE(chances.size() == 6);
  CHECK(chances[1]["threshold"] == "100");
  for (const json& row : chances) {
    const auto selection = prisonflow::output::Selection{{"scenario", "reform"},
                                                         {"time", row["date"].get<std::string>()},
                                                         {"threshold", row["threshold"].get<std::string>()}};
    const auto in_file = [&](const char* array) {
      return file.read(std::string("share_of_days_above_total_difference_") + array, selection).values.at(0);
    };
    CHECK(row["difference"]["mean"] == in_file("mean"));
    CHECK(row["difference"]["se"] == in_file("se"));
    auto low = selection;
    low.emplace_back("quantile", "0.025");
    CHECK(row["difference"]["low"] == file.read("share_of_days_above_total_difference_quantile", low).values.at(0));
  }

  const json usual = json::parse(desk.run({"compare", "a.h5", "--format", "json"}).out)["reforms"][0];
  CHECK(named(usual["measures"], "case_outcomes")["values"][1]["reform"]["mean"] == 5000);
  CHECK(named(usual["measures"], "case_outcomes")["values"][1]["baseline"]["mean"].is_null());
  CHECK(named(usual["ratios"], "cost_of_prisoner_year_averted")["determined"] == true);
  CHECK(named(usual["ratios"], "cost_of_prisoner_year_averted")["value"] == Approx(-215000 / 101.5));
  CHECK(named(usual["ratios"], "cost_of_supervision_year_averted")["value"].is_null());

  const Outcome table = desk.run({"compare", "a.h5", "--format", "csv"});
  REQUIRE(table.status == 0);
  const auto rows = lines_of(table.out);
  CHECK(rows.size() > 40);
  std::size_t ratios = 0;
  for (const std::string& row : rows) {
    INFO(row);
    CHECK(std::count(row.begin(), row.end(), ',') == 17);
    if (row.rfind("reform,base,cost_of_prisoner_year_averted,,,,,,,,,,,,-2118.", 0) == 0) ++ratios;
  }
  CHECK(ratios == 1);
}

TEST_CASE("compare answers what cannot be shown with what can") {
  const Desk desk;
  paired_sample::write_file(desk / "a.h5");
  const auto refused = [&](std::vector<std::string> words, const std::string& answer) {
    words.insert(words.begin(), {"compare", "a.h5"});
    const Outcome outcome = desk.run(words);
    INFO(outcome.err);
    CHECK(outcome.status == 2);
    CHECK(outcome.out.empty());
    CHECK(contains(outcome.err, answer));
  };
  refused({"--measure", "prison_populaton"},
          "there is no measure 'prison_populaton'; did you mean 'prison_population'?");
  refused({"--measure", "frobs"}, "there are prison_population, occupancy_total");
  refused({"--measure", "prison_population_mean"}, "did you mean 'prison_population'?");
  refused({"--at", "2015-13"}, "'2015-13' is no date");
  refused({"--at", "soon"}, "write 2016-12");
  refused({"--at", "2030"}, "from 2015 to 2016-12); the nearest is 2016-12");
  refused({"--at", "2015-03-14"}, "the nearest is 2015-03");

  // A file of an earlier version has no record of what differs.
  const Outcome of_old_file = desk.run({"compare", "a.h5", "--at", "2016", "--measure", "prison_population"});
  CHECK(of_old_file.status == 0);
  CHECK(contains(of_old_file.out, "not recorded in this file"));
  CHECK_FALSE(contains(of_old_file.out, "Net-widening"));
}

TEST_CASE("the headline says the end, when places run out and whom the reform drew in") {
  const Desk desk;
  paired_sample::write_file(desk / "a.h5");
  const Outcome shown = desk.run({"summary", "a.h5"});
  INFO(shown.err);
  REQUIRE(shown.status == 0);
  check_width(shown.out);
  std::string text = shown.out;
  for (std::size_t at = 0; (at = text.find("\n    ", at)) != std::string::npos;) text.replace(at, 5, " ");
  check_parts(
      text,
      {"base\n", "On 1 December 2016 there are 2,076 prisoners (95 % interval 2,048 to 2,104).",
       "The places run out within the run in 100 % of the replications, first on 16 February 2015 (median;", "reform\n",
       "in 25 % of the replications, first on 5 February 2016",
       "Of 60,000 cases that the reform spared custody or newly put under supervision, 8.3 % (8.3 to 8.3 %) would "
       "have had less control without it: 5,000 drawn in, 55,000 spared custody.",
       "Next:", "prisonflow compare a.h5"});
  const json all = json::parse(desk.run({"summary", "a.h5", "--format", "json"}).out);
  REQUIRE(all["scenarios"].size() == 2);
  CHECK(all["scenarios"][0]["headline"].size() == 2);
  const json& headline = all["scenarios"][1]["headline"];
  REQUIRE(headline.size() == 3);
  CHECK(headline[0]["about"] == "stock_at_end");
  CHECK(headline[1]["chance"] == 0.25);
  CHECK(headline[1]["median"] == "2016-02-05");
  CHECK(headline[2]["net_widening"] == 5000);
}

TEST_CASE("a run records what its reform changes, and one that changes nothing differs by nothing") {
  const Desk desk;
  REQUIRE(desk.run({"init", "mine"}).status == 0);
  desk.write("mine/same.toml", "extends = \"base.toml\"\n[scenario]\nname = \"same\"\n");
  const Outcome ran =
      desk.run({"run", "mine/base.toml", "mine/same.toml", "mine/reform.toml", "-o", "r.h5", "-n", "2", "--quiet"});
  INFO(ran.err);
  REQUIRE(ran.status == 0);
  const prisonflow::output::ResultFile file(desk / "r.h5");
  CHECK(file.attribute("baseline") == "base");
  std::size_t zeros = 0;
  for (const std::string& measure : file.measures())
    for (const char* statistic : {"_difference_mean", "_difference_se", "_difference_quantile"})
      if (file.has_array(measure + statistic))  // not for what a pair alone has
        for (const double value : file.read(measure + statistic, {{"scenario", "same"}}).values) {
          if (std::isnan(value)) continue;
          if (value != 0) FAIL(measure << statistic << " is " << value);
          ++zeros;
        }
  CHECK(zeros > 10'000);

  const Outcome shown = desk.run({"compare", "r.h5"});
  INFO(shown.err);
  REQUIRE(shown.status == 0);
  check_width(shown.out);
  check_parts(shown.out,
              {"What differs: same from base", "nothing that moves a result", "What differs: reform from base",
               "policy ", "amnesty ", "same", "against base, 2 replications"});
  desk.run({"run", "mine/base.toml", "-o", "one.h5", "-n", "1", "--quiet"});
  const Outcome alone = desk.run({"compare", "one.h5"});
  CHECK(alone.status == 2);
  CHECK(contains(alone.err, "there is nothing to compare it with"));
}

TEST_CASE("compare shows the parts of a reform that was split, and what they come to") {
  const Desk desk;
  REQUIRE(desk.run({"init", "mine"}).status == 0);
  const Outcome ran =
      desk.run({"run", "mine/base.toml", "mine/reform.toml", "--split", "-o", "r.h5", "-n", "2", "--quiet"});
  INFO(ran.err);
  REQUIRE(ran.status == 0);
  const prisonflow::output::ResultFile file(desk / "r.h5");
  std::vector<std::string> expected{"What each part did", "prison_population"};
  for (const std::string& part : file.labels("package_part")) expected.push_back("    " + part + " ");
  expected.insert(expected.end(),
                  {"together", "under_supervision", "Net-widening", "persons, baseline", "person-days"});
  REQUIRE(file.labels("package_part").size() > 2);
  const Outcome shown = desk.run({"compare", "r.h5"});
  REQUIRE(shown.status == 0);
  check_width(shown.out);
  check_parts(shown.out, expected);
  CHECK_FALSE(contains(shown.out, "± orders:"));  // so few parts are gone through in all orders

  // What they come to together is the difference in the table of measures, at the last date.
  const auto last_of = [&](const std::string& start, std::size_t from) {
    const std::size_t found = shown.out.find(start, from);
    REQUIRE(found != std::string::npos);
    return shown.out.substr(found, shown.out.find('\n', found) - found);
  };
  const std::string together = last_of("    together", shown.out.find("What each part did"));
  const std::vector<double> means = file.read("split_prison_population_mean", {{"scenario", "reform"}}).values;
  const auto parts_at_the_end = static_cast<std::ptrdiff_t>(file.labels("package_part").size());
  const double sum = std::accumulate(means.end() - parts_at_the_end, means.end(), 0.0);
  INFO(together << " should have " << sum);
  CHECK(sum < 0);
  CHECK(contains(together, " -" + prisonflow::output::format_number(-sum, 1) + " "));

  const json parts = json::parse(desk.run({"compare", "r.h5", "--format", "json"}).out);
  CHECK(parts.dump().find("split_prison_population") != std::string::npos);
  // Without --split there is no such section.
  REQUIRE(desk.run({"run", "mine/base.toml", "mine/reform.toml", "-o", "plain.h5", "-n", "2", "--quiet"}).status == 0);
  CHECK_FALSE(contains(desk.run({"compare", "plain.h5"}).out, "What each part did"));
}

TEST_CASE("compare shows facility by facility how full they are, and how likely they are above the official number") {
  const Desk desk;
  const std::string base = R"(
grade = "assumed"
source = "made up for a test"
[scenario]
name = "base"
start = 2010-01-01
end = 2012-01-01
initial = "stationary"
[classes]
sex = ["male", "female"]
[arrivals.all]
to = "prison"
rate = 4000
mix.sex = { male = 0.9, female = 0.1 }
[states.prison]
kind = "custody"
term = "6 months"
facilities = "prisons"
next = "out"
[states.out]
kind = "exit"
[facilities.prisons]
when_full = "crowd"
[facilities.prisons.men]
places = 1500
only.sex = ["male"]
[facilities.prisons.women]
places = 400
only.sex = ["female"]
)";
  desk.write("base.toml", base);
  desk.write("reform.toml",
             "extends = \"base.toml\"\n[scenario]\nname = \"reform\"\n[policies.shorter]\nfrom = 2010-02-01\ngrade = "
             "\"assumed\"\n"
             "scale.states.prison.term = 0.75\n");
  const Outcome ran = desk.run({"run", "base.toml", "reform.toml", "-o", "r.h5", "-n", "2", "--quiet"});
  INFO(ran.err);
  REQUIRE(ran.status == 0);
  const Outcome shown = desk.run({"compare", "r.h5"});
  INFO(shown.out);
  check_width(shown.out);
  const prisonflow::output::ResultFile file(desk / "r.h5");
  const std::vector<double> before = file.read("occupancy_mean", {{"scenario", "base"}}).values;
  const std::vector<double> after = file.read("occupancy_mean", {{"scenario", "reform"}}).values;
  const auto share = [](const std::vector<double>& values, std::size_t from_the_end) {
    return prisonflow::output::format_share(values[values.size() - from_the_end]);
  };
  // 1,800 men for 1,500 places, 200 women for 400; a quarter fewer of each with the reform.
  check_parts(shown.out, {"Places: all together and facility by facility", "  occupancy 2011-12", "    men ",
                          share(before, 2), share(after, 2), "    women ", share(before, 1), share(after, 1),
                          "  chance of being above 100 %, on a day of 2011-12", "    men ", "100.0 %", "0.0 %",
                          "-100.0 %", "    women ", "0.0 %", "0.0 %"});
  CHECK(share(before, 2) != share(before, 1));
}
