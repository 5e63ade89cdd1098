// Turns what toml++ reads, or refuses, into our own nodes and errors.
#include "models/toml_document.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

#include "models/toml_limits.hpp"

namespace prisonflow::models {

std::string_view described(NodeType type) {
  switch (type) {
    case NodeType::table:
      return "a table";
    case NodeType::list:
      return "a list";
    case NodeType::text:
      return "text";
    case NodeType::integer:
      return "a whole number";
    case NodeType::number:
      return "a number";
    case NodeType::boolean:
      return "true or false";
    case NodeType::date:
      return "a date";
    case NodeType::moment:
      return "a time of day";
  }
  return "a value";
}

const Node* Node::find(std::string_view name) const {
  const auto found = std::find(keys.begin(), keys.end(), name);
  return found == keys.end() ? nullptr : &items[static_cast<std::size_t>(found - keys.begin())];
}
Node* Node::find(std::string_view name) {
  const auto found = std::find(keys.begin(), keys.end(), name);
  return found == keys.end() ? nullptr : &items[static_cast<std::size_t>(found - keys.begin())];
}

namespace {

Location place(const toml::source_region& region, std::uint32_t file) {
  return {file, region.begin.line, region.begin.column};
}

Node convert(const toml::node& from, std::uint32_t file);

void convert_table(const toml::table& table, std::uint32_t file, Node& node) {
  std::vector<std::pair<std::string, Node>> entries;
  entries.reserve(table.size());
  for (const auto& [key, value] : table) {
    entries.emplace_back(std::string(key.str()), convert(value, file));
    entries.back().second.key = place(key.source(), file);
  }
  const auto by_place = [](const auto& a, const auto& b) {
    const Location &x = a.second.key, &y = b.second.key;
    return std::tuple(x.line, x.column) < std::tuple(y.line, y.column);
  };
  std::stable_sort(entries.begin(), entries.end(), by_place);
  node.keys.reserve(entries.size());
  node.items.reserve(entries.size());
  for (auto& [key, value] : entries) {
    node.keys.push_back(std::move(key));
    node.items.push_back(std::move(value));
  }
}

Node convert(const toml::node& from, std::uint32_t file) {
  Node node;
  node.where = node.key = place(from.source(), file);
  if (const auto* table = from.as_table()) {
    convert_table(*table, file, node);
  } else if (const auto* list = from.as_array()) {
    node.type = NodeType::list;
    for (const toml::node& item : *list) node.items.push_back(convert(item, file));
  } else if (const auto* text = from.as_string()) {
    node.type = NodeType::text;
    node.text = text->get();
  } else if (const auto* integer = from.as_integer()) {
    node.type = NodeType::integer;
    node.integer = integer->get();
    node.number = static_cast<double>(node.integer);
  } else if (const auto* number = from.as_floating_point()) {
    node.type = NodeType::number;
    node.number = number->get();
  } else if (const auto* truth = from.as_boolean()) {
    node.type = NodeType::boolean;
    node.truth = truth->get();
  } else if (const auto* date = from.as_date()) {
    node.type = NodeType::date;
    node.date = sim::make_date(date->get().year, date->get().month, date->get().day);
  } else {
    node.type = NodeType::moment;
  }
  return node;
}

/// What the words of toml++ mean to someone who has never heard of TOML, by a part of its message.
struct Hint {
  std::string_view part;
  std::string_view suggestion;
};
constexpr Hint kHints[] = {
    {"cannot redefine existing table", "write each [table] once, and put all its keys there"},
    {"cannot redefine", "each key may be given once in its table: remove or rename one of the two"},
    {"parsing date", "a date is written 2015-01-31"},
    {"parsing time", "a date is written 2015-01-31, without a time"},
    {"expected a comment or whitespace", "a text, as \"18 months\", stands in quotes; one key stands on a line"},
    {"expected value-terminator", "a text, as \"18 months\", stands in quotes"},
    {"expected value", "write a number, \"text in quotes\", a date, [a list] or { a table } after the ="},
    {"parsing string",
     "close the text with a \" on the same line; write \\\" for a quotation mark and \\\\ for a backslash"},
    {"parsing array", "close the list with ]"},
    {"parsing inline table",
     "a table in braces stands on one line, with commas between its keys and no comma at its end"},
    {"parsing table header", "a table begins with its name in brackets: [states.prison]"},
    {"expected '='", "a key is followed by = and a value; a key with spaces or signs stands in quotes"},
    {"utf-8", "save the file as UTF-8"},
    {"leading zero", "write the number without zeros before it"},
    {"parsing", "names are a-z, 0-9, _ and -, others stand in quotes; numbers have a decimal point"},
};

void explain(std::string_view message, Location where, Problems& problems) {
  constexpr std::string_view kPrefix = "Error while ";
  if (message.substr(0, kPrefix.size()) == kPrefix) message.remove_prefix(kPrefix.size());
  std::string suggestion;
  for (const Hint& hint : kHints) {
    if (message.find(hint.part) == std::string_view::npos) continue;
    suggestion = hint.suggestion;
    break;
  }
  std::string problem{message};
  std::replace(problem.begin(), problem.end(), '\n', ' ');
  problems.add(where, "syntax error: " + problem, "nothing after this place could be read", suggestion);
}

}  // namespace

std::optional<Node> parse_toml(std::string_view text, std::uint32_t file, Problems& problems) {
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  if (!within_limits(text, file, problems)) return std::nullopt;
  try {
    const toml::table table = toml::parse(text, std::string_view{});
    return convert(table, file);
  } catch (const toml::parse_error& error) {
    explain(error.description(), place(error.source(), file), problems);
  } catch (const std::exception& error) {
    problems.add({file, 1, 1}, fmt::format("the text could not be read: {}", error.what()),
                 "it is no TOML the reader understands");
  }
  return std::nullopt;
}

}  // namespace prisonflow::models
