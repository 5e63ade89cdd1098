// See the header. Where the documentation leaves room the comments say which reading this is.
#include "tests/verification/sentence_calendar.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace prisonflow::testing::calendar {

namespace {

constexpr int kMinutes = 24 * 60;
constexpr std::int64_t kNotDue = -1;

/// To the nearest whole; halves up.
std::int64_t rounded(std::int64_t numerator, std::int64_t denominator) {
  return (2 * numerator + denominator) / (2 * denominator);
}
std::int64_t part_of(std::int64_t minutes, Permille share) {
  return rounded(minutes * share, 1000);
}
std::int64_t days(std::int64_t number) {
  return number * kMinutes;
}

/// What counts down while time passes, in the order in which it happens when several are due on one minute.
enum Countdown : std::uint8_t { kEnd, kHearing, kMisconduct, kMove, kAway, kCountdowns };

/// The simulated period is over.
struct Over {};

class Walk {
 public:
  Walk(const Law& law, const Person& person, const Way& seen, const Date& end, const Rules& rules, unsigned answers)
      : law_(law), person_(person), seen_(seen), end_(end), rules_(rules), answers_(answers), now_(person.entry) {}

  Way go() {
    try {
      do {
        await_sentence();
        impose_sentence();
        Place next = serve(law_.prison, Place::prison);
        while (next != Place::out && next != Place::cell && next != Place::remand) next = go_on(next);
        if (next == Place::out) {
          enter(Place::out);
          break;
        }
      } while (true);
    } catch (const Over&) {
    }
    return seen_at_midnight(way_);
  }
  /// How often what was seen left open what a board decided; then `answers` had it, a bit each.
  unsigned doubts() const { return doubts_; }

 private:
  // ------------------------------------------------------------------------------------------- time passes

  void enter(Place place) { way_.push_back({place, now_}); }

  /// What the simulated person was seen to do from now on.
  const Step* next_seen() {
    while (at_ < seen_.size() && seen_[at_].since < now_) ++at_;
    return at_ < seen_.size() ? &seen_[at_] : nullptr;
  }
  /// Minutes until the person was seen to enter one of `places`, up to the coming midnight; or not due.
  std::int64_t until_seen_today(std::initializer_list<Place> places) {
    const Step* step = next_seen();
    if (step != nullptr && step->since == now_) step = step == &seen_.back() ? nullptr : step + 1;
    if (step == nullptr || std::find(places.begin(), places.end(), step->place) == places.end()) return kNotDue;
    if (step->since.date == now_.date) return step->since.minute - now_.minute;
    const bool midnight = step->since.minute == 0 && step->since.date == next_day(now_.date, rules_.leap_days);
    return midnight ? kMinutes - now_.minute : kNotDue;
  }

  void forget_countdowns() {
    due_.fill(kNotDue);
    late_ = 0;
  }

  /// Walks on, at most to the next midnight a step, until a countdown is over (which is returned) or the person is seen
  /// to enter one of `watched` (kCountdowns). Who is `away` stays away; what falls due meanwhile waits.
  Countdown pass(std::initializer_list<Place> watched = {}, bool away = false) {
    while (true) {
      std::int64_t step = kMinutes - now_.minute;
      bool chance = false;
      for (std::size_t index = 0; index < kCountdowns; ++index) {
        if (due_[index] != kNotDue && (!away || index == kAway)) step = std::min(step, due_[index]);
      }
      if (watched.size() != 0) {
        const std::int64_t until = until_seen_today(watched);
        // What is due on the very minute comes first: a stay that ends is over.
        if (until != kNotDue && until <= step) {
          chance = until < step || std::find(due_.begin(), due_.end(), step) == due_.end();
          if (chance) step = until;
        }
      }
      for (std::int64_t& left : due_) {
        if (left != kNotDue) left = std::max<std::int64_t>(0, left - step);
      }
      if (sentence_runs_) run_ += step;
      if (pretrial_runs_) pretrial_ += step;
      now_.minute += static_cast<int>(step);
      if (now_.minute == kMinutes) {
        now_ = {next_day(now_.date, rules_.leap_days), 0};
        if (now_.date >= end_) throw Over{};
      }
      if (chance) return kCountdowns;
      for (std::size_t index = 0; index < kCountdowns; ++index) {
        if (due_[index] == 0 && (!away || index == kAway)) return static_cast<Countdown>(index);
      }
    }
  }
  /// A stay of fixed length, during which nothing happens; the other countdowns go on.
  void stay_away(std::int64_t minutes) {
    due_[kAway] = minutes;
    pass({}, true);
    due_[kAway] = kNotDue;
  }
  /// What fell due already happens in the next minute.
  void catch_up() {
    if (due_[kMisconduct] == 0) late_ = 1;
    for (std::int64_t& left : due_) {
      if (left == 0) left = 1;
    }
    if (!rules_.both_happen_on_one_minute && due_[kMisconduct] == 1) due_[kMisconduct] = kNotDue;
  }

  // ------------------------------------------------------------------------------------------- before the sentence

  void stay_pretrial(Place place, std::int64_t number_of_days) {
    enter(place);
    pretrial_runs_ = true;
    stay_away(days(number_of_days));
    pretrial_runs_ = false;
  }

  void await_sentence() {
    forget_countdowns();
    sentence_runs_ = false;
    pretrial_ = 0;
    joined_ = 0;
    if (!law_.cell_days.empty()) stay_pretrial(Place::cell, law_.cell_days[person_.need]);
    stay_pretrial(Place::remand, law_.remand_days[person_.need]);
    for (bool bailed = law_.bail_days > 0; bailed;) {
      enter(Place::bail);
      due_[kEnd] = days(law_.bail_days);
      bailed = pass({Place::withdrawn}) == kCountdowns;
      forget_countdowns();
      if (!bailed) break;
      ++joined_;
      stay_pretrial(Place::withdrawn, law_.withdrawn_days);
      const Step* const next = next_seen();
      bailed = next != nullptr && (next->place == Place::bail || next->place == Place::withdrawn);
    }
  }

  void impose_sentence() {
    const Exactly term = new_term(law_, person_.offence, person_.support, rules_.joined_factor ? joined_ : 0);
    term_ = rounded(term.numerator, term.denominator);
    if (law_.older == Older::concurrent && rules_.concurrent) term_ = std::max(term_, older_);
    if (law_.older == Older::consecutive) term_ = rules_.consecutive ? term_ + older_ : std::max(term_, older_);
    older_ = 0;
    run_ = rules_.credit ? part_of(pretrial_, law_.credit) : 0;
    if (!rules_.credit_before_fraction) {
      term_ = std::max<std::int64_t>(1, term_ - run_);
      run_ = 0;
    }
    lost_ = delayed_ = 0;
    sentence_runs_ = true;
    enter(Place::prison);
  }

  // ------------------------------------------------------------------------------------------- in custody

  void set_release(const Regime& regime) {
    std::int64_t at = part_of(term_, rules_.automatic_release ? regime.automatic : 1000) + lost_;
    if (rules_.loss_to_end_of_term) at = std::min(at, term_);
    due_[kEnd] = std::max<std::int64_t>(1, at - run_);
  }
  void set_fraction(Countdown countdown, std::int64_t at) { due_[countdown] = std::max<std::int64_t>(1, at - run_); }
  void behave_badly(std::int64_t delays, std::int64_t loses) {
    if (rules_.delays) {
      delayed_ += days(delays);
      if (due_[kHearing] != kNotDue) due_[kHearing] += days(delays);
    }
    if (rules_.losses && due_[kEnd] > 0) {
      // Only what is left of the remission can be lost.
      const std::int64_t left = term_ - run_ - due_[kEnd];
      const std::int64_t lost =
          rules_.loss_to_end_of_term ? std::min(days(loses), std::max<std::int64_t>(0, left)) : days(loses);
      lost_ += lost;
      due_[kEnd] += lost;
    }
  }

  /// A stay in custody under the sentence, from entry to the next place, which is not entered yet.
  Place serve(const Regime& regime, Place me) {
    forget_countdowns();
    set_release(regime);
    if (regime.eligibility > 0) {
      const bool by_support = rules_.eligibility_by && me == Place::prison;
      const Permille factor = by_support ? law_.eligibility_by[person_.support] : 1000;
      set_fraction(kHearing, rounded(term_ * regime.eligibility * factor, 1'000'000) + delayed_);
    }
    if (regime.moves_at > 0) set_fraction(kMove, part_of(term_, regime.moves_at));
    if (regime.misconduct_days > 0) due_[kMisconduct] = days(regime.misconduct_days);
    while (true) {
      if (!rules_.hearing_waits_for_release && due_[kHearing] >= due_[kEnd]) due_[kHearing] = kNotDue;
      const Countdown what = regime.cellblock_days > 0 ? pass({Place::cellblock}) : pass();
      if (what == kEnd) return law_.supervised ? Place::parole : Place::out;
      if (what == kMove) return Place::second;
      if (what == kHearing) {
        if (hear(regime, me)) return Place::parole;
      } else if (what == kMisconduct) {
        behave_badly(regime.delays_days, regime.loses_days);
        if (regime.misconduct_moves) return Place::second;
        enter(me);  // nobody leaves, but the simulator notes the date
        due_[kMisconduct] = days(regime.misconduct_days) - std::exchange(late_, 0);
      } else {
        behave_badly(regime.fight_delays_days, regime.fight_loses_days);
        fight(regime, me);
      }
      catch_up();
    }
  }

  /// A hearing; whether parole was granted, as seen.
  bool hear(const Regime& regime, Place me) {
    due_[kHearing] = kNotDue;
    const std::int64_t takes = me == Place::prison ? days(law_.board_days) : 0;
    if (takes > 0) {
      enter(Place::board);
      sentence_runs_ = rules_.term_runs_at_board;
      stay_away(takes);
      sentence_runs_ = true;
    }
    if (was_granted(me)) return true;
    enter(me);
    due_[kHearing] = days(regime.retry_days) - (rules_.retry_from_refusal ? 0 : takes);
    if (takes > 0) come_back(regime);
    return false;
  }
  /// What a board decided just now, as seen: either way something begins, unless more happened on that day.
  bool was_granted(Place me) {
    const Step* const next = next_seen();
    if (next == nullptr) return false;
    if (next->since == now_) return next->place != me;
    if (next->since.date != now_.date) return false;
    return (answers_ >> doubts_++ & 1u) != 0;
  }
  void fight(const Regime& regime, Place me) {
    enter(Place::cellblock);
    const std::int64_t end_before = due_[kEnd];
    stay_away(days(regime.cellblock_days));
    if (!rules_.end_stands_in_cellblock) due_[kEnd] = end_before;
    enter(me);
    come_back(regime);
  }
  void come_back(const Regime& regime) {
    if (regime.misconduct_days > 0 && rules_.misconduct_counts_anew) {
      due_[kMisconduct] = days(regime.misconduct_days);
      late_ = 0;
    }
  }

  // ------------------------------------------------------------------------------------------- after custody

  /// Enters a place that is not the prison, passes the time there, and says which is next.
  Place go_on(Place place) {
    enter(place);
    switch (place) {
      case Place::second:
        if (!rules_.losses_kept_in_second) lost_ = 0;
        if (!rules_.delays_kept_in_second) delayed_ = 0;
        if (!rules_.term_goes_on_in_second) run_ = 0;
        return serve(law_.second, Place::second);
      case Place::recalled:
        // What was unserved is a term of its own: it begins with the recall, and losses of remission are forgotten.
        term_ = rules_.recall_from_release ? unserved_ : term_ - run_;
        run_ = 0;
        lost_ = delayed_ = 0;
        return serve(law_.recalled, Place::recalled);
      case Place::fixed:
        forget_countdowns();
        sentence_runs_ = rules_.term_runs_in_fixed_recall;
        stay_away(days(law_.fixed_days));
        sentence_runs_ = true;
        return law_.breach == Breach::fixed ? Place::again : Place::parole;
      default:
        unserved_ = std::max<std::int64_t>(0, term_ - run_);
        return be_supervised(place);
    }
  }

  Place be_supervised(Place me) {
    forget_countdowns();
    due_[kEnd] = std::max<std::int64_t>(1, term_ - run_);
    const Place charged = law_.cell_days.empty() ? Place::remand : Place::cell;
    while (true) {
      // A warning shows as a new entry.
      if (pass({charged, Place::recalled, Place::fixed, me}) == kEnd) return Place::out;
      const Place entered = next_seen()->place;
      if (entered == me) {
        enter(me);
        continue;
      }
      if (entered == charged) older_ = rules_.older_from_release ? unserved_ : term_ - run_;
      return entered;
    }
  }

  const Law& law_;
  const Person& person_;
  const Way& seen_;
  const Date end_;
  const Rules& rules_;
  const unsigned answers_;
  unsigned doubts_ = 0;
  Moment now_;
  Way way_;
  std::size_t at_ = 0;  ///< what was seen so far
  std::array<std::int64_t, kCountdowns> due_{};
  std::int64_t late_ = 0;  ///< minutes by which misconduct waits for something else on its minute
  // The case.
  bool pretrial_runs_ = false;
  std::int64_t pretrial_ = 0;
  int joined_ = 0;
  std::int64_t older_ = 0;  ///< unserved rest of an older term
  // The sentence, in minutes.
  bool sentence_runs_ = false;
  std::int64_t term_ = 0;
  std::int64_t run_ = 0;  ///< credited and passed of the term
  std::int64_t lost_ = 0;
  std::int64_t delayed_ = 0;
  std::int64_t unserved_ = 0;  ///< when supervised release began
};

}  // namespace

bool is_leap_year(int year) {
  if (year % 400 == 0) return true;
  return year % 4 == 0 && year % 100 != 0;
}

Date next_day(Date date, bool leap_days) {
  static constexpr int kLengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = date.month == 2 && leap_days && is_leap_year(date.year);
  const int length = kLengths[date.month - 1] + (leap ? 1 : 0);
  if (date.day < length) return {date.year, date.month, date.day + 1};
  if (date.month < 12) return {date.year, date.month + 1, 1};
  return {date.year + 1, 1, 1};
}

Exactly new_term(const Law& law, std::size_t offence, std::size_t support, int joined) {
  if (joined > kMostJoined) throw std::overflow_error("too many joined offences for whole numbers");
  const Length& length = law.terms[offence];
  // Tenths of minutes in the units of the language: 1 month = 30.436875 days, 1 year = 365.2425 days.
  const std::int64_t unit = length.unit == Length::Unit::days     ? 14'400
                            : length.unit == Length::Unit::months ? 438'291
                                                                  : 5'259'492;
  Exactly term{unit * length.number * law.term_by[support], 10 * 10 * 1000};
  for (int offences = 0; offences < joined; ++offences) {
    term.numerator *= law.joined_factor;
    term.denominator *= 10;
    const std::int64_t common = std::gcd(term.numerator, term.denominator);  // or it grows out of 64 bits
    term = {term.numerator / common, term.denominator / common};
  }
  return term;
}

std::string to_string(const Moment& moment) {
  const auto two = [](int number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return std::to_string(moment.date.year) + "-" + two(moment.date.month) + "-" + two(moment.date.day) + " " +
         two(moment.minute / 60) + ":" + two(moment.minute % 60);
}

std::string to_string(const Way& way) {
  std::string text;
  for (const Step& step : way)
    text += "  " + to_string(step.since) + "  " + std::string(kPlaceNames[static_cast<std::size_t>(step.place)]) + "\n";
  return text;
}

Way seen_at_midnight(const Way& way) {
  Way seen;
  for (const Step& step : way) {
    if (!seen.empty() && seen.back().since.date == step.since.date) seen.pop_back();
    seen.push_back(step);
  }
  return seen;
}

Way reckon(const Law& law, const Person& person, const Way& seen, const Date& end, const Rules& rules) {
  Way first;
  unsigned doubts = 0;
  for (unsigned answers = 0; answers < 1u << std::min(doubts, 8u); ++answers) {
    Walk walk(law, person, seen, end, rules, answers);
    Way way = walk.go();
    if (way == seen) return way;
    if (answers == 0) first = std::move(way);
    doubts = std::max(doubts, walk.doubts());
  }
  return first;
}

}  // namespace prisonflow::testing::calendar
