// Persons followed over time against closed forms: Weibull and split survival at liberty, fuses that burn at changing
// rates or while waiting, competing risks under supervision, death over several states, parole with refusals, and the
// length-biased initial stock against the stationary residual law.
//
// Shares of independent persons: the standard error is the binomial one of the expected share. Bounds and false-alarm
// rate: tests/support/bounds.hpp. Twins: a parameter 5 to 10 per cent off, a wrong fraction, a hearing too many.
#include <catch2/catch.hpp>
#include <cmath>

#include "tests/support/bounds.hpp"
#include "tests/support/world.hpp"

namespace prisonflow::testing {
namespace {

constexpr double kYear = 365.2425;
constexpr double kMonth = kYear / 12;
constexpr std::uint32_t kRuns = 5;
constexpr int kPersons = 120000;  ///< of a cohort, in each replication

/// Entries into a state from the start until the first day of a month, over several replications.
class Cohort {
 public:
  explicit Cohort(const std::string& text, std::uint32_t runs = kRuns) : world_(text) {
    for (std::uint32_t run = 0; run < runs; ++run) results_.push_back(world_.run(run));
  }
  double entered(const std::string& state, std::size_t month) const {
    double sum = 0;
    for (const auto& result : results_) sum += world_.entries(result, state, 0, month);
    return sum;
  }
  double day(std::size_t month) const { return world_.measures().months()[month]; }
  const World& world() const { return world_; }
  const std::vector<models::ReplicationResult>& results() const { return results_; }
  /// Checks the share of `persons` (a run) that entered `state` by a month.
  void check(const std::string& what, const std::string& state, std::size_t month, double persons, double expected,
             double wrong) const {
    const double all = persons * static_cast<double>(results_.size());
    check_with_twin(what + ", by month " + std::to_string(month), share_of(entered(state, month), all, expected),
                    expected, wrong);
  }

 private:
  World world_;
  std::vector<models::ReplicationResult> results_;
};

std::string exits(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += "[states." + name + "]\nkind = \"exit\"\n";
  return text;
}

std::string all_new(const std::string& state, int persons = kPersons) {
  return "[initial." + state + "]\npersons = " + std::to_string(persons) + "\nelapsed = \"none\"\n";
}

TEST_CASE("survival: Weibull with a never-returning share, with hazard ratios") {
  const std::string law =
      "[reoffending]\nto = \"again\"\ntime = { distribution = \"weibull\", scale = \"600 days\", shape = 0.8, never = "
      "0.45 }\n";
  for (const double ratio : {1.0, 1.6}) {
    const std::string by_ratio = "reoffending_ratio = " + std::to_string(ratio) + "\n";
    const Cohort cohort(header("2011-01-01", "2015-01-01") + all_new("free") + "[states.free]\nkind = \"liberty\"\n" +
                        by_ratio + "next = \"gone\"\nleaving = 0.000000001\n" + law + exits({"again", "gone"}));
    for (const std::size_t month : {6u, 12u, 24u, 36u}) {
      const auto expected = [&](double never, double scale) {
        return (1 - never) * (1 - std::exp(-ratio * std::pow(cohort.day(month) / scale, 0.8)));
      };
      cohort.check("reoffended, never 5 per cent off", "again", month, kPersons, expected(0.45, 600),
                   expected(0.4775, 600));
      cohort.check("reoffended, scale 10 per cent off", "again", month, kPersons, expected(0.45, 600),
                   expected(0.45, 660));
    }
  }
}

TEST_CASE("survival: reoffending of a release cohort as the measures report it") {
  // All are released on day 30 and followed to the day: 1, 2, 3 years at risk.
  const Cohort cohort(header("2011-01-01", "2015-01-01") + all_new("prison") +
                      "[states.prison]\nkind = \"custody\"\nterm = \"10 days\"\nnext = \"free\"\n[states.free]\nkind = "
                      "\"liberty\"\n" +
                      "next = \"gone\"\nleaving = 0.000000001\n[reoffending]\nto = \"again\"\ntime = { distribution = "
                      "\"exponential\", mean = \"31.6 months\", never = 0.578 }\n" +
                      exits({"again", "gone"}));
  for (int years = 1; years <= 3; ++years) {
    double sum = 0;
    for (const auto& result : cohort.results()) {
      sum += cohort.world().value(result, "reoffending_within_" + std::to_string(years) + "y", 0) / kRuns;
    }
    const auto expected = [&](double never) { return (1 - never) * (1 - std::exp(-12.0 * years / 31.6)); };
    check_with_twin("reoffended within " + std::to_string(years) + " years",
                    share_of(sum * kPersons * kRuns, double{kPersons} * kRuns, expected(0.578)), expected(0.578),
                    expected(0.61));
  }
}

TEST_CASE("survival: the fuse burns at the rate of each state, and while a person waits") {
  // 200 days under supervision at half the hazard, a gap in custody, then liberty: the clock of the base hazard runs
  // from the start of supervision.
  const std::string law =
      "[reoffending]\nto = \"again\"\ntime = { distribution = \"weibull\", scale = \"500 days\", shape = 1.4 }\n";
  const Cohort half(header("2011-01-01", "2014-01-01") + all_new("watched") +
                    "[states.watched]\nkind = \"supervision\"\nterm = \"200 days\"\nreoffending_ratio = 0.5\nnext = "
                    "\"free\"\n[states.free]\nkind = \"liberty\"\nnext = \"gone\"\nleaving = 0.000000001\n" +
                    law + exits({"again", "gone"}));
  const auto hazard = [](double days) { return std::pow(days / 500, 1.4); };
  for (const std::size_t month : {4u, 8u, 12u, 24u}) {
    const auto expected = [&](double ratio) {
      const double day = half.day(month);
      const double watched = hazard(std::min(day, 200.0));
      return 1 - std::exp(-(ratio * watched + hazard(std::max(day, 200.0)) - hazard(200)));
    };
    half.check("reoffended, half the hazard for 200 days", "again", month, kPersons, expected(0.5), expected(0.6));
  }

  // Nobody is served for half a year; then all are, for ten years. At risk all the time.
  const Cohort waiting(
      header("2011-01-01", "2014-01-01") + all_new("court") +
      "[states.court]\nkind = \"service\"\nservice = \"courts\"\nnext = \"gone\"\nduration = \"10 years\"\n"
      "reoffending_ratio = 1.0\n[services.courts]\nservers = 0\n"
      "[policies.open]\nfrom = 2011-07-01\nset.services.courts.servers = 1000000\n" +
      law + exits({"again", "gone"}));
  for (const std::size_t month : {6u, 12u, 24u}) {
    const double day = waiting.day(month);
    waiting.check("reoffended in a queue", "again", month, kPersons, 1 - std::exp(-hazard(day)),
                  1 - std::exp(-hazard(month == 6 ? day - 10 : day - 30)));
  }
}

TEST_CASE("survival: competing risks under supervision have their exact shares") {
  const double breach = 0.4;
  const double death = 0.1;
  const Cohort cohort(
      header("2011-01-01", "2014-01-01") + all_new("watched") +
      "[states.watched]\nkind = \"supervision\"\nterm = \"500 days\"\nnext = \"completed\"\non_breach = "
      "\"breached\"\nbreach = 0.4\n[mortality]\nto = \"dead\"\nrate = 0.1\n" +
      exits({"completed", "breached", "dead"}));
  for (const std::size_t month : {3u, 9u, 15u, 24u}) {
    const double years = std::min(cohort.day(month), 500.0) / kYear;
    const auto ended = [&](double b, double d, double part) {
      return part / (b + d) * (1 - std::exp(-(b + d) * years));
    };
    cohort.check("breached", "breached", month, kPersons, ended(breach, death, breach),
                 ended(breach * 1.07, death, breach * 1.07));
    cohort.check("died", "dead", month, kPersons, ended(breach, death, death), ended(breach, death * 1.1, death * 1.1));
  }
  const double survived = std::exp(-(breach + death) * 500 / kYear);
  cohort.check("completed", "completed", 24, kPersons, survived, survived * std::exp(-0.03));
}

TEST_CASE("survival: death has the sum of the hazards of the states passed, also beyond a state without death") {
  const auto custody = [](const std::string& name, const std::string& next, const std::string& ratio) {
    return "[states." + name + "]\nkind = \"delay\"\nduration = \"300 days\"\nnext = \"" + next +
           "\"\nmortality_ratio = " + ratio + "\n";
  };
  for (const double between : {0.0, 0.5}) {
    const Cohort cohort(header("2011-01-01", "2014-01-01") + all_new("first") + custody("first", "second", "1.0") +
                        custody("second", "third", std::to_string(between)) + custody("third", "out", "2.0") +
                        "[mortality]\nto = \"dead\"\nrate = 0.3\n" + exits({"out", "dead"}));
    for (const std::size_t month : {6u, 15u, 25u, 32u}) {
      const double day = cohort.day(month);
      const auto expected = [&](double rate) {
        const double second = std::clamp(day - 300, 0.0, 300.0);
        const double third = std::clamp(day - 600, 0.0, 300.0);
        return 1 - std::exp(-rate / kYear * (std::min(day, 300.0) + between * second + 2 * third));
      };
      cohort.check("dead, ratio " + std::to_string(between) + " in between", "dead", month, kPersons, expected(0.3),
                   expected(0.32));
    }
  }
}

TEST_CASE("survival: the hazard of death follows the class into a new case") {
  // All are convicted on the first day; the second case, on day 200, makes them persons with a prior conviction, who
  // die three times as often.
  const Cohort cohort(
      header("2011-01-01", "2013-01-01") + "[classes]\nprior = [0, 1]\n" + all_new("bench") +
      "[initial.bench.mix]\nprior = { 0 = 1.0, \"1+\" = 0.0 }\n[states.bench]\nkind = \"delay\"\nduration = "
      "\"1 minutes\"\nnext = \"free\"\nconviction = true\n[states.free]\nkind = \"supervision\"\nterm = "
      "\"10 years\"\nnext = \"out\"\n[states.trial]\nkind = \"delay\"\nduration = \"10 years\"\nnext = "
      "\"out\"\n[reoffending]\nto = \"trial\"\ntime = \"200 days\"\n[mortality]\nto = \"dead\"\nrate = "
      "0.2\nrate_by.prior.\"1+\" = 3.0\n" +
      exits({"out", "dead"}));
  for (const std::size_t month : {6u, 12u, 23u}) {
    const double day = cohort.day(month);
    const auto expected = [&](double ratio) {
      return 1 - std::exp(-0.2 / kYear * (std::min(day, 200.0) + ratio * std::max(day - 200, 0.0)));
    };
    if (month == 6) {
      cohort.check("dead", "dead", month, kPersons, expected(3), 1 - std::exp(-0.21 / kYear * day));
    } else {
      cohort.check("dead after a new case", "dead", month, kPersons, expected(3), expected(2.8));
    }
  }
}

TEST_CASE("survival: parole is granted at the first hearing or a later one, with the share of the board") {
  // A term of 1200 days, hearings from half of it on, every 200 days: at 600, 800, 1000; then release by law at 1080.
  const Cohort cohort(header("2011-01-01", "2015-01-01") + all_new("prison") +
                      "[states.prison]\nkind = \"custody\"\nterm = \"1200 days\"\nnext = \"released\"\non_parole = "
                      "\"board\"\nparole_eligibility = 0.5\nparole_retry = \"200 days\"\nautomatic_release = 0.9\n"
                      "[states.board]\nkind = \"decision\"\nshares = { parole = 0.3, prison = \"rest\" }\n"
                      "[states.parole]\nkind = \"supervision\"\nterm = \"remainder\"\nnext = \"ended\"\n" +
                      exits({"released", "ended"}));
  const auto granted = [](double hearings, double share) { return 1 - std::pow(1 - share, hearings); };
  // Months 18, 20, 24, 27, 33, 36 begin on days 546, 608, 731, 821, 1004, 1096: 0, 1, 1, 2, 3, 3 hearings before them.
  CHECK(cohort.entered("parole", 18) == 0);
  for (const auto& [month, hearings] :
       std::vector<std::pair<std::size_t, double>>{{20, 1}, {24, 1}, {27, 2}, {33, 3}, {36, 3}}) {
    cohort.check("paroled", "parole", month, kPersons, granted(hearings, 0.3), granted(hearings, 0.315));
    cohort.check("paroled, a hearing too many", "parole", month, kPersons, granted(hearings, 0.3),
                 granted(hearings + 1, 0.3));
  }
  // Whoever was refused three times is released by law; all others reach the end of the term: nobody is left or twice.
  CHECK(cohort.entered("released", 35) == 0);
  CHECK(cohort.entered("released", 36) + cohort.entered("parole", 36) == double{kPersons} * kRuns);
  CHECK(cohort.entered("ended", 39) == 0);
  CHECK(cohort.entered("ended", 40) == cohort.entered("parole", 36));
}

TEST_CASE("survival: an initial stock is released by the stationary residual law") {
  struct Law {
    std::string text;
    std::function<double(double)> residual;  ///< share released within some days
    std::function<double(double)> unbiased;  ///< the same if everybody had just entered
  };
  const auto normal = [](double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); };
  const double sigma = 0.8;
  const double mean = 18 * kMonth;
  const double location = std::log(mean) - sigma * sigma / 2;
  const std::vector<Law> laws = {
      {"\"600 days\"", [](double t) { return std::min(t / 600, 1.0); }, [](double t) { return t < 600 ? 0.0 : 1.0; }},
      // Density of the residual: S(t) / mean, with S falling from 1 at 100 to 0 at 900 days.
      {"{ distribution = \"uniform\", shortest = \"100 days\", longest = \"900 days\" }",
       [](double t) {
         if (t <= 100) return t / 500;
         const double over = std::min(t, 900.0) - 100;
         return (100 + over - over * over / 1600) / 500;
       },
       [](double t) { return std::clamp((t - 100) / 800, 0.0, 1.0); }},
      // Integral of S / mean = (t S(t) + partial mean up to t) / mean.
      {"{ distribution = \"lognormal\", mean = \"18 months\", sigma = 0.8 }",
       [=](double t) {
         const double z = (std::log(t) - location) / sigma;
         return t / mean * (1 - normal(z)) + normal(z - sigma);
       },
       [=](double t) { return normal((std::log(t) - location) / sigma); }},
  };
  for (const Law& law : laws) {
    for (const std::string kind : {"term = ", "duration = "}) {
      const Cohort cohort(header("2011-01-01", "2014-01-01") +
                              "[initial.prison]\npersons = " + std::to_string(kPersons) + "\n" +
                              "[states.prison]\nkind = \"custody\"\nnext = \"released\"\n" + kind + law.text + "\n" +
                              exits({"released"}),
                          3);
      for (const std::size_t month : {1u, 6u, 12u, 18u}) {
        const double day = cohort.day(month);
        cohort.check(kind + law.text, "released", month, kPersons, law.residual(day), law.unbiased(day));
        if (month == 1) continue;  // too early to tell 5 per cent
        cohort.check(kind + law.text + ", terms 5 per cent longer", "released", month, kPersons, law.residual(day),
                     law.residual(day / 1.05));
      }
    }
  }
}

}  // namespace
}  // namespace prisonflow::testing
