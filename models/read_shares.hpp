// Rows of shares: branches of a decision, and the mix of traits of those who arrive.
#pragma once

#include "models/read_numbers.hpp"

namespace prisonflow::models {

/// What the shares of a row lead to.
struct ShareTargets {
  std::string what;                       ///< "states", "labels of sex": for messages
  const std::vector<std::string>& names;  ///< an index into it is a target
  bool states = false;
  std::size_t traits = kTraits;  ///< rows and modifiers may use the first so many traits
};

/// `<key>`, `<key>_by` and `<key>_for` of `table`; nothing declared when none of them is there.
Shares read_shares(ReadContext& context, const Node& table, const std::string& path, const std::string& key,
                   const ShareTargets& targets);

/// `[….mix]`: one row of shares a trait. Modifiers of a trait may use earlier traits only.
std::array<Shares, kTraits> read_mix(ReadContext& context, const Node& mix, const std::string& path,
                                     const std::vector<Trait>& allowed);

/// Reports every row that does not add up with these values; `said` words why (a policy's date, or nothing).
void check_sums(ReadContext& context, const Valuation& values);
/// What is wrong with the sum of a row, or nothing.
std::string wrong_sum(const SharesRow& row, const Valuation& values);

}  // namespace prisonflow::models
