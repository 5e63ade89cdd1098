// See the header.
#include "tests/verification/sentence_laws.hpp"

#include <fmt/format.h>

#include <random>
#include <stdexcept>

#include "sim/dates.hpp"
#include "tests/support/world.hpp"

namespace prisonflow::testing::calendar {

namespace {

constexpr std::size_t kNeeds = 16;
constexpr std::size_t kOffences = 16;
constexpr std::size_t kSupports = 4;
constexpr int kYearsOfEntry = 4;  // with a leap day, but for 2097 to 2100 and 1897 to 1900
constexpr int kYears = 14;

// ----------------------------------------------------------------------------------------------- drawing

// Fractions are such that none falls on half a minute but exactly: eighths, or an odd denominator. Hearings and factors
// by class are eighths, for the simulator keeps them in single precision.
class Chance {
 public:
  explicit Chance(unsigned seed) : engine_(seed) {}
  /// The standard's distributions differ between libraries.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(high - low + 1));
  }
  template <class Value>
  Value one_of(std::initializer_list<Value> values) {
    return values.begin()[between(0, static_cast<std::int64_t>(values.size()) - 1)];
  }
  bool heads() { return between(0, 1) == 1; }

 private:
  std::mt19937_64 engine_;
};

Length draw_length(Chance& chance) {
  switch (chance.between(0, 3)) {
    case 0:
      return {Length::Unit::months, 10 * chance.between(3, 40)};
    case 1:
      return {Length::Unit::years, 5 * chance.between(1, 8)};
    default:
      return {Length::Unit::days, 10 * chance.between(60, 1300)};
  }
}

void draw_hearings(Chance& chance, Regime& regime) {
  regime.eligibility = chance.one_of<Permille>({250, 375, 500, 625});
  regime.retry_days = chance.between(20, 150);
  regime.refusals = chance.one_of<Permille>({300, 600, 800, 980});
}
void draw_misconduct(Chance& chance, Regime& regime) {
  regime.misconduct_days = chance.between(40, 300);
  if (chance.heads()) regime.delays_days = chance.between(5, 60);
  if (regime.delays_days == 0 || chance.heads()) regime.loses_days = chance.between(3, 40);
}

/// Whether the last term falls on half a minute for somebody. The simulator keeps real numbers until it rounds, and may
/// be a hair's breadth below.
bool is_half_for_anybody(const Law& law) {
  for (std::size_t support = 0; support < kSupports; ++support) {
    for (int joined = 0; joined <= kMostJoined; ++joined) {
      if (new_term(law, law.terms.size() - 1, support, joined).is_half()) return true;
    }
  }
  return false;
}

// ----------------------------------------------------------------------------------------------- writing

std::string fraction(Permille share) {
  return fmt::format("{}.{:03}", share / 1000, share % 1000);
}
std::string factor(Tenths tenths) {
  return fmt::format("{}.{}", tenths / 10, tenths % 10);
}
std::string in_days(std::int64_t number) {
  return fmt::format("\"{} days\"", number);
}
std::string text_of(const Length& length) {
  const char* const unit = length.unit == Length::Unit::days     ? "days"
                           : length.unit == Length::Unit::months ? "months"
                                                                 : "years";
  return fmt::format("\"{} {}\"", factor(length.number), unit);
}
std::string text_of(const Date& date) {
  return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
}

std::string labels(const std::string& trait, const char* letter, std::size_t count) {
  std::string text = trait + " = [";
  for (std::size_t label = 0; label < count; ++label)
    text += fmt::format("{}\"{}{}\"", label == 0 ? "" : ", ", letter, label);
  return text + "]\n";
}
std::string mix(const std::string& trait, const char* letter, std::size_t count) {
  std::string text = trait + " = {";
  for (std::size_t label = 0; label + 1 < count; ++label)
    text += fmt::format(" {}{} = {},", letter, label, 1.0 / static_cast<double>(count));
  return text + fmt::format(" {}{} = \"rest\" }}\n", letter, count - 1);
}
std::string durations_by_need(const std::vector<std::int64_t>& by_need) {
  std::string text = "duration = \"1 day\"\n";
  for (std::size_t need = 0; need < by_need.size(); ++need)
    text += fmt::format("duration_for.n{} = {}\n", need, in_days(by_need[need]));
  return text;
}
std::string decision(const std::string& name, const std::string& often, Permille share, const std::string& else_to) {
  return fmt::format("[states.{}]\nkind = \"decision\"\nshares = {{ {} = {}, {} = \"rest\" }}\n", name, often,
                     fraction(share), else_to);
}

std::string text_of(const Regime& regime, const std::string& name, const Law& law, const std::string& term) {
  std::string text =
      fmt::format("[states.{}]\nkind = \"custody\"\nnext = \"{}\"\n", name, law.supervised ? "parole" : "out") + term;
  if (regime.automatic != 1000) text += "automatic_release = " + fraction(regime.automatic) + "\n";
  const bool first = name == "prison";
  const std::string board = first ? "board" : name + "_board";
  if (regime.eligibility > 0) {
    text += fmt::format("parole_eligibility = {}\nparole_retry = {}\non_parole = \"{}\"\n",
                        fraction(regime.eligibility), in_days(regime.retry_days), board);
    for (std::size_t support = 0; first && support < kSupports; ++support)
      text += fmt::format("parole_eligibility_by.support.s{} = {}\n", support, fraction(law.eligibility_by[support]));
  }
  const bool heard =
      regime.eligibility > 0 || (law.has_second() && law.second.eligibility > 0);  // else there is nothing to put off
  const bool early = regime.automatic != 1000;                                     // else there is nothing to lose
  const auto behaviour = [heard, early](std::int64_t delays, std::int64_t loses) {
    return (heard && delays > 0 ? "delays_parole = " + in_days(delays) + "\n" : std::string()) +
           (early && loses > 0 ? "loses_remission = " + in_days(loses) + "\n" : std::string());
  };
  if (regime.misconduct_days > 0) {
    text += fmt::format("[states.{}.events.misconduct]\nafter = {}\n", name, in_days(regime.misconduct_days)) +
            behaviour(regime.delays_days, regime.loses_days) + (regime.misconduct_moves ? "to = \"second\"\n" : "");
  }
  if (regime.moves_at > 0)
    text += fmt::format("[states.{}.events.moves]\nat = {}\nto = \"second\"\n", name, fraction(regime.moves_at));
  if (regime.cellblock_days > 0) {
    text +=
        fmt::format("[states.{}.events.fight]\nrate = 1.5\nto = \"cellblock\"\n", name) +
        behaviour(regime.fight_delays_days, regime.fight_loses_days) +
        fmt::format("[states.cellblock]\nkind = \"delay\"\nfacilities = \"station\"\nduration = {}\nnext = \"{}\"\n",
                    in_days(regime.cellblock_days), name);
  }
  if (regime.eligibility > 0) {
    const bool slow = first && law.board_days > 0;
    if (slow) {
      text +=
          fmt::format("[states.board]\nkind = \"delay\"\nduration = {}\nnext = \"ruling\"\n", in_days(law.board_days));
    }
    text += decision(slow ? "ruling" : board, name, regime.refusals, "parole");
  }
  return text;
}

std::string before_the_verdict(const Law& law) {
  const std::string first = law.cell_days.empty() ? "remand" : "cell";
  std::string text = fmt::format("[states.charge]\nkind = \"decision\"\nshares = {{ {} = 1 }}\n", first);
  if (!law.cell_days.empty()) {
    text += "[states.cell]\nkind = \"delay\"\nfacilities = \"station\"\npretrial = true\nnext = \"remand\"\n" +
            durations_by_need(law.cell_days);
  }
  text += fmt::format("[states.remand]\nkind = \"custody\"\npretrial = true\nnext = \"{}\"\n",
                      law.bail_days > 0 ? "bail" : "prison") +
          durations_by_need(law.remand_days);
  if (law.bail_days == 0) return text;
  text +=
      fmt::format("[states.bail]\nkind = \"supervision\"\nduration = {}\nnext = \"prison\"\n", in_days(law.bail_days));
  if (!law.reoffending) return text;
  return text + "on_new_offence = \"withdrawn\"\n" +
         fmt::format("[states.withdrawn]\nkind = \"custody\"\npretrial = true\nnext = \"bail_again\"\nduration = {}\n",
                     in_days(law.withdrawn_days)) +
         decision("bail_again", "bail", 300, "prison");
}

std::string under_supervision(const Law& law) {
  const auto parole = [&](const std::string& name, const std::string& term) {
    std::string text = fmt::format("[states.{}]\nkind = \"supervision\"\nterm = \"{}\"\nnext = \"out\"\n", name, term);
    if (law.breach == Breach::never) return text;
    const char* const to = law.breach == Breach::recall    ? "recalled"
                           : law.breach == Breach::hearing ? "breach_hearing"
                                                           : "fixed";
    return text + fmt::format("breach = 1.2\non_breach = \"{}\"\n", to);
  };
  std::string text = parole("parole", "remainder");
  if (law.breach == Breach::fixed || law.breach == Breach::fixed_and_back) {
    const bool back = law.breach == Breach::fixed_and_back;
    text += fmt::format("[states.fixed]\nkind = \"custody\"\nduration = {}\nnext = \"{}\"\n", in_days(law.fixed_days),
                        back ? "parole" : "again");
    if (!back) text += parole("again", "continue");
  }
  if (law.breach == Breach::hearing) text += decision("breach_hearing", "parole", 500, "recalled");
  if (law.breach == Breach::recall || law.breach == Breach::hearing)
    text += text_of(law.recalled, "recalled", law, "term = \"remainder\"\n");
  return text;
}

}  // namespace

Law draw_law(unsigned number) {
  Chance chance(1'000 + number);
  Law law;
  // Leap days every four years, one century with and two without.
  law.start = {chance.one_of({1895, 1903, 1995, 1999, 2002, 2011, 2024, 2094, 2097}), 1, 1};
  law.start.month = static_cast<int>(chance.between(1, 12));
  law.start.day = static_cast<int>(chance.between(1, 28));
  law.years = kYears;
  for (std::size_t need = 0; need < kNeeds; ++need) law.remand_days.push_back(chance.between(2, 400));
  if (chance.heads()) {
    for (std::size_t need = 0; need < kNeeds; ++need) law.cell_days.push_back(chance.between(2, 60));
  }
  for (std::size_t support = 0; support < kSupports; ++support) {
    law.term_by.push_back(chance.one_of<Permille>({750, 1000, 1000, 1250, 1500}));
    law.eligibility_by.push_back(chance.one_of<Permille>({750, 1000, 1000, 1250, 1500}));
  }
  law.credit = chance.one_of<Permille>({0, 336, 500, 664, 1000, 1000, 1000, 1500});
  law.prison.automatic = chance.one_of<Permille>({500, 664, 750, 800, 904, 952, 1000, 1000});
  law.supervised = number % 2 == 0;
  if (number % 4 != 1) draw_hearings(chance, law.prison);
  if (chance.heads()) law.board_days = chance.between(2, 45);
  if (number % 3 != 0) draw_misconduct(chance, law.prison);
  if (number % 5 < 2) {
    law.prison.cellblock_days = chance.between(2, 25);
    if (chance.heads()) law.prison.fight_delays_days = chance.between(5, 50);
    if (chance.heads()) law.prison.fight_loses_days = chance.between(5, 30);
  }
  if (number % 7 < 2) law.prison.moves_at = chance.one_of<Permille>({304, 500, 664, 704});
  law.prison.misconduct_moves = number % 3 == 2 && chance.heads();
  law.second.automatic = chance.heads() ? law.prison.automatic : chance.one_of<Permille>({600, 800, 904, 1000});
  if (chance.heads()) draw_hearings(chance, law.second);
  if (chance.heads()) draw_misconduct(chance, law.second);
  law.recalled.automatic = chance.one_of<Permille>({500, 664, 800, 1000, 1000});
  if (chance.heads()) draw_hearings(chance, law.recalled);
  if (chance.heads()) draw_misconduct(chance, law.recalled);
  law.breach = static_cast<Breach>(chance.between(0, 4));
  law.fixed_days = chance.between(14, 60);
  law.reoffending = number % 4 != 3;
  law.older = static_cast<Older>(chance.between(0, 2));
  if (chance.heads()) law.bail_days = chance.between(30, 300);
  law.withdrawn_days = chance.between(5, 100);
  law.joined_factor = chance.one_of<Tenths>({10, 11, 13, 15});
  while (law.terms.size() < kOffences) {
    law.terms.push_back(draw_length(chance));
    if (is_half_for_anybody(law)) law.terms.pop_back();
  }
  return law;
}

std::string scenario_of(const Law& law, int persons) {
  Date end = law.start;
  end.year += law.years;
  Date last_entry = law.start;
  last_entry.year += kYearsOfEntry;
  std::string text = header(text_of(law.start), text_of(end)) + "[classes]\n" + labels("offence", "o", kOffences) +
                     labels("need", "n", kNeeds) + labels("support", "s", kSupports);
  text += fmt::format(
      "[arrivals.persons]\nto = \"charge\"\nrate = {{ between = \"steps\", on = {{ {} = {}, {} = 0 }} }}\n"
      "[arrivals.persons.mix]\n",
      text_of(law.start), persons / kYearsOfEntry, text_of(last_entry));
  text += mix("offence", "o", kOffences) + mix("need", "n", kNeeds) + mix("support", "s", kSupports);
  text += before_the_verdict(law);
  if (!law.cell_days.empty() || law.prison.cellblock_days > 0)
    text += "[facilities.station]\nwhen_full = \"crowd\"\n[facilities.station.house]\nplaces = 10\n";

  static constexpr const char* kOlder[] = {"lapses", "concurrent", "consecutive"};
  std::string term = fmt::format("term = \"1 day\"\npretrial_credit = {}\nolder_term = \"{}\"\n", fraction(law.credit),
                                 kOlder[static_cast<std::size_t>(law.older)]);
  for (std::size_t offence = 0; offence < kOffences; ++offence)
    term += fmt::format("term_for.o{} = {}\n", offence, text_of(law.terms[offence]));
  for (std::size_t support = 0; support < kSupports; ++support)
    term += fmt::format("term_by.support.s{} = {}\n", support, fraction(law.term_by[support]));
  const bool joins = law.bail_days > 0 && law.reoffending;
  if (joins && law.joined_factor != 10) term += "joined_offence_factor = " + factor(law.joined_factor) + "\n";
  text += text_of(law.prison, "prison", law, term);
  if (law.has_second()) text += text_of(law.second, "second", law, "term = \"continue\"\n");
  if (law.has_parole()) text += under_supervision(law);
  if (law.reoffending) {
    text +=
        "[reoffending]\nto = \"charge\"\ntime = { distribution = \"exponential\", mean = \"500 days\" }\n"
        "same_offence = 1\n";
  }
  return text +
         "[states.out]\nkind = \"delay\"\nduration = \"1000 years\"\nnext = \"end\"\n[states.end]\nkind = \"exit\"\n";
}

Simulated simulate(const Law& law, int persons) {
  const World world(scenario_of(law, persons));
  const auto& states = world.scenario().states;
  std::vector<Place> places(states.size(), Place::out);
  for (std::size_t state = 0; state < states.size(); ++state) {
    for (std::size_t place = 0; place < std::size(kPlaceNames); ++place) {
      if (states[state].name == kPlaceNames[place]) places[state] = static_cast<Place>(place);
    }
  }
  const sim::Date start = world.scenario().start;
  const auto moment = [&](sim::Minute minute) {
    const auto date = sim::civil(sim::add_days(start, sim::day_of(minute)));
    return Moment{{static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
                   static_cast<int>(static_cast<unsigned>(date.day()))},
                  minute - sim::start_of(sim::day_of(minute))};
  };

  // Nobody leaves the model, so that a slot is one person; who is out is not looked at again.
  struct Last {
    std::size_t index;  ///< of the case
    sim::Slot slot;
    std::uint64_t name;
    std::uint8_t state;
    sim::Minute since;
  };
  Simulated result;
  result.end = law.start;
  result.end.year += law.years;
  std::vector<Last> inside;
  const auto replication = world.begin();
  const auto& people = replication->partitions().front()->people;
  const models::Cells& cells = world.experiment().model().cells();
  for (sim::Day day = 0; day < world.experiment().model().days(); ++day) {
    replication->run_day(day);
    for (std::size_t index = result.cases.size(); index < people.slots().size(); ++index) {
      const sim::Slot slot = people.slots()[index];
      const models::Person& person = people[slot];
      Case one;
      one.person = {cells.label(person.cell, models::Trait::need), cells.label(person.cell, models::Trait::offence),
                    cells.label(person.cell, models::Trait::support), moment(person.last)};
      result.cases.push_back(one);
      inside.push_back({index, slot, person.name, person.state, sim::kNever});
    }
    std::size_t kept = 0;
    for (Last& last : inside) {
      const models::Person& person = people[last.slot];
      if (person.name != last.name) throw std::logic_error("a slot was given to somebody else");
      if (person.state != last.state || person.last != last.since) {
        last.state = person.state;
        last.since = person.last;
        result.cases[last.index].seen.push_back({places[person.state], moment(person.last)});
      }
      if (places[person.state] != Place::out) inside[kept++] = last;
    }
    inside.resize(kept, Last{});
  }
  return result;
}

}  // namespace prisonflow::testing::calendar
