// The one door to toml++: a text becomes a tree of our own nodes, each with its place in the text.
//
// toml++ sorts the keys of a table; here they stand in the order in which they are written, so that states, policies
// and parameters keep it. It also trusts its input more than a program may that promises never to crash: size,
// nesting and the length of dotted keys are checked before it sees the text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/read_problems.hpp"
#include "models/scenario.hpp"

namespace prisonflow::models {

inline constexpr std::size_t kLargestToml = 4u << 20;  ///< bytes
inline constexpr std::size_t kDeepestToml = 32;        ///< tables within tables

enum class NodeType : std::uint8_t { table, list, text, integer, number, boolean, date, moment };
/// "a table", "a list", "text", "a whole number", "a number", "true or false", "a date", "a time of day"
std::string_view described(NodeType type);

/// A value of a scenario text. Tables and lists hold others.
struct Node {
  NodeType type = NodeType::table;
  Location where;           ///< of the value
  Location key;             ///< of its key; of the value itself in a list
  std::uint32_t scope = 0;  ///< which unit, source, grade and note count here (models/read_tree.hpp)
  std::uint32_t order = 0;  ///< place in the merged tree
  std::string text;
  double number = 0;  ///< integers too
  std::int64_t integer = 0;
  bool truth = false;
  sim::Date date{};
  std::vector<std::string> keys;  ///< of a table, in the order of the text
  std::vector<Node> items;        ///< of a table or a list

  bool is(NodeType t) const { return type == t; }
  bool is_number() const { return type == NodeType::integer || type == NodeType::number; }
  const Node* find(std::string_view name) const;
  Node* find(std::string_view name);
};

/// The tree of `text`, or nothing with the first syntax error in `problems`. Never throws on any text.
std::optional<Node> parse_toml(std::string_view text, std::uint32_t file, Problems& problems);

}  // namespace prisonflow::models
