// One fault a case: the place to the column, what is wrong, why, and what to write instead.
//
// A case replaces one piece of a sound scenario. `at` is a piece of the broken text that stands there once; the error
// is expected at its |, or at its beginning.
#include "tests/robustness/bad_scenarios.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace bad_scenarios;
using prisonflow::models::Diagnostic;
using prisonflow::models::to_string;

struct Case {
  const char* name;
  std::string find, replace, at;
  const char *problem, *why, *suggestion;
};

void require_one_error(const Case& test) {
  INFO(test.name);
  const Folder folder;
  const std::string text = replaced(kSound, test.find, test.replace);
  CHECK_FALSE(text.empty());
  const auto file = folder.write("bad.toml", text);
  const auto [line, column] = place_of(text, test.at);
  CHECK(line > 0);
  const std::vector<Diagnostic> errors = errors_in(file);
  std::string all;
  for (const Diagnostic& error : errors) all += to_string(error) + "\n";
  INFO(all);
  CHECK(errors.size() == 1);
  if (errors.empty()) return;
  const std::string prefix = file.string() + ":" + std::to_string(line) + ":" + std::to_string(column) + ": ";
  CHECK_THAT(to_string(errors[0]), Catch::StartsWith(prefix));
  CHECK_THAT(errors[0].problem, Catch::Contains(test.problem));
  CHECK_THAT(errors[0].why, Catch::Contains(test.why));
  CHECK_THAT(errors[0].suggestion, Catch::Contains(test.suggestion));
}

/// ", 4, 5, 6"
std::string numbers(int from, int to) {
  std::string text;
  for (int i = from; i <= to; ++i) text += ", " + std::to_string(i);
  return text;
}

const std::vector<Case> kSyntax{
    {"a key twice", "seed = 7", "seed = 7\nseed = 8", "seed = |8", "cannot redefine", "nothing after",
     "once in its table"},
    {"a table twice", "[states.dead]", "[states.end]\nkind = \"exit\"\n[states.dead]",
     "|[states.end]\nkind = \"exit\"\n[states.dead]", "cannot redefine existing table", "nothing after",
     "each [table] once"},
    {"text without quotes", "kind = \"liberty\"", "kind = liberty", "kind = |liberty", "syntax error", "nothing after",
     ""},
    {"a duration without quotes", "parole_retry = \"6 months\"", "parole_retry = 6 months", "parole_retry = 6 |months",
     "syntax error", "nothing after", "stands in quotes"},
    {"a date that does not exist", "opens = 2000-01-01", "opens = 2015-02-30", "opens = 2015-02-30|",
     "between 1 and 28", "nothing after", "2015-01-31"},
    {"an open quotation mark", "title = \"A small system\"", "title = \"A small system",
     "title = \"A small system|\ncountry", "string", "nothing after", "close the text"},
    {"an open list", "from = [\"prison\"]", "from = [\"prison\"", "|to = \"free\"\npersons", "array", "nothing after",
     "close the list"},
    {"a table header without a name", "[measures.prisoners]", "[)", "[)", "no name", "nothing after",
     "[states.prison]"},
    {"a decimal comma", "same_offence = 0.6", "same_offence = 0,6", "same_offence = 0|,6", "syntax error",
     "nothing after", ""},
    {"lists in lists for ever", "by = [\"sex\", \"offence\"]", "by = " + std::string(40, '[') + std::string(40, ']'),
     "by = " + std::string(32, '[') + "|" + std::string(8, '['), "nested more than 32", "nothing in a scenario",
     "brackets"},
};

const std::vector<Case> kKeys{
    {"unknown key at the top", "[labels.offence]", "[label.offence]", "[|label.offence]", "unknown key \"label\"",
     "nothing would read it", "\"labels\""},
    {"unknown key in scenario", "seed = 7", "sead = 7", "sead", "unknown key \"sead\" in scenario",
     "nothing would read it", "\"seed\""},
    {"unknown key like nothing", "seed = 7", "xyzzy = 7", "xyzzy", "unknown key \"xyzzy\"", "nothing would read it",
     "the keys here are: name"},
    {"unknown key in a state", "automatic_release = 0.9", "automatic_relase = 0.9", "automatic_relase", "unknown key",
     "nothing would read it", "\"automatic_release\""},
    {"a key of another kind", "kind = \"liberty\"\n", "kind = \"liberty\"\nbreach = 0.1\n", "breach = 0.1",
     "a state of kind liberty has no \"breach\"", "belongs to supervision", "change the kind"},
    {"a conviction of custody", "kind = \"custody\"\n", "kind = \"custody\"\nconviction = true\n",
     "conviction = true\nfacilities", "a state of kind custody has no \"conviction\"", "decision, delay and service",
     "change the kind"},
    {"an exit with a duration", "[states.dead]\nkind = \"exit\"",
     "[states.dead]\nkind = \"exit\"\nduration = \"1 day\"", "duration = \"1 day\"",
     "a state of kind exit has no \"duration\"", "belongs to delay, service, custody and supervision", "remove it"},
    {"unknown key of a distribution", "mean = \"60 days\" }", "mean = \"60 days\", sigma = 1 }", "|sigma = 1",
     "unknown key \"sigma\"", "nothing would read it", "the keys here are: distribution, mean and never"},
    {"unknown key of a facility", "places = 3000", "place = 3000\nplaces = 3000", "|place = 3000\np",
     "unknown key \"place\"", "nothing would read it", "\"places\""},
    {"unknown key of a facility group", "when_full = \"crowd\"", "when_ful = \"crowd\"", "when_ful",
     "unknown key \"when_ful\"", "when_full", "\"when_full\""},
    {"unknown key of a policy", "phase_in = \"24 months\"", "phase_out = \"24 months\"", "phase_out",
     "unknown key \"phase_out\"", "nothing would read it", "\"phase_in\""},
    {"unknown key of a mix", "offence = { theft = 0.5, violent = \"rest\" }",
     "offences = { theft = 0.5, violent = 0.5 }\noffence = { theft = 0.5, violent = \"rest\" }",
     "offences = ", "unknown key \"offences\"", "nothing would read it", "\"offence\""},
    {"no name", "name = \"small\"\n", "", "[|scenario]", "has no \"name\"", "results are kept under it", "add name"},
    {"no start", "start = 2010-01-01\n", "", "[|scenario]", "has no \"start\"", "a run covers a period", "add start"},
    {"no kind", "[states.end]\nkind = \"exit\"", "[states.end]\nlabel = \"out\"", "[states.|end]", "has no \"kind\"",
     "decision, delay", "add kind"},
    {"no duration", "duration = { distribution = \"exponential\", mean = \"60 days\" }\n", "", "[states.|charge]",
     "has no \"duration\"", "stay for ever", "add duration"},
    {"no next", "next = \"sentence\"\n", "", "[states.|charge]", "has no \"next\"", "go somewhere", "add next"},
    {"a decision without shares", "shares = { prison = 0.7, free = 0.3 }\n", "", "[states.|board]", "has no \"shares\"",
     "at once", "add shares"},
    {"a distribution without its mean", "distribution = \"exponential\", mean = \"60 days\"",
     "distribution = \"exponential\"", "|duration = { distribution = \"exponential\" }", "has no \"mean\"",
     "this distribution needs it", "add mean"},
    {"no rate of arrivals",
     "rate = { between = \"steps\", on = { 2010-01-01 = 42000, 2012-01-01 = 39000 } }\n\n[arrivals.suspects.mix]",
     "[arrivals.suspects.mix]", "[arrivals.|suspects]", "has no \"rate\"", "how many come", "persons a year"},
    {"no target of arrivals", "[arrivals.suspects]\nto = \"charge\"", "[arrivals.suspects]",
     "[arrivals.|suspects]\nrate", "has no \"to\"", "people arrive in a state", "add to"},
    {"no servers' service", "service = \"courts\"\n", "", "[states.|charge]", "has no \"service\"", "capacity",
     "make it a delay"},
    {"no persons in an amnesty", "persons = 100\n", "", "[amnesties.|day]", "has no \"persons\"",
     "how many are released", "share"},
    {"an empty policy", "set.states.sentence.shares.prison = 0.25\nscale.states.prison.term = 0.9\n", "",
     "[policies.|codes]", "changes nothing", "no set, scale or shift", "add set"},
};

const std::vector<Case> kTypes{
    {"text for a whole number", "seed = 7", "seed = \"7\"", "seed = |\"7\"", "scenario.seed = \"7\" is text",
     "a whole number is expected", "without quotes"},
    {"a number for text", "title = \"A small system\"", "title = 5", "title = |5",
     "scenario.title = 5 is a whole number", "text is expected", "in quotes"},
    {"a number with a point for a whole number", "replications = 20", "replications = 2.5", "replications = |2.5",
     "is a number", "a whole number is expected", "decimal point"},
    {"a word for true", "pretrial = true", "pretrial = \"yes\"", "pretrial = |\"yes\"", "is text",
     "true or false is expected", "without quotes"},
    {"text for a list", "from = [\"prison\"]", "from = \"prison\"", "from = |\"prison\"", "is text",
     "a list is expected", "in brackets"},
    {"a number for a table", "grade = \"assumed\"", "grade = \"assumed\"\nobserved = 5", "observed = |5",
     "observed = 5 is a whole number", "a table is expected", ""},
    {"a table for a number", "automatic_release = 0.9", "automatic_release.x = 0.9", "|automatic_release.x",
     "a number is expected, not a table", "", "value"},
    {"a list for a number", "automatic_release = 0.9", "automatic_release = [0.9]", "automatic_release = |[0.9]",
     "a share is expected, not a list", "every number", ""},
    {"truth for a number", "automatic_release = 0.9", "automatic_release = true", "automatic_release = |true",
     "not true or false", "every number", ""},
    {"a number in quotes", "same_offence = 0.6", "same_offence = \"0.6\"", "same_offence = |\"0.6\"", "\"0.6\" is text",
     "without quotes", "write 0.6"},
    {"a word for a number", "persons = 1000", "persons = \"many\"", "persons = |\"many\"", "\"many\" is not",
     "finite number", "write"},
    {"a time for a date", "on = 2011-12-28", "on = 2011-12-28T10:00:00", "on = |2011-12-28T10:00:00", "is no date",
     "year-month-day", "2015-01-31"},
    {"text that is no date", "on = 2011-12-28", "on = \"28.12.2011\"", "on = |\"28.12.2011\"", "is no date",
     "year-month-day", "2015-01-31"},
    {"a date for a number", "persons = 1000", "persons = 2010-01-01", "persons = |2010-01-01", "not a date",
     "every number", ""},
    {"a text that is no known word", "initial = \"stationary\"", "initial = \"stationery\"",
     "initial = |\"stationery\"", "is not known", "empty and stationary", "\"stationary\""},
    {"an unknown kind", "kind = \"custody\"", "kind = \"custdy\"", "kind = |\"custdy\"", "is not known",
     "decision, delay", "\"custody\""},
    {"an unknown distribution", "distribution = \"weibull\"", "distribution = \"weibul\"", "distribution = |\"weibul\"",
     "is not known", "exponential", "\"weibull\""},
    {"an unknown control", "kind = \"liberty\"\n", "kind = \"liberty\"\ncontrol = \"intensiv\"\n",
     "control = |\"intensiv\"", "is not known", "conditional", "\"intensive\""},
    {"an unknown quantity of a measure", "quantity = \"stock\"", "quantity = \"stocks\"", "quantity = |\"stocks\"",
     "is not known", "entries", "\"stock\""},
    {"an unknown dimension of a measure", "by = [\"sex\", \"offence\"]", "by = [\"sex\", \"ofence\"]",
     "by = [\"sex\", |\"ofence\"]", "is not known", "state", "\"offence\""},
};

const std::vector<Case> kNumbers{
    {"a negative duration", "parole_retry = \"6 months\"", "parole_retry = \"-6 months\"",
     "parole_retry = |\"-6 months\"", "is negative", "0 or more", "minus"},
    {"a share above 1", "automatic_release = 0.9", "automatic_release = 1.2", "automatic_release = |1.2",
     "share 1.2 is above 1", "between 0 and 1", ""},
    {"a percentage for a share", "automatic_release = 0.9", "automatic_release = 90", "automatic_release = |90",
     "share 90 is above 1", "between 0 and 1", "write 0.9"},
    {"not a number", "same_offence = 0.6", "same_offence = nan", "same_offence = |nan", "not finite", "no meaning",
     "write a number"},
    {"infinity", "persons = 1000", "persons = inf", "persons = |inf", "not finite", "no meaning", "write a number"},
    {"infinity in quotes", "breach = \"5 per 100 per year\"", "breach = \"inf per year\"", "breach = |\"inf per year\"",
     "is not a rate", "finite", "write"},
    {"a duration without a unit", "parole_retry = \"6 months\"", "parole_retry = 6", "parole_retry = |6",
     "without a unit", "days as well as years", "\"6 days\""},
    {"an unknown unit", "parole_retry = \"6 months\"", "parole_retry = \"6 moths\"", "parole_retry = |\"6 moths\"",
     "unknown unit \"moths\"", "minutes, hours, days", "\"6 months\""},
    {"a unit of something else", "parole_retry = \"6 months\"", "parole_retry = \"6 %\"", "parole_retry = |\"6 %\"",
     "unknown unit \"%\"", "a duration is measured in", "days"},
    {"an unknown unit of a table", "[states.probation]\n", "[states.probation]\nunit = \"wekes\"\n",
     "unit = |\"wekes\"", "unknown unit \"wekes\"", "no number has this unit", "\"weeks\""},
    {"two units", "parole_retry = \"6 months\"", "parole_retry = { value = \"6 months\", unit = \"days\" }",
     "parole_retry = { value = |\"6 months\"", "stands beside it", "only one", "remove one"},
    {"a decimal comma in quotes", "parole_retry = \"6 months\"", "parole_retry = \"6,5 months\"",
     "parole_retry = |\"6,5 months\"", "is not a duration", "decimals are written with a point", "1250.5"},
    {"a shape of 0", "shape = 0.8", "shape = 0", "shape = |0,", "the number is 0", "above 0", ""},
    {"a mean of 0", "mean = \"60 days\"", "mean = \"0 days\"", "mean = |\"0 days\"", "the number is 0", "above 0", ""},
    {"shortest above longest", "shortest = \"1 year\"", "shortest = \"4 years\"", "longest = |\"3 years\"", "is above",
     "shortest duration", "exchange"},
    {"low above central", "low = 0.3, central", "low = 0.55, central", "parole_eligibility = |{", "not in this order",
     "0.55, 0.5 and 0.6", ""},
    {"an uncertain value without its end", "central = 0.5, high = 0.6", "central = 0.5", "parole_eligibility = |{",
     "\"high\" is missing", "uncertain", ""},
    {"a mean and a median", "mean = \"4 years\", sigma", "mean = \"4 years\", median = \"3 years\", sigma",
     "|median = \"3 years\"", "a mean and a median", "one of them", "remove one"},
    {"no grade", "grade = \"assumed\"\n\n[scenario]", "[scenario]", "mean = |\"60 days\"",
     "numbers in 19 tables have no grade", "how well it is known", "at the top of the file"},
    {"measured without a source", "same_offence = 0.6", "same_offence = { value = 0.6, grade = \"measured\" }",
     "same_offence = |{", "graded measured but has no source", "nobody could check", "add source"},
    {"fitted without a note", "same_offence = 0.6",
     "same_offence = { value = 0.6, grade = \"fitted\", source = \"court_2014\" }", "same_offence = |{",
     "fitted but has no note", "which series", "add note"},
    {"an unknown grade", "grade = \"assumed\"", "grade = \"asumed\"", "grade = |\"asumed\"", "unknown grade",
     "how well", "\"assumed\""},
    {"an unknown source", "[states.board]\n", "[states.board]\nsource = \"court_2015\"\n", "source = |\"court_2015\"",
     "unknown source \"court_2015\"", "[sources]", "\"court_2014\""},
    {"a grade that is no text", "[states.board]\n", "[states.board]\nnote = 5\n", "note = |5", "note is a whole number",
     "belong to the numbers", "note = "},
    {"too many arrivals", "2010-01-01 = 42000", "2010-01-01 = 42000000", "2010-01-01 = |42000000", "is above 10000000",
     "ten million", "zeros"},
    {"too many at the start", "persons = 1000", "persons = 1e9", "persons = |1e9", "is above 100000000",
     "hundred million", "zeros"},
    {"too many replications", "replications = 20", "replications = 2000000", "replications = |2000000", "out of range",
     "between 1 and 1000000", ""},
    {"a share in a year", "mean = \"60 days\"", "mean = \"60 per year\"", "mean = |\"60 per year\"",
     "unknown unit \"per year\"", "a duration is measured in", "60 days"},
    {"a negative seed", "seed = 7", "seed = -7", "seed = |-7", "out of range", "between 0", ""},
};

const std::vector<Case> kShares{
    {"shares that do not add up", "shares = { prison = 0.7, free = 0.3 }", "shares = { prison = 0.7, free = 0.2 }",
     "shares = |{ prison = 0.7, free = 0.2 }", "add up to 0.9", "everyone goes somewhere", "\"rest\""},
    {"two rests", "prison = 0.4, probation = \"rest\"", "prison = \"rest\", probation = \"rest\"",
     "prison = \"rest\", probation = |\"rest\"", "two rests", "what is left", "a number"},
    {"more than 1 before the rest", "shares = { prison = 0.4, probation = \"rest\" }",
     "shares = { prison = 0.7, board = 0.5, probation = \"rest\" }", "shares = |{ prison = 0.7, board", "add up to 1.2",
     "nothing would be left", "lower some"},
    {"a row that does not add up", "shares_for.theft = { prison = 0.2, probation = 0.8 }",
     "shares_for.theft = { prison = 0.2, probation = 0.7 }", "shares_for.theft = |{", "add up to 0.9", "everyone",
     "\"rest\""},
    {"a negative share", "shares = { prison = 0.7, free = 0.3 }", "shares = { prison = -0.3, free = \"rest\" }",
     "prison = |-0.3", "-0.3 is negative", "0 or more", "minus"},
    {"a branch that is no state", "shares = { prison = 0.7, free = 0.3 }", "shares = { prison = 0.7, fre = 0.3 }",
     "prison = 0.7, |fre = 0.3", "\"fre\" is not among the states", "a share leads somewhere", "\"free\""},
    {"a branch of the row that the base does not have", "shares_for.theft = { prison = 0.2, probation = 0.8 }",
     "shares_for.theft = { prison = 0.2, free = 0.8 }", "prison = 0.2, |free = 0.8", "\"free\" is no branch",
     "prison and probation", "add free = 0"},
    {"an unknown label of a row", "shares_for.theft = {", "shares_for.thefd = {", "shares_for.|thefd",
     "no label \"thefd\"", "labels of [classes]", "\"theft\""},
    {"two labels of one trait", "shares_for.\"theft/female\"", "shares_for.\"theft/violent\"",
     "shares_for.|\"theft/violent\"", "two labels of offence", "nobody has both", "two rows"},
    {"the same row twice", "shares_for.\"theft/female\"", "shares_for.\"offence:theft\"",
     "shares_for.|\"offence:theft\"", "is there twice", "only one", "remove"},
    {"odds for an unknown trait", "shares_by.offence.violent", "shares_by.ofence.violent", "shares_by.|ofence",
     "no trait \"ofence\"", "traits only", "\"offence\""},
    {"odds for an unknown label", "shares_by.offence.violent", "shares_by.offence.violet", "shares_by.offence.|violet",
     "no offence \"violet\"", "[classes]", "\"violent\""},
    {"odds for an unknown branch", "{ prison = 3.0 }", "{ prisn = 3.0 }", "{ |prisn = 3.0 }",
     "\"prisn\" is not among the states", "somewhere", "\"prison\""},
    {"odds that leave nothing", "shares_by.offence.violent = { prison = 3.0 }",
     "shares_by.offence.violent = { prison = 0, probation = 0 }", "probation = |0 }",
     "every branch has odds 0 for violent", "nowhere", "leave one branch open"},
    {"ratios of nothing", "shares = { prison = 0.7, free = 0.3 }", "shares_by.sex.male = { prison = 2.0 }",
     "|shares_by.sex.male", "shares is missing", "change a row", "add shares"},
    {"a factor for an unknown trait", "term_by.offence.violent", "term_by.offense.violent", "term_by.|offense",
     "no trait \"offense\"", "traits only", "\"offence\""},
    {"a factor for an unknown age", "ratio_by.age.\"18-24\"", "ratio_by.age.\"18-25\"", "ratio_by.age.|\"18-25\"",
     "no age \"18-25\"", "[classes]", "\"18-24\""},
    {"a mix that depends on a later trait", "offence_by.sex.female", "offence_by.risk.high", "offence_by.|risk",
     "depends on risk", "earlier ones only", "turn"},
    {"a mix that does not add up", "sex = { male = 0.88, female = 0.12 }", "sex = { male = 0.88, female = 0.2 }",
     "sex = |{ male", "add up to 1.08", "everyone", "\"rest\""},
    {"an unknown label of a mix", "sex = { male = 0.88, female = 0.12 }", "sex = { male = 0.88, femal = 0.12 }",
     "|femal = 0.12", "not among the labels of sex", "somewhere", "\"female\""},
};

const std::vector<Case> kReferences{
    {"an unknown next state", "next = \"sentence\"", "next = \"sentense\"", "next = |\"sentense\"",
     "no state \"sentense\"", "state of this scenario", "\"sentence\""},
    {"an unknown state of an amnesty", "from = [\"prison\"]", "from = [\"prisons\"]", "from = [|\"prisons\"]",
     "no state \"prisons\"", "state of this scenario", "\"prison\""},
    {"an unknown initial state", "[initial.prison]", "[initial.prisn]", "[initial.|prisn]", "no state \"prisn\"",
     "people start", "\"prison\""},
    {"people who start in a decision", "[initial.prison]", "[initial.board]", "[initial.|board]",
     "nobody stays in a decision", "takes time", "name the state"},
    {"an unknown facility group", "facilities = \"colonies\"\nterm", "facilities = \"colony\"\nterm",
     "facilities = |\"colony\"\nterm", "does not exist", "facility groups", "colonies"},
    {"an unknown service", "service = \"courts\"", "service = \"court\"", "service = |\"court\"", "does not exist",
     "services", "\"courts\""},
    {"a priority of another state", "priority = [\"charge\"]", "priority = [\"probation\"]",
     "priority = [|\"probation\"]", "does not use this service", "kind service", "remove it"},
    {"a death that is no exit", "to = \"dead\"", "to = \"free\"", "to = |\"free\"\nrate", "is no exit",
     "leave the model", "kind exit"},
    {"an unknown region of a policy", "regions = [\"north\"]", "regions = [\"nort\"]", "regions = [|\"nort\"]",
     "no region \"nort\"", "[classes]", "\"north\""},
    {"an unknown label admitted", "only.sex = [\"male\"]", "only.sex = [\"mal\"]", "only.sex = [|\"mal\"]",
     "no sex \"mal\"", "[classes]", "\"male\""},
    {"a label twice", "sex = [\"male\", \"female\"]", "sex = [\"male\", \"female\", \"male\"]",
     "\"female\", |\"male\"]\noffence", "is there twice", "tell persons apart", "rename"},
    {"a text for an unknown label", "theft = \"Theft (ICCS 0502)\"", "thefts = \"Theft (ICCS 0502)\"",
     "thefts = ", "no offence \"thefts\"", "[classes]", "\"theft\""},
    {"a bad name of a state", "[states.end]", "[states.End-State]\nkind = \"exit\"\n[states.end]",
     "[states.|End-State]", "is no name for a state", "a-z", "end_state"},
    {"a word of the language as a name", "[states.end]", "[states.rest]\nkind = \"exit\"\n[states.end]",
     "[states.|rest]", "is no name for a state", "word of the language", "rest_"},
    {"a bad label", "risk = [\"low\", \"high\"]", "risk = [\"low\", \"high\", \"Very High\"]",
     "\"high\", |\"Very High\"", "is no name for a label", "a-z", "very_high"},
};

const std::vector<Case> kRules{
    {"a number in place of a unit", "age = [14, 18, 25]", "age = [14, 18, 18]", "age = [14, 18, |18]", "18 follows 18",
     "from the lowest", "sort"},
    {"ages above the oldest", "oldest_age = 80", "oldest_age = 20", "oldest_age = |20", "out of range", "between 26",
     ""},
    {"the end before the start", "end = 2020-01-01", "end = 2009-01-01", "end = |2009-01-01", "is not after",
     "2010-01-01", "day after"},
    {"a run of centuries", "end = 2020-01-01", "end = 2300-01-01", "end = |2300-01-01", "more than 200 years",
     "that long", "closer"},
    {"a country that is no code", "country = \"KAZ\"", "country = \"Kazakhstan\"", "country = |\"Kazakhstan\"",
     "no country code", "three letters", "KAZ"},
    {"a policy after the run", "from = 2015-01-01\nuntil = 2018-01-01", "from = 2021-01-01", "from = |2021-01-01",
     "begins on 2021-01-01", "ends before 2020-01-01", "later"},
    {"a policy that ends before it begins", "until = 2018-01-01", "until = 2014-01-01", "until = |2014-01-01",
     "ends on 2014-01-01", "begins on 2015-01-01", "after"},
    {"an amnesty after the run", "on = 2011-12-28", "on = 2031-12-28", "on = |2031-12-28", "is on 2031-12-28",
     "2010-01-01 to 2019-12-31", "nobody"},
    {"days of phasing in", "phase_in = \"24 months\"", "phase_in = \"90 days\"", "phase_in = |\"90 days\"",
     "whole number of months", "monthly steps", "24 months"},
    {"a facility that closes before it opens", "closes = 2030-01-01", "closes = 1999-01-01", "closes = |1999-01-01",
     "closes on 1999-01-01", "opens on 2000-01-01", "after"},
    {"servers and cases a day", "servers = 300", "servers = 300\nper_day = 20", "per_day",
     "\"servers\" and \"per_day\"", "one of the two", "remove"},
    {"persons and a share of an amnesty", "persons = 100\n", "persons = 100\nshare = 0.1\n", "|persons = 100\n",
     "\"persons\" and \"share\"", "follows from one", "remove"},
    {"a group without facilities", "[facilities.colonies]",
     "[facilities.empty]\nwhen_full = \"wait\"\n\n[facilities.colonies]", "[facilities.|empty]", "has no facilities",
     "held nowhere", "[facilities.empty.main]"},
    {"a service where people wait for a place", "when_full = \"crowd\"", "when_full = \"wait\"", "[states.|charge]",
     "waits for a place in \"colonies\" and for the service \"courts\"", "not two", "when_full = \"crowd\""},
    {"duration and term", "duration = { distribution = \"uniform\"",
     "term = \"1 year\"\nduration = { distribution = \"uniform\"", "|term = \"1 year\"", "\"duration\" and \"term\"",
     "one of them", "remove"},
    {"parole without a hearing", "on_parole = \"board\"\n", "", "parole_eligibility = {",
     "\"parole_eligibility\" without \"on_parole\"", "no effect", "add on_parole"},
    {"parole without the next hearing", "parole_retry = \"6 months\"\n", "", "parole_eligibility = {",
     "without \"parole_retry\"", "no effect", "add parole_retry"},
    {"a hearing without parole",
     "parole_eligibility = { low = 0.3, central = 0.5, high = 0.6 }\nparole_eligibility_by.risk.high = "
     "1.2\nparole_retry = \"6 months\"\n",
     "", "on_parole", "\"on_parole\" without \"parole_eligibility\"", "no effect", "add parole_eligibility"},
    {"a breach that leads nowhere", "on_breach = \"board\"\n", "", "breach = \"5 per",
     "\"breach\" without \"on_breach\"", "no effect", "add on_breach"},
    {"leaving without a way out", "next = \"end\"\n", "", "leaving = 0.02", "\"leaving\" without \"next\"", "no effect",
     "add next"},
    {"no credit for detention", "pretrial_credit = 1\n", "", "[states.|prison]", "has no \"pretrial_credit\"",
     "pretrial detention", "pretrial_credit = 1"},
    {"detention where nobody is held", "facilities = \"colonies\"\npretrial = true", "pretrial = true",
     "pretrial = true", "where nobody is held", "only with \"facilities\"", "add facilities"},
    {"a life term that goes on",
     "term = { distribution = \"lognormal\", mean = \"4 years\", sigma = 0.9 }\nterm_by.offence.violent = "
     "2.4\npretrial_credit = 1\nautomatic_release = 0.9\nparole_eligibility = { low = 0.3, central = 0.5, high = 0.6 "
     "}\nparole_eligibility_by.risk.high = 1.2\nparole_retry = \"6 months\"\non_parole = \"board\"",
     "term = \"life\"", "|next = \"free\"\n\n[states.board]", "\"next\" with a life term", "never completed",
     "remove next"},
    {"a word that is no term",
     "term = { distribution = \"lognormal\", mean = \"4 years\", sigma = 0.9 }\nterm_by.offence.violent = "
     "2.4\npretrial_credit = 1",
     "term = \"remainer\"", "term = |\"remainer\"", "is not known", "\"remainder\"", "\"remainder\""},
    {"a repeated credit",
     "term = { distribution = \"lognormal\", mean = \"4 years\", sigma = 0.9 }\nterm_by.offence.violent = 2.4",
     "term = \"continue\"", "pretrial_credit = 1", "without a term drawn here", "taken off a new term", "remove"},
    {"changed offences of nobody knows what", "mix.offence = { theft = 0.5, violent = 0.5 }\n", "",
     "same_offence = 0.6", "without reoffending.mix", "not known", "[reoffending.mix]"},
    {"a series without values", "on = { 2010-01-01 = 42000, 2012-01-01 = 39000 }", "on = { }", "rate = |{",
     "has no values", "at least one date", ""},
    {"a series with a bad date", "2012-01-01 = 39000", "2012-13-01 = 39000", "|2012-13-01", "is no date",
     "one value a date", "2015-01-31"},
    {"too many classes", "age = [14, 18, 25]\noldest_age = 80\nprior = [0, 1, 3]",
     "age = [0" + numbers(1, 14) + ", 18, 25]\nprior = [0, 1, 3" + numbers(4, 250) + "]", "[|classes]",
     "kinds of persons", "2 × 2 × 2 × 17 × 250 × 2", "fewer or wider"},
};

const std::vector<Case> kPolicies{
    {"a path that does not exist", "set.states.sentence.shares.prison", "set.states.sentence.shares.prisn",
     "shares.|prisn", "there is no number", "numbers that the scenario gives", "states.sentence.shares.prison"},
    {"a path of a table", "set.states.sentence.shares.prison = 0.25", "set.states.sentence = 0.25",
     "set.states.|sentence = 0.25", "no number but a table", "changes numbers", "states.sentence.shares.prison"},
    {"a distribution set at once", "scale.states.prison.term = 0.9", "set.states.prison.term = \"3 years\"",
     "set.states.prison.|term", "sets a distribution", "does not say which", "states.prison.term.mean"},
    {"a series set at once", "scale.arrivals.suspects.rate = 0.95", "set.arrivals.suspects.rate = 100",
     "set.arrivals.suspects.|rate", "sets a series", "does not say which", "2012-01-01"},
    {"a rest changed", "set.states.sentence.shares.prison", "set.states.sentence.shares.probation",
     "shares.|probation = 0.25", "changes a rest", "what the others leave", "states.sentence.shares.prison"},
    {"arrivals of a region", "[policies.fewer]\nfrom = 2015-01-01\n",
     "[policies.fewer]\nfrom = 2015-01-01\nregions = [\"north\"]\n", "|rate = 0.95",
     "changes arrivals.suspects.rate.2010-01-01 in some regions", "one such number for all regions",
     "arrivals of its own"},
    {"a service of a region", "scale.states.prison.term = 0.9", "set.services.courts.servers = 200", "|servers = 200",
     "changes services.courts.servers in some regions", "one such number for all regions", "another policy"},
    {"places of a region", "scale.states.prison.term = 0.9", "set.facilities.colonies.men.places = 200",
     "|places = 200", "changes facilities.colonies.men.places in some regions", "one such number", "another policy"},
    {"the time to reoffending of a region", "scale.states.prison.term = 0.9", "scale.reoffending.time = 0.9",
     "scale.reoffending.|time", "changes reoffending.time.scale in some regions", "one such number", "another policy"},
    {"the same offence of a region", "scale.states.prison.term = 0.9", "set.reoffending.same_offence = 0.9",
     "|same_offence = 0.9", "changes reoffending.same_offence in some regions", "one such number", "another policy"},
    {"the initial stock changed", "scale.states.prison.term = 0.9", "set.initial.prison.persons = 5",
     "set.initial.prison.|persons = 5", "changes a number of [initial]", "used once", "where it is written"},
    {"a share set above 1", "shares.prison = 0.25", "shares.prison = 1.25", "shares.prison = |1.25", "above 1",
     "between 0 and 1", ""},
    {"a share scaled above 1", "set.states.sentence.shares.prison = 0.25", "scale.states.sentence.shares.prison = 3",
     "shares.prison = |3\n", "makes states.sentence.shares.prison 1.2 on 2015-01-01", "between 0 and 1",
     "0.4 without policies"},
    {"one share of a full row", "set.states.sentence.shares.prison = 0.25", "set.states.board.shares.prison = 0.5",
     "board.shares.prison = |0.5", "add up to 0.8 on 2015-01-01", "everyone goes somewhere", "rest"},
    {"a number pushed below 0", "scale.states.prison.term = 0.9", "shift.states.prison.term = \"-5 years\"",
     "term = |\"-5 years\"", "makes states.prison.term.mean -365.2425", "0 or more", "without policies"},
    {"shortest above longest by policy", "scale.states.prison.term = 0.9",
     "set.states.probation.duration.shortest = \"5 years\"", "shortest = |\"5 years\"",
     "longer than states.probation.duration.longest", "shortest", "change both"},
    {"a scale with a unit", "scale.states.prison.term = 0.9", "scale.states.prison.term = \"9 months\"",
     "term = |\"9 months\"", "unknown unit", "has no unit", "write 9"},
    {"a change without a unit", "scale.states.prison.term = 0.9", "set.states.prison.parole_retry = 3",
     "parole_retry = |3", "without a unit", "", "\"3 days\""},
};

void run(const std::vector<Case>& cases) {
  for (const Case& test : cases)
    if (!test.at.empty()) require_one_error(test);
}

}  // namespace

TEST_CASE("the sound scenario is sound") {
  const Folder folder;
  const auto errors = errors_in(folder.write("sound.toml", kSound));
  for (const auto& error : errors) FAIL_CHECK(to_string(error));
}
TEST_CASE("every error is placed and explained") {
  for (const auto* cases : {&kSyntax, &kKeys, &kTypes, &kNumbers, &kShares, &kReferences, &kRules, &kPolicies})
    run(*cases);
}
