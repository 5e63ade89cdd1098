// The pathway as a picture, in the language of Graphviz; pathway_svg.cpp has it drawn.
//
// The picture is for people who discuss a reform, so it leaves out what is the same everywhere: a completion has no
// label, and rates and fractions stand in the node they belong to. What may happen in more than a few states (death,
// reoffending) is drawn once, from a node that stands for all of them. The fills are tints of the colour-blind safe
// palette of M. Okabe and K. Ito, Color Universal Design (2008); kinds also differ in shape and causes in dash, so the
// picture survives a black-and-white printer.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "models/pathway.hpp"
#include "models/pathway_feedback.hpp"

namespace prisonflow::models {
namespace {

// ---- escapes

/// A quoted identifier or attribute. Distinct texts stay distinct, and none of them ends the quotes.
std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

/// Text inside an HTML-like label. Control characters, which XML forbids, become blanks. Never empty, for Graphviz
/// rejects an empty element.
std::string escaped(std::string_view text) {
  std::string result;
  for (char c : text) {
    if (c == '&')
      result += "&amp;";
    else if (c == '<')
      result += "&lt;";
    else if (c == '>')
      result += "&gt;";
    else if (c == '"')
      result += "&quot;";
    else
      result += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  }
  return result.empty() ? " " : result;
}

/// Escaped text with a line break before each word that would make its line longer than `width` characters; never
/// empty.
std::string wrapped(std::string_view text, std::size_t width) {
  const auto characters = [](std::string_view word) {  // of UTF-8: all bytes but the continuations
    return static_cast<std::size_t>(
        std::ranges::count_if(word, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
  };
  std::string result;
  std::size_t used = 0;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    if (word.empty()) continue;
    if (used > 0) {
      const bool fits = used + 1 + characters(word) <= width;
      result += fits ? " " : "<br/>";
      used = fits ? used + 1 : 0;
    }
    result += escaped(word);
    used += characters(word);
  }
  return result.empty() ? " " : result;
}

// ---- numbers in words

/// Three significant digits, or all digits before the point with thousands set off by commas.
std::string in_digits(double value) {
  if (value < 999.5) return fmt::format("{:.3g}", value);
  std::string digits = fmt::format("{:.0f}", value);
  for (std::size_t place = digits.size(); place > 3; place -= 3) digits.insert(place - 3, ",");
  return digits;
}

std::string in_percent(double share) {
  return in_digits(100 * share) + " %";
}

/// "5 per 100 a year", "3 per 1,000 a year", "1.2 a year".
std::string as_rate(double per_year) {
  if (per_year >= 1 || per_year == 0) return in_digits(per_year) + " a year";
  const double base = per_year >= 0.01 ? 100 : per_year >= 0.001 ? 1000 : 100000;
  return fmt::format("{} per {} a year", in_digits(per_year * base), in_digits(base));
}

struct Unit {
  std::string_view name;  ///< plural
  double days;
};
constexpr double kDaysPerYear = 365.2425;  // Gregorian calendar, as in the scenario language
constexpr std::array<Unit, 6> kUnits{{{"minutes", 1.0 / 1440},
                                      {"hours", 1.0 / 24},
                                      {"days", 1},
                                      {"weeks", 7},
                                      {"months", kDaysPerYear / 12},
                                      {"years", kDaysPerYear}}};

/// In the unit in which it was written, else in the largest of hours, days, months and years that fits twice.
const Unit& unit_of(const Parameter& parameter) {
  for (const Unit& unit : kUnits)
    if (parameter.unit == unit.name || parameter.unit + "s" == unit.name) return unit;
  for (std::size_t i : {5u, 4u, 2u})
    if (parameter.value >= 2 * kUnits[i].days) return kUnits[i];
  return kUnits[parameter.value == 0 || parameter.value >= 1 ? 2 : 1];
}

std::string duration(const Scenario& scenario, ParameterId id) {
  if (!given(id)) return "?";
  const Parameter& parameter = scenario.parameter(id);
  const Unit& unit = unit_of(parameter);
  const std::string digits = in_digits(parameter.value / unit.days);
  const std::string_view name = digits == "1" ? unit.name.substr(0, unit.name.size() - 1) : unit.name;
  return fmt::format("{} {}", digits, name);
}

std::string law_in_words(const Scenario& scenario, const LawSpec& law) {
  const auto scale = [&] { return duration(scenario, law.scale); };
  switch (law.family) {
    case Family::fixed:
      return scale();
    case Family::exponential:
    case Family::gamma:
      return "mean " + scale();
    case Family::uniform:
      return scale() + " to " + duration(scenario, law.second);
    case Family::weibull:
      return "scale " + scale();
    case Family::lognormal:
      return (law.median ? "median " : "mean ") + scale();
    case Family::empirical:
      return law.points.empty() ? "from a table" : "up to " + duration(scenario, law.points.back().first);
  }
  return {};
}

std::string stay_in_words(const Scenario& scenario, const State& state) {
  switch (state.clock) {
    case Clock::none:
      if (state.kind == Kind::custody) return "for life";
      if (state.kind == Kind::liberty && state.leaving.declared())
        return "leaving " + as_rate(scenario.central(state.leaving.rate));
      return {};
    case Clock::duration:
      return law_in_words(scenario, state.law);
    case Clock::term: {
      std::string words = "term " + law_in_words(scenario, state.law);
      if (given(state.automatic_release))
        words += ", release at " + in_percent(scenario.central(state.automatic_release));
      return words;
    }
    case Clock::remainder:
      return state.kind == Kind::supervision ? "to the end of the term" : "rest of the term";
    case Clock::proceed:
      return "the term goes on";
  }
  return {};
}

std::string arrivals_in_words(const Scenario& scenario, const Series& series) {
  if (!series.declared()) return {};
  double least = scenario.central(series.points.front().second), most = least;
  for (const auto& [date, id] : series.points) {
    least = std::min(least, scenario.central(id));
    most = std::max(most, scenario.central(id));
  }
  const std::string range =
      in_digits(least) == in_digits(most) ? in_digits(most) : in_digits(least) + " to " + in_digits(most);
  return range + " a year";
}

// ---- looks

struct Look {
  std::string_view shape, style, fill, line, text;
  double line_width;
};
constexpr std::array<Look, kKindNames.size()> kLooks{{
    {"hexagon", "filled", "#FBF3B5", "#8A7F00", "#222222", 1.0},      // decision
    {"box", "filled,rounded", "#EFEFEF", "#777777", "#222222", 1.0},  // delay
    {"box", "filled", "#FFE3B0", "#A66F00", "#222222", 1.0},          // service (two lines round it)
    {"box", "filled", "#F7CDB4", "#B04A00", "#222222", 2.2},          // custody
    {"box", "filled,rounded", "#CFE7F7", "#0072B2", "#222222", 1.4},  // supervision
    {"ellipse", "filled", "#C4EADB", "#00795A", "#222222", 1.4},      // liberty
    {"octagon", "filled", "#555555", "#333333", "#FFFFFF", 1.0},      // exit
}};
const Look& look_of(Kind kind) {
  return kLooks[static_cast<std::size_t>(kind)];
}

struct Stroke {
  std::string_view cause, style, colour;
  std::string_view sample;  ///< the line in the legend
  bool common;              ///< may be drawn once for many states
  bool forwards;            ///< whether it may push its target to the right
};
constexpr std::array<Stroke, 9> kStrokes{{
    {"share", "solid", "#444444", "——", false, true},
    {"completion", "solid", "#444444", "——", false, true},
    {"leaving", "solid", "#00795A", "——", false, true},
    {"parole", "solid", "#0072B2", "——", false, true},
    {"breach", "dashed", "#B04A00", "– – –", false, true},
    {"reoffending", "solid", "#A8528A", "——", true, false},
    {"amnesty", "dashed", "#00795A", "– – –", false, false},
    {"death", "dotted", "#666666", "· · · ·", true, true},
    {"event", "dashed", "#5A6B00", "– – –", false, false},
}};
/// An event of a state bears its own name: the last stroke is that of all events.
const Stroke& stroke_of(std::string_view cause) {
  const auto found = std::ranges::find(kStrokes, cause, &Stroke::cause);
  return found == kStrokes.end() ? kStrokes.back() : *found;
}

constexpr std::size_t kLabelWidth = 18;  // characters a line of a node's label
constexpr std::size_t kSmallWidth = 26;  // … and of the small text below it
constexpr std::size_t kMostDrawn = 3;    // a cause common to more states than that is drawn once for all
constexpr std::string_view kReoffendingMark = "↺";
constexpr std::string_view kFeedbackLine = "#B8860B", kFeedbackText = "#7A5900", kFeedbackFill = "#FFF8E1";

/// Names of nodes that are no states carry a blank, so that no state can have the same.
std::string node_of_arrivals(const Arrivals& arrivals) {
  return quoted("arrivals " + arrivals.name);
}

class Drawing {
 public:
  explicit Drawing(const Scenario& scenario)
      : scenario_(scenario), transitions_(transitions(scenario)), may_reoffend_(scenario.states.size()) {
    for (const Transition& transition : transitions_)
      if (transition.cause == "reoffending") may_reoffend_[transition.from] = true;
  }

  std::string source() {
    text_ =
        "digraph pathway {\n"
        "  graph [rankdir=LR, nodesep=0.22, ranksep=0.45, pad=0.3, fontname=\"Helvetica\", fontsize=11,\n"
        "         labelloc=t, labeljust=l, bgcolor=white, outputorder=edgesfirst]\n"
        "  node [fontname=\"Helvetica\", fontsize=12, margin=\"0.08,0.05\", height=0.4]\n"
        "  edge [fontname=\"Helvetica\", fontsize=10, arrowsize=0.7, penwidth=1.1]\n";
    heading();
    text_ += "\n";
    for (const Arrivals& arrivals : scenario_.arrivals) source_node(arrivals);
    for (StateIndex state = 0; state < scenario_.states.size(); ++state) node(state);
    text_ += "\n";
    for (const Arrivals& arrivals : scenario_.arrivals)
      if (arrivals.to < scenario_.states.size())
        text_ +=
            fmt::format("  {} -> {} [color=\"#444444\", penwidth=2]\n", node_of_arrivals(arrivals), name(arrivals.to));
    for (const Transition& transition : transitions_)
      if (!drawn_once(transition.cause)) edge(transition);
    if (drawn_once("reoffending"))
      common("reoffending", fmt::format("in the {} states marked {}", count("reoffending"), kReoffendingMark),
             scenario_.reoffending.to);
    if (drawn_once("death")) common("death", death_in_words(), scenario_.mortality.to);
    for (const RatioInPicture& ratio : ratios_in_picture(scenario_)) feedback(ratio);
    return std::move(text_) + "}\n";
  }

 private:
  std::string name(StateIndex state) const { return quoted(scenario_.states[state].name); }

  std::size_t count(std::string_view cause) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        transitions_, [&](const Transition& transition) { return stroke_of(transition.cause).cause == cause; }));
  }

  bool drawn_once(std::string_view cause) const { return stroke_of(cause).common && count(cause) > kMostDrawn; }

  std::string death_in_words() const {
    const auto passes_time = [](const State& state) {
      return state.kind != Kind::decision && state.kind != Kind::exit;
    };
    const bool everywhere =
        static_cast<std::size_t>(std::ranges::count_if(scenario_.states, passes_time)) == count("death");
    std::string words = everywhere ? "in any state" : fmt::format("in {} states", count("death"));
    if (scenario_.mortality.hazard.declared())
      words += "<br/>" + as_rate(scenario_.central(scenario_.mortality.hazard.rate));
    return words;
  }

  std::string feedback_in_legend() const {
    const auto off = std::ranges::count(scenario_.feedback, false, &FeedbackLink::enabled);
    const auto all = static_cast<std::ptrdiff_t>(scenario_.feedback.size());
    std::string words;
    if (off < all)
      words = fmt::format(
          "<td><font color=\"{}\"><b>· · · ·</b> feedback: factor rises (+) or falls (−) "
          "with the ratio</font></td>",
          kFeedbackText);
    if (off > 0)
      words += fmt::format("<td><font color=\"#777777\">not drawn: {} feedback link{} switched off</font></td>", off,
                           off == 1 ? "" : "s");
    return words;
  }

  /// Title, and below it the kinds and causes that occur.
  void heading() {
    std::string kinds, causes;
    for (std::size_t kind = 0; kind < kKindNames.size(); ++kind) {
      const auto is_kind = [&](const State& state) { return static_cast<std::size_t>(state.kind) == kind; };
      if (std::ranges::none_of(scenario_.states, is_kind)) continue;
      const Look& look = kLooks[kind];
      kinds += fmt::format(
          "<td border=\"1\" cellpadding=\"4\" color=\"{}\" bgcolor=\"{}\"{}><font color=\"{}\">{}</font></td>",
          look.line, look.fill, look.style.ends_with("rounded") ? " style=\"rounded\"" : "", look.text,
          kKindNames[kind]);
    }
    for (const Stroke& stroke : kStrokes)
      if (count(stroke.cause) > 0)
        causes +=
            fmt::format("<td><font color=\"{}\"><b>{}</b> {}</font></td>", stroke.colour, stroke.sample, stroke.cause);
    if (std::ranges::any_of(scenario_.states, differs_by_class))
      causes += "<td><font color=\"#444444\"><b>*</b> differs by class of person</font></td>";
    causes += feedback_in_legend();
    const auto row = [](const std::string& cells) {
      return cells.empty() ? std::string{}
                           : "<tr><td align=\"left\"><table border=\"0\" cellspacing=\"5\" cellpadding=\"2\"><tr>" +
                                 cells + "</tr></table></td></tr>";
    };
    text_ += fmt::format(
        "  label=<<table border=\"0\" cellspacing=\"0\" cellpadding=\"4\">"
        "<tr><td align=\"left\"><font point-size=\"22\"><b>{}</b></font></td></tr>{}{}</table>>\n",
        escaped(label_or_name(scenario_.title, scenario_.name)), row(kinds), row(causes));
  }

  void source_node(const Arrivals& arrivals) {
    text_ += fmt::format("  {} [shape=plain, label=<<b>{}</b><br/><font point-size=\"10\">{}</font>>, tooltip={}]\n",
                         node_of_arrivals(arrivals), wrapped(arrivals.name, kLabelWidth),
                         escaped(arrivals_in_words(scenario_, arrivals.rate)), quoted("arrivals " + arrivals.name));
  }

  void node(StateIndex index) {
    const State& state = scenario_.states[index];
    const Look& look = look_of(state.kind);
    std::string small{kKindNames[static_cast<std::size_t>(state.kind)]};
    if (state.kind == Kind::service && !state.service.empty()) small += " of " + state.service;
    if (state.held && state.kind != Kind::custody) small += ", held";
    small = wrapped(small, kSmallWidth);
    const auto add_line = [&](const std::string& words) { small += "<br/>" + wrapped(words, kSmallWidth); };
    if (const std::string stay = stay_in_words(scenario_, state); !stay.empty()) add_line(stay);
    if (given(state.parole_eligibility))
      add_line("parole at " + in_percent(scenario_.central(state.parole_eligibility)));
    if (state.breach.declared()) add_line("breach " + as_rate(scenario_.central(state.breach.rate)));
    std::string label = wrapped(label_or_name(state.label, state.name), kLabelWidth);
    if (drawn_once("reoffending") && may_reoffend_[index])
      label += fmt::format(" <font color=\"{}\"><b>{}</b></font>", stroke_of("reoffending").colour, kReoffendingMark);
    text_ += fmt::format(
        "  {} [shape={}, style=\"{}\", fillcolor=\"{}\", color=\"{}\", fontcolor=\"{}\", penwidth={}{}, "
        "label=<{}<br/><font point-size=\"9\">{}</font>>, tooltip={}]\n",
        quoted(state.name), look.shape, look.style, look.fill, look.line, look.text, look.line_width,
        state.kind == Kind::service ? ", peripheries=2" : "", label, small, quoted(state.name));
  }

  static bool differs_by_class(const State& state) {
    return !state.shares.rows.empty() || !state.shares.modifiers.empty();
  }

  static std::string words_of(const Transition& transition, const State& from) {
    if (transition.cause == "completion") return {};
    if (transition.cause != "share") return transition.cause;
    return in_percent(transition.share) + (differs_by_class(from) ? " *" : "");
  }

  void edge(const Transition& transition) {
    const Stroke& stroke = stroke_of(transition.cause);
    std::string attributes = fmt::format("style={0}, color=\"{1}\", fontcolor=\"{1}\"", stroke.style, stroke.colour);
    if (const std::string words = words_of(transition, scenario_.states[transition.from]); !words.empty())
      attributes += ", label=" + quoted(words);
    if (transition.cause == "share") attributes += fmt::format(", penwidth={:.1f}", 0.8 + 2.2 * transition.share);
    if (!stroke.forwards) attributes += ", constraint=false";
    text_ += fmt::format("  {} -> {} [{}]\n", name(transition.from), name(transition.to), attributes);
  }

  /// A cause common to many states: one node that stands for all of them, and one edge.
  void common(std::string_view cause, std::string_view words, StateIndex to) {
    const Stroke& stroke = stroke_of(cause);
    text_ += fmt::format(
        "  {0} [shape=plain, fontcolor=\"{1}\", label=<<b>{2}</b><br/><font point-size=\"10\">{3}</font>>, "
        "tooltip={0}]\n  {0} -> {4} [style={5}, color=\"{1}\", penwidth=2]\n",
        quoted(fmt::format("{} anywhere", cause)), stroke.colour, cause, words, name(to), stroke.style);
  }

  /// A ratio that feedback links read: a note in line with a state it is made of, and arrows that push no state
  /// anywhere. Their words are external labels, for dot loses arrows with other labels between two nodes in line.
  void feedback(const RatioInPicture& ratio) {
    std::vector<std::pair<std::string, std::string>> ends;  // node, words
    const auto add = [&](const std::string& node, const std::string& words) {
      const auto end = std::ranges::find(ends, node, &std::pair<std::string, std::string>::first);
      if (end == ends.end())
        ends.emplace_back(node, wrapped(words, kSmallWidth));
      else
        end->second += "<br/>" + wrapped(words, kSmallWidth);
    };
    for (const auto& [target, for_whom, words] : ratio.moves) {
      const std::string_view cause = target.effect == Effect::death ? "death" : "reoffending";
      const bool may_be_common = target.effect == Effect::death || target.effect == Effect::reoffending;
      if (target.state != kNoState)
        add(name(target.state), words);
      else if (may_be_common && drawn_once(cause))
        add(quoted(fmt::format("{} anywhere", cause)), words);
      else
        for (StateIndex state : states_with(scenario_, target)) add(name(state), words);
    }
    const std::string node = quoted(ratio.name);
    text_ += fmt::format(
        "  {} [shape=note, style=filled, fillcolor=\"{}\", color=\"{}\", fontcolor=\"{}\", fontsize=10, "
        "height=0.3, label=<{}<br/><font point-size=\"8\">{}</font>>, tooltip={}]\n",
        node, kFeedbackFill, kFeedbackLine, kFeedbackText, wrapped(ratio.title, kLabelWidth),
        wrapped(ratio.unit, kSmallWidth), quoted(ratio.links));
    if (!ratio.made_of.empty()) text_ += fmt::format("  {{rank=same; {}; {}}}\n", name(ratio.made_of.front()), node);
    const std::string look = fmt::format("style=dotted, color=\"{}\", arrowsize=0.5, constraint=false", kFeedbackLine);
    for (StateIndex state : ratio.made_of) text_ += fmt::format("  {} -> {} [{}]\n", name(state), node, look);
    for (const auto& [end, words] : ends)
      text_ += fmt::format("  {} -> {} [{}, fontcolor=\"{}\", fontsize=9, xlabel=<{}>]\n", node, end, look,
                           kFeedbackText, words);
  }

  const Scenario& scenario_;
  const std::vector<Transition> transitions_;
  std::vector<bool> may_reoffend_;
  std::string text_;
};

}  // namespace

std::string to_dot(const Scenario& scenario) {
  return Drawing(scenario).source();
}

}  // namespace prisonflow::models
