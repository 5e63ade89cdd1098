// Sentences by hand: one person, fixed terms, dates reckoned on paper. Pretrial credit, automatic release, first and
// later parole hearings, recall, regimes that go on with a term, a warned probationer who keeps the old end.
#include <catch2/catch.hpp>

#include "tests/support/way.hpp"

namespace prisonflow::testing {
namespace {

const std::string kOut = "[states.out]\nkind = \"delay\"\nduration = \"1000 years\"\nnext = \"end\"\n";

std::string prison(const std::string& keys) {
  return "[states.prison]\nkind = \"custody\"\nnext = \"out\"\n" + keys + "\n";
}

TEST_CASE("sentence: pretrial detention is credited before the fraction of the term is reckoned") {
  const auto released = [](const std::string& days, const std::string& credit, const std::string& automatic) {
    const Steps steps = way_of(
        "remand",
        "[states.remand]\nkind = \"custody\"\npretrial = true\nnext = \"prison\"\nduration = \"" + days + "\"\n" +
            prison("term = \"365 days\"\npretrial_credit = " + credit + "\nautomatic_release = " + automatic) + kOut);
    CHECK(steps.back().first == "out");
    return steps.back().second;
  };
  CHECK(released("100 days", "1", "1") == 365 * kDay);        // the sentence counts from the arrest
  CHECK(released("100 days", "0", "1") == 465 * kDay);        // from the verdict
  CHECK(released("100 days", "0.5", "1") == 415 * kDay);      // from 50 days before the verdict
  CHECK(released("100 days", "1", "0.5") == 365 * kDay / 2);  // half of 365 days after the arrest: day 182, noon
  CHECK(released("100 days", "0.5", "0.5") == 50 * kDay + 365 * kDay / 2);
  CHECK(released("100 days", "1.5", "1") == 315 * kDay);      // three days for two
  CHECK(released("300 days", "1", "0.5") == 300 * kDay + 1);  // served already: released at once, in the next minute
  CHECK(released("400 days", "1", "1") == 400 * kDay + 1);
}

TEST_CASE("sentence: parole hearings are held at the fraction, then after each retry, until release by law") {
  const std::string terms =
      "term = \"1000 days\"\non_parole = \"board\"\nparole_eligibility = 0.4\nparole_retry = \"150 days\"\n"
      "automatic_release = 0.95";
  SECTION("always refused, board at once: hearings on days 400, 550, 700, 850") {
    const Steps steps = way_of(
        "prison", prison(terms) + "[states.board]\nkind = \"decision\"\nshares = { prison = 1.0, out = 0.0 }\n" + kOut);
    CHECK(steps == Steps{{"prison", 0},
                         {"prison", 400 * kDay},
                         {"prison", 550 * kDay},
                         {"prison", 700 * kDay},
                         {"prison", 850 * kDay},
                         {"out", 950 * kDay}});
  }
  SECTION("a board that takes ten days: the term goes on meanwhile, the retry counts from the refusal") {
    const Steps steps =
        way_of("prison", prison(terms) +
                             "[states.board]\nkind = \"delay\"\nduration = \"10 days\"\nnext = \"refusal\"\n"
                             "[states.refusal]\nkind = \"decision\"\nshares = { prison = 1.0, out = 0.0 }\n" +
                             kOut);
    CHECK(steps == Steps{{"prison", 0},
                         {"board", 400 * kDay},
                         {"prison", 410 * kDay},
                         {"board", 560 * kDay},
                         {"prison", 570 * kDay},
                         {"board", 720 * kDay},
                         {"prison", 730 * kDay},
                         {"board", 880 * kDay},
                         {"prison", 890 * kDay},
                         {"out", 950 * kDay}});
  }
  SECTION("credited pretrial detention brings the first hearing forward") {
    const Steps steps = way_of(
        "remand", "[states.remand]\nkind = \"custody\"\npretrial = true\nnext = \"prison\"\nduration = \"90 days\"\n" +
                      prison(terms + "\npretrial_credit = 1") +
                      "[states.board]\nkind = \"decision\"\nshares = { out = 1.0 }\n" + kOut);
    CHECK(steps == Steps{{"remand", 0}, {"prison", 90 * kDay}, {"out", 400 * kDay}});
  }
  SECTION("no hearing on or after the day of release by law") {
    const Steps steps =
        way_of("prison", prison("term = \"1000 days\"\non_parole = \"board\"\nparole_eligibility = 0.95\n"
                                "parole_retry = \"150 days\"\nautomatic_release = 0.95") +
                             "[states.board]\nkind = \"decision\"\nshares = { end = 1.0 }\n" + kOut);
    CHECK(steps == Steps{{"prison", 0}, {"out", 950 * kDay}});
  }
}

TEST_CASE("sentence: supervised release lasts to the end of the term, recall serves what was unserved at release") {
  const std::string paroled =
      prison("term = \"1000 days\"\non_parole = \"board\"\nparole_eligibility = 0.4\nparole_retry = \"1 year\"") +
      "[states.board]\nkind = \"decision\"\nshares = { parole = 1.0 }\n";
  SECTION("no breach") {
    const Steps steps = way_of(
        "prison", paroled + "[states.parole]\nkind = \"supervision\"\nterm = \"remainder\"\nnext = \"out\"\n" + kOut);
    CHECK(steps == Steps{{"prison", 0}, {"parole", 400 * kDay}, {"out", 1000 * kDay}});
  }
  SECTION("breached within the month: all 600 days are served, or half of them by law") {
    for (const double automatic : {1.0, 0.5}) {
      const Steps steps = way_of(
          "prison",
          paroled +
              "[states.parole]\nkind = \"supervision\"\nterm = \"remainder\"\nnext = \"out\"\non_breach = "
              "\"recalled\"\nbreach = 100\n"
              "[states.recalled]\nkind = \"custody\"\nterm = \"remainder\"\nnext = \"out\"\nautomatic_release = " +
              std::to_string(automatic) + "\n" + kOut);
      REQUIRE(steps.size() >= 3);
      const auto recalled = steps[steps.size() - 2];
      CHECK(recalled.first == "recalled");
      CHECK(recalled.second < 430 * kDay);
      CHECK(steps.back() == std::pair<std::string, sim::Minute>{
                                "out", recalled.second + static_cast<sim::Minute>(600 * automatic) * kDay});
    }
  }
  SECTION("a term that goes on in an open prison, and one for life") {
    const Steps steps = way_of(
        "prison",
        prison("term = \"1000 days\"\non_parole = \"open\"\nparole_eligibility = 0.4\nparole_retry = \"1 year\"") +
            "[states.open]\nkind = \"custody\"\nterm = \"continue\"\nnext = \"out\"\nautomatic_release = 0.8\n" + kOut);
    CHECK(steps == Steps{{"prison", 0}, {"open", 400 * kDay}, {"out", 800 * kDay}});
    const Steps life =
        way_of("remand",
               "[states.remand]\nkind = \"custody\"\npretrial = true\nnext = \"life\"\nduration = \"9 days\"\n"
               "[states.life]\nkind = \"custody\"\nterm = \"life\"\nmortality_ratio = 1\n"
               "[mortality]\nto = \"end\"\nrate = 0.000000001\n");
    CHECK(life == Steps{{"remand", 0}, {"life", 9 * kDay}});
  }
}

TEST_CASE("sentence: a warned probationer goes on to the old end; a revoked one does not") {
  const auto probation = [](const std::string& shares) {
    return way_of("probation",
                  "[states.probation]\nkind = \"supervision\"\nterm = \"365 days\"\nnext = \"out\"\non_breach = "
                  "\"hearing\"\nbreach = 20\n[states.hearing]\nkind = \"decision\"\nshares = " +
                      shares + "\n[states.cell]\nkind = \"custody\"\nduration = \"30 days\"\nnext = \"out\"\n" + kOut);
  };
  const Steps warned = probation("{ probation = 1.0, cell = 0.0 }");
  CHECK(warned.size() > 6);
  CHECK(warned.back() == std::pair<std::string, sim::Minute>{"out", 365 * kDay});
  const Steps revoked = probation("{ probation = 0.0, cell = 1.0 }");
  REQUIRE(revoked.size() == 3);
  CHECK(revoked[2].second == revoked[1].second + 30 * kDay);
}

}  // namespace
}  // namespace prisonflow::testing
