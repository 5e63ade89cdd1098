// Measures on paper: a few persons with fixed stays, every number of every month reckoned by hand.
#include <catch2/catch.hpp>
#include <cmath>

#include "tests/support/world.hpp"

namespace prisonflow::testing {
namespace {

constexpr double kYear = 365.2425;

/// Forty persons in remand for 40 days and sixty who begin a term of 100 days, all on 1 January 2011 at midnight; then
/// free for 60 days until the next case, which ends their story. 80 places in prison, 50 in remand.
const std::string kTiny = R"(
[initial.remand]
persons = 40
elapsed = "none"
[initial.prison]
persons = 60
elapsed = "none"
[states.remand]
kind = "custody"
pretrial = true
duration = "40 days"
facilities = "jails"
next = "prison"
[states.prison]
kind = "custody"
term = "100 days"
pretrial_credit = 1
facilities = "prisons"
next = "free"
[states.free]
kind = "supervision"
term = "20 years"
next = "gone"
[states.again]
kind = "delay"
duration = "1 day"
next = "gone"
[states.gone]
kind = "exit"
[reoffending]
to = "again"
time = "60 days"
[facilities.jails.jail]
places = 50
[facilities.prisons.prison]
places = 80
[population]
series = 100000
)";

TEST_CASE("measures: stocks, entries, person-time and places of a hundred persons") {
  const World world(header("2011-01-01", "2012-01-01") + kTiny);
  const auto result = world.run();
  const auto stock = [&](std::size_t month, const char* state) { return world.state(result, "stock", month, state); };
  const auto years = [&](std::size_t month, const char* state) {
    return world.state(result, "person_years", month, state);
  };
  const auto value = [&](const char* measure, std::size_t month, std::size_t cell = 0) {
    return world.value(result, measure, month, cell);
  };

  // Months begin on days 0, 31, 59, 90, 120, 151, 181, …; remand ends on day 40, the sixty are free on day 100, and so
  // are the forty, whose remand is credited; on day 160 all reoffend, on day 161 all are gone.
  CHECK(stock(0, "remand") == 40);
  CHECK(stock(1, "remand") == 40);
  CHECK(stock(2, "remand") == 0);
  CHECK(stock(0, "prison") == 60);
  CHECK(stock(2, "prison") == 100);
  CHECK(stock(4, "prison") == 0);
  CHECK(stock(4, "free") == 100);
  CHECK(stock(5, "free") == 100);
  CHECK(stock(6, "free") == 0);
  CHECK(world.entries(result, "remand", 0, 1) == 0);  // the initial stock is there, it does not enter
  CHECK(world.entries(result, "prison", 0, 1) == 0);
  CHECK(world.entries(result, "prison", 1, 2) == 40);
  CHECK(world.entries(result, "free", 0, 12) == 100);
  CHECK(world.entries(result, "again", 5, 6) == 100);
  CHECK(world.entries(result, "gone", 0, 12) == 100);
  CHECK(years(0, "remand") == Approx(40 * 31 / kYear));
  CHECK(years(1, "remand") == Approx(40 * 9 / kYear));
  CHECK(years(1, "prison") == Approx((60 * 28 + 40 * 19) / kYear));
  CHECK(years(3, "prison") == Approx(100 * 10 / kYear));
  CHECK(years(3, "free") == Approx(100 * 20 / kYear));
  CHECK(years(5, "free") == Approx(100 * 9 / kYear));
  CHECK(years(5, "again") == Approx(100 * 1 / kYear));
  CHECK(result.persons == 100);

  CHECK(value("prison_population", 1) == 100);
  CHECK(value("pretrial_population", 1) == 40);
  CHECK(value("sentenced_population", 1) == 60);
  CHECK(value("under_supervision", 4) == 100);
  CHECK(value("under_control", 1) == 100);
  CHECK(value("unsentenced_share", 1) == 0.4);
  CHECK(value("unsentenced_share", 2) == 0);
  CHECK(std::isnan(value("unsentenced_share", 4)));  // nobody is held
  CHECK(value("prison_population_rate", 1) == Approx(100));
  CHECK(value("prison_admissions", 1) == 0);  // from remand to prison is no admission
  CHECK(value("prison_releases", 3) == 100);
  CHECK(value("facility_population", 1, 0) == 40);
  CHECK(value("facility_population", 1, 1) == 60);
  CHECK(value("facility_population", 2, 1) == 100);
  CHECK(value("places", 1, 1) == 80);
  CHECK(value("occupancy", 1, 0) == 0.8);
  CHECK(value("occupancy", 2, 1) == 1.25);
  CHECK(value("occupancy_total", 2) == Approx(100.0 / 130));
  CHECK(value("pretrial_detention_days", 1) == 40);
  CHECK(value("pretrial_detention_days_median", 1) == 40);
  CHECK(value("pretrial_detention_days_p90", 1) == 40);
  CHECK(std::isnan(value("pretrial_detention_days", 0)));
  CHECK(std::isnan(value("pretrial_detention_days_median", 2)));
}

TEST_CASE("measures: the reoffending of a release cohort is known only when it was followed for long enough") {
  // Released on day 100 (April 2011), a new case 60 days later.
  const auto within = [](const std::string& end, const char* measure) {
    const World world(header("2011-01-01", end) + kTiny);
    return world.value(world.run(), measure, 3);
  };
  // May 2011 plus 365.2425 days: 1 May 2012 is too early (366 days lie in between from 1 May 2011: 2012 is a leap
  // year).
  CHECK(std::isnan(within("2012-04-30", "reoffending_within_1y")));
  CHECK(within("2012-05-01", "reoffending_within_1y") == 1);
  CHECK(std::isnan(within("2013-04-30", "reoffending_within_2y")));
  CHECK(within("2013-05-02", "reoffending_within_2y") == 1);
  const World world(header("2011-01-01", "2013-01-01") + kTiny);
  const auto result = world.run();
  CHECK(std::isnan(world.value(result, "reoffending_within_1y", 4)));  // nobody was released in May
  CHECK(std::isnan(world.value(result, "reoffending_within_3y", 3)));
}

TEST_CASE("measures: median and nine tenths of unequal detentions") {
  // Ten persons in each of four remand prisons, for 10, 20, 30 and 40 days: all end in the first month and a half.
  std::string text;
  for (const std::string days : {"10", "20", "30", "40"}) {
    text += "[initial.remand" + days + "]\npersons = 10\nelapsed = \"none\"\n[states.remand" + days +
            "]\nkind = \"custody\"\npretrial = true\nduration = \"" + days + " days\"\nnext = \"gone\"\n";
  }
  const World world(header("2011-01-01", "2012-01-01") + text + "[states.gone]\nkind = \"exit\"\n");
  const auto result = world.run();
  CHECK(world.value(result, "pretrial_detention_days", 0) == 20);
  CHECK(world.value(result, "pretrial_detention_days_median", 0) == 20);
  CHECK(world.value(result, "pretrial_detention_days_p90", 0) == 30);
  CHECK(world.value(result, "pretrial_detention_days_p90", 1) == 40);
}

TEST_CASE("measures: one asked for by dimensions adds up to the built-in one") {
  const World world(
      header("2011-01-01", "2013-01-01") +
      "[classes]\nsex = [\"male\", \"female\"]\nage = [18, 30]\noldest_age = 60\n[arrivals.a]\nto = \"prison\"\nrate = "
      "500\n[arrivals.a.mix]\nsex = { male = 0.7, female = 0.3 }\nage = { 18-29 = 0.5, \"30+\" = 0.5 "
      "}\n[states.prison]\nkind "
      "= \"custody\"\nterm = \"400 days\"\nnext = \"gone\"\n[states.gone]\nkind = \"exit\"\n[measures.split]\nquantity "
      "= "
      "\"entries\"\nstates = [\"gone\", \"prison\"]\nby = [\"sex\", \"state\", \"age\"]\n");
  const auto result = world.run();
  for (std::size_t month = 0; month < world.months(); ++month) {
    for (std::size_t state = 0; state < 2; ++state) {
      double sum = 0;
      for (std::size_t sex = 0; sex < 2; ++sex) {
        for (std::size_t age = 0; age < 2; ++age)
          sum += world.value(result, "split", month, (sex * 2 + state) * 2 + age);
      }
      CHECK(sum == world.value(result, "entries", month, state));
    }
  }
}

}  // namespace
}  // namespace prisonflow::testing
