// Collects what is wrong with a scenario while it is read, so that everything is reported at once.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/diagnostics.hpp"
#include "models/scenario.hpp"

namespace prisonflow::models {

class Problems {
 public:
  /// Says the same thing about the same place once. Keeps the first thousand: one table with a million bad rows is told
  /// well enough by them.
  void add(Location where, std::string problem, std::string why = {}, std::string suggestion = {});
  bool none() const { return problems_.empty(); }
  std::size_t count() const { return count_; }
  /// By file, line and column; `shown_files` are the names as the user would open them, by Location::file.
  std::vector<Diagnostic> in_text_order(const std::vector<std::string>& shown_files) const;

 private:
  struct Problem {
    Location where;
    std::string problem, why, suggestion;
  };
  std::vector<Problem> problems_;
  std::set<std::pair<std::uint64_t, std::string>> said_;
  std::size_t count_ = 0;
};

/// `did you mean "prison"?` when a candidate is close, else `the <what> are: a, b, c`.
std::string suggest(std::string_view word, const std::vector<std::string>& candidates, std::string_view what);
/// "a, b and c", at most `most` of them, then "… and 12 more".
std::string listed(const std::vector<std::string>& words, std::size_t most = 12);
/// A number as people write it: no trailing zeros, every digit that counts.
std::string plain(double value);

}  // namespace prisonflow::models
