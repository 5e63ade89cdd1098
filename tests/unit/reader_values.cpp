// Units, uncertain numbers, and where unit, source, grade and note come from.
#include <catch2/catch.hpp>

#include "models/read_problems.hpp"
#include "models/unit_parser.hpp"
#include "tests/unit/reader_support.hpp"

namespace {

using namespace reader_tests;

double measured(const std::string& text, Quantity quantity) {
  const auto result = parse_measured(text, quantity);
  const auto* value = std::get_if<Measured>(&result);
  return value == nullptr ? -1 : value->value;
}

}  // namespace

TEST_CASE("units: durations become days, rates a year, shares a part of 1") {
  CHECK(measured("6 months", Quantity::duration) == Approx(6 * 30.436875));
  CHECK(measured("1 year", Quantity::duration) == Approx(365.2425));
  CHECK(measured("2 weeks", Quantity::duration) == 14);
  CHECK(measured("36 hours", Quantity::duration) == 1.5);
  CHECK(measured("30 minutes", Quantity::duration) == Approx(30.0 / 1440));
  CHECK(measured(" 1.5  days ", Quantity::duration) == 1.5);
  CHECK(measured("5 per 100 per year", Quantity::rate) == Approx(0.05));
  CHECK(measured("12 per 1000 per year", Quantity::rate) == Approx(0.012));
  CHECK(measured("0.4 per month", Quantity::rate) == Approx(4.8));
  CHECK(measured("3 per day", Quantity::rate) == Approx(3 * 365.2425));
  CHECK(measured("2 % per year", Quantity::rate) == Approx(0.02));
  CHECK(measured("500 persons per month", Quantity::rate) == Approx(6000));
  CHECK(measured("37 %", Quantity::share) == Approx(0.37));
  CHECK(measured("37%", Quantity::share) == Approx(0.37));
  CHECK(measured("55 places", Quantity::count) == 55);
  CHECK(measured("1e3 persons", Quantity::count) == 1000);
  CHECK(measured("3.6 m2", Quantity::area) == 3.6);
  CHECK(measured("3.6 m²", Quantity::area) == 3.6);
}

TEST_CASE("units: what is no number, no unit or not of the quantity is refused") {
  for (const char* text : {"", "months", "six months", "6 moths", "6 per year", "6 %", "inf days", "nan days",
                           "6,5 months", "6 months 2 days", "0x10 days", "1e999 days", "6"})
    CHECK(measured(text, Quantity::duration) == -1);
  for (const char* text :
       {"5 per", "5 per 100", "5 per 0 per year", "5 year", "5 per year per year", "5 per year per 100", "per year"})
    CHECK(measured(text, Quantity::rate) == -1);
  CHECK(measured("2 times", Quantity::odds) == -1);
  for (const char* text : {"3.6", "3.6 m", "3.6 places", "3.6 ft2"}) CHECK(measured(text, Quantity::area) == -1);
}

TEST_CASE("units: a suggestion is close or none") {
  CHECK(closest("moths", {"minutes", "months", "years"}) == "months");
  CHECK(closest("UNODC", {"wpb", "unodc"}) == "unodc");
  CHECK(closest("prsion", {"prison", "parole"}) == "prison");
  CHECK(closest("xyzzy", {"prison", "parole"}).empty());
  CHECK(closest("a", {"b"}).empty());
  CHECK(closest(std::string(100000, 'a'), {"b"}).empty());
  CHECK(listed({"a", "b", "c"}) == "a, b and c");
  CHECK(listed({"a", "b", "c", "d"}, 2) == "a, b and 2 more");
}

TEST_CASE("numbers: plain, with unit, with a unit beside or above") {
  const Scenario s = read_text_as(kSmallest + R"toml(
[states.court]
kind = "delay"
unit = "days"
duration = 10
next = "prison"
[states.appeal]
kind = "delay"
unit = "days"
duration = { value = 10, unit = "weeks" }
next = "court"
[arrivals.more]
to = "appeal"
rate = "5 per day"
)toml");
  CHECK(at(s, "states.court.duration").value == 10);
  CHECK(at(s, "states.court.duration").unit == "days");
  CHECK(at(s, "states.appeal.duration").value == 70);
  CHECK(at(s, "states.appeal.duration").unit == "weeks");
  CHECK(at(s, "arrivals.more.rate").value == Approx(5 * 365.2425));
  CHECK(at(s, "arrivals.all.rate").unit == "per year");
}

TEST_CASE("numbers: uncertain values keep their law and their centre") {
  const auto rate = [](const std::string& value) {
    return at(read_text_as(replaced_once(kSmallest, "rate = 100", "rate = " + value)), "arrivals.all.rate");
  };
  const Parameter triangle = rate("{ low = 80, central = 100, high = 150 }");
  CHECK(triangle.uncertainty == Uncertainty::triangular);
  CHECK(triangle.value == 100);
  CHECK(triangle.low == 80);
  CHECK(triangle.high == 150);
  const Parameter uniform = rate("{ draw = \"uniform\", low = \"1 per day\", high = \"3 per day\" }");
  CHECK(uniform.uncertainty == Uncertainty::uniform);
  CHECK(uniform.value == Approx(2 * 365.2425));
  CHECK(uniform.low == Approx(365.2425));
  const Parameter normal = rate("{ draw = \"normal\", mean = 100, sd = 10 }");
  CHECK(normal.uncertainty == Uncertainty::normal);
  CHECK(normal.value == 100);
  CHECK(normal.high == 10);
  const Parameter lognormal = rate("{ draw = \"lognormal\", median = 100, sigma = 0.3 }");
  CHECK(lognormal.uncertainty == Uncertainty::lognormal);
  CHECK(lognormal.value == 100);
  CHECK(lognormal.high == 0.3);
}

TEST_CASE("provenance: the nearest source, grade and note count") {
  const Scenario s = read_text_as(R"toml(grade = "assumed"
note = "from the top"
[scenario]
name = "s"
start = 2010-01-01
end = 2020-01-01
[sources]
court = "Supreme Court, 2014"
[states]
source = "court"
[states.prison]
kind = "custody"
grade = "measured"
duration = { distribution = "gamma", mean = { value = "6 months", note = "beside" }, shape = 2, source = "A book of 2015" }
next = "fine"
mortality_ratio = 1.1
[states.fine]
kind = "delay"
duration = "1 day"
next = "end"
[states.end]
kind = "exit"
[arrivals.all]
to = "prison"
rate = 100
)toml");
  const Parameter mean = at(s, "states.prison.duration.mean");
  CHECK(mean.grade == Grade::measured);
  CHECK(mean.source == "A book of 2015");
  CHECK(mean.note == "beside");
  const Parameter shape = at(s, "states.prison.duration.shape");
  CHECK(shape.source == "A book of 2015");
  CHECK(shape.note == "from the top");
  CHECK(at(s, "states.prison.mortality_ratio").source == "Supreme Court, 2014");
  CHECK(at(s, "states.prison.mortality_ratio").grade == Grade::measured);
  CHECK(at(s, "states.fine.duration").grade == Grade::assumed);
  CHECK(at(s, "states.fine.duration").source == "Supreme Court, 2014");
  CHECK(at(s, "arrivals.all.rate").source.empty());
  CHECK(at(s, "arrivals.all.rate").where.line == 25);
  CHECK(at(s, "arrivals.all.rate").where.column == 8);
}

TEST_CASE("provenance: a number of the upper file takes it from its own file first, and never a mixture") {
  const Folder folder;
  folder.write("base.toml", R"toml(grade = "assumed"
[scenario]
name = "s"
start = 2010-01-01
end = 2020-01-01
[states.prison]
kind = "custody"
source = "A measurement of 2010"
grade = "measured"
note = "base"
unit = "days"
duration = 10
mortality_ratio = 1.1
next = "end"
[states.end]
kind = "exit"
[arrivals.all]
to = "prison"
rate = 100
)toml");
  const auto upper = [&](const std::string& text) {
    return read_scenario(folder.write("upper.toml", "extends = \"base.toml\"\n" + text));
  };
  {  // nothing said: the table of the lower file counts
    const Parameter p = at(upper("[states.prison]\nduration = 12\n"), "states.prison.duration");
    CHECK(p.value == 12);
    CHECK(p.source == "A measurement of 2010");
    CHECK(p.grade == Grade::measured);
    CHECK(p.where.file == 0);
  }
  {  // a grade at the top of the upper file counts for its numbers only, and borrows no source
    const Scenario s = upper("grade = \"assumed\"\n[states.prison]\nduration = 12\n");
    CHECK(at(s, "states.prison.duration").grade == Grade::assumed);
    CHECK(at(s, "states.prison.duration").source.empty());
    CHECK(at(s, "states.prison.duration").note.empty());
    CHECK(at(s, "states.prison.duration").value == 12);
    CHECK(at(s, "states.prison.mortality_ratio").grade == Grade::measured);
    CHECK(at(s, "states.prison.mortality_ratio").source == "A measurement of 2010");
  }
  {  // a note alone goes with the lower file's source
    const Parameter p =
        at(upper("[states.prison]\nduration = { value = 12, note = \"upper\" }\n"), "states.prison.duration");
    CHECK(p.source == "A measurement of 2010");
    CHECK(p.note == "upper");
  }
}
