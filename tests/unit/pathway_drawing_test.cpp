// The picture of the pathway: what it shows, what hostile texts cannot do to it, and Graphviz missing or failing.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/pathway.hpp"
#include "tests/unit/pathway_builder.hpp"

using namespace prisonflow::models;

namespace {

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

/// A feedback link that reads the occupancy of the first facility group, with factors at 100, 110 and so on.
FeedbackLink link(Builder& b, const std::vector<double>& factors, const std::vector<LinkTarget>& targets) {
  FeedbackLink link;
  link.name = "link";
  for (double factor : factors)
    link.response.emplace_back(100 + 10 * static_cast<int>(link.response.size()), b.number(factor));
  link.targets = targets;
  return link;
}

/// The sound system with colonies, a service of courts, and caseloads to be read.
Builder with_ratios() {
  Builder b = sound();
  b.scenario.groups.push_back({"colonies", WhenFull::crowd});
  b["prison"].facilities = "colonies";
  b["prison"].held = true;
  Service courts;
  courts.name = b["court"].service = "courts";
  courts.label = "Courts & judges";
  courts.servers = b.number(130);
  b.scenario.services.push_back(courts);
  b["parole"].breach.rate = b.number(0.12);
  return b;
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

TEST_CASE("an event of a state is an edge with its name", "[pathway][drawing]") {
  Builder b = sound();
  StateEvent review;
  review.name = "review";
  review.to = b.index("verdict");
  b["court"].events.push_back(review);
  const std::string dot = to_dot(b.scenario);
  CHECK(contains(line_with(dot, "\"court\" -> \"verdict\" [style=dashed"), "label=\"review\""));
  CHECK(contains(line_with(dot, "label=<<table"), "event"));
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

TEST_CASE("feedback links are drawn by the ratio they read", "[pathway][drawing]") {
  Builder b = with_ratios();
  const StateIndex court = b.index("court"), parole = b.index("parole"), prison = b.index("prison");
  auto& links = b.scenario.feedback;
  links.push_back(link(b, {1, 1.5}, {{Effect::breach, parole}, {Effect::reoffending, parole}}));
  links.push_back(link(b, {1, 1, 0.5}, {{Effect::odds, b.index("verdict"), prison}}));
  links.back().label = "Judges \"spare\" prison";
  links.push_back(link(b, {1, 0.6}, {{Effect::duration, court}}));
  links.back().ratio = Ratio::backlog;
  links.push_back(link(b, {1, 0.4}, {{Effect::breach, parole}}));
  links.back().ratio = Ratio::caseload;
  links.back().states = {parole, court};
  links.back().officers = b.number(5);
  const std::string dot = to_dot(b.scenario);

  const std::string occupancy = line_with(dot, "\"occupancy of colonies\" [");
  CHECK(contains(occupancy, "shape=note"));
  CHECK(contains(occupancy, "per cent of the places"));
  CHECK(contains(occupancy, "tooltip=\"link; Judges \\\"spare\\\" prison\""));
  CHECK(contains(line_with(dot, "\"backlog of courts\" ["), "backlog of Courts<br/>&amp; judges"));
  CHECK(contains(line_with(dot, "\"backlog of courts\" ["), "waiting for each server"));
  const std::string caseload = "\"caseload of court, parole for 5 officers\"";
  CHECK(contains(line_with(dot, caseload + " ["), "5<br/>officers"));
  CHECK(count_of(dot, "shape=note") == 3);

  for (const std::string& arrow :
       {std::string("\"prison\" -> \"occupancy of colonies\""), std::string("\"court\" -> \"backlog of courts\""),
        "\"court\" -> " + caseload, "\"parole\" -> " + caseload}) {
    CHECK(contains(line_with(dot, arrow), "style=dotted"));
    CHECK(contains(line_with(dot, arrow), "constraint=false"));
    CHECK_FALSE(contains(line_with(dot, arrow), "label"));
  }
  const std::map<std::string, std::string> words{
      {"\"occupancy of colonies\" -> \"parole\"", "xlabel=<breach +<br/>reoffending +>"},
      {"\"occupancy of colonies\" -> \"verdict\"", "xlabel=<share of The prison −>"},
      {"\"backlog of courts\" -> \"court\"", "xlabel=<duration −>"},
      {caseload + " -> \"parole\"", "xlabel=<breach −>"}};
  for (const auto& [arrow, label] : words) {
    CHECK(contains(line_with(dot, arrow), label));
    CHECK(contains(line_with(dot, arrow), "constraint=false"));
  }
  CHECK(count_of(dot, "constraint=false, fontcolor") == words.size());
  CHECK(contains(line_with(dot, "label=<<table"), "feedback"));
  CHECK_FALSE(contains(line_with(dot, "label=<<table"), "not drawn"));
}

TEST_CASE("the arrow of a feedback link has its direction", "[pathway][drawing]") {
  const auto sign = [](const std::vector<std::vector<double>>& responses) {
    Builder b = with_ratios();
    for (const auto& factors : responses)
      b.scenario.feedback.push_back(link(b, factors, {{Effect::breach, b.index("parole")}}));
    const std::string line = line_with(to_dot(b.scenario), "\"occupancy of colonies\" -> \"parole\"");
    const std::size_t from = line.find("=<breach ") + 9;
    return line.substr(from, line.find('>', from) - from);
  };
  CHECK(sign({{1, 2}}) == "+");
  CHECK(sign({{1, 1, 2, 2}}) == "+");
  CHECK(sign({{0.5, 0.4}}) == "−");
  CHECK(sign({{1, 2, 1}}) == "±");
  CHECK(sign({{1, 1}}) == "±");
  CHECK(sign({{2}}) == "±");
  CHECK(sign({{1, 2}, {1, 3}}) == "+");
  CHECK(sign({{1, 2}, {1, 0.5}}) == "±");
  CHECK(sign({{1, 2}, {1, 0.5}, {1, 2}}) == "±");
}

TEST_CASE("the arrow of a feedback link says for whom it is", "[pathway][drawing]") {
  Builder b = with_ratios();
  b.scenario.traits[index_of(Trait::risk)] = {{"low", "high"}, {"", ""}, {}};
  auto& links = b.scenario.feedback;
  for (int number = 0; number < 3; ++number) links.push_back(link(b, {1, 2}, {{Effect::breach, b.index("parole")}}));
  for (const std::size_t falling : {1u, 2u}) links[falling].response[1].second = b.number(0.5);
  links[1].only[index_of(Trait::risk)] = links[2].only[index_of(Trait::risk)] = {0};
  const std::string arrow = line_with(to_dot(b.scenario), "\"occupancy of colonies\" -> \"parole\"");
  CHECK(contains(arrow, "xlabel=<breach +<br/>breach −; only risk low>"));
}

TEST_CASE("a feedback link on a service points to those who wait for it", "[pathway][drawing]") {
  Builder b = with_ratios();
  b.scenario.feedback.push_back(link(b, {1, 0.5}, {{Effect::capacity}}));
  const std::string dot = to_dot(b.scenario);
  CHECK(contains(line_with(dot, "\"occupancy of colonies\" -> \"court\""), "xlabel=<capacity −>"));
  CHECK(count_of(dot, "capacity −") == 1);
}

TEST_CASE("a feedback link that acts everywhere points to what is drawn once", "[pathway][drawing]") {
  Builder b = with_ratios();  // 5 states in which people may die, 2 in which they may reoffend
  b.scenario.feedback.push_back(link(b, {1, 2}, {{Effect::reoffending}, {Effect::death}}));
  std::string dot = to_dot(b.scenario);
  const std::string from = "\"occupancy of colonies\" -> ";
  CHECK(contains(line_with(dot, from + "\"death anywhere\""), "<mortality +>"));
  CHECK(contains(line_with(dot, from + "\"parole\""), "<reoffending +>"));
  CHECK(contains(line_with(dot, from + "\"community\""), "<reoffending +>"));
  CHECK(count_of(dot, from) == 3);

  b["court"].at_risk = b["appeal"].at_risk = true;
  dot = to_dot(b.scenario);
  CHECK(contains(line_with(dot, from + "\"reoffending anywhere\""), "<reoffending +>"));
  CHECK(count_of(dot, from) == 2);

  for (const char* state : {"court", "appeal"}) b.scenario.states[b.index(state)].mortality_ratio = b.number(0);
  dot = to_dot(b.scenario);
  for (const char* state : {"prison", "parole", "community"})
    CHECK(contains(line_with(dot, from + '"' + state + '"'), "<mortality +>"));

  b.scenario.feedback = {link(b, {1, 2}, {{Effect::breach}, {Effect::duration}})};
  dot = to_dot(b.scenario);
  CHECK(contains(line_with(dot, from + "\"parole\""), "<breach +<br/>duration +>"));
  for (const char* state : {"court", "prison", "appeal"})
    CHECK(contains(line_with(dot, from + '"' + state + '"'), "<duration +>"));
  CHECK(count_of(dot, from) == 4);
}

TEST_CASE("feedback links that are switched off are counted in the legend only", "[pathway][drawing]") {
  Builder b = with_ratios();
  const std::string without = to_dot(b.scenario);
  for (const char* piece : {"feedback", "shape=note", "not drawn"}) CHECK_FALSE(contains(without, piece));

  b.scenario.feedback.push_back(link(b, {1, 2}, {{Effect::death}}));
  b.scenario.feedback[0].enabled = false;
  const std::string cell = "<td><font color=\"#777777\">not drawn: 1 feedback link switched off</font></td>";
  std::string dot = to_dot(b.scenario);
  REQUIRE(count_of(dot, cell) == 1);
  CHECK(dot.erase(dot.find(cell), cell.size()) == without);

  b.scenario.feedback.resize(3, b.scenario.feedback[0]);
  b.scenario.feedback[1].enabled = true;
  dot = to_dot(b.scenario);
  CHECK(contains(dot, "not drawn: 2 feedback links switched off"));
  CHECK(count_of(dot, "shape=note") == 1);
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
  b["prison"].facilities = "<b>&\" -> \\";
  b.scenario.groups.push_back({b["prison"].facilities, WhenFull::crowd});
  const std::vector<LinkTarget> targets{{Effect::death}, {Effect::duration, b.index("prison")}};
  b.scenario.feedback.push_back(link(b, {1, 2}, targets));
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
  for (const char* words : {"mortality +", "duration +"}) CHECK(contains(svg, words));
  CHECK(count_of(svg, "class=\"node\"") == b.scenario.states.size() + 3);  // arrivals, death and occupancy
}
