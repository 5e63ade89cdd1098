// See the header.
#include "models/steady_state_case.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <tuple>

namespace prisonflow::models {

namespace {

constexpr double kNegligible = 1e-12;  ///< persons

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
  stayed_.assign(facts_.size(), {});
  for (AtomBins& bins : pending_) bins.clear();

  Atom newcomer;
  newcomer.weight = {1.0 - never_, never_};
  completion_.remember({});
  completion_.add(newcomer);
  dispatch(completion_, start, kNoState, kNoState);
  constexpr int kMostSteps = 200'000;
  for (int step = 0; step < kMostSteps; ++step) {
    const auto next =
        std::find_if(pending_.begin(), pending_.end(), [](const AtomBins& bins) { return bins.mass() > kNegligible; });
    if (next == pending_.end()) {
      for (const auto& stays : stayed_) outcome_.stays.push_back(stay_groups(stays));
      return outcome_;
    }
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
    // Back from the own hearing is no new entry (models/movement.hpp).
    if (hearing == kNoState || hearing != route.to) outcome_.entries[route.to] += mass * route.share;
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
  thin_out(graph_.at_entry(node));
  const bool begins_term = here_.facts->kind == Kind::custody && here_.facts->clock == Clock::term && !here_.resumed;
  if (begins_term) {
    for (const Atom& atom : atoms_) outcome_.credit[state].push_back({atom.pretrial, atom.total()});
    if (laws_.term_nodes(*here_.clocks, 1).size() > 1) join_credit();
  }
  std::vector<Stayed>& stays = stayed_[state];
  const std::size_t first = stays.size();
  for (const Atom& atom : atoms_) stays.push_back({atom, hearing, {}});
  for (const HazardGroup& group : hazard_groups()) {
    for (std::size_t index = 0; index < atoms_.size(); ++index) {
      const Atom& atom = atoms_[index];
      here_.met = &stays[first + index].minutes;
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

/// Whom one meets, by what they brought along. Of many neighbours the middle one stands for all: a mean of times would
/// put people on the wrong side of a hearing or an end.
std::vector<StayGroup> CaseSolver::stay_groups(const std::vector<Stayed>& stays) const {
  constexpr double kGroups = 1024;
  std::vector<StayGroup> single;
  double whole = 0;
  for (const Stayed& stay : stays) {
    const Weights& weight = stay.atom.weight;
    const bool exposed = std::abs(weight[1] * (1.0 - never_) - weight[0] * never_) > 1e-9 * stay.atom.total();
    for (std::size_t latent = 0; latent < kLatentClasses; ++latent) {
      if (!(stay.minutes[latent] > 0)) continue;
      whole += stay.minutes[latent];
      single.push_back({stay.minutes[latent], stay.atom.pretrial, stay.atom.unserved, stay.atom.remaining, stay.hearing,
                        static_cast<std::uint8_t>(std::min(stay.atom.convictions, 255u)), latent == 0, exposed});
    }
  }
  const auto kind = [](const StayGroup& group) {
    return std::tuple(group.hearing, group.convictions, group.susceptible, group.exposed);
  };
  std::sort(single.begin(), single.end(), [&](const StayGroup& a, const StayGroup& b) {
    return std::tuple(kind(a), a.unserved, a.remaining, a.pretrial) <
           std::tuple(kind(b), b.unserved, b.remaining, b.pretrial);
  });
  std::vector<StayGroup> groups;
  double before = 0;
  for (std::size_t first = 0; first < single.size();) {
    std::size_t end = first;
    double persons = 0;
    while (end < single.size() && kind(single[end]) == kind(single[first]) &&
           (end == first || persons < whole / kGroups)) {
      persons += single[end++].persons;
    }
    std::size_t middle = first;
    for (double passed = single[first].persons; 2 * passed < persons; passed += single[middle].persons) ++middle;
    groups.push_back(single[middle]);
    groups.back().persons = before += persons;
    first = end;
  }
  return groups;
}

/// Fewer atoms for fewer persons: the later rounds of a loop, and rare ways, need not be as fine as the common ones.
void CaseSolver::thin_out(const Remembered& what) {
  double mass = 0;
  for (const Atom& atom : atoms_) mass += atom.total();
  const std::size_t enough = mass > 0.03 ? 8000 : mass > 1e-3 ? 2000 : mass > 1e-5 ? 200 : 30;
  for (int bits = AtomBins::usual_bits(what) - 1; bits > 0 && atoms_.size() > enough; --bits) {
    thinner_.remember(what, bits);
    for (const Atom& atom : atoms_) thinner_.add(atom);
    thinner_.take(atoms_);
  }
}

/// A few groups of about equal size stand for all lengths of pretrial time: the term beside it is drawn.
void CaseSolver::join_credit() {
  constexpr std::size_t kGroups = 24;
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

}  // namespace prisonflow::models
