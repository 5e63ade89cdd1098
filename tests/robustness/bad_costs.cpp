// Costs, wrongly written.
#include <catch2/catch.hpp>

#include "tests/robustness/bad_case.hpp"

namespace {

using namespace bad_scenarios;

const std::string kEnd = "[measures.prisoners]";
const std::string kFrame = "[costs]\ncurrency = \"KZT\"\n";
std::string with(const std::string& text) {
  return kFrame + text + "\n\n" + kEnd;
}
std::string alone(const std::string& text) {
  return text + "\n\n" + kEnd;
}
const std::string kPrison = "[costs.states]\nprison = \"750000 KZT per person per year\"\n";

const std::vector<Case> kBadCosts{
    // ---- the frame
    {"no currency", kEnd, alone("[costs]\nstates.prison = \"750000 KZT per person per year\""), "[|costs]",
     "costs has no \"currency\"", "an amount of money", "add currency"},
    {"a currency that is none", kEnd,
     alone("[costs]\ncurrency = \"Tenge\"\nstates.prison = \"750000 KZT per person per year\""),
     "currency = |\"Tenge\"", "is no currency", "ISO 4217", "write"},
    {"a currency that is a number", kEnd,
     alone("[costs]\ncurrency = 398\nstates.prison = \"750000 KZT per person per year\""), "currency = |398",
     "costs.currency = 398", "text is expected", "in quotes"},
    {"nothing costs anything", kEnd, with("prices_of = 2015"), "[|costs]", "costs has no unit cost",
     "nothing would cost", "[costs.states]"},
    {"an empty table", kEnd, with("[costs.states]"), "[costs.|states]", "costs.states has no unit cost", "is empty",
     "remove it"},
    {"a misspelt section", kEnd, with("state.prison = \"750000 KZT per person per year\""), "|state.prison",
     "unknown key \"state\" in costs", "nothing would read it", "\"states\""},
    {"a year of prices that is no year", kEnd, with("prices_of = 15\n" + kPrison), "prices_of = |15",
     "costs.prices_of = 15 is out of range", "between 1600 and 2400", ""},
    {"a year of prices in quotes", kEnd, with("prices_of = \"2015\"\n" + kPrison), "prices_of = |\"2015\"",
     "costs.prices_of", "", "without quotes"},
    {"a rate of discount above 1", kEnd, with("discount_rate = 3\n" + kPrison), "discount_rate = |3",
     "the share 3 is above 1", "between 0 and 1", "write 0.03 or \"3 %\""},
    {"a negative rate of discount", kEnd, with("discount_rate = -0.03\n" + kPrison), "discount_rate = |-0.03",
     "is negative", "", "minus"},
    {"costs that are no table", "grade = \"assumed\"\n\n[scenario]", "grade = \"assumed\"\ncosts = 5\n\n[scenario]",
     "costs = |5", "costs = 5 is", "a table is expected", ""},
    // ---- units
    {"no unit", kEnd, with("states.prison = 750000"), "states.prison = |750000",
     "costs.states.prison: a cost without a unit", "a day as well as of a year",
     "write \"750000 KZT per person per year\""},
    {"no unit, in quotes", kEnd, with("states.prison = \"750000\""), "states.prison = |\"750000\"",
     "a cost without a unit", "", "KZT per person per year"},
    {"another currency", kEnd, with("states.prison = \"3167 USD per person per year\""),
     "states.prison = |\"3167 USD per person per year\"", "a cost in USD", "are in KZT (costs.currency)",
     "convert it to KZT"},
    {"another currency in a table's unit", kEnd,
     with("[costs.states]\nunit = \"USD per person per year\"\nprison = 3167"), "prison = |3167", "a cost in USD",
     "are in KZT", "convert it"},
    {"a unit that is misspelt", kEnd, with("states.prison = \"750000 KZT per person per yaer\""),
     "states.prison = |\"750000 KZT per person per yaer\"", "unknown unit \"KZT per person per yaer\"",
     "KZT per person per year, KZT per person per month", "did you mean \"750000 KZT per person per year\""},
    {"a table's unit that is misspelt", kEnd,
     with("[costs.states]\nunit = \"KZT per prison per year\"\nprison = \"3167 KZT per person per year\""),
     "unit = |\"KZT per prison per year\"", "unknown unit \"KZT per prison per year\"", "", ""},
    {"no currency in the unit", kEnd, with("states.prison = \"750000 per person per year\""),
     "states.prison = |\"750000 per person per year\"", "unknown unit \"per person per year\"", "", "KZT"},
    {"a cost of time for an entry", kEnd, with("entries.prison = \"750000 KZT per person per year\""),
     "entries.prison = |\"750000 KZT per person per year\"", "unknown unit",
     "a cost of each entry, event or case is measured in KZT each", "write \"750000 KZT each\""},
    {"a cost of each for time", kEnd, with("states.prison = \"750000 KZT each\""),
     "states.prison = |\"750000 KZT each\"", "unknown unit \"KZT each\"", "KZT per person per year", ""},
    {"places without time", kEnd, with("places.colonies = \"750000 KZT per place\""),
     "places.colonies = |\"750000 KZT per place\"", "unknown unit \"KZT per place\"", "KZT per place per year", ""},
    {"a comma in thousands", kEnd, with("states.prison = \"750,000 KZT per person per year\""),
     "states.prison = |\"750,000 KZT per person per year\"", "is not a cost of persons' time", "without a sign",
     "1250.5"},
    {"a negative cost", kEnd, with("states.prison = \"-5 KZT per person per year\""),
     "states.prison = |\"-5 KZT per person per year\"", "-5 is negative", "0 or more", "minus"},
    {"low above high", kEnd,
     with("states.prison = { low = \"9 KZT per person per year\", central = \"5 KZT per person per year\", high = \"4 "
          "KZT "
          "per person per year\" }"),
     "states.prison = |{ low", "low, central and high are not in this order", "9, 5 and 4", ""},
    // ---- what costs
    {"an unknown state", kEnd, with("states.prsion = \"1 KZT per person per year\""), "states.|prsion",
     "costs.states: there is no state \"prsion\"", "a state of this scenario", "\"prison\""},
    {"an unknown state entered", kEnd, with("entries.court = \"1 KZT each\""), "entries.|court",
     "costs.entries: there is no state \"court\"", "", "charge"},
    {"time in a decision", kEnd, with("states.sentence = \"1 KZT per person per year\""), "states.|sentence = \"1",
     "nobody stays in \"sentence\"", "a cost of time", "[costs.entries]"},
    {"time in an exit", kEnd, with("states.dead = \"1 KZT per person per year\""),
     "states.|dead =", "nobody stays in \"dead\"", "a cost of time", "[costs.entries]"},
    {"an event of a state without any", kEnd, with("events.prison.misconduct = \"1 KZT each\""),
     "events.prison.|misconduct", "costs.events.prison: there is no event \"misconduct\"", "own events",
     "states.prison has none"},
    {"an unknown event", kEnd,
     with("events.prison.misconducts = \"1 KZT each\"\n[states.prison.events]\nmisconduct = { rate = 1 }"),
     "events.prison.|misconducts", "there is no event \"misconducts\"", "own events", "\"misconduct\""},
    {"an event of an unknown state", kEnd, with("events.prsion.misconduct = \"1 KZT each\""), "events.|prsion",
     "costs.events: there is no state \"prsion\"", "", "\"prison\""},
    {"a state in the place of an event", kEnd, with("events.prison = \"1 KZT each\""), "events.|prison",
     "costs.events.prison is a cost of a state", "several events", "prison.<event>"},
    {"an unknown facility", kEnd, with("places.colony = \"1 KZT per place per year\""), "places.|colony",
     "costs.places: there is no facility \"colony\"", "a facility or a group", "colonies"},
    {"a group of which nothing is left", kEnd,
     with("openings.colonies = \"1 KZT per place\"\nopenings.men = \"1 KZT per place\"\nopenings.women = \"1 KZT per "
          "place\""),
     "openings.|colonies", "costs.openings.colonies is the cost of no place", "a cost of its own", "remove it"},
    {"a table where a number is expected", kEnd, with("states.prison.cost = \"1 KZT per person per year\""),
     "states.|prison.cost", "", "", ""},
    // ---- policies
    {"a policy that changes the rate of discount", kEnd,
     with("discount_rate = 0.03\n" + kPrison + "[policies.p]\nfrom = 2014-01-01\nset.costs.discount_rate = 0.04"),
     "set.costs.|discount_rate", "changes the rate of discount", "the whole run", "where it is written"},
    {"a policy in some regions", kEnd,
     with(kPrison + "[policies.p]\nfrom = 2014-01-01\nregions = [\"north\"]\nscale.costs.states.prison = 2"),
     "scale.costs.states.|prison", "in some regions", "one such number for all regions", "another policy"},
    {"a policy for new cases", kEnd,
     with(kPrison + "[policies.p]\nfrom = 2014-01-01\napplies_to = \"new cases\"\nscale.costs.states.prison = 2"),
     "scale.costs.states.|prison", "for new cases only", "that of the day", "another policy"},
    {"a policy in another money", kEnd,
     with(kPrison + "[policies.p]\nfrom = 2014-01-01\nset.costs.states.prison = \"5 USD per person per year\""),
     "set.costs.states.prison = |\"5 USD", "a cost in USD", "are in KZT", "convert it"},
    {"a policy that sets a table", kEnd,
     with(kPrison + "[policies.p]\nfrom = 2014-01-01\nset.costs.states = \"5 KZT per person per year\""),
     "set.costs.|states", "sets a table of costs of several numbers", "which", "costs.states.prison"},
    {"a policy on a cost that is not there", kEnd,
     with(kPrison + "[policies.p]\nfrom = 2014-01-01\nscale.costs.states.probation = 2"),
     "scale.costs.states.|probation", "there is no number costs.states.probation", "that the scenario gives", ""},
    {"a policy that makes a cost negative", kEnd,
     with(kPrison + "[policies.p]\nfrom = 2014-01-01\nshift.costs.states.prison = \"-800000 KZT per person per year\""),
     "shift.costs.states.prison = |\"-800000", "policies.p makes costs.states.prison -50000", "0 or more", "750000"},
    {"a misspelt unit is not missed by a policy as well", kEnd,
     with("states.prison = \"1 KZT per person per yaer\"\n[policies.p]\nfrom = 2014-01-01\nscale.costs.states.prison = "
          "2"),
     "states.prison = |\"1 KZT per person per yaer\"", "unknown unit", "", ""},
};

/// Without reoffending.
const std::string kReoffending =
    "[reoffending]\nto = \"charge\"\ntime = { distribution = \"weibull\", scale = \"900 days\", shape = 0.8, never = "
    "0.55 "
    "}\nratio_by.age.\"18-24\" = 1.3\nsame_offence = 0.6\nmix.offence = { theft = 0.5, violent = 0.5 }\n";

}  // namespace

TEST_CASE("every wrong cost is placed and explained") {
  require_one_error_each(kBadCosts);
}

TEST_CASE("a cost of new cases that never come is reported") {
  require_one_error({"new cases without reoffending", kReoffending,
                     "[costs]\ncurrency = \"KZT\"\nnew_case = \"1 KZT per "
                     "case\"\n",
                     "|new_case", "costs.new_case without [reoffending]", "no new cases", "[costs.entries]"});
}

TEST_CASE("costs that are rightly written have no error") {
  const Folder folder;
  const std::string costs =
      "discount_rate = \"3 %\"\nprices_of = 2015\nnew_case = \"1 KZT per case\"\n" + kPrison +
      "[costs.entries]\nunit = \"KZT each\"\nsentence = 5\ndead = { value = 3, source = \"a guess\" }\n"
      "[costs.places]\nmen = \"1 KZT per place per day\"\ncolonies = \"1 KZT per place per year\"\n"
      "[policies.p]\nfrom = 2014-01-01\nscale.costs.states = 1.1\nset.costs.entries.sentence = \"6 KZT each\"";
  std::string all;
  for (const auto& error : errors_in(folder.write("good.toml", replaced_once(kSound, kEnd, with(costs)))))
    all += to_string(error) + "\n";
  CHECK(all == "");
}
