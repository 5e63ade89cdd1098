// Chances of overcrowding against mathematics and against a simulation written apart.
//
// With Poisson arrivals and places that bind nobody, the number in a facility is that of M/G/infinity: Poisson at every
// midnight once the start is forgotten, whatever the law of the stay. So the chance of being above C places is the tail
// P(N > C), the places short on average are E(N - C)+, and the persons who live in overcrowding E(N; N > C). Days of
// one run depend on each other, so the unit of every standard error is one copy of the facility in one run. When C is
// first exceeded has no closed form: those dates are set beside a simulation that shares nothing with the engine.
//
// Bounds and false-alarm rate: tests/support/bounds.hpp. The twins are a capacity that is off by one or two, or "at
// least" in the place of "more than".
#include <algorithm>
#include <boost/math/distributions/poisson.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>

#include "tests/support/bounds.hpp"
#include "tests/support/world.hpp"

namespace prisonflow::testing {
namespace {

constexpr double kYear = 365.2425;
constexpr double kPerDay = 4;
constexpr double kMeanDays = 10;
constexpr double kMean = kPerDay * kMeanDays;  // in each facility
constexpr int kCopies = 8;                     // of the facility, side by side and independent
constexpr std::size_t kThresholds = 4;         // 95, 100, 120 and 150 per cent

std::string copies(int count, int places, const std::string& stay) {
  std::string text;
  for (int copy = 0; copy < count; ++copy) {
    const std::string name = "prison_" + std::to_string(copy);
    text += "[arrivals.to_" + name + "]\nto = \"" + name + "\"\nrate = " + std::to_string(kPerDay * kYear) +
            "\n[states." + name + "]\nkind = \"custody\"\nfacilities = \"" + name + "\"\nduration = " + stay +
            "\nnext = \"out\"\n[facilities." + name + ".house_" + std::to_string(copy) +
            "]\nplaces = " + std::to_string(places) + "\n";
  }
  return text + "[states.out]\nkind = \"exit\"\n";
}

double pmf(int n) {
  return n < 0 ? 0 : boost::math::pdf(boost::math::poisson(kMean), n);
}
/// P(N > n).
double tail(int n) {
  return n < 0 ? 1 : boost::math::cdf(boost::math::complement(boost::math::poisson(kMean), n));
}
/// E(N - places)+.
double expected_short(int places) {
  double sum = 0;
  for (int n = places + 1; n < 400; ++n) sum += (n - places) * pmf(n);
  return sum;
}

/// A measure by threshold and facility, or by facility, of a long run: its mean over the months after the first, for
/// each copy in each run.
class LongRuns {
 public:
  LongRuns(int places, std::uint32_t runs)
      : world_(header("2010-01-01", "2016-01-01") +
               copies(kCopies, places, "{ distribution = \"gamma\", mean = \"10 days\", shape = 2 }")) {
    for (std::uint32_t run = 0; run < runs; ++run) results_.push_back(world_.run(run));
  }
  std::size_t months() const { return world_.months(); }
  double days(std::size_t month) const {
    const auto& starts = world_.measures().months();
    return (month + 1 < starts.size() ? starts[month + 1] : world_.experiment().model().days()) - starts[month];
  }
  /// The values of some months, every `step`-th one from the fourth on: one list for each copy in each run.
  std::vector<std::vector<double>> values(const std::string& measure, std::size_t threshold, std::size_t step) const {
    std::vector<std::vector<double>> all;
    for (const auto& result : results_) {
      for (std::size_t copy = 0; copy < kCopies; ++copy) {
        all.emplace_back();
        for (std::size_t month = kWarm; month < months(); month += step) {
          all.back().push_back(world_.value(result, measure, month, threshold * kCopies + copy));
        }
      }
    }
    return all;
  }
  /// The mean a day of a measure that is a share of days (`per_month` false) or a sum over the days of a month.
  Estimate a_day(const std::string& measure, std::size_t threshold, bool per_month) const {
    std::vector<double> means;
    for (const auto& months_of_one : values(measure, threshold, 1)) {
      double sum = 0;
      double all_days = 0;
      for (std::size_t i = 0; i < months_of_one.size(); ++i) {
        sum += months_of_one[i] * (per_month ? 1 : days(kWarm + i));
        all_days += days(kWarm + i);
      }
      means.push_back(sum / all_days);
    }
    return mean_of(means);
  }

 private:
  static constexpr std::size_t kWarm = 6;  // months: half a year of stays of ten days
  World world_;
  std::vector<models::ReplicationResult> results_;
};

TEST_CASE("crowding: the chance of being above a threshold is the Poisson tail, for each threshold and strictly") {
  const LongRuns runs(40, 24);
  // 95, 100, 120, 150 per cent of 40 places are 38, 40, 48, 60 persons: with so many it is not exceeded.
  const int most[kThresholds] = {38, 40, 48, 60};
  for (std::size_t threshold = 0; threshold < 3; ++threshold) {
    const int n = most[threshold];
    const std::string what = "above " + std::to_string(n);
    const Estimate share = runs.a_day("share_of_days_above", threshold, false);
    check_with_twin(what, share, tail(n), tail(n - 1));
    check_with_twin(what, share, tail(n), tail(n + 1));
    // E(N; N > n) = mean x P(N > n - 1).
    const Estimate persons = runs.a_day("person_days_above", threshold, true);
    check_with_twin("persons " + what, persons, kMean * tail(n - 1), kMean * tail(n));
  }
  // Above 60 is rare: with 40 persons on average, on one day in a thousand.
  const Estimate rare = runs.a_day("share_of_days_above", 3, false);
  check_with_twin("above 60", rare, tail(60), tail(55));
}

TEST_CASE("crowding: another capacity is another chance") {
  const LongRuns fewer(42, 24);  // places; the twin of the case above, run
  const Estimate share = fewer.a_day("share_of_days_above", 1, false);
  check_with_twin("above 42", share, tail(42), tail(40));
}

TEST_CASE("crowding: the places short are on average E(N - C)+ and at 5 and 1 per cent risk the Poisson quantiles") {
  constexpr int kPlaces = 38;
  const LongRuns runs(kPlaces, 24);
  std::vector<double> means;
  for (const auto& months : runs.values("places_short", 0, 1)) means.push_back(mean_of(months).value);
  check_with_twin("places short at the start of the month", mean_of(means), expected_short(kPlaces),
                  expected_short(kPlaces + 1));
  check_with_twin("person-days beyond the places a day", runs.a_day("places_short_days", 0, true),
                  expected_short(kPlaces), expected_short(kPlaces + 1));
  // Every other month: sixty days are six mean stays apart, which makes the values independent but for 1 part in 400.
  std::vector<double> apart;
  for (const auto& months : runs.values("places_short", 0, 2)) apart.insert(apart.end(), months.begin(), months.end());
  std::sort(apart.begin(), apart.end());
  for (const double level : {0.95, 0.99}) {
    const double error = std::sqrt(level * (1 - level) / static_cast<double>(apart.size()));
    const double width = tolerance(std::numeric_limits<double>::infinity()) * error;
    const auto between = [&](double mean) {
      const boost::math::poisson law(mean);
      return std::pair(boost::math::quantile(law, level - width), boost::math::quantile(law, level + width));
    };
    const double found = apart[static_cast<std::size_t>(level * static_cast<double>(apart.size() - 1))] + kPlaces;
    INFO("quantile " << level << " of " << apart.size() << " values: " << found);
    CHECK(found >= between(kMean).first);
    CHECK(found <= between(kMean).second);
    CHECK_FALSE(found >= between(1.2 * kMean).first);  // the twin: an intake that is 20 per cent higher
  }
}

// ---- the date of the first breach

/// Days until more than `places` are there at a midnight, from an empty start; a simulation of M/G/infinity of its own.
int first_breach_apart(std::mt19937_64& random, double per_day, int places, int days) {
  std::exponential_distribution<double> gap(per_day);
  constexpr double kSigma = 0.8;
  std::lognormal_distribution<double> stay(std::log(kMeanDays) - kSigma * kSigma / 2, kSigma);
  // How many more are there at each midnight than at the one before.
  std::vector<int> change(static_cast<std::size_t>(days) + 1);
  for (double time = gap(random); time < days; time += gap(random)) {
    const auto first = static_cast<std::size_t>(std::ceil(time));
    const auto gone = static_cast<std::size_t>(std::ceil(std::min(time + stay(random), 1e6)));
    if (first < change.size()) ++change[first];
    if (gone < change.size()) --change[gone];
  }
  int there = 0;
  for (int day = 0; day < days; ++day) {
    there += change[static_cast<std::size_t>(day)];
    if (there > places) return day;
  }
  return days;
}

/// The difference of two shares of independent trials.
Estimate difference(double count, double trials, double other_count, double other_trials) {
  const double both = (count + other_count) / (trials + other_trials);
  return {count / trials - other_count / other_trials, std::sqrt(both * (1 - both) * (1 / trials + 1 / other_trials)),
          std::numeric_limits<double>::infinity()};
}

TEST_CASE("crowding: the dates of the first breach are those of a simulation written apart") {
  constexpr int kPlaces = 54;
  constexpr int kHouses = 24;
  constexpr std::uint32_t kRuns = 60;
  constexpr int kApart = 6000;
  const World world(header("2010-01-01", "2012-01-01") +
                    copies(kHouses, kPlaces, "{ distribution = \"lognormal\", mean = \"10 days\", sigma = 0.8 }"));
  const int days = world.experiment().model().days();
  std::vector<int> breaches;
  for (std::uint32_t run = 0; run < kRuns; ++run) {
    const auto result = world.run(run);
    for (std::size_t house = 0; house < kHouses; ++house) {
      const double first = world.value(result, "days_to_first_breach", 0, kHouses + house);  // at 100 per cent
      breaches.push_back(std::isnan(first) ? days : static_cast<int>(first));
      // The distribution function that results hold, month by month.
      for (std::size_t month = 0; month < world.months(); ++month) {
        const int end = month + 1 < world.months() ? world.measures().months()[month + 1] : days;
        REQUIRE(world.value(result, "above_so_far", month, kHouses + house) == (breaches.back() < end ? 1 : 0));
      }
    }
  }
  const auto apart = [&](std::uint64_t seed, double per_day, int places) {
    std::mt19937_64 random(seed);
    std::vector<int> all;
    for (int trial = 0; trial < kApart; ++trial) all.push_back(first_breach_apart(random, per_day, places, days));
    return all;
  };
  const auto up_to = [](const std::vector<int>& all, int day) {
    return static_cast<double>(std::count_if(all.begin(), all.end(), [&](int each) { return each < day; }));
  };
  const std::vector<int> right = apart(1, kPerDay, kPlaces);
  const std::vector<int> one_more = apart(2, kPerDay, kPlaces + 2);
  const std::vector<int> more_intake = apart(3, 1.05 * kPerDay, kPlaces);
  const auto own = static_cast<double>(breaches.size());
  for (const int day : {100, 200, 365, 500, 730}) {
    const double count = up_to(breaches, day);
    INFO("breached before day " << day << ": " << count / own << ", apart " << up_to(right, day) / kApart
                                << ", two places more " << up_to(one_more, day) / kApart << ", 5 % more intake "
                                << up_to(more_intake, day) / kApart);
    CHECK(agrees(difference(count, own, up_to(right, day), kApart), 0));
    CHECK_FALSE(agrees(difference(count, own, up_to(one_more, day), kApart), 0));
    CHECK_FALSE(agrees(difference(count, own, up_to(more_intake, day), kApart), 0));
  }
}

}  // namespace
}  // namespace prisonflow::testing
