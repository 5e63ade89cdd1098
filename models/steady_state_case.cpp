// See the header.
#include "models/steady_state_case.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "sim/numerics.hpp"

namespace prisonflow::models {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNegligible = 1e-13;  ///< persons
constexpr double kSoon = 1.0;          ///< no event earlier than the next minute

/// Part of an atom: the members of a group, times `share`.
Atom part_of(const Atom& atom, const Weights& member, double share) {
  Atom part = atom;
  for (std::size_t latent = 0; latent < kLatentClasses; ++latent) part.weight[latent] *= member[latent] * share;
  return part;
}

}  // namespace

CaseSolver::CaseSolver(const Model& model, const CaseGraph& graph, std::uint32_t convictions)
    : model_(model),
      graph_(graph),
      facts_(model.facts()),
      tables_(model.versions().front().states[model.versions().front().law]),
      most_convictions_(convictions),
      pending_(graph.order().size()),
      place_(graph.nodes(), 0) {
  const Version& version = model.versions().front();
  if (model.scenario().reoffending.declared) {
    const sim::Distribution& time = version.reoffending[version.law]->time;
    never_ = time.never();
    base_hazard_ = 1.0 / time.base_mean();
  }
  if (model.scenario().mortality.declared) dead_ = model.scenario().mortality.to;
  for (std::size_t place = 0; place < pending_.size(); ++place) {
    place_[graph.order()[place]] = static_cast<std::uint32_t>(place);
    pending_[place].remember(graph.at_entry(graph.order()[place]));
  }
}

CaseOutcome CaseSolver::solve(std::uint32_t cell, StateIndex start) {
  cell_ = cell;
  walks_.assign(facts_.size(), std::nullopt);
  outcome_ = CaseOutcome{};
  outcome_.minutes.resize(facts_.size());
  outcome_.entries.resize(facts_.size());
  outcome_.reoffending.resize(most_convictions_ + 1);
  outcome_.credit.resize(facts_.size());
  for (AtomBins& bins : pending_) bins.clear();

  Atom newcomer;
  newcomer.weight = {1.0 - never_, never_};
  completion_.remember({});
  completion_.add(newcomer);
  dispatch(completion_, start, kNoState, kNoState);
  constexpr int kMostSteps = 200'000;
  for (int step = 0; step < kMostSteps; ++step) {
    const auto next = std::find_if(pending_.begin(), pending_.end(),
                                   [](const AtomBins& bins) { return bins.mass() > kNegligible; });
    if (next == pending_.end()) return outcome_;
    reckon(graph_.order()[static_cast<std::size_t>(next - pending_.begin())]);
  }
  throw std::domain_error("the steady state is not found: people go round and round within one case");
}

/// Where people go who are sent to `from`.
const CaseSolver::Walk& CaseSolver::walk(StateIndex from) {
  std::optional<Walk>& found = walks_[from];
  if (!found) {
    found.emplace();
    follow(from, 0, 1.0, *found);
  }
  return *found;
}

void CaseSolver::follow(StateIndex from, std::uint32_t convictions, double share, Walk& walk) const {
  const StateFacts& facts = facts_[from];
  if (facts.conviction) ++convictions;
  if (facts.kind == Kind::decision) {
    walk.decisions.emplace_back(from, share);
    const StateTable& table = *tables_[from];
    for (std::size_t branch = 0; branch < table.targets.size(); ++branch) {
      const double chance = table.shares.share(cell_, branch);
      if (chance > 0) follow(table.targets[branch], convictions, share * chance, walk);
    }
    return;
  }
  const auto known = std::find_if(walk.routes.begin(), walk.routes.end(), [&](const Route& route) {
    return route.to == from && route.convictions == convictions;
  });
  if (known != walk.routes.end()) {
    known->share += share;
  } else {
    walk.routes.push_back({from, convictions, share});
  }
}

/// Sends everybody in `bins` to `by`, having left `from`.
void CaseSolver::dispatch(AtomBins& bins, StateIndex by, StateIndex hearing, StateIndex from) {
  if (bins.empty() || by == kNoState) {
    bins.clear();
    return;
  }
  const double mass = bins.mass();
  bins.take(leaving_);
  const Walk& way = walk(by);
  for (const auto& [decision, passes] : way.decisions) outcome_.entries[decision] += mass * passes;
  for (const Route& route : way.routes) {
    outcome_.entries[route.to] += mass * route.share;
    if (facts_[route.to].kind == Kind::exit) continue;
    if (from != kNoState && hearing == from && route.to == from && route.convictions == 0 && here_.back > 0) continue;
    for (const Atom& atom : leaving_) enter(atom, route, from, hearing);
  }
}

void CaseSolver::enter(const Atom& atom, const Route& route, StateIndex from, StateIndex hearing) {
  Atom arriving = part_of(atom, {1.0, 1.0}, route.share);
  arriving.convictions = std::min(atom.convictions + route.convictions, most_convictions_);
  if (graph_.begins_risk(from, route.to, hearing)) arriving.unserved = arriving.remaining;
  pending_[place_[graph_.node(route.to, hearing)]].add(arriving);
}

std::vector<CaseSolver::HazardGroup> CaseSolver::hazard_groups() const {
  const double death = static_cast<double>(here_.row->death);
  const double reoffending = here_.facts->at_risk ? static_cast<double>(here_.row->reoffending) * base_hazard_ : 0.0;
  if (!(reoffending > 0)) return {{death, 0.0, {1.0, 1.0}}};
  return {{death + reoffending, reoffending, {1.0, 0.0}}, {death, 0.0, {0.0, 1.0}}};
}

/// Everybody who waits at a node stays and leaves.
void CaseSolver::reckon(CaseNode node) {
  const StateIndex state = graph_.state_of(node);
  const StateTable& table = *tables_[state];
  here_ = Here{};
  here_.node = node;
  here_.state = state;
  here_.facts = &facts_[state];
  here_.row = &table.rows[cell_];
  here_.clocks = &table.clock_of(model_.region_of(cell_));
  const bool keeps = keeps_hearing(here_.facts->kind);
  const StateIndex hearing = graph_.hearing_of(node);
  here_.resumed = !keeps && hearing == state;
  if (is_outside(here_.facts->kind)) here_.breach = static_cast<double>(here_.row->milestone);
  const Remembered& at_completion = graph_.at_completion(node);
  const Remembered& at_milestone = graph_.at_milestone(node);
  const bool earns = graph_.earns_credit(state);
  here_.timed_completion = at_completion.remaining || (at_completion.pretrial && earns);
  here_.timed_milestone = at_milestone.remaining || (at_milestone.pretrial && earns);
  if (here_.facts->on_milestone != kNoState && (graph_.has_own_end(state) || !here_.timed_milestone)) {
    for (const Route& route : walk(here_.facts->on_milestone).routes) {
      if (route.to == state && route.convictions == 0) here_.back = route.share;
    }
  }
  completion_.remember(at_completion);
  milestone_.remember(at_milestone);
  pending_[place_[node]].take(atoms_);
  const bool begins_term = here_.facts->kind == Kind::custody && here_.facts->clock == Clock::term && !here_.resumed;
  if (begins_term) {
    for (const Atom& atom : atoms_) outcome_.credit[state].push_back({atom.pretrial, atom.total()});
    if (laws_.term_nodes(*here_.clocks, 1).size() > 1) join_credit();
  }
  for (const HazardGroup& group : hazard_groups()) {
    for (const Atom& atom : atoms_) {
      if (!(part_of(atom, group.member, 1.0).total() > 0)) continue;
      if (here_.facts->clock == Clock::duration || keeps) {
        stay_for_duration(atom, group);
      } else if (here_.facts->kind == Kind::custody) {
        stay_in_custody(atom, group);
      } else {
        stay_under_measure(atom, group);
      }
    }
  }
  dispatch(completion_, here_.facts->on_completion, keeps ? hearing : kNoState, state);
  dispatch(milestone_, here_.facts->on_milestone, state, state);
}

/// A few groups of about equal size stand for all lengths of pretrial time: the term beside it is drawn.
void CaseSolver::join_credit() {
  constexpr std::size_t kGroups = 16;
  if (atoms_.size() <= kGroups) return;
  std::sort(atoms_.begin(), atoms_.end(), [](const Atom& a, const Atom& b) {
    return a.convictions != b.convictions ? a.convictions < b.convictions : a.pretrial < b.pretrial;
  });
  double whole = 0;
  for (const Atom& atom : atoms_) whole += atom.total();
  std::vector<Atom> groups;
  bool open = false;
  for (const Atom& atom : atoms_) {
    if (!open || groups.back().convictions != atom.convictions) {
      groups.push_back(atom);
    } else {
      Atom& group = groups.back();
      group.pretrial = (group.pretrial * group.total() + atom.pretrial * atom.total()) / (group.total() + atom.total());
      for (std::size_t latent = 0; latent < kLatentClasses; ++latent) group.weight[latent] += atom.weight[latent];
    }
    open = groups.back().total() < whole / kGroups;
  }
  atoms_.swap(groups);
}

/// Counts time spent, and who dies or begins a new case meanwhile.
void CaseSolver::stayed(const Atom& atom, const HazardGroup& group, double minutes) {
  double dead = 0;
  for (std::size_t latent = 0; latent < kLatentClasses; ++latent) {
    const double persons = atom.weight[latent] * group.member[latent];
    if (!(persons > 0)) continue;
    outcome_.minutes[here_.state][latent] += persons * minutes;
    if (here_.row->death > 0) dead += persons * minutes * static_cast<double>(here_.row->death);
    if (group.reoffending > 0) outcome_.reoffending[atom.convictions] += persons * minutes * group.reoffending;
  }
  if (dead > 0 && dead_ != kNoState) outcome_.entries[dead_] += dead;
}

Atom CaseSolver::advanced(const Atom& atom, double minutes) const {
  Atom later = atom;
  later.remaining = std::max(atom.remaining - minutes, 0.0);
  if (graph_.earns_credit(here_.state)) later.pretrial += minutes;
  return later;
}

/// People leave by a constant event before `length` under a hazard in all: when, is an exponential time cut off there,
/// taken at the nodes of Gauss and Legendre in its distribution function, in several panels for few atoms.
void CaseSolver::leave_in_time(AtomBins& bins, bool timed, const Atom& atom, double share, double hazard,
                               double length) {
  if (!timed) {
    bins.add(part_of(atom, {1.0, 1.0}, share));
    return;
  }
  constexpr std::array<double, 4> kPlaces{0.1834346424956498, 0.5255324099163290, 0.7966664774136267,
                                          0.9602898564975363};
  constexpr std::array<double, 4> kWeights{0.3626837833783620, 0.3137066458778873, 0.2223810344533745,
                                           0.1012285362903763};
  const int panels = atoms_.size() <= 8 ? 24 : atoms_.size() <= 64 ? 4 : 2;
  const double whole = -sim::expm1(-hazard * length);
  for (int panel = 0; panel < panels; ++panel) {
    for (std::size_t node = 0; node < 2 * kPlaces.size(); ++node) {
      const double place = node < kPlaces.size() ? kPlaces[node] : -kPlaces[node - kPlaces.size()];
      const double left = whole * (panel + 0.5 * (1.0 + place)) / panels;
      const double time = hazard * length < 1e-8 ? length * left / whole : -sim::log1p(-left) / hazard;
      bins.add(part_of(advanced(atom, time), {1.0, 1.0}, share * 0.5 * kWeights[node % kPlaces.size()] / panels));
    }
  }
}

/// Delay, service, custody and supervision whose length is drawn at every entry.
void CaseSolver::stay_for_duration(const Atom& atom, const HazardGroup& group) {
  const double hazard = group.hazard + here_.breach;
  const StayMoments stay = laws_.moments(*here_.clocks, here_.row->factor, hazard);
  // Whoever is sent back at once begins anew: a geometric number of stays.
  const double stays = 1.0 / (1.0 - here_.back * (here_.breach > 0 ? here_.breach * stay.minutes : 0.0));
  stayed(part_of(atom, {1.0, 1.0}, stays), group, stay.minutes);
  if (stay.minutes == kInfinity) return;
  const Atom members = part_of(atom, group.member, stays);
  const double breaches = here_.breach * stay.minutes;
  if (!here_.timed_completion && !here_.timed_milestone) {
    completion_.add(part_of(members, {1.0, 1.0}, stay.completion));
    milestone_.add(part_of(members, {1.0, 1.0}, breaches));
    return;
  }
  const auto& nodes = laws_.nodes(*here_.clocks, atoms_.size());
  const auto length_of = [&](const LawNode& node) {
    return std::max(node.minutes * static_cast<double>(here_.row->factor), kSoon);
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
      leave_in_time(milestone_, here_.timed_milestone, members, share, hazard, length);
    }
  }
}

/// Supervision until a known end, and liberty.
void CaseSolver::stay_under_hazards(const Atom& atom, const HazardGroup& group, double length) {
  const double hazard = group.hazard + here_.breach * (1.0 - here_.back);
  const StayMoments stay = stay_of(length, hazard);
  stayed(atom, group, stay.minutes);
  if (stay.minutes == kInfinity) return;
  const Atom members = part_of(atom, group.member, 1.0);
  if (length < kInfinity) completion_.add(part_of(advanced(members, length), {1.0, 1.0}, stay.completion));
  if (!(here_.breach > 0)) return;
  const bool leaves = here_.facts->kind == Kind::liberty;
  leave_in_time(leaves ? completion_ : milestone_, leaves ? here_.timed_completion : here_.timed_milestone, members,
                here_.breach * stay.minutes, hazard, length);
}

void CaseSolver::stay_under_measure(const Atom& atom, const HazardGroup& group) {
  const Clock clock = here_.facts->clock;
  if (here_.facts->kind == Kind::liberty || clock == Clock::none) return stay_under_hazards(atom, group, kInfinity);
  if (clock != Clock::term || here_.resumed) return stay_under_hazards(atom, group, std::max(atom.remaining, kSoon));
  const Remembered later = graph_.at_completion(here_.node) | graph_.at_milestone(here_.node);
  if (!later.unserved && !later.remaining) {
    const double hazard = group.hazard + here_.breach * (1.0 - here_.back);
    const StayMoments stay = laws_.moments(*here_.clocks, here_.row->factor, hazard);
    stayed(atom, group, stay.minutes);
    if (stay.minutes == kInfinity) return;
    completion_.add(part_of(atom, group.member, stay.completion));
    milestone_.add(part_of(atom, group.member, here_.breach * stay.minutes));
    return;
  }
  const double passed = atom.unserved - atom.remaining;
  for (const LawNode& node : laws_.term_nodes(*here_.clocks, atoms_.size())) {
    Atom sentenced = part_of(atom, {1.0, 1.0}, node.share);
    sentenced.remaining = std::max(node.minutes * static_cast<double>(here_.row->factor), kSoon);
    sentenced.unserved = sentenced.remaining + passed;
    stay_under_hazards(sentenced, group, sentenced.remaining);
  }
  if (const double never = here_.clocks->law.never(); never > 0) {
    stay_under_hazards(part_of(atom, {1.0, 1.0}, never), group, kInfinity);
  }
}

void CaseSolver::stay_in_custody(const Atom& atom, const HazardGroup& group) {
  const Clock clock = here_.facts->clock;
  if (clock == Clock::none) return stayed(atom, group, stay_of(kInfinity, group.hazard).minutes);
  if (here_.resumed || clock == Clock::proceed) return serve(atom, group);
  if (clock == Clock::remainder) {
    Atom recalled = atom;
    recalled.unserved = std::max(atom.unserved, kSoon);
    recalled.remaining = recalled.unserved;
    return serve(recalled, group);
  }
  for (const LawNode& node : laws_.term_nodes(*here_.clocks, atoms_.size())) {
    Atom sentenced = part_of(atom, {1.0, 1.0}, node.share);
    sentenced.unserved = std::max(node.minutes * static_cast<double>(here_.row->factor), kSoon);
    sentenced.remaining = sentenced.unserved - atom.pretrial * here_.clocks->pretrial_credit;
    serve(sentenced, group);
  }
  if (const double never = here_.clocks->law.never(); never > 0) {
    stayed(part_of(atom, {1.0, 1.0}, never), group, stay_of(kInfinity, group.hazard).minutes);
  }
}

/// A running term: hearings, refused ones followed by the next, until release.
void CaseSolver::serve(Atom atom, const HazardGroup& group) {
  constexpr double kFew = 1e-10;  // persons: no further hearing is reckoned
  const double parole = static_cast<double>(here_.row->milestone);
  const double release =
      std::max(atom.remaining - (1.0 - here_.clocks->automatic_release) * atom.unserved, kSoon);
  const double retry = std::max(here_.clocks->parole_retry, kSoon);
  double hearing = kInfinity;
  if (parole > 0) {
    hearing = here_.resumed ? retry : std::max(atom.remaining - (1.0 - parole) * atom.unserved, kSoon);
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
