// What things cost, read back.
#include <fmt/format.h>

#include "models/describe_text.hpp"

namespace prisonflow::models {

std::string Wording::costs_title() const {
  const Costs& costs = scenario_.costs;
  std::string title = "Costs in " + costs.currency;
  if (costs.prices_of) title += fmt::format(", prices of {}", *costs.prices_of);
  if (given(costs.discount_rate)) title += fmt::format(", discounted by {} a year", value(costs.discount_rate));
  return title;
}

std::string Wording::cost(const CostItem& item) const {
  std::string words = value(item.unit_cost);
  if (item.of == CostOf::places) words += ", occupied or not";
  if (item.of == CostOf::opening) words += " that is new";
  if (item.which.size() > 1) {
    words += ", of";
    for (std::size_t i = 0; i < item.which.size(); ++i)
      words += (i == 0 ? " " : ", ") + scenario_.facilities[item.which[i]].name;
  }
  return words + (item.label.empty() ? "" : "; " + item.label);
}

}  // namespace prisonflow::models
