// A scenario read back: for people in the words of the language, and as one canonical text for provenance.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "models/scenario.hpp"

namespace prisonflow::models {

class CaseGraph;
class Model;

struct DescribeOptions {
  std::size_t width = 110;          ///< columns of the terminal, at least 60
  std::optional<Grade> only_grade;  ///< only the parameters of this grade, without the rest of the description
};

/// What is simulated, in words; then every number with value, grade and source; then what nobody published.
std::string describe(const Scenario& scenario, const DescribeOptions& options = {});

/// The whole resolved scenario as text: the same for texts that mean the same (comments, layout, the order of the files
/// do not matter), different when anything differs that moves a result. Kept with every result and hashed.
std::string resolved_text(const Scenario& scenario);

/// The part of it that settles the steady state of the first day, with the values of the parameters: the states that
/// somebody enters by `graph`, which is the model's, who arrives, and the policies in force. Worlds that agree here
/// have the same steady state, to the bit, but for the numbers of their states (models/steady_states.hpp).
std::string first_day_text(const Model& model, const CaseGraph& graph);

}  // namespace prisonflow::models
