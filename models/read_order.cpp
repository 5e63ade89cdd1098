// The parameters in the order of the text, so that `describe` and differences between scenarios read like it.
#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "models/read_sections.hpp"

namespace prisonflow::models {

namespace {

/// Calls `visit` on every ParameterId of the structure.
template <class Visit>
class ParameterWalk {
 public:
  explicit ParameterWalk(Visit visit) : visit_(visit) {}

  void all(Scenario& s) {
    for (State& state : s.states) of(state);
    for (Arrivals& arrivals : s.arrivals) {
      of(arrivals.rate);
      for (Shares& mix : arrivals.mix) of(mix);
    }
    for (InitialStock& stock : s.initial) {
      visit_(stock.persons);
      for (Shares& mix : stock.mix) of(mix);
    }
    of(s.reoffending.time);
    of(s.reoffending.ratios);
    visit_(s.reoffending.same_offence);
    of(s.reoffending.offence_mix);
    visit_(s.reoffending.offences_each);
    of(s.reoffending.offences_each_by);
    visit_(s.reoffending.victims_each);
    of(s.reoffending.victims_each_by);
    of(s.mortality.hazard);
    for (Facility& facility : s.facilities) {
      of(facility.places);
      of(facility.area);
    }
    for (Service& service : s.services) {
      visit_(service.servers);
      visit_(service.per_day);
    }
    for (Policy& policy : s.policies)
      for (Change& change : policy.changes) {
        for (ParameterId& target : change.targets) visit_(target);
        visit_(change.value);
      }
    for (Amnesty& amnesty : s.amnesties) {
      visit_(amnesty.share);
      visit_(amnesty.persons);
      visit_(amnesty.longest_remaining);
    }
    for (EmergencyRelease& release : s.emergency_releases) {
      visit_(release.above);
      visit_(release.down_to);
      visit_(release.terms.longest_remaining);
    }
    for (FeedbackLink& link : s.feedback) {
      visit_(link.officers);
      for (auto& point : link.response) visit_(point.second);
    }
    of(s.population);
    visit_(s.costs.discount_rate);
    for (CostItem& item : s.costs.items) visit_(item.unit_cost);
  }

 private:
  void of(std::vector<Modifier>& modifiers) {
    for (Modifier& modifier : modifiers) visit_(modifier.factor);
  }
  void of(Shares& shares) {
    for (ParameterId& id : shares.base) visit_(id);
    for (ShareRow& row : shares.rows)
      for (ParameterId& id : row.shares) visit_(id);
    for (ShareModifier& modifier : shares.modifiers) visit_(modifier.odds);
  }
  void of(LawSpec& law) {
    visit_(law.scale);
    visit_(law.second);
    visit_(law.never);
    for (auto& [time, share] : law.points) {
      visit_(time);
      visit_(share);
    }
    of(law.factors);
  }
  void of(HazardSpec& hazard) {
    visit_(hazard.rate);
    of(hazard.ratios);
  }
  void of(Series& series) {
    for (auto& [date, id] : series.points) visit_(id);
  }
  void of(State& state) {
    of(state.law);
    for (LawRow& row : state.law_for) of(row.law);
    of(state.shares);
    for (ParameterId* id :
         {&state.pretrial_credit, &state.automatic_release, &state.parole_eligibility, &state.parole_retry,
          &state.joined_offence_factor, &state.reoffending_ratio, &state.mortality_ratio})
      visit_(*id);
    for (StateEvent& event : state.events) {
      of(event.hazard);
      for (ParameterId* id : {&event.time, &event.delays_parole, &event.loses_remission}) visit_(*id);
    }
    of(state.parole_eligibility_by);
    of(state.breach);
    of(state.leaving);
    of(state.reoffending_ratio_by);
  }

  Visit visit_;
};

void rename_in_rules(NumberRules& rules, const std::vector<ParameterId>& renamed) {
  const auto rename = [&](ParameterId& id) { id = renamed[index_of(id)]; };
  for (SharesRow& row : rules.shares_rows)
    for (ParameterId& id : row.members) rename(id);
  for (auto& [low, high] : rules.ascending) {
    rename(low);
    rename(high);
  }
  std::set<ParameterId> above_zero;
  for (const ParameterId id : rules.above_zero) above_zero.insert(renamed[index_of(id)]);
  rules.above_zero = std::move(above_zero);
}

}  // namespace

void order_parameters(ReadContext& context) {
  Scenario& scenario = context.scenario;
  std::vector<std::uint32_t> sorted(scenario.parameters.size());
  std::iota(sorted.begin(), sorted.end(), 0u);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return context.order[a] < context.order[b]; });
  std::vector<ParameterId> renamed(sorted.size());
  std::vector<Parameter> parameters;
  parameters.reserve(sorted.size());
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    renamed[sorted[i]] = static_cast<ParameterId>(i);
    parameters.push_back(std::move(scenario.parameters[sorted[i]]));
  }
  scenario.parameters = std::move(parameters);
  std::vector<bool> met(renamed.size());
  const auto rename = [&](ParameterId& id) {
    if (!given(id)) return;
    id = renamed[index_of(id)];
    met[index_of(id)] = true;
  };
  ParameterWalk(rename).all(scenario);
  rename_in_rules(scenario.rules, renamed);
  const auto forgotten = std::find(met.begin(), met.end(), false);
  if (forgotten != met.end()) {
    throw std::logic_error("no part of the scenario knows its number " +
                           scenario.parameters[static_cast<std::size_t>(forgotten - met.begin())].path);
  }
}

}  // namespace prisonflow::models
