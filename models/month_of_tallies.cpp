// The counts of a month: what is added up before measures look at them.
#include <limits>

#include "models/measures.hpp"

namespace prisonflow::models {

void MonthOfTallies::add_up() {
  const std::size_t cells = counts.cell_count;
  by_state.assign(counts.by_cell.size() / cells, StateTotals{});
  for (std::size_t state = 0; state < by_state.size(); ++state) {
    StateTotals totals;
    const CellTally* const first = counts.by_cell.data() + state * cells;
    for (const CellTally* tally = first; tally != first + cells; ++tally) {
      totals.entries += tally->entries;
      totals.minutes += tally->minutes;
    }
    const std::int32_t* const opening = opening_stock.data() + state * cells;
    for (const std::int32_t* stock = opening; stock != opening + cells; ++stock) totals.stock += *stock;
    by_state[state] = totals;
  }
}

void MonthOfTallies::count_offences(std::size_t cell, std::int64_t cases, const ReoffendingTable& table) {
  const double behind = static_cast<double>(cases) * table.offences_each[cell];
  offences[cell] += behind;
  if (!victims.empty()) victims[cell] += behind * table.victims_each[cell];
}

double Tallies::pretrial_quantile(double share) const {
  const std::int64_t needed = static_cast<std::int64_t>(share * pretrial_ended + 0.999999);
  std::int64_t passed = 0;
  for (std::size_t day = 0; day < pretrial_days.size(); ++day) {
    passed += pretrial_days[day];
    if (passed >= needed && passed > 0) return static_cast<double>(day);
  }
  return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace prisonflow::models
