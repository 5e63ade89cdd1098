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
