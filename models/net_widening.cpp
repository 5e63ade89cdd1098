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

/// Walks through two ledgers side by side. `begin_person()`, then `visit(CasePair)` for each of their cases in order,
/// then `end_person()`.
template <class Visitor>
void walk(const Ledger& baseline, const Ledger& reform, Visitor& visitor) {
  const std::vector<std::uint32_t> firsts = baseline.first_cases();
  const std::vector<std::uint32_t> others = reform.first_cases();
  auto first = firsts.begin();
  auto other = others.begin();
  while (first != firsts.end() || other != others.end()) {
    const bool only_baseline =
        other == others.end() || (first != firsts.end() && baseline[*first].person < reform[*other].person);
    const bool only_reform =
        !only_baseline && (first == firsts.end() || reform[*other].person < baseline[*first].person);
    std::uint32_t in_baseline = only_reform ? kNoCase : *first++;
    std::uint32_t in_reform = only_baseline ? kNoCase : *other++;
    visitor.begin_person();
    while (in_baseline != kNoCase || in_reform != kNoCase) {
      CasePair pair;
      if (in_baseline != kNoCase) {
        pair.baseline = &baseline[in_baseline];
        in_baseline = pair.baseline->next;
      }
      if (in_reform != kNoCase) {
        pair.reform = &reform[in_reform];
        in_reform = pair.reform->next;
      }
      visitor.visit(pair);
    }
    visitor.end_person();
  }
}

/// Counts what the pairs say.
class Counter {
 public:
  explicit Counter(CaseComparison& result) : result_(result) {}

  void begin_person() { before_ = after_ = Highest{}; }
  void visit(const CasePair& pair) {
    if (pair.baseline != nullptr) before_.add(*pair.baseline);
    if (pair.reform != nullptr) after_.add(*pair.reform);
    const CaseAccount account = account_of(pair);
    ++result_.accounts[static_cast<std::size_t>(account)];
    if (account == CaseAccount::baseline_only) return add_minutes(result_.baseline_only, *pair.baseline);
    if (account == CaseAccount::reform_only) return add_minutes(result_.reform_only, *pair.reform);
    for (std::size_t rank = 0; rank < kControls; ++rank) {
      const std::int64_t more = std::int64_t{pair.reform->minutes[rank]} - pair.baseline->minutes[rank];
      (more > 0 ? result_.gained : result_.lost)[rank] += std::abs(more);
    }
    if (account == CaseAccount::compared) compare(*pair.baseline, *pair.reform);
  }
  void end_person() {
    if (before_.any || after_.any) ++result_.persons[at(before_.rank)][at(after_.rank)];
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

  void compare(const CaseRecord& baseline, const CaseRecord& reform) {
    ++result_.cases_by_cell[baseline.cell][at(baseline.rank)][at(reform.rank)];
    const auto outcome = static_cast<std::size_t>(outcome_of(baseline, reform));
    ++result_.outcomes[outcome];
    if (reform.back_door() && !baseline.back_door()) ++result_.back_door[outcome];
  }

  CaseComparison& result_;
  Highest before_, after_;
};

/// Keeps the pairs themselves.
struct Collector {
  std::vector<CasePair> pairs;
  void begin_person() {}
  void visit(const CasePair& pair) { pairs.push_back(pair); }
  void end_person() {}
};

}  // namespace

CaseAccount account_of(const CasePair& pair) {
  if (pair.reform == nullptr) return CaseAccount::baseline_only;
  if (pair.baseline == nullptr) return CaseAccount::reform_only;
  if (pair.baseline->began_disposed) return CaseAccount::disposed_before;
  return pair.baseline->disposed && pair.reform->disposed ? CaseAccount::compared : CaseAccount::pending;
}

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
    Counter counter(result);
    walk(*baseline[partition], *reform[partition], counter);
  }
  return result;
}

std::vector<CasePair> pairs_of_cases(const LedgersOfWorld& baseline, const LedgersOfWorld& reform) {
  Collector collector;
  for (std::size_t partition = 0; partition < baseline.size(); ++partition) {
    walk(*baseline[partition], *reform[partition], collector);
  }
  const auto key = [](const CasePair& pair) {
    const CaseRecord& record = pair.baseline != nullptr ? *pair.baseline : *pair.reform;
    return std::pair(record.person, record.number);
  };
  std::sort(collector.pairs.begin(), collector.pairs.end(),
            [&](const CasePair& a, const CasePair& b) { return key(a) < key(b); });
  return std::move(collector.pairs);
}

CaseTotals case_totals(const LedgersOfWorld& ledgers) {
  CaseTotals totals;
  for (const auto& ledger : ledgers) totals.add(ledger->totals());
  return totals;
}

}  // namespace prisonflow::models
