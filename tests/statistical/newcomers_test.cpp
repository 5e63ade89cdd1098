// Newcomers have the laws the scenario gives: Poisson numbers a day, hours even over the day, ages even within their
// band, classes by mix and odds, branches by shares; and draws of different purposes, persons and replications are
// independent.
//
// Shares have their exact binomial standard error; bounds and false-alarm rate: tests/support/bounds.hpp. The smallest
// errors the twins show are 2 to 5 per cent of a share and a correlation of 0.05.
#include <catch2/catch.hpp>
#include <cmath>

#include "tests/support/bounds.hpp"
#include "tests/support/world.hpp"

namespace prisonflow::testing {
namespace {

constexpr double kYear = 365.2425;

/// Everybody who enters stays, so that all can be looked at in the end.
const std::string kScenario = R"(
[classes]
sex = ["male", "female"]
offence = ["violent", "theft"]
age = [18, 30]
oldest_age = 60
risk = ["low", "high"]
[arrivals.suspects]
to = "choice"
rate = 73048.5
[arrivals.suspects.mix]
sex = { male = 0.8, female = 0.2 }
offence = { violent = 0.3, theft = "rest" }
offence_by.sex.female = { violent = 0.5 }
age = { 18-29 = 0.4, "30+" = "rest" }
risk = { low = 0.6, high = "rest" }
[states.choice]
kind = "decision"
shares = { first = 0.37, second = 0.4, never = 0.0, third = "rest" }
[states.first]
kind = "custody"
term = "life"
[states.second]
kind = "custody"
term = "life"
[states.never]
kind = "custody"
term = "life"
[states.third]
kind = "custody"
duration = { distribution = "exponential", mean = "3 years" }
next = "gone"
[states.gone]
kind = "delay"
duration = "1000 years"
next = "out"
[states.out]
kind = "exit"
[mortality]
to = "out"
rate = 0.000000001
)";

class Newcomers {
 public:
  explicit Newcomers(std::uint32_t number) : world_(header("2011-01-01", "2015-01-01") + kScenario) {
    const auto replication = world_.begin(number);
    double before = 0;
    for (sim::Day day = 0; day < world_.experiment().model().days(); ++day) {
      replication->run_day(day);
      const auto created = static_cast<double>(replication->partitions()[0]->tallies.created);
      per_day_.push_back(created - before);
      before = created;
    }
    for (const auto& entry : persons_by_name(*replication)) persons_.push_back(entry.second);
  }
  const std::vector<double>& per_day() const { return per_day_; }
  const std::vector<models::Person>& persons() const { return persons_; }
  std::uint16_t label(const models::Person& person, models::Trait trait) const {
    return world_.experiment().model().cells().label(person.cell, trait);
  }
  /// The day on which somebody came stands in the name (models/names.hpp); records change with every birthday.
  sim::Day arrival(const models::Person& person) const {
    const sim::Date date{static_cast<std::int32_t>(person.name >> 24 & 0xfffffu) - 200'000};
    return sim::days_between(world_.scenario().start, date);
  }
  /// Years, on the noon of the day of arrival.
  double age(const models::Person& person) const {
    return (static_cast<double>(sim::start_of(arrival(person)) - person.birth) / sim::kMinutesPerDay + 0.5) / kYear;
  }
  std::string state(const models::Person& person) const { return world_.scenario().states[person.state].name; }

  /// The share of those for whom `in` holds among those for whom `of` holds.
  template <class Of, class In>
  void check_share(const std::string& what, Of of, In in, double expected, double wrong) const {
    double all = 0;
    double part = 0;
    for (const models::Person& person : persons_) {
      if (!of(person)) continue;
      ++all;
      if (in(person)) ++part;
    }
    check_with_twin(what, share_of(part, all, expected), expected, wrong);
  }

 private:
  World world_;
  std::vector<double> per_day_;
  std::vector<models::Person> persons_;
};

TEST_CASE("newcomers: the number a day is Poisson and days are independent") {
  const Newcomers newcomers(0);
  const double mean = 200;
  const auto& days = newcomers.per_day();
  std::vector<double> squares;
  std::vector<double> products;
  for (std::size_t day = 0; day < days.size(); ++day) {
    squares.push_back((days[day] - mean) * (days[day] - mean) / mean);
    if (day > 0) products.push_back((days[day] - mean) * (days[day - 1] - mean) / mean);
  }
  check_with_twin("newcomers a day", mean_of(days), mean, mean * 1.02);
  check_with_twin("variance over mean", mean_of(squares), 1, 1.4);
  check_with_twin("correlation of neighbouring days", mean_of(products), 0, 0.3);
}

TEST_CASE("newcomers: classes, ages and branches have their shares, given each other") {
  const Newcomers newcomers(1);
  using models::Person;
  using models::Trait;
  const auto all = [](const Person&) { return true; };
  const auto has = [&](Trait trait, std::uint16_t label) {
    return [&newcomers, trait, label](const Person& person) { return newcomers.label(person, trait) == label; };
  };
  newcomers.check_share("women", all, has(Trait::sex, 1), 0.2, 0.206);
  newcomers.check_share("violent men", has(Trait::sex, 0), has(Trait::offence, 0), 0.3, 0.307);
  newcomers.check_share("violent women", has(Trait::sex, 1), has(Trait::offence, 0), 0.15 / 0.85, 0.3);
  // Independent traits, each given the others.
  for (std::uint16_t label = 0; label < 2; ++label) {
    const auto young = [&](const Person& person) { return newcomers.age(person) < 30; };
    newcomers.check_share("young, given sex", has(Trait::sex, label), young, 0.4, 0.42);
    newcomers.check_share("high risk, given offence", has(Trait::offence, label), has(Trait::risk, 1), 0.4, 0.42);
    newcomers.check_share("high risk, given age", has(Trait::age, label), has(Trait::risk, 1), 0.4, 0.42);
  }
  const auto in = [&](const std::string& state) {
    return [&newcomers, state](const Person& person) { return newcomers.state(person) == state; };
  };
  for (std::uint16_t label = 0; label < 2; ++label) {
    newcomers.check_share("first branch, given risk", has(Trait::risk, label), in("first"), 0.37, 0.38);
    newcomers.check_share("second branch, given sex", has(Trait::sex, label), in("second"), 0.4, 0.42);
  }
  for (const Person& person : newcomers.persons()) {
    if (newcomers.state(person) == "never") FAIL("a branch of share 0 was taken");
  }
}

TEST_CASE("newcomers: hours are even over the day and ages over their band") {
  const Newcomers newcomers(2);
  std::vector<double> hours;
  std::vector<double> ages;
  std::vector<double> product;
  for (const models::Person& person : newcomers.persons()) {
    const double age = newcomers.age(person);
    if (age >= 30) ages.push_back((age - 30) / 30);
    if (newcomers.state(person) != "first" || sim::day_of(person.last) != newcomers.arrival(person)) continue;
    const double hour = static_cast<double>(person.last % sim::kMinutesPerDay) / sim::kMinutesPerDay;
    hours.push_back(hour);
    if (age >= 30) product.push_back((hour - 0.5) * ((age - 30) / 30 - 0.5) * 12);
  }
  // Minutes are whole: the mean hour is half a minute below noon.
  check_with_twin("mean hour", mean_of(hours), 0.5 - 0.5 / 1440, 0.51);
  check_with_twin("mean place in the age band", mean_of(ages), 0.5, 0.51);
  check_with_twin("correlation of hour and age", mean_of(product), 0, 0.05);
  double early = 0;
  for (const double hour : hours) early += hour < 0.25 ? 1 : 0;
  check_with_twin("newcomers before six", share_of(early, static_cast<double>(hours.size()), 0.25), 0.25, 0.26);
}

TEST_CASE("newcomers: replications are independent") {
  const Newcomers first(3);
  const Newcomers second(4);
  std::vector<double> products;
  std::vector<double> shared;
  for (std::size_t day = 0; day < first.per_day().size(); ++day) {
    products.push_back((first.per_day()[day] - 200) * (second.per_day()[day] - 200) / 200);
    shared.push_back((first.per_day()[day] - 200) * (first.per_day()[day] - 200) / 200);
  }
  // The twin: one stream for both.
  check_with_twin_run("correlation of two replications", mean_of(products), mean_of(shared), 0);
}

}  // namespace
}  // namespace prisonflow::testing
