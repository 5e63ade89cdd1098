// From a path to one merged tree: the scenario's text, what it extends, and where each number's unit, source, grade
// and note come from.
//
// A number takes its unit, source, grade and note from its own file first, the nearest table above it. Only when its
// file gives neither source nor grade there does it take them from the tables of the extended file. So a grade at the
// top of a reform never regrades the base, and a number never has the grade of one file with the source of another.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/csv_table.hpp"
#include "models/read_problems.hpp"
#include "models/toml_document.hpp"

namespace prisonflow::models {

/// What counts for the numbers of one table: the nearest `unit`, `source`, `grade` and `note` above them.
struct Provenance {
  struct Entry {
    std::string text;
    Location where;
    bool given = false;
  };
  Entry unit, source, grade, note;
};
inline const std::vector<std::string> kProvenanceKeys{"unit", "source", "grade", "note"};

/// The files of a scenario. All lie in the folder of the first one or below; nothing else is ever opened.
class ScenarioFiles {
 public:
  ScenarioFiles(const std::filesystem::path& main, std::vector<SourceFile>& files, Problems& problems);

  /// Reads the file asked for. Throws InvalidScenario when it cannot be read.
  void open_main();
  /// Reads the file named by a text node, relative to the folder of the file in which the node stands. Reads a file
  /// once. Nothing, with the reason in the problems, when it may not or cannot be read.
  std::optional<std::uint32_t> open(const Node& name, std::string_view what, std::size_t most_bytes);
  /// `open` for a table.
  std::optional<CsvTable> open_table(const Node& name);

  const std::string& text(std::uint32_t file) const { return files_[file].text; }
  /// The names as the user would open them.
  const std::vector<std::string>& shown() const { return shown_; }
  const std::string& shown(std::uint32_t file) const { return shown_[file]; }

 private:
  std::uint32_t keep(const std::filesystem::path& canonical, const std::filesystem::path& relative, std::string text);
  std::string like(const std::filesystem::path& missing) const;

  std::filesystem::path main_;
  std::filesystem::path root_;  ///< the folder, without symbolic links
  std::vector<SourceFile>& files_;
  Problems& problems_;
  std::vector<std::string> shown_;
  std::vector<std::filesystem::path> canonical_;
};

struct ScenarioTree {
  Node root;
  std::vector<Provenance> scopes;  ///< by Node::scope
};

/// The scenario's text over everything it extends, lowest first: keys of the lower file keep their place. Nothing when
/// a file cannot be read or has a syntax error.
std::optional<ScenarioTree> read_tree(ScenarioFiles& files, Problems& problems);

/// A table that is one number: it has `value`, `central` or `draw`.
bool is_value_table(const Node& node);

}  // namespace prisonflow::models
