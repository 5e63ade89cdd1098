// The counts of a month: what is added up before measures look at them.
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

}  // namespace prisonflow::models
