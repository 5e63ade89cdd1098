// See the header.
#include "models/initial_population.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include "models/initial_meeting.hpp"
#include "models/initial_stay.hpp"
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
constexpr double kMostByTable = 1e6;  ///< persons of a state whose number is drawn; more are sure
/// Attempts before a stay is taken as it comes: with acceptance of one in a hundred that happens to 3 in 100,000.
constexpr std::uint32_t kAttempts = 1024;

/// The cell of someone of `cell` who has walked up to a state.
std::uint32_t cell_in(const Model& model, std::size_t state, std::uint32_t cell) {
  const std::uint8_t change = model.facts()[state].change;
  return change == 0xff ? cell : model.change(change)[cell];
}

/// The chance that a person who leaves `state` for `first` is back in it at once, as if nothing had been: a refused
/// parole, a warning after a breach. Who is of another class then is not.
double return_chance(const Model& model, std::size_t state, StateIndex first, std::uint32_t cell) {
  const Version& version = model.versions().front();
  const auto chance_from = [&](const auto& self, std::size_t at, std::uint32_t before) -> double {
    const std::uint32_t now = cell_in(model, at, before);
    if (at == state) return now == cell ? 1.0 : 0.0;
    const StateFacts& facts = model.facts()[at];
    if (facts.kind != Kind::decision || facts.conviction) return 0.0;
    const StateTable& table = *version.states[version.law][at];
    double chance = 0;
    for (std::size_t branch = 0; branch < table.targets.size(); ++branch) {
      const double share = table.shares.share(now, branch);
      if (share > 0) chance += share * self(self, table.targets[branch], now);
    }
    return chance;
  };
  return first == kNoState ? 0.0 : chance_from(chance_from, first, cell);
}

/// The same by cell.
std::vector<double> return_chances(const Model& model, std::size_t state, StateIndex first) {
  std::vector<double> chances;
  for (std::uint32_t cell = 0; cell < model.cells().count; ++cell) {
    chances.push_back(return_chance(model, state, first, cell));
  }
  return chances;
}

/// Whole terms of those whom one meets in the first state of custody that draws one.
LengthsMet terms_met(const Model& model) {
  for (std::size_t custody = 0; custody < model.facts().size(); ++custody) {
    const StateFacts& facts = model.facts()[custody];
    if (facts.kind != Kind::custody || facts.clock != Clock::term) continue;
    if (LengthsMet terms(model, custody); terms.any()) return terms;
  }
  return {};
}

/// Weights over cells with those of a label whom a mix wants and nobody has: as all the others are, but for the label.
void add_missing(const Cells& cells, Trait trait, std::uint16_t missing, std::vector<double>& weights) {
  std::vector<double> added(cells.count, 0.0);
  for (std::uint32_t cell = 0; cell < cells.count; ++cell)
    added[cells.with_label(cell, trait, missing)] += weights[cell];
  for (std::uint32_t cell = 0; cell < cells.count; ++cell) weights[cell] += added[cell];
}

/// Weights over cells, raked so that the traits with a given mix have it.
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
      for (std::uint16_t label = 0; round == 0 && label < wanted.size(); ++label) {
        if (!(wanted[label] > 0) || present[label] > 0) continue;
        add_missing(cells, static_cast<Trait>(trait), label, weights);
        present[label] = all;
        all *= 2;
      }
      for (std::uint32_t cell = 0; cell < cells.count; ++cell) {
        const std::uint16_t label = cells.label(cell, static_cast<Trait>(trait));
        if (present[label] > 0) weights[cell] *= wanted[label] * all / present[label];
      }
    }
  }
  return weights;
}

}  // namespace

struct InitialPopulation::StateStock {
  std::size_t state = 0;
  double persons = 0;
  std::optional<sim::PoissonTable> poisson;  ///< a stationary number varies, a given one does not
  bool fresh = false;
  CellChoice cells;
  Meetings meetings;
  ReturnChances returning;
  LengthsMet lengths;
  LengthsMet served;  ///< terms of those of whom the stationary law does not know
};

InitialPopulation::~InitialPopulation() = default;
InitialPopulation::InitialPopulation(InitialPopulation&&) noexcept = default;

InitialPopulation::InitialPopulation(const Model& model, SteadyStates* shared) : model_(model) {
  const Scenario& scenario = model.scenario();
  if (scenario.initial.empty() && !scenario.initial_stationary) return;
  steady_ = shared == nullptr ? std::make_shared<const SteadyState>(steady_state(model)) : shared->of(model);
  for (std::size_t state = 0; state < scenario.states.size(); ++state) {
    const Kind kind = scenario.states[state].kind;
    if (kind == Kind::decision || kind == Kind::exit) continue;
    const auto given_row = std::find_if(scenario.initial.begin(), scenario.initial.end(),
                                        [&](const auto& row) { return row.state == state; });
    const bool listed = given_row != scenario.initial.end();
    if (!listed && !scenario.initial_stationary) continue;
    const double expected = steady_->total(static_cast<StateIndex>(state));
    StateStock stock;
    stock.state = state;
    const bool varies = !listed || !given(given_row->persons);
    stock.persons = varies ? expected : model.values()[index_of(given_row->persons)];
    if (!(stock.persons > 0)) continue;
    if (varies) stock.poisson.emplace(std::min(stock.persons, kMostByTable));
    stock.fresh = listed && given_row->fresh;
    std::vector<double> weights = steady_->stock[state];
    if (!(expected > 0)) {
      // Everybody alike, but as the state makes people who enter it.
      for (std::uint32_t cell = 0; cell < weights.size(); ++cell) {
        weights[cell] = cell_in(model, state, cell) == cell ? 1.0 : 0.0;
      }
    }
    stock.cells = CellChoice(raked(model, weights, listed ? given_row->mix : std::array<Shares, kTraits>{}));
    stock.meetings = Meetings(*steady_, state);
    const StateFacts& facts = model.facts()[state];
    stock.returning.hearing = return_chances(model, state, facts.on_milestone);
    for (std::size_t event = 0; event < facts.events; ++event) {
      stock.returning.events.push_back(return_chances(model, state, model.events()[facts.first_event + event].to));
    }
    stock.lengths = LengthsMet(model, state);
    const Clock clock = scenario.states[state].clock;
    if ((clock == Clock::remainder || clock == Clock::proceed) && !stock.meetings.everywhere()) {
      stock.served = terms_met(model);
    }
    states_.push_back(std::move(stock));
  }
}

double InitialPopulation::expected_persons() const {
  double sum = 0;
  for (const StateStock& stock : states_) sum += stock.persons;
  return sum;
}

/// For a state that nobody is in by the stationary law: as if from the first state of custody with a term.
StayGroup InitialPopulation::unknown_past(const StateStock& stock, Cell cell, const sim::Draws& draws) const {
  const Version& version = model_.versions().front();
  StayGroup past;
  if (model_.scenario().reoffending.declared) {
    past.susceptible = draws.uniform(0) >= version.reoffending[version.law]->time.never();
  }
  if (stock.served.any()) {
    past.unserved = past.remaining = stock.served.quantile(cell, draws.uniform(1)) * draws.uniform(2);
  }
  return past;
}

/// Persons of one state who are made together, stage by stage: their draws are computed several at a time, and what one
/// waits for from memory comes while another is worked on.
class InitialPopulation::Batch {
 public:
  static constexpr std::size_t kMost = 128;

  Batch(const InitialPopulation& initial, const StateStock& stock, sim::StreamKey key, Mover& mover)
      : initial_(initial),
        stock_(stock),
        key_(key),
        mover_(mover),
        facts_(initial.model_.facts()[stock.state]),
        rules_(initial.model_, stock.state, mover.table_of(stock.state, kFirstLaw), stock.returning, stock.lengths) {}

  /// Those of the next places whose partition this is; returns the first place not looked at.
  std::uint64_t gather(sim::Purpose origin, std::uint64_t place, std::uint64_t end, std::uint32_t partitions) {
    const std::uint32_t partition = mover_.partition().index;
    std::size_t size = 0;
    for (; place < end && size < kMost; ++place) {
      names_[size] = stock_name(origin, place);
      size += partition_of(names_[size], partitions) == partition ? 1 : 0;
    }
    size_ = size;
    return place;
  }

  void fill() {
    meet();
    make();
    auto& people = mover_.partition().people;
    if (stock_.fresh) {
      for (std::size_t i = 0; i < size_; ++i) {
        Person& person = people[slots_[i]];
        person.pretrial = static_cast<sim::Minute>(pasts_[i]->pretrial);
        people.schedule(slots_[i], mover_.enter_first(person, slots_[i], static_cast<StateIndex>(stock_.state), 0));
      }
      return;
    }
    light_fuses();
    draw_stays();
    // Two loops: branches on where in the calendar somebody goes are guesses that would hold up the next person.
    for (std::size_t i = 0; i < size_; ++i) wanted_[i] = mover_.name_of_death(people[slots_[i]]);
    sim::draw_many(key_, wanted_, size_, first_);
    burn(size_, [](const sim::Draws& draws) { return draws.uniform53(0); });
    const sim::Draws* const own = draw_events_of_state();
    for (std::size_t i = 0; i < size_; ++i) {
      times_[i] = mover_.take_over(people[slots_[i]], slots_[i], numbers_[i], first_[i].word[2],
                                   rules_.past_of(*pasts_[i], begun_[i]), own + i * std::size_t{facts_.rate_events});
    }
    for (std::size_t i = 0; i < size_; ++i) people.schedule(slots_[i], times_[i]);
  }

 private:
  static constexpr std::uint8_t kFirstLaw = 0;  ///< of whom make_person() makes

  /// Cells and pasts.
  void meet() {
    for (std::size_t i = 0; i < size_; ++i) {
      wanted_[i] = {names_[i], 0, kClass};
      wanted_[kMost + i] = {names_[i], 0, kPast};
    }
    sim::draw_many(key_, wanted_, size_, first_);
    sim::draw_many(key_, wanted_ + kMost, size_, second_);
    const Meetings& meetings = stock_.meetings;
    for (std::size_t i = 0; i < size_; ++i) {
      cells_[i] = stock_.cells.choose(first_[i].uniform53(0));
      cases_[i] = meetings.case_of(cells_[i], second_[i].uniform53(0));
    }
    if (everywhere_) {
      for (std::size_t i = 0; i < size_; ++i) numbers_[i] = second_[i].uniform53(2);
      meetings.choose_stays(cases_, size_, numbers_, open_, pasts_);
      return;
    }
    for (std::size_t i = 0; i < size_; ++i) {
      if (cases_[i] != nullptr) {
        numbers_[i] = second_[i].uniform53(2);
        meetings.choose_stays(cases_ + i, 1, numbers_ + i, open_ + i, pasts_ + i);
      } else {
        unknown_[i] = initial_.unknown_past(stock_, cells_[i], second_[i]);
        pasts_[i] = &unknown_[i];
      }
    }
  }

  /// New records with their history.
  void make() {
    auto& people = mover_.partition().people;
    const MovementFacts& facts = mover_.movement_facts();
    // Who enters now is convicted on entering, where that is a conviction.
    const int entering = stock_.fresh && facts_.conviction ? 1 : 0;
    for (std::size_t i = 0; i < size_; ++i) slots_[i] = people.add();
    for (std::size_t i = 0; i < size_; ++i) {
      Person& person = people[slots_[i]];
      make_person(initial_.model_, facts, names_[i], cells_[i], first_[i].uniform(2), 0, person);
      if (cases_[i] != nullptr && facts.prior_label[cases_[i]->priors] == facts.prior_label[person.priors]) {
        person.priors = cases_[i]->priors;
      }
      person.new_convictions = static_cast<std::uint8_t>(std::max(int{pasts_[i]->convictions} - entering, 0));
      if (!stock_.fresh) person.state = static_cast<std::uint8_t>(stock_.state);
    }
  }

  void light_fuses() {
    std::size_t count = 0;
    for (std::size_t i = 0; i < size_; ++i) {
      wanted_[count] = {names_[i], 0, kFuse};
      open_[count] = static_cast<std::uint32_t>(i);
      count += rules_.needs_fuse(*pasts_[i]) ? 1 : 0;
    }
    sim::draw_many(key_, wanted_, count, first_);
    burn(count, [](const sim::Draws& draws) { return draws.uniform53(0); });
    constexpr float added[2] = {std::numeric_limits<float>::infinity(), 0.0f};  // no branch on half the persons
    for (std::size_t k = 0; k < count; ++k) {
      const std::size_t i = open_[k];
      mover_.partition().people[slots_[i]].fuse =
          static_cast<float>(numbers_[k]) + added[pasts_[i]->susceptible ? 1 : 0];
    }
  }

  /// Of the state's own events at a rate, person by person.
  const sim::Draws* draw_events_of_state() {
    if (facts_.rate_events == 0) return nullptr;
    wanted_of_events_.resize(size_ * facts_.rate_events);
    of_events_.resize(wanted_of_events_.size());
    sim::DrawName* name = wanted_of_events_.data();
    auto& people = mover_.partition().people;
    for (std::size_t i = 0; i < size_; ++i) name = mover_.courses().names_to_renew(people[slots_[i]], 0, name);
    sim::draw_many(key_, wanted_of_events_.data(), wanted_of_events_.size(), of_events_.data());
    return of_events_.data();
  }

  /// Unit-exponential numbers of the first draws: minus the logarithms, in a loop that vectorises.
  template <class Uniform>
  void burn(std::size_t count, Uniform uniform) {
    for (std::size_t k = 0; k < count; ++k) numbers_[k] = uniform(first_[k]);
    for (std::size_t k = 0; k < count; ++k) numbers_[k] = -sim::log_unchecked(numbers_[k]);
  }

  /// One attempt for everybody, then one for those whose stay was not kept, and so on.
  void draw_stays() {
    auto& people = mover_.partition().people;
    for (std::size_t i = 0; i < size_; ++i) {
      rules_.begin(*pasts_[i], people[slots_[i]]);
      open_[i] = static_cast<std::uint32_t>(i);
    }
    std::size_t open = size_;
    for (std::uint32_t attempt = 0; open > 0; ++attempt) {
      for (std::size_t k = 0; k < open; ++k) {
        wanted_[k] = {names_[open_[k]], attempt, kStay};
        wanted_[kMost + k] = {names_[open_[k]], attempt, kMoment};
      }
      sim::draw_many(key_, wanted_, open, first_);
      if (rules_.forgets()) {
        burn(open, [](const sim::Draws& draws) { return draws.uniform(3); });
        for (std::size_t k = 0; k < open; ++k) rules_.begin_forgetful(numbers_[k], people[slots_[k]]);
        return;
      }
      if (rules_.needs_moment()) sim::draw_many(key_, wanted_ + kMost, open, second_);
      if (rules_.draws_length()) {
        for (std::size_t k = 0; k < open; ++k) numbers_[k] = rules_.length(cells_[open_[k]], first_[k]);
      }
      std::size_t rest = 0;
      for (std::size_t k = 0; k < open; ++k) {
        const std::uint32_t i = open_[k];
        const bool last = attempt + 1 == kAttempts;
        const bool kept =
            rules_.attempt(*pasts_[i], first_[k], numbers_[k], second_[k], last, people[slots_[i]], begun_[i]);
        open_[rest] = i;
        rest += kept ? 0 : 1;
      }
      open = rest;
    }
  }

  const InitialPopulation& initial_;
  const StateStock& stock_;
  sim::StreamKey key_;
  Mover& mover_;
  const StateFacts& facts_;
  InitialStay rules_;
  bool everywhere_ = stock_.meetings.everywhere();
  std::size_t size_ = 0;
  std::uint64_t names_[kMost];
  Cell cells_[kMost];
  const Meetings::Case* cases_[kMost];
  const StayGroup* pasts_[kMost];
  StayGroup unknown_[kMost];
  sim::Slot slots_[kMost];
  sim::Minute times_[kMost];
  sim::Minute begun_[kMost] = {};  ///< of their stays
  double numbers_[kMost] = {};
  std::uint32_t open_[kMost];  ///< places in the batch of those who are not done
  sim::DrawName wanted_[2 * kMost];
  sim::Draws first_[kMost], second_[kMost];
  std::vector<sim::DrawName> wanted_of_events_;
  std::vector<sim::Draws> of_events_;
};

void InitialPopulation::fill(std::uint32_t partitions, sim::StreamKey key, Mover& mover) const {
  mover.partition().people.reserve(static_cast<std::size_t>(1.02 * expected_persons() / partitions));
  for (const StateStock& stock : states_) {
    const sim::Purpose origin = sim::purpose("initial " + model_.scenario().states[stock.state].name);
    std::uint64_t count = static_cast<std::uint64_t>(stock.persons + 0.5);
    if (stock.poisson) {
      count = stock.poisson->quantile(sim::draw(key, origin, 0, kNumber).uniform53(0));
      if (stock.persons > kMostByTable) count += static_cast<std::uint64_t>(stock.persons - kMostByTable);
    }
    Batch batch(*this, stock, key, mover);
    for (std::uint64_t place = 0; place < count;) {
      place = batch.gather(origin, place, count, partitions);
      batch.fill();
    }
  }
}

}  // namespace prisonflow::models
