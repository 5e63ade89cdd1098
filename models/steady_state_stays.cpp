// How long people stay in a timed state and how they leave it: the rules of models/kinds/ in expectation.
#include <algorithm>

#include "models/steady_state_case.hpp"
#include "sim/numerics.hpp"

namespace prisonflow::models {

/// Counts time spent, and who dies or begins a new case meanwhile.
void CaseSolver::stayed(const Atom& atom, const HazardGroup& group, double minutes) {
  double dead = 0;
  for (std::size_t latent = 0; latent < kLatentClasses; ++latent) {
    const double persons = atom.weight[latent] * group.member[latent];
    if (!(persons > 0)) continue;
    here_.outcome->minutes[here_.state][latent] += persons * minutes;
    (*here_.met)[latent] += persons * minutes;
    if (here_.row->death > 0) dead += persons * minutes * static_cast<double>(here_.row->death);
    const bool joined = here_.facts->on_new_offence != kNoState;  // leaves by an event of its own
    if (group.reoffending > 0 && !joined)
      here_.outcome->reoffending[atom.convictions] += persons * minutes * group.reoffending;
  }
  if (dead > 0 && dead_ != kNoState) here_.outcome->entries[dead_] += dead;
}

Atom CaseSolver::advanced(const Atom& atom, double minutes) const {
  Atom later = atom;
  later.remaining = std::max(atom.remaining - minutes, 0.0);
  later.left = std::max(atom.left - minutes, 0.0);
  if (graph_.earns_credit(here_.state)) later.pretrial += minutes;
  return later;
}

/// People leave by a constant event before `length` under a hazard in all: when, is an exponential time cut off there,
/// taken at the nodes of Gauss and Legendre in its distribution function, in several panels for few atoms.
void CaseSolver::leave_in_time(AtomBins& bins, bool timed, const Atom& atom, double share, double hazard, double length,
                               int panels) {
  if (!timed) {
    bins.add(part_of(atom, {1.0, 1.0}, share));
    return;
  }
  const double whole = -sim::expm1(-hazard * length);
  for (int panel = 0; panel < panels; ++panel) {
    for (std::size_t node = 0; node < 2 * kGaussPlaces.size(); ++node) {
      const double place = node < kGaussPlaces.size() ? kGaussPlaces[node] : -kGaussPlaces[node - kGaussPlaces.size()];
      const double part = (panel + 0.5 * (1.0 + place)) / panels;
      const double time = hazard * length < 1e-8 ? length * part : -sim::log1p(-whole * part) / hazard;
      bins.add(
          part_of(advanced(atom, time), {1.0, 1.0}, share * 0.5 * kGaussWeights[node % kGaussPlaces.size()] / panels));
    }
  }
}

/// Delay, service, custody and supervision whose length is drawn at every entry.
void CaseSolver::stay_for_duration(const Atom& atom, const HazardGroup& group) {
  // Whoever is sent back at once goes on until the same end.
  const double hazard = group.hazard + here_.breach * (1.0 - here_.back);
  const StayMoments stay = laws_.moments(*here_.clocks, here_.row->factor, hazard);
  stayed(atom, group, stay.minutes);
  if (stay.minutes == sim::kInfinity) return;
  const Atom members = part_of(atom, group.member, 1.0);
  const double breaches = here_.breach * stay.minutes;
  if (!here_.timed_completion && !here_.timed_milestone) {
    completion_.add(part_of(members, {1.0, 1.0}, stay.completion));
    milestone_.add(part_of(members, {1.0, 1.0}, breaches));
    return;
  }
  const auto& nodes = laws_.nodes(*here_.clocks, atoms_.size());
  const auto length_of = [&](const LawNode& node) {
    return std::max(node.minutes * static_cast<double>(here_.row->factor), sim::kLeastMinutes);
  };
  StayMoments sum;  // scaled to the moments above, so that nobody is lost
  for (const LawNode& node : nodes) {
    const StayMoments at_node = stay_of(length_of(node), hazard);
    sum.minutes += node.share * at_node.minutes;
    sum.completion += node.share * at_node.completion;
  }
  for (const LawNode& node : nodes) {
    const double length = length_of(node);
    const StayMoments at_node = stay_of(length, hazard);
    if (sum.completion > 0) {
      const double share = node.share * at_node.completion * stay.completion / sum.completion;
      completion_.add(part_of(advanced(members, length), {1.0, 1.0}, share));
    }
    if (breaches > 0) {
      const double share = breaches * node.share * at_node.minutes / sum.minutes;
      Atom drawn = members;
      drawn.left = length;
      leave_in_time(milestone_, here_.timed_milestone, drawn, share, hazard, length, panels());
    }
  }
}

/// Supervision until a known end, and liberty.
void CaseSolver::stay_under_hazards(const Atom& atom, const HazardGroup& group, double length) {
  const double hazard = group.hazard + here_.breach * (1.0 - here_.back);
  const StayMoments stay = stay_of(length, hazard);
  stayed(atom, group, stay.minutes);
  if (stay.minutes == sim::kInfinity) return;
  const Atom members = part_of(atom, group.member, 1.0);
  if (length < sim::kInfinity) completion_.add(part_of(advanced(members, length), {1.0, 1.0}, stay.completion));
  if (!(here_.breach > 0)) return;
  const bool leaves = here_.facts->kind == Kind::liberty;
  leave_in_time(leaves ? completion_ : milestone_, leaves ? here_.timed_completion : here_.timed_milestone, members,
                here_.breach * stay.minutes, hazard, length, panels());
}

void CaseSolver::stay_under_measure(const Atom& atom, const HazardGroup& group) {
  const Clock clock = here_.facts->clock;
  if (here_.facts->kind == Kind::liberty || clock == Clock::none)
    return stay_under_hazards(atom, group, sim::kInfinity);
  if (clock != Clock::term || here_.resumed)
    return stay_under_hazards(atom, group, std::max(atom.remaining, sim::kLeastMinutes));
  const Remembered later = graph_.at_completion(here_.node) | graph_.at_milestone(here_.node);
  if (!later.unserved && !later.remaining) {
    const double hazard = group.hazard + here_.breach * (1.0 - here_.back);
    const StayMoments stay = laws_.moments(*here_.clocks, here_.row->factor, hazard);
    stayed(atom, group, stay.minutes);
    if (stay.minutes == sim::kInfinity) return;
    completion_.add(part_of(atom, group.member, stay.completion));
    milestone_.add(part_of(atom, group.member, here_.breach * stay.minutes));
    return;
  }
  const double passed = atom.unserved - atom.remaining;
  for (const LawNode& node : laws_.term_nodes(*here_.clocks, atoms_.size())) {
    Atom sentenced = part_of(atom, {1.0, 1.0}, node.share);
    sentenced.remaining = std::max(node.minutes * static_cast<double>(here_.row->factor), sim::kLeastMinutes);
    sentenced.unserved = sentenced.remaining + passed;
    stay_under_hazards(sentenced, group, sentenced.remaining);
  }
  if (const double never = here_.clocks->law.never(); never > 0) {
    stay_under_hazards(part_of(atom, {1.0, 1.0}, never), group, sim::kInfinity);
  }
}

void CaseSolver::stay_in_custody(const Atom& atom, const HazardGroup& group) {
  const Clock clock = here_.facts->clock;
  if (clock == Clock::none) return stayed(atom, group, stay_of(sim::kInfinity, group.hazard).minutes);
  if (here_.resumed || clock == Clock::proceed) return serve(atom, group);
  if (clock == Clock::remainder) {
    Atom recalled = atom;
    recalled.unserved = std::max(atom.unserved, sim::kLeastMinutes);
    recalled.remaining = recalled.unserved;
    return serve(recalled, group);
  }
  for (const LawNode& node : laws_.term_nodes(*here_.clocks, atoms_.size())) {
    Atom sentenced = part_of(atom, {1.0, 1.0}, node.share);
    sentenced.unserved = std::max(node.minutes * static_cast<double>(here_.row->factor), sim::kLeastMinutes);
    sentenced.remaining = sentenced.unserved - atom.pretrial * here_.clocks->pretrial_credit;
    serve(sentenced, group);
  }
  if (const double never = here_.clocks->law.never(); never > 0) {
    stayed(part_of(atom, {1.0, 1.0}, never), group, stay_of(sim::kInfinity, group.hazard).minutes);
  }
}

/// A running term: hearings, refused ones followed by the next, until release.
void CaseSolver::serve(Atom atom, const HazardGroup& group) {
  constexpr double kFew = 1e-10;  // persons: no further hearing is reckoned
  const double parole = static_cast<double>(here_.row->milestone);
  const double release =
      std::max(atom.remaining - (1.0 - here_.clocks->automatic_release) * atom.unserved, sim::kLeastMinutes);
  const double retry = std::max(here_.clocks->parole_retry, sim::kLeastMinutes);
  double hearing = sim::kInfinity;
  if (parole > 0) {
    hearing = here_.resumed ? retry : std::max(atom.remaining - (1.0 - parole) * atom.unserved, sim::kLeastMinutes);
  }
  const Atom members = part_of(atom, group.member, 1.0);
  const StayMoments between = hearing + retry < release ? stay_of(retry, group.hazard) : StayMoments{};
  const double few = kFew / members.total();
  double present = 1;
  double now = 0;
  double served = 0;
  double heard = 0;
  while (hearing < release && present > few) {
    const StayMoments stay = now > 0 ? between : stay_of(hearing, group.hazard);
    served += present * stay.minutes;
    present *= stay.completion;
    if (here_.timed_milestone) {
      milestone_.add(part_of(advanced(members, hearing), {1.0, 1.0}, present));
    } else {
      heard += present;
    }
    present *= here_.back;
    now = hearing;
    hearing += retry;
  }
  if (heard > 0) milestone_.add(part_of(members, {1.0, 1.0}, heard));
  if (present > 0) {
    const StayMoments stay = stay_of(release - now, group.hazard);
    served += present * stay.minutes;
    completion_.add(part_of(advanced(members, release), {1.0, 1.0}, present * stay.completion));
  }
  stayed(atom, group, served);
}

}  // namespace prisonflow::models
