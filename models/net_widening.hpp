// Net-widening: the same cases in two worlds, a baseline and a reform, set beside each other one by one.
//
// Both worlds are simulated with the same persons and the same draws (promise P2), so what a reform did to a case is
// seen, not estimated: who was spared custody (true diversion), and who was drawn into control who would have had less
// without it (net-widening; Cohen 1985, Austin and Krisberg 1981). DESIGN section 6 fixes the words. A case is the
// person's n-th; cases that only one world has, because reoffending came or did not come, are counted apart.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "models/ledger.hpp"
#include "models/measures.hpp"

namespace prisonflow::models {

/// What a reform did to a case that was decided in both worlds; each case is one of these.
enum class CaseOutcome : std::uint8_t {
  true_diversion,  ///< custody in the baseline, less in the reform
  net_widening,    ///< less than supervised in the baseline, supervised or more in the reform
  mesh_thinning,   ///< the same rank, more time under control as a sanction
  stricter,        ///< a higher rank otherwise
  milder,          ///< a lower rank otherwise
  shorter,         ///< the same rank, less time
  unchanged,       ///< the same rank and time, to the minute
};
inline constexpr std::array<std::string_view, 7> kCaseOutcomeNames{
    "true_diversion", "net_widening", "mesh_thinning", "stricter", "milder", "shorter", "unchanged"};

/// Where every case of both worlds is accounted for.
enum class CaseAccount : std::uint8_t {
  compared,         ///< decided in both worlds: the matrix and the outcomes are of these
  pending,          ///< in both worlds, but not decided in one of them when the run ends
  disposed_before,  ///< decided before the first day
  baseline_only,    ///< a case that only the baseline has
  reform_only,
};
inline constexpr std::array<std::string_view, 5> kCaseAccountNames{"compared", "pending", "disposed_before",
                                                                   "baseline_only", "reform_only"};

/// A case in both worlds; missing where a world does not have it, never in both.
struct CasePair {
  std::optional<CaseRecord> baseline;
  std::optional<CaseRecord> reform;
};
CaseAccount account_of(const CasePair& pair);
CaseOutcome outcome_of(const CaseRecord& baseline, const CaseRecord& reform);

/// Everything two ledgers say about each other. Whole numbers, so that partitions may be added up in any order.
struct CaseComparison {
  using ByRank = std::array<std::int64_t, kControls>;
  using Matrix = std::array<ByRank, kControls>;  ///< [baseline rank][reform rank]

  explicit CaseComparison(std::size_t class_cells) : cases_by_cell(class_cells) {}
  void add(const CaseComparison& other);

  std::vector<Matrix> cases_by_cell;  ///< compared cases, by class of the person when the case began
  Matrix persons{};                   ///< by the highest rank of all cases decided during the run
  std::array<std::int64_t, kCaseOutcomeNames.size()> outcomes{};
  /// … of which came to custody through the back door in the reform only.
  std::array<std::int64_t, kCaseOutcomeNames.size()> back_door{};
  std::array<std::int64_t, kCaseAccountNames.size()> accounts{};
  /// Minutes under each degree of control: cases that both worlds have, more and less; and cases of one world.
  ByRank gained{}, lost{}, baseline_only{}, reform_only{};
};

/// Compares ledgers of two worlds with one seed, partition by partition; both have as many. `class_cells`: classes of
/// persons in the baseline.
CaseComparison compare_cases(const LedgersOfWorld& baseline, const LedgersOfWorld& reform, std::size_t class_cells);

/// All cases of both worlds, by person and number: for those who ask to see them.
std::vector<CasePair> pairs_of_cases(const LedgersOfWorld& baseline, const LedgersOfWorld& reform);

/// What one world's ledgers say by themselves.
CaseTotals case_totals(const LedgersOfWorld& ledgers);

}  // namespace prisonflow::models
