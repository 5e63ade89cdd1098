// Shares: thresholds of a draw (a share of 0 is never taken, a share of 1 always, all words are used), odds ratios, and
// the most specific row of a class.
#include <catch2/catch.hpp>

#include "models/model_tables.hpp"
#include "tests/support/world.hpp"

namespace prisonflow::testing {
namespace {

using models::ShareTable;

constexpr std::uint32_t kLastWord = 0xffffffffu;

TEST_CASE("shares: a share of 0 is never drawn, a share of 1 always, wherever it stands") {
  const std::vector<std::uint32_t> words = {
      0, 1, 2, 3, 0x7fffffffu, 0x80000000u, 0x80000001u, kLastWord - 2, kLastWord - 1, kLastWord};
  for (std::uint32_t sure = 0; sure < 4; ++sure) {
    std::vector<double> weights(4, 0.0);
    weights[sure] = 1;
    const ShareTable table(weights, 4);
    for (const std::uint32_t word : words) CHECK(table.branch(0, word) == sure);
  }
  // Zeros before, between and after; the others do not add up to 1 in floating point.
  const ShareTable table({0, 0.1, 0, 0.2, 0.7, 0}, 6);
  CHECK(table.branch(0, 0) == 1);
  CHECK(table.branch(0, kLastWord) == 4);
  for (std::uint64_t word = 0; word <= kLastWord; word += 65521) {
    const std::uint32_t branch = table.branch(0, static_cast<std::uint32_t>(word));
    if (branch == 0 || branch == 2 || branch == 5) FAIL("word " << word << " takes a branch of share 0");
  }
}

TEST_CASE("shares: the shares as drawn are those given within 2^-31 and add up to 1") {
  const ShareTable table({0.2, 0.3, 0.5, 1.0 / 3, 1.0 / 3, 1.0 / 3}, 3);
  for (std::size_t row = 0; row < 2; ++row) {
    double sum = 0;
    for (std::size_t branch = 0; branch < 3; ++branch) {
      const double given = row == 1 ? 1.0 / 3 : branch == 0 ? 0.2 : branch == 1 ? 0.3 : 0.5;
      CHECK(std::abs(table.share(row, branch) - given) < 0x1p-31);
      sum += table.share(row, branch);
    }
    CHECK(sum == 1.0);
  }
  // The branch changes exactly at the threshold.
  const auto first = static_cast<std::uint32_t>(table.share(0, 0) * 0x1p31);
  CHECK(table.branch(0, (first << 1) - 1) == 0);
  CHECK(table.branch(0, first << 1) == 1);
  CHECK(ShareTable({1.0}, 1).branch(0, kLastWord) == 0);
}

/// Weights of the first decision for a class given by its labels' places.
class Weights {
 public:
  explicit Weights(const std::string& shares)
      : world_(header("2010-01-01", "2011-01-01") +
               "[classes]\nsex = [\"male\", \"female\"]\noffence = [\"theft\", \"drugs\", \"other\"]\n[arrivals.a]\nto "
               "= \"choice\"\nrate = "
               "10\n[states.choice]\nkind = \"decision\"\n" +
               shares + "[states.a]\nkind = \"exit\"\n[states.b]\nkind = \"exit\"\n[states.c]\nkind = \"exit\"\n") {}
  std::vector<double> of(std::uint16_t sex, std::uint16_t offence) const {
    const models::Model& model = world_.experiment().model();
    const models::Cells& cells = model.cells();
    std::uint32_t cell = cells.with_label(0, models::Trait::sex, sex);
    cell = cells.with_label(cell, models::Trait::offence, offence);
    std::vector<double> weights;
    models::share_weights(world_.scenario().states[0].shares, model.values(), cells, cell, weights);
    for (std::size_t branch = 0; branch < weights.size(); ++branch) {
      CHECK(model.versions()[0].states[0][0]->shares.share(cell, branch) == Approx(weights[branch]).margin(1e-9));
    }
    return weights;
  }

 private:
  World world_;
};

void check_equal(const std::vector<double>& found, const std::vector<double>& expected) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t branch = 0; branch < found.size(); ++branch)
    CHECK(found[branch] == Approx(expected[branch]).epsilon(1e-12));
}

TEST_CASE("shares: odds ratios weigh a branch against the others, and those of several traits multiply") {
  const Weights weights(
      "shares = { a = 0.2, b = 0.3, c = \"rest\" }\nshares_by.sex.female = { a = 0.5 }\nshares_by.offence.drugs = { a "
      "= "
      "4.0, c = 0.0 }\n");
  check_equal(weights.of(0, 0), {0.2, 0.3, 0.5});
  check_equal(weights.of(1, 0), {0.1 / 0.9, 0.3 / 0.9, 0.5 / 0.9});
  check_equal(weights.of(0, 1), {0.8 / 1.1, 0.3 / 1.1, 0});
  check_equal(weights.of(1, 1), {0.4 / 0.7, 0.3 / 0.7, 0});
}

TEST_CASE("shares: the row with most conditions replaces the base, and odds act on it") {
  const Weights weights(
      "shares = { a = 0.2, b = 0.3, c = \"rest\" }\n[states.choice.shares_for]\ntheft = { a = 0.6, b = 0.1, c = "
      "\"rest\" "
      "}\n\"female/theft\" = { a = 0.0, b = 1.0, c = 0.0 }\nfemale = { a = 0.1, b = 0.1, c = 0.8 "
      "}\n[states.choice.shares_by]\noffence.theft = { b = 2.0 }\n");
  check_equal(weights.of(0, 1), {0.2, 0.3, 0.5});
  check_equal(weights.of(0, 0), {0.6 / 1.1, 0.2 / 1.1, 0.3 / 1.1});
  check_equal(weights.of(1, 0), {0, 1, 0});
  check_equal(weights.of(1, 2), {0.1, 0.1, 0.8});
}

}  // namespace
}  // namespace prisonflow::testing
