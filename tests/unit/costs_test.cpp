// Costs on paper: what each item costs follows from unit costs and from what else a result says, to the last bit; sums,
// places that change within a month, prices that policies change, discounting, and uncertain prices.
#include <catch2/catch.hpp>
#include <cmath>

#include "models/describe.hpp"
#include "tests/support/everything.hpp"
#include "tests/support/world.hpp"

namespace prisonflow::testing {
namespace {

constexpr double kYear = 365.2425;

/// A hundred persons on 1 January 2011 in prison for 100 days, then supervised for 60 days until the next case, which
/// passes a decision and ends. Every one is reviewed on day 60.
const std::string kTiny = R"(
[initial.prison]
persons = 100
elapsed = "none"
[states.prison]
label = "Prison"
kind = "custody"
term = "100 days"
facilities = "prisons"
next = "free"
events.review = { label = "Review", after = "60 days", to = "looked_at" }
[states.looked_at]
kind = "decision"
shares = { prison = 1 }
[states.free]
kind = "supervision"
term = "20 years"
next = "gone"
[states.again]
kind = "decision"
shares = { gone = 1 }
[states.gone]
kind = "exit"
[reoffending]
to = "again"
time = "60 days"
[facilities.prisons.old]
places = { between = "steps", on = { 2011-01-01 = 50, 2011-03-11 = 70, 2011-05-21 = 60 } }
closes = 2011-08-16
[facilities.prisons.new]
label = "The new prison"
places = 40
opens = 2011-08-16
)";
const std::string kCosts = R"([costs]
currency = "KZT"
prices_of = 2010
discount_rate = "5 %"
new_case = "7000 KZT per case"
[costs.states]
prison = "750 thousand KZT per person per year"
free = "100 KZT per person per day"
[costs.entries]
again = "1500 KZT each"
free = "20 KZT per entry"
[costs.events]
prison.review = "900 KZT per event"
[costs.places]
prisons = "36000 KZT per place per year"
new = "10000 KZT per place per month"
[costs.openings]
prisons = "5 million KZT per place"
)";

World tiny(const std::string& more = "") {
  return World(header("2011-01-01", "2012-01-01") + kTiny + kCosts + more);
}

/// The place of an item among the costs.
std::size_t item(const World& world, const std::string& name) {
  const auto& items = world.scenario().costs.items;
  for (std::size_t at = 0; at < items.size(); ++at)
    if (items[at].name == name) return at;
  throw std::logic_error("no item " + name);
}

class Costed {
 public:
  explicit Costed(const World& world, std::uint32_t number = 0) : world_(world), result_(world.run(number)) {}
  double cost(const std::string& name, std::size_t month) const {
    return world_.value(result_, "cost", month, item(world_, name));
  }
  double value(const std::string& measure, std::size_t month = 0) const {
    return world_.value(result_, measure, month);
  }
  double state(const std::string& measure, std::size_t month, const std::string& state) const {
    return world_.state(result_, measure, month, state);
  }
  const models::ReplicationResult& result() const { return result_; }

 private:
  const World& world_;
  models::ReplicationResult result_;
};

}  // namespace

TEST_CASE("costs: each item is its unit cost times what the result counts, to the last bit") {
  const World world = tiny();
  const Costed costed(world);
  double paid = 0;
  for (std::size_t month = 0; month < world.months(); ++month) {
    CHECK(costed.cost("states.prison", month) == 750000 * costed.state("person_years", month, "prison"));
    CHECK(costed.cost("states.free", month) == 100 * kYear * costed.state("person_years", month, "free"));
    CHECK(costed.cost("entries.again", month) == 1500 * costed.state("entries", month, "again"));
    CHECK(costed.cost("entries.free", month) == 20 * costed.state("entries", month, "free"));
    CHECK(costed.cost("events.prison.review", month) == 900 * costed.value("events", month));
    double sum = 0;
    for (std::size_t at = 0; at < world.scenario().costs.items.size(); ++at)
      sum += world.value(costed.result(), "cost", month, at);
    CHECK(costed.value("cost_total", month) == sum);
    paid += sum;
  }
  CHECK(costed.value("cost_of_run") == paid);
  // By hand: in prison for 100 days, reviewed on day 60 (March), free from day 100 (April) to day 160 (June).
  CHECK(costed.cost("states.prison", 0) == Approx(750000.0 * 100 * 31 / kYear));
  CHECK(costed.cost("events.prison.review", 2) == 900 * 100);
  CHECK(costed.cost("entries.free", 3) == 20 * 100);
  CHECK(costed.cost("states.free", 4) == Approx(100 * 100 * 31));
  CHECK(costed.cost("new_case", 5) == 7000 * 100);
  CHECK(costed.cost("entries.again", 5) == 1500 * 100);
  CHECK(costed.value("prisoner_years") == Approx(100 * 100 / kYear));
  CHECK(costed.value("supervision_years") == Approx(100 * 60 / kYear));
}

TEST_CASE("costs: places cost what they are, day by day") {
  const World world = tiny();
  const Costed costed(world);
  const auto of_days = [](double place_days) { return 36000 * (place_days / kYear); };
  CHECK(costed.cost("places.prisons", 0) == of_days(50 * 31));
  CHECK(costed.cost("places.prisons", 2) == of_days(50 * 10 + 70 * 21));  // 70 from 11 March on
  CHECK(costed.cost("places.prisons", 4) == of_days(70 * 20 + 60 * 11));
  CHECK(costed.cost("places.prisons", 7) == of_days(60 * 15));  // closed on 16 August
  CHECK(costed.cost("places.prisons", 8) == 0);
  // A facility with a cost of its own is not counted with its group.
  CHECK(costed.cost("places.new", 6) == 0);
  CHECK(costed.cost("places.new", 7) == Approx(10000 * 12 * 40 * 16 / kYear));
  CHECK(costed.cost("places.new", 8) == Approx(10000 * 12 * 40 * 30 / kYear));
  // Opened: 20 places in March; in August the forty of the new prison. The fifty of the first day were there.
  for (std::size_t month = 0; month < world.months(); ++month)
    CHECK(costed.cost("openings.prisons", month) == (month == 2 ? 20 * 5e6 : month == 7 ? 40 * 5e6 : 0));
}

TEST_CASE("costs: discounted to the first day from the middle of each month") {
  const World world = tiny();
  const Costed costed(world);
  double sum = 0;
  const auto& first = world.measures().months();
  for (std::size_t month = 0; month < world.months(); ++month) {
    const double end = month + 1 < world.months() ? first[month + 1] : 365;
    const double years = (first[month] + end) / 2 / kYear;
    const double expected = costed.value("cost_total", month) * std::pow(1.05, -years);
    CHECK(costed.value("cost_discounted", month) == Approx(expected).epsilon(1e-13));
    sum += costed.value("cost_discounted", month);
  }
  CHECK(costed.value("cost_of_run_discounted") == sum);
  CHECK(costed.value("cost_of_run_discounted") < costed.value("cost_of_run"));

  // An even stream of one prisoner for forty years against the integral of the discount factor.
  const World even(header("2000-01-01", "2040-01-01") + R"(
[initial.inside]
persons = 1
elapsed = "none"
[states.inside]
kind = "custody"
duration = "60 years"
next = "gone"
[states.gone]
kind = "exit"
[costs]
currency = "EUR"
discount_rate = 0.04
states.inside = "1000 EUR per person per year"
)");
  const double years = 14610 / kYear;
  const double integral = 1000 * (1 - std::exp(-years * std::log(1.04))) / std::log(1.04);
  const double discounted = even.value(even.run(), "cost_of_run_discounted", 0);
  CHECK(discounted == Approx(integral).epsilon(1e-6));
  CHECK(discounted != Approx(1000 * (1 - std::exp(-years * std::log(1.05))) / std::log(1.05)).epsilon(1e-3));

  const auto names = [](const World& of) {
    std::string all;
    for (const auto& info : of.measures().infos()) all += info.name + " ";
    return all;
  };
  const World undiscounted(header("2011-01-01", "2012-01-01") + kTiny +
                           replaced(kCosts, "discount_rate = \"5 %\"\n", ""));
  CHECK_THAT(names(undiscounted), Catch::Contains("cost_of_run ") && !Catch::Contains("discounted"));
  const World free_of_charge(header("2011-01-01", "2012-01-01") + kTiny);
  CHECK_THAT(names(free_of_charge), Catch::Contains("prisoner_years ") && !Catch::Contains("cost"));
}

TEST_CASE("costs: the price of a month in which a policy changes it is its mean over the days") {
  const World world = tiny(
      "[policies.dearer]\nfrom = 2011-02-15\nuntil = 2011-04-01\nset.costs.states.prison = \"1000000 KZT per person "
      "per year\"\nscale.costs.entries = 2\n"
      "[policies.rent]\nfrom = 2011-03-21\nscale.costs.places.prisons = 0.5\nscale.costs.openings = 3\n");
  const Costed costed(world);
  const auto years = [&](std::size_t month) { return costed.state("person_years", month, "prison"); };
  CHECK(costed.cost("states.prison", 0) == 750000 * years(0));
  CHECK(costed.cost("states.prison", 1) == Approx((750000 * 14 + 1000000 * 14) / 28.0 * years(1)));
  CHECK(costed.cost("states.prison", 2) == 1000000 * years(2));
  CHECK(costed.cost("states.prison", 3) == 750000 * years(3));
  // The places of each day at the price of that day: 50 until 10 March, 70 after it, half the price from the 21st on.
  CHECK(costed.cost("places.prisons", 2) ==
        Approx(36000 * (50 * 10 + 70 * 10) / kYear + 18000 * 70 * 11 / kYear).epsilon(1e-14));
  CHECK(costed.cost("openings.prisons", 2) == 20 * 5e6);
  CHECK(costed.cost("openings.prisons", 7) == 40 * 15e6);
  // Nothing but costs moves.
  const World cheap = tiny();
  const Costed before(cheap);
  for (std::size_t month = 0; month < world.months(); ++month)
    CHECK(before.state("person_years", month, "prison") == years(month));
}

TEST_CASE("costs: an uncertain price is drawn once a replication and moves nothing else") {
  const std::string drawn = replaced(
      kCosts, "prison = \"750 thousand KZT per person per year\"",
      "prison = { low = \"600 thousand KZT per person per year\", central = \"750 thousand KZT per person per year\", "
      "high = \"1 million KZT per person per year\" }");
  const World world(header("2011-01-01", "2012-01-01") + "parameters = \"drawn\"\n" + kTiny + drawn);
  double last = 0;
  for (std::uint32_t number = 0; number < 5; ++number) {
    const Costed costed(world, number);
    const double price = costed.cost("states.prison", 0) / costed.state("person_years", 0, "prison");
    CHECK(price > 600000);
    CHECK(price < 1000000);
    CHECK(std::abs(price - last) > 1);
    CHECK(costed.cost("states.prison", 2) == Approx(price * costed.state("person_years", 2, "prison")));
    CHECK(costed.cost("entries.again", 5) == 1500 * 100);
    last = price;
  }
}

TEST_CASE("costs: the items of the scenario that uses everything add up in every replication") {
  const World world(everything(), tables_of_everything());
  REQUIRE(world.scenario().costs.declared());
  const auto result = world.run(1, 3);
  const std::size_t items = world.scenario().costs.items.size(), states = world.scenario().states.size();
  double run = 0, prisoners = 0;
  for (std::size_t month = 0; month < world.months(); ++month) {
    double sum = 0;
    for (std::size_t at = 0; at < items; ++at) sum += world.value(result, "cost", month, at);
    CHECK(world.value(result, "cost_total", month) == sum);
    run += sum;
    for (std::size_t state = 0; state < states; ++state)
      for (std::size_t region = 0; region < 2; ++region)
        if (world.scenario().states[state].held)
          prisoners += world.value(result, "person_years", month, region * states + state);
  }
  CHECK(run > 0);
  CHECK(world.value(result, "cost_of_run", 0) == run);
  CHECK(world.value(result, "prisoner_years", 0) == Approx(prisoners).epsilon(1e-12));
}

TEST_CASE("costs: read back in words, and in the text that stands for the scenario") {
  const std::string text = header("2011-01-01", "2012-01-01") + kTiny + kCosts;
  const models::Scenario scenario = read_text(text);
  const std::string page = models::describe(scenario);
  for (const char* words :
       {"Costs in KZT, prices of 2010, discounted by 5 % a year\n", "states.prison",
        "750 thousand KZT per person per year; Prison", "events.prison.review", "900 KZT per event; Review",
        "36000 KZT per place per year, occupied or not",
        "10000 KZT per place per month, occupied or not; The new prison",
        "5 million KZT per place that is new, of old and new", "costs.events.prison.review", "costs.discount_rate"})
    CHECK_THAT(page, Catch::Contains(words));
  const std::string resolved = models::resolved_text(scenario);
  CHECK_THAT(resolved, Catch::Contains("[costs]\ncurrency = \"KZT\"\nprices_of = 2010\ndiscount_rate = "));
  CHECK_THAT(models::resolved_text(read_text(header("2011-01-01", "2012-01-01") + kTiny)), !Catch::Contains("[costs]"));
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"prices_of = 2010", "prices_of = 2011"},
                                                        {"discount_rate = \"5 %\"", "discount_rate = 0.06"},
                                                        {"discount_rate = \"5 %\"\n", ""},
                                                        {"750 thousand", "751 thousand"},
                                                        {"free = \"100 KZT", "free = \"101 KZT"},
                                                        {"again = \"1500", "looked_at = \"1500"},
                                                        {"review = \"900", "review = \"901"},
                                                        {"7000 KZT per case", "7001 KZT per case"},
                                                        {"prisons = \"36000", "old = \"36000"},
                                                        {"prisons = \"5 million", "new = \"5 million"}}) {
    INFO(from << " → " << to);
    CHECK(models::resolved_text(read_text(replaced(text, from, to))) != resolved);
  }
  // Another way to write the same costs has the same meaning.
  const models::Scenario dollars = read_text(replaced(text, "KZT", "USD"));
  CHECK_THAT(models::resolved_text(dollars), Catch::Contains("currency = \"USD\""));
}

}  // namespace prisonflow::testing
