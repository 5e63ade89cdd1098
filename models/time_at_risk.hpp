// Time at risk: the fuse of reoffending. Its base hazard varies with the time at risk, so what is left of the fuse is
// kept and burnt down whenever the person is looked at.
#pragma once

#include <algorithm>
#include <limits>

#include "models/model.hpp"
#include "models/person.hpp"
#include "sim/numerics.hpp"
#include "sim/random.hpp"

namespace prisonflow::models {

class TimeAtRisk {
 public:
  explicit TimeAtRisk(const Version& version) : version_(version) {}

  static constexpr float kFuseNeverBurns = std::numeric_limits<float>::infinity();
  // Asked of all at once: one guess of the processor instead of up to three.
  static bool may_reoffend(const Person& person, const StateFacts& facts, const ClockRow& row) {
    return facts.at_risk & (person.fuse < kFuseNeverBurns) & (row.reoffending > 0.0f);
  }
  static bool draws_fuse(const Person& person, const StateFacts& facts) {
    return facts.at_risk & (person.fuse == kFuseNotDrawn);
  }

  /// The draw of a case's fuse.
  static sim::DrawName name_of_fuse(const Person& person) {
    constexpr sim::Purpose kReoffending = sim::purpose("reoffending");
    return {person.name, static_cast<std::uint32_t>(person.case_number) << 8, kReoffending};
  }

  /// When a fuse of `unit` burns down, from `from` on.
  sim::Minute reoffending_time(const Person& person, const ClockRow& row, sim::Minute from, double unit) const {
    const sim::Distribution& law = law_of(person);
    const double burnt = law.cumulative_hazard(static_cast<double>(from - person.clock));
    const double left = unit / static_cast<double>(row.reoffending);
    return std::max(sim::after(person.clock, law.inverse_cumulative_hazard(burnt + left)), from + 1);
  }

  /// Burns the fuse of someone who may reoffend from when they were last looked at until `now`.
  void burn(Person& person, const ClockRow& row, sim::Minute now) const {
    const sim::Distribution& law = law_of(person);
    const double burnt = law.cumulative_hazard(static_cast<double>(now - person.clock)) -
                         law.cumulative_hazard(static_cast<double>(person.last - person.clock));
    const double left = static_cast<double>(person.fuse) - burnt * static_cast<double>(row.reoffending);
    person.fuse = static_cast<float>(std::max(left, 1e-9));
  }

  /// `uniform`: of the draw of the case.
  void light_fuse(Person& person, double uniform) const {
    const double ever = 1.0 - law_of(person).never();
    person.fuse =
        uniform < ever ? static_cast<float>(-sim::log(1.0 - uniform / ever)) : std::numeric_limits<float>::infinity();
  }

 private:
  const sim::Distribution& law_of(const Person& person) const { return version_.reoffending[person.law]->time; }
  const Version& version_;
};

}  // namespace prisonflow::models
