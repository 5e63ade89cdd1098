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
constexpr sim::Purpose kPast = sim::purpose("initial past");
constexpr sim::Purpose kFuse = sim::purpose("initial fuse");
constexpr double kMinutesPerYear = sim::kDaysPerYear * sim::kMinutesPerDay;
/// Attempts before a stay is taken as it comes: with acceptance of one in a hundred that happens to 3 in 100,000.
constexpr std::uint32_t kAttempts = 1024;

/// The chance that a person who leaves `state` by its milestone is back in it at once, as if nothing had been: a
/// refused parole, a warning after a breach.
double return_chance(const Model& model, std::size_t state, std::uint32_t cell) {
  const Version& version = model.versions().front();
  const auto chance_from = [&](const auto& self, std::size_t at) -> double {
    if (at == state) return 1.0;
    const StateFacts& facts = model.facts()[at];
    if (facts.kind != Kind::decision || facts.conviction) return 0.0;
    const StateTable& table = *version.states[version.law][at];
    double chance = 0;
    for (std::size_t branch = 0; branch < table.targets.size(); ++branch) {
      const double share = table.shares.share(cell, branch);
      if (share > 0) chance += share * self(self, table.targets[branch]);
    }
    return chance;
  };
  const StateIndex first = model.facts()[state].on_milestone;
  return first == kNoState ? 0.0 : chance_from(chance_from, first);
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
      for (std::size_t branch = 0; branch < shares.size(); ++branch)
        wanted[mix[trait].targets[branch]] += shares[branch];
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

struct InitialPopulation::StateStock {
  std::size_t state = 0;
  double persons = 0;
  bool poisson = false;  ///< a stationary number varies, a given one does not
  bool fresh = false;
  std::vector<double> cumulative;  ///< over cells
  std::vector<double> returning;   ///< return_chance by cell
  std::optional<sim::LengthBiasedLaw> length;
};

InitialPopulation::~InitialPopulation() = default;
InitialPopulation::InitialPopulation(InitialPopulation&&) noexcept = default;

InitialPopulation::InitialPopulation(const Model& model) : model_(model) {
  const Scenario& scenario = model.scenario();
  if (scenario.initial.empty() && !scenario.initial_stationary) return;
  steady_ = steady_state(model);
  const Version& version = model.versions().front();
  const auto length_law = [&](std::size_t state) -> std::optional<sim::LengthBiasedLaw> {
    const Clock clock = scenario.states[state].clock;
    if (clock != Clock::duration && clock != Clock::term) return std::nullopt;
    const sim::Distribution& law = version.states[version.law][state]->clocks.front().law;
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
    const double expected = steady_.total(static_cast<StateIndex>(state));
    StateStock stock;
    stock.state = state;
    stock.poisson = !listed || !given(given_row->persons);
    stock.persons = stock.poisson ? expected : model.values()[index_of(given_row->persons)];
    if (!(stock.persons > 0)) continue;
    stock.fresh = listed && given_row->fresh;
    std::vector<double> weights = steady_.stock[state];
    if (!(expected > 0)) std::fill(weights.begin(), weights.end(), 1.0);
    stock.cumulative = raked(model, weights, listed ? given_row->mix : std::array<Shares, kTraits>{});
    for (std::uint32_t cell = 0; cell < model.cells().count; ++cell) {
      stock.returning.push_back(return_chance(model, state, cell));
    }
    stock.length = length_law(state);
    states_.push_back(std::move(stock));
  }
}

/// One of the persons of a cell in a state, by two uniform numbers; nullptr where the stationary law has none.
const StayGroup* InitialPopulation::whom_one_meets(std::size_t state, std::uint32_t cell, double of_cases,
                                                   double of_stays, std::uint8_t& priors) const {
  const auto persons_of = [&](const CaseGroup& group) {
    const auto& groups = steady_.stays[group.stays][state];
    return groups.empty() ? 0.0 : group.per_day * groups.back().persons;
  };
  const auto& cases = steady_.cases[cell];
  double all = 0;
  for (const CaseGroup& group : cases) all += persons_of(group);
  if (!(all > 0)) return nullptr;
  double wanted = of_cases * all;
  const CaseGroup* chosen = nullptr;
  for (const CaseGroup& group : cases) {
    const double persons = persons_of(group);
    if (!(persons > 0)) continue;
    chosen = &group;
    if (wanted < persons) break;
    wanted -= persons;
  }
  priors = chosen->priors;
  const auto& groups = steady_.stays[chosen->stays][state];
  const auto found = std::lower_bound(groups.begin(), groups.end() - 1, of_stays * groups.back().persons,
                                      [](const StayGroup& group, double below) { return group.persons < below; });
  return &*found;
}

double InitialPopulation::expected_persons() const {
  double sum = 0;
  for (const StateStock& stock : states_) sum += stock.persons;
  return sum;
}

/// For a state that nobody is in by the stationary law: as if from the first state of custody with a term.
StayGroup InitialPopulation::unknown_past(std::size_t state, double of_latent, double of_term, double of_moment) const {
  const Version& version = model_.versions().front();
  StayGroup past;
  if (model_.scenario().reoffending.declared) {
    past.susceptible = of_latent >= version.reoffending[version.law]->time.never();
  }
  const Clock clock = model_.facts()[state].clock;
  if (clock != Clock::remainder && clock != Clock::proceed) return past;
  for (std::size_t custody = 0; custody < model_.facts().size(); ++custody) {
    const StateFacts& facts = model_.facts()[custody];
    if (facts.kind != Kind::custody || facts.clock != Clock::term) continue;
    const sim::Distribution& law = version.states[version.law][custody]->clocks.front().law;
    if (!(law.base_mean() > 0)) continue;
    past.unserved = past.remaining = sim::LengthBiasedLaw(law).quantile(of_term) * of_moment;
    break;
  }
  return past;
}

/// Draws one person's stay.
class InitialPopulation::Drawing {
 public:
  Drawing(const Model& model, const StateStock& stock, const StayGroup& past, sim::StreamKey key, Mover& mover,
          Person& person)
      : model_(model),
        facts_(model.facts()[stock.state]),
        stock_(stock),
        past_(past),
        key_(key),
        person_(person),
        row_(mover.row_of(person)),
        clocks_(mover.table_of(person.state, person.law).clock_of(model.region_of(person.cell))),
        resumed_(facts_.kind != Kind::delay && facts_.kind != Kind::service && past.hearing == stock.state),
        at_risk_(facts_.at_risk && past.susceptible),
        memoryless_(!at_risk_ || reoffending().memoryless()) {}

  void draw_stay() {
    if (past_.hearing != kNoState && !resumed_) person_.resume = static_cast<std::uint8_t>(past_.hearing);
    if (facts_.at_risk || past_.exposed) {
      const double uniform = sim::draw(key_, person_.name, 0, kFuse).uniform53(0);
      person_.fuse =
          past_.susceptible ? static_cast<float>(-sim::log(uniform)) : std::numeric_limits<float>::infinity();
    }
    person_.clock = 0;
    person_.last = 0;
    for (std::uint32_t attempt = 0; attempt < kAttempts; ++attempt) {
      stay_ = sim::draw(key_, person_.name, attempt, kStay);
      if (facts_.kind != Kind::liberty || !memoryless_) moment_ = sim::draw(key_, person_.name, attempt, kMoment);
      if (kept(attempt + 1 == kAttempts)) break;
    }
    if (facts_.kind == Kind::supervision) {
      person_.milestone = exponential_after(0, static_cast<double>(row_.milestone), moment_.uniform(3));
    } else if (facts_.kind == Kind::liberty) {
      person_.state_end = exponential_after(0, static_cast<double>(row_.milestone), stay_.uniform(3));
    }
  }

 private:
  static sim::Minute minutes(double time) {
    return time >= static_cast<double>(sim::kEndOfTime) ? sim::kNever
                                                        : static_cast<sim::Minute>(std::floor(time + 0.5));
  }
  const sim::Distribution& reoffending() const {
    const Version& version = model_.versions().front();
    return version.reoffending[version.law]->time;
  }

  bool kept(bool last) {
    if (facts_.kind == Kind::liberty || (facts_.kind == Kind::custody && facts_.clock == Clock::none)) {
      return without_end(last);
    }
    if (facts_.kind == Kind::custody && facts_.clock != Clock::duration) return term_in_custody(last);
    return until_an_end(last);
  }

  /// The chance that no competing event ended the stay within `elapsed` minutes.
  double survival(double elapsed) const {
    double hazard = static_cast<double>(row_.death) * elapsed;
    if (facts_.kind == Kind::supervision) {
      hazard += static_cast<double>(row_.milestone) * (1.0 - stock_.returning[person_.cell]) * elapsed;
    }
    if (at_risk_) hazard += static_cast<double>(row_.reoffending) * reoffending().cumulative_hazard(elapsed);
    return sim::exp(-hazard);
  }

  double drawn_length() const {
    return stock_.length ? std::max(stock_.length->quantile(stay_.uniform53(0)) * static_cast<double>(row_.factor), 1.0)
                         : 1.0;
  }
  void count_pretrial(double elapsed) {
    person_.pretrial = minutes(past_.pretrial + (facts_.pretrial && facts_.held ? elapsed : 0.0));
  }

  /// delay, service, custody with a duration, supervision.
  bool until_an_end(bool last) {
    double unserved = past_.unserved;
    double remaining = past_.remaining;
    double length = 0;
    if (facts_.clock == Clock::term && !resumed_) {
      const double passed = std::max(unserved - remaining, 0.0);
      length = remaining = drawn_length();
      unserved = remaining + passed;
    } else if (facts_.clock == Clock::duration) {
      length = drawn_length();
      if (!(unserved > 0) && !(remaining > 0)) unserved = remaining = length;
    } else {
      length = remaining = std::max(remaining, 1.0);
    }
    const double elapsed = moment_.uniform53(0) * length;
    if (!last && moment_.uniform(2) >= survival(elapsed)) return false;
    count_pretrial(elapsed);
    person_.state_end = std::max(minutes(length - elapsed), 1);
    person_.term_end = minutes(remaining - elapsed);
    person_.clock = minutes(remaining - elapsed - std::max(unserved, remaining));
    return true;
  }

  /// A running term: hearings, refused ones followed by the next, until release.
  bool term_in_custody(bool last) {
    const bool drawn = facts_.clock == Clock::term && !resumed_;
    double unserved = std::max(past_.unserved, 1.0);
    double remaining = facts_.clock == Clock::remainder && !resumed_ ? unserved : past_.remaining;
    double credit = 0;
    if (drawn) {
      unserved = drawn_length();
      credit = past_.pretrial * clocks_.pretrial_credit;
      remaining = unserved - credit;
    }
    unserved = std::max(unserved, remaining);
    const double release = std::max(remaining - (1.0 - clocks_.automatic_release) * unserved, 1.0);
    // A drawn term is biased by its length until release, of which the credit was served elsewhere.
    const double longest = drawn ? std::max(unserved * clocks_.automatic_release, 1.0) : release;
    const double elapsed = moment_.uniform53(0) * longest - (longest > credit ? credit : 0.0);
    const double retry = std::max(clocks_.parole_retry, 1.0);
    double hearing = std::numeric_limits<double>::infinity();
    if (row_.milestone > 0.0f) {
      hearing = resumed_ ? retry : std::max(remaining - (1.0 - static_cast<double>(row_.milestone)) * unserved, 1.0);
    }
    double chance = elapsed < 0 || elapsed > release ? 0.0 : survival(elapsed);
    while (hearing <= elapsed && hearing < release) {
      chance *= stock_.returning[person_.cell];
      hearing += retry;
    }
    if (!last && moment_.uniform(2) >= chance) return false;
    person_.pretrial = minutes(past_.pretrial);
    person_.term_end = std::max(minutes(remaining - elapsed), 1);
    person_.clock = person_.term_end - minutes(unserved);
    person_.state_end = std::max(minutes(release - elapsed), 1);
    person_.milestone = hearing < release ? std::max(minutes(hearing - elapsed), 1) : sim::kNever;
    return true;
  }

  /// Liberty and life sentences: no end of its own.
  bool without_end(bool last) {
    // Nothing remembers how long it has lasted when every hazard is constant.
    if (memoryless_ && facts_.kind == Kind::liberty) return true;
    const double leaving =
        static_cast<double>(row_.death) + (facts_.kind == Kind::liberty ? static_cast<double>(row_.milestone) : 0);
    const double longest = 50 * kMinutesPerYear;
    const double elapsed = leaving > 0 ? std::min(-sim::log(stay_.uniform53(0)) / leaving, longest) : 0.0;
    // Death and leaving are in the draw already; reoffending is left to accept.
    const double reoffending = survival(elapsed) / sim::exp(-static_cast<double>(row_.death) * elapsed);
    if (!last && moment_.uniform(2) >= reoffending) return false;
    count_pretrial(elapsed);
    person_.clock = minutes(-elapsed);
    person_.term_end = sim::kNever;
    return true;
  }

  const Model& model_;
  const StateFacts& facts_;
  const StateStock& stock_;
  const StayGroup& past_;
  sim::StreamKey key_;
  Person& person_;
  const ClockRow& row_;
  const Clocks& clocks_;
  bool resumed_;     ///< back from the own hearing, which took time
  bool at_risk_;     ///< may reoffend here
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
      const sim::Draws past_draws = sim::draw(key, name, 0, kPast);
      std::uint8_t priors = person.priors;
      const StayGroup* const met =
          whom_one_meets(stock.state, person.cell, past_draws.uniform53(0), past_draws.uniform53(2), priors);
      const StayGroup past = met != nullptr ? *met
                                            : unknown_past(stock.state, past_draws.uniform(0), past_draws.uniform(1),
                                                           past_draws.uniform(2));
      if (mover.movement_facts().prior_label[priors] == model_.cells().label(person.cell, Trait::prior)) {
        person.priors = priors;
      }
      const StateFacts& facts = model_.facts()[stock.state];
      // Who enters now is convicted on entering, where that is a conviction.
      const int entering = stock.fresh && facts.conviction ? 1 : 0;
      person.new_convictions = static_cast<std::uint8_t>(std::max(int{past.convictions} - entering, 0));
      if (stock.fresh) {
        person.pretrial = static_cast<sim::Minute>(past.pretrial);
        people.schedule(slot, mover.enter_first(person, slot, static_cast<StateIndex>(stock.state), 0));
        continue;
      }
      person.state = static_cast<std::uint8_t>(stock.state);
      Drawing(model_, stock, past, key, mover, person).draw_stay();
      people.schedule(slot, mover.take_over(person, slot));
    }
  }
}

}  // namespace prisonflow::models
