// See the header.
#include "models/net_widening.hpp"

#include <algorithm>

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

/// Walks through two ledgers side by side.
class Pairing {
 public:
  Pairing(const Ledger& baseline, const Ledger& reform, CaseComparison& result)
      : baseline_(baseline), reform_(reform), result_(result) {}

  void run() {
    const std::vector<std::uint32_t> firsts = baseline_.first_cases();
    const std::vector<std::uint32_t> others = reform_.first_cases();
    auto first = firsts.begin();
    auto other = others.begin();
    while (first != firsts.end() || other != others.end()) {
      if (other == others.end() || (first != firsts.end() && baseline_[*first].person < reform_[*other].person)) {
        person(*first++, kNoCase);
      } else if (first == firsts.end() || reform_[*other].person < baseline_[*first].person) {
        person(kNoCase, *other++);
      } else {
        person(*first++, *other++);
      }
    }
  }

 private:
  /// The highest rank of a person's cases that were decided during the run.
  struct Highest {
    bool any = false;
    Control rank = Control::none;
    void add(const CaseRecord& record) {
      if (!record.disposed || record.began_disposed) return;
      any = true;
      rank = std::max(rank, record.rank);
    }
  };

  void person(std::uint32_t base, std::uint32_t other) {
    Highest before, after;
    while (base != kNoCase || other != kNoCase) {
      const CaseRecord* const first = base == kNoCase ? nullptr : &baseline_[base];
      const CaseRecord* const second = other == kNoCase ? nullptr : &reform_[other];
      if (first != nullptr) before.add(*first);
      if (second != nullptr) after.add(*second);
      if (first != nullptr && second != nullptr) {
        pair(*first, *second);
      } else if (first != nullptr) {
        count(CaseAccount::baseline_only);
        add_minutes(result_.baseline_only, *first);
      } else {
        count(CaseAccount::reform_only);
        add_minutes(result_.reform_only, *second);
      }
      if (first != nullptr) base = first->next;
      if (second != nullptr) other = second->next;
    }
    if (before.any || after.any) ++result_.persons[at(before.rank)][at(after.rank)];
  }

  void pair(const CaseRecord& baseline, const CaseRecord& reform) {
    for (std::size_t rank = 0; rank < kControls; ++rank) {
      const std::int64_t more = std::int64_t{reform.minutes[rank]} - baseline.minutes[rank];
      (more > 0 ? result_.gained : result_.lost)[rank] += std::abs(more);
    }
    if (baseline.began_disposed) return count(CaseAccount::disposed_before);
    if (!baseline.disposed || !reform.disposed) return count(CaseAccount::pending);
    count(CaseAccount::compared);
    ++result_.cases_by_cell[baseline.cell][at(baseline.rank)][at(reform.rank)];
    const auto outcome = static_cast<std::size_t>(outcome_of(baseline, reform));
    ++result_.outcomes[outcome];
    if (reform.back_door() && !baseline.back_door()) ++result_.back_door[outcome];
  }

  void count(CaseAccount account) { ++result_.accounts[static_cast<std::size_t>(account)]; }

  const Ledger& baseline_;
  const Ledger& reform_;
  CaseComparison& result_;
};

}  // namespace

CaseOutcome outcome_of(const CaseRecord& baseline, const CaseRecord& reform) {
  const Control before = baseline.rank;
  const Control after = reform.rank;
  if (before == Control::custody && after < Control::custody) return CaseOutcome::true_diversion;
  if (before < Control::supervised && after >= Control::supervised) return CaseOutcome::net_widening;
  if (after > before) return CaseOutcome::stricter;
  if (after < before) return CaseOutcome::milder;
  const std::int64_t more = reform.sanctioned() - baseline.sanctioned();
  return more > 0 ? CaseOutcome::mesh_thinning : more < 0 ? CaseOutcome::shorter : CaseOutcome::unchanged;
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
    Pairing(*baseline[partition], *reform[partition], result).run();
  }
  return result;
}

CaseTotals case_totals(const LedgersOfWorld& ledgers) {
  CaseTotals totals;
  for (const auto& ledger : ledgers) {
    for (std::size_t index = 0; index < ledger->cases(); ++index) {
      const CaseRecord& record = (*ledger)[index];
      for (std::size_t rank = 0; rank < kControls; ++rank) totals.minutes[rank] += record.minutes[rank];
      if (record.disposed && !record.began_disposed) ++totals.cases[at(record.rank)];
      totals.custody_before_trial += record.custody_before_trial;
      totals.through_breach += record.through_breach;
    }
  }
  return totals;
}

}  // namespace prisonflow::models
