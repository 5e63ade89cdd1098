// See the header. One case is reckoned in models/steady_state_case.hpp; here cases follow each other.
//
// Between two cases of a person only the offence, the number of prior convictions and what states make of people
// change. Priors never fall, so for every combination of the other traits the expected cases a day are found by one
// small linear system a number of priors, from the lowest up: z (I - K) = y, where K leads to new cases with the same
// number of priors and y are those that come from arrivals and from fewer priors (Kemeny and Snell, "Finite Markov
// chains", 1960, chapter 3). Where states change people, each group of phases that lead to each other has a system of
// its own.
#include "models/steady_state.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>

#include "models/model_tables.hpp"
#include "models/steady_state_case.hpp"
#include "models/steady_state_cells.hpp"
#include "sim/numerics.hpp"

namespace prisonflow::models {

namespace {

/// Shares of times as bins of equal width, kept at their mean; a single time exactly.
CreditDistribution in_bins(const std::vector<TimeShare>& times) {
  constexpr double kBins = 160;
  constexpr double kTail = 1e-4;
  CreditDistribution result;
  double whole = 0;
  double longest = 0;
  double shortest = std::numeric_limits<double>::infinity();
  for (const TimeShare& time : times) {
    whole += time.weight;
    longest = std::max(longest, time.minutes);
    shortest = std::min(shortest, time.minutes);
  }
  if (!(whole > 0) || longest < 1.0) return result;
  if (longest - shortest < 1e-9 * longest) {
    result.bin_minutes = longest;
    result.shares = {0.0, 1.0};
    return result;
  }
  std::vector<TimeShare> sorted = times;
  std::sort(sorted.begin(), sorted.end(), [](const TimeShare& a, const TimeShare& b) { return a.minutes > b.minutes; });
  double above = 0;
  auto long_stay = sorted.begin();
  while (long_stay + 1 != sorted.end() && above + long_stay->weight < kTail * whole) above += (long_stay++)->weight;
  result.bin_minutes = std::max(long_stay->minutes / (kBins - 1), static_cast<double>(sim::kMinutesPerDay));
  result.shares.resize(static_cast<std::size_t>(std::min(std::ceil(longest / result.bin_minutes) + 1, kBins)));
  const double last = static_cast<double>(result.shares.size() - 1);
  for (const TimeShare& time : sorted) {
    const double position = std::min(time.minutes / result.bin_minutes, last);
    const double below = std::min(std::floor(position), last - 1);
    const double share = time.weight / whole;
    result.shares[static_cast<std::size_t>(below)] += share * (1.0 - (position - below));
    result.shares[static_cast<std::size_t>(below) + 1] += share * (position - below);
  }
  return result;
}

class Solver {
 public:
  explicit Solver(const Model& model)
      : model_(model),
        version_(model.versions().front()),
        cells_(model.cells()),
        states_(model.facts().size()),
        starts_(CaseGraph::starts_of(model)),
        graph_(model, starts_),
        kinds_(model, graph_),
        bounds_(model.scenario().traits[index_of(Trait::prior)].lower_bounds),
        cases_(model, graph_, most_priors()) {}

  SteadyState run() {
    let_in();
    solved_.resize(starts_.size());
    result_.stock.assign(states_, std::vector<double>(cells_.count, 0.0));
    result_.entries_per_day = result_.stock;
    result_.susceptible = result_.stock;
    result_.credit.resize(states_);
    result_.cases.resize(cells_.count);
    credit_.resize(states_);
    // The blocks in which somebody arrives.
    std::vector<bool> arrivals(cells_.count, false);
    for (const auto& by_cell : newcomers_) {
      for (std::uint32_t cell = 0; cell < cells_.count; ++cell) {
        if (by_cell[cell] > 0) arrivals[block_of(cell)] = true;
      }
    }
    for (std::uint32_t cell = 0; cell < cells_.count; ++cell) {
      if (arrivals[cell]) solve_block(cell);
    }
    finish_credit();
    return std::move(result_);
  }

 private:
  /// The cell with the first offence, no priors, in phase 0.
  std::uint32_t block_of(std::uint32_t cell) const {
    cell -= kinds_.offset(kinds_.phase_of(cell));
    return cells_.with_label(cells_.with_label(cell, Trait::offence, 0), Trait::prior, 0);
  }
  std::uint32_t offences() const { return cells_.sizes[index_of(Trait::offence)]; }
  /// Beyond this number priors make no difference.
  std::uint32_t most_priors() const {
    const bool counts = model_.scenario().reoffending.declared && bounds_.size() > 1;
    return counts ? static_cast<std::uint32_t>(bounds_.back()) : 0;
  }
  std::uint16_t prior_label(std::uint32_t priors) const {
    std::uint16_t label = 0;
    for (std::size_t band = 0; band < bounds_.size(); ++band) {
      if (static_cast<std::int32_t>(priors) >= bounds_[band]) label = static_cast<std::uint16_t>(band);
    }
    return label;
  }
  /// Cases alike as they begin.
  struct CaseKind {
    std::uint32_t block = 0;
    std::uint32_t phase = 0;
    std::uint32_t offence = 0;
    std::uint32_t priors = 0;
  };
  using NewCases = std::vector<Eigen::VectorXd>;  ///< a day; by priors and place_of()
  std::uint32_t place_of(const CaseKind& kind) const { return kind.phase * offences() + kind.offence; }
  std::uint32_t cell_of(const CaseKind& kind) const {
    std::uint32_t cell =
        kind.block + kinds_.offset(kind.phase) + kind.offence * cells_.strides[index_of(Trait::offence)];
    if (most_priors() > 0) cell += prior_label(kind.priors) * cells_.strides[index_of(Trait::prior)];
    return cell;
  }

  /// Newcomers a day by start and cell.
  void let_in() {
    newcomers_.assign(starts_.size(), std::vector<double>(cells_.count, 0.0));
    for (const ArrivalProcess& process : model_.arrivals()) {
      const ArrivalSegment& segment = process.segments.front();
      if (!(segment.per_day->mean() > 0)) continue;
      const auto start = std::find(starts_.begin(), starts_.end(), process.to) - starts_.begin();
      spread(segment, 0, 0, segment.per_day->mean(), newcomers_[static_cast<std::size_t>(start)]);
    }
  }
  void spread(const ArrivalSegment& segment, std::size_t trait, std::uint32_t cell, double persons,
              std::vector<double>& by_cell) const {
    if (!(persons > 0)) return;
    if (trait == kTraits) {
      by_cell[cell] += persons;
      return;
    }
    const ShareTable& shares = (*segment.mix)[trait].shares;
    const std::size_t row = mix_row(cells_, cell, static_cast<Trait>(trait));
    for (std::uint32_t label = 0; label < cells_.sizes[trait]; ++label) {
      spread(segment, trait + 1, cell + label * cells_.strides[trait], persons * shares.share(row, label), by_cell);
    }
  }

  const std::vector<CaseOutcome>& outcomes(std::size_t start, std::uint32_t cell) {
    return solved(start, cell).outcomes;
  }
  /// A kind of case by the classes people are of in it, and where the stays of each are kept.
  struct Solved {
    std::vector<CaseOutcome> outcomes;
    std::size_t stays = 0;  ///< of the first class; the others follow
  };
  const Solved& solved(std::size_t start, std::uint32_t cell) {
    const auto [found, is_new] = solved_[start].try_emplace(kinds_.like(cell));
    if (is_new) {
      found->second.outcomes = cases_.solve(kinds_.like(cell), starts_[start]);
      found->second.stays = result_.stays.size();
      for (CaseOutcome& outcome : found->second.outcomes) result_.stays.push_back(std::move(outcome.stays));
    }
    return found->second;
  }
  /// What the first state of a case makes of people, they are as the case begins: one reckoning for all of them.
  std::uint32_t cell_at(std::size_t start, std::uint32_t cell) const {
    const std::uint8_t change = model_.facts()[starts_[start]].change;
    return change == 0xff ? cell : model_.change(change)[cell];
  }
  /// The cell of those who began a case in `cell` while `outcome` holds for them: only the phase is another.
  std::uint32_t cell_during(const CaseOutcome& outcome, std::uint32_t cell) const {
    return outcome.cell - kinds_.like(cell) + cell;
  }

  /// `block`: a cell with the first offence, no priors, in phase 0; people move between all of those.
  void solve_block(std::uint32_t block) {
    const std::uint32_t most = most_priors();
    // New cases a day by priors, phase and offence, from arrivals first.
    NewCases cases(most + 1, Eigen::VectorXd::Zero(kinds_.phases() * offences()));
    for (std::size_t start = 0; start < starts_.size(); ++start) {
      for (std::uint32_t phase = 0; phase < kinds_.phases(); ++phase) {
        for (std::uint32_t offence = 0; offence < offences(); ++offence) {
          for (std::uint16_t prior = 0; prior < cells_.sizes[index_of(Trait::prior)]; ++prior) {
            const std::uint32_t cell = block + kinds_.offset(phase) +
                                       offence * cells_.strides[index_of(Trait::offence)] +
                                       prior * cells_.strides[index_of(Trait::prior)];
            const double persons = newcomers_[start][cell];
            if (!(persons > 0)) continue;
            const std::uint32_t priors = most > 0 ? static_cast<std::uint32_t>(bounds_[prior]) : 0;
            count(start, cell, priors, persons);
            lead_on(start, {block, phase, offence, priors}, cell, persons,
                    [&](const CaseKind& next, double flow) { cases[next.priors][place_of(next)] += flow; });
          }
        }
      }
    }
    if (!model_.scenario().reoffending.declared) return;
    for (std::uint32_t priors = 0; priors <= most; ++priors) {
      if (!(cases[priors].sum() > 0)) continue;
      for (const auto& phases : phases_in_order(block, priors, cases[priors])) {
        solve_phases(block, priors, phases, cases);
      }
    }
  }

  /// Phases that lead to each other without a further conviction, group after group.
  std::vector<std::vector<std::uint32_t>> phases_in_order(std::uint32_t block, std::uint32_t priors,
                                                          const Eigen::VectorXd& begun) {
    if (kinds_.phases() == 1) return {{0}};
    std::vector<std::vector<std::uint32_t>> links(kinds_.phases());
    std::vector<std::uint32_t> roots;
    std::vector<std::uint32_t> open;
    std::vector<bool> known(kinds_.phases(), false);
    const auto meet = [&](std::uint32_t phase) {
      if (!known[phase]) open.push_back(phase);
      known[phase] = true;
    };
    for (std::uint32_t phase = 0; phase < kinds_.phases(); ++phase) {
      if (!(begun.segment(phase * offences(), offences()).sum() > 0)) continue;
      roots.push_back(phase);
      meet(phase);
    }
    while (!open.empty()) {
      const std::uint32_t phase = open.back();
      open.pop_back();
      for (std::uint32_t offence = 0; offence < offences(); ++offence) {
        const CaseKind kind{block, phase, offence, priors};
        lead_on(0, kind, cell_of(kind), 1.0, [&](const CaseKind& next, double) {
          auto& targets = links[phase];
          if (next.priors != priors || std::find(targets.begin(), targets.end(), next.phase) != targets.end()) return;
          targets.push_back(next.phase);
          meet(next.phase);
        });
      }
    }
    return groups_in_order(links, roots);
  }

  void solve_phases(std::uint32_t block, std::uint32_t priors, const std::vector<std::uint32_t>& phases,
                    NewCases& cases) {
    const auto size = static_cast<Eigen::Index>(phases.size() * offences());
    std::vector<CaseKind> kinds;
    std::vector<Eigen::Index> row(kinds_.phases() * offences(), -1);  // by place
    Eigen::VectorXd begun(size);
    for (const std::uint32_t phase : phases) {
      for (std::uint32_t offence = 0; offence < offences(); ++offence) {
        const CaseKind kind{block, phase, offence, priors};
        const auto at = static_cast<Eigen::Index>(kinds.size());
        row[place_of(kind)] = at;
        begun[at] = cases[priors][place_of(kind)];
        kinds.push_back(kind);
      }
    }
    const auto inside = [&](const CaseKind& kind) { return kind.priors == priors && row[place_of(kind)] >= 0; };
    if (!(begun.sum() > 0)) return;
    Eigen::MatrixXd system = Eigen::MatrixXd::Identity(size, size);
    for (Eigen::Index column = 0; column < size; ++column) {
      const CaseKind& kind = kinds[static_cast<std::size_t>(column)];
      Eigen::VectorXd next = Eigen::VectorXd::Zero(size);
      lead_on(0, kind, cell_of(kind), 1.0, [&](const CaseKind& later, double flow) {
        if (inside(later)) next[row[place_of(later)]] += flow;
      });
      system.col(column) -= next;
    }
    const Eigen::PartialPivLU<Eigen::MatrixXd> lu(system);
    const Eigen::VectorXd found = lu.solve(begun);
    const double all = begun.sum();
    const double residual = (system * found - begun).lpNorm<Eigen::Infinity>();
    constexpr double kMostCases = 1e9;  // a person: beyond, reoffending has no end
    if (!(residual <= 1e-9 * all) || !(found.minCoeff() >= -1e-9 * all) || !(found.sum() < kMostCases * all)) {
      throw std::domain_error("there is no steady state: everybody reoffends for ever");
    }
    for (Eigen::Index at = 0; at < size; ++at) {
      const CaseKind& kind = kinds[static_cast<std::size_t>(at)];
      const double persons = std::max(found[at], 0.0);
      if (!(persons > 0)) continue;
      count(0, cell_of(kind), priors, persons);
      lead_on(0, kind, cell_of(kind), persons, [&](const CaseKind& next, double flow) {
        if (!inside(next)) cases[next.priors][place_of(next)] += flow;
      });
    }
  }

  /// Calls `add` for the new cases that `persons` cases of one kind lead to.
  template <class Add>
  void lead_on(std::size_t start, const CaseKind& kind, std::uint32_t cell, double persons, Add&& add) {
    if (version_.reoffending.empty()) return;
    cell = cell_at(start, cell);
    const ReoffendingTable& table = *version_.reoffending[version_.law];
    const std::size_t row = mix_row(cells_, kind.block, Trait::offence);
    for (const CaseOutcome& outcome : outcomes(start, cell)) {
      CaseKind next = kind;
      next.phase = kinds_.phase_of(cell_during(outcome, cell));
      for (std::uint32_t convictions = 0; convictions < outcome.reoffending.size(); ++convictions) {
        next.priors = std::min(kind.priors + convictions, most_priors());
        if (!(outcome.reoffending[convictions] > 0)) continue;
        const double flow = persons * outcome.reoffending[convictions];
        next.offence = kind.offence;
        add(next, flow * table.same_offence);
        if (table.same_offence >= 1.0) continue;
        for (next.offence = 0; next.offence < offences(); ++next.offence) {
          add(next, flow * (1.0 - table.same_offence) * table.offence.share(row, next.offence));
        }
      }
    }
  }

  /// Adds what `persons` cases a day amount to that begin in `cell`.
  void count(std::size_t start, std::uint32_t cell, std::uint32_t priors, double persons) {
    cell = cell_at(start, cell);
    std::size_t stays = solved(start, cell).stays;
    for (const CaseOutcome& outcome : outcomes(start, cell)) {
      const std::uint32_t now = cell_during(outcome, cell);
      result_.cases[now].push_back({stays++, persons, static_cast<std::uint8_t>(std::min(priors, 255u))});
      count(outcome, now, persons);
    }
  }
  void count(const CaseOutcome& one, std::uint32_t cell, double persons) {
    for (std::size_t state = 0; state < states_; ++state) {
      result_.entries_per_day[state][cell] += persons * one.entries[state];
      const double minutes = one.minutes[state][0] + one.minutes[state][1];
      if (minutes == std::numeric_limits<double>::infinity()) {
        throw std::domain_error("there is no steady state: nothing takes people out of state " +
                                model_.scenario().states[state].name);
      }
      result_.stock[state][cell] += persons * minutes / sim::kMinutesPerDay;
      result_.susceptible[state][cell] += persons * one.minutes[state][0] / sim::kMinutesPerDay;
      if (one.credit[state].empty()) continue;
      if (credit_[state].empty()) credit_[state].resize(cells_.count);
      for (const TimeShare& time : one.credit[state]) {
        credit_[state][cell].push_back({time.minutes, time.weight * persons});
      }
    }
  }

  void finish_credit() {
    for (std::size_t state = 0; state < states_; ++state) {
      for (const auto& times : credit_[state]) result_.credit[state].push_back(in_bins(times));
    }
  }

  const Model& model_;
  const Version& version_;
  const Cells& cells_;
  std::size_t states_;
  std::vector<StateIndex> starts_;
  CaseGraph graph_;
  CellKinds kinds_;
  std::vector<std::int32_t> bounds_;
  CaseSolver cases_;
  std::vector<std::vector<double>> newcomers_;               ///< [start][cell]
  std::vector<std::map<std::uint32_t, Solved>> solved_;      ///< [start], by cell
  std::vector<std::vector<std::vector<TimeShare>>> credit_;  ///< [state][cell]
  SteadyState result_;
};

}  // namespace

double CreditDistribution::mean() const {
  double sum = 0;
  for (std::size_t bin = 0; bin < shares.size(); ++bin) sum += shares[bin] * static_cast<double>(bin) * bin_minutes;
  return sum;
}

double SteadyState::total(StateIndex state) const {
  double sum = 0;
  for (const double persons : stock[state]) sum += persons;
  return sum;
}

SteadyState steady_state(const Model& model) {
  return Solver(model).run();
}

}  // namespace prisonflow::models
