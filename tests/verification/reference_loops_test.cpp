// The loops of scenarios/reference/system.toml, on a small system that has all of them: each link moves what it is
// declared to move, in its direction, beside all others and alone; and loops close over the whole system.
#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <vector>

#include "tests/support/bounds.hpp"
#include "tests/support/world.hpp"

namespace prisonflow::testing {
namespace {

constexpr std::uint32_t kReplications = 12;

const std::string kSystem = header("2010-01-01", "2015-01-01") + R"(
[classes]
risk = ["low", "high"]
programme = ["not_taken", "trained"]
[arrivals.suspects]
to = "charge"
rate = 3000
mix.risk = { low = 0.5, high = "rest" }
[states.charge]
kind = "decision"
shares = { detention = 1 }
[states.detention]
kind = "custody"
pretrial = true
facilities = "remand"
duration = { distribution = "gamma", mean = "60 days", shape = 2 }
next = "plea"
[states.plea]
kind = "decision"
shares = { agreed = 0.3, court = "rest" }
[states.agreed]
kind = "decision"
shares = { sentence = 1 }
[states.court]
kind = "service"
service = "courts"
pretrial = true
facilities = "remand"
duration = { distribution = "uniform", shortest = "5 days", longest = "15 days" }
next = "sentence"
[states.sentence]
kind = "decision"
conviction = true
shares = { prison = 0.5, probation = "rest" }
[states.prison]
kind = "custody"
facilities = "prisons"
service = "programme_places"
term = { distribution = "lognormal", mean = "18 months", sigma = 0.5 }
pretrial_credit = 1
automatic_release = 0.7
next = "licence"
events.completes = { after = "3 months", to = "completed" }
[states.completed]
kind = "decision"
becomes = { programme = "trained" }
shares = { rest_of_term = 1 }
[states.rest_of_term]
kind = "custody"
facilities = "prisons"
term = "continue"
automatic_release = 0.7
next = "licence"
[states.licence]
kind = "supervision"
term = "remainder"
breach = 0.4
on_breach = "licence_broken"
next = "community"
[states.licence_broken]
kind = "decision"
shares = { recalled = 0.5, licence = "rest" }
[states.recalled]
kind = "custody"
facilities = "prisons"
term = "remainder"
next = "community"
[states.probation]
kind = "supervision"
duration = "1 year"
breach = 0.4
on_breach = "probation_broken"
next = "community"
[states.probation_broken]
kind = "decision"
shares = { prison = 0.1, probation = "rest" }
[states.community]
kind = "liberty"
leaving = 0.1
next = "gone"
[states.gone]
kind = "exit"
[states.dead]
kind = "exit"
[reoffending]
to = "charge"
time = { distribution = "lognormal", median = "12 months", sigma = 1, never = 0.4 }
ratio_by.risk.high = 1.6
ratio_by.programme.trained = 0.6
[mortality]
to = "dead"
rate = "20 per 1000 per year"
[facilities.remand]
when_full = "crowd"
[facilities.remand.house]
places = 900
[facilities.prisons]
when_full = "crowd"
[facilities.prisons.closed]
places = 1100
[services.courts]
servers = 68
[services.programme_places]
servers = 330
[arrivals.first_prisoners]
to = "prison"
rate = { between = "steps", on = { 2010-01-01 = 10800, 2010-02-01 = 0 } }
mix.risk = { low = 0.4, high = "rest" }
[arrivals.first_at_liberty]
to = "community"
rate = { between = "steps", on = { 2010-01-01 = 36000, 2010-02-01 = 0 } }
mix.risk = { low = 0.5, high = "rest" }
[measures.cases_by_risk]
quantity = "entries"
states = ["charge"]
by = ["risk"]
)";

/// A link of the reference system, and the sum over a run that it is declared to move, up or down.
struct Link {
  std::string name, reads, response, target;
  bool up;
  std::function<double(const World&, const models::ReplicationResult&)> moved;
};

std::function<double(const World&, const models::ReplicationResult&)> entries_of(const std::string& state) {
  return [state](const World& world, const models::ReplicationResult& result) {
    return world.entries(result, state, 0, world.months());
  };
}

std::function<double(const World&, const models::ReplicationResult&)> sum_of(const std::string& measure,
                                                                             std::size_t cell) {
  return [measure, cell](const World& world, const models::ReplicationResult& result) {
    return world.total(result, measure, cell);
  };
}

double detained(const World& world, const models::ReplicationResult& result) {
  double sum = 0;
  for (std::size_t month = 12; month < world.months(); ++month) sum += world.state(result, "stock", month, "detention");
  return sum;
}

const std::vector<Link>& links() {
  const std::string crowded = "occupancy = \"prisons\"";
  const std::string caseload = "caseload = [\"probation\", \"licence\"]\nofficers = 30";
  const std::string backlog = "backlog = \"courts\"";
  static const std::vector<Link> all{
      {"crowding_and_programmes", crowded, "70 = 1.0, 120 = 0.2", "services.programme_places", false,
       entries_of("completed")},
      {"crowding_and_deaths", crowded, "70 = 1.0, 120 = 2.5", "mortality", true, sum_of("deaths_in_custody", 0)},
      {"crowding_and_reoffending", crowded, "70 = 1.0, 120 = 1.6", "reoffending", true, entries_of("charge")},
      {"crowding_and_parole", crowded, "70 = 1.0, 120 = 2.5", "states.licence.breach", true,
       entries_of("licence_broken")},
      {"caseload_and_breach", caseload, "20 = 1.0, 70 = 0.4", "states.probation.breach", false,
       entries_of("probation_broken")},
      {"caseload_and_reoffending", caseload, "20 = 0.4, 120 = 1.0", "states.probation.reoffending", false,
       entries_of("charge")},
      {"low_risk_intensity", caseload, "20 = 2.5, 120 = 1.0", "states.probation.reoffending\"]\nonly.risk = [\"low",
       true, sum_of("cases_by_risk", 0)},
      {"backlog_and_detention", backlog, "0 = 1.0, 1 = 1.6", "states.detention.duration", true, detained},
      {"backlog_and_pleas", backlog, "0 = 1.0, 1 = 3.0", "states.plea.shares.agreed", true, entries_of("agreed")},
  };
  return all;
}

std::string text_of(const Link& link, bool enabled) {
  return "[feedback." + link.name + "]\n" + link.reads + "\nresponse = { " + link.response + " }\nacts_on = [\"" +
         link.target + "\"]\nenabled = " + (enabled ? "true" : "false") + "\n";
}

/// The system with those links on for which `on` holds.
World system_with(const std::function<bool(const Link&)>& on) {
  std::string text = kSystem;
  for (const Link& link : links()) text += text_of(link, on(link));
  return World(text);
}

std::vector<models::ReplicationResult> runs_of(const World& world) {
  std::vector<models::ReplicationResult> results;
  for (std::uint32_t number = 0; number < kReplications; ++number) results.push_back(world.run(number));
  return results;
}

/// Replications share their random numbers: the difference of each pair.
template <class Moved>
Estimate difference(const World& first, const std::vector<models::ReplicationResult>& firsts, const World& second,
                    const std::vector<models::ReplicationResult>& seconds, const Moved& moved) {
  std::vector<double> differences;
  for (std::size_t number = 0; number < firsts.size(); ++number) {
    differences.push_back(moved(first, firsts[number]) - moved(second, seconds[number]));
  }
  return mean_of(differences);
}

void check_direction(const std::string& what, const Estimate& found, bool up) {
  INFO(what << ": " << found.value << " +- " << found.standard_error << ", bound " << tolerance(found.degrees));
  CHECK((found.value > 0) == up);
  CHECK_FALSE(agrees(found, 0));
}

TEST_CASE("reference loops: each link moves what it is declared to move, among all and alone") {
  const World all = system_with([](const Link&) { return true; });
  const World none = system_with([](const Link&) { return false; });
  const auto with_all = runs_of(all);
  const auto with_none = runs_of(none);
  for (const Link& link : links()) {
    const World but_this = system_with([&](const Link& other) { return other.name != link.name; });
    const World this_alone = system_with([&](const Link& other) { return other.name == link.name; });
    check_direction(link.name + " among all", difference(all, with_all, but_this, runs_of(but_this), link.moved),
                    link.up);
    check_direction(link.name + " alone", difference(this_alone, runs_of(this_alone), none, with_none, link.moved),
                    link.up);
  }
}

TEST_CASE("reference loops: the twins, links that multiply by one, move no byte") {
  std::string off = kSystem;
  std::string idle = kSystem;
  for (Link link : links()) {
    off += text_of(link, false);
    link.response = "0 = 1.0, 200 = 1.0";
    idle += text_of(link, true);
  }
  CHECK(hash_of_people(World(idle), 3) == hash_of_people(World(off), 3));
  for (const Link& link : links()) {
    INFO(link.name);
    CHECK(hash_of_people(World(off + replaced(text_of(link, true), "feedback.", "feedback.again_")), 3) !=
          hash_of_people(World(off), 3));
  }
}

/// Prisoners in the last two years, summed over the months.
double prisoners_late(const World& world, const models::ReplicationResult& result) {
  double sum = 0;
  for (std::size_t month = world.months() - 24; month < world.months(); ++month) {
    sum += world.value(result, "prison_population", month);
  }
  return sum;
}

TEST_CASE("reference loops: crowding feeds reoffending, which feeds crowding") {
  const auto is_loop = [](const Link& link) { return link.name == "crowding_and_reoffending"; };
  const World on = system_with(is_loop);
  const World off = system_with([](const Link&) { return false; });
  check_direction("prisoners", difference(on, runs_of(on), off, runs_of(off), prisoners_late), true);
}

/// The system with lawyers between the charge and the hearing, who are too few at first, and the link from their
/// backlog.
World system_with_lawyers(bool linked) {
  const std::string lawyers =
      "shares = { with_lawyer = 0.8, hearing_alone = \"rest\" }\n"
      "[states.with_lawyer]\nkind = \"service\"\nservice = \"lawyers\"\nnext = \"hearing_with_lawyer\"\n"
      "duration = { distribution = \"uniform\", shortest = \"1 day\", longest = \"3 days\" }\n"
      "[states.hearing_with_lawyer]\nkind = \"decision\"\nshares = { detention = 0.7, community = \"rest\" }\n"
      "[states.hearing_alone]\nkind = \"decision\"\nshares = { detention = 0.9, community = \"rest\" }\n"
      "[services.lawyers]\nservers = 20\n";
  const Link link{
      "no_lawyer_free",         "backlog = \"lawyers\"", "0 = 1.0, 4 = 0.3", "states.charge.shares.with_lawyer", false,
      entries_of("with_lawyer")};
  return World(replaced(kSystem, "shares = { detention = 1 }\n", lawyers) + text_of(link, linked));
}

// Four bounds of 4e-9 each (tests/support/bounds.hpp): a change of seed raises a false alarm here less than once in
// 6e7.
TEST_CASE("reference loops: too many wait for a lawyer, fewer are sent to one, and fewer wait") {
  const World on = system_with_lawyers(true);
  const World off = system_with_lawyers(false);
  const auto with = runs_of(on);
  const auto without = runs_of(off);
  const auto moved = [&](const auto& what) { return difference(on, with, off, without, what); };
  const auto lawyers = static_cast<std::size_t>(
      std::ranges::find(on.scenario().services, "lawyers", &models::Service::name) - on.scenario().services.begin());
  check_direction("sent to a lawyer", moved(entries_of("with_lawyer")), false);
  check_direction("heard alone", moved(entries_of("hearing_alone")), true);
  check_direction("waiting for a lawyer", moved(sum_of("service_queue", lawyers)), false);
  check_direction("detained", moved(detained), true);
}

TEST_CASE("reference loops: fewer places release earlier, and more are admitted") {
  const std::string released =
      "[states.released_early]\nkind = \"decision\"\nshares = { community = 1 }\n"
      "[emergency_releases.overcrowded]\noccupancy = \"prisons\"\nabove = 100\ndown_to = 98\n"
      "from = [\"prison\", \"rest_of_term\"]\nto = \"released_early\"\n";
  const World many(replaced(kSystem, "places = 1100", "places = 9000") + released);
  const World few(replaced(kSystem, "places = 1100", "places = 350") + released);
  const auto with_many = runs_of(many);
  const auto with_few = runs_of(few);
  const auto moved = [&](const auto& what) { return difference(few, with_few, many, with_many, what); };
  CHECK(entries_of("released_early")(many, with_many.front()) == 0);
  check_direction("emergency releases", moved(entries_of("released_early")), true);
  check_direction("prisoners", moved(prisoners_late), false);
  check_direction("new cases", moved(entries_of("charge")), true);
  check_direction("admissions", moved(entries_of("prison")), true);
}

}  // namespace
}  // namespace prisonflow::testing
