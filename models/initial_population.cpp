// See the header.
#include "models/initial_population.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>

#include "models/model_tables.hpp"
#include "models/names.hpp"

namespace prisonflow::models {

namespace {

constexpr sim::Purpose kClass = sim::purpose("initial class");
constexpr sim::Purpose kStay = sim::purpose("initial stay");
constexpr sim::Purpose kMoment = sim::purpose("initial moment");
constexpr sim::Purpose kNumber = sim::purpose("initial number");
constexpr double kMinutesPerYear = sim::kDaysPerYear * sim::kMinutesPerDay;
/// Attempts before a stay is taken as it comes; with acceptance of one in ten the chance to get there is 1e-6.
constexpr std::uint32_t kAttempts = 128;

/// The chance that a person who leaves `state` by its milestone is back in it without anything else, by cell: a refused
/// parole, a warning after a breach. Delays and services on the way are passed through.
double return_chance(const Model& model, std::size_t state, Cell cell) {
  const Version& version = model.versions().front();
  const auto chance_from = [&](const auto& self, std::size_t at, int depth) -> double {
    if (at == state) return 1.0;
    if (depth > 32) return 0.0;
    const StateFacts& facts = model.facts()[at];
    if (facts.kind == Kind::delay || facts.kind == Kind::service) return self(self, facts.on_completion, depth + 1);
    if (facts.kind != Kind::decision) return 0.0;
    const StateTable& table = *version.states[0][at];
    double chance = 0;
    for (std::size_t branch = 0; branch < table.targets.size(); ++branch) {
      const double share = table.shares.share(cell, branch);
      if (share > 0) chance += share * self(self, table.targets[branch], depth + 1);
    }
    return chance;
  };
  const StateIndex first = model.facts()[state].on_milestone;
  return first == kNoState ? 0.0 : chance_from(chance_from, first, 0);
}

/// Whether `to` can be reached from `from` through decisions, delays and services.
bool leads_to(const Model& model, StateIndex from, std::size_t to, int depth = 0) {
  if (from == kNoState || depth > 32) return false;
  if (from == to) return true;
  const StateFacts& facts = model.facts()[from];
  if (facts.kind == Kind::delay || facts.kind == Kind::service) return leads_to(model, facts.on_completion, to, depth + 1);
  if (facts.kind != Kind::decision) return false;
  const auto& targets = model.versions().front().states[0][from]->targets;
  return std::any_of(targets.begin(), targets.end(),
                     [&](StateIndex target) { return leads_to(model, target, to, depth + 1); });
}

/// Cumulative weights over cells, raked so that the traits with a given mix have it.
std::vector<double> raked(const Model& model, std::vector<double> weights, const std::array<Shares, kTraits>& mix) {
  const Cells& cells = model.cells();
  for (int round = 0; round < 25; ++round) {
    for (std::size_t trait = 0; trait < kTraits; ++trait) {
      if (!mix[trait].declared()) continue;
      std::vector<double> wanted(cells.sizes[trait], 0.0);
      std::vector<double> shares;
      share_weights(mix[trait], model.values(), cells, 0, shares);
      for (std::size_t branch = 0; branch < shares.size(); ++branch) wanted[mix[trait].targets[branch]] += shares[branch];
      std::vector<double> present(cells.sizes[trait], 0.0);
      double all = 0;
      for (std::uint32_t cell = 0; cell < cells.count; ++cell) {
        present[cells.label(cell, static_cast<Trait>(trait))] += weights[cell];
        all += weights[cell];
      }
      for (std::uint32_t cell = 0; cell < cells.count; ++cell) {
        const std::uint16_t label = cells.label(cell, static_cast<Trait>(trait));
        if (present[label] > 0) weights[cell] *= wanted[label] * all / present[label];
      }
    }
  }
  double sum = 0;
  for (double& weight : weights) weight = sum += weight;
  return weights;
}

}  // namespace

/// Custody whose unserved rest a state goes on with.
struct InitialPopulation::Feeder {
  std::size_t custody = 0;
  sim::LengthBiasedLaw length;
  std::optional<std::size_t> release;  ///< recall: the supervision in between
};

struct InitialPopulation::StateStock {
  std::size_t state = 0;
  double persons = 0;
  bool poisson = false;                 ///< a stationary number varies, a given one does not
  bool fresh = false;
  std::vector<double> cumulative;       ///< over cells
  std::vector<double> susceptible;      ///< share by cell
  std::vector<double> returning;        ///< return_chance by cell
  std::vector<CreditDistribution> credit;
  std::optional<sim::LengthBiasedLaw> length;
  std::optional<Feeder> feeder;
};

InitialPopulation::~InitialPopulation() = default;
InitialPopulation::InitialPopulation(InitialPopulation&&) noexcept = default;

InitialPopulation::InitialPopulation(const Model& model) : model_(model) {
  const Scenario& scenario = model.scenario();
  if (scenario.initial.empty() && !scenario.initial_stationary) return;
  const SteadyState steady = steady_state(model);
  const auto length_law = [&](std::size_t state) -> std::optional<sim::LengthBiasedLaw> {
    const State& spec = scenario.states[state];
    const bool drawn = spec.clock == Clock::duration || spec.clock == Clock::term;
    if (!drawn) return std::nullopt;
    const sim::Distribution& law = model.versions().front().states[0][state]->clocks.front().law;
    if (!(law.base_mean() > 0)) return std::nullopt;
    return sim::LengthBiasedLaw(law);
  };
  for (std::size_t state = 0; state < scenario.states.size(); ++state) {
    const Kind kind = scenario.states[state].kind;
    if (kind == Kind::decision || kind == Kind::exit) continue;
    const auto given_row = std::find_if(scenario.initial.begin(), scenario.initial.end(),
                                        [&](const auto& row) { return row.state == state; });
    const bool listed = given_row != scenario.initial.end();
    if (!listed && !scenario.initial_stationary) continue;
    StateStock stock;
    stock.state = state;
    stock.poisson = !listed || !given(given_row->persons);
    stock.persons = stock.poisson ? steady.total(static_cast<StateIndex>(state))
                                  : model.values()[index_of(given_row->persons)];
    if (!(stock.persons > 0)) continue;
    stock.fresh = listed && given_row->fresh;
    std::vector<double> weights = steady.stock[state];
    if (!(steady.total(static_cast<StateIndex>(state)) > 0)) std::fill(weights.begin(), weights.end(), 1.0);
    stock.cumulative = raked(model, weights, listed ? given_row->mix : std::array<Shares, kTraits>{});
    for (std::uint32_t cell = 0; cell < model.cells().count; ++cell) {
      const double all = steady.stock[state][cell];
      stock.susceptible.push_back(all > 0 ? steady.susceptible[state][cell] / all : 1.0);
      stock.returning.push_back(return_chance(model, state, static_cast<Cell>(cell)));
    }
    if (state < steady.credit.size()) stock.credit = steady.credit[state];
    stock.length = length_law(state);
    if (scenario.states[state].clock == Clock::remainder) {
      for (std::size_t custody = 0; custody < scenario.states.size() && !stock.feeder; ++custody) {
        const State& from = scenario.states[custody];
        if (from.kind != Kind::custody || from.clock != Clock::term) continue;
        const auto law = length_law(custody);
        if (!law) continue;
        const auto feeds = [&](std::size_t target) {
          return leads_to(model, from.on_milestone, target) || leads_to(model, from.on_completion, target);
        };
        if (kind == Kind::supervision && feeds(state)) stock.feeder.emplace(Feeder{custody, *law, std::nullopt});
        for (std::size_t release = 0; release < scenario.states.size() && !stock.feeder && kind == Kind::custody;
             ++release) {
          const State& between = scenario.states[release];
          if (between.kind == Kind::supervision && between.clock == Clock::remainder && feeds(release) &&
              leads_to(model, between.on_milestone, state)) {
            stock.feeder.emplace(Feeder{custody, *law, release});
          }
        }
      }
    }
    states_.push_back(std::move(stock));
  }
}

double InitialPopulation::expected_persons() const {
  double sum = 0;
  for (const StateStock& stock : states_) sum += stock.persons;
  return sum;
}

/// Draws one person's stay.
class InitialPopulation::Drawing {
 public:
  Drawing(const Model& model, const StateStock& stock, sim::StreamKey key, Mover& mover, Person& person)
      : model_(model),
        stock_(stock),
        key_(key),
        mover_(mover),
        person_(person),
        row_(mover.row_of(person)),
        clocks_(mover.table_of(person.state, 0).clock_of(model.region_of(person.cell))),
        memoryless_(!model.facts()[stock.state].at_risk ||
                    model.versions().front().reoffending[0]->time.memoryless()) {}

  void draw_stay() {
    const State& state = model_.scenario().states[stock_.state];
    const StateFacts& facts = model_.facts()[stock_.state];
    person_.clock = 0;
    for (std::uint32_t attempt = 0; attempt < kAttempts; ++attempt) {
      stay_ = sim::draw(key_, person_.name, attempt, kStay);
      if (state.kind != Kind::liberty || !memoryless_) moment_ = sim::draw(key_, person_.name, attempt, kMoment);
      if (facts.at_risk) draw_fuse();
      const bool last = attempt + 1 == kAttempts;
      const bool kept = state.clock == Clock::term && state.kind == Kind::custody ? term_in_custody(last)
                        : state.clock == Clock::remainder && stock_.feeder        ? remainder(last)
                        : state.clock == Clock::none                              ? without_end(last)
                                                                                  : duration(last);
      if (kept) break;
    }
    if (facts.pretrial && facts.held) person_.pretrial = -person_.last;
    person_.last = 0;
    if (facts.kind == Kind::supervision) {
      person_.milestone = exponential_after(0, static_cast<double>(row_.milestone), moment_.uniform(3));
    } else if (facts.kind == Kind::liberty) {
      person_.state_end = exponential_after(0, static_cast<double>(row_.milestone), stay_.uniform(3));
    }
  }

 private:
  static sim::Minute minutes(double time) {
    return time >= static_cast<double>(sim::kEndOfTime) ? sim::kNever : static_cast<sim::Minute>(std::floor(time + 0.5));
  }

  void draw_fuse() {
    const double susceptible = stock_.susceptible[person_.cell];
    const double uniform = stay_.uniform(2);
    person_.fuse = uniform < susceptible ? static_cast<float>(-sim::log(1.0 - uniform / susceptible))
                                         : std::numeric_limits<float>::infinity();
  }

  /// The chance that no competing event ended the stay within `elapsed` minutes.
  double survival(double elapsed) const {
    const StateFacts& facts = model_.facts()[stock_.state];
    double hazard = static_cast<double>(row_.death) * elapsed;
    if (facts.kind == Kind::supervision) {
      hazard += static_cast<double>(row_.milestone) * (1.0 - stock_.returning[person_.cell]) * elapsed;
    }
    if (facts.at_risk && person_.fuse < std::numeric_limits<float>::infinity()) {
      const sim::Distribution& time = model_.versions().front().reoffending[0]->time;
      hazard += static_cast<double>(row_.reoffending) * time.cumulative_hazard(elapsed);
    }
    return sim::exp(-hazard);
  }

  /// delay, service, custody with a duration, supervision with a duration or term.
  bool duration(bool last) {
    const double length = stock_.length ? stock_.length->quantile(stay_.uniform53(0)) * factor() : 1.0;
    const double elapsed = moment_.uniform53(0) * length;
    if (!last && moment_.uniform(2) >= survival(elapsed)) return false;
    person_.last = minutes(-elapsed);
    person_.clock = person_.last;
    person_.state_end = std::max(minutes(length - elapsed), 1);
    person_.term_end = person_.state_end;
    return true;
  }

  /// The credit a prisoner of this cell came in with.
  double drawn_credit(const std::vector<CreditDistribution>& credit, double uniform) const {
    if (credit.empty() || credit[person_.cell].shares.empty()) return 0;
    const CreditDistribution& law = credit[person_.cell];
    double sum = 0;
    for (std::size_t bin = 0; bin < law.shares.size(); ++bin) {
      sum += law.shares[bin];
      if (uniform < sum) return static_cast<double>(bin) * law.bin_minutes;
    }
    return static_cast<double>(law.shares.size()) * law.bin_minutes;
  }

  /// Parole hearings held before `served` minutes of the term, and when the next one is.
  std::pair<int, double> hearings(const ClockRow& row, const Clocks& clocks, double term, double credit,
                                  double served) const {
    if (row.milestone <= 0.0f) return {0, std::numeric_limits<double>::infinity()};
    double next = std::max(term * static_cast<double>(row.milestone), credit);
    int held = 0;
    while (next <= served) {
      next += std::max(clocks.parole_retry, 1.0);
      ++held;
    }
    return {held, next};
  }

  bool term_in_custody(bool last) {
    const double term = stock_.length ? stock_.length->quantile(stay_.uniform53(0)) * factor() : 1.0;
    const double credit = drawn_credit(stock_.credit, stay_.uniform(3)) * clocks_.pretrial_credit;
    const double release = term * clocks_.automatic_release;
    const double served = moment_.uniform53(0) * release;
    const auto [held, next] = hearings(row_, clocks_, term, credit, served);
    double chance = served < credit ? 0.0 : survival(served - credit);
    for (int hearing = 0; hearing < held; ++hearing) chance *= stock_.returning[person_.cell];
    if (!last && moment_.uniform(2) >= chance) return false;
    person_.last = minutes(credit - served);
    person_.clock = minutes(-served);
    person_.pretrial = minutes(clocks_.pretrial_credit > 0 ? credit / clocks_.pretrial_credit : 0.0);
    person_.term_end = std::max(minutes(term - served), 1);
    person_.state_end = std::max(minutes(release - served), 1);
    person_.milestone = next < release ? std::max(minutes(next - served), 1) : sim::kNever;
    return true;
  }

  /// Supervised release, or recall: goes on with what a sentence left.
  bool remainder(bool last) {
    const Feeder& feeder = *stock_.feeder;
    const StateTable& table = mover_.table_of(feeder.custody, 0);
    const ClockRow& row = table.rows[person_.cell];
    const Clocks& clocks = table.clock_of(model_.region_of(person_.cell));
    const double term = feeder.length.quantile(stay_.uniform53(0)) * static_cast<double>(row.factor);
    double granted = term * clocks.automatic_release;
    if (row.milestone > 0.0f) {
      // A geometric number of refused hearings.
      const double back = return_chance(model_, feeder.custody, person_.cell);
      double hearing = term * static_cast<double>(row.milestone);
      double chance = stay_.uniform(3);
      while (hearing < granted && chance < back) {
        chance /= back;
        hearing += std::max(clocks.parole_retry, 1.0);
      }
      granted = std::min(granted, hearing);
    }
    const double rest = term - granted;
    double length = rest;
    double kept = rest / term;  // length-biased in the term so far; now in the rest
    if (feeder.release) {
      const ClockRow& between = mover_.table_of(*feeder.release, 0).rows[person_.cell];
      kept *= 1.0 - sim::exp(-static_cast<double>(between.milestone) * rest);
      length = rest * clocks_.automatic_release;
    }
    const double elapsed = moment_.uniform53(0) * length;
    if (!last && moment_.uniform(2) >= kept * survival(elapsed)) return false;
    person_.last = minutes(-elapsed);
    person_.clock = person_.last;
    person_.term_end = std::max(minutes(rest - elapsed), 1);
    person_.state_end = std::max(minutes(length - elapsed), 1);
    if (feeder.release) {
      const double next = hearings(row_, clocks_, rest, 0, elapsed).second;
      person_.milestone = next < length ? std::max(minutes(next - elapsed), 1) : sim::kNever;
    }
    return true;
  }

  /// Liberty and life sentences: no end of its own.
  bool without_end(bool last) {
    // Nothing remembers how long it has lasted when every hazard is constant.
    if (memoryless_ && model_.facts()[stock_.state].kind == Kind::liberty) return true;
    const double leaving = static_cast<double>(row_.death) +
                           (model_.facts()[stock_.state].kind == Kind::liberty ? static_cast<double>(row_.milestone) : 0);
    const double longest = 50 * kMinutesPerYear;
    const double elapsed = leaving > 0 ? std::min(-sim::log(stay_.uniform53(0)) / leaving, longest) : 0.0;
    // Death and leaving are in the draw already; reoffending is left to accept.
    const double reoffending = survival(elapsed) / sim::exp(-static_cast<double>(row_.death) * elapsed);
    if (!last && moment_.uniform(2) >= reoffending) return false;
    person_.last = minutes(-elapsed);
    person_.clock = person_.last;
    person_.term_end = sim::kNever;
    return true;
  }

  double factor() const { return static_cast<double>(row_.factor); }

  const Model& model_;
  const StateStock& stock_;
  sim::StreamKey key_;
  Mover& mover_;
  Person& person_;
  const ClockRow& row_;
  const Clocks& clocks_;
  bool memoryless_;  ///< reoffending does not remember how long it has been possible
  sim::Draws stay_{}, moment_{};
};

void InitialPopulation::fill(std::uint32_t partitions, sim::StreamKey key, Mover& mover) const {
  const Scenario& scenario = model_.scenario();
  auto& people = mover.partition().people;
  for (const StateStock& stock : states_) {
    const State& state = scenario.states[stock.state];
    const sim::Purpose origin = sim::purpose("initial " + state.name);
    std::uint64_t count = static_cast<std::uint64_t>(stock.persons + 0.5);
    if (stock.poisson) {
      count = sim::PoissonTable(std::min(stock.persons, 1e6)).quantile(sim::draw(key, origin, 0, kNumber).uniform53(0));
      if (stock.persons > 1e6) count += static_cast<std::uint64_t>(stock.persons - 1e6);
    }
    for (std::uint64_t place = 0; place < count; ++place) {
      const std::uint64_t name = stock_name(origin, place);
      if (partition_of(name, partitions) != mover.partition().index) continue;
      const sim::Slot slot = people.add();
      Person& person = people[slot];
      const sim::Draws draws = sim::draw(key, name, 0, kClass);
      const double wanted = draws.uniform53(0) * stock.cumulative.back();
      const auto cell = std::lower_bound(stock.cumulative.begin(), stock.cumulative.end(), wanted);
      make_person(model_, mover.movement_facts(), name, static_cast<Cell>(cell - stock.cumulative.begin()),
                  draws.uniform(2), 0, person);
      if (stock.fresh) {
        people.schedule(slot, mover.enter_first(person, slot, static_cast<StateIndex>(stock.state), 0));
        continue;
      }
      person.state = static_cast<std::uint8_t>(stock.state);
      Drawing(model_, stock, key, mover, person).draw_stay();
      people.schedule(slot, mover.take_over(person, slot));
    }
  }
}

}  // namespace prisonflow::models
