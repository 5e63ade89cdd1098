// The pathway: every transition listed, every structural error found (each beside its twin without the error), and
// states that can be visited again.
#include "models/pathway.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/pathway_builder.hpp"

using namespace prisonflow::models;

namespace {

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
