// Durations and terms of classes of persons, wrongly written: in the text and in tables.
#include <catch2/catch.hpp>

#include "tests/robustness/bad_case.hpp"

namespace {

using namespace bad_scenarios;

const std::string kBy = "term_by.offence.violent = 2.4";
std::string with(const std::string& row) {
  return kBy + "\n" + row;
}

const std::vector<Case> kRows{
    {"a term of nobody", kBy, with("term_for.femal = \"1 year\""), "term_for.|femal", "no label \"femal\"",
     "labels of [classes]", "\"female\""},
    {"a term of a label of another trait", kBy, with("term_for.\"risk:female\" = \"1 year\""),
     "term_for.|\"risk:female\"", "no label \"risk:female\"", "labels of [classes]", ""},
    {"a term of two sexes", kBy, with("term_for.\"male/female\" = \"1 year\""), "term_for.|\"male/female\"",
     "two labels of sex", "nobody has both", "two rows"},
    {"the same term twice", kBy, with("term_for.female = \"1 year\"\nterm_for.\"sex:female\" = \"2 years\""),
     "term_for.|\"sex:female\"", "is there twice", "only one row", "remove"},
    {"a term without a unit", kBy, with("term_for.female = 12"), "term_for.female = |12", "a duration without a unit",
     "days as well as years", "\"12 days\""},
    {"a negative term", kBy, with("term_for.female = \"-1 year\""), "term_for.female = |\"-1 year\"", "is negative",
     "0 or more", "minus"},
    {"a rest of a term for some", kBy, with("term_for.female = \"remainder\""), "term_for.female = |\"remainder\"",
     "states.prison.term_for.female = \"remainder\" is not drawn", "draw from", "a state of their own"},
    {"a distribution without its spread", kBy,
     with("term_for.female = { distribution = \"lognormal\", mean = \"14 months\" }"), "term_for.|female",
     "has no \"sigma\"", "needs it", "add sigma"},
    {"a row with a modifier of its own", kBy,
     with("term_for.female = { distribution = \"exponential\", mean = \"14 months\", factor = 2 }"), "|factor = 2",
     "unknown key \"factor\"", "nothing would read it", "distribution, mean and never"},
    {"rows that are no table", kBy, with("term_for = \"1 year\""), "term_for = |\"1 year\"", "states.prison.term_for",
     "", ""},
    {"rows of a term that nobody draws",
     "term = { distribution = \"lognormal\", mean = \"4 years\", sigma = 0.9 }\n" + kBy + "\npretrial_credit = 1\n",
     "term = \"remainder\"\nterm_for.female = \"1 year\"\n", "|term_for.female",
     "\"term_for\" with term = \"remainder\"", "nothing is drawn here", "remove it"},
    {"rows without a base", "duration_by.risk.high = 1.5", "duration_by.risk.high = 1.5\nterm_for.female = \"1 year\"",
     "|term_for.female", "\"term_for\" without \"term\"", "no effect", "add term"},
    {"rows of a decision", "shares = { prison = 0.7, free = 0.3 }",
     "shares = { prison = 0.7, free = 0.3 }\nduration_for.female = \"1 day\"", "|duration_for.female = \"1 day\"",
     "a state of kind decision has no \"duration_for\"", "belongs to delay, service, custody and supervision",
     "remove it"},
    {"a term of a delay", "pretrial = true", "pretrial = true\nterm_for.female = \"1 day\"",
     "|term_for.female = \"1 day\"", "a state of kind service has no \"term_for\"", "custody and supervision",
     "remove it"},
    {"a policy for a row that is not there", "scale.states.prison.term = 0.9",
     "set.states.prison.term_for.female = \"1 year\"", "term_for.|female = \"1 year\"", "there is no number",
     "numbers that the scenario gives", "states.prison.term"},
    {"a policy that sets all rows", "scale.states.prison.term = 0.9\n",
     "set.states.probation.duration_for = \"1 year\"\n\n[states.probation.duration_for]\nfemale = \"1 year\"\n",
     "|duration_for = \"1 year\"", "sets a table of several numbers", "does not say which",
     "states.probation.duration_for.female"},
    {"a policy that makes a term negative", "scale.states.prison.term = 0.9\n",
     "shift.states.probation.duration_for = \"-2 years\"\n\n[states.probation.duration_for]\nfemale = \"1 year\"\n",
     "duration_for = |\"-2 years\"", "makes states.probation.duration_for.female -365.2425", "0 or more",
     "without policies"},
};

const std::string kTable = with("term_for = { table = \"table.csv\" }");

const std::vector<Tabled> kTables{
    {"a table without means", kBy, kTable, "sex\nfemale\n", "table.csv:1:1", {"the column \"mean\" is missing"}},
    {"an unknown trait", kBy, kTable, "sexe,mean\nfemale,1 year\n", "table.csv:1:1", {"\"sexe\"", "\"sex\""}},
    {"an unknown label", kBy, kTable, "sex,mean\nfemal,1 year\n", "table.csv:2:1", {"no sex \"femal\"", "\"female\""}},
    {"a row for everyone",
     kBy,
     kTable,
     "sex,mean\n,1 year\n",
     "table.csv:2:1",
     {"states.prison.term_for has a row without a label", "for everyone", "write it as states.prison.term"}},
    {"a row twice",
     kBy,
     kTable,
     "sex,mean\nfemale,1 year\nfemale,2 years\n",
     "table.csv:3:1",
     {"states.prison.term_for.female is there twice"}},
    {"a mean that is none", kBy, kTable, "sex,mean\nfemale,long\n", "table.csv:2:8", {"states.prison.term_for.female"}},
    {"a mean without a unit", kBy, kTable, "sex,mean\nfemale,14\n", "table.csv:2:8", {"without a unit"}},
    {"a distribution that a table cannot give",
     kBy,
     kTable,
     "sex,distribution,mean\nfemale,weibull,1 year\n",
     "table.csv:2:8",
     {"no row of a table is \"weibull\"", "fixed, exponential, lognormal and gamma"}},
    {"a misspelt distribution",
     kBy,
     kTable,
     "sex,distribution,mean,sigma\nfemale,lognormel,1 year,0.5\n",
     "table.csv:2:8",
     {"\"lognormel\"", "did you mean \"lognormal\"?"}},
    {"a spread left out",
     kBy,
     kTable,
     "sex,distribution,mean,sigma\nfemale,lognormal,1 year,\n",
     "table.csv:2:25",
     {"states.prison.term_for.female has no \"sigma\"", "needs it", "fill in"}},
    {"a spread of a fixed term",
     kBy,
     kTable,
     "sex,mean,sigma\nfemale,1 year,0.5\n",
     "table.csv:2:15",
     {"has a sigma", "is fixed", "leave the cell empty"}},
    {"a shape of 0",
     kBy,
     kTable,
     "sex,distribution,mean,shape\nfemale,gamma,1 year,0\n",
     "table.csv:2:21",
     {"the number is 0", "above 0"}},
    {"a measured row without a source",
     kBy,
     kTable,
     "sex,mean,grade\nfemale,1 year,measured\n",
     "table.csv:2:8",
     {"graded measured but has no source"}},
};

}  // namespace

TEST_CASE("every wrong law of a class is placed and explained") {
  require_one_error_each(kRows);
}
TEST_CASE("every wrong table of laws is placed to the cell") {
  for (const Tabled& test : kTables) require_table_error(test);
}
