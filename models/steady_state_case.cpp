// See the header.
#include "models/steady_state_case.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <stdexcept>
#include <tuple>

#include "sim/numerics.hpp"

namespace prisonflow::models {

namespace {

constexpr double kFewPersons = 1e-12;  ///< persons

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
  }
}

std::vector<CaseOutcome> CaseSolver::solve(std::uint32_t cell, StateIndex start) {
  walks_.clear();
  outcomes_.clear();
  stayed_.clear();
  for (auto& by_variant : pending_) {
    for (AtomBins& bins : by_variant) {
      if (!bins.empty()) bins.clear();
    }
  }
  here_ = Here{};
  here_.variant = variant_of(cell);

  Atom newcomer;
  newcomer.weight = {1.0 - never_, never_};
  completion_.remember({});
  completion_.add(newcomer);
  dispatch(completion_, start, kNoState, kNoState);
  constexpr int kMostSteps = 200'000;
  for (int step = 0; step < kMostSteps; ++step) {
    if (reckon_next()) continue;
    for (std::size_t variant = 0; variant < outcomes_.size(); ++variant) {
      for (const auto& stays : stayed_[variant]) outcomes_[variant].stays.push_back(stay_groups(stays));
    }
    return {std::make_move_iterator(outcomes_.begin()), std::make_move_iterator(outcomes_.end())};
  }
  throw std::domain_error("the steady state is not found: people go round and round within one case");
}

/// The number of a class in this case, with room for what those of the class do.
std::uint32_t CaseSolver::variant_of(std::uint32_t cell) {
  const auto known = std::find_if(outcomes_.begin(), outcomes_.end(),
                                  [&](const CaseOutcome& outcome) { return outcome.cell == cell; });
  const auto variant = static_cast<std::uint32_t>(known - outcomes_.begin());
  if (known != outcomes_.end()) return variant;
  CaseOutcome& outcome = outcomes_.emplace_back();
  outcome.cell = cell;
  outcome.minutes.resize(facts_.size());
  outcome.entries.resize(facts_.size());
  outcome.reoffending.resize(most_convictions_ + 1);
  outcome.credit.resize(facts_.size());
  stayed_.emplace_back(facts_.size());
  walks_.emplace_back(facts_.size());
  for (std::size_t place = 0; place < pending_.size(); ++place) {
    if (pending_[place].size() > variant) continue;
    pending_[place].emplace_back().remember(graph_.at_entry(graph_.order()[place]));
  }
  return variant;
}

/// Where people of one class go who are sent to `from`.
const CaseSolver::Walk& CaseSolver::walk(std::uint32_t variant, StateIndex from) {
  if (!walks_[variant][from]) {
    Walk found;
    follow(variant, from, 0, 1.0, found);
    walks_[variant][from] = std::move(found);
  }
  return *walks_[variant][from];
}

void CaseSolver::follow(std::uint32_t variant, StateIndex from, std::uint32_t convictions, double share, Walk& walk) {
  const StateFacts& facts = facts_[from];
  if (facts.change != 0xff) variant = variant_of(model_.change(facts.change)[outcomes_[variant].cell]);
  if (facts.conviction) ++convictions;
  if (facts.kind == Kind::decision) {
    walk.decisions.push_back({from, convictions, variant, share});
    const StateTable& table = *tables_[from];
    for (std::size_t branch = 0; branch < table.targets.size(); ++branch) {
      const double chance = table.shares.share(outcomes_[variant].cell, branch);
      if (chance > 0) follow(variant, table.targets[branch], convictions, share * chance, walk);
    }
    return;
  }
  const auto known = std::find_if(walk.routes.begin(), walk.routes.end(), [&](const Route& route) {
    return route.to == from && route.convictions == convictions && route.variant == variant;
  });
  if (known != walk.routes.end()) {
    known->share += share;
  } else {
    walk.routes.push_back({from, convictions, variant, share});
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
  const Walk& way = walk(here_.variant, by);
  for (const Route& pass : way.decisions) outcomes_[pass.variant].entries[pass.to] += mass * pass.share;
  for (const Route& route : way.routes) {
    // Back from the own hearing is no new entry (models/movement.hpp).
    if (hearing == kNoState || graph_.owner_of(hearing) != route.to)
      outcomes_[route.variant].entries[route.to] += mass * route.share;
    if (facts_[route.to].kind == Kind::exit) continue;
    if (from != kNoState && hearing == from && stays_as_before(route) && here_.back > 0) continue;
    if (from != kNoState && hearing == graph_.by_event(from) && stays_as_before(route)) continue;
    for (const Atom& atom : leaving_) enter(atom, route, from, hearing);
  }
}

void CaseSolver::enter(const Atom& atom, const Route& route, StateIndex from, StateIndex hearing) {
  Atom arriving = part_of(atom, {1.0, 1.0}, route.share);
  arriving.convictions = std::min(atom.convictions + route.convictions, most_convictions_);
  if (graph_.begins_risk(from, route.to, hearing)) arriving.unserved = arriving.remaining;
  pending_[place_[graph_.node(from, route.to, hearing)]][route.variant].add(arriving);
}

std::vector<CaseSolver::HazardGroup> CaseSolver::hazard_groups() const {
  const double death = static_cast<double>(here_.row->death);
  const double reoffending = here_.facts->at_risk ? static_cast<double>(here_.row->reoffending) * base_hazard_ : 0.0;
  if (!(reoffending > 0)) return {{death, 0.0, {1.0, 1.0}}};
  return {{death + reoffending, reoffending, {1.0, 0.0}}, {death, 0.0, {0.0, 1.0}}};
}

/// Back where they were, as they were.
bool CaseSolver::stays_as_before(const Route& route) const {
  return route.to == here_.state && route.convictions == 0 && route.variant == here_.variant;
}

/// The first in the order who wait; false when nobody does.
bool CaseSolver::reckon_next() {
  for (std::size_t place = 0; place < pending_.size(); ++place) {
    for (std::uint32_t variant = 0; variant < outcomes_.size(); ++variant) {
      if (!(pending_[place][variant].mass() > kFewPersons)) continue;
      reckon(graph_.order()[place], variant, pending_[place][variant]);
      return true;
    }
  }
  return false;
}

/// Everybody of one class who waits at a node stays and leaves.
void CaseSolver::reckon(CaseNode node, std::uint32_t variant, AtomBins& waiting) {
  const StateIndex state = graph_.state_of(node);
  const StateTable& table = *tables_[state];
  here_ = Here{};
  here_.node = node;
  here_.state = state;
  here_.variant = variant;
  here_.outcome = &outcomes_[variant];
  here_.facts = &facts_[state];
  here_.row = &table.rows[here_.outcome->cell];
  here_.clocks = &table.clock_of_cell(here_.outcome->cell, model_.region_stride());
  const bool keeps = keeps_hearing(here_.facts->kind);
  const StateIndex hearing = graph_.hearing_of(node);
  here_.resumed = !keeps && hearing == state;
  here_.goes_on = graph_.goes_on(node);
  here_.came_back = graph_.came_back(node);
  if (is_outside(here_.facts->kind)) here_.breach = static_cast<double>(here_.row->milestone);
  const Remembered& at_completion = graph_.at_completion(node);
  const Remembered& at_milestone = graph_.at_milestone(node);
  const bool earns = graph_.earns_credit(state);
  here_.timed_completion = at_completion.remaining || at_completion.left || (at_completion.pretrial && earns);
  here_.timed_milestone = at_milestone.remaining || at_milestone.left || (at_milestone.pretrial && earns);
  if (here_.facts->on_milestone != kNoState && (graph_.has_own_end(state) || !here_.timed_milestone)) {
    for (const Route& route : walk(variant, here_.facts->on_milestone).routes) {
      if (stays_as_before(route)) here_.back = route.share;
    }
  }
  find_events(node);
  completion_.remember(at_completion);
  milestone_.remember(at_milestone);
  waiting.take(atoms_);
  thin_out(graph_.at_entry(node));
  const bool begins_term =
      here_.facts->kind == Kind::custody && here_.facts->clock == Clock::term && !here_.resumed && !here_.came_back;
  if (begins_term) {
    for (const Atom& atom : atoms_) here_.outcome->credit[state].push_back({atom.pretrial, atom.total()});
    if (laws_.term_nodes(*here_.clocks, 1).size() > 1) join_credit();
  }
  std::vector<Stayed>& stays = stayed_[variant][state];
  const std::size_t first = stays.size();
  for (const Atom& atom : atoms_) stays.push_back({atom, hearing, {}});
  for (const HazardGroup& group : hazard_groups()) {
    for (std::size_t index = 0; index < atoms_.size(); ++index) {
      const Atom& atom = atoms_[index];
      here_.met = &stays[first + index].minutes;
      if (!(part_of(atom, group.member, 1.0).total() > 0)) continue;
      if (has_events()) {
        stay_with_events(atom, group);
      } else if (here_.goes_on) {
        stay_under_hazards(atom, group, std::max(atom.left, sim::kLeastMinutes));
      } else if (here_.facts->clock == Clock::duration || keeps) {
        stay_for_duration(atom, group);
      } else if (here_.facts->kind == Kind::custody) {
        stay_in_custody(atom, group);
      } else {
        stay_under_measure(atom, group);
      }
    }
  }
  dispatch(completion_, here_.facts->on_completion, graph_.hearing_after(node), state);
  dispatch(milestone_, here_.facts->on_milestone, state, state);
  dispatch_events();
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
                        static_cast<std::uint8_t>(std::min(stay.atom.convictions, 255u)), latent == 0, exposed,
                        stay.atom.left});
    }
  }
  const auto kind = [](const StayGroup& group) {
    return std::tuple(group.hearing, group.convictions, group.susceptible, group.exposed);
  };
  // One person stands for a group. By what was unserved to the day they would differ in what remains as chance has it:
  // so by its class, a sixteenth of an octave wide, and then by what remains.
  const auto unserved_class = [](double minutes) {
    constexpr double kClassesPerE = 23.083120654223414;  // 16 / log 2
    return static_cast<int>(kClassesPerE * sim::log(minutes + 8192.0));
  };
  std::sort(single.begin(), single.end(), [&](const StayGroup& a, const StayGroup& b) {
    return std::tuple(kind(a), unserved_class(a.unserved), a.remaining, a.unserved, a.pretrial, a.left) <
           std::tuple(kind(b), unserved_class(b.unserved), b.remaining, b.unserved, b.pretrial, b.left);
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
  groups.shrink_to_fit();  // there are thousands of such lists
  return groups;
}

/// Fewer atoms for fewer persons: the later rounds of a loop, and rare ways, need not be as fine as the common ones.
void CaseSolver::thin_out(const Remembered& what) {
  double mass = 0;
  for (const Atom& atom : atoms_) mass += atom.total();
  const std::size_t few_dates = has_events() ? 8 : 1;  // a stay with events takes as many times longer to reckon
  const std::size_t enough = (mass > 0.03 ? 8000 : mass > 1e-3 ? 2000 : mass > 1e-5 ? 200 : 30) / few_dates + 1;
  for (int bits = AtomBins::usual_bits(what) - 1; bits > 0 && atoms_.size() > enough; --bits) {
    thinner_.remember(what, bits);
    for (const Atom& atom : atoms_) thinner_.add(atom);
    thinner_.take(atoms_);
  }
}

/// A few groups of about equal size stand for all lengths of pretrial time: the term beside it is drawn.
void CaseSolver::join_credit() {
  const std::size_t groups_wanted = has_events() ? 48 : 24;  // what happens on dates is told apart more finely
  if (atoms_.size() <= groups_wanted) return;
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
    open = groups.back().total() < whole / static_cast<double>(groups_wanted);
  }
  atoms_.swap(groups);
}

}  // namespace prisonflow::models
