// Events during a stay, cases that are joined and older terms, wrongly written.
#include <catch2/catch.hpp>

#include "tests/robustness/bad_case.hpp"

namespace {

using namespace bad_scenarios;

const std::string kPlace = "[states.board]\n";
const std::string kMisconduct = R"([states.prison.events.misconduct]
label = "Misconduct"
rate = "40 per 100 per year"
rate_by.risk.high = 2.0
delays_parole = "3 months"
loses_remission = "20 days"
)";
const std::string kEvents = kMisconduct + R"(
[states.prison.events.furlough]
at = 0.4
to = "furlough"

[states.furlough]
kind = "delay"
facilities = "colonies"
duration = "3 days"
next = "prison"

[states.charge.events.review]
after = "2 months"
to = "reviewed"

[states.charge.events.longest]
after_pretrial = "1 year"
to = "free"

[states.charge.events.gives_up]
rate = 0.1
while_waiting = true
to = "free"

[states.reviewed]
kind = "decision"
shares = { charge = 0.9, free = "rest" }

[states.board]
)";

/// The sound scenario with events, of which one piece is replaced.
Case broken(const char* name, const std::string& from, const std::string& to, const std::string& at,
            const char* problem, const char* why, const char* suggestion) {
  INFO(name);
  const std::string text = replaced_once(kEvents, from, to);
  REQUIRE_FALSE(text.empty());
  return {name, kPlace, text, at, problem, why, suggestion};
}

void require_sound(const std::string& text) {
  const Folder folder;
  REQUIRE_FALSE(text.empty());
  for (const auto& error : errors_in(folder.write("sound.toml", text))) FAIL_CHECK(to_string(error));
}

std::string many_events(int count) {
  std::string text;
  for (int i = 1; i <= count; ++i) text += "[states.free.events.event_" + std::to_string(i) + "]\nrate = 0.1\n";
  return text + kEvents;
}

const std::string kCharge = "next = \"sentence\"\n";
const std::string kBreach = "on_breach = \"board\"\n";
const std::string kCredit = "pretrial_credit = 1\n";
const std::string kTerm = "term = { distribution = \"lognormal\", mean = \"4 years\", sigma = 0.9 }";
const std::string kTermBy = "term_by.offence.violent = 2.4\n";

}  // namespace

TEST_CASE("events, joined cases and older terms are sound") {
  const std::string with_events = replaced_once(kSound, kPlace, kEvents);
  require_sound(with_events);
  require_sound(replaced_once(kSound, kPlace, many_events(16)));
  // Counted only; never, unless a policy changes it; by an uncertain number.
  require_sound(replaced_once(with_events, kMisconduct, "[states.prison.events.misconduct]\nrate = 0\n"));
  require_sound(replaced_once(with_events, "at = 0.4", "at = { low = 0.3, central = 0.4, high = 0.5 }"));
  // The word stands for its opposite: other people.
  require_sound(replaced_once(with_events, "while_waiting = true", "while_waiting = false"));
  // Without an automatic release before the end by now, but with one to come.
  require_sound(replaced_once(replaced_once(with_events, "automatic_release = 0.9", "automatic_release = 1"),
                              "scale.states.prison.term = 0.9", "set.states.prison.automatic_release = 0.9"));
  require_sound(replaced_once(with_events, "automatic_release = 0.9",
                              "automatic_release = { low = 0.9, central = 1, high = 1 }"));
  const std::string joined = replaced_once(kSound, kBreach, kBreach + "on_new_offence = \"charge\"\n");
  for (const std::string older : {"lapses", "concurrent", "consecutive"})
    require_sound(
        replaced_once(joined, kCredit, kCredit + "joined_offence_factor = 1.2\nolder_term = \"" + older + "\"\n"));
  require_sound(replaced_once(joined, "leaving = 0.02", "on_new_offence = \"board\"\nleaving = 0.02"));
}

TEST_CASE("hearings that are put off may be those of another regime") {
  const std::string later =
      "[states.later]\nkind = \"custody\"\nfacilities = \"colonies\"\nterm = \"continue\"\n"
      "parole_eligibility = 0.5\nparole_retry = \"6 months\"\non_parole = \"board\"\n"
      "next = \"free\"\n\n";
  const std::string own =
      "parole_eligibility = { low = 0.3, central = 0.5, high = 0.6 }\nparole_eligibility_by.risk.high = "
      "1.2\nparole_retry = \"6 months\"\non_parole = \"board\"\nnext = \"free\"\n";
  require_sound(replaced_once(replaced_once(kSound, kPlace, later + kEvents), own, "next = \"later\"\n"));
}

TEST_CASE("every wrong time of an event is placed and explained") {
  const std::string rate = "rate = \"40 per 100 per year\"\n";
  require_one_error_each({
      broken("no time", "after = \"2 months\"\n", "", "[states.charge.events.|review]",
             "states.charge.events.review has no \"rate, after, at or after_pretrial\"", "when it happens", "add one"),
      broken("no time, but factors", rate, "", "[states.prison.events.|misconduct]",
             "has no \"rate, after, at or after_pretrial\"", "when it happens", "add one"),
      broken("two times", rate, rate + "after = \"1 year\"\n", "|after = \"1 year\"", "it has 2 times",
             "at a rate, after a time, or at a part", "make 2 events"),
      broken("two times, in the order of the text", "at = 0.4\n", "at = 0.4\nrate = 0.2\n", "|rate = 0.2",
             "it has 2 times", "at a part", "make 2 events"),
      broken("three times", "at = 0.4\n", "at = 0.4\nrate = 0.2\nafter = \"1 year\"\n", "|rate = 0.2", "it has 3 times",
             "at a part", "make 3 events"),
      broken("factors on nothing", "at = 0.4\n", "at = 0.4\nrate_by.risk.high = 3\n", "|rate_by.risk.high = 3",
             "\"rate_by\" without \"rate\"", "no effect", "add rate"),
      broken("a misspelt time is not missed as well", "after = \"2 months\"", "aftre = \"2 months\"", "|aftre",
             "unknown key \"aftre\" in states.charge.events.review", "nothing would read it", "\"after\""),
      broken("a misspelt rate is not missed by its factors", rate, "rte = \"40 per 100 per year\"\n",
             "|rte = ", "unknown key \"rte\"", "nothing would read it", "\"rate\""),
      broken("a part of no term", "after = \"2 months\"", "at = 0.5", "|at = 0.5", "\"at\" in a state without a term",
             "a fraction of the term", "use after or rate"),
      broken("a part of a life", kMisconduct,
             kMisconduct + "[states.lifers]\nkind = \"custody\"\nterm = \"life\"\nfacilities = \"colonies\"\n"
                           "[states.lifers.events.hope]\nat = 0.7\nto = \"lifers\"\n"
                           "[states.free.events.to_life]\nrate = 0.1\nto = \"lifers\"\n",
             "|at = 0.7", "\"at\" in a state without a term", "a fraction of the term", "use after or rate"),
      broken("pretrial detention where there is none", "at = 0.4", "after_pretrial = \"4 months\"",
             "|after_pretrial = \"4 months\"", "\"after_pretrial\" in a state that is no pretrial detention",
             "does not pass here", "pretrial = true"),
      broken("a negative rate", rate, "rate = -0.4\n", "rate = |-0.4", "-0.4 is negative", "0 or more", "minus"),
      broken("a rate that is none", rate, "rate = \"often\"\n", "rate = |\"often\"",
             "states.prison.events.misconduct.rate", "", ""),
      broken("a duration for a rate", rate, "rate = \"3 months\"\n", "rate = |\"3 months\"",
             "states.prison.events.misconduct.rate", "", ""),
      broken("no time at all", "after = \"2 months\"", "after = \"0 months\"", "after = |\"0 months\"",
             "the number is 0", "above 0", ""),
      broken("a negative time", "after = \"2 months\"", "after = \"-2 months\"", "after = |\"-2 months\"",
             "is negative", "0 or more", "minus"),
      broken("a time without a unit", "after = \"2 months\"", "after = 2", "after = |2", "a duration without a unit",
             "days as well as years", "\"2 days\""),
      broken("a longest detention of no time", "after_pretrial = \"1 year\"", "after_pretrial = \"0 days\"",
             "after_pretrial = |\"0 days\"", "the number is 0", "above 0", ""),
      broken("a time that may be 0", "after = \"2 months\"",
             "after = { low = \"0 days\", central = \"1 month\", high = \"2 months\" }", "after = { low = |\"0 days\"",
             "the number is 0", "above 0", ""),
      broken("more than the term", "at = 0.4", "at = 1.4", "at = |1.4", "the share 1.4 is above 1", "between 0 and 1",
             ""),
      broken("a percentage for a part", "at = 0.4", "at = 40", "at = |40", "the share 40 is above 1", "between 0 and 1",
             "write 0.4"),
      broken("a duration for a part", "at = 0.4", "at = \"4 months\"", "at = |\"4 months\"",
             "states.prison.events.furlough.at", "", ""),
      broken("a factor for an unknown label", "rate_by.risk.high", "rate_by.risk.hi", "rate_by.risk.|hi",
             "no risk \"hi\"", "[classes]", "low and high"),
      broken("a factor for an unknown trait", "rate_by.risk.high", "rate_by.rsk.high", "rate_by.|rsk",
             "no trait \"rsk\"", "traits only", "\"risk\""),
  });
}

TEST_CASE("every wrong key of an event is placed and explained") {
  require_one_error_each({
      broken("an unknown key", "delays_parole", "delay_parole", "|delay_parole",
             "unknown key \"delay_parole\" in states.prison.events.misconduct", "nothing would read it",
             "\"delays_parole\""),
      broken("a key like nothing", "label = \"Misconduct\"", "xyzzy = 1", "|xyzzy", "unknown key \"xyzzy\"",
             "nothing would read it", "the keys here are: label, rate"),
      broken("a label that is no text", "label = \"Misconduct\"", "label = 5", "label = |5",
             "states.prison.events.misconduct.label = 5 is a whole number", "text is expected", "in quotes"),
      broken("an unknown state", "to = \"reviewed\"", "to = \"reviewd\"", "to = |\"reviewd\"",
             "states.charge.events.review.to: there is no state \"reviewd\"", "a state of this scenario",
             "\"reviewed\""),
      broken("a state that is no text", "to = \"reviewed\"", "to = 5", "to = |5", "is a whole number",
             "text is expected", "in quotes"),
      broken("waiting that is neither true nor false", "while_waiting = true", "while_waiting = \"yes\"",
             "while_waiting = |\"yes\"", "is text", "true or false is expected", "without quotes"),
      broken("waiting where nobody waits", "at = 0.4", "at = 0.4\nwhile_waiting = true",
             "|while_waiting = true\nto = \"furlough\"", "\"while_waiting\" in a state without a service",
             "the queue of one", "give the state a service"),
      broken("a negative delay", "delays_parole = \"3 months\"", "delays_parole = \"-3 months\"",
             "delays_parole = |\"-3 months\"", "is negative", "0 or more", "minus"),
      broken("a share of remission", "loses_remission = \"20 days\"", "loses_remission = 0.1", "loses_remission = |0.1",
             "a duration without a unit", "days as well as years", "\"0.1 days\""),
      broken("no hearing outside of prison", "after = \"2 months\"", "after = \"2 months\"\ndelays_parole = \"1 day\"",
             "|delays_parole = \"1 day\"", "\"delays_parole\" outside of a prison term", "no hearing", "remove it"),
      broken("no remission outside of prison", "after = \"2 months\"",
             "after = \"2 months\"\nloses_remission = \"1 day\"", "|loses_remission = \"1 day\"",
             "\"loses_remission\" outside of a prison term", "no remission", "remove it"),
      broken("a bad name", "[states.prison.events.misconduct]", "[states.prison.events.Mis-conduct]",
             "[states.prison.events.|Mis-conduct]", "\"Mis-conduct\" is no name for an event", "a-z",
             "write mis_conduct"),
      broken("a word of the language as a name", "[states.prison.events.misconduct]", "[states.prison.events.rest]",
             "[states.prison.events.|rest]", "\"rest\" is no name for an event", "a word of the language", "rest_"),
      broken("a name that belongs to the numbers", "[states.prison.events.misconduct]", "[states.prison.events.note]",
             "|[states.prison.events.note]", "note is a table, not text", "nothing else may have these names",
             "rename the table"),
      broken("an event that is no table", kMisconduct, "[states.prison.events]\nmisconduct = 0.4\n",
             "misconduct = |0.4", "states.prison.events.misconduct = 0.4 is a number", "a table is expected", ""),
      broken("events that are no table", kMisconduct,
             "[states.inside]\nkind = \"delay\"\nduration = \"1 day\"\n"
             "next = \"free\"\nevents = 5\n[states.free.events.in]\nrate = 1\nto = \"inside\"\n",
             "events = |5", "states.inside.events = 5 is a whole number", "a table is expected", ""),
      broken("events of a decision", "[states.reviewed]\n",
             "[states.reviewed.events.again]\nrate = 1\n[states.reviewed]\n", "[states.reviewed.|events.again]",
             "a state of kind decision has no \"events\"",
             "belongs to delay, service, custody, supervision and liberty", "change the kind"),
      broken("events of an exit", "[states.reviewed]\n", "[states.dead.events.again]\nrate = 1\n[states.reviewed]\n",
             "[states.dead.|events.again]", "a state of kind exit has no \"events\"", "liberty", "remove it"),
      {"too many events", kPlace, many_events(17), "[states.free.events.|event_17]",
       "states.free.events has more than 16 events", "remember no more", "divide the state"},
  });
}

TEST_CASE("what is wrong with the state is not said of its events again") {
  const auto require = [](const std::string& from, const std::string& to, const std::string& problem) {
    const Folder folder;
    const std::string text = replaced_once(replaced_once(kSound, kPlace, kEvents), from, to);
    REQUIRE_FALSE(text.empty());
    const auto errors = errors_in(folder.write("bad.toml", text));
    std::string all;
    for (const auto& error : errors) all += to_string(error) + "\n";
    INFO(all);
    REQUIRE(errors.size() == 1);
    CHECK_THAT(errors[0].problem, Catch::Contains(problem));
  };
  require(kTerm + "\n" + kTermBy, "term = \"remainer\"\n", "\"remainer\" is not known");
  require(kTerm + "\n" + kTermBy, "trem = \"4 years\"\n", "unknown key \"trem\"");
  require("automatic_release = 0.9", "automatic_relase = 0.9", "unknown key \"automatic_relase\"");
  require("parole_eligibility = { low", "parole_eligibilty = { low", "unknown key \"parole_eligibilty\"");
  require("pretrial = true", "pretrial = \"yes\"", "is text");
  require("pretrial = true", "pretriel = true", "unknown key \"pretriel\"");
  require("service = \"courts\"\n", "", "has no \"service\"");
  require("service = \"courts\"", "servce = \"courts\"", "unknown key \"servce\"");
}

TEST_CASE("every effect of an event that nothing could have is placed and explained") {
  const std::string with_events = replaced_once(kSound, kPlace, kEvents);
  const auto require = [&](const std::string& from, const std::string& to, const std::string& at,
                           const std::vector<std::string>& words) {
    const Folder folder;
    const std::string text = replaced_once(with_events, from, to);
    REQUIRE_FALSE(text.empty());
    const auto [line, column] = place_of(text, at);
    REQUIRE(line > 0);
    require_error(errors_in(folder.write("bad.toml", text)), folder.path(),
                  "bad.toml:" + std::to_string(line) + ":" + std::to_string(column), words);
  };
  require("automatic_release = 0.9\n", "", "|loses_remission",
          {"\"loses_remission\" where nobody is released early", "without automatic_release", "give the state"});
  require("automatic_release = 0.9", "automatic_release = 1", "|loses_remission",
          {"\"loses_remission\" where nobody is released early", "automatic_release is 1", "lower automatic_release"});
  require(
      "parole_eligibility = { low = 0.3, central = 0.5, high = 0.6 }\nparole_eligibility_by.risk.high = "
      "1.2\nparole_retry = \"6 months\"\non_parole = \"board\"\n",
      "", "|delays_parole",
      {"\"delays_parole\" where nobody is heard", "neither this state nor one in which the term goes on",
       "give the state parole_eligibility"});
}

TEST_CASE("every wrong joined case, older term and service is placed and explained") {
  const std::string same =
      "[reoffending]\nto = \"charge\"\ntime = { distribution = \"weibull\", scale = \"900 days\", "
      "shape = 0.8, never = 0.55 }\nratio_by.age.\"18-24\" = 1.3\nsame_offence = "
      "0.6\nmix.offence = { theft = 0.5, violent = 0.5 }\n";
  require_one_error_each({
      {"a new offence where nobody is at risk", kCharge, kCharge + "on_new_offence = \"charge\"\n", "|on_new_offence",
       "\"on_new_offence\" where nobody reoffends", "not at risk in this state", "add reoffending_ratio"},
      {"a new offence at a ratio of 0", kBreach, kBreach + "reoffending_ratio = 0\non_new_offence = \"charge\"\n",
       "|on_new_offence", "\"on_new_offence\" where nobody reoffends", "reoffending_ratio is 0", "higher ratio"},
      {"a new offence at a broken ratio", kBreach,
       kBreach + "reoffending_ratio = \"many\"\non_new_offence = \"charge\"\n", "|\"many\"", "reoffending_ratio", "",
       ""},
      {"a new offence at a misspelt ratio", kCharge, kCharge + "reofending_ratio = 1\non_new_offence = \"charge\"\n",
       "|reofending_ratio", "unknown key", "nothing would read it", "\"reoffending_ratio\""},
      {"a new offence that leads nowhere", kBreach, kBreach + "on_new_offence = \"charg\"\n",
       "on_new_offence = |\"charg\"", "there is no state \"charg\"", "a state of this scenario", "\"charge\""},
      {"a new offence of a decision", "shares = { prison = 0.7, free = 0.3 }\n",
       "shares = { prison = 0.7, free = 0.3 }\non_new_offence = \"charge\"\n", "|on_new_offence",
       "a state of kind decision has no \"on_new_offence\"", "liberty", "remove it"},
      {"a misspelt new offence", kBreach, kBreach + "on_new_ofence = \"charge\"\n", "|on_new_ofence", "unknown key",
       "nothing would read it", "\"on_new_offence\""},
      {"a factor for what a misspelt key joins", "[states.prison]\nkind = \"custody\"",
       "[states.bail]\nkind = \"supervision\"\nduration = \"1 year\"\nnext = \"free\"\non_new_ofence = "
       "\"charge\"\n[states.free.events.bailed]\nrate = 1\nto = \"bail\"\n[states.prison]\njoined_offence_factor = "
       "1.2\nkind = \"custody\"",
       "|on_new_ofence", "unknown key", "nothing would read it", "\"on_new_offence\""},
      {"a new offence where nobody ever reoffends", same,
       "[states.free.becomes]\nrisk = \"low\"\n\n"
       "[states.bail]\nkind = \"supervision\"\nduration = \"1 year\"\nnext = \"free\"\non_new_offence = \"charge\"\n"
       "[states.free.events.bailed]\nrate = 1\nto = \"bail\"\n",
       "|on_new_offence", "states.bail: \"on_new_offence\" without [reoffending]", "nobody ever reoffends",
       "add [reoffending]"},
      {"an unknown word for older terms", kCredit, kCredit + "older_term = \"consecutif\"\n",
       "older_term = |\"consecutif\"", "states.prison.older_term = \"consecutif\" is not known",
       "lapses, concurrent and consecutive", "\"consecutive\""},
      {"a number for older terms", kCredit, kCredit + "older_term = 1\n", "older_term = |1", "is a whole number",
       "text is expected", "in quotes"},
      {"an older term where none is drawn", kTerm + "\n" + kTermBy + kCredit,
       "term = \"continue\"\nolder_term = \"concurrent\"\n", "|older_term", "\"older_term\" without a term drawn here",
       "about a new term", "give the state a term"},
      {"a factor where no term is drawn", kTerm + "\n" + kTermBy + kCredit,
       "term = \"continue\"\njoined_offence_factor = 1.2\n", "|joined_offence_factor",
       "\"joined_offence_factor\" without a term drawn here", "about a new term", "give the state a term"},
      {"a factor where no offence is joined", kCredit, kCredit + "joined_offence_factor = 1.2\n",
       "|joined_offence_factor", "\"joined_offence_factor\" where no offence is ever joined",
       "no state has on_new_offence", "give a state on_new_offence"},
      {"an older term of a supervision", kBreach, kBreach + "older_term = \"lapses\"\n", "|older_term",
       "a state of kind supervision has no \"older_term\"", "belongs to custody", "remove it"},
      {"an unknown service in custody", kCredit, kCredit + "service = \"court\"\n", "service = |\"court\"",
       "states.prison.service = \"court\" does not exist", "services of this scenario", "\"courts\""},
      {"an unknown service under supervision", kBreach, kBreach + "service = \"court\"\n", "service = |\"court\"\nnext",
       "states.probation.service = \"court\" does not exist", "services of this scenario", "\"courts\""},
      {"a service at liberty", "leaving = 0.02", "service = \"courts\"\nleaving = 0.02", "|service = \"courts\"\nleav",
       "a state of kind liberty has no \"service\"", "service, custody and supervision", "remove it"},
      {"a term without a word for it", kTerm + "\n" + kTermBy, "term = \"remainer\"\n", "term = |\"remainer\"",
       "is not known", "\"remainder\"", "\"remainder\""},
  });
  // A factor below 0 where it would count.
  const Folder folder;
  const std::string joined = replaced_once(kSound, kBreach, kBreach + "on_new_offence = \"charge\"\n");
  const std::string negative = replaced_once(joined, kCredit, kCredit + "joined_offence_factor = -1.2\n");
  const auto [line, column] = place_of(negative, "joined_offence_factor = |-1.2");
  require_error(errors_in(folder.write("bad.toml", negative)), folder.path(),
                "bad.toml:" + std::to_string(line) + ":" + std::to_string(column),
                {"joined_offence_factor: -1.2 is negative", "0 or more", "minus"});
}

TEST_CASE("two stays are not kept at once") {
  const auto furlough_with = [](const std::string& event) {
    return replaced_once(kEvents, "\n[states.charge.events.review]", event + "\n[states.charge.events.review]");
  };
  // Nobody who leaves furlough for an event goes on with the same stay in prison.
  const std::string arrested =
      "events.flees = { rate = 0.1, to = \"arrested\" }\n[states.arrested]\nkind = \"custody\"\nfacilities = "
      "\"colonies\"\nduration = \"1 week\"\nnext = \"prison\"\n";
  require_sound(replaced_once(kSound, kPlace, furlough_with(arrested)));
  require_sound(replaced_once(kSound, kPlace, furlough_with("events.flees = { rate = 0.1, to = \"free\" }\n")));
  require_sound(replaced_once(kSound, kPlace, furlough_with("events.rings_home = { rate = 2 }\n")));

  const std::string ill = "[states.furlough.events.ill]\nrate = 2\n";
  const std::string ward =
      "to = \"ward\"\n[states.ward]\nkind = \"delay\"\nduration = \"9 days\"\nnext = \"on_foot\"\n"
      "[states.on_foot]\nkind = \"decision\"\nshares = { furlough = 0.5, free = 0.5 }\n";
  const std::string flees =
      "[states.furlough.events.flees]\nrate = 2\nto = \"away\"\n[states.away]\nkind = \"delay\"\n"
      "duration = \"1 month\"\nnext = \"free\"\nevents.gives_up = { rate = 9, to = \"furlough\" }\n";
  require_one_error_each({
      {"an event that leads back", kPlace, furlough_with(ill + "to = \"prison\"\n"), "[states.furlough.events.|ill]",
       "states.furlough.events.ill may lead back to prison, whose stay would be lost",
       "from prison by the event furlough", "away from prison"},
      {"an event that leads back after a while", kPlace, furlough_with(ill + ward), "[states.furlough.events.|ill]",
       "whose stay would be lost", "one stay is kept, the last", "a state without events"},
      {"an event that leads to a new sentence as well as back", kPlace,
       furlough_with("[states.furlough.events.offends]\nrate = 0.1\nto = \"board\"\n"),
       "[states.furlough.events.|offends]", "may lead back to prison", "by the event furlough", "away from prison"},
  });

  const auto errors_of = [](const std::string& text) {
    const Folder folder;
    REQUIRE_FALSE(text.empty());
    return errors_in(folder.write("bad.toml", text));
  };
  // Two states on the way that lose each other's stays, and prison's: each event is told once.
  const auto two = errors_of(replaced_once(kSound, kPlace, furlough_with(flees)));
  REQUIRE(two.size() == 2);
  CHECK_THAT(two[0].problem, Catch::Contains("furlough.events.flees may lead back to prison"));
  CHECK_THAT(two[1].problem, Catch::Contains("away.events.gives_up may lead back to prison"));
  // A hearing for which people wait, and withdraw.
  const std::string waits =
      "[states.waits]\nkind = \"service\"\nservice = \"courts\"\nfacilities = \"colonies\"\nduration = \"1 "
      "month\"\nnext "
      "= \"board\"\nevents.withdraws = { rate = 0.2, while_waiting = true, to = \"prison\" }\n\n[states.board]\n";
  const std::string heard = replaced_once(kSound, "on_parole = \"board\"", "on_parole = \"waits\"");
  const auto one = errors_of(replaced_once(heard, kPlace, waits));
  REQUIRE(one.size() == 1);
  CHECK_THAT(one[0].problem, Catch::Contains("states.waits.events.withdraws may lead back to prison"));
  CHECK_THAT(one[0].why, Catch::Contains("from prison by a parole hearing"));
}

TEST_CASE("policies on the numbers of events") {
  const std::string changes = "set.states.sentence.shares.prison = 0.25\nscale.states.prison.term = 0.9\n";
  const std::string with_events = replaced_once(kSound, kPlace, kEvents);
  const auto with = [&](const std::string& text) { return replaced_once(with_events, changes, text); };
  require_sound(
      with("set.states.prison.events.misconduct.rate = 0.2\n"
           "scale.states.prison.events.misconduct.rate_by.risk.high = 0.5\n"
           "scale.states.prison.events.misconduct.delays_parole = 0\n"
           "shift.states.prison.events.misconduct.loses_remission = \"-5 days\"\n"
           "set.states.prison.events.furlough.at = 0.3\n"
           "set.states.charge.events.review.after = \"1 month\"\n"
           "scale.states.charge.events.longest.after_pretrial = 0.5\n"));
  require_sound(replaced_once(with("scale.states.prison.events.misconduct.rate = 0.5\n"), "applies_to = \"everyone\"",
                              "applies_to = \"inside\""));
  const auto require = [&](const std::string& change, const std::string& at, const std::vector<std::string>& words) {
    const Folder folder;
    const std::string text = with(change + "\n");
    const auto [line, column] = place_of(text, at);
    INFO(change);
    REQUIRE(line > 0);
    require_error(errors_in(folder.write("bad.toml", text)), folder.path(),
                  "bad.toml:" + std::to_string(line) + ":" + std::to_string(column), words);
  };
  require("set.states.prison.events.misconducts.rate = 0.2", "misconducts.|rate",
          {"there is no number states.prison.events.misconducts.rate", "did you mean",
           "states.prison.events.misconduct.rate"});
  require("set.states.prison.events.misconduct.rats = 0.2", "misconduct.|rats",
          {"there is no number", "did you mean states.prison.events.misconduct.rate"});
  require("set.states.prison.events.misconduct.after = \"1 year\"",
          "misconduct.|after = ", {"there is no number", "numbers that the scenario gives"});
  require("set.states.prison.events.misconduct = 0.2", "set.states.prison.events.|misconduct = 0.2",
          {"no number but a table", "states.prison.events.misconduct.rate"});
  require("set.states.prison.events = 0.2", "set.states.prison.|events = 0.2",
          {"no number but a table", "states.prison.events.misconduct.rate"});
  require("set.states.prison.events.misconduct.to = \"free\"",
          "misconduct.|to = ", {"there is no number", "numbers that the scenario gives"});
  require("set.states.prison.events.furlough.at = 1.2", "furlough.at = |1.2", {"above 1", "between 0 and 1"});
  require("shift.states.prison.events.furlough.at = 0.7", "furlough.at = |0.7",
          {"makes states.prison.events.furlough.at 1.1 on 2015-01-01", "between 0 and 1", "0.4 without policies"});
  require("shift.states.prison.events.misconduct.rate = -0.5", "misconduct.rate = |-0.5",
          {"makes states.prison.events.misconduct.rate -0.1", "0 or more", "0.4 without policies"});
  require("set.states.charge.events.review.after = \"0 days\"", "review.after = |\"0 days\"",
          {"makes states.charge.events.review.after 0 on 2015-01-01", "it is above 0", "without policies"});
  require("scale.states.charge.events.longest.after_pretrial = 0", "after_pretrial = |0",
          {"makes states.charge.events.longest.after_pretrial 0", "it is above 0"});
}
