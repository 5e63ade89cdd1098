// The pathway as a graph, and the three ways in which it can be wrong. This is the only file that knows Boost.Graph.
//
// A transition counts whatever its number is: a branch with share 0 is an edge, because a policy may open it. Only a
// hazard that can never be other than 0 (ratio 0, certain, and no policy sets or shifts it) makes no edge.
//
// Everything is linear in states and transitions: breadth-first search for reachability (forwards from where people
// enter, backwards from the exits) and Tarjan's strongly connected components for the cycles
// (R. Tarjan, Depth-first search and linear graph algorithms, SIAM J. Comput. 1(2), 1972).
#include "models/pathway.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/reverse_graph.hpp>
#include <boost/graph/strong_components.hpp>
#include <cstddef>
#include <limits>
#include <tuple>
#include <utility>

namespace prisonflow::models {
namespace {

// ---- transitions

bool fixed_at_zero(const Scenario& scenario, ParameterId id) {
  if (!given(id)) return false;
  const Parameter& parameter = scenario.parameter(id);
  if (parameter.value != 0 || parameter.uncertainty != Uncertainty::none) return false;
  for (const Policy& policy : scenario.policies)
    for (const Change& change : policy.changes)
      if (change.operation != Operation::scale && std::ranges::find(change.targets, id) != change.targets.end())
        return false;
  return true;
}

/// The base row with the rest filled in. A rest of less than the rounding of the sum is 0.
std::vector<double> base_shares(const Scenario& scenario, const Shares& shares) {
  constexpr double kRounding = 1e-12;
  double others = 0;
  for (ParameterId id : shares.base)
    if (given(id)) others += scenario.central(id);
  const double rest = 1 - others < kRounding ? 0.0 : 1 - others;
  std::vector<double> row(shares.targets.size(), 0.0);
  for (std::size_t branch = 0; branch < std::min(row.size(), shares.base.size()); ++branch)
    row[branch] = given(shares.base[branch]) ? scenario.central(shares.base[branch]) : rest;
  return row;
}

void add_transitions_from(const Scenario& scenario, StateIndex from, std::vector<Transition>& list) {
  const State& state = scenario.states[from];
  const std::size_t first = list.size();
  const auto add = [&](StateIndex to, std::string_view cause, double share = 0) {
    if (to >= scenario.states.size()) return;  // not given, or an error that the reader reports
    for (std::size_t i = first; i < list.size(); ++i)
      if (list[i].to == to && list[i].cause == cause) return;  // a second amnesty on the same way
    list.push_back({from, to, std::string(cause), share});
  };

  if (state.kind == Kind::exit) return;
  if (state.kind == Kind::decision) {
    const std::vector<double> row = base_shares(scenario, state.shares);
    for (std::size_t branch = 0; branch < row.size(); ++branch) add(state.shares.targets[branch], "share", row[branch]);
    return;
  }
  if (state.clock != Clock::none)
    add(state.on_completion, "completion");
  else if (state.kind == Kind::liberty && state.leaving.declared())
    add(state.on_completion, "leaving");
  if (state.kind == Kind::custody) add(state.on_milestone, "parole");
  if (state.kind == Kind::supervision) add(state.on_milestone, "breach");
  for (const StateEvent& event : state.events)
    if (!fixed_at_zero(scenario, event.hazard.rate)) add(event.to, event.name);
  if (scenario.reoffending.declared && state.at_risk && !fixed_at_zero(scenario, state.reoffending_ratio))
    add(state.on_new_offence != kNoState ? state.on_new_offence : scenario.reoffending.to, "reoffending");
  if (scenario.mortality.declared && !fixed_at_zero(scenario, state.mortality_ratio))
    add(scenario.mortality.to, "death");
  for (const Amnesty& amnesty : scenario.amnesties)
    if (std::ranges::find(amnesty.from, from) != amnesty.from.end()) add(amnesty.to, "amnesty");
  for (const EmergencyRelease& release : scenario.emergency_releases)
    if (std::ranges::find(release.terms.from, from) != release.terms.from.end()) add(release.terms.to, "amnesty");
}

// ---- the graph

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS>;
using Vertex = boost::graph_traits<Graph>::vertex_descriptor;
using Edge = boost::graph_traits<Graph>::edge_descriptor;

template <typename Keep>
Graph make_graph(const Scenario& scenario, Keep keep) {
  Graph graph(scenario.states.size());
  for (const Transition& transition : transitions(scenario))
    if (keep(transition)) boost::add_edge(transition.from, transition.to, graph);
  return graph;
}

template <typename AnyGraph>
std::vector<bool> reachable_from(const std::vector<StateIndex>& starts, const AnyGraph& graph) {
  std::vector<boost::default_color_type> colour(boost::num_vertices(graph), boost::white_color);
  const auto colour_of =
      boost::make_iterator_property_map(colour.begin(), boost::get(boost::vertex_index, graph), colour[0]);
  boost::queue<Vertex> queue;
  for (StateIndex start : starts)
    if (colour[start] == boost::white_color)
      boost::breadth_first_visit(graph, Vertex{start}, queue, boost::default_bfs_visitor{}, colour_of);
  std::vector<bool> reached(colour.size());
  std::transform(colour.begin(), colour.end(), reached.begin(), [](auto c) { return c != boost::white_color; });
  return reached;
}

/// The component of every state, and for every component whether it holds a cycle (two members, or a self loop).
struct Components {
  std::vector<std::size_t> of;
  std::vector<bool> cyclic;
};
Components find_components(const Graph& graph) {
  Components components;
  components.of.resize(boost::num_vertices(graph));
  if (components.of.empty()) return components;
  const std::size_t count = boost::strong_components(
      graph, boost::make_iterator_property_map(components.of.begin(), boost::get(boost::vertex_index, graph)));
  components.cyclic.resize(count);
  for (const Edge& edge : boost::make_iterator_range(boost::edges(graph)))
    if (const std::size_t component = components.of[boost::source(edge, graph)];
        component == components.of[boost::target(edge, graph)])
      components.cyclic[component] = true;  // an edge inside a component always closes a cycle
  return components;
}

/// A shortest cycle through `start`, without its repetition at the end. There must be one.
std::vector<StateIndex> shortest_cycle(const Graph& graph, StateIndex start) {
  constexpr std::size_t kFar = std::numeric_limits<std::size_t>::max();
  std::vector<std::size_t> distance(boost::num_vertices(graph), kFar);
  std::vector<Vertex> before(boost::num_vertices(graph));
  distance[start] = 0;
  boost::breadth_first_search(graph, Vertex{start},
                              boost::visitor(boost::make_bfs_visitor(
                                  std::make_pair(boost::record_distances(distance.data(), boost::on_tree_edge{}),
                                                 boost::record_predecessors(before.data(), boost::on_tree_edge{})))));
  Vertex last = start;
  std::size_t shortest = kFar;
  for (const Edge& edge : boost::make_iterator_range(boost::in_edges(Vertex{start}, graph)))
    if (const Vertex source = boost::source(edge, graph); distance[source] < shortest)
      std::tie(last, shortest) = std::pair(source, distance[source]);
  std::vector<StateIndex> cycle;
  for (; last != start; last = before[last]) cycle.push_back(static_cast<StateIndex>(last));
  cycle.push_back(start);
  std::ranges::reverse(cycle);
  return cycle;
}

// ---- what to say

Diagnostic at(const Scenario& scenario, const Location& where) {
  Diagnostic diagnostic;
  if (where.file < scenario.files.size()) diagnostic.file = scenario.files[where.file].path;
  diagnostic.line = where.line;
  diagnostic.column = where.column;
  return diagnostic;
}

std::string quoted(const Scenario& scenario, StateIndex state) {
  return '`' + scenario.states[state].name + '`';
}

/// "`a`", "`a` and `b`", "`a`, `b`, `c` and 4 more".
std::string list_of(const Scenario& scenario, const std::vector<StateIndex>& states) {
  constexpr std::size_t kMostNames = 3;
  const std::size_t shown = states.size() <= kMostNames + 1 ? states.size() : kMostNames;
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) text += i + 1 == states.size() ? " and " : ", ";
    text += quoted(scenario, states[i]);
  }
  if (shown < states.size()) text += " and " + std::to_string(states.size() - shown) + " more";
  return text;
}

/// The neighbours of a state other than itself, each once, in the order of the states.
template <typename Edges, typename End>
std::vector<StateIndex> neighbours(StateIndex state, Edges edges, End end) {
  std::vector<StateIndex> list;
  for (const auto& edge : boost::make_iterator_range(edges))
    if (const Vertex other = end(edge); other != state) list.push_back(static_cast<StateIndex>(other));
  std::ranges::sort(list);
  list.erase(std::unique(list.begin(), list.end()), list.end());
  return list;
}

void find_unreachable(const Scenario& scenario, const Graph& graph, std::vector<Diagnostic>& found) {
  std::vector<StateIndex> entries;
  const auto enter = [&](StateIndex state) {
    if (state < scenario.states.size()) entries.push_back(state);
  };
  for (const Arrivals& arrivals : scenario.arrivals) enter(arrivals.to);
  // A stationary number is 0 where nobody ever arrives, so only rows with persons of their own bring anybody in.
  for (const InitialStock& stock : scenario.initial)
    if (given(stock.persons)) enter(stock.state);

  if (entries.empty()) {
    Diagnostic diagnostic = at(scenario, Location{0, 1, 1});
    diagnostic.problem = "nobody ever enters the pathway";
    diagnostic.why = "there are no arrivals and no initial stock with a number of persons, so no state can be reached";
    diagnostic.suggestion = "add a table `[arrivals.<name>]` with `to` and `rate`";
    found.push_back(std::move(diagnostic));
    return;
  }

  const std::vector<bool> reached = reachable_from(entries, graph);
  for (StateIndex state = 0; state < scenario.states.size(); ++state) {
    if (reached[state]) continue;
    const std::vector<StateIndex> from = neighbours(state, boost::in_edges(Vertex{state}, graph),
                                                    [&](const Edge& edge) { return boost::source(edge, graph); });
    Diagnostic diagnostic = at(scenario, scenario.states[state].where);
    diagnostic.problem = "state " + quoted(scenario, state) + " can never be reached";
    if (from.empty()) {
      diagnostic.why = "no arrivals, no initial stock and no other state lead to it";
      diagnostic.suggestion = "give some state a branch to it or remove it";
    } else {
      diagnostic.why = "only " + list_of(scenario, from) + (from.size() == 1 ? " leads" : " lead") +
                       " to it, and can never be reached either";
      diagnostic.suggestion = "lead people to " + quoted(scenario, from.front()) + " or remove both";
    }
    found.push_back(std::move(diagnostic));
  }
}

std::string way_out(const Scenario& scenario, const State& state, bool any_exit) {
  if (!any_exit) return "declare a state of kind `exit` and lead to it";
  switch (state.kind) {
    case Kind::decision:
      return "give it a branch towards an exit";
    case Kind::liberty:
      return scenario.mortality.declared ? "give it `leaving` and a `next` that is an exit"
                                         : "give it `leaving` and a `next` that is an exit, or declare `[mortality]`";
    default:
      if (state.clock == Clock::none && !scenario.mortality.declared)
        return "give it a term that ends, or declare `[mortality]`";
      return "give it a `next` that leads towards an exit";
  }
}

void find_dead_ends(const Scenario& scenario, const Graph& graph, std::vector<Diagnostic>& found) {
  std::vector<StateIndex> exits;
  for (StateIndex state = 0; state < scenario.states.size(); ++state)
    if (scenario.states[state].kind == Kind::exit) exits.push_back(state);

  const std::vector<bool> leads_out = reachable_from(exits, boost::make_reverse_graph(graph));
  for (StateIndex state = 0; state < scenario.states.size(); ++state) {
    if (leads_out[state]) continue;
    const std::vector<StateIndex> to = neighbours(state, boost::out_edges(Vertex{state}, graph),
                                                  [&](const Edge& edge) { return boost::target(edge, graph); });
    Diagnostic diagnostic = at(scenario, scenario.states[state].where);
    diagnostic.problem = "no exit can be reached from state " + quoted(scenario, state);
    diagnostic.why = to.empty()
                         ? "nothing leads out of it, so people would stay for ever"
                         : "it leads only to " + list_of(scenario, to) + ", from where no exit can be reached either";
    diagnostic.suggestion = way_out(scenario, scenario.states[state], !exits.empty());
    found.push_back(std::move(diagnostic));
  }
}

void find_endless_decisions(const Scenario& scenario, std::vector<Diagnostic>& found) {
  const auto is_decision = [&](StateIndex state) { return scenario.states[state].kind == Kind::decision; };
  const Graph graph = make_graph(scenario, [&](const Transition& transition) {
    return is_decision(transition.from) && is_decision(transition.to);
  });
  const Components components = find_components(graph);
  std::vector<bool> told(components.cyclic.size());
  for (StateIndex state = 0; state < scenario.states.size(); ++state) {
    const std::size_t component = components.of[state];
    if (!components.cyclic[component] || told[component]) continue;
    told[component] = true;
    const std::vector<StateIndex> cycle = shortest_cycle(graph, state);
    std::string names;
    for (StateIndex member : cycle) names += scenario.states[member].name + " -> ";
    names += scenario.states[state].name;
    Diagnostic diagnostic = at(scenario, scenario.states[state].where);
    diagnostic.problem = "the decisions `" + names + "` form a cycle";
    diagnostic.why = "decisions take no time, so a person could go round for ever within one instant";
    diagnostic.suggestion = cycle.size() == 1
                                ? "remove the branch of " + quoted(scenario, state) + " to itself"
                                : "put a state that takes time between " + quoted(scenario, cycle.back()) + " and " +
                                      quoted(scenario, state) + ", or lead that branch elsewhere";
    found.push_back(std::move(diagnostic));
  }
}

}  // namespace

std::vector<Transition> transitions(const Scenario& scenario) {
  std::vector<Transition> list;
  for (StateIndex state = 0; state < scenario.states.size(); ++state) add_transitions_from(scenario, state, list);
  return list;
}

std::vector<Diagnostic> check_pathway(const Scenario& scenario) {
  std::vector<Diagnostic> found;
  if (scenario.states.empty()) return found;
  const Graph graph = make_graph(scenario, [](const Transition&) { return true; });
  find_unreachable(scenario, graph, found);
  find_dead_ends(scenario, graph, found);
  find_endless_decisions(scenario, found);
  return found;
}

std::vector<bool> revisitable_states(const Scenario& scenario) {
  const Graph graph =
      make_graph(scenario, [](const Transition& transition) { return transition.cause != "reoffending"; });
  const Components components = find_components(graph);
  std::vector<bool> revisitable(scenario.states.size());
  std::transform(components.of.begin(), components.of.end(), revisitable.begin(),
                 [&](std::size_t component) { return components.cyclic[component]; });
  return revisitable;
}

}  // namespace prisonflow::models
