// See the header.
#include "models/net_widening.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace prisonflow::models {

namespace {

constexpr std::size_t at(Control control) {
  return static_cast<std::size_t>(control);
}

template <class Sums>
void add_up(Sums& sums, const Sums& others) {
  for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += others[i];
}

void add_minutes(CaseComparison::ByRank& sums, const CaseRecord& record) {
  for (std::size_t rank = 0; rank < kControls; ++rank) sums[rank] += record.minutes[rank];
}

/// Walks through two ledgers side by side. `begin_person()`, then `visit(baseline, reform)` for each of their cases in
/// order, kNoCase for what a world does not have, then `end_person()`.
template <class Visitor>
void walk(const Ledger& baseline, const Ledger& reform, Visitor& visitor) {
  const std::vector<std::uint32_t> firsts = baseline.first_cases();
  const std::vector<std::uint32_t> others = reform.first_cases();
  auto first = firsts.begin();
  auto other = others.begin();
  // Persons come in the order of their names, their records lie in the order in which they came.
  constexpr std::ptrdiff_t kAhead = 16, kNear = 8;
  const auto fetch = [](const Ledger& ledger, auto at, auto end) {
    if (end - at <= kAhead) return;
    ledger.prefetch_record(at[kAhead]);
    ledger.prefetch_next(at[kNear]);
  };
  while (first != firsts.end() || other != others.end()) {
    const bool only_baseline = other == others.end() || (first != firsts.end() && baseline.packed(*first).person() <
                                                                                      reform.packed(*other).person());
    const bool only_reform =
        !only_baseline && (first == firsts.end() || reform.packed(*other).person() < baseline.packed(*first).person());
    fetch(baseline, first, firsts.end());
    fetch(reform, other, others.end());
    std::uint32_t in_baseline = only_reform ? kNoCase : *first++;
    std::uint32_t in_reform = only_baseline ? kNoCase : *other++;
    visitor.begin_person();
    while (in_baseline != kNoCase || in_reform != kNoCase) {
      visitor.visit(in_baseline, in_reform);
      if (in_baseline != kNoCase) in_baseline = baseline.packed(in_baseline).next();
      if (in_reform != kNoCase) in_reform = reform.packed(in_reform).next();
    }
    visitor.end_person();
  }
}

CaseAccount account_of(bool in_baseline, bool in_reform, const CaseStanding& baseline, const CaseStanding& reform) {
  if (!in_reform) return CaseAccount::baseline_only;
  if (!in_baseline) return CaseAccount::reform_only;
  if (baseline.began_disposed) return CaseAccount::disposed_before;
  return baseline.disposed && reform.disposed ? CaseAccount::compared : CaseAccount::pending;
}

/// `more`: minutes of sanctions in the reform than in the baseline; matters where the ranks are the same.
CaseOutcome outcome_of(Control before, Control after, std::int64_t more) {
  if (before == Control::custody && after < Control::custody) return CaseOutcome::true_diversion;
  if (before < Control::supervised && after >= Control::supervised) return CaseOutcome::net_widening;
  if (after > before) return CaseOutcome::stricter;
  if (after < before) return CaseOutcome::milder;
  return more > 0 ? CaseOutcome::mesh_thinning : more < 0 ? CaseOutcome::shorter : CaseOutcome::unchanged;
}

/// Counts what the pairs say. Most cases are the same in both worlds, so that a packed record is unpacked only where
/// its minutes matter.
class Counter {
 public:
  Counter(const Ledger& baseline, const Ledger& reform, CaseComparison& result)
      : baseline_(baseline), reform_(reform), result_(result) {}

  void begin_person() { before_ = after_ = Highest{}; }
  void visit(std::uint32_t in_baseline, std::uint32_t in_reform) {
    const bool known = in_baseline != kNoCase;
    const bool known_later = in_reform != kNoCase;
    const CaseStanding before = known ? before_.add(baseline_.packed(in_baseline).standing()) : CaseStanding{};
    const CaseStanding after = known_later ? after_.add(reform_.packed(in_reform).standing()) : CaseStanding{};
    const CaseAccount account = account_of(known, known_later, before, after);
    ++result_.accounts[static_cast<std::size_t>(account)];
    if (!known_later) return add_minutes(result_.baseline_only, baseline_[in_baseline]);
    if (!known) return add_minutes(result_.reform_only, reform_[in_reform]);
    std::int64_t more = 0;  // minutes of sanctions
    if (!baseline_.packed(in_baseline).has_minutes_of(reform_.packed(in_reform))) {
      more = add_difference(baseline_[in_baseline], reform_[in_reform]);
    }
    if (account != CaseAccount::compared) return;
    ++result_.cases_by_cell[baseline_.packed(in_baseline).cell()][at(before.rank)][at(after.rank)];
    const auto outcome = static_cast<std::size_t>(outcome_of(before.rank, after.rank, more));
    ++result_.outcomes[outcome];
    if (after.back_door && !before.back_door) ++result_.back_door[outcome];
  }
  void end_person() {
    if (before_.any || after_.any) ++result_.persons[at(before_.rank)][at(after_.rank)];
  }

 private:
  /// The highest rank of a person's cases that were decided during the run.
  struct Highest {
    bool any = false;
    Control rank = Control::none;
    CaseStanding add(CaseStanding standing) {
      if (standing.disposed && !standing.began_disposed) {
        any = true;
        rank = std::max(rank, standing.rank);
      }
      return standing;
    }
  };

  std::int64_t add_difference(const CaseRecord& baseline, const CaseRecord& reform) {
    for (std::size_t rank = 0; rank < kControls; ++rank) {
      const std::int64_t more = std::int64_t{reform.minutes[rank]} - baseline.minutes[rank];
      (more > 0 ? result_.gained : result_.lost)[rank] += std::abs(more);
    }
    return reform.sanctioned() - baseline.sanctioned();
  }

  const Ledger& baseline_;
  const Ledger& reform_;
  CaseComparison& result_;
  Highest before_, after_;
};

/// Keeps the pairs themselves.
struct Collector {
  const Ledger& baseline;
  const Ledger& reform;
  std::vector<CasePair>& pairs;
  void begin_person() {}
  void visit(std::uint32_t in_baseline, std::uint32_t in_reform) {
    CasePair& pair = pairs.emplace_back();
    if (in_baseline != kNoCase) pair.baseline = baseline[in_baseline];
    if (in_reform != kNoCase) pair.reform = reform[in_reform];
  }
  void end_person() {}
};

}  // namespace

CaseAccount account_of(const CasePair& pair) {
  const auto standing = [](const std::optional<CaseRecord>& record) {
    return record ? record->standing() : CaseStanding{};
  };
  return account_of(pair.baseline.has_value(), pair.reform.has_value(), standing(pair.baseline), standing(pair.reform));
}

CaseOutcome outcome_of(const CaseRecord& baseline, const CaseRecord& reform) {
  return outcome_of(baseline.rank, reform.rank, reform.sanctioned() - baseline.sanctioned());
}

void CaseComparison::add(const CaseComparison& other) {
  const auto add_matrix = [](Matrix& sums, const Matrix& others) {
    for (std::size_t rank = 0; rank < kControls; ++rank) add_up(sums[rank], others[rank]);
  };
  for (std::size_t cell = 0; cell < cases_by_cell.size(); ++cell) {
    add_matrix(cases_by_cell[cell], other.cases_by_cell[cell]);
  }
  add_matrix(persons, other.persons);
  add_up(outcomes, other.outcomes);
  add_up(back_door, other.back_door);
  add_up(accounts, other.accounts);
  add_up(gained, other.gained);
  add_up(lost, other.lost);
  add_up(baseline_only, other.baseline_only);
  add_up(reform_only, other.reform_only);
}

CaseComparison compare_cases(const LedgersOfWorld& baseline, const LedgersOfWorld& reform, std::size_t class_cells) {
  CaseComparison result(class_cells);
  for (std::size_t partition = 0; partition < baseline.size(); ++partition) {
    Counter counter(*baseline[partition], *reform[partition], result);
    walk(*baseline[partition], *reform[partition], counter);
  }
  return result;
}

std::vector<CasePair> pairs_of_cases(const LedgersOfWorld& baseline, const LedgersOfWorld& reform) {
  std::vector<CasePair> pairs;
  for (std::size_t partition = 0; partition < baseline.size(); ++partition) {
    Collector collector{*baseline[partition], *reform[partition], pairs};
    walk(*baseline[partition], *reform[partition], collector);
  }
  const auto key = [](const CasePair& pair) {
    const CaseRecord& record = pair.baseline ? *pair.baseline : *pair.reform;
    return std::pair(record.person, record.number);
  };
  std::sort(pairs.begin(), pairs.end(), [&](const CasePair& a, const CasePair& b) { return key(a) < key(b); });
  return pairs;
}

CaseTotals case_totals(const LedgersOfWorld& ledgers) {
  CaseTotals totals;
  for (const auto& ledger : ledgers) totals.add(ledger->totals());
  return totals;
}

}  // namespace prisonflow::models
