// How numbers, distributions, shares and lists are worded, and how lines are broken.
#include "models/describe_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/money_units.hpp"
#include "models/read_problems.hpp"
#include "models/unit_parser.hpp"

namespace prisonflow::models {

std::string_view grade_name(Grade grade) {
  constexpr std::array<std::string_view, 4> kNames{"measured", "derived", "fitted", "assumed"};
  return kNames[static_cast<std::size_t>(grade)];
}

std::string in_unit(double value, const Parameter& parameter) {
  const double factor = unit_factor(parameter.unit, parameter.quantity).value_or(1);
  const std::string number = fmt::format("{:.8g}", value / factor);
  if (parameter.unit == "1") return number;
  return number + " " + parameter.unit;
}

std::string value_text(const Parameter& parameter) {
  const std::string central = in_unit(parameter.value, parameter);
  const double factor = unit_factor(parameter.unit, parameter.quantity).value_or(1);
  switch (parameter.uncertainty) {
    case Uncertainty::none:
      return central;
    case Uncertainty::triangular:
      if (is_money(parameter.quantity))  // whose units are long
        return fmt::format("{} ({:.8g} to {:.8g})", central, parameter.low / factor, parameter.high / factor);
      return fmt::format("{} ({} to {})", central, in_unit(parameter.low, parameter),
                         in_unit(parameter.high, parameter));
    case Uncertainty::uniform:
      return fmt::format("{} to {}", in_unit(parameter.low, parameter), in_unit(parameter.high, parameter));
    case Uncertainty::normal:
      return fmt::format("{} (normal, sd {})", central, in_unit(parameter.high, parameter));
    case Uncertainty::lognormal:
      return fmt::format("{} (lognormal, sigma {})", central, plain(parameter.high));
  }
  return central;
}

std::string Wording::value(ParameterId id) const {
  return given(id) ? value_text(scenario_.parameter(id)) : "?";
}

std::string Wording::counted(ParameterId id, std::string_view noun) const {
  return scenario_.parameter(id).unit == "1" ? fmt::format("{} {}", value(id), noun) : value(id);
}

std::string Wording::label(Trait trait, std::size_t label) const {
  const TraitClasses& classes = scenario_.traits[index_of(trait)];
  const std::string& name = classes.labels[label];
  const bool bare = index_of(trait) >= index_of(Trait::age);  // "18-24" alone says nothing
  return bare ? fmt::format("{} {}", kTraitNames[index_of(trait)], name) : name;
}

std::string Wording::who(const Conditions& conditions) const {
  std::string words;
  for (const auto& [trait, index] : conditions) words += (words.empty() ? "" : " and ") + label(trait, index);
  return words;
}

std::string Wording::factors(const std::vector<Modifier>& modifiers) const {
  std::string text;
  for (const Modifier& modifier : modifiers)
    text += fmt::format("{} {} for {}", text.empty() ? ", times" : ",", value(modifier.factor),
                        label(modifier.trait, modifier.label));
  return text;
}

std::string Wording::law(const LawSpec& law) const {
  std::string text;
  switch (law.family) {
    case Family::fixed:
      text = value(law.scale);
      break;
    case Family::exponential:
      text = "exponential, mean " + value(law.scale);
      break;
    case Family::uniform:
      text = fmt::format("between {} and {}", value(law.scale), value(law.second));
      break;
    case Family::weibull:
      text = fmt::format("Weibull, scale {}, shape {}", value(law.scale), value(law.second));
      break;
    case Family::lognormal:
      text = fmt::format("lognormal, {} {}, sigma {}", law.median ? "median" : "mean", value(law.scale),
                         value(law.second));
      break;
    case Family::gamma:
      text = fmt::format("gamma, mean {}, shape {}", value(law.scale), value(law.second));
      break;
    case Family::empirical:
      text = fmt::format("from a table of {} durations up to {}", law.points.size(), value(law.points.back().first));
      break;
  }
  if (given(law.never)) text += fmt::format(", never with share {}", value(law.never));
  return text + factors(law.factors);
}

std::string Wording::row(const std::vector<std::uint16_t>& targets, const std::vector<ParameterId>& shares,
                         const std::vector<std::string>& names) const {
  std::string text;
  for (std::size_t i = 0; i < targets.size(); ++i)
    text +=
        fmt::format("{}{} {}", i == 0 ? "" : ", ", names[targets[i]], given(shares[i]) ? value(shares[i]) : "the rest");
  return text;
}

std::vector<std::string> Wording::shares(const Shares& shares, const std::vector<std::string>& names) const {
  std::vector<std::string> lines{row(shares.targets, shares.base, names)};
  for (const ShareRow& special : shares.rows)
    lines.push_back(fmt::format("for {}: {}", who(special.conditions), row(shares.targets, special.shares, names)));
  std::string odds, of;
  for (const ShareModifier& modifier : shares.modifiers) {
    const std::string whose = label(modifier.trait, modifier.label);
    odds += odds.empty() ? "odds for " + whose + ": " : whose != of ? "; for " + whose + ": " : ", ";
    odds += fmt::format("{} times {}", names[shares.targets[modifier.branch]], value(modifier.odds));
    of = whose;
  }
  if (!odds.empty()) lines.push_back(odds);
  return lines;
}

std::string Wording::series(const Series& series) const {
  if (series.points.size() == 1) return value(series.points.front().second);
  constexpr std::size_t kMost = 6;
  std::string text;
  for (std::size_t i = 0; i < series.points.size(); ++i) {
    const bool last = i + 1 == series.points.size();
    if (i + 1 == kMost && !last) {
      text += fmt::format(", … ({} values)", series.points.size());
      i = series.points.size() - 1;
    }
    text += fmt::format("{}{} from {}", text.empty() ? "" : ", ", value(series.points[i].second),
                        sim::to_string(series.points[i].first));
  }
  return text + (series.linear ? ", in straight lines" : "");
}

std::string Wording::only(const std::array<std::vector<std::uint16_t>, kTraits>& only) const {
  std::string text;
  for (std::size_t t = 0; t < kTraits; ++t) {
    if (only[t].empty()) continue;
    const auto trait = static_cast<Trait>(t);
    std::vector<std::string> labels;  // "age 14-17, 18-24 and 25-34": the trait's name once
    for (const std::uint16_t index : only[t])
      labels.push_back(labels.empty() ? label(trait, index) : scenario_.traits[t].labels[index]);
    text += (text.empty() ? "; only " : ", ") + listed(labels, 40);
  }
  return text;
}

std::string Wording::state(StateIndex state) const {
  return state == kNoState ? "nowhere" : scenario_.states[state].name;
}

std::string Wording::states(const std::vector<StateIndex>& states) const {
  std::vector<std::string> names;
  for (const StateIndex index : states) names.push_back(state(index));
  return listed(names, 40);
}

std::string many(std::size_t count, std::string_view one, std::string_view more) {
  if (count == 1) return fmt::format("1 {}", one);
  return more.empty() ? fmt::format("{} {}s", count, one) : fmt::format("{} {}", count, more);
}

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
}

std::string padded(std::string text, std::size_t width) {
  const std::size_t used = columns(text);
  if (used < width) text.append(width - used, ' ');
  return text;
}

std::string wrapped(std::string_view text, std::size_t width, std::size_t indent, std::size_t used) {
  std::string result;
  bool line_begins = true;
  const std::size_t leading = std::min(text.find_first_not_of(' '), text.size());
  result.append(leading, ' ');
  std::size_t column = used + leading;
  text.remove_prefix(leading);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" \n"), text.size());
    const std::string_view word = text.substr(0, end);
    const std::size_t gap = line_begins ? 0 : 1;
    if (!word.empty()) {
      if (!line_begins && column + gap + columns(word) > width) {
        result += '\n' + std::string(indent, ' ');
        column = indent;
      } else if (!line_begins) {
        result += ' ';
        ++column;
      }
      result += word;
      column += columns(word);
      line_begins = false;
    }
    if (end < text.size() && text[end] == ' ' && word.empty() && !line_begins) {
      result += ' ';  // blanks that align columns are kept
      ++column;
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

std::string_view base_unit(Quantity quantity) {
  switch (quantity) {
    case Quantity::duration:
      return "\"days\"";
    case Quantity::rate:
      return "\"per year\"";
    case Quantity::share:
      return "\"share\"";
    case Quantity::odds:
      return "\"ratio\"";
    case Quantity::count:
      return "\"count\"";
    case Quantity::area:
      return "\"m2\"";
    case Quantity::cost_of_time:
      return "\"per person per year\"";
    case Quantity::cost_each:
      return "\"each\"";
    case Quantity::cost_of_places:
      return "\"per place per year\"";
    case Quantity::cost_of_a_place:
      return "\"per place\"";
    case Quantity::number:
      break;
  }
  return "\"number\"";
}

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    if (c == '\n')
      result += "\\n";
    else if (static_cast<unsigned char>(c) < 0x20)
      result += fmt::format("\\u{:04X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    else
      result += c;
  }
  return result + '"';
}

std::string list_of(const std::vector<std::string>& words) {
  std::string result = "[";
  for (const std::string& word : words) result += (result.size() == 1 ? "" : ", ") + quoted(word);
  return result + "]";
}

}  // namespace prisonflow::models
