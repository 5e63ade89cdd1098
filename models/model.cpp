// See the header: compiles versions of the model, sharing the tables whose numbers are equal.
#include "models/model.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <set>
#include <stdexcept>
#include <string>

#include "models/added_hazards.hpp"
#include "models/model_tables.hpp"
#include "models/names.hpp"
#include "models/pathway.hpp"

namespace prisonflow::models {

namespace {

sim::Day day_in(const Scenario& scenario, sim::Date date) {
  return sim::days_between(scenario.start, date);
}

/// The dates on which a policy changes something, from day 0 on, before the end.
std::set<sim::Day> dates_of(const Scenario& scenario, const Policy& policy, sim::Day days) {
  std::set<sim::Day> dates;
  const auto add = [&](sim::Day day) {
    if (day < days) dates.insert(std::max(day, 0));
  };
  const sim::Day from = day_in(scenario, policy.from);
  add(from);
  for (std::int32_t month = 1; month < policy.phase_in_months; ++month) {
    // The first day on which the elapsed time reaches this month (models/policies.cpp reckons by mean months).
    add(from + static_cast<sim::Day>(month * sim::kDaysPerMonth) + 1);
  }
  if (policy.until) add(day_in(scenario, *policy.until));
  return dates;
}

/// A series on a day.
double value_on(const Scenario& scenario, const Series& series, const Valuation& values, sim::Day day) {
  const auto& points = series.points;
  std::size_t next = 0;
  while (next < points.size() && day_in(scenario, points[next].first) <= day) ++next;
  const auto value = [&](std::size_t point) { return values[index_of(points[point].second)]; };
  if (next == 0) return value(0);
  if (next == points.size() || !series.linear) return value(next - 1);
  const double from = day_in(scenario, points[next - 1].first);
  const double to = day_in(scenario, points[next].first);
  return value(next - 1) + (value(next) - value(next - 1)) * ((day - from) / (to - from));
}

/// The days on which a series takes a new value: the first day, its points, and every month where it runs in straight
/// lines.
std::set<sim::Day> series_days(const Scenario& scenario, const Series& series, sim::Day days) {
  std::set<sim::Day> out{0};
  for (const auto& point : series.points) {
    const sim::Day day = day_in(scenario, point.first);
    if (day >= 0 && day < days) out.insert(day);
  }
  if (!series.linear || series.points.size() < 2) return out;
  for (sim::Date date = sim::start_of_month(scenario.start); date < scenario.end; date = sim::add_months(date, 1)) {
    if (date >= scenario.start) out.insert(day_in(scenario, date));
  }
  return out;
}

/// A policy's date takes the value of the series' last own day: otherwise the date alone would bend a straight line.
sim::Day last_up_to(const std::set<sim::Day>& days, sim::Day day) {
  return *std::prev(days.upper_bound(day));
}

template <class Steps>
double step_value(const Steps& steps, sim::Day day) {
  double value = 0;
  for (const auto& [from, amount] : steps) {
    if (from > day) break;
    value = amount;
  }
  return value;
}

}  // namespace

Cells cells_of(const Scenario& scenario) {
  Cells cells;
  for (std::size_t trait = kTraits; trait-- > 0;) {
    cells.sizes[trait] = static_cast<std::uint16_t>(std::max<std::size_t>(scenario.traits[trait].labels.size(), 1));
    cells.strides[trait] = cells.count;
    cells.count *= cells.sizes[trait];
  }
  return cells;
}

bool is_among(const std::array<std::vector<std::uint16_t>, kTraits>& only, const Cells& cells, std::uint32_t cell) {
  for (std::size_t trait = 0; trait < kTraits; ++trait) {
    if (only[trait].empty()) continue;
    const std::uint16_t label = cells.label(cell, static_cast<Trait>(trait));
    if (std::find(only[trait].begin(), only[trait].end(), label) == only[trait].end()) return false;
  }
  return true;
}

/// Builds a model: facts, then versions with memoised tables, then arrivals and places.
class Model::Compiler {
 public:
  explicit Compiler(Model& model) : model_(model), scenario_(model.scenario_) {}

  void run() {
    check_origins();
    facts();
    find_dates();
    links();
    versions();
    arrivals();
    places();
  }

 private:
  /// Persons are named by a hash of where they came from (models/names.hpp): two origins must not share one.
  void check_origins() const {
    std::map<std::uint64_t, std::string> origins;
    const auto add = [&](const std::string& origin) {
      const auto [entry, is_new] = origins.emplace(origin_bits(sim::purpose(origin)), origin);
      if (!is_new) {
        throw std::invalid_argument("persons of \"" + origin + "\" and \"" + entry->second +
                                    "\" would share their names; rename one of them");
      }
    };
    for (const Arrivals& source : scenario_.arrivals) add(source.name);
    for (const State& state : scenario_.states) add("initial " + state.name);
  }

  void facts() {
    const std::vector<bool> revisitable = revisitable_states(scenario_);
    const auto count = std::count(revisitable.begin(), revisitable.end(), true);
    std::uint8_t next_bit = 0;
    for (std::size_t index = 0; index < scenario_.states.size(); ++index) {
      const State& state = scenario_.states[index];
      StateFacts facts;
      facts.kind = state.kind;
      facts.clock = state.clock;
      facts.at_risk = state.at_risk && scenario_.reoffending.declared;
      facts.pretrial = state.pretrial;
      facts.control = state.held && state.control == Control::none ? Control::custody : state.control;
      facts.held = state.held;
      facts.conviction = state.conviction;
      facts.on_completion = state.on_completion;
      facts.on_milestone = state.on_milestone;
      facts.purpose = sim::purpose(state.name);
      for (const FeedbackLink& link : scenario_.feedback) {
        if (!link.enabled || link.marks_released()) continue;  // the latter moves nothing from day to day
        for (const LinkTarget& target : link.targets) {
          if (!acts_on(target, static_cast<StateIndex>(index))) continue;
          (target.effect == Effect::duration ? facts.paced : facts.linked) = true;
        }
      }
      if (revisitable[index]) {
        // Beyond 32 such states two may share a bit, chosen by name: a round then ends early for who passes both, which
        // renames later draws of that person in every scenario alike.
        facts.visit_bit = count <= 32 ? next_bit++ : static_cast<std::uint8_t>(facts.purpose % 32);
      }
      for (std::size_t group = 0; group < scenario_.groups.size(); ++group) {
        if (scenario_.groups[group].name == state.facilities) facts.group = static_cast<std::uint8_t>(group);
      }
      for (std::size_t number = 0; number < scenario_.services.size() && facts.service == 0xff; ++number) {
        // A service without limits serves at once, like a delay.
        const Service& service = scenario_.services[number];
        if (!service.limited() || service.called() != state.service) continue;
        facts.service = static_cast<std::uint8_t>(number);
        facts.service_by_region = service.by_region();
      }
      const bool waits_for_service = facts.service != 0xff;
      facts.runs_while_waiting = waits_for_service && state.clock != Clock::duration &&
                                 (state.kind == Kind::custody || state.kind == Kind::supervision);
      facts.older_term = state.older_term;
      facts.on_new_offence = state.on_new_offence;
      facts.first_event = static_cast<std::uint16_t>(model_.events_.size());
      facts.first_rate = static_cast<std::uint16_t>(model_.rate_purposes_.size());
      facts.events = static_cast<std::uint8_t>(state.events.size());
      for (const StateEvent& event : state.events) {
        const sim::Purpose purpose = sim::purpose(state.name + "." + event.name);
        if (event.timing == Timing::rate) {
          ++facts.rate_events;
          model_.rate_purposes_.push_back(purpose);
        }
        model_.events_.push_back({event.timing, event.while_waiting, false, event.to, purpose});
      }
      model_.keeps_courses_ = model_.keeps_courses_ || !state.events.empty() || needs_course(state);
      if (!state.becomes.empty()) {
        facts.change = static_cast<std::uint8_t>(model_.changes_.size());
        model_.changes_.push_back(change_of(state));
      }
      model_.facts_.push_back(facts);
    }
  }

  static bool needs_course(const State& state) {
    return state.older_term != OlderTerm::lapses || state.on_new_offence != kNoState ||
           given(state.joined_offence_factor);
  }

  std::vector<std::uint16_t> change_of(const State& state) const {
    std::vector<std::uint16_t> cells;
    for (std::uint32_t cell = 0; cell < model_.cells_.count; ++cell) {
      std::uint32_t changed = cell;
      for (const auto& [trait, label] : state.becomes) changed = model_.cells_.with_label(changed, trait, label);
      cells.push_back(static_cast<std::uint16_t>(changed));
    }
    return cells;
  }

  void find_dates() {
    dates_ = {0};
    law_dates_ = {0};
    for (const Policy& policy : scenario_.policies) {
      const auto dates = dates_of(scenario_, policy, model_.days_);
      dates_.insert(dates.begin(), dates.end());
      if (!policy.everyone) law_dates_.insert(dates.begin(), dates.end());
    }
    if (law_dates_.size() > 255) {
      throw std::length_error("more than 255 dates of policies for new cases; shorten a phase-in");
    }
  }

  bool acts_on(const LinkTarget& target, StateIndex state) const {
    if (target.effect == Effect::capacity) return false;  // of a service, whoever waits for it
    const Kind kind = scenario_.states[state].kind;
    const bool takes_time = kind != Kind::decision && kind != Kind::exit;
    return target.state == state || (target.state == kNoState && takes_time);
  }

  LinkNumbers numbers_of(const FeedbackLink& link, const Valuation& values) const {
    LinkNumbers numbers;
    for (const auto& point : link.response) numbers.factors.push_back(values[index_of(point.second)]);
    if (given(link.officers)) numbers.officers = values[index_of(link.officers)];
    return numbers;
  }

  /// The links that are on, whom they reach, and the greatest factors that they ever give together.
  void links() {
    for (const FeedbackLink& link : scenario_.feedback) {
      if (link.enabled) model_.links_.push_back(&link);
      model_.keeps_courses_ = model_.keeps_courses_ || (link.enabled && link.marks_released());
    }
    model_.reach_ = LinkReach(model_.links_, model_.cells_);
    const std::size_t states = scenario_.states.size();
    model_.greatest_.resize(model_.reach_.groups() * states);
    model_.greatest_of_events_.assign(model_.reach_.groups() * model_.events_.size(), 1.0);
    for (std::size_t number = 0; number < model_.links_.size(); ++number) {
      const FeedbackLink& link = *model_.links_[number];
      double greatest = 0;
      for (const sim::Day date : dates_) {
        const LinkNumbers numbers = numbers_of(link, values_on(scenario_, model_.values_, date, date)[0]);
        greatest = std::max(greatest, *std::max_element(numbers.factors.begin(), numbers.factors.end()));
      }
      for (std::size_t group = 0; group < model_.reach_.groups(); ++group) {
        if (!model_.reach_.reaches(number, group) || link.marks_released()) continue;
        for_each_effect(link, &model_.greatest_[group * states], states, [&](double& effect) { effect *= greatest; });
        for (const LinkTarget& target : link.targets) {
          if (target.effect != Effect::event) continue;
          model_.events_[model_.event_of(target)].linked = true;
          model_.greatest_of_events_[group * model_.events_.size() + model_.event_of(target)] *= greatest;
        }
      }
    }
  }

  void versions() {
    const std::vector<sim::Day> laws(law_dates_.begin(), law_dates_.end());
    for (const sim::Day date : dates_) {
      Version version;
      version.from = date;
      for (std::size_t law = 0; law < laws.size() && laws[law] <= date; ++law) {
        const std::vector<Valuation> values = values_on(scenario_, model_.values_, date, laws[law]);
        std::vector<const StateTable*> tables;
        for (const State& state : scenario_.states) tables.push_back(table_for(state, values));
        for (const StateTable* const table : tables) version.views.emplace_back(*table);
        version.states.push_back(std::move(tables));
        if (scenario_.reoffending.declared) version.reoffending.push_back(reoffending_for(values));
        version.law = static_cast<std::uint8_t>(law);
      }
      const std::vector<Valuation> values = values_on(scenario_, model_.values_, date, date);
      constexpr double kUnlimited = std::numeric_limits<double>::infinity();
      for (const Service& service : scenario_.services) {
        version.servers.push_back(given(service.servers) ? values[0][index_of(service.servers)] : kUnlimited);
        version.per_day.push_back(given(service.per_day) ? values[0][index_of(service.per_day)] : kUnlimited);
      }
      for (const FeedbackLink* const link : model_.links_) version.links.push_back(numbers_of(*link, values[0]));
      find_revised(version);
      model_.versions_.push_back(std::move(version));
    }
  }

  /// States with a clock that a policy for people inside changes on this version's date.
  void find_revised(Version& version) const {
    if (version.from == 0) return;
    std::set<std::uint32_t> changed;
    for (const Policy& policy : scenario_.policies) {
      if (!policy.inside || dates_of(scenario_, policy, model_.days_).count(version.from) == 0) continue;
      for (const Change& change : policy.changes) {
        for (const ParameterId target : change.targets) changed.insert(index_of(target));
      }
    }
    if (changed.empty()) return;
    for (std::size_t index = 0; index < scenario_.states.size(); ++index) {
      const State& state = scenario_.states[index];
      if (state.kind == Kind::decision || state.kind == Kind::exit) continue;
      const auto ids = parameters_of(scenario_, state);
      if (std::any_of(ids.begin(), ids.end(), [&](ParameterId id) { return changed.count(index_of(id)) != 0; })) {
        version.revised.push_back(static_cast<StateIndex>(index));
      }
    }
  }

  using Memo = std::map<std::vector<double>, const StateTable*>;

  static std::vector<double> numbers(const std::vector<ParameterId>& ids, const std::vector<Valuation>& values) {
    std::vector<double> all;
    for (const Valuation& region : values) {
      for (const ParameterId id : ids) all.push_back(region[index_of(id)]);
    }
    return all;
  }

  const StateTable* table_for(const State& state, const std::vector<Valuation>& values) {
    const auto [entry, is_new] = memo_[&state].try_emplace(numbers(parameters_of(scenario_, state), values), nullptr);
    if (is_new) {
      auto table = std::make_unique<StateTable>(compile_state(scenario_, state, model_.cells_, values, prepare_));
      lay_out_for_event_loop(model_, static_cast<std::size_t>(&state - scenario_.states.data()), *table);
      entry->second = table.get();
      model_.tables_.push_back(std::move(table));
    }
    return entry->second;
  }

  const ReoffendingTable* reoffending_for(const std::vector<Valuation>& values) {
    const auto [entry, is_new] =
        reoffending_memo_.try_emplace(numbers(parameters_of_reoffending(scenario_), values), nullptr);
    if (is_new) {
      model_.reoffending_tables_.push_back(
          std::make_unique<const ReoffendingTable>(compile_reoffending(scenario_, model_.cells_, values)));
      entry->second = model_.reoffending_tables_.back().get();
    }
    return entry->second;
  }

  void arrivals() {
    for (const Arrivals& source : scenario_.arrivals) {
      ArrivalProcess process;
      process.name = sim::purpose(source.name);
      process.to = source.to;
      const std::set<sim::Day> own_days = series_days(scenario_, source.rate, model_.days_);
      std::set<sim::Day> days = dates_;
      days.insert(own_days.begin(), own_days.end());
      double last_rate = -1;
      std::vector<double> last_numbers;
      for (const sim::Day day : days) {
        const std::vector<Valuation> values = values_on(scenario_, model_.values_, day, day);
        const double rate = value_on(scenario_, source.rate, values[0], last_up_to(own_days, day));
        const std::vector<double> mix_numbers = numbers(mix_parameters(source), values);
        ArrivalSegment segment;
        if (!process.segments.empty()) segment = process.segments.back();
        segment.from = day;
        if (rate != last_rate) {
          segment.per_day = std::make_shared<const sim::PoissonTable>(rate / sim::kDaysPerYear);
        }
        if (!segment.mix || mix_numbers != last_numbers) {
          auto mix = std::make_shared<std::array<MixTable, kTraits>>();
          for (std::size_t trait = 0; trait < kTraits; ++trait) {
            (*mix)[trait].shares = compile_mix(source.mix[trait], static_cast<Trait>(trait), model_.cells_, values);
          }
          segment.mix = mix;
        }
        last_rate = rate;
        last_numbers = mix_numbers;
        process.segments.push_back(segment);
      }
      model_.arrivals_.push_back(std::move(process));
    }
  }

  static std::vector<ParameterId> mix_parameters(const Arrivals& source) {
    std::vector<ParameterId> ids;
    for (const Shares& shares : source.mix) {
      const auto own = parameters_of(shares);
      ids.insert(ids.end(), own.begin(), own.end());
    }
    return ids;
  }

  void places() {
    const auto steps_of = [&](const Series& series) {
      std::vector<std::pair<sim::Day, double>> steps;
      if (!series.declared()) return steps;
      const std::set<sim::Day> own_days = series_days(scenario_, series, model_.days_);
      std::set<sim::Day> days = dates_;
      days.insert(own_days.begin(), own_days.end());
      for (const sim::Day day : days) {
        const std::vector<Valuation> values = values_on(scenario_, model_.values_, day, day);
        steps.emplace_back(day, value_on(scenario_, series, values[0], last_up_to(own_days, day)));
      }
      return steps;
    };
    for (const Facility& facility : scenario_.facilities) model_.places_.push_back(steps_of(facility.places));
    for (const Facility& facility : scenario_.facilities) model_.areas_.push_back(steps_of(facility.area));
    model_.inhabitants_ = steps_of(scenario_.population);
  }

  Model& model_;
  const Scenario& scenario_;
  std::set<sim::Day> dates_, law_dates_;
  std::map<const State*, Memo> memo_;
  sim::PreparedLaws prepare_;  // equal laws of states, versions and regions share a table
  std::map<std::vector<double>, const ReoffendingTable*> reoffending_memo_;
};

Model::Model(const Scenario& scenario, const Valuation& values)
    : scenario_(scenario),
      values_(values),
      cells_(cells_of(scenario)),
      region_stride_(cells_.strides[index_of(Trait::region)]),
      days_(sim::days_between(scenario.start, scenario.end)) {
  for (const std::int32_t years : scenario.traits[index_of(Trait::age)].lower_bounds) {
    age_band_starts_.push_back(static_cast<sim::Minute>(years * sim::kDaysPerYear * sim::kMinutesPerDay));
  }
  Compiler(*this).run();
  unit_costs_ = UnitCosts(scenario_, values_, versions_);
}

double Model::places(std::size_t facility, sim::Day day) const {
  const Facility& site = scenario_.facilities[facility];
  if (site.opens != sim::Date{} && day < day_in(scenario_, site.opens)) return 0;
  if (site.closes && day >= day_in(scenario_, *site.closes)) return 0;
  return step_value(places_[facility], day);
}

double Model::area(std::size_t facility, sim::Day day) const {
  return step_value(areas_[facility], day);
}

double Model::inhabitants(sim::Day day) const {
  return step_value(inhabitants_, day);
}

}  // namespace prisonflow::models
