// Nothing needs C++: a new disposition, a new programme, a new feedback link and a new policy are a few lines of a
// scenario, and the results show each of them.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <string>

#include "tests/support/bounds.hpp"
#include "tests/support/world.hpp"

namespace prisonflow::testing {
namespace {

const std::string kSystem =
    header("2010-01-01", "2020-01-01") +
    "[classes]\nprogramme = [\"no\", \"completed\"]\n"
    "[states.court]\nkind = \"delay\"\nduration = { distribution = \"exponential\", mean = \"30 days\" }\nnext = "
    "\"sentence\"\n"
    "[states.sentence]\nkind = \"decision\"\nconviction = true\nshares = { prison = 0.5, fine = \"rest\" }\n"
    "[states.fine]\nkind = \"delay\"\nduration = \"30 days\"\nnext = \"free\"\n"
    "[states.prison]\nkind = \"custody\"\nfacilities = \"colonies\"\nterm = { distribution = \"exponential\", mean = "
    "\"2 "
    "years\" }\nnext = \"free\"\n"
    "[states.free]\nkind = \"liberty\"\nleaving = \"10 per 100 per year\"\nnext = \"out\"\n[states.out]\nkind = "
    "\"exit\"\n"
    "[arrivals.a]\nto = \"court\"\nrate = 3000\n"
    "[reoffending]\nto = \"court\"\ntime = { distribution = \"exponential\", mean = \"1000 days\" }\n"
    "[facilities.colonies]\nwhen_full = \"crowd\"\n[facilities.colonies.all]\nplaces = 3000\n"
    "[measures.charged]\nquantity = \"entries\"\nstates = [\"court\"]\nby = [\"programme\"]\n"
    "[measures.at_liberty]\nquantity = \"person_years\"\nstates = [\"free\"]\nby = [\"programme\"]\n";

const std::string kDisposition =
    "[states.community_service]\nkind = \"supervision\"\nduration = \"1 year\"\nbreach = \"10 per 100 per year\"\n"
    "on_breach = \"fine\"\nreoffending_ratio = 0\nnext = \"free\"\n";
std::string with_disposition(const std::string& text) {
  return replaced(text, "shares = { prison = 0.5, fine", "shares = { prison = 0.5, community_service = 0.2, fine") +
         kDisposition;
}

/// A sum over the months from `first` on.
double sum(const World& world, const models::ReplicationResult& result, const std::string& measure, std::size_t cell,
           std::size_t first = 0) {
  double all = 0;
  for (std::size_t month = first; month < world.months(); ++month) all += world.value(result, measure, month, cell);
  return all;
}

TEST_CASE("scenario alone: a new disposition") {
  const World world(with_disposition(kSystem));
  const auto result = world.run();
  const double sentences = world.entries(result, "sentence", 0, world.months());
  const double given = world.entries(result, "community_service", 0, world.months());
  const Estimate share = share_of(given, sentences, 0.2);
  check_with_twin("share of community service", share, 0.2, 0.22);
}

TEST_CASE("scenario alone: a new programme that halves reoffending for those who complete it") {
  const std::string text =
      replaced(replaced(kSystem, "years\" }\nnext = \"free\"", "years\" }\nnext = \"offer\""),
               "mean = \"1000 days\" }\n", "mean = \"1000 days\" }\nratio_by.programme.completed = 0.5\n") +
      "[states.offer]\nkind = \"decision\"\nshares = { programme = 0.6, free = \"rest\" }\n"
      "[states.programme]\nkind = \"service\"\nservice = \"groups\"\nduration = \"60 days\"\nnext = \"ending\"\n"
      "[states.ending]\nkind = \"decision\"\nshares = { completed = 0.7, free = \"rest\" }\n"
      "[states.completed]\nkind = \"decision\"\nbecomes = { programme = \"completed\" }\nshares = { free = 1 }\n"
      "[services.groups]\nservers = 2000\n";
  const World world(text);
  const auto result = world.run();
  const double cases = sum(world, result, "charged", 1);
  const double years = sum(world, result, "at_liberty", 1);
  const double rate = 365.2425 / 1000 / 2;
  CHECK(cases > 1000);
  const Estimate found{cases / years, std::sqrt(rate / years), std::numeric_limits<double>::infinity()};
  check_with_twin("reoffending a year at liberty, programme completed", found, rate, 2 * rate);
}

TEST_CASE("scenario alone: a new feedback link") {
  const std::string text = with_disposition(kSystem);
  const World without(text);
  const World with(text +
                   "[feedback.full]\noccupancy = \"colonies\"\nresponse = { 80 = 1.0, 120 = 3.0 }\n"
                   "acts_on = [\"states.sentence.shares.community_service\"]\n");
  const auto share = [](const World& world) {
    const auto result = world.run();
    return world.entries(result, "community_service", 60, world.months()) /
           world.entries(result, "sentence", 60, world.months());
  };
  CHECK(share(with) > 1.3 * share(without));
}

TEST_CASE("scenario alone: a new policy") {
  const World without(kSystem);
  const World with(kSystem + "[policies.fewer]\nfrom = 2015-01-01\nset.states.sentence.shares.prison = 0.3\n");
  const auto reformed = with.run();
  const auto plain = without.run();
  for (std::size_t month = 0; month < 60; ++month) {
    REQUIRE(with.state(reformed, "stock", month, "prison") == without.state(plain, "stock", month, "prison"));
  }
  const double sentences = with.entries(reformed, "sentence", 60, with.months());
  const Estimate share = share_of(with.entries(reformed, "prison", 60, with.months()), sentences, 0.3);
  check_with_twin("share of prison under the policy", share, 0.3, 0.5);
}

}  // namespace
}  // namespace prisonflow::testing
