// See the header. One case is reckoned in models/steady_state_case.hpp; here cases follow each other.
//
// Between two cases of a person only the offence and the number of prior convictions change. Priors never fall, so for
// every combination of the other traits the expected cases a day are found by one small linear system a number of
// priors, from the lowest up: z (I - K) = y, where K leads to new cases with the same number of priors and y are those
// that come from arrivals and from fewer priors (Kemeny and Snell, "Finite Markov chains", 1960, chapter 3).
#include "models/steady_state.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>

#include "models/model_tables.hpp"
#include "models/steady_state_case.hpp"
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
        starts_(starts_of(model)),
        graph_(model, starts_),
        bounds_(model.scenario().traits[index_of(Trait::prior)].lower_bounds),
        cases_(model, graph_, most_priors()) {}

  SteadyState run() {
    let_in();
    same_cells();
    result_.stock.assign(states_, std::vector<double>(cells_.count, 0.0));
    result_.entries_per_day = result_.stock;
    result_.susceptible = result_.stock;
    result_.credit.resize(states_);
    result_.cases.resize(cells_.count);
    credit_.resize(states_);
    const std::uint32_t offence_stride = cells_.strides[index_of(Trait::offence)];
    const std::uint32_t prior_stride = cells_.strides[index_of(Trait::prior)];
    for (std::uint32_t cell = 0; cell < cells_.count; ++cell) {
      const bool first = cells_.label(cell, Trait::offence) == 0 && cells_.label(cell, Trait::prior) == 0;
      if (!first) continue;
      double newcomers = 0;
      for (std::uint32_t offence = 0; offence < offences(); ++offence) {
        for (std::uint32_t prior = 0; prior < cells_.sizes[index_of(Trait::prior)]; ++prior) {
          for (const auto& by_cell : newcomers_)
            newcomers += by_cell[cell + offence * offence_stride + prior * prior_stride];
        }
      }
      if (newcomers > 0) solve_block(cell);
    }
    finish_credit();
    return std::move(result_);
  }

 private:
  /// Where cases begin: first the state of new cases, if there is one, then those of newcomers.
  static std::vector<StateIndex> starts_of(const Model& model) {
    std::vector<StateIndex> starts;
    const auto add = [&](StateIndex state) {
      if (std::find(starts.begin(), starts.end(), state) == starts.end()) starts.push_back(state);
    };
    if (model.scenario().reoffending.declared) add(model.scenario().reoffending.to);
    for (const ArrivalProcess& process : model.arrivals()) add(process.to);
    return starts;
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
  std::uint32_t cell_of(std::uint32_t block, std::uint32_t offence, std::uint32_t priors) const {
    std::uint32_t cell = block + offence * cells_.strides[index_of(Trait::offence)];
    if (most_priors() > 0) cell += prior_label(priors) * cells_.strides[index_of(Trait::prior)];
    return cell;
  }

  /// Newcomers a day by start and cell.
  void let_in() {
    newcomers_.assign(starts_.size(), std::vector<double>(cells_.count, 0.0));
    for (const ArrivalProcess& process : model_.arrivals()) {
      const ArrivalSegment& segment = process.segments.front();
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

  /// Cells for which every number of the model is the same share one reckoning.
  void same_cells() {
    std::map<std::vector<double>, std::uint32_t> known;
    std::vector<double> numbers;
    for (std::uint32_t cell = 0; cell < cells_.count; ++cell) {
      numbers.clear();
      for (const StateTable* const table : version_.states[version_.law]) {
        for (std::size_t branch = 0; branch < table->targets.size(); ++branch) {
          numbers.push_back(table->shares.share(cell, branch));
        }
        if (table->rows.empty()) continue;
        const ClockRow& row = table->rows[cell];
        for (const float number : {row.factor, row.death, row.reoffending, row.milestone}) {
          numbers.push_back(static_cast<double>(number));
        }
        numbers.push_back(table->clocks.size() == 1 ? 0.0 : static_cast<double>(model_.region_of(cell)));
      }
      like_.push_back(known.try_emplace(numbers, cell).first->second);
    }
    outcomes_.resize(starts_.size());
  }
  const CaseOutcome& outcome(std::size_t start, std::uint32_t cell) { return solved(start, cell).outcome; }
  /// A kind of case, and where its stays are kept.
  struct Solved {
    CaseOutcome outcome;
    std::size_t stays = 0;
  };
  const Solved& solved(std::size_t start, std::uint32_t cell) {
    const auto [found, is_new] = outcomes_[start].try_emplace(like_[cell]);
    if (is_new) {
      found->second.outcome = cases_.solve(like_[cell], starts_[start]);
      found->second.stays = result_.stays.size();
      result_.stays.push_back(std::move(found->second.outcome.stays));
    }
    return found->second;
  }

  void solve_block(std::uint32_t block) {
    const std::uint32_t most = most_priors();
    // New cases a day by priors and offence, from arrivals first.
    std::vector<Eigen::VectorXd> cases(most + 1, Eigen::VectorXd::Zero(offences()));
    for (std::size_t start = 0; start < starts_.size(); ++start) {
      for (std::uint32_t offence = 0; offence < offences(); ++offence) {
        for (std::uint16_t prior = 0; prior < cells_.sizes[index_of(Trait::prior)]; ++prior) {
          const std::uint32_t cell = block + offence * cells_.strides[index_of(Trait::offence)] +
                                     prior * cells_.strides[index_of(Trait::prior)];
          const double persons = newcomers_[start][cell];
          if (!(persons > 0)) continue;
          const std::uint32_t priors = most > 0 ? static_cast<std::uint32_t>(bounds_[prior]) : 0;
          count(start, cell, priors, persons);
          lead_on(start, block, cell, offence, priors, persons, 0, cases);
        }
      }
    }
    if (!model_.scenario().reoffending.declared) return;
    for (std::uint32_t priors = 0; priors <= most; ++priors) solve_priors(block, priors, cases);
  }

  void solve_priors(std::uint32_t block, std::uint32_t priors, std::vector<Eigen::VectorXd>& cases) {
    if (!(cases[priors].sum() > 0)) return;
    Eigen::MatrixXd system = Eigen::MatrixXd::Identity(offences(), offences());
    for (std::uint32_t offence = 0; offence < offences(); ++offence) {
      const std::uint32_t cell = cell_of(block, offence, priors);
      std::vector<Eigen::VectorXd> next(cases.size(), Eigen::VectorXd::Zero(offences()));
      lead_on(0, block, cell, offence, priors, 1.0, 0, next);
      system.col(offence) -= next[priors];
    }
    const Eigen::PartialPivLU<Eigen::MatrixXd> lu(system);
    const Eigen::VectorXd found = lu.solve(cases[priors]);
    const double size = cases[priors].sum();
    const double residual = (system * found - cases[priors]).lpNorm<Eigen::Infinity>();
    constexpr double kMostCases = 1e9;  // a person: beyond, reoffending has no end
    if (!(residual <= 1e-9 * size) || !(found.minCoeff() >= -1e-9 * size) || !(found.sum() < kMostCases * size)) {
      throw std::domain_error("there is no steady state: everybody reoffends for ever");
    }
    for (std::uint32_t offence = 0; offence < offences(); ++offence) {
      const std::uint32_t cell = cell_of(block, offence, priors);
      const double persons = std::max(found[offence], 0.0);
      if (!(persons > 0)) continue;
      count(0, cell, priors, persons);
      lead_on(0, block, cell, offence, priors, persons, priors + 1, cases);
    }
  }

  /// The new cases that `persons` cases lead to, with at least `least` priors then.
  void lead_on(std::size_t start, std::uint32_t block, std::uint32_t cell, std::uint32_t offence, std::uint32_t priors,
               double persons, std::uint32_t least, std::vector<Eigen::VectorXd>& cases) {
    if (version_.reoffending.empty()) return;
    const ReoffendingTable& table = *version_.reoffending[version_.law];
    const std::size_t row = mix_row(cells_, block, Trait::offence);
    const std::vector<double>& again = outcome(start, cell).reoffending;
    for (std::uint32_t convictions = 0; convictions < again.size(); ++convictions) {
      const std::uint32_t next = std::min(priors + convictions, most_priors());
      if (next < least || !(again[convictions] > 0)) continue;
      const double flow = persons * again[convictions];
      cases[next][offence] += flow * table.same_offence;
      if (table.same_offence >= 1.0) continue;
      for (std::uint32_t other = 0; other < offences(); ++other) {
        cases[next][other] += flow * (1.0 - table.same_offence) * table.offence.share(row, other);
      }
    }
  }

  /// Adds what `persons` cases a day amount to.
  void count(std::size_t start, std::uint32_t cell, std::uint32_t priors, double persons) {
    const CaseOutcome& one = outcome(start, cell);
    result_.cases[cell].push_back(
        {solved(start, cell).stays, persons, static_cast<std::uint8_t>(std::min(priors, 255u))});
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
  std::vector<std::int32_t> bounds_;
  CaseSolver cases_;
  std::vector<std::vector<double>> newcomers_;               ///< [start][cell]
  std::vector<std::uint32_t> like_;                          ///< the first cell with the same numbers
  std::vector<std::map<std::uint32_t, Solved>> outcomes_;    ///< [start], by cell
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
