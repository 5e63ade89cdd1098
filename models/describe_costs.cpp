// What things cost, read back.
#include <fmt/format.h>

#include "models/describe_text.hpp"
#include "models/read_problems.hpp"

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
  if (item.of == CostOf::places || item.of == CostOf::opening) {
    std::vector<std::string> facilities;
    for (const std::uint16_t facility : item.which) facilities.push_back(scenario_.facilities[facility].name);
    const bool of_itself = facilities.size() == 1 && item.name.ends_with("." + facilities.front());
    if (!of_itself) words += ", of " + listed(facilities, 40);
  }
  return words + (item.label.empty() ? "" : "; " + item.label);
}

}  // namespace prisonflow::models
