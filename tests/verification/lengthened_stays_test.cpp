// A stay that lasts longer than was known when its events were drawn: they go on at the same rate. Each with a twin.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <string>

#include "tests/support/bounds.hpp"
#include "tests/support/world.hpp"

namespace prisonflow::testing {
namespace {

constexpr double kKnown = std::numeric_limits<double>::infinity();  // degrees of freedom of a known error
constexpr double kPersons = 20000;
constexpr double kRate = 0.5;  // a year

std::string watched(const std::string& keys, const std::string& more) {
  return header("2010-01-01", "2012-01-01") + "[states.watched]\nkind = \"supervision\"\nnext = \"out\"\n" + keys +
         "[states.watched.events.warning]\nrate = 0.5\n[states.out]\nkind = \"exit\"\n"
         "[initial.watched]\npersons = 20000\nelapsed = \"none\"\n" +
         more;
}

TEST_CASE("lengthened stays: events go on at their rate when a policy moves the end of the stay away") {
  // Half of a year is left when it is stretched to a year and a half: until the end of 2011.
  const World world(watched("duration = \"365 days\"\n",
                            "[policies.longer]\nfrom = 2010-07-02\napplies_to = \"inside\"\n"
                            "set.states.watched.duration = \"1095 days\"\n"));
  const double days = 182 + 3 * (365 - 182);
  const double expected = kPersons * kRate * days / sim::kDaysPerYear;
  // The twin: those who had no warning until the old end never get one.
  const double year = 365 / sim::kDaysPerYear;
  const double lost = kPersons * std::exp(-kRate * year) * kRate * (days / sim::kDaysPerYear - year);
  check_with_twin("warnings", {world.total(world.run(0, 2), "events"), std::sqrt(expected), kKnown}, expected,
                  expected - lost);
}

TEST_CASE("lengthened stays: events go on at their rate when the breach that was to end it is held back") {
  const World world(
      watched("duration = \"10 years\"\nbreach = 2.0\non_breach = \"out\"\n",
              "[feedback.load]\ncaseload = [\"watched\"]\nofficers = 1\nresponse = { 0 = 1.0, 10 = 0.0 }\n"
              "acts_on = [\"states.watched.breach\"]\n"));
  const double years = 730 / sim::kDaysPerYear;
  const double expected = kPersons * kRate * years;
  // The twin: who has no warning before the first breach that is held back never gets one.
  const double lost = expected - kPersons * (1 - std::exp(-2.5 * years)) * kRate / 2.5;
  check_with_twin("warnings", {world.total(world.run(0, 2), "events"), std::sqrt(expected), kKnown}, expected,
                  expected - lost);
}

}  // namespace
}  // namespace prisonflow::testing
