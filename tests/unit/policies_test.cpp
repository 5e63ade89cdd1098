// Policies on paper: what values_on gives on a date for a law and a region, for set, scale, shift, phase-in steps, an
// end, regions, the order of policies and new cases; and which versions and laws a model has.
#include <catch2/catch.hpp>

#include "tests/support/world.hpp"

namespace prisonflow::testing {
namespace {

const char* const kRuled = R"(
[classes]
region = ["north", "south"]
[arrivals.a]
to = "choice"
rate = 100
[arrivals.a.mix]
region = { north = 0.5, south = 0.5 }
[states.choice]
kind = "decision"
shares = { prison = 0.4, out = "rest" }
[states.prison]
kind = "custody"
term = { distribution = "lognormal", mean = "100 days", sigma = 0.5 }
next = "out"
[states.out]
kind = "exit"
)";

class Numbers {
 public:
  explicit Numbers(const std::string& policies) : world_(header("2010-01-01", "2013-01-01") + kRuled + policies) {}
  double on(const std::string& path, sim::Date date, std::size_t region = 0, sim::Day law_date = -1) const {
    const models::Scenario& scenario = world_.scenario();
    const sim::Day day = sim::days_between(scenario.start, date);
    const auto values =
        models::values_on(scenario, world_.experiment().model().values(), day, law_date < 0 ? day : law_date);
    for (std::size_t index = 0; index < scenario.parameters.size(); ++index) {
      if (scenario.parameters[index].path == path) return values.at(values.size() == 1 ? 0 : region)[index];
    }
    throw std::logic_error("no number " + path);
  }
  const models::Model& model() const { return world_.experiment().model(); }

 private:
  World world_;
};

const std::string kShare = "states.choice.shares.prison";
const std::string kTerm = "states.prison.term.mean";

TEST_CASE("policies: set, scale and shift hold from the first day until the day before the last") {
  const Numbers numbers("[policies.p]\nfrom = 2011-03-01\nuntil = 2012-03-01\nset." + kShare +
                        " = 0.3\nscale.states.prison.term = "
                        "0.5\nshift.arrivals.a.rate = 20\n");
  for (const auto& [date, changed] : std::vector<std::pair<sim::Date, bool>>{{sim::make_date(2011, 2, 28), false},
                                                                             {sim::make_date(2011, 3, 1), true},
                                                                             {sim::make_date(2012, 2, 29), true},
                                                                             {sim::make_date(2012, 3, 1), false}}) {
    INFO(sim::to_string(date));
    CHECK(numbers.on(kShare, date) == (changed ? 0.3 : 0.4));
    CHECK(numbers.on(kTerm, date) == (changed ? 50 : 100));
    CHECK(numbers.on("states.prison.term.sigma", date) == 0.5);
    CHECK(numbers.on("arrivals.a.rate", date) == (changed ? 120 : 100));
  }
  // Three versions: the start, the policy, its end; the tables of the untouched are shared.
  REQUIRE(numbers.model().versions().size() == 3);
  CHECK(numbers.model().versions()[1].from == 424);  // 365 days of 2010, 59 of 2011
  CHECK(numbers.model().versions()[0].states[0][0] == numbers.model().versions()[2].states[0][0]);
  CHECK(numbers.model().versions()[0].states[0][0] != numbers.model().versions()[1].states[0][0]);
}

TEST_CASE("policies: a phase-in grows in equal monthly steps, the first on its date") {
  const Numbers numbers("[policies.p]\nfrom = 2011-01-01\nphase_in = \"4 months\"\nset." + kShare +
                        " = 0.2\nscale.states.prison.term = "
                        "0.6\nshift.arrivals.a.rate = 40\n");
  // Mean months of 30.44 days: steps on days 0, 31, 61 and 92 of the policy.
  const sim::Date from = sim::make_date(2011, 1, 1);
  const std::vector<std::pair<std::int32_t, double>> steps = {{-1, 0},    {0, 0.25},  {30, 0.25}, {31, 0.5}, {60, 0.5},
                                                              {61, 0.75}, {91, 0.75}, {92, 1},    {700, 1}};
  for (const auto& [days, part] : steps) {
    INFO("day " << days << " of the policy");
    CHECK(numbers.on(kShare, sim::add_days(from, days)) == Approx(0.4 - 0.2 * part).epsilon(1e-12));
    CHECK(numbers.on(kTerm, sim::add_days(from, days)) == Approx(100 * (1 - 0.4 * part)).epsilon(1e-12));
    CHECK(numbers.on("arrivals.a.rate", sim::add_days(from, days)) == Approx(100 + 40 * part).epsilon(1e-12));
  }
  std::vector<sim::Day> dates;
  for (const auto& version : numbers.model().versions()) dates.push_back(version.from);
  CHECK(dates == std::vector<sim::Day>{0, 365, 365 + 31, 365 + 61, 365 + 92});
}

TEST_CASE("policies: they act in the order of their dates, not of the file") {
  const Numbers numbers("[policies.late]\nfrom = 2012-01-01\nset." + kTerm +
                        " = \"80 days\"\n[policies.early]\nfrom = 2011-01-01\nscale." + kTerm +
                        " = 0.5\n[policies.last]\nfrom = 2012-06-01\nscale." + kTerm + " = 0.25\n");
  CHECK(numbers.on(kTerm, sim::make_date(2011, 6, 1)) == 50);
  CHECK(numbers.on(kTerm, sim::make_date(2012, 2, 1)) == 80);  // scaled first, then set
  CHECK(numbers.on(kTerm, sim::make_date(2012, 7, 1)) == 20);  // set first, then scaled
}

TEST_CASE("policies: a region is changed alone") {
  const Numbers numbers("[policies.p]\nfrom = 2011-01-01\nregions = [\"south\"]\nset." + kShare + " = 0.1\n");
  CHECK(numbers.on(kShare, sim::make_date(2011, 1, 1), 0) == 0.4);
  CHECK(numbers.on(kShare, sim::make_date(2011, 1, 1), 1) == 0.1);
  const auto& model = numbers.model();
  const models::StateTable& table = *model.versions()[1].states[0][0];
  CHECK(table.shares.share(0, 0) == Approx(0.4).margin(1e-9));
  CHECK(table.shares.share(1, 0) == Approx(0.1).margin(1e-9));
}

TEST_CASE("policies: new cases carry the law under which they began") {
  const Numbers numbers("[policies.all]\nfrom = 2011-01-01\nscale." + kTerm +
                        " = 0.5\n[policies.new]\nfrom = 2011-07-01\napplies_to = "
                        "\"new cases\"\nset." +
                        kShare + " = 0.1\n[policies.later]\nfrom = 2012-01-01\napplies_to = \"new cases\"\nscale." +
                        kTerm + " = 0.1\n");
  const sim::Date late = sim::make_date(2012, 6, 1);
  CHECK(numbers.on(kShare, late, 0, 0) == 0.4);    // a case of 2010, looked at in 2012
  CHECK(numbers.on(kTerm, late, 0, 0) == 50);      // what is for everyone reaches it
  CHECK(numbers.on(kShare, late, 0, 600) == 0.1);  // a case of August 2011
  CHECK(numbers.on(kTerm, late, 0, 600) == 50);
  CHECK(numbers.on(kTerm, late, 0, 730) == 5);  // a case of 2012
  const auto& versions = numbers.model().versions();
  REQUIRE(versions.size() == 4);
  std::vector<int> laws;
  for (const auto& version : versions) laws.push_back(version.law);
  CHECK(laws == std::vector<int>{0, 0, 1, 2});
  CHECK(versions[3].states.size() == 3);
}

}  // namespace
}  // namespace prisonflow::testing
