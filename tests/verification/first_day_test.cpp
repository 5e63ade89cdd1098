// What tells first days apart: worlds share a steady state where it is equal (models/steady_states.hpp).
#include <catch2/catch.hpp>
#include <string>

#include "models/model.hpp"
#include "tests/support/everything.hpp"
#include "tests/support/steady.hpp"

namespace prisonflow::testing {

TEST_CASE("no number that moves the steady state is left out of what tells first days apart",
          "[verification][steady]") {
  const models::Scenario scenario = read_text(everything(), tables_of_everything());
  const models::Valuation central = models::draw_values(scenario, sim::stream_key(scenario.seed, 0));
  const models::Model model(scenario, central);
  const std::string text = first_day(model);
  // Each number alone tells the first days apart, or it is one of those that are then moved all together.
  models::Valuation moved = central;
  std::size_t left_out = 0;
  for (std::size_t index = 0; index < central.size(); ++index) {
    if (scenario.parameters[index].path.find(".points.") != std::string::npos) continue;  // whose last share is 1
    models::Valuation values = central;
    values[index] *= 0.99;
    if (values[index] == central[index] || first_day(models::Model(scenario, values)) != text) continue;
    moved[index] = values[index];
    ++left_out;
  }
  CHECK(left_out > 20);
  CHECK(left_out < central.size() / 2);
  const models::Model other(scenario, moved);
  CHECK(first_day(other) == text);
  CHECK(same_bits(models::steady_state(other), models::steady_state(model)));
}

}  // namespace prisonflow::testing
