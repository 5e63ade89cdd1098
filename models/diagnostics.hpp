// Errors in what a user wrote, all at once: `file:line:column: problem (why); suggestion`.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace prisonflow::models {

struct Diagnostic {
  std::string file;  ///< as the user would open it
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string problem;     ///< what is wrong, naming the key
  std::string why;         ///< the rule that is broken, or the consequence
  std::string suggestion;  ///< what to write instead
};

/// `file:line:column: problem (why); suggestion`, without the parts that are empty.
std::string to_string(const Diagnostic& diagnostic);

/// Thrown by the reader when a scenario is not usable; holds every error found, in the order of the text.
class InvalidScenario : public std::runtime_error {
 public:
  explicit InvalidScenario(std::vector<Diagnostic> diagnostics);
  const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }

 private:
  std::vector<Diagnostic> diagnostics_;
};

/// The candidate most like `word` (edit distance at most a third of its length, at least 1), or empty.
std::string closest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace prisonflow::models
