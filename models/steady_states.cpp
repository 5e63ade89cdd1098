// See the header.
#include "models/steady_states.hpp"

#include <algorithm>

#include "models/describe.hpp"
#include "models/steady_state_graph.hpp"

namespace prisonflow::models {

std::shared_ptr<const SteadyState> SteadyStates::of(const Model& model) {
  const CaseGraph graph(model, CaseGraph::starts_of(model));
  Known own{first_day_text(model, graph), numbering_of(model, graph), {}};
  const Known known = find(own.first_day, own.numbering);
  std::shared_ptr<const SteadyState> result = known.result.lock();
  if (result != nullptr && known.numbering == own.numbering) return result;
  // Two threads may reckon the same at a time; neither waits for the other.
  result = std::make_shared<const SteadyState>(result == nullptr ? steady_state(model)
                                                                 : renumbered(*result, known.numbering, own.numbering));
  own.result = result;
  const std::scoped_lock lock(mutex_);
  known_.push_back(std::move(own));
  return result;
}

SteadyStates::Numbering SteadyStates::numbering_of(const Model& model, const CaseGraph& graph) {
  Numbering numbering;
  numbering.states = model.facts().size();
  for (std::size_t state = 0; state < numbering.states; ++state) {
    if (graph.is_met(static_cast<StateIndex>(state))) numbering.met.push_back(static_cast<StateIndex>(state));
  }
  // Where people go who die is no way of the graph; its place among the others is not part of the first day.
  const Mortality& mortality = model.scenario().mortality;
  if (mortality.declared && !graph.is_met(mortality.to)) numbering.met.push_back(mortality.to);
  return numbering;
}

SteadyState SteadyStates::renumbered(const SteadyState& result, const Numbering& from, const Numbering& to) {
  // What a state has that nobody enters: nothing, which every state of the other world that nobody enters has too.
  std::vector<StateIndex> new_number(from.states, kNoState);
  for (std::size_t place = 0; place < from.met.size(); ++place) new_number[from.met[place]] = to.met[place];
  const auto renumber = [&](const auto& by_state, const auto& of_nobody) {
    auto other = by_state;
    other.assign(to.states, of_nobody);
    for (std::size_t place = 0; place < from.met.size(); ++place) other[to.met[place]] = by_state[from.met[place]];
    return other;
  };
  SteadyState renumbered;
  const std::vector<double> none(result.stock.front().size(), 0.0);
  renumbered.stock = renumber(result.stock, none);
  renumbered.entries_per_day = renumber(result.entries_per_day, none);
  renumbered.susceptible = renumber(result.susceptible, none);
  renumbered.credit = renumber(result.credit, std::vector<CreditDistribution>{});
  renumbered.cases = result.cases;
  for (const auto& by_state : result.stays) {
    auto stays = renumber(by_state, std::vector<StayGroup>{});
    for (auto& groups : stays) {
      for (StayGroup& group : groups) {
        // Of those who come back from an event, the number of states is added to the state (CaseGraph::by_event()).
        if (group.hearing == kNoState) continue;
        const bool by_event = group.hearing >= from.states;
        group.hearing = new_number[by_event ? group.hearing - from.states : group.hearing];
        if (by_event) group.hearing = static_cast<StateIndex>(group.hearing + to.states);
      }
    }
    renumbered.stays.push_back(std::move(stays));
  }
  return renumbered;
}

SteadyStates::Known SteadyStates::find(const std::string& first_day, const Numbering& numbering) {
  const std::scoped_lock lock(mutex_);
  known_.erase(std::remove_if(known_.begin(), known_.end(), [](const Known& known) { return known.result.expired(); }),
               known_.end());
  Known found;
  for (const Known& known : known_) {
    if (known.first_day != first_day) continue;
    if (found.first_day.empty() || known.numbering == numbering) found = known;
  }
  return found;
}

}  // namespace prisonflow::models
