// Feedback: a hazard that varies from night to night is thinned exactly, durations and odds take today's factor, and a
// link that is off, or does nothing, is not there.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "tests/support/bounds.hpp"
#include "tests/support/world.hpp"

namespace prisonflow::testing {
namespace {

constexpr double kKnown = std::numeric_limits<double>::infinity();  // degrees of freedom of a known error

/// A closed ward of persons who die at a hazard that rises with how full it is, from one to `greatest` times as high at
/// 200 per cent. It empties, and the hazard falls.
std::string ward(const std::string& greatest, const std::string& more = "") {
  return header("2010-01-01", "2014-01-01") +
         "[states.ward]\nkind = \"custody\"\nfacilities = \"wards\"\nterm = \"life\"\n[states.dead]\nkind = \"exit\"\n"
         "[initial.ward]\npersons = 20000\nelapsed = \"none\"\n"
         "[arrivals.nobody]\nto = \"ward\"\nrate = 0\n"
         "[mortality]\nto = \"dead\"\nrate = \"20 per 100 per year\"\n"
         "[facilities.wards]\nwhen_full = \"crowd\"\n[facilities.wards.all]\nplaces = 10000\n"
         "[feedback.crowding]\noccupancy = \"wards\"\nresponse = { 100 = 1.0, 200 = " +
         greatest + " }\nacts_on = [\"mortality\"]\n" + more;
}

/// How many live after each day, by quadrature of the hazard that each night's number gives.
std::vector<double> expected_alive(double greatest, int days) {
  std::vector<double> alive{20000};
  for (int day = 0; day < days; ++day) {
    const double occupancy = alive.back() / 100.0;
    const double factor = 1.0 + (greatest - 1.0) * std::clamp((occupancy - 100.0) / 100.0, 0.0, 1.0);
    alive.push_back(alive.back() * std::exp(-0.2 / 365.2425 * factor));
  }
  return alive;
}

int alive_after(const World& world, int days) {
  const auto replication = world.begin(0, 3);
  for (sim::Day day = 0; day < days; ++day) replication->run_day(day);
  int alive = 0;
  for (const auto& partition : replication->partitions()) alive += static_cast<int>(partition->people.alive());
  return alive;
}

TEST_CASE("feedback: thinning gives the hazard that varies from day to day") {
  const World world(ward("4.0"));
  const auto expected = expected_alive(4.0, 1000);
  const auto without = expected_alive(1.0, 1000);
  for (const int days : {100, 400, 1000}) {
    const double mean = expected[static_cast<std::size_t>(days)];
    const double chance = mean / 20000;
    // Who dies early lowers the hazard of others: the number varies a little less than a binomial one.
    const double error = std::sqrt(20000 * chance * (1 - chance));
    const Estimate found{static_cast<double>(alive_after(world, days)), error, kKnown};
    check_with_twin("alive after " + std::to_string(days) + " days", found, mean,
                    without[static_cast<std::size_t>(days)]);
  }
}

TEST_CASE("feedback: a factor below one thins out too") {
  const World world(ward("0.25"));
  const double mean = expected_alive(0.25, 700).back();
  const double error = std::sqrt(mean * (1 - mean / 20000));
  const Estimate found{static_cast<double>(alive_after(world, 700)), error, kKnown};
  check_with_twin("alive after 700 days", found, mean, expected_alive(1.0, 700).back());
}

const double kFactors[] = {2.5, 3.0, 1.8, 2.0};
const char* const kEnds[] = {"dead", "breached", "again", "treated"};

/// Persons under supervision who die, breach, reoffend or leave for treatment at 0.1, 0.15, 0.2 and 0.12 a year, which
/// a link each multiplies by a factor that stays.
std::string watched(const std::string& duration) {
  const char* const targets[] = {"mortality", "states.watched.breach", "reoffending",
                                 "states.watched.events.treatment"};
  std::string text = header("2010-01-01", "2012-01-01") + "[states.watched]\nkind = \"supervision\"\nduration = \"" +
                     duration +
                     "\"\nbreach = 0.15\n"
                     "on_breach = \"breached\"\nnext = \"over\"\n[states.over]\nkind = \"exit\"\n"
                     "[states.watched.events.treatment]\nrate = 0.12\nto = \"treated\"\n"
                     "[initial.watched]\npersons = 40000\nelapsed = \"none\"\n"
                     "[mortality]\nto = \"dead\"\nrate = 0.1\n"
                     "[reoffending]\nto = \"again\"\ntime = { distribution = \"exponential\", mean = \"5 years\" }\n";
  for (const char* const end : kEnds) text += "[states." + std::string(end) + "]\nkind = \"exit\"\n";
  for (int link = 0; link < 4; ++link) {
    text += "[feedback.link" + std::to_string(link) +
            "]\ncaseload = [\"watched\"]\nofficers = 100\nresponse = { 0 = " + std::to_string(kFactors[link]) +
            " }\nacts_on = [\"" + targets[link] + "\"]\n";
  }
  return text;
}

TEST_CASE("feedback: of four hazards that links raise at once each is as high as it should be") {
  const double base[] = {0.1, 0.15, 0.2, 0.12};
  const World world(watched("40 years"));
  const auto result = world.run();
  double all = 0;
  for (int cause = 0; cause < 4; ++cause) all += base[cause] * kFactors[cause];
  const double gone = 1 - std::exp(-all * 730 / 365.2425);
  for (int cause = 0; cause < 4; ++cause) {
    const double found = world.entries(result, kEnds[cause], 0, world.months());
    const double chance = gone * base[cause] * kFactors[cause] / all;
    const double error = std::sqrt(40000 * chance * (1 - chance));
    check_with_twin(kEnds[cause], {found, error, kKnown}, 40000 * chance, 40000 * chance / kFactors[cause]);
  }
}

TEST_CASE("feedback: what only those who wait may do is raised for them") {
  const World world(
      header("2010-01-01", "2012-01-01") +
      "[states.queue]\nkind = \"service\"\nservice = \"clinic\"\nduration = \"40 years\"\nnext = \"gone\"\n"
      "[states.queue.events.gives_up]\nrate = 0.3\nto = \"gone\"\nwhile_waiting = true\n"
      "[states.gone]\nkind = \"exit\"\n[services.clinic]\nservers = 1\n"
      "[initial.queue]\npersons = 40000\nelapsed = \"none\"\n"
      "[feedback.backlog]\nbacklog = \"clinic\"\nresponse = { 0 = 2.5 }\n"
      "acts_on = [\"states.queue.events.gives_up\"]\n");
  const auto gone = [](double rate) { return 1 - std::exp(-rate * 730 / 365.2425); };
  const double chance = gone(0.3 * 2.5);
  const double found = world.entries(world.run(), "gone", 0, world.months());
  check_with_twin("gave up waiting", {found, std::sqrt(40000 * chance * (1 - chance)), kKnown}, 40000 * chance,
                  40000 * gone(0.3));
}

TEST_CASE("feedback: who is watched longer has the same added events until then") {
  const World shorter(watched("18 months")), longer(watched("5 years"));
  const auto in_one = shorter.run(), in_other = longer.run();
  for (const char* const end : kEnds) {
    for (std::size_t month = 0; month < 18; ++month) {
      CHECK(shorter.entries(in_one, end, month, month + 1) == longer.entries(in_other, end, month, month + 1));
    }
    CHECK(shorter.entries(in_one, end, 18, 24) < longer.entries(in_other, end, 18, 24));
  }
}

/// A system with every kind of target: court, prison, parole and community.
const std::string kSystem =
    header("2010-01-01", "2016-01-01") +
    "[states.court]\nkind = \"service\"\nservice = \"courts\"\nduration = { distribution = \"exponential\", mean = "
    "\"20 "
    "days\" }\nnext = \"sentence\"\n"
    "[states.sentence]\nkind = \"decision\"\nconviction = true\nshares = { prison = 0.5, fine = \"rest\" }\n"
    "[states.fine]\nkind = \"delay\"\nduration = \"30 days\"\nnext = \"free\"\n"
    "[states.prison]\nkind = \"custody\"\nfacilities = \"colonies\"\nterm = { distribution = \"exponential\", mean = "
    "\"2 "
    "years\" }\nparole_eligibility = 0.5\nparole_retry = \"6 months\"\non_parole = \"board\"\nnext = \"free\"\n"
    "[states.board]\nkind = \"decision\"\nshares = { parole = 0.5, prison = \"rest\" }\n"
    "[states.parole]\nkind = \"supervision\"\nterm = \"remainder\"\nbreach = \"30 per 100 per year\"\non_breach = "
    "\"revoked\"\nnext = \"free\"\n"
    "[states.revoked]\nkind = \"custody\"\nfacilities = \"colonies\"\nterm = \"remainder\"\nnext = \"free\"\n"
    "[states.free]\nkind = \"liberty\"\nleaving = \"10 per 100 per year\"\nnext = \"out\"\n"
    "[states.out]\nkind = \"exit\"\n[states.dead]\nkind = \"exit\"\n"
    "[arrivals.a]\nto = \"court\"\nrate = 2000\n"
    "[reoffending]\nto = \"court\"\ntime = { distribution = \"weibull\", scale = \"700 days\", shape = 0.8, never = "
    "0.3 }\n"
    "[mortality]\nto = \"dead\"\nrate = \"10 per 1000 per year\"\n"
    "[services.courts]\nservers = 130\n"
    "[facilities.colonies]\nwhen_full = \"crowd\"\n[facilities.colonies.all]\nplaces = 1000\n";

std::string link(const std::string& name, const std::string& ratio, const std::string& response,
                 const std::string& target, bool enabled = true) {
  return "[feedback." + name + "]\n" + ratio + "\nresponse = { " + response + " }\nacts_on = [\"" + target +
         "\"]\nenabled = " + (enabled ? "true" : "false") + "\n";
}

const std::vector<std::string> kTargets{"reoffending",           "mortality",          "states.parole.breach",
                                        "states.court.duration", "states.prison.term", "states.sentence.shares.prison"};

TEST_CASE("feedback: a link that is off, or whose factor is one, changes no byte") {
  const std::uint64_t plain = hash_of_people(World(kSystem));
  std::string off, idle;
  for (std::size_t target = 0; target < kTargets.size(); ++target) {
    const std::string name = "link" + std::to_string(target);
    off += link(name, "occupancy = \"colonies\"", "100 = 1.0, 150 = 3.0", kTargets[target], false);
    idle += link(name, "occupancy = \"colonies\"", "100 = 1.0, 150 = 1.0", kTargets[target]);
  }
  CHECK(hash_of_people(World(kSystem + off)) == plain);
  CHECK(hash_of_people(World(kSystem + idle)) == plain);
  // Nor does one that might move something but never does: everybody keeps the events they have without it.
  std::string unreached;
  for (std::size_t target = 0; target < kTargets.size(); ++target) {
    unreached +=
        link("link" + std::to_string(target), "occupancy = \"colonies\"", "5000 = 1.0, 6000 = 3.0", kTargets[target]);
  }
  CHECK(hash_of_people(World(kSystem + unreached)) == plain);
  // The twins: each link alone moves something.
  for (const std::string& target : kTargets) {
    INFO(target);
    CHECK(hash_of_people(World(kSystem + link("one", "occupancy = \"colonies\"", "50 = 1.0, 100 = 2.0", target))) !=
          plain);
  }
}

TEST_CASE("feedback: partitions and threads change nothing, with every link on") {
  std::string links =
      link("backlog", "backlog = \"courts\"", "0 = 1.0, 1 = 0.6", "states.court.duration") +
      link("caseload", "caseload = [\"parole\"]\nofficers = 5", "20 = 1.0, 60 = 0.4", "states.parole.breach");
  for (std::size_t target = 0; target < kTargets.size(); ++target) {
    links += link("link" + std::to_string(target), "occupancy = \"colonies\"", "80 = 1.0, 150 = 1.5", kTargets[target]);
  }
  const World world(kSystem + links);
  const std::uint64_t one = hash_of(world.run(0, 1, 1));
  CHECK(hash_of(world.run(0, 7, 1)) == one);
  CHECK(hash_of(world.run(0, 7, 2)) == one);
  CHECK(hash_of(world.run(1, 1, 1)) != one);
}

/// Entries into a state in the last three years, over some replications.
double entries_late(const World& world, const std::string& state) {
  double sum = 0;
  for (std::uint32_t number = 0; number < 4; ++number) {
    sum += world.entries(world.run(number), state, 36, world.months());
  }
  return sum;
}

TEST_CASE("feedback: each link has its sign") {
  const World plain(kSystem);
  const auto with = [](const std::string& ratio, const std::string& response, const std::string& target) {
    return World(kSystem + link("one", ratio, response, target));
  };
  const std::string crowded = "occupancy = \"colonies\"";
  // Crowding makes people reoffend: more cases, more admissions.
  const std::string wide = replaced(kSystem, "servers = 130", "servers = 400");  // else courts hold the flood back
  const World unmoved(wide);
  const World reoffending(wide + link("one", crowded, "50 = 1.0, 100 = 1.6", "reoffending"));
  CHECK(entries_late(reoffending, "court") > 1.05 * entries_late(unmoved, "court"));
  CHECK(entries_late(reoffending, "prison") > 1.05 * entries_late(unmoved, "prison"));
  // Courts that see a full prison send fewer people there.
  const World odds = with(crowded, "50 = 1.0, 100 = 0.5", "states.sentence.shares.prison");
  CHECK(entries_late(odds, "prison") < 0.85 * entries_late(plain, "prison"));
  CHECK(entries_late(odds, "fine") > 1.1 * entries_late(plain, "fine"));
  // Officers with too many persons find fewer breaches.
  const World caseload = with("caseload = [\"parole\"]\nofficers = 2", "20 = 1.0, 60 = 0.3", "states.parole.breach");
  CHECK(entries_late(caseload, "revoked") < 0.6 * entries_late(plain, "revoked"));
  // Prisons that are full let people go earlier: they are back sooner.
  const World terms = with(crowded, "50 = 1.0, 100 = 0.6", "states.prison.term");
  const auto stock = [](const World& world) { return world.state(world.run(), "stock", world.months() - 1, "prison"); };
  CHECK(stock(terms) < 0.85 * stock(plain));
  CHECK(entries_late(terms, "court") > entries_late(plain, "court"));
  // A backlog shortens hearings, and there is less of it.
  const World backlog = with("backlog = \"courts\"", "0 = 1.0, 1 = 0.7", "states.court.duration");
  CHECK(stock(backlog) > stock(plain));
}

TEST_CASE("feedback: a loop alone settles where its equation says") {
  // Admissions at 10 a day, terms of 100 days times a factor that falls from 1 at 50 per cent to 0 at 150 per cent of
  // 1000 places: stock = 1000 (1.5 - stock / 1000), 750 in the mean.
  const auto system = [](const std::string& low) {
    return World(header("2010-01-01", "2016-01-01") +
                 "[arrivals.a]\nto = \"prison\"\nrate = " + std::to_string(10 * 365.2425) +
                 "\n[states.prison]\nkind = \"custody\"\nfacilities = \"colonies\"\nterm = { distribution = "
                 "\"exponential\", mean = \"100 days\" }\nnext = \"out\"\n[states.out]\nkind = \"exit\"\n"
                 "[facilities.colonies]\nwhen_full = \"crowd\"\n[facilities.colonies.all]\nplaces = 1000\n" +
                 link("earlier_release", "occupancy = \"colonies\"", "50 = 1.0, 150 = " + low, "states.prison.term"));
  };
  const auto mean_stock = [](const World& world) {
    double sum = 0;
    for (std::uint32_t number = 0; number < 3; ++number) {
      const auto result = world.run(number);
      for (std::size_t month = 24; month < world.months(); ++month)
        sum += world.state(result, "stock", month, "prison");
    }
    return sum / (3.0 * static_cast<double>(world.months() - 24));
  };
  // Stocks of one replication hold together for about a term of 75 days: some 60 independent looks, each with a
  // standard deviation of at most the square root of 750.
  const double error = std::sqrt(750.0 / 60);
  const auto estimate = [&](const std::string& low) { return Estimate{mean_stock(system(low)), error, kKnown}; };
  // The twin's curve falls to 0.2 only: 1000 (1.4 - 0.8 stock / 1000), 778 in the mean.
  check_with_twin_run("the stock that feeds back on itself", estimate("0.0"), estimate("0.2"), 750);
}

}  // namespace
}  // namespace prisonflow::testing
