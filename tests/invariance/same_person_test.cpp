// Same person, both worlds (promise P2): two scenarios with one seed share every draw, person by person. Before a
// policy's date both worlds are equal to the bit; a state with share 0, one more arrival, an intake halved, states in
// another order or a policy that changes nothing change nobody else's history.
#include <catch2/catch.hpp>
#include <set>

#include "tests/support/everything.hpp"
#include "tests/support/persons.hpp"

namespace prisonflow::testing {
namespace {

sim::Day day_of(const World& world, sim::Date date) {
  return sim::days_between(world.scenario().start, date);
}

/// Runs two worlds side by side and compares all persons on the evenings of `days` (ascending).
std::string compare_on(const World& world, const World& other, const std::vector<sim::Day>& days,
                       bool only_first_may_have_more = false) {
  const auto replication = world.begin(0, 2);
  const auto other_replication = other.begin(0, 5);
  sim::Day day = 0;
  for (const sim::Day evening : days) {
    for (; day <= evening; ++day) {
      replication->run_day(day);
      other_replication->run_day(day);
    }
    const std::string found =
        first_difference(world, *replication, other, *other_replication, only_first_may_have_more);
    if (!found.empty()) return "on the evening of day " + std::to_string(evening) + ": " + found;
  }
  return {};
}

/// All evenings of interest of a run of six years: dense at the start, then about monthly.
std::vector<sim::Day> evenings(const World& world) {
  std::vector<sim::Day> days{0, 1, 2, 3, 10};
  for (sim::Day day = 31; day < world.experiment().model().days(); day += 61) days.push_back(day);
  days.push_back(world.experiment().model().days() - 1);
  return days;
}

/// The tallies of the month so far, all partitions together.
models::Tallies tallies_of(const World& world, const models::Replication& replication) {
  const models::Tallies& first = replication.partitions().front()->tallies;
  models::Tallies sum(world.scenario().states.size(), first.cell_count, first.facilities.size(), first.services.size(),
                      0, world.experiment().model().events().size());
  for (const auto& partition : replication.partitions()) {
    sum.add_month(partition->tallies);
    sum.created += partition->tallies.created;
    sum.exited += partition->tallies.exited;
    sum.events += partition->tallies.events;
  }
  return sum;
}

bool equal(const models::Tallies& left, const models::Tallies& right) {
  const auto same_cell = [](const models::CellTally& a, const models::CellTally& b) {
    return a.stock == b.stock && a.entries == b.entries && a.minutes == b.minutes;
  };
  const auto same_facility = [](const models::FacilityTally& a, const models::FacilityTally& b) {
    return a.stock == b.stock && a.minutes == b.minutes;
  };
  const auto same_service = [](const models::ServiceTally& a, const models::ServiceTally& b) {
    return a.waiting == b.waiting && a.begun == b.begun && a.waited_minutes == b.waited_minutes;
  };
  return std::equal(left.by_cell.begin(), left.by_cell.end(), right.by_cell.begin(), right.by_cell.end(), same_cell) &&
         std::equal(left.facilities.begin(), left.facilities.end(), right.facilities.begin(), right.facilities.end(),
                    same_facility) &&
         std::equal(left.services.begin(), left.services.end(), right.services.begin(), right.services.end(),
                    same_service) &&
         left.pretrial_days == right.pretrial_days && left.pretrial_minutes == right.pretrial_minutes &&
         left.pretrial_ended == right.pretrial_ended && left.admissions == right.admissions &&
         left.releases == right.releases && left.deaths_in_custody == right.deaths_in_custody &&
         left.created == right.created && left.exited == right.exited && left.events == right.events;
}

TEST_CASE("same person: before the first policy both worlds are equal to the bit, after it they are not") {
  const World reform(everything(), tables_of_everything());
  const World baseline(without_policies(everything()), tables_of_everything());
  const sim::Day date = day_of(reform, sim::make_date(2011, 3, 1));
  const auto with = reform.begin(0, 1);
  const auto lacking = baseline.begin(0, 1);
  for (sim::Day day = 0; day < date; ++day) {
    with->run_day(day);
    lacking->run_day(day);
    if (day % 30 != 0 && day != date - 1) continue;
    INFO("day " << day);
    REQUIRE(equal(tallies_of(reform, *with), tallies_of(baseline, *lacking)));
    REQUIRE(first_difference(reform, *with, baseline, *lacking).empty());
  }
  for (sim::Day day = date; day < date + 30; ++day) {
    with->run_day(day);
    lacking->run_day(day);
  }
  CHECK_FALSE(equal(tallies_of(reform, *with), tallies_of(baseline, *lacking)));
  CHECK_FALSE(first_difference(reform, *with, baseline, *lacking).empty());
}

TEST_CASE("same person: a state with share 0 changes nobody's history") {
  const std::string base = everything();
  const std::string state =
      "\n[states.mediation]\nkind = \"service\"\nservice = \"courts\"\nnext = \"community\"\nduration = \"40 days\"\n";
  const auto with_share = [&](const std::string& share) {
    std::string text = replaced(base, "\n[states.charge]\n", state + "\n[states.charge]\n");
    text = replaced(text, "shares = { detention = {", "shares = { mediation = " + share + ", detention = {");
    return replaced(text, "{ detention = 0.1, investigation = 0.5, released = 0.4 }",
                    "{ mediation = " + share + ", detention = 0.1, investigation = 0.5, released = \"rest\" }");
  };
  const World world(base, tables_of_everything());
  const World more(with_share("0.0"), tables_of_everything());
  CHECK(compare_on(world, more, evenings(world)) == "");
  const World twin(with_share("0.01"), tables_of_everything());
  CHECK(compare_on(world, twin, {31}) != "");
}

TEST_CASE("same person: the order of states, sources and facilities in the file changes nobody") {
  const std::string base = everything();
  const auto cut = [&](const std::string& first, const std::string& end) {
    const std::size_t from = base.find("\n" + first + "\n");
    return base.substr(from, base.find("\n" + end + "\n") - from);
  };
  const std::string courts = cut("[states.charge]", "[services.courts]");
  const std::string liberty = cut("[states.community]", "[reoffending]");
  const std::string other = cut("[arrivals.transfers]", "[states.charge]");
  std::string text = base;
  for (const std::string& part : {courts, liberty, other}) text = replaced(text, part, "");
  text = replaced(text, "\n[arrivals.suspects]\n", liberty + other + "\n[arrivals.suspects]\n") + courts;
  const World world(base, tables_of_everything());
  const World shuffled(text, tables_of_everything());
  REQUIRE(world.scenario().states.front().name != shuffled.scenario().states.front().name);
  CHECK(compare_on(world, shuffled, evenings(world)) == "");
}

TEST_CASE("same person: one more arrival changes nobody else") {
  const std::string base = unlimited_everything();
  const World world(base, tables_of_everything());
  const World more(replaced(base, "\n[states.charge]\n",
                            "\n[arrivals.visitors]\nto = \"charge\"\nrate = 365.2425\n[arrivals.visitors.mix]\nsex = { "
                            "male = 0.5, female = 0.5 }\nage = { 21-39 = 1.0 }\n\n[states.charge]\n"),
                   tables_of_everything());
  CHECK(compare_on(more, world, evenings(world), true) == "");
  const auto replication = world.begin();
  const auto other = more.begin();
  for (sim::Day day = 0; day < 30; ++day) {
    replication->run_day(day);
    other->run_day(day);
  }
  CHECK(persons_by_name(*other).size() > persons_by_name(*replication).size());
}

TEST_CASE("same person: an intake halved takes persons away and leaves the others as they were") {
  const std::string base = unlimited_everything();
  const World world(base, tables_of_everything());
  const World half(replaced(base, "2010-01-01 = 1500, 2013-01-01 = 1700, 2015-01-01 = 1400",
                            "2010-01-01 = 750, 2013-01-01 = 850, 2015-01-01 = 700"),
                   tables_of_everything());
  CHECK(compare_on(world, half, evenings(world), true) == "");
  const double all = static_cast<double>(world.run().persons);
  const double left = static_cast<double>(half.run().persons);
  CHECK(left / all == Approx(0.5).margin(0.05));
  // The twin: in another stream they would be other persons.
  const World other_seed(replaced(base, "seed = 7041776", "seed = 7041777"), tables_of_everything());
  CHECK(compare_on(world, other_seed, {31}, true) != "");
}

TEST_CASE("same person: a policy that changes nothing changes no byte") {
  // Dates in the middle and at the start of a month, all three kinds, all three operations.
  const std::string base = without_policies(everything_from_empty());
  const World world(base, tables_of_everything());
  const std::uint64_t expected = hash_of(world.run());
  const std::string kinds[] = {"everyone", "new cases", "inside"};
  for (const std::string& kind : kinds) {
    for (const std::string date : {"2011-06-01", "2012-03-17"}) {
      const std::string text = base + "\n[policies.nothing]\nfrom = " + date + "\nuntil = 2014-02-11\napplies_to = \"" +
                               kind +
                               "\"\nphase_in = \"3 months\"\n"
                               "set.states.prison.parole_eligibility = 0.4\n"
                               "set.states.prison.term.mean = \"20 months\"\n"
                               "set.states.probation.breach = 0.25\n"
                               "set.states.verdict.shares.prison = 0.3\n"
                               "set.states.prison.mortality_ratio = 1.3\n"
                               "set.mortality.rate = \"8 per 1000 per year\"\n"
                               "set.services.courts.per_day = 3.7\n"
                               "scale.states.probation.term = 1.0\n"
                               "scale.arrivals.suspects.rate = 1.0\n"
                               "scale.facilities.remand.country.places = 1.0\n"
                               "shift.states.investigation.reoffending_ratio = 0.0\n";
      const World nothing(text, tables_of_everything());
      INFO(kind << " from " << date);
      CHECK(hash_of(nothing.run(0, 3)) == expected);
      const World twin(replaced(text, "set.states.probation.breach = 0.25", "set.states.probation.breach = 0.2501"),
                       tables_of_everything());
      CHECK(hash_of(twin.run(0, 3)) != expected);
    }
  }
}

}  // namespace
}  // namespace prisonflow::testing
