// The pathway: every transition listed, every structural error found (each beside its twin without the error), states
// that can be visited again, and the picture.
#include "models/pathway.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace prisonflow::models;

namespace {

/// A scenario put together by hand; states are named before they are led anywhere.
class Builder {
 public:
  Builder() {
    scenario.name = "tiny";
    scenario.title = "Tiny";
    scenario.files.push_back({"base.toml", ""});
    scenario.files.push_back({"reform.toml", ""});
  }

  /// The state number n, from 0, is declared in line 10 (n + 1), column 1.
  Builder& state(const std::string& name, Kind kind) {
    State state;
    state.name = name;
    state.label = "The " + name;
    state.kind = kind;
    state.where = {0, static_cast<std::uint32_t>(10 * (scenario.states.size() + 1)), 1};
    state.at_risk = kind == Kind::supervision || kind == Kind::liberty;
    const bool timed = kind != Kind::decision && kind != Kind::exit && kind != Kind::liberty;
    state.clock = timed ? Clock::duration : Clock::none;
    if (timed) state.law.scale = number(30, "days");
    scenario.states.push_back(state);
    return *this;
  }
  ParameterId number(double value, const std::string& unit = "1") {
    Parameter parameter;
    parameter.value = value;
    parameter.unit = unit;
    scenario.parameters.push_back(parameter);
    return ParameterId{static_cast<std::uint32_t>(scenario.parameters.size() - 1)};
  }
  StateIndex index(const std::string& name) const {
    const auto found = std::ranges::find(scenario.states, name, &State::name);
    if (found == scenario.states.end()) throw std::logic_error("the test has no state " + name);
    return static_cast<StateIndex>(found - scenario.states.begin());
  }
  State& operator[](const std::string& name) { return scenario.states[index(name)]; }

  static constexpr double kRest = -1;
  Builder& branch(const std::string& from, const std::string& to, double share) {
    Shares& shares = (*this)[from].shares;
    shares.targets.push_back(index(to));
    shares.base.push_back(share == kRest ? kNoParameter : number(share));
    return *this;
  }
  Builder& next(const std::string& from, const std::string& to) {
    (*this)[from].on_completion = index(to);
    return *this;
  }
  Builder& milestone(const std::string& from, const std::string& to) {
    (*this)[from].on_milestone = index(to);
    return *this;
  }
  Builder& leaves(const std::string& from, const std::string& to) {
    (*this)[from].leaving.rate = number(0.05);
    return next(from, to);
  }
  Builder& arrive(const std::string& to) {
    Arrivals arrivals;
    arrivals.name = "suspects";
    arrivals.to = index(to);
    arrivals.rate.points.emplace_back(prisonflow::sim::Date{}, number(42000));
    scenario.arrivals.push_back(arrivals);
    return *this;
  }
  Builder& reoffend(const std::string& to) {
    scenario.reoffending.declared = true;
    scenario.reoffending.to = index(to);
    return *this;
  }
  Builder& die(const std::string& to) {
    scenario.mortality.declared = true;
    scenario.mortality.to = index(to);
    scenario.mortality.hazard.rate = number(0.003);
    return *this;
  }
  Builder& amnesty(const std::string& from, const std::string& to) {
    Amnesty amnesty;
    amnesty.from = {index(from)};
    amnesty.to = index(to);
    scenario.amnesties.push_back(amnesty);
    return *this;
  }

  Scenario scenario;
};

/// A sound system with every kind and every cause.
Builder sound() {
  Builder b;
  b.state("charge", Kind::decision)
      .state("court", Kind::service)
      .state("verdict", Kind::decision)
      .state("prison", Kind::custody)
      .state("board", Kind::decision)
      .state("parole", Kind::supervision)
      .state("appeal", Kind::delay)
      .state("community", Kind::liberty)
      .state("gone", Kind::exit)
      .state("dead", Kind::exit);
  b.branch("charge", "court", 0.7).branch("charge", "gone", Builder::kRest);
  b.next("court", "verdict");
  b.branch("verdict", "prison", 0.5).branch("verdict", "appeal", 0).branch("verdict", "community", 0.5);
  b.next("prison", "community").milestone("prison", "board");
  b.branch("board", "parole", 0.25).branch("board", "prison", Builder::kRest);
  b.next("parole", "community").milestone("parole", "prison");
  b.next("appeal", "court").leaves("community", "gone");
  return b.arrive("charge").reoffend("charge").die("dead").amnesty("prison", "community");
}

std::vector<std::string> in_words(const Scenario& scenario) {
  std::vector<std::string> list;
  for (const Transition& t : transitions(scenario))
    list.push_back(scenario.states[t.from].name + " " + t.cause + " " + scenario.states[t.to].name);
  return list;
}

std::vector<std::string> revisitable(const Scenario& scenario) {
  std::vector<std::string> names;
  const std::vector<bool> flags = revisitable_states(scenario);
  REQUIRE(flags.size() == scenario.states.size());
  for (std::size_t i = 0; i < flags.size(); ++i)
    if (flags[i]) names.push_back(scenario.states[i].name);
  return names;
}

using Names = std::vector<std::string>;

bool contains(const std::string& text, const std::string& piece) {
  return text.find(piece) != std::string::npos;
}

std::size_t count_of(const std::string& text, const std::string& piece) {
  std::size_t count = 0;
  for (std::size_t at = text.find(piece); at != std::string::npos; at = text.find(piece, at + 1)) ++count;
  return count;
}

/// The line of the DOT text that begins with two blanks and `start`.
std::string line_with(const std::string& dot, const std::string& start) {
  const std::size_t at = dot.find("\n  " + start);
  if (at == std::string::npos) return "no line begins with " + start;
  return dot.substr(at + 3, dot.find('\n', at + 1) - at - 3);
}

/// The search path is another one while this lives.
class OtherPath {
 public:
  explicit OtherPath(const std::string& path) : before_(std::getenv("PATH")) { setenv("PATH", path.c_str(), 1); }
  ~OtherPath() { setenv("PATH", before_.c_str(), 1); }

 private:
  std::string before_;
};

}  // namespace

TEST_CASE("transitions are listed state by state with their causes", "[pathway]") {
  const Scenario scenario = sound().scenario;
  CHECK(in_words(scenario) ==
        Names{"charge share court",        "charge share gone",           "court completion verdict",
              "court death dead",          "verdict share prison",        "verdict share appeal",
              "verdict share community",   "prison completion community", "prison parole board",
              "prison death dead",         "prison amnesty community",    "board share parole",
              "board share prison",        "parole completion community", "parole breach prison",
              "parole reoffending charge", "parole death dead",           "appeal completion court",
              "appeal death dead",         "community leaving gone",      "community reoffending charge",
              "community death dead"});
}

TEST_CASE("a branch that is the rest has the share the others leave", "[pathway]") {
  Builder b;
  b.state("a", Kind::decision).state("x", Kind::exit).state("y", Kind::exit).state("z", Kind::exit);
  b.branch("a", "x", 0.5).branch("a", "y", Builder::kRest).branch("a", "z", 0.125);
  std::vector<Transition> list = transitions(b.scenario);
  REQUIRE(list.size() == 3);
  CHECK(list[0].share == 0.5);
  CHECK(list[1].share == 0.375);
  CHECK(list[2].share == 0.125);

  b["a"].shares.base = {b.number(0.7), kNoParameter, b.number(0.3)};  // the sum rounds to just below or at 1
  CHECK(transitions(b.scenario)[1].share == 0);
}

TEST_CASE("what cannot happen is no transition", "[pathway]") {
  Builder b = sound();
  const auto has = [&](const std::string& words) {
    const Names list = in_words(b.scenario);
    return std::ranges::find(list, words) != list.end();
  };

  SECTION("reoffending at ratio 0, unless the ratio is uncertain or a policy sets it") {
    const ParameterId ratio = b["parole"].reoffending_ratio = b.number(0);
    CHECK_FALSE(has("parole reoffending charge"));
    CHECK(has("community reoffending charge"));
    Policy policy;
    policy.changes.push_back({Operation::scale, {ratio}, kNoParameter});
    b.scenario.policies.push_back(policy);
    CHECK_FALSE(has("parole reoffending charge"));  // scaled, 0 stays 0
    b.scenario.policies[0].changes[0].operation = Operation::set;
    CHECK(has("parole reoffending charge"));
    b.scenario.policies.clear();
    b.scenario.parameters[index_of(ratio)].uncertainty = Uncertainty::uniform;
    CHECK(has("parole reoffending charge"));
  }
  SECTION("reoffending and death that are not declared") {
    b.scenario.reoffending.declared = b.scenario.mortality.declared = false;
    for (const Transition& transition : transitions(b.scenario)) {
      CHECK(transition.cause != "reoffending");
      CHECK(transition.cause != "death");
    }
  }
  SECTION("reoffending in a state not at risk") {
    b["community"].at_risk = false;
    CHECK_FALSE(has("community reoffending charge"));
  }
  SECTION("death at ratio 0") {
    b["court"].mortality_ratio = b.number(0);
    CHECK_FALSE(has("court death dead"));
    b["court"].mortality_ratio = b.number(0.5);
    CHECK(has("court death dead"));
  }
  SECTION("completion of a sentence for life") {
    b["prison"].clock = Clock::none;
    CHECK_FALSE(has("prison completion community"));
  }
  SECTION("leaving without a hazard of leaving") {
    b["community"].leaving.rate = kNoParameter;
    CHECK_FALSE(has("community leaving gone"));
  }
  SECTION("a target that is no state") {
    b["court"].on_completion = 999;
    CHECK_FALSE(has("court completion verdict"));
  }
}

TEST_CASE("two amnesties on one way are one transition", "[pathway]") {
  Builder b = sound();
  b.amnesty("prison", "community");
  const Names list = in_words(b.scenario);
  CHECK(std::ranges::count(list, "prison amnesty community") == 1);
}

TEST_CASE("a sound pathway has no errors", "[pathway]") {
  CHECK(check_pathway(sound().scenario).empty());
}

TEST_CASE("a state nobody reaches is an error where it is declared", "[pathway]") {
  Builder b = sound();
  b.state("forgotten", Kind::delay).next("forgotten", "gone");
  b["forgotten"].where = {1, 7, 3};

  SECTION("nothing leads to it") {
    const std::vector<Diagnostic> found = check_pathway(b.scenario);
    REQUIRE(found.size() == 1);
    CHECK(found[0].file == "reform.toml");
    CHECK(found[0].line == 7);
    CHECK(found[0].column == 3);
    CHECK(found[0].problem == "state `forgotten` can never be reached");
    CHECK(found[0].why == "no arrivals, no initial stock and no other state lead to it");
    CHECK(found[0].suggestion == "give some state a branch to it or remove it");
  }
  SECTION("only itself and unreachable states lead to it") {
    b.state("after", Kind::decision).branch("after", "gone", 1);
    b.next("forgotten", "after").milestone("forgotten", "forgotten");
    const std::vector<Diagnostic> found = check_pathway(b.scenario);
    REQUIRE(found.size() == 2);
    CHECK(found[1].problem == "state `after` can never be reached");
    CHECK(found[1].why == "only `forgotten` leads to it, and can never be reached either");
    CHECK(found[1].suggestion == "lead people to `forgotten` or remove both");
  }
  SECTION("a stationary start brings nobody") {
    b.scenario.initial_stationary = true;
    InitialStock stock;
    stock.state = b.index("forgotten");
    b.scenario.initial.push_back(stock);
    CHECK(check_pathway(b.scenario).size() == 1);
  }
  SECTION("twin: it starts with persons") {
    InitialStock stock;
    stock.state = b.index("forgotten");
    stock.persons = b.number(12);
    b.scenario.initial.push_back(stock);
    CHECK(check_pathway(b.scenario).empty());
  }
  SECTION("twin: a branch leads to it, with share 0") {
    b.branch("verdict", "forgotten", 0);
    CHECK(check_pathway(b.scenario).empty());
  }
  SECTION("twin: arrivals come to it") {
    b.arrive("forgotten");
    CHECK(check_pathway(b.scenario).empty());
  }
}

TEST_CASE("a pathway nobody enters is one error, not one a state", "[pathway]") {
  Builder b = sound();
  b.scenario.arrivals.clear();
  b.scenario.initial_stationary = true;
  const std::vector<Diagnostic> found = check_pathway(b.scenario);
  REQUIRE(found.size() == 1);
  CHECK(found[0].problem == "nobody ever enters the pathway");
  CHECK(found[0].file == "base.toml");
}

TEST_CASE("a state without a way to an exit is an error", "[pathway]") {
  Builder b;
  b.state("gate", Kind::decision).state("trap", Kind::custody).state("pit", Kind::delay).state("gone", Kind::exit);
  b.branch("gate", "trap", 0.5).branch("gate", "gone", 0.5).next("trap", "pit").next("pit", "trap").arrive("gate");

  SECTION("a circle of stays") {
    const std::vector<Diagnostic> found = check_pathway(b.scenario);
    REQUIRE(found.size() == 2);  // the gate has a way out
    CHECK(found[0].problem == "no exit can be reached from state `trap`");
    CHECK(found[0].why == "it leads only to `pit`, from where no exit can be reached either");
    CHECK(found[0].suggestion == "give it a `next` that leads towards an exit");
    CHECK(found[0].line == 20);
    CHECK(found[1].problem == "no exit can be reached from state `pit`");
    CHECK(found[1].line == 30);
  }
  SECTION("a state with nothing after it") {
    b["pit"].on_completion = kNoState;
    const std::vector<Diagnostic> found = check_pathway(b.scenario);
    REQUIRE(found.size() == 2);
    CHECK(found[1].why == "nothing leads out of it, so people would stay for ever");
  }
  SECTION("liberty that only reoffends") {
    b.state("free", Kind::liberty).next("pit", "free").reoffend("trap");
    const std::vector<Diagnostic> found = check_pathway(b.scenario);
    REQUIRE(found.size() == 3);
    CHECK(found[2].suggestion == "give it `leaving` and a `next` that is an exit, or declare `[mortality]`");
  }
  SECTION("no exit is declared at all") {
    b["gone"].kind = Kind::delay;
    const std::vector<Diagnostic> found = check_pathway(b.scenario);
    REQUIRE(found.size() == 4);
    CHECK(found[0].suggestion == "declare a state of kind `exit` and lead to it");
  }
  SECTION("twin: the circle has a way out") {
    b.next("pit", "gone");
    CHECK(check_pathway(b.scenario).empty());
  }
  SECTION("twin: death is a way out") {
    b.die("gone");
    CHECK(check_pathway(b.scenario).empty());
  }
  SECTION("twin: reoffending leads back to where a way out begins") {
    b.state("free", Kind::liberty).next("pit", "free").reoffend("gate");
    CHECK(check_pathway(b.scenario).empty());
  }
}

TEST_CASE("a circle of decisions is an error that names the circle", "[pathway]") {
  Builder b;
  b.state("start", Kind::decision).state("a", Kind::decision).state("b", Kind::decision).state("c", Kind::decision);
  b.state("gone", Kind::exit).arrive("start");
  b.branch("start", "a", 1).branch("a", "b", 0.5).branch("a", "gone", 0.5).branch("b", "gone", 1).branch("b", "c", 0);
  b.branch("c", "gone", 1);
  REQUIRE(check_pathway(b.scenario).empty());

  SECTION("of two, through a branch with share 0; the shortest circle is named, once") {
    b.branch("b", "a", 0).branch("c", "a", 0);
    const std::vector<Diagnostic> found = check_pathway(b.scenario);
    REQUIRE(found.size() == 1);
    CHECK(found[0].problem == "the decisions `a -> b -> a` form a cycle");
    CHECK(found[0].why == "decisions take no time, so a person could go round for ever within one instant");
    CHECK(found[0].suggestion == "put a state that takes time between `b` and `a`, or lead that branch elsewhere");
    CHECK(found[0].line == 20);
  }
  SECTION("of three") {
    b.branch("c", "a", 0.1);
    const std::vector<Diagnostic> found = check_pathway(b.scenario);
    REQUIRE(found.size() == 1);
    CHECK(found[0].problem == "the decisions `a -> b -> c -> a` form a cycle");
  }
  SECTION("of one") {
    b.branch("c", "c", 0.1);
    const std::vector<Diagnostic> found = check_pathway(b.scenario);
    REQUIRE(found.size() == 1);
    CHECK(found[0].problem == "the decisions `c -> c` form a cycle");
    CHECK(found[0].suggestion == "remove the branch of `c` to itself");
    CHECK(found[0].line == 40);
  }
  SECTION("two circles are two errors") {
    b.branch("b", "a", 0).branch("c", "c", 0);
    CHECK(check_pathway(b.scenario).size() == 2);
  }
  SECTION("twin: a state that takes time lies in between") {
    b.state("wait", Kind::delay).branch("c", "wait", 0.1).next("wait", "a");
    CHECK(check_pathway(b.scenario).empty());
  }
}

TEST_CASE("every error is found at once", "[pathway]") {
  Builder b;
  b.state("a", Kind::decision).state("trap", Kind::delay).state("lost", Kind::exit);
  b.branch("a", "a", 0.5).branch("a", "trap", 0.5).next("trap", "a").arrive("a");
  const std::vector<Diagnostic> found = check_pathway(b.scenario);
  Names problems;
  for (const Diagnostic& diagnostic : found) problems.push_back(diagnostic.problem);
  CHECK(problems == Names{"state `lost` can never be reached", "no exit can be reached from state `a`",
                          "no exit can be reached from state `trap`", "the decisions `a -> a` form a cycle"});
}

TEST_CASE("an empty scenario is no crash", "[pathway]") {
  const Scenario nothing;
  CHECK(transitions(nothing).empty());
  CHECK(check_pathway(nothing).empty());
  CHECK(revisitable_states(nothing).empty());
  CHECK(contains(to_dot(nothing), "digraph pathway {"));
}

TEST_CASE("a long chain of states does not exhaust the stack", "[pathway]") {
  Builder b;
  constexpr StateIndex kLength = 50000;
  for (StateIndex i = 0; i < kLength; ++i) b.state("s" + std::to_string(i), i + 1 < kLength ? Kind::delay : Kind::exit);
  for (StateIndex i = 0; i + 1 < kLength; ++i) b.scenario.states[i].on_completion = static_cast<StateIndex>(i + 1);
  b.arrive("s0");
  CHECK(check_pathway(b.scenario).empty());
  CHECK(revisitable(b.scenario).empty());
  b.scenario.states[kLength - 2].on_completion = 0;
  CHECK(check_pathway(b.scenario).size() == kLength);  // the exit unreached, no other state with a way out
}

TEST_CASE("states on a cycle within one case can be visited again", "[pathway]") {
  SECTION("appeal and parole go round; reoffending begins a new case") {
    CHECK(revisitable(sound().scenario) == Names{"court", "verdict", "prison", "board", "parole", "appeal"});
  }
  SECTION("without the way back from appeal and parole nothing is revisited, though all reoffend") {
    Builder b = sound();
    b.next("appeal", "community");
    b["board"].shares = {};
    b.branch("board", "parole", 1);
    b["parole"].on_milestone = kNoState;
    CHECK(revisitable(b.scenario).empty());
  }
  SECTION("the same way back as a completion, not as reoffending, makes a cycle") {
    Builder b;
    b.state("a", Kind::decision).state("free", Kind::liberty).state("wait", Kind::delay).state("gone", Kind::exit);
    b.branch("a", "free", 0.5).branch("a", "wait", 0.5).leaves("free", "gone").next("wait", "gone");
    b.reoffend("a").arrive("a");
    CHECK(revisitable(b.scenario).empty());
    b.next("wait", "a");
    CHECK(revisitable(b.scenario) == Names{"a", "wait"});
  }
  SECTION("a state that leads to itself") {
    Builder b;
    b.state("probation", Kind::supervision).state("gone", Kind::exit).next("probation", "gone");
    CHECK(revisitable(b.scenario).empty());
    b.milestone("probation", "probation");
    CHECK(revisitable(b.scenario) == Names{"probation"});
  }
  SECTION("an amnesty can close a cycle") {
    Builder b;
    b.state("hostel", Kind::delay).state("prison", Kind::custody).state("gone", Kind::exit);
    b.next("hostel", "prison").next("prison", "gone");
    CHECK(revisitable(b.scenario).empty());
    b.amnesty("prison", "hostel");
    CHECK(revisitable(b.scenario) == Names{"hostel", "prison"});
  }
}

TEST_CASE("the picture shows states by kind and transitions by cause", "[pathway][drawing]") {
  Builder b = sound();
  b.scenario.arrivals[0].rate.points.emplace_back(prisonflow::sim::Date{1}, b.number(39000.4));
  b["prison"].clock = Clock::term;
  b["prison"].law = {};
  b["prison"].law.family = Family::lognormal;
  b["prison"].law.scale = b.number(1.5 * 365.2425, "years");
  b["prison"].parole_eligibility = b.number(1.0 / 3);
  b["parole"].clock = Clock::remainder;
  b["parole"].breach.rate = b.number(0.12);
  b["court"].service = "courts";
  b["verdict"].shares.modifiers.push_back({});
  const std::string dot = to_dot(b.scenario);

  CHECK(dot.starts_with("digraph pathway {\n"));
  CHECK(dot.ends_with("}\n"));
  CHECK(contains(dot, "rankdir=LR"));
  CHECK(contains(dot, "<b>Tiny</b>"));
  CHECK(contains(line_with(dot, "\"arrivals suspects\" ["), "<b>suspects</b><br/>"));
  CHECK(contains(line_with(dot, "\"arrivals suspects\" ["), "39,000 to 42,000 a year"));
  CHECK(contains(line_with(dot, "\"arrivals suspects\" -> \"charge\""), "penwidth"));

  const std::map<std::string, std::string> shapes{{"charge", "hexagon"}, {"court", "box"},  {"prison", "box"},
                                                  {"parole", "box"},     {"appeal", "box"}, {"community", "ellipse"},
                                                  {"gone", "octagon"}};
  for (const auto& [state, shape] : shapes)
    CHECK(line_with(dot, '"' + state + "\" [").starts_with('"' + state + "\" [shape=" + shape + ","));
  Names fills;
  for (const auto& entry : shapes) {
    const std::string node = line_with(dot, '"' + entry.first + "\" [");
    fills.push_back(node.substr(node.find("fillcolor=\"#") + 11, 8));
  }
  std::ranges::sort(fills);
  CHECK(std::ranges::adjacent_find(fills) == fills.end());  // a colour a kind

  CHECK(contains(line_with(dot, "\"prison\" ["), "The prison"));
  CHECK(contains(line_with(dot, "\"prison\" ["), "custody<br/>term mean 1.5 years<br/>parole at 33.3 %"));
  CHECK(
      contains(line_with(dot, "\"parole\" ["), "supervision<br/>to the end of the term<br/>breach 12 per 100 a year"));
  CHECK(contains(line_with(dot, "\"court\" ["), "service of courts<br/>30 days"));
  CHECK(contains(line_with(dot, "\"community\" ["), "leaving 5 per 100 a year"));

  CHECK(contains(line_with(dot, "\"charge\" -> \"court\""), "label=\"70 %\""));
  CHECK(contains(line_with(dot, "\"charge\" -> \"gone\""), "label=\"30 %\""));
  CHECK(contains(line_with(dot, "\"verdict\" -> \"prison\""), "label=\"50 % *\""));
  CHECK(contains(line_with(dot, "\"parole\" -> \"prison\""), "style=dashed"));
  CHECK(contains(line_with(dot, "\"parole\" -> \"prison\""), "label=\"breach\""));
  CHECK(contains(line_with(dot, "\"prison\" -> \"board\""), "label=\"parole\""));
  CHECK_FALSE(contains(line_with(dot, "\"court\" -> \"verdict\""), "label"));
  CHECK(contains(line_with(dot, "\"parole\" -> \"charge\""), "label=\"reoffending\""));

  for (const char* word : {"custody", "liberty", "breach", "amnesty", "differs by class of person"})
    CHECK(contains(line_with(dot, "label=<<table"), word));
  CHECK(to_dot(b.scenario) == dot);
}

TEST_CASE("the legend has only what occurs", "[pathway][drawing]") {
  Builder b;
  b.state("a", Kind::delay).state("gone", Kind::exit).next("a", "gone").arrive("a");
  const std::string legend = line_with(to_dot(b.scenario), "label=<<table");
  CHECK(contains(legend, "completion"));
  CHECK(contains(legend, "delay"));
  for (const char* word : {"custody", "breach", "death", "reoffending", "differs"}) CHECK_FALSE(contains(legend, word));
}

TEST_CASE("what can happen in many states is drawn once", "[pathway][drawing]") {
  Builder b = sound();  // 5 states in which people may die, 2 in which they may reoffend
  std::string dot = to_dot(b.scenario);
  CHECK(contains(line_with(dot, "\"death anywhere\" -> \"dead\""), "style=dotted"));
  CHECK(contains(dot, "in any state<br/>3 per 1,000 a year"));
  CHECK(count_of(dot, "-> \"dead\"") == 1);
  CHECK_FALSE(contains(dot, "\"reoffending anywhere\""));

  b.scenario.states[b.index("court")].mortality_ratio = b.number(0);
  CHECK(contains(to_dot(b.scenario), "in 4 states<br/>3 per 1,000 a year"));
  b.scenario.states[b.index("appeal")].mortality_ratio = b.number(0);
  dot = to_dot(b.scenario);
  CHECK_FALSE(contains(dot, "\"death anywhere\""));
  CHECK(count_of(dot, "-> \"dead\"") == 3);
  CHECK(contains(line_with(dot, "\"parole\" -> \"dead\""), "style=dotted"));

  b["court"].at_risk = b["appeal"].at_risk = true;
  dot = to_dot(b.scenario);
  CHECK(contains(dot, "\"reoffending anywhere\" -> \"charge\""));
  CHECK(contains(dot, "in the 4 states marked ↺"));
  CHECK(contains(line_with(dot, "\"court\" ["), "↺"));
  CHECK_FALSE(contains(line_with(dot, "\"prison\" ["), "↺"));
}

TEST_CASE("durations are told in the unit they were written in", "[pathway][drawing]") {
  Builder b;
  b.state("a", Kind::delay).state("gone", Kind::exit).next("a", "gone").arrive("a");
  const auto told = [&](double days, const std::string& unit, Family family = Family::fixed) {
    b["a"].law.family = family;
    b["a"].law.scale = b.number(days, unit);
    const std::string line = line_with(to_dot(b.scenario), "\"a\" [");
    const std::size_t from = line.find("delay<br/>") + 10;
    return line.substr(from, line.find("</font>", from) - from);
  };
  CHECK(told(18 * 30.436875, "months") == "18 months");
  CHECK(told(30.436875, "month") == "1 month");
  CHECK(told(0.5, "hours") == "12 hours");
  CHECK(told(0.25, "1") == "6 hours");
  CHECK(told(45, "1") == "45 days");
  CHECK(told(3 * 365.2425, "1") == "3 years");
  CHECK(told(0, "1") == "0 days");
  CHECK(told(60, "days", Family::exponential) == "mean 60 days");
  CHECK(told(60, "days", Family::weibull) == "scale 60 days");
  b["a"].law.second = b.number(90, "days");
  CHECK(told(60, "days", Family::uniform) == "60 days to 90 days");
}

TEST_CASE("texts cannot break out of the picture", "[pathway][drawing]") {
  Builder b = sound();
  b.scenario.title = "Courts & <b>\"prisons\"</b>\n\\N ]]>";
  b["prison"].label = "<table>&amp; \"x\" \\L \x01 \\";
  b["court"].label = "Алматы қалалық соты";
  b["court"].name = "a\" [color=red] \\";
  b.scenario.arrivals[0].name = "\" -> \"gone";
  const std::string dot = to_dot(b.scenario);
  CHECK(contains(dot, "<b>Courts &amp; &lt;b&gt;&quot;prisons&quot;&lt;/b&gt; \\N ]]&gt;</b>"));
  CHECK(contains(dot, "&lt;table&gt;&amp;amp;"));
  CHECK(contains(dot, "  \"a\\\" [color=red] \\\\\" [shape=box"));
  CHECK(contains(dot, "\"arrivals \\\" -> \\\"gone\" [shape=plain"));
  CHECK_FALSE(contains(dot, "\x01"));
}

TEST_CASE("drawing without Graphviz says how to get it", "[pathway][drawing]") {
  const OtherPath nowhere("/nonexistent");
  CHECK_THROWS_WITH(to_svg(sound().scenario), Catch::StartsWith("graph --format svg needs Graphviz") &&
                                                  Catch::EndsWith("apt-get install graphviz"));
}

TEST_CASE("a failure of Graphviz is told in its own words", "[pathway][drawing]") {
  namespace fs = std::filesystem;
  std::string folder = (fs::temp_directory_path() / "pathway_test_XXXXXX").string();
  REQUIRE(mkdtemp(folder.data()) != nullptr);
  std::ofstream(folder + "/dot") << "#!/bin/sh\necho '<svg'\necho 'no fonts today' >&2\nexit 3\n";
  fs::permissions(folder + "/dot", fs::perms::owner_all);
  {
    const OtherPath fake(folder);
    CHECK_THROWS_WITH(to_svg(sound().scenario), Catch::Contains("`dot` failed") && Catch::Contains("no fonts today"));
  }
  fs::remove_all(folder);
}

TEST_CASE("Graphviz accepts the picture, hostile and empty texts included", "[pathway][drawing]") {
  Builder b = sound();
  b.scenario.title = "Courts & <b>\"prisons\"</b>\n\\N ]]>";
  b.scenario.arrivals[0].rate = {};
  b["community"].label = " ";
  b["prison"].label = "<table>&amp; \"x\" \\L \x01 \\";
  b["court"].label = "Алматы соты";
  b["court"].name = "a\" [color=red] \\";
  b.scenario.arrivals[0].name = "$(touch /tmp/x) `id` \" -> \"gone";
  std::string svg;
  try {
    svg = to_svg(b.scenario);
  } catch (const std::runtime_error& error) {
    if (!contains(error.what(), "needs Graphviz")) throw;
    WARN("Graphviz is not installed: the picture is not drawn in this test");
    return;
  }
  CHECK(contains(svg, "<svg "));
  CHECK(contains(svg, "</svg>"));
  CHECK(contains(svg, "Алматы соты"));
  CHECK(contains(svg, "\\N ]]&gt;"));
  CHECK(count_of(svg, "class=\"node\"") == b.scenario.states.size() + 2);  // arrivals and death
}
