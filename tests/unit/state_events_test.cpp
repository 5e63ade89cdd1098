// Events of a state by hand: one person, fixed times, dates reckoned on paper. Reviews, longest durations, absences,
// misconduct; what goes on after an event, and what counts anew.
#include <catch2/catch.hpp>

#include "models/course.hpp"
#include "tests/support/way.hpp"

namespace prisonflow::testing {
namespace {

const std::string kOut = "[states.out]\nkind = \"delay\"\nduration = \"1000 years\"\nnext = \"end\"\n";

std::string detention(const std::string& events) {
  return "[states.detention]\nkind = \"custody\"\npretrial = true\nduration = \"100 days\"\nnext = \"out\"\n" + events +
         "\n";
}
std::string prison(const std::string& keys) {
  return "[states.prison]\nkind = \"custody\"\nnext = \"out\"\n" + keys + "\n";
}
std::string decision(const std::string& name, const std::string& to) {
  return "[states." + name + "]\nkind = \"decision\"\nshares = { " + to + " = 1 }\n";
}
std::string delay(const std::string& name, const std::string& duration, const std::string& next) {
  return "[states." + name + "]\nkind = \"delay\"\nduration = \"" + duration + "\"\nnext = \"" + next + "\"\n";
}

TEST_CASE("events: reviews at once return on their dates and leave the end where it was") {
  const std::string reviewed = detention("events.review = { after = \"30 days\", to = \"review\" }");
  CHECK(way_of("detention", reviewed + decision("review", "detention") + kOut) == Steps{{"detention", 0},
                                                                                        {"detention", 30 * kDay},
                                                                                        {"detention", 60 * kDay},
                                                                                        {"detention", 90 * kDay},
                                                                                        {"out", 100 * kDay}});
  CHECK(way_of("detention", reviewed + decision("review", "out") + kOut) ==
        Steps{{"detention", 0}, {"out", 30 * kDay}});
}

TEST_CASE("events: after an appeal that takes time the detention goes on to its end, and reviews count anew") {
  const std::string reviewed = detention("events.review = { after = \"30 days\", to = \"appeal\" }");
  CHECK(way_of("detention", reviewed + delay("appeal", "7 days", "ruling") + decision("ruling", "detention") + kOut) ==
        Steps{{"detention", 0},
              {"appeal", 30 * kDay},
              {"detention", 37 * kDay},
              {"appeal", 67 * kDay},
              {"detention", 74 * kDay},
              {"out", 100 * kDay}});
  SECTION("when the end passed meanwhile the stay ends in the next minute") {
    CHECK(way_of("detention", reviewed + delay("appeal", "80 days", "detention") + kOut) ==
          Steps{{"detention", 0}, {"appeal", 30 * kDay}, {"out", 110 * kDay + 1}});
  }
}

TEST_CASE("events: the longest detention is that of the case, over all states and courts") {
  const std::string longest = "events.longest = { after_pretrial = \"120 days\", to = \"bail\" }\n";
  const std::string court =
      "[states.court]\nkind = \"custody\"\npretrial = true\nduration = \"50 days\"\nnext = \"out\"\n" + longest;
  const std::string bail = delay("bail", "10 days", "court");
  const std::string first =
      "[states.detention]\nkind = \"custody\"\npretrial = true\nduration = \"100 days\"\nnext = \"court\"\n" + longest;
  // 100 days and 20 of the court's. It has happened to who comes back.
  const Steps steps = way_of("detention", first + court + bail + kOut, "2012-01-01");
  CHECK(
      steps ==
      Steps{{"detention", 0}, {"court", 100 * kDay}, {"bail", 120 * kDay}, {"court", 130 * kDay}, {"out", 150 * kDay}});
}

TEST_CASE("events: a fraction of the term counts from its beginning, pretrial credit included") {
  const std::string moved =
      prison("term = \"200 days\"\npretrial_credit = 1\nevents.open = { at = 0.75, to = \"open\" }") +
      "[states.open]\nkind = \"custody\"\nterm = \"continue\"\nnext = \"out\"\n" + kOut;
  CHECK(way_of("prison", moved) == Steps{{"prison", 0}, {"open", 150 * kDay}, {"out", 200 * kDay}});
  const std::string remand =
      "[states.remand]\nkind = \"custody\"\npretrial = true\nduration = \"DAYS days\"\nnext = \"prison\"\n";
  CHECK(way_of("remand", replaced(remand, "DAYS", "60") + moved) ==
        Steps{{"remand", 0}, {"prison", 60 * kDay}, {"open", 150 * kDay}, {"out", 200 * kDay}});
  // Past already: in the next minute.
  CHECK(way_of("remand", replaced(remand, "DAYS", "160") + moved) ==
        Steps{{"remand", 0}, {"open", 160 * kDay + 1}, {"out", 200 * kDay}});
}

TEST_CASE("events: an early end of a measure, once") {
  const std::string probation =
      "[states.probation]\nkind = \"supervision\"\nterm = \"200 days\"\nnext = \"out\"\nevents.early = { at = 0.5, to "
      "= "
      "\"early\" }\n";
  CHECK(way_of("probation", probation + decision("early", "probation") + kOut) ==
        Steps{{"probation", 0}, {"probation", 100 * kDay}, {"out", 200 * kDay}});
  CHECK(way_of("probation", probation + decision("early", "out") + kOut) ==
        Steps{{"probation", 0}, {"out", 100 * kDay}});
}

TEST_CASE("events: misconduct delays parole and release, to the end of the term at most") {
  const std::string term =
      "term = \"400 days\"\nautomatic_release = 0.9\nparole_eligibility = 0.5\nparole_retry = \"60 days\"\non_parole = "
      "\"board\"\n";
  const std::string board = decision("board", "prison");
  const Steps well = way_of("prison", prison(term) + board + kOut);
  CHECK(
      well ==
      Steps{
          {"prison", 0}, {"prison", 200 * kDay}, {"prison", 260 * kDay}, {"prison", 320 * kDay}, {"out", 360 * kDay}});
  // On day 150: the first hearing moves from 200 to 220, release from 360 to 375; on day 300: 340 to 360, 375 to 390.
  const std::string misconduct =
      "events.misconduct = { after = \"150 days\", delays_parole = \"20 days\", loses_remission = \"15 days\" }";
  CHECK(way_of("prison", prison(term + misconduct) + board + kOut) == Steps{{"prison", 0},
                                                                            {"prison", 150 * kDay},
                                                                            {"prison", 220 * kDay},
                                                                            {"prison", 280 * kDay},
                                                                            {"prison", 300 * kDay},
                                                                            {"prison", 360 * kDay},
                                                                            {"out", 390 * kDay}});
  SECTION("no later than the end of the term") {
    const std::string worse = "events.misconduct = { after = \"150 days\", loses_remission = \"100 days\" }";
    CHECK(way_of("prison", prison("term = \"400 days\"\nautomatic_release = 0.9\n" + worse) + kOut).back() ==
          std::pair<std::string, sim::Minute>{"out", 400 * kDay});
  }
  SECTION("a hearing that would have come after release is held when release moves behind it") {
    // Hearings on 200, 280 and, had release stayed on 360, no other; on day 300 it moves to 380.
    const std::string later = replaced(term, "60 days", "80 days");
    const std::string once = "events.misconduct = { after = \"300 days\", loses_remission = \"20 days\" }";
    CHECK(way_of("prison", prison(later + once) + board + kOut) == Steps{{"prison", 0},
                                                                         {"prison", 200 * kDay},
                                                                         {"prison", 280 * kDay},
                                                                         {"prison", 300 * kDay},
                                                                         {"prison", 360 * kDay},
                                                                         {"out", 380 * kDay}});
  }
  SECTION("what was lost stays lost in another regime, and is forgotten with the term") {
    const std::string regimes =
        prison(
            "term = \"400 days\"\nautomatic_release = 0.9\nevents.misconduct = { after = \"150 days\", "
            "loses_remission = \"15 days\", to = \"closed\" }") +
        "[states.closed]\nkind = \"custody\"\nterm = \"continue\"\nautomatic_release = 0.9\nnext = \"second\"\n"
        "[states.second]\nkind = \"custody\"\nterm = \"100 days\"\nautomatic_release = 0.5\nnext = \"out\"\n" +
        kOut;
    CHECK(way_of("prison", regimes) ==
          Steps{{"prison", 0}, {"closed", 150 * kDay}, {"second", 375 * kDay}, {"out", 425 * kDay}});
  }
}

TEST_CASE("events: a policy for those inside keeps the remission they lost") {
  // Lost on days 150 and 300: 15 days each; from day 200 on release is after 0.92 of 400 days instead of 0.9.
  const std::string policy =
      "[policies.later]\nfrom = 2011-07-20\napplies_to = \"inside\"\nset.states.prison.automatic_release = 0.92\n";
  const std::string lost = prison(
      "term = \"400 days\"\nautomatic_release = 0.9\nevents.misconduct = { after = \"150 days\", loses_remission = "
      "\"15 days\" }");
  CHECK(way_of("prison", lost + kOut + policy).back() == std::pair<std::string, sim::Minute>{"out", 398 * kDay});
  CHECK(way_of("prison", lost + kOut).back() == std::pair<std::string, sim::Minute>{"out", 390 * kDay});
}

TEST_CASE("events: a hearing and an event on one minute both happen") {
  const std::string both =
      prison(
          "term = \"400 days\"\nparole_eligibility = 0.5\nparole_retry = \"90 days\"\non_parole = \"board\"\n"
          "events.open = { at = 0.5, to = \"open\" }") +
      decision("board", "prison") + "[states.open]\nkind = \"custody\"\nterm = \"continue\"\nnext = \"out\"\n" + kOut;
  CHECK(way_of("prison", both) == Steps{{"prison", 0}, {"open", 200 * kDay + 1}, {"out", 400 * kDay}});
}

TEST_CASE("events: what recurs is not passed over when something else happens on its minute") {
  const std::string term = "term = \"400 days\"\nautomatic_release = 0.9\n";
  const std::string misconduct = "events.misconduct = { after = \"200 days\", loses_remission = \"15 days\" }\n";
  // The hearing on day 200 and the misconduct in the next minute, which moves release from 360 to 375.
  const std::string hearing = "parole_eligibility = 0.5\nparole_retry = \"90 days\"\non_parole = \"board\"\n";
  CHECK(way_of("prison", prison(term + hearing + misconduct) + decision("board", "prison") + kOut) ==
        Steps{{"prison", 0}, {"prison", 200 * kDay + 1}, {"prison", 290 * kDay}, {"out", 375 * kDay}});
  // Another event, which leads out and back at once or nowhere.
  const std::string review = "events.a_review = { after = \"200 days\", to = \"review\" }\n";
  const std::string counted = replaced(review, ", to = \"review\"", "");
  const Steps both{{"prison", 0}, {"prison", 200 * kDay + 1}, {"out", 375 * kDay}};
  CHECK(way_of("prison", prison(term + review + misconduct) + decision("review", "prison") + kOut) == both);
  CHECK(way_of("prison", prison(term + counted + misconduct) + kOut) == both);
}

TEST_CASE("events: of several that recur and fall due on one minute all happen, one a minute") {
  const std::string term = "term = \"400 days\"\nautomatic_release = 0.9\n";
  const auto recurring = [](const std::string& name, const std::string& more) {
    return "events." + name + " = { after = \"200 days\", " + more + " }\n";
  };
  const std::string loses = "loses_remission = \"5 days\"";
  const std::string three = recurring("first", loses) + recurring("second", loses) + recurring("third", loses);
  // Release moves from 360 to 375 days; the second round would fall due on day 400, after it.
  CHECK(way_of("prison", prison(term + three) + kOut).back() == std::pair<std::string, sim::Minute>{"out", 375 * kDay});
  SECTION("beside a hearing, or an event that leads out and back at once") {
    const std::string hearing = "parole_eligibility = 0.5\nparole_retry = \"170 days\"\non_parole = \"board\"\n";
    CHECK(way_of("prison", prison(term + hearing + three) + decision("board", "prison") + kOut).back() ==
          std::pair<std::string, sim::Minute>{"out", 375 * kDay});
    for (const std::string& place : {recurring("first", loses), recurring("second", loses)}) {
      const std::string out_and_back = recurring("review", "to = \"review\"");
      CHECK(way_of("prison",
                   prison(term + replaced(three, place, out_and_back + place)) + decision("review", "prison") + kOut)
                .back() == std::pair<std::string, sim::Minute>{"out", 375 * kDay});
    }
  }
  SECTION("in every round") {
    const std::string often = replaced(replaced(three, "200 days", "100 days"), "5 days", "1 day");
    CHECK(way_of("prison", prison(term + often) + kOut).back() ==
          std::pair<std::string, sim::Minute>{"out", 369 * kDay});
  }
  SECTION("but not those left behind by who goes away for a time: they count anew") {
    // The second leads away on the minute after day 200; the third, still to come, would be due 200 days after the
    // return, which is after the release.
    const std::string away = replaced(three, recurring("second", loses), recurring("second", "to = \"furlough\""));
    CHECK(way_of("prison", prison(term + away) + delay("furlough", "2 days", "prison") + kOut).back() ==
          std::pair<std::string, sim::Minute>{"out", 365 * kDay});
  }
}

TEST_CASE("events: a term runs while people wait for a programme, and its time counts from the place on") {
  // One place; the first stays 300 days, of whom the second waits and is released meanwhile.
  const std::string one = prison(
      "term = \"200 days\"\nservice = \"course\"\nevents.finished = { after = \"120 days\", to = \"finished\" }\n"
      "events.gives_up = { after = \"150 days\", to = \"finished\", while_waiting = true }");
  const std::string rest = "[states.finished]\nkind = \"custody\"\nterm = \"continue\"\nnext = \"out\"\n" + kOut +
                           "[services.course]\nservers = ";
  CHECK(way_of("prison", one + rest + "1\n") == Steps{{"prison", 0}, {"finished", 120 * kDay}, {"out", 200 * kDay}});
  CHECK(way_of("prison", one + rest + "0\n") == Steps{{"prison", 0}, {"finished", 150 * kDay}, {"out", 200 * kDay}});
  SECTION("a place that opens after 50 days") {
    const std::string later = "[policies.opens]\nfrom = 2011-02-20\nset.services.course.servers = 1\n";
    const Steps steps = way_of("prison", one + rest + "0\n" + later);
    CHECK(steps.back() == std::pair<std::string, sim::Minute>{"out", 200 * kDay});
    CHECK(steps[steps.size() - 2] == std::pair<std::string, sim::Minute>{"finished", 170 * kDay});
    SECTION("and what falls due as it is given comes on the next minute, wherever it is listed") {
      const std::string next_day = replaced(one, "after = \"120 days\"", "after = \"1 day\"");
      const std::string behind = replaced(next_day, "events.fin", "events.counted = { after = \"1 day\" }\nevents.fin");
      const auto second_last = [](const Steps& way) { return way[way.size() - 2]; };
      CHECK(second_last(way_of("prison", next_day + rest + "0\n" + later)) ==
            std::pair<std::string, sim::Minute>{"finished", 51 * kDay + 1});
      CHECK(second_last(way_of("prison", behind + rest + "0\n" + later)) ==
            std::pair<std::string, sim::Minute>{"finished", 51 * kDay + 2});
    }
  }
  SECTION("released while waiting") {
    CHECK(way_of("prison", replaced(one, "after = \"150 days\"", "after = \"999 days\"") + rest + "0\n").back() ==
          std::pair<std::string, sim::Minute>{"out", 200 * kDay});
  }
}

TEST_CASE("events: what a term loses adds up beside what else its record holds, to almost 32 years at most") {
  models::Course course;
  course.joined = 255;
  course.lose(3 * kDay);
  course.lose(4 * kDay);
  course.delay(5 * kDay);
  CHECK(course.lost == 7 * kDay);
  CHECK(course.delayed == 5 * kDay);
  for (int year = 0; year < 40; ++year) course.lose(365 * kDay);
  course.delay(sim::kEndOfTime);
  CHECK(course.lost == models::Course::kMostMoved);
  CHECK(course.delayed == models::Course::kMostMoved);
  CHECK(course.joined == 255);
  CHECK(course.back_to == models::kNoResume);
}

}  // namespace
}  // namespace prisonflow::testing
