// The texts of the example. Its numbers are made up and graded `assumed`, each with that as its source; they are data
// of the example, not of the program.
#include "models/cli/example_scenario.hpp"

namespace prisonflow::cli {

namespace {

constexpr std::string_view kBase =
    R"toml(# A small justice system to start from. Change the numbers to those of your country, give each its source, and say how
# good it is: grade = "measured", "derived", "fitted" or "assumed". `prisonflow describe base.toml --assumed` lists what
# is still assumed. The whole language is in docs/scenario_language.md.

# Source and grade of every number below that has none of its own, or in a table nearer to it.
source = "example"
grade = "assumed"

[sources]
example = "example figures, not a real country"

[scenario]
name = "base"
title = "The law as it stands"
description = "Arrest, trial, prison with parole, probation, and reoffending, in a country of three million."
start = 2015-01-01              # the first simulated day
end = 2023-01-01                # the day after the last one
seed = 20150101                 # the same seed gives the same result, to the byte, on any machine
replications = 20               # how often the same years are simulated; chance differs, the law does not
initial = "stationary"          # on the first day everything is as if it had always gone on like this

# ------------------------------------------------------------------------------------------------ classes of persons

[classes]
sex = ["male", "female"]
offence = ["violent", "theft", "drugs", "other"]
age = [14, 18, 25, 40]          # lower ends of the bands, in years
oldest_age = 75
prior = [0, 1, 3]               # prior convictions: none, 1 or 2, 3 and more

[labels.offence]                # names for people, shown beside the short ones
violent = "Acts that harm persons"
theft = "Theft and other property offences"
drugs = "Controlled drugs"
other = "All others"

# ------------------------------------------------------------------------------------------------ who comes in

[arrivals.suspects]
to = "charge"
rate = { table = "suspects.csv", between = "lines" }        # persons a year, from the table beside this file

[arrivals.suspects.mix]
sex = { male = 0.87, female = "rest" }
offence = { violent = 0.18, theft = 0.42, drugs = 0.12, other = "rest" }
offence_by.sex.female = { violent = 0.5 }                   # an odds ratio: women are half as likely …
age = { 14-17 = 0.05, 18-24 = 0.30, 25-39 = 0.40, "40+" = "rest" }
prior = { 0 = 0.70, 1-2 = 0.20, "3+" = "rest" }

# ------------------------------------------------------------------------------------------------ before judgement

[states.charge]
kind = "decision"               # no time passes; a branch is taken
label = "Charge"
shares = { remand = 0.25, investigation = 0.60, community = "rest" }
shares_by.offence.violent = { remand = 2.5 }
shares_by.prior."3+" = { remand = 2.0 }

[states.remand]
kind = "custody"
label = "Pretrial detention"
pretrial = true                 # unsentenced; the time is taken off a later sentence
facilities = "prisons"
duration = { distribution = "gamma", mean = "5 months", shape = 2 }
next = "sentence_detained"

[states.investigation]
kind = "delay"
label = "Investigation at liberty"
duration = { distribution = "gamma", mean = "7 months", shape = 2 }
next = "sentence_at_liberty"

[states.sentence_detained]
kind = "decision"
label = "Judgement, detained"
conviction = true
shares = { prison = 0.60, probation = 0.25, community = "rest" }
shares_by.offence.violent = { prison = 2.0 }
shares_by.prior."3+" = { prison = 2.0 }

[states.sentence_at_liberty]
kind = "decision"
label = "Judgement, at liberty"
conviction = true
shares = { prison = 0.12, probation = 0.38, community = "rest" }
shares_by.offence.violent = { prison = 2.0 }
shares_by.prior."3+" = { prison = 2.5 }

# ------------------------------------------------------------------------------------------------ prison and after

[states.prison]
kind = "custody"
label = "Prison, sentenced"
facilities = "prisons"
term = { distribution = "lognormal", mean = "30 months", sigma = 0.8 }
term_by.offence.violent = 1.8   # a factor on the duration
term_by.offence.theft = 0.7
pretrial_credit = 1.0           # a day off for each day of pretrial detention
parole_eligibility = 0.5        # a hearing after half of the term …
parole_retry = "6 months"       # … and again, if it is refused
on_parole = "parole_board"
next = "community"              # at the end of the term

[states.parole_board]
kind = "decision"
label = "Parole board"
shares = { parole = 0.40, prison = "rest" }                 # "prison": the term goes on

[states.parole]
kind = "supervision"
label = "Parole"
term = "remainder"              # until the end of the sentence
breach = 0.12                   # technical breaches per person and year
on_breach = "recall"
next = "community"

[states.recall]
kind = "custody"
label = "Recalled to prison"
facilities = "prisons"
term = "remainder"
next = "community"

[states.probation]
kind = "supervision"
label = "Probation"
term = { distribution = "uniform", shortest = "6 months", longest = "24 months" }
breach = 0.10
on_breach = "breach_hearing"
next = "community"

[states.breach_hearing]
kind = "decision"
label = "Hearing after a breach"
shares = { probation = 0.75, prison = "rest" }              # a warning, or prison

[states.community]
kind = "liberty"
label = "At liberty, followed"
leaving = 0.10                  # stops being followed: per person and year
next = "no_longer_followed"

[states.no_longer_followed]
kind = "exit"
label = "No longer followed"

[states.dead]
kind = "exit"
label = "Dead"

[reoffending]                   # a new case begins
to = "charge"
time = { distribution = "exponential", mean = "30 months", never = 0.50 }
ratio_by.age.18-24 = 1.3        # hazard ratios
ratio_by.prior."3+" = 1.8
same_offence = 0.6
[reoffending.mix]
offence = { violent = 0.15, theft = 0.50, drugs = 0.15, other = "rest" }

[mortality]
to = "dead"
rate = "4 per 1000 per year"
rate_by.age."40+" = 3.0

# ------------------------------------------------------------------------------------------------ places, figures

[facilities.prisons]
when_full = "crowd"             # or "wait"
[facilities.prisons.north]
label = "Northern prison"
places = 3000
[facilities.prisons.south]
label = "Southern prison"
places = 1600

[population]
series = { between = "lines", on = { 2015-01-01 = 3000000, 2023-01-01 = 3100000 } }

[observed.prison_population]    # shown beside the simulated figures by `prisonflow summary`
label = "Prison population"
measure = "prison_population"
unit = "persons"
fitted = [2015, 2017]           # the years these numbers were fitted to …
judged = [2018, 2022]           # … and those that judge them
table = "observed.csv"

[measures.prisoners_by_sex_and_offence]
quantity = "stock"
states = ["remand", "prison", "recall"]
by = ["sex", "offence"]
)toml";

constexpr std::string_view kReform = R"toml(# A reform: the law as it stands, and what changes on which date.
extends = "base.toml"
source = "example"
grade = "assumed"

[scenario]
name = "reform"
title = "Earlier parole, and probation instead of short prison terms"

[policies.probation_first]
label = "Probation instead of short prison terms, in steps over a year"
from = 2018-01-01
phase_in = "12 months"
set.states.sentence_at_liberty.shares.prison = 0.06
set.states.sentence_at_liberty.shares.probation = 0.44

[policies.earlier_parole]
label = "A hearing after a third of the term"
from = 2019-01-01
applies_to = "inside"           # also for those who are already in prison
set.states.prison.parole_eligibility = 0.3333

[amnesties.jubilee]
label = "Amnesty for those with little left to serve"
on = 2020-06-01
from = ["prison"]
to = "community"
share = 0.5
longest_remaining = "6 months"
)toml";

constexpr std::string_view kSuspects = R"csv(date,value
2015-01-01,4300
2018-01-01,4500
2023-01-01,4400
)csv";

constexpr std::string_view kObserved = R"csv(date,value,source,note
2015-01-01,4760,example,
2016-01-01,4710,example,
2017-01-01,4690,example,
2018-01-01,4720,example,
2019-01-01,4490,example,
2020-02-01,3980,example,counted a month later
2021-01-01,3650,example,
2022-01-01,3610,example,
)csv";

}  // namespace

const std::array<ExampleFile, 4>& example_scenario() {
  static constexpr std::array<ExampleFile, 4> files = {
      {{"base.toml", kBase}, {"reform.toml", kReform}, {"suspects.csv", kSuspects}, {"observed.csv", kObserved}}};
  return files;
}

}  // namespace prisonflow::cli
