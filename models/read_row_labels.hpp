// For whom a row is: the labels in the name of `shares_for."theft/female"`, or in the columns of a table of rows.
#pragma once

#include <set>

#include "models/read_context.hpp"

namespace prisonflow::models {

/// Reads the labels of the rows of one table.
class RowLabels {
 public:
  /// `path`: of what the rows replace, without `_for`. They may depend on the first `traits` traits.
  RowLabels(ReadContext& context, std::string path, std::size_t traits = kTraits)
      : context_(context), path_(std::move(path)), traits_(traits) {}

  /// Reports and returns false when what stands at `path` may not depend on the trait.
  bool may_use(Trait trait, Location where, const std::string& path);
  /// The labels of a name, "theft/female" or "risk:high"; nothing when one of them is wrong.
  std::optional<Conditions> of_name(std::string_view name, Location where);
  /// The labels in the cells of a row of a table, and the name under which text would give it.
  struct Named {
    Conditions conditions;
    std::string name;
  };
  std::optional<Named> of_cells(const CsvTable& table, const std::vector<CsvCell>& cells);
  /// Reports and returns false for a row that is for everyone, for nobody, or there already.
  bool is_new(const Conditions& conditions, Location where, const std::string& path);

 private:
  std::optional<std::pair<Trait, std::uint16_t>> label(std::string_view text, Location where, const std::string& path);

  ReadContext& context_;
  std::string path_;
  std::size_t traits_;
  std::set<Conditions> seen_;
};

}  // namespace prisonflow::models
