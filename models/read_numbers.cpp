// From a number in the text, or in a cell, to a parameter; every way in which it can be wrong.
#include "models/read_numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/unit_parser.hpp"

namespace prisonflow::models {

namespace {

/// A number being read, before it is a Parameter.
struct Draft {
  std::string path;
  Quantity quantity = Quantity::number;
  NumberRule rule;
  Provenance provenance;
  bool own_unit = false;  ///< the unit stands beside the number, not in a table above
  Location where;
  std::uint32_t order = 0;

  bool sound = true;
  Measured measured;  ///< the central value
  Uncertainty uncertainty = Uncertainty::none;
  double low = 0, high = 0;
};

void complain(ReadContext& context, Draft& draft, Location where, std::string problem, std::string why,
              std::string suggestion = {}) {
  draft.sound = false;
  context.problems.add(where, draft.path + ": " + std::move(problem), std::move(why), std::move(suggestion));
}

void complain(ReadContext& context, Draft& draft, Location where, UnitProblem problem) {
  complain(context, draft, where, std::move(problem.problem), std::move(problem.why), std::move(problem.suggestion));
}

/// The unit that counts for a number without one in its own text: beside it, or above it when it fits the quantity.
std::string_view unit_for(const Draft& draft, Quantity quantity) {
  if (!draft.provenance.unit.given) return {};
  const std::string& unit = draft.provenance.unit.text;
  if (!draft.own_unit && !unit_factor(unit, quantity)) return {};
  return unit;
}

void check_range(ReadContext& context, Draft& draft, Location where, double value) {
  if (!std::isfinite(value)) {
    complain(context, draft, where, "the number is not finite", "results would have no meaning", "write a number");
  } else if (value < 0 && !draft.rule.any_sign) {
    complain(context, draft, where, fmt::format("{} is negative", plain(value)),
             fmt::format("{} is 0 or more", described(draft.quantity)), "remove the minus sign");
  } else if (draft.quantity == Quantity::share && std::abs(value) > 1) {
    complain(context, draft, where, fmt::format("the share {} is above 1", plain(value)), "a share is between 0 and 1",
             value >= 2 && value <= 100 ? fmt::format("write {} or \"{} %\"", plain(value / 100), plain(value)) : "");
  } else if (value == 0 && (draft.rule.above_zero || (draft.quantity == Quantity::number && !draft.rule.any_sign))) {
    complain(context, draft, where, "the number is 0", "it must be above 0 here");
  } else if (value < draft.rule.least && !draft.rule.any_sign) {
    complain(context, draft, where, fmt::format("{} is below {}", plain(value), plain(draft.rule.least)),
             std::string(draft.rule.why_least), fmt::format("write {} or more", plain(draft.rule.least)));
  } else if (value > draft.rule.most) {
    complain(context, draft, where, fmt::format("{} is above {}", plain(value), plain(draft.rule.most)),
             std::string(draft.rule.why_most), "check the unit and the number of zeros");
  }
}

std::optional<Measured> read_scalar(ReadContext& context, Draft& draft, const Node& node, Quantity quantity) {
  std::variant<Measured, UnitProblem> result;
  if (node.is_number()) {
    if (!std::isfinite(node.number)) {
      complain(context, draft, node.where, "the number is not finite", "results would have no meaning",
               "write a number");
      return std::nullopt;
    }
    result = with_unit(node.number, unit_for(draft, quantity), quantity, context.scenario.costs.currency);
  } else if (node.is(NodeType::text)) {
    result = parse_measured(node.text, quantity, context.scenario.costs.currency);
    if (const auto* measured = std::get_if<Measured>(&result)) {
      if (measured->unit == "1" || (quantity == Quantity::rate && node.text.find("per") == std::string::npos))
        result = UnitProblem{fmt::format("\"{}\" is text", node.text), "a number without a unit stands without quotes",
                             fmt::format("write {}", plain(measured->value))};
      else if (draft.own_unit)
        result = UnitProblem{
            fmt::format("\"{}\" has a unit, and \"{}\" stands beside it", node.text, draft.provenance.unit.text),
            "only one of them can count", "remove one of the two"};
    }
  } else {
    complain(context, draft, node.where,
             fmt::format("{} is expected, not {}", described(quantity), described(node.type)),
             "every number is plain, with a unit in quotes, or a table with `value`");
    return std::nullopt;
  }
  if (auto* problem = std::get_if<UnitProblem>(&result)) {
    complain(context, draft, node.where, std::move(*problem));
    return std::nullopt;
  }
  return std::get<Measured>(result);
}

std::optional<Measured> read_part(ReadContext& context, Draft& draft, const Node& table, std::string_view key,
                                  Quantity quantity) {
  const Node* node = table.find(key);
  if (node != nullptr) return read_scalar(context, draft, *node, quantity);
  complain(context, draft, table.where, fmt::format("\"{}\" is missing", key), "an uncertain number needs it");
  return std::nullopt;
}

void read_spread(ReadContext& context, Draft& draft, const Node& table, Uncertainty uncertainty) {
  const bool ends = uncertainty == Uncertainty::triangular || uncertainty == Uncertainty::uniform;
  draft.uncertainty = uncertainty;
  if (ends) {
    const auto low = read_part(context, draft, table, "low", draft.quantity);
    const auto high = read_part(context, draft, table, "high", draft.quantity);
    std::optional<Measured> central;
    if (uncertainty == Uncertainty::triangular) central = read_part(context, draft, table, "central", draft.quantity);
    if (!low || !high || (uncertainty == Uncertainty::triangular && !central)) return;
    draft.low = low->value;
    draft.high = high->value;
    draft.measured = central ? *central : Measured{(low->value + high->value) / 2, low->factor, low->unit};
    if (draft.low > draft.measured.value || draft.measured.value > draft.high)
      complain(context, draft, table.where, "low, central and high are not in this order",
               fmt::format("they are {}, {} and {}", plain(draft.low / low->factor),
                           plain(draft.measured.value / draft.measured.factor), plain(draft.high / high->factor)));
    check_range(context, draft, table.find("low")->where, draft.low);
    check_range(context, draft, table.find("high")->where, draft.high);
  } else {
    const bool normal = uncertainty == Uncertainty::normal;
    const auto central = read_part(context, draft, table, normal ? "mean" : "median", draft.quantity);
    const auto spread =
        read_part(context, draft, table, normal ? "sd" : "sigma", normal ? draft.quantity : Quantity::odds);
    if (!central || !spread) return;
    draft.measured = *central;
    draft.high = spread->value;
    if (spread->value < 0)
      complain(context, draft, table.find(normal ? "sd" : "sigma")->where, "the spread is negative", "it is 0 or more");
  }
}

/// Keys by form, the first of which is the key that tells the form.
void read_value_table(ReadContext& context, Draft& draft, const Node& table) {
  const std::vector<std::string> draws{"triangular", "uniform", "normal", "lognormal"};
  const Node* draw = table.find("draw");
  if (draw == nullptr && table.find("value") != nullptr) {
    check_keys(context, table, draft.path, {"value"});
    if (const auto measured = read_part(context, draft, table, "value", draft.quantity)) draft.measured = *measured;
    return;
  }
  Uncertainty uncertainty = Uncertainty::triangular;
  if (draw != nullptr) {
    const std::optional<std::size_t> choice = read_choice(context, *draw, join(draft.path, "draw"), draws);
    if (!choice) {
      draft.sound = false;
      return;
    }
    uncertainty =
        std::array{Uncertainty::triangular, Uncertainty::uniform, Uncertainty::normal, Uncertainty::lognormal}[*choice];
  }
  switch (uncertainty) {
    case Uncertainty::uniform:
      check_keys(context, table, draft.path, {"draw", "low", "high"});
      break;
    case Uncertainty::normal:
      check_keys(context, table, draft.path, {"draw", "mean", "sd"});
      break;
    case Uncertainty::lognormal:
      check_keys(context, table, draft.path, {"draw", "median", "sigma"});
      break;
    case Uncertainty::triangular:
    case Uncertainty::none:
      check_keys(context, table, draft.path, {"draw", "low", "central", "high"});
      break;
  }
  read_spread(context, draft, table, uncertainty);
}

ParameterId declare(ReadContext& context, Draft& draft) {
  if (draft.sound) check_range(context, draft, draft.where, draft.measured.value);
  Parameter parameter;
  parameter.path = draft.path;
  parameter.quantity = draft.quantity;
  parameter.value = draft.sound ? draft.measured.value : 0;
  parameter.uncertainty = draft.sound ? draft.uncertainty : Uncertainty::none;
  parameter.low = draft.low;
  parameter.high = draft.high;
  parameter.unit = draft.measured.unit.empty() ? "1" : draft.measured.unit;
  parameter.where = draft.where;
  const Provenance& from = draft.provenance;
  parameter.note = from.note.text;
  if (from.source.given) parameter.source = resolve_source(context, from.source.text, from.source.where);
  if (!from.grade.given) {
    context.ungraded.emplace_back(draft.path, draft.where);
  } else {
    constexpr std::array<std::string_view, 4> kGrades{"measured", "derived", "fitted", "assumed"};
    const auto grade = std::find(kGrades.begin(), kGrades.end(), from.grade.text);
    if (grade != kGrades.end()) parameter.grade = static_cast<Grade>(grade - kGrades.begin());
    if (parameter.grade != Grade::assumed && !from.source.given)
      context.problems.add(draft.where, fmt::format("{} is graded {} but has no source", draft.path, from.grade.text),
                           "nobody could check it",
                           "add source = \"…\" beside it or in a table above, or grade it assumed");
    if (parameter.grade == Grade::fitted && !from.note.given)
      context.problems.add(draft.where, fmt::format("{} is fitted but has no note", draft.path),
                           "a fitted number says to which series and over which years", "add note = \"fitted to …\"");
  }
  const auto id = static_cast<ParameterId>(context.scenario.parameters.size());
  const auto [known, fresh] = context.by_path.emplace(draft.path, id);
  if (!fresh)
    context.problems.add(
        draft.where, fmt::format("{} is given twice", draft.path),
        fmt::format("it stands in line {} as well", context.scenario.parameter(known->second).where.line),
        "remove one of the two");
  if (draft.rule.above_zero) context.scenario.rules.above_zero.insert(id);
  context.scenario.parameters.push_back(std::move(parameter));
  context.order.push_back(draft.order);
  return id;
}

}  // namespace

bool is_number_like(const Node& node) {
  return !node.is(NodeType::table) || is_value_table(node);
}

ParameterId read_number(ReadContext& context, const Node& node, const std::string& path, Quantity quantity,
                        const NumberRule& rule) {
  Draft draft;
  draft.path = path;
  draft.quantity = quantity;
  draft.rule = rule;
  draft.provenance = context.scopes[node.scope];
  draft.where = node.where;
  draft.order = node.order;
  draft.own_unit = node.is(NodeType::table) && node.find("unit") != nullptr;
  if (node.is(NodeType::table) &&
      (is_value_table(node) || node.find("low") != nullptr || node.find("high") != nullptr)) {
    read_value_table(context, draft, node);
  } else if (node.is(NodeType::table)) {
    complain(context, draft, node.where, "a number is expected, not a table", "",
             "write the number, or { value = …, source = \"…\", grade = \"…\" }");
  } else if (const std::optional<Measured> measured = read_scalar(context, draft, node, quantity)) {
    draft.measured = *measured;
  }
  return declare(context, draft);
}

ParameterId read_number(ReadContext& context, const CsvTable& table, const std::vector<CsvCell>& row,
                        std::size_t column, const Node& named, const std::string& path, Quantity quantity,
                        const NumberRule& rule) {
  Draft draft;
  draft.path = path;
  draft.quantity = quantity;
  draft.rule = rule;
  draft.provenance = context.scopes[named.scope];
  draft.where = row[column].where;
  draft.order = named.order;
  const auto overlay = [&](std::string_view name, Provenance::Entry& entry) {
    const std::optional<std::size_t> at = table.column(name);
    if (!at || row[*at].text.empty()) return false;
    entry = {row[*at].text, row[*at].where, true};
    return true;
  };
  draft.own_unit = overlay("unit", draft.provenance.unit) && !rule.unit_of_another;
  overlay("source", draft.provenance.source);
  overlay("grade", draft.provenance.grade);
  overlay("note", draft.provenance.note);
  if (draft.provenance.grade.text != "measured" && draft.provenance.grade.text != "derived" &&
      draft.provenance.grade.text != "fitted" && draft.provenance.grade.text != "assumed" &&
      draft.provenance.grade.given)
    complain(context, draft, draft.provenance.grade.where,
             fmt::format("unknown grade \"{}\"", draft.provenance.grade.text),
             "a grade says how well a number is known",
             suggest(draft.provenance.grade.text, {"measured", "derived", "fitted", "assumed"}, "grades"));

  const std::string& text = row[column].text;
  auto result = parse_measured(text, quantity);
  const bool bare = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
  });
  if (bare) {  // no unit in the cell: the one beside or above counts
    auto as_number = parse_measured(text, Quantity::number);
    if (const auto* number = std::get_if<Measured>(&as_number))
      result = with_unit(number->value, unit_for(draft, quantity), quantity);
  }
  if (auto* problem = std::get_if<UnitProblem>(&result))
    complain(context, draft, draft.where, std::move(*problem));
  else
    draft.measured = std::get<Measured>(result);
  return declare(context, draft);
}

ParameterId implied_zero(ReadContext& context, const Node& row, const std::string& path) {
  Draft draft;
  draft.path = path;
  draft.quantity = Quantity::share;
  draft.provenance = context.scopes[row.scope];
  draft.where = row.where;
  draft.order = row.order;
  draft.measured = {0, 1, "1"};
  return declare(context, draft);
}

}  // namespace prisonflow::models
