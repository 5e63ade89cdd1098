// The words in which numbers, distributions and shares are read back.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/scenario.hpp"

namespace prisonflow::models {

std::string_view grade_name(Grade grade);
/// The unit in which values of a quantity are kept, quoted: "days", "per year".
std::string_view base_unit(Quantity quantity);
/// A value of the parameter's quantity in the unit in which the parameter was written: "4 years", "60 %", "0.4".
std::string in_unit(double value, const Parameter& parameter);
/// The central value, with its range when it is uncertain: "0.5 (0.3 to 0.6)".
std::string value_text(const Parameter& parameter);

/// Speaks about one scenario.
class Wording {
 public:
  explicit Wording(const Scenario& scenario) : scenario_(scenario) {}

  std::string value(ParameterId id) const;
  /// With the noun, unless its unit says it.
  std::string counted(ParameterId id, std::string_view noun) const;
  std::string label(Trait trait, std::size_t label) const;
  /// "theft and female"
  std::string who(const Conditions& conditions) const;
  /// "lognormal, mean 4 years, sigma 0.9, times 2.4 for violent"
  std::string law(const LawSpec& law) const;
  /// ", times 2.4 for violent and 0.8 for female", empty without any
  std::string factors(const std::vector<Modifier>& modifiers) const;
  /// "prison 0.4, probation the rest"
  std::string row(const std::vector<std::uint16_t>& targets, const std::vector<ParameterId>& shares,
                  const std::vector<std::string>& names) const;
  /// A row, the rows for classes and the odds ratios, one a line.
  std::vector<std::string> shares(const Shares& shares, const std::vector<std::string>& names) const;
  /// "42000 per year" or "42000 per year from 2010-01-01, 39000 …"
  std::string series(const Series& series) const;
  /// "; only male", empty when everyone is meant
  std::string only(const std::array<std::vector<std::uint16_t>, kTraits>& only) const;
  std::string states(const std::vector<StateIndex>& states) const;
  std::string state(StateIndex state) const;
  /// "review: after 2 months and again after as long, to hearing"
  std::string event(const StateEvent& event) const;
  /// "occupancy of colonies (per cent): times 1 at 100, 1.2 at 150" and what it acts on.
  std::vector<std::string> link(const FeedbackLink& link) const;
  /// "Costs in KZT, prices of 2015"
  std::string costs_title() const;
  /// "750000 KZT per person per year; Colony, sentenced"
  std::string cost(const CostItem& item) const;

 private:
  const Scenario& scenario_;
};

/// What a link moves, in the words of the scenario: "states.prison.term".
std::string target_path(const Scenario& scenario, const LinkTarget& target);

/// "1 number", "2 numbers"
std::string many(std::size_t count, std::string_view one, std::string_view more = {});
/// Every number, or those of one grade, with value, grade and source; the sources below.
std::string number_table(const Scenario& scenario, std::size_t width, std::optional<Grade> only);
/// What is assumed and what is fitted, with the notes; then how many numbers have each grade.
std::string unpublished_numbers(const Scenario& scenario, std::size_t width);

/// Words broken into lines of at most `width` columns, each after the first begun with `indent` blanks; the first has
/// `used` columns before it already. Counts characters, not bytes.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent, std::size_t used = 0);
/// Columns a text takes.
std::size_t columns(std::string_view text);
std::string padded(std::string text, std::size_t width);

/// As a string of TOML.
std::string quoted(std::string_view text);
/// As an array of strings.
std::string list_of(const std::vector<std::string>& words);

}  // namespace prisonflow::models
