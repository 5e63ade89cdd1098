// Sentences reckoned a second time, slowly: day by day through a calendar of its own, written from the documentation.
//
// Nothing of the simulator is used here, neither its dates nor its arithmetic: a day is walked after a day, with its
// own rule for leap years, and what is served, credited and lost is counted on the way. Chance is taken from the
// simulated way as it was seen (whether a board released, on which minute a condition was breached); every other date
// is reckoned.
//
// A case:  [cell] → remand → [bail ⇄ withdrawn] → prison ⇄ board, cellblock → [second] → parole → [recalled, fixed] →
// out
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace prisonflow::testing::calendar {

struct Date {
  int year = 0;
  int month = 0;
  int day = 0;
  friend auto operator<=>(const Date&, const Date&) = default;
};
/// A minute on the wall: the date and the minutes since its midnight.
struct Moment {
  Date date;
  int minute = 0;
  friend auto operator<=>(const Moment&, const Moment&) = default;
};
bool is_leap_year(int year);
Date next_day(Date date, bool leap_days = true);
std::string to_string(const Moment& moment);

enum class Place : std::uint8_t {
  cell,
  remand,
  bail,
  withdrawn,
  prison,
  board,
  cellblock,
  second,
  parole,
  recalled,
  fixed,
  again,
  out,
};
inline constexpr std::string_view kPlaceNames[] = {"cell",  "remand",    "bail",   "withdrawn", "prison",
                                                   "board", "cellblock", "second", "parole",    "recalled",
                                                   "fixed", "again",     "out"};

struct Step {
  Place place;
  Moment since;
  friend bool operator==(const Step&, const Step&) = default;
};
using Way = std::vector<Step>;
std::string to_string(const Way& way);
/// What somebody sees who looks every midnight: the last step of each day.
Way seen_at_midnight(const Way& way);

/// 1.3 is 13, 0.25 is 250: exact, so that rounding happens where it is meant.
using Tenths = std::int64_t;
using Permille = std::int64_t;

/// "127 days", "7 months" or "2.5 years"; exact.
struct Length {
  enum class Unit : std::uint8_t { days, months, years } unit = Unit::days;
  Tenths number = 0;
};

/// Custody under a sentence, as [states.<name>] would say it; a zero leaves the key out.
struct Regime {
  Permille automatic = 1000;
  Permille eligibility = 0;
  std::int64_t retry_days = 0;
  Permille refusals = 600;  ///< only for the scenario's text: chance is seen, not reckoned
  // Misconduct every so many days …
  std::int64_t misconduct_days = 0;
  std::int64_t delays_days = 0;
  std::int64_t loses_days = 0;
  bool misconduct_moves = false;  ///< … to the second regime
  // Fights at random, which lead to the cell block and back.
  std::int64_t cellblock_days = 0;
  std::int64_t fight_delays_days = 0;
  std::int64_t fight_loses_days = 0;
  Permille moves_at = 0;  ///< fraction of the term after which the second regime begins
};

enum class Older : std::uint8_t { lapses, concurrent, consecutive };
/// Where a breach leads: nowhere, to prison for all that was unserved, to prison for a fixed time and on to a state of
/// its own or back to parole, or to a hearing that warns or recalls.
enum class Breach : std::uint8_t { never, recall, fixed, fixed_and_back, hearing };

/// All that the sentences of one scenario have in common.
struct Law {
  Date start;
  int years = 0;                          ///< simulated
  std::vector<std::int64_t> cell_days;    ///< by need; empty: nobody is held in cells
  std::vector<std::int64_t> remand_days;  ///< by need
  std::int64_t bail_days = 0;
  std::int64_t withdrawn_days = 0;
  Permille credit = 1000;
  std::vector<Length> terms;             ///< by offence
  std::vector<Permille> term_by;         ///< by support
  std::vector<Permille> eligibility_by;  ///< by support
  Tenths joined_factor = 10;
  Older older = Older::lapses;
  Regime prison;
  Regime second;
  Regime recalled;
  std::int64_t board_days = 0;
  bool supervised = false;  ///< release by law is to parole
  Breach breach = Breach::never;
  std::int64_t fixed_days = 0;
  bool reoffending = false;  ///< on parole and on bail

  bool has_second() const { return prison.misconduct_moves || prison.moves_at > 0; }
  bool has_parole() const { return supervised || prison.eligibility > 0 || (has_second() && second.eligibility > 0); }
};

/// A new term before it is rounded, in minutes.
struct Exactly {
  std::int64_t numerator = 0;
  std::int64_t denominator = 1;
  bool is_half() const { return 2 * (numerator % denominator) == denominator; }
};
inline constexpr int kMostJoined = 9;
Exactly new_term(const Law& law, std::size_t offence, std::size_t support, int joined);

struct Person {
  std::size_t need = 0;
  std::size_t offence = 0;
  std::size_t support = 0;
  Moment entry;
};

/// The rules one by one. A twin breaks one of them, and must be found out.
struct Rules {
  bool leap_days = true;
  bool credit = true;
  bool credit_before_fraction = true;  ///< credit counts as served; it does not shorten the term
  bool automatic_release = true;
  bool eligibility_by = true;
  bool retry_from_refusal = true;  ///< not from the hearing, where the board takes time
  bool term_runs_at_board = true;
  bool delays = true;
  bool losses = true;
  bool loss_to_end_of_term = true;  ///< not beyond
  bool losses_kept_in_second = true;
  bool delays_kept_in_second = true;
  bool hearing_waits_for_release = true;  ///< one after release is held if release moves behind it
  bool both_happen_on_one_minute = true;  ///< a hearing and misconduct: the one, and in the next minute the other
  bool term_goes_on_in_second = true;
  bool misconduct_counts_anew = true;  ///< for who was away for a time
  bool end_stands_in_cellblock = true;
  bool recall_from_release = true;  ///< not from the breach
  bool term_runs_in_fixed_recall = true;
  bool consecutive = true;         ///< not as if concurrent
  bool concurrent = true;          ///< not as if lapsed
  bool older_from_release = true;  ///< not from the new offence
  bool joined_factor = true;
};

/// The way of one person from entry to `end` (exclusive). `seen`: the simulated way, at midnights, for what chance did.
Way reckon(const Law& law, const Person& person, const Way& seen, const Date& end, const Rules& rules = {});

}  // namespace prisonflow::testing::calendar
