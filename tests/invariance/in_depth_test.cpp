// The promises P1 to P3 for a justice system in depth, which uses all at once: events in states, joined offences, older
// terms, programmes in custody, police cells, capacity by region, laws by class and every kind of feedback link.
#include <catch2/catch.hpp>

#include "tests/support/everything.hpp"
#include "tests/support/persons.hpp"

namespace prisonflow::testing {
namespace {

World world_in_depth(const std::string& more = "") {
  return World(in_depth() + more, tables_of_everything());
}

TEST_CASE("in depth: threads and partitions change no value") {
  const World world = world_in_depth();
  const std::uint64_t expected = hash_of(world.run());
  for (const std::uint16_t partitions : std::vector<std::uint16_t>{1, 7, 64}) {
    for (const int threads : {1, 2}) {
      INFO(threads << " threads, " << partitions << " partitions");
      CHECK(hash_of(world.run(0, partitions, threads)) == expected);
    }
  }
  CHECK(hash_of(world.run(1)) != expected);
}

TEST_CASE("in depth: nobody is lost") {
  const World world = world_in_depth();
  const auto replication = world.begin(0, 3);
  for (sim::Day day = 0; day < world.experiment().model().days(); ++day) {
    replication->run_day(day);
    if (day % 50 == 0) CHECK_NOTHROW(replication->check_nobody_lost());
  }
  CHECK_NOTHROW(replication->finish());
}

TEST_CASE("in depth: everything there happens") {
  const World world = world_in_depth();
  const auto result = world.run();
  const auto sum = [&](const std::string& measure, std::size_t cell) {
    double whole = 0;
    for (std::size_t month = 0; month < world.months(); ++month) whole += world.value(result, measure, month, cell);
    return whole;
  };
  std::size_t event = 0;
  for (const models::State& state : world.scenario().states) {
    for (const models::StateEvent& own : state.events) {
      INFO(state.name << " " << own.name);
      CHECK(sum("events", event++) > 0);
    }
  }
  REQUIRE(event > 8);
  for (std::size_t facility = 0; facility < world.scenario().facilities.size(); ++facility) {
    INFO(world.scenario().facilities[facility].name);
    CHECK(sum("facility_population", facility) > 0);
  }
  for (std::size_t service = 0; service < world.scenario().services.size(); ++service) {
    if (world.scenario().services[service].name == "boards") continue;  // it has members enough here
    INFO(world.scenario().services[service].name);
    CHECK(sum("service_queue", service) > 0);
  }
  CHECK(sum("offences", 0) > 0);
  CHECK(sum("victims", 0) > 0);
}

TEST_CASE("in depth: a policy or a link that sets a number to its old value changes no byte, another one does") {
  const std::uint64_t expected = hash_of(world_in_depth().run());
  const auto with = [](const std::string& number) {
    return hash_of(world_in_depth("[policies.same]\nfrom = 2012-05-01\napplies_to = \"inside\"\n" + number).run());
  };
  CHECK(with("set.states.prison.events.misconduct.rate = 0.5\n") == expected);
  CHECK(with("set.states.prison.events.misconduct.rate = 0.6\n") != expected);
  CHECK(with("set.states.detention.events.review.after = \"30 days\"\n") == expected);
  CHECK(with("set.states.detention.events.review.after = \"20 days\"\n") != expected);
  CHECK(with("scale.states.prison.term_for = 1.0\n") == expected);
  const std::string idle =
      "[feedback.idle]\noccupancy = \"prisons\"\nresponse = { 0 = FACTOR }\n"
      "acts_on = [\"states.rest_of_term.events.misconduct\", \"states.bail.events.absconds\", "
      "\"states.bail.breach\"]\n";
  const std::uint64_t without_idle = hash_of_people(world_in_depth());
  CHECK(hash_of_people(world_in_depth(replaced(idle, "FACTOR", "1.0"))) == without_idle);
  CHECK(hash_of_people(world_in_depth(replaced(idle, "FACTOR", "1.1"))) != without_idle);
}

TEST_CASE("in depth: everybody is the same person until a reform begins") {
  const World base = world_in_depth();
  const World reform =
      world_in_depth("[policies.later]\nfrom = 2012-05-01\nset.states.prison.events.misconduct.rate = 2.0\n");
  const auto one = base.begin(0, 3);
  const auto other = reform.begin(0, 5);
  const sim::Day begins = 851;  // 1 May 2012
  for (sim::Day day = 0; day < begins; ++day) {
    one->run_day(day);
    other->run_day(day);
  }
  CHECK(first_difference(base, *one, reform, *other) == "");
  for (sim::Day day = begins; day < begins + 60; ++day) {
    one->run_day(day);
    other->run_day(day);
  }
  CHECK(first_difference(base, *one, reform, *other) != "");
}

}  // namespace
}  // namespace prisonflow::testing
