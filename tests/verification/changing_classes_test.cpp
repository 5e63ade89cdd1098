// The steady state where states change the class of those who enter them, against closed forms, each with a twin.
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <string>

#include "models/steady_state.hpp"
#include "models/steady_state_cells.hpp"
#include "tests/support/world.hpp"
#include "tests/verification/steady_state_system.hpp"

using namespace prisonflow::models;
namespace testing = prisonflow::testing;

namespace {

/// Of an amount by state and cell, what is of one label.
double of_label(const Steady& steady, const std::vector<std::vector<double>>& amount, const std::string& state,
                Trait trait, std::uint16_t label) {
  double sum = 0;
  for (std::uint32_t cell = 0; cell < steady.model().cells().count; ++cell) {
    if (steady.model().cells().label(cell, trait) == label) sum += amount[steady.scenario().find_state(state)][cell];
  }
  return sum;
}

/// The midpoint rule, for functions with a rounded derivative at most.
double integral(double from, double to, const std::function<double(double)>& function) {
  constexpr int kSteps = 20'000;
  const double step = (to - from) / kSteps;
  double sum = 0;
  for (int k = 0; k < kSteps; ++k) sum += function(from + (k + 0.5) * step) * step;
  return sum;
}

/// An assessment at the beginning of each case, a programme for some that stays with them for ever.
std::string assessed_and_treated(const std::string& ratio, const std::string& entering = "programme = \"therapy\"") {
  return R"(
[classes]
offence = ["violent", "theft"]
assessed = ["not", "low", "high"]
programme = ["untreated", "therapy"]
[arrivals.newcomers.mix]
offence = { violent = 0.25, theft = 0.75 }
assessed = { not = 1, low = 0, high = 0 }
programme = { untreated = 1, therapy = 0 }
[states.start]
kind = "decision"
grade = "assumed"
shares = { low = 0.6, high = "rest" }
[states.low]
kind = "decision"
grade = "assumed"
becomes = { assessed = "low" }
shares = { custody = 1 }
[states.high]
kind = "decision"
grade = "assumed"
becomes = { assessed = "high" }
shares = { custody = 1 }
[states.custody]
kind = "custody"
grade = "assumed"
next = "choice"
duration = "100 days"
duration_by.assessed.high = 2
[states.choice]
kind = "decision"
grade = "assumed"
shares = { therapy = 0.5, community = "rest" }
shares_by.assessed.high = { therapy = 3 }
[states.therapy]
kind = "delay"
grade = "assumed"
reoffending_ratio = 0
becomes = { )" +
         entering + R"( }
duration = "60 days"
next = "community"
[states.community]
kind = "liberty"
grade = "assumed"
leaving = 0.3
next = "out"
[reoffending]
to = "start"
grade = "assumed"
time = { distribution = "exponential", mean = "500 days", never = 0.4 }
ratio_by.programme.therapy = )" +
         ratio + R"(
same_offence = 0.6
[reoffending.mix]
offence = { violent = 0.9, theft = 0.1 }
)";
}

}  // namespace

TEST_CASE("Changing classes: an assessment and a programme that lowers reoffending") {
  constexpr double kClose = 2e-7;  // hazards a minute have 24 bits
  struct Expected {
    double untreated, treated;    // cases a day, by what people are when they begin
    double at_large, at_large_t;  // days in the community, one time
  };
  const auto reckon = [](double ratio) {
    const double leaving = 0.3 / kYear, hazard = 1 / 500.0, hazard_t = ratio / 500.0;
    const double again = 0.6 * hazard / (hazard + leaving), again_t = 0.6 * hazard_t / (hazard_t + leaving);
    const double chosen = 0.6 * 0.5 + 0.4 * 0.75;  // for therapy
    const double untreated = 10 / (1 - (1 - chosen) * again);
    return Expected{untreated, untreated * chosen * again_t / (1 - again_t), 0.4 / leaving + 0.6 / (hazard + leaving),
                    0.4 / leaving + 0.6 / (hazard_t + leaving)};
  };
  const Steady steady(assessed_and_treated("0.5"));
  const Expected right = reckon(0.5), wrong = reckon(0.51);
  const auto all = [](const Expected& cases) { return cases.untreated + cases.treated; };
  const auto stock = [&](const std::string& state, Trait trait, std::uint16_t label) {
    return of_label(steady, steady.result().stock, state, trait, label);
  };
  check(steady.entries("start"), all(right), all(wrong), kClose);
  check(of_label(steady, steady.result().entries_per_day, "start", Trait::programme, 1), right.treated, wrong.treated,
        kClose);
  check(stock("custody", Trait::assessed, 1), 60 * all(right), 60 * all(wrong), kClose);
  check(stock("custody", Trait::assessed, 2), 80 * all(right), 80 * all(wrong), kClose);
  CHECK(stock("custody", Trait::assessed, 0) == 0);
  check(stock("custody", Trait::programme, 1), 140 * right.treated, 140 * wrong.treated, kClose);
  check(of_label(steady, steady.result().entries_per_day, "high", Trait::assessed, 2), 0.4 * all(right),
        0.4 * all(wrong), kClose);
  check(stock("therapy", Trait::assessed, 2), 0.4 * 0.75 * all(right) * 60, 0.4 * 0.75 * all(wrong) * 60, kClose);
  CHECK(stock("therapy", Trait::programme, 0) == 0);
  // With nobody treated in a case, who was in an earlier one still is.
  const auto treated = [](const Expected& cases) { return cases.treated + 0.6 * cases.untreated; };
  check(stock("community", Trait::programme, 1), treated(right) * right.at_large_t, treated(right) * wrong.at_large_t,
        kClose);
  check(stock("community", Trait::programme, 0), 0.4 * right.untreated * right.at_large,
        0.4 * wrong.untreated * 1.001 * wrong.at_large, kClose);
  CHECK(steady.entries("out") == Approx(10).epsilon(1e-9));
  // The offence of a new case is drawn as ever: six in ten as the last one, a tenth of the others theft.
  const double again_t = 0.6 * 0.5 / 500 / (0.5 / 500 + 0.3 / kYear);
  const double again_n = 0.6 / 500 / (1 / 500.0 + 0.3 / kYear);
  const double theft_n = (7.5 + 0.4 * 0.1 * (right.untreated - 10)) / (1 - 0.4 * again_n * 0.6);
  const double reborn_t = right.treated;  // every case of the treated began by reoffending
  const double theft_t = (0.6 * again_t * 0.6 * theft_n + 0.4 * 0.1 * reborn_t) / (1 - 0.6 * again_t);
  check(of_label(steady, steady.result().entries_per_day, "start", Trait::offence, 1), theft_n + theft_t,
        theft_n + 1.001 * theft_t, kClose);
}

TEST_CASE("Changing classes: phases come before those they lead to, together with those that lead back") {
  const std::vector<std::vector<std::uint32_t>> links{{1, 4}, {2}, {3, 1}, {}, {3}, {0}};
  using Groups = std::vector<std::vector<std::uint32_t>>;
  CHECK(groups_in_order(links, {0}) == Groups{{0}, {4}, {1, 2}, {3}});  // nobody is in 5
  CHECK(groups_in_order(links, {3, 2}) == Groups{{1, 2}, {3}});
  CHECK(groups_in_order({{1}, {2}, {0}}, {1}) == Groups{{0, 1, 2}});
}

TEST_CASE("Changing classes: whom one meets and how many there are agree, cell by cell") {
  const Steady steady(assessed_and_treated("0.5"));
  const SteadyState& result = steady.result();
  std::size_t met = 0;
  for (std::size_t state = 0; state < result.stock.size(); ++state) {
    for (std::size_t cell = 0; cell < result.cases.size(); ++cell) {
      double persons = 0;
      for (const CaseGroup& group : result.cases[cell]) {
        const auto& stays = result.stays[group.stays][state];
        if (!stays.empty()) persons += group.per_day * stays.back().persons / prisonflow::sim::kMinutesPerDay;
      }
      CHECK(persons == Approx(result.stock[state][cell]).epsilon(1e-9));
      met += persons > 0 ? 1 : 0;
    }
  }
  CHECK(met == 2 * (4 + 2 + 4));  // custody, therapy, community; by offence
}

TEST_CASE("Changing classes: a warning that changes people leaves a measure's end where it was") {
  // Before the first warning a breach comes at a rate of 2, of which a quarter ends it; then at 1, with no change more.
  const auto text = [](const std::string& clock, const std::string& warned) {
    return R"(
[classes]
support = ["alone", "mentor"]
[arrivals.newcomers.mix]
support = { alone = 1, mentor = 0 }
[states.start]
grade = "assumed"
kind = "supervision"
)" + clock +
           R"( = "400 days"
next = "out"
on_breach = "hearing"
breach = 2
breach_by.support.mentor = 0.5
[states.hearing]
kind = "decision"
grade = "assumed"
shares = { warning = 0.75, out = "rest" }
[states.warning]
kind = "decision"
grade = "assumed"
)" + warned +
           R"(
shares = { start = 1 }
)";
  };
  const double length = 400 / kYear;
  const auto before = [&](double rate) { return kYear * -std::expm1(-rate * length) / rate; };
  const auto after = [&](double rate, double ended) {
    return kYear * integral(0, length, [&](double time) {
             return 0.75 * rate * std::exp(-rate * time) * -std::expm1(-ended * (length - time)) / ended;
           });
  };
  for (const std::string clock : {"duration", "term"}) {
    INFO(clock);
    const Steady steady(text(clock, "becomes = { support = \"mentor\" }"));
    const auto stock = [&](std::uint16_t label) {
      return of_label(steady, steady.result().stock, "start", Trait::support, label);
    };
    check(stock(0), 10 * before(2), 10 * before(2.01));
    check(stock(1), 10 * after(2, 0.25), 10 * after(2, 0.26), 1e-5);
    check(of_label(steady, steady.result().entries_per_day, "hearing", Trait::support, 1), 10 * after(2, 0.25) / kYear,
          10 * after(2, 0.26) / kYear, 1e-5);
    check(steady.entries("start"), 10, 10 + 0.75 * 20 * before(2) / kYear);  // a warning is no new entry
    CHECK(steady.entries("out") == Approx(10).epsilon(1e-9));
    // The same end stands if the warning counts as a conviction and changes nobody.
    const Steady convicted(text(clock, "conviction = true"));
    check(convicted.stock("start"), 10 * before(0.5), 10 * before(0.51), 1e-5);
  }
}

TEST_CASE("Changing classes: a refused parole changes who is heard the next time") {
  const auto text = [](const std::string& board) {
    return kPrison + R"(
term = "1000 days"
on_parole = "board"
parole_eligibility = 0.5
parole_retry = "90 days"
[classes]
assessed = ["low", "high"]
[arrivals.newcomers.mix]
assessed = { low = 1, high = 0 }
)" + board +
           R"(
[states.ruling]
grade = "assumed"
kind = "decision"
shares = { out = 0.3, refusal = "rest" }
shares_by.assessed.high = { out = 0.5 }
[states.refusal]
grade = "assumed"
kind = "decision"
becomes = { assessed = "high" }
shares = { prison = 1 }
)";
  };
  const auto expected = [](double odds, double waited) {
    double first = 500, later = 0, waiting = 0, present = 1, granted = 0.3;
    for (double hearing = 500; hearing < 1000; hearing += 90) {
      waiting += present * waited;
      present *= 1 - granted;
      granted = 0.3 * odds / (0.3 * odds + 0.7);
      hearing += waited;
      later += present * std::min(90.0, std::max(1000 - hearing, 0.0));
    }
    return std::vector<double>{10 * first, 10 * later, 10 * waiting};
  };
  const std::string at_once = "[states.board]\ngrade = \"assumed\"\nkind = \"decision\"\nshares = { ruling = 1 }\n";
  const std::string in_time =
      "[states.board]\ngrade = \"assumed\"\nkind = \"delay\"\nduration = \"20 days\"\nnext = \"ruling\"\n";
  for (const double waited : {0.0, 20.0}) {
    INFO("a hearing takes " << waited << " days");
    const Steady steady(text(waited > 0 ? in_time : at_once), "prison");
    const auto stock = [&](std::uint16_t label) {
      return of_label(steady, steady.result().stock, "prison", Trait::assessed, label);
    };
    check(stock(0), expected(0.5, waited)[0], 1.001 * expected(0.5, waited)[0]);
    check(stock(1), expected(0.5, waited)[1], expected(0.51, waited)[1]);
    if (waited > 0) check(steady.stock("board"), expected(0.5, waited)[2], expected(0.51, waited)[2]);
    CHECK(steady.entries("prison") == Approx(10).epsilon(1e-9));
    CHECK(steady.entries("out") == Approx(10).epsilon(1e-9));
  }
}

TEST_CASE("Changing classes: a state that nobody enters changes nothing") {
  // Two ways that nobody takes: a decision and a measure. With the same shares but nothing to become: the same bits.
  const auto text = [](const std::string& becomes, const std::string& share) {
    return testing::replaced(
               testing::replaced(assessed_and_treated("0.5"), "shares = { therapy = 0.5, community = \"rest\" }",
                                 "shares = { therapy = 0.5, never = " + share + ", community = \"rest\" }"),
               "becomes = { programme = \"therapy\" }", "") +
           "[states.never]\nkind = \"decision\"\ngrade = \"assumed\"\nshares = { course = 1 }\n" + becomes +
           "[states.course]\nkind = \"supervision\"\ngrade = \"assumed\"\nduration = \"50 days\"\nbreach = 1\n"
           "on_breach = \"never\"\nnext = \"community\"\n" +
           becomes;
  };
  const std::string becomes = "becomes = { programme = \"therapy\" }\n";
  const Steady without(text("", "0.0")), with(text(becomes, "0.0")), entered(text(becomes, "0.1"));
  CHECK(with.result().stock == without.result().stock);
  CHECK(with.result().entries_per_day == without.result().entries_per_day);
  CHECK(with.result().susceptible == without.result().susceptible);
  CHECK(entered.result().stock != without.result().stock);
  const auto hash = [&](const std::string& changes, const std::string& share) {
    const testing::World world(testing::header("2010-01-01", "2011-01-01") + "initial = \"stationary\"\n" +
                               "[arrivals.newcomers]\nto = \"start\"\nrate = 1000\n" + text(changes, share) +
                               "[states.out]\nkind = \"exit\"\n");
    return testing::hash_of(world.run());
  };
  CHECK(hash(becomes, "0.0") == hash("", "0.0"));
  CHECK(hash(becomes, "0.1") != hash("", "0.1"));
}
