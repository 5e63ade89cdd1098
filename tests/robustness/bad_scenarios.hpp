// A small sound scenario and a folder to write broken ones into.
#pragma once

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "models/diagnostics.hpp"
#include "models/scenario_reader.hpp"

namespace bad_scenarios {

/// Uses every section and nearly every key once, so that any of them can be broken.
inline const std::string kSound = R"toml(grade = "assumed"

[scenario]
name = "small"
title = "A small system"
country = "KAZ"
start = 2010-01-01
end = 2020-01-01
seed = 7
replications = 20
parameters = "central"
initial = "stationary"

[sources]
court_2014 = "Supreme Court, first half of 2014"

[classes]
region = ["north", "south"]
sex = ["male", "female"]
offence = ["violent", "theft"]
age = [14, 18, 25]
oldest_age = 80
prior = [0, 1, 3]
risk = ["low", "high"]

[labels.offence]
theft = "Theft (ICCS 0502)"

[states.charge]
kind = "service"
label = "Court, detained"
service = "courts"
facilities = "colonies"
pretrial = true
duration = { distribution = "exponential", mean = "60 days" }
next = "sentence"

[states.sentence]
kind = "decision"
conviction = true
shares = { prison = 0.4, probation = "rest" }
shares_by.offence.violent = { prison = 3.0 }
shares_for.theft = { prison = 0.2, probation = 0.8 }
shares_for."theft/female" = { prison = 0.1, probation = "rest" }

[states.prison]
kind = "custody"
facilities = "colonies"
term = { distribution = "lognormal", mean = "4 years", sigma = 0.9 }
term_by.offence.violent = 2.4
pretrial_credit = 1
automatic_release = 0.9
parole_eligibility = { low = 0.3, central = 0.5, high = 0.6 }
parole_eligibility_by.risk.high = 1.2
parole_retry = "6 months"
on_parole = "board"
next = "free"

[states.board]
kind = "decision"
shares = { prison = 0.7, free = 0.3 }

[states.probation]
kind = "supervision"
duration = { distribution = "uniform", shortest = "1 year", longest = "3 years" }
duration_by.risk.high = 1.5
breach = "5 per 100 per year"
breach_by.risk.high = 1.8
on_breach = "board"
next = "free"

[states.free]
kind = "liberty"
leaving = 0.02
leaving_by.risk.low = 1.5
reoffending_ratio = 1.1
mortality_ratio = 0.9
next = "end"

[states.end]
kind = "exit"

[states.dead]
kind = "exit"

[arrivals.suspects]
to = "charge"
rate = { between = "steps", on = { 2010-01-01 = 42000, 2012-01-01 = 39000 } }

[arrivals.suspects.mix]
region = { north = 0.6, south = 0.4 }
sex = { male = 0.88, female = 0.12 }
offence = { theft = 0.5, violent = "rest" }
offence_by.sex.female = { violent = 0.6 }

[initial.prison]
persons = 1000
elapsed = "stationary"

[reoffending]
to = "charge"
time = { distribution = "weibull", scale = "900 days", shape = 0.8, never = 0.55 }
ratio_by.age."18-24" = 1.3
same_offence = 0.6
mix.offence = { theft = 0.5, violent = 0.5 }

[mortality]
to = "dead"
rate = "3 per 1000 per year"
rate_by.age."25+" = 4.0

[facilities.colonies]
when_full = "crowd"

[facilities.colonies.men]
places = 50000
only.sex = ["male"]

[facilities.colonies.women]
places = 3000
only.sex = ["female"]
opens = 2000-01-01
closes = 2030-01-01

[services.courts]
servers = 300
priority = ["charge"]

[policies.codes]
label = "New codes"
from = 2015-01-01
until = 2018-01-01
phase_in = "24 months"
applies_to = "everyone"
regions = ["north"]
set.states.sentence.shares.prison = 0.25
scale.states.prison.term = 0.9

[policies.fewer]
from = 2015-01-01
scale.arrivals.suspects.rate = 0.95

[amnesties.day]
on = 2011-12-28
from = ["prison"]
to = "free"
persons = 100
only.sex = ["female"]
longest_remaining = "3 years"

[measures.prisoners]
quantity = "stock"
states = ["prison"]
by = ["sex", "offence"]
)toml";

/// A folder that is gone with the object.
class Folder {
 public:
  Folder() {
    static std::atomic<int> count{0};
    path_ = std::filesystem::temp_directory_path() /
            ("prisonflow_bad_" + std::to_string(::getpid()) + "_" + std::to_string(count++));
    std::filesystem::create_directories(path_);
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::filesystem::path write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
    return path_ / name;
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline std::vector<prisonflow::models::Diagnostic> errors_in(const std::filesystem::path& file) {
  try {
    prisonflow::models::read_scenario(file);
  } catch (const prisonflow::models::InvalidScenario& invalid) {
    return invalid.diagnostics();
  }
  return {};
}

/// `text` with the only occurrence of `from` replaced; an empty text when there is not exactly one.
inline std::string replaced_once(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  if (from.empty() || at == std::string::npos || text.find(from, at + 1) != std::string::npos) return {};
  return text.replace(at, from.size(), to);
}

/// Line and column, both from 1, of the place marked by | in `marked`, which without the | stands once in `text`.
inline std::pair<std::size_t, std::size_t> place_of(const std::string& text, std::string marked) {
  const std::size_t bar = marked.find('|');
  if (bar != std::string::npos) marked.erase(bar, 1);
  const std::size_t found = text.find(marked);
  if (found == std::string::npos || text.find(marked, found + 1) != std::string::npos) return {0, 0};
  const std::size_t at = found + (bar == std::string::npos ? 0 : bar);
  std::size_t line = 1, begin = 0;
  for (std::size_t i = 0; i < at; ++i)
    if (text[i] == '\n') {
      ++line;
      begin = i + 1;
    }
  return {line, at - begin + 1};
}

}  // namespace bad_scenarios
