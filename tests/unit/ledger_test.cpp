// The ledger of cases: what rank a case has, what counts as custody through the back door, and that the days of all
// cases are the person-time of all states. Scenarios whose course is certain, so that every case is known beforehand.
#include <catch2/catch.hpp>

#include "tests/support/everything.hpp"
#include "tests/support/pair.hpp"

namespace prisonflow::testing {
namespace {

using models::CaseRecord;
using models::Control;

/// Two years of people who come to `first` and go the way that `states` say.
std::string way(const std::string& states) {
  return header("2010-01-01", "2012-01-01") + "[arrivals.all]\nto = \"first\"\nrate = 400\n" + states +
         "[states.end]\nkind = \"exit\"\n";
}

/// All cases of one replication.
std::vector<CaseRecord> cases_of(const World& world) {
  const models::ReplicationResult result =
      models::Replication(world.experiment(), world.measures(), world.scenario().seed, 0, 1, models::Ledgers::kept)
          .run();
  std::vector<CaseRecord> cases;
  const models::Ledger& ledger = *result.ledgers.at(0);
  for (std::size_t index = 0; index < ledger.cases(); ++index) cases.push_back(ledger[index]);
  return cases;
}

/// Of the cases that began in the first half year, which are over when the run ends.
std::vector<CaseRecord> finished_cases(const std::string& states) {
  std::vector<CaseRecord> finished;
  for (const CaseRecord& record : cases_of(World(way(states)))) {
    if (record.begun < 180) finished.push_back(record);
  }
  REQUIRE(finished.size() > 100);
  return finished;
}

constexpr sim::Minute kDay = sim::kMinutesPerDay;
std::int32_t minutes(const CaseRecord& record, Control control) {
  return record.minutes[static_cast<std::size_t>(control)];
}

TEST_CASE("ledger: control before the sentence is time, not rank") {
  for (const CaseRecord& record : finished_cases(R"(
[states.first]
kind = "supervision"
pretrial = true
control = "intensive"
term = "20 days"
next = "remand"
[states.remand]
kind = "custody"
pretrial = true
duration = "30 days"
next = "fine"
[states.fine]
kind = "delay"
control = "financial"
duration = "10 days"
next = "end"
)")) {
    CHECK(record.rank == Control::financial);
    CHECK(record.disposed);
    CHECK_FALSE(record.back_door());
    CHECK(minutes(record, Control::intensive) == 20 * kDay);
    CHECK(minutes(record, Control::custody) == 30 * kDay);
    CHECK(record.custody_before_trial == 30 * kDay);
    CHECK(record.other_before_trial == 20 * kDay);
    CHECK(record.sanctioned() == 10 * kDay);
  }
}

TEST_CASE("ledger: a decision that is a measure has a rank") {
  for (const CaseRecord& record : finished_cases(R"(
[states.first]
kind = "decision"
control = "conditional"
shares = { end = 1.0 }
)")) {
    CHECK(record.rank == Control::conditional);
    CHECK(record.under_control() == 0);
  }
}

TEST_CASE("ledger: custody after a lesser sanction is the back door, parole after custody is not") {
  const std::string prison = R"(
[states.prison]
kind = "custody"
term = "60 days"
next = "licence"
[states.licence]
kind = "supervision"
term = "15 days"
next = "recall"
[states.recall]
kind = "custody"
duration = "5 days"
next = "end"
)";
  for (const CaseRecord& record : finished_cases(replaced(prison, "states.prison]", "states.first]"))) {
    CHECK(record.rank == Control::custody);
    CHECK_FALSE(record.back_door());
    CHECK(record.through_breach == 0);
    CHECK(minutes(record, Control::custody) == 65 * kDay);
  }
  for (const CaseRecord& record : finished_cases(R"(
[states.first]
kind = "supervision"
term = "40 days"
next = "prison"
)" + prison)) {
    CHECK(record.rank == Control::supervised);
    CHECK(record.back_door());
    CHECK(record.through_breach == 65 * kDay);
    CHECK(minutes(record, Control::supervised) == 55 * kDay);
  }
}

TEST_CASE("ledger: prisoners in a queue or a delay are in custody") {
  for (const CaseRecord& record : finished_cases(R"(
[states.first]
kind = "delay"
facilities = "remand"
pretrial = true
duration = "12 days"
next = "end"
[facilities.remand]
when_full = "crowd"
[facilities.remand.one]
places = 100
)")) {
    CHECK(minutes(record, Control::custody) == 12 * kDay);
    CHECK(record.rank == Control::none);
  }
}

TEST_CASE("ledger: an offence that is joined makes the custody after it no back door") {
  const std::string states = R"(
[states.first]
kind = "supervision"
term = "400 days"
on_new_offence = "prison"
next = "community"
[states.prison]
kind = "custody"
term = "60 days"
next = "community"
[states.community]
kind = "liberty"
leaving = 1.0
next = "end"
[reoffending]
to = "first"
time = { distribution = "exponential", mean = "100 days" }
)";
  std::size_t joined = 0;
  for (const CaseRecord& record : finished_cases(states)) {
    CHECK_FALSE(record.back_door());
    CHECK(record.through_breach == 0);
    if (!record.joined) continue;
    ++joined;
    CHECK(record.rank == Control::custody);
  }
  CHECK(joined > 50);
  // The twin: the same way by a breach is the back door.
  std::size_t back_door = 0;
  for (const CaseRecord& record :
       finished_cases(replaced(states, "on_new_offence = ", "breach = 3.65\non_breach = "))) {
    back_door += record.back_door() ? 1 : 0;
  }
  CHECK(back_door > 50);
}

TEST_CASE("ledger: the days of all cases are the person-time of all states") {
  const World world(everything(), tables_of_everything());
  for (const std::uint32_t partitions : {1u, 7u}) {
    const models::ReplicationResult result =
        models::Replication(world.experiment(), world.measures(), world.scenario().seed, 0, partitions,
                            models::Ledgers::kept)
            .run();
    const models::CaseTotals totals = models::case_totals(result.ledgers);
    std::array<double, models::kControls> years{};
    const auto& facts = world.experiment().model().facts();
    const std::size_t regions = world.scenario().traits[0].labels.size();
    for (std::size_t month = 0; month < world.months(); ++month) {
      for (std::size_t region = 0; region < regions; ++region) {
        for (std::size_t state = 0; state < facts.size(); ++state) {
          years[static_cast<std::size_t>(facts[state].control)] +=
              world.value(result, "person_years", month, region * facts.size() + state);
        }
      }
    }
    for (std::size_t rank = 1; rank < models::kControls; ++rank) {
      INFO(models::kControlNames[rank]);
      const double expected = years[rank] * sim::kDaysPerYear * sim::kMinutesPerDay;
      CHECK(static_cast<double>(totals.minutes[rank]) == Approx(expected).epsilon(1e-9));
    }
    CHECK(totals.minutes[static_cast<std::size_t>(Control::custody)] > 0);
    CHECK(result.persons <= result.cases);
  }
}

}  // namespace
}  // namespace prisonflow::testing
