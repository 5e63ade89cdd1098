// Inside the initial population: the stay of a person met in a state, drawn by acceptance.
//
// A length-biased length, a uniform moment in it, kept with the chance that nothing (death, breach, a granted parole,
// reoffending) had ended the stay before. Each attempt has draws of its own.
#pragma once

#include <vector>

#include "models/course.hpp"
#include "models/initial_lengths.hpp"
#include "models/model.hpp"
#include "models/person.hpp"
#include "models/steady_state.hpp"

namespace prisonflow::models {

/// The chance to be back at once, by cell: after a milestone, and after each of the state's own events.
struct ReturnChances {
  std::vector<double> hearing;
  std::vector<std::vector<double>> events;
};

class InitialStay {
 public:
  /// `lengths`: whole lengths met.
  InitialStay(const Model& model, std::size_t state, const StateTable& table, const ReturnChances& returning,
              const LengthsMet& lengths);

  /// Whether attempts read their second draw.
  bool needs_moment() const { return facts_.kind != Kind::liberty || (facts_.at_risk && !memoryless_); }
  bool needs_fuse(const StayGroup& past) const { return facts_.at_risk || past.exposed; }

  /// Whether the first attempt always stays, since nothing remembers how long the stay has lasted.
  bool forgets() const { return facts_.kind == Kind::liberty && memoryless_; }
  bool draws_length() const { return draws_length_; }
  /// The length of the stay of an attempt, before the factor of the cell; only where draws_length().
  double length(Cell cell, const sim::Draws& stay) const { return lengths_.quantile(cell, stay.uniform53(0)); }

  /// What does not depend on the attempt.
  void begin(const StayGroup& past, Person& person) const {
    if (past.hearing < model_.facts().size() && !resumed(past)) person.resume = static_cast<std::uint8_t>(past.hearing);
    person.clock = 0;
    person.last = 0;
  }
  /// Sets the person's clocks; false when something had ended the stay before, except at the `last` attempt.
  /// `length`: of the draw `stay`. `begun`: when the stay began.
  bool attempt(const StayGroup& past, const sim::Draws& stay, double length, const sim::Draws& moment, bool last,
               Person& person, sim::Minute& begun) const;
  /// What the course of someone keeps whose stay began at `begun`.
  PastStay past_of(const StayGroup& past, sim::Minute begun) const;
  /// The same where the stay forgets(): minus the logarithm of a uniform number sets when it ends.
  void begin_forgetful(double fuse, Person& person) const {
    const auto hazard = static_cast<double>(table_.rows[person.cell].milestone);
    person.state_end = hazard > 0 ? sim::after(0, fuse / hazard) : sim::kNever;
  }

 private:
  struct Attempt;
  bool kept(const Attempt& attempt) const;
  bool until_an_end(const Attempt& attempt) const;
  bool term_in_custody(const Attempt& attempt) const;
  bool without_end(const Attempt& attempt) const;
  double survival(const Attempt& attempt, double elapsed) const;
  double survival_of_events(const Attempt& attempt, double elapsed, double remaining, double unserved) const;
  double drawn_length(const Attempt& attempt) const;
  void set_past(const Attempt& attempt, double elapsed) const;
  /// Back from the own hearing, which took time.
  bool resumed(const StayGroup& past) const { return resumable_ && past.hearing == state_; }

  const Model& model_;
  const StateFacts& facts_;
  const StateTable& table_;
  /// Back from one of the state's own events.
  bool came_back(const StayGroup& past) const { return past.hearing == state_ + model_.facts().size(); }

  const ReturnChances& returning_;
  const LengthsMet& lengths_;
  const sim::Distribution* reoffending_ = nullptr;  ///< where people may reoffend
  std::size_t state_;
  bool resumable_;
  bool draws_length_;
  bool has_events_ = false;  ///< of its own, that lead elsewhere
  bool memoryless_ = true;   ///< reoffending does not remember how long it has been possible
};

}  // namespace prisonflow::models
