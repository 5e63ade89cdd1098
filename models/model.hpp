// The compiled model: a scenario's numbers as flat tables, one version a policy date, immutable during a run.
//
// A person's class is one number, the *cell*: the labels of all six traits in mixed radix, region first, risk last. For
// every state a table holds one row a cell: the thresholds of its branches, or the factors on its clocks. A decision is
// one row look-up and one draw. Sparse modifiers and rows of the scenario are multiplied out here, once.
//
// A policy date makes a new version; a policy for new cases only makes a new *law* as well. The table of a state under
// (version, law) is shared between all pairs for which its numbers are equal, so a reform of one branch costs one
// table.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "models/clock_rows.hpp"
#include "models/link_effects.hpp"
#include "models/person.hpp"
#include "models/scenario.hpp"
#include "models/unit_costs.hpp"
#include "sim/distributions.hpp"
#include "sim/random.hpp"
#include "sim/time.hpp"

namespace prisonflow::models {

/// The classes of persons: sizes, and the way between labels and cells.
struct Cells {
  std::array<std::uint16_t, kTraits> sizes{};
  std::array<std::uint32_t, kTraits> strides{};
  std::uint32_t count = 1;

  std::uint16_t label(std::uint32_t cell, Trait trait) const {
    return static_cast<std::uint16_t>(cell / strides[index_of(trait)] % sizes[index_of(trait)]);
  }
  std::uint32_t with_label(std::uint32_t cell, Trait trait, std::uint16_t new_label) const {
    return cell + (static_cast<std::uint32_t>(new_label) - label(cell, trait)) * strides[index_of(trait)];
  }
};
Cells cells_of(const Scenario& scenario);
/// Whether persons of a cell have one of the labels of every trait that `only` names.
bool is_among(const std::array<std::vector<std::uint16_t>, kTraits>& only, const Cells& cells, std::uint32_t cell);

/// Cumulative shares of one row as 31-bit thresholds; the branch of a draw is the number of thresholds it reaches.
class ShareTable {
 public:
  ShareTable() = default;
  /// `weights` row by row, each row `branches` long, adding up to 1.
  ShareTable(const std::vector<double>& weights, std::size_t branches);
  std::size_t branches() const { return branches_; }
  /// `word`: 32 uniform bits.
  const std::uint32_t* thresholds_of(std::size_t row) const { return thresholds_.data() + row * stride_; }
  std::uint32_t branch(std::size_t row, std::uint32_t word) const {
    return branch_among(thresholds_of(row), stride_, word);
  }
  /// Thresholds a row, a multiple of four.
  std::size_t stride() const { return stride_; }
  static std::uint32_t branch_among(const std::uint32_t* thresholds, std::size_t stride, std::uint32_t word) {
    const std::uint32_t draw = word >> 1;
    // Four at a time and no branch on the draw; unused thresholds are never reached.
    const auto reached = [draw](const std::uint32_t* four) {
      return (draw >= four[0] ? 1u : 0u) + (draw >= four[1] ? 1u : 0u) + (draw >= four[2] ? 1u : 0u) +
             (draw >= four[3] ? 1u : 0u);
    };
    if (stride == 0) return 0;
    std::uint32_t chosen = reached(thresholds);
    for (std::size_t k = kGroup; k < stride; k += kGroup) chosen += reached(thresholds + k);
    return chosen;
  }
  /// The share of a branch as drawn (thresholds rounded to 2^-31).
  double share(std::size_t row, std::size_t branch) const;

 private:
  static constexpr std::size_t kGroup = 4;
  std::size_t branches_ = 1;
  std::size_t stride_ = 0;
  std::vector<std::uint32_t> thresholds_;
};

/// What a timed state does, the same for all cells of a region that draw from the same law.
struct Clocks {
  sim::Distribution law = sim::Distribution::fixed(0);  ///< minutes
  double pretrial_credit = 0;
  double automatic_release = 1;
  double parole_retry = 0;  ///< minutes
  double joined_offence_factor = 1;
};
/// The numbers of one of a state's own events.
struct EventNumbers {
  struct Times {
    double time = 0;                                ///< minutes; Timing::at: a fraction
    double delays_parole = 0, loses_remission = 0;  ///< minutes
    bool operator==(const Times&) const = default;
  };
  std::vector<float> hazards;  ///< Timing::rate: a minute, by cell
  std::vector<Times> times;    ///< by region, or one for all
  /// `region_stride`: cells a region.
  const Times& times_of(std::size_t cell, std::size_t region_stride) const {
    return times.size() == 1 ? times[0] : times[cell / region_stride];
  }
  bool operator==(const EventNumbers&) const = default;
};

/// One of a state's own events as the event loop reads it.
struct EventView {
  const EventNumbers::Times* times = nullptr;  ///< by region, or one for all
  double time = 0;                             ///< the first of them
  sim::Purpose purpose = 0;                    ///< stable hash of the names of state and event
  StateIndex to = kNoState;                    ///< kNoState: people stay
  Timing timing = Timing::rate;
  bool while_waiting = false;
  bool one_time = true;
  std::uint8_t rate = 0;  ///< Timing::rate: how many of the state's events at a rate come before
};

/// The numbers of one state under one version and law.
struct StateTable {
  std::vector<std::uint16_t> targets;        ///< decision: state a branch
  ShareTable shares;                         ///< decision: row = cell
  ClockRows rows;                            ///< timed states: by cell
  std::vector<Clocks> clocks;                ///< timed states: by region, or one for all; with rows for classes, by use
  std::vector<std::uint16_t> clock_by_cell;  ///< the place in `clocks`, where a state has rows for classes
  std::vector<EventNumbers> events;          ///< timed states: as in State::events
  std::vector<EventView> event_views;        ///< as `events`

  std::size_t clock_number(std::size_t cell, std::size_t region_stride) const {
    if (!clock_by_cell.empty()) return clock_by_cell[cell];
    return clocks.size() == 1 ? 0 : cell / region_stride;
  }
  /// `region_stride`: cells a region.
  const Clocks& clock_of_cell(std::size_t cell, std::size_t region_stride) const {
    return clocks[clock_number(cell, region_stride)];
  }
};

/// Where the parts of a StateTable lie, for the event loop: one look-up instead of a chain of them.
struct alignas(64) TableView {
  TableView() = default;
  explicit TableView(const StateTable& table)
      : rows(table.rows.view()),
        clocks(table.clocks.data()),
        thresholds(table.shares.thresholds_of(0)),
        targets(table.targets.data()),
        clock_by_cell(table.clock_by_cell.empty() ? nullptr : table.clock_by_cell.data()),
        events(table.event_views.data()),
        stride(static_cast<std::uint32_t>(table.shares.stride())),
        target_count(static_cast<std::uint16_t>(table.targets.size())),
        one_clock(table.clocks.size() <= 1) {}

  const std::uint32_t* thresholds_of(std::size_t cell) const { return thresholds + cell * stride; }
  /// `region_stride`: cells a region.
  const Clocks& clock_of_cell(std::size_t cell, std::size_t region_stride) const {
    if (one_clock) return *clocks;  // the usual case: neither a division nor a look-up
    return clocks[clock_by_cell != nullptr ? clock_by_cell[cell] : cell / region_stride];
  }

  ClockRowsView rows;
  const Clocks* clocks = nullptr;
  const std::uint32_t* thresholds = nullptr;
  const std::uint16_t* targets = nullptr;
  const std::uint16_t* clock_by_cell = nullptr;  ///< where a state has rows for classes
  const EventView* events = nullptr;
  std::uint32_t stride = 0;  ///< thresholds a row
  std::uint16_t target_count = 0;
  bool one_clock = true;  ///< else one a region, or by cell
};

/// A trait of newcomers: a row for each combination of labels of the earlier traits.
struct MixTable {
  ShareTable shares;
};

/// Newcomers of one process on the days from `from` on.
struct ArrivalSegment {
  sim::Day from = 0;
  std::shared_ptr<const sim::PoissonTable> per_day;
  std::shared_ptr<const std::array<MixTable, kTraits>> mix;
};
struct ArrivalProcess {
  sim::Purpose name = 0;
  StateIndex to = kNoState;
  std::vector<ArrivalSegment> segments;  ///< ascending; the last one that began counts
};

/// Reoffending under one version and law.
struct ReoffendingTable {
  sim::Distribution time =
      sim::Distribution::fixed(0);  ///< minutes at risk, base hazard; never() is the never-returning share
  double same_offence = 1;
  ShareTable offence;  ///< row = region × sex (the traits before offence)
  /// Means behind a new case by cell, and of victims behind an offence; empty when the scenario does not count them.
  std::vector<double> offences_each, victims_each;
};

/// Facts of one of a state's own events.
struct EventFacts {
  Timing timing = Timing::rate;
  bool while_waiting = false;
  bool linked = false;       ///< a feedback link acts on its hazard
  StateIndex to = kNoState;  ///< kNoState: people stay
  sim::Purpose purpose = 0;  ///< stable hash of the names of state and event
};

/// Facts of a state that no policy changes, close together for the event loop.
struct alignas(32) StateFacts {
  Kind kind = Kind::delay;
  Clock clock = Clock::none;
  bool at_risk = false;
  bool pretrial = false;
  bool held = false;
  bool conviction = false;
  bool linked = false;               ///< a feedback link acts on what happens here
  bool paced = false;                ///< … on how long a stay takes
  std::uint8_t group = kNoFacility;  ///< facility group, kNoFacility = none
  std::uint8_t service = 0xff;       ///< service, 0xff = none; of those by region the first
  bool service_by_region = false;    ///< the person's region is added to it
  std::uint8_t visit_bit = 32;       ///< bit in Person::visited, 32 = cannot be visited twice in a case
  std::uint8_t change = 0xff;        ///< what persons become on entering: Model::change(), 0xff = they stay the same
  bool runs_while_waiting = false;   ///< a term runs while people wait for capacity
  OlderTerm older_term = OlderTerm::lapses;
  Control control = Control::none;  ///< over people there; of prisoners in a queue or a delay, custody
  std::uint8_t events = 0;          ///< how many events of its own the state has: Model::events() from first_event on
  std::uint8_t rate_events = 0;     ///< how many of them happen at a rate
  std::uint16_t first_event = 0;
  std::uint16_t first_rate = 0;  ///< the first of those at a rate among Model::rate_purposes()
  StateIndex on_completion = kNoState;
  StateIndex on_milestone = kNoState;
  StateIndex on_new_offence = kNoState;  ///< where a joined offence leads; none = a new case
  sim::Purpose purpose = 0;              ///< stable hash of the state's name

  /// Of Person::visited; 0 = cannot be visited twice in a case.
  std::uint32_t visit_mask() const { return static_cast<std::uint32_t>(std::uint64_t{1} << visit_bit); }
};
static_assert(sizeof(StateFacts) == 32);

/// The numbers of a feedback link.
struct LinkNumbers {
  std::vector<double> factors;  ///< one a point of the response
  double officers = 0;
};
/// Numbers that hold for everyone from one date on.
struct Version {
  sim::Day from = 0;
  std::uint8_t law = 0;                                ///< the law for cases that begin now
  std::vector<std::vector<const StateTable*>> states;  ///< [law][state]
  std::vector<TableView> views;                        ///< the same, [law * states + state]
  std::vector<const ReoffendingTable*> reoffending;    ///< [law]; empty when not declared
  std::vector<double> servers, per_day;                ///< by service; infinity = no limit
  std::vector<LinkNumbers> links;                      ///< by link that is on
  /// States whose clocks changed for people inside on this date (policies with applies_to = "inside").
  std::vector<StateIndex> revised;
};

class Model {
 public:
  /// Compiles `scenario` (which must outlive the model) with `values` for its parameters.
  Model(const Scenario& scenario, const Valuation& values);
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  const Scenario& scenario() const { return scenario_; }
  const Valuation& values() const { return values_; }
  const Cells& cells() const { return cells_; }
  std::size_t region_of(std::uint32_t cell) const { return cell / region_stride_; }
  std::size_t region_stride() const { return region_stride_; }
  const std::vector<StateFacts>& facts() const { return facts_; }
  /// The own events of all states, in the order of the states.
  const std::vector<EventFacts>& events() const { return events_; }
  /// The purposes of those at a rate, in the same order.
  const std::vector<sim::Purpose>& rate_purposes() const { return rate_purposes_; }
  /// Whether anything in the scenario asks for what models/course.hpp remembers of people.
  bool keeps_courses() const { return keeps_courses_; }
  /// By cell: the cell of those who entered a state that changes them (StateFacts::change).
  const std::vector<std::uint16_t>& change(std::size_t number) const { return changes_[number]; }
  const std::vector<Version>& versions() const { return versions_; }
  /// The feedback links that are switched on, whom they reach, and the greatest product of their factors at any time
  /// for a state and a group of classes.
  const std::vector<const FeedbackLink*>& links() const { return links_; }
  const LinkReach& reach() const { return reach_; }
  const LinkEffects& greatest(std::size_t state, std::size_t group) const {
    return greatest_[group * facts_.size() + state];
  }
  /// The same for the hazard of an own event.
  double greatest_of_event(std::size_t event, std::size_t group) const {
    return greatest_of_events_[group * events_.size() + event];
  }
  /// The place of a link's target among the own events.
  std::size_t event_of(const LinkTarget& target) const { return facts_[target.state].first_event + target.event; }
  const std::vector<ArrivalProcess>& arrivals() const { return arrivals_; }
  /// Where age bands end, in minutes of age; the last band has none.
  const std::vector<sim::Minute>& age_band_starts() const { return age_band_starts_; }
  sim::Day days() const { return days_; }

  /// Official places of a facility on a day, 0 before it opens and after it closes.
  double places(std::size_t facility, sim::Day day) const;
  /// Square metres of a facility on a day, 0 when the scenario does not say.
  double area(std::size_t facility, sim::Day day) const;
  /// Inhabitants on a day, 0 when the scenario has none.
  double inhabitants(sim::Day day) const;
  const UnitCosts& unit_costs() const { return unit_costs_; }

 private:
  class Compiler;
  const Scenario& scenario_;
  Valuation values_;
  Cells cells_;
  std::size_t region_stride_ = 1;
  sim::Day days_ = 0;
  std::vector<StateFacts> facts_;
  std::vector<EventFacts> events_;
  std::vector<sim::Purpose> rate_purposes_;
  bool keeps_courses_ = false;
  std::vector<std::vector<std::uint16_t>> changes_;
  std::vector<std::unique_ptr<const StateTable>> tables_;
  std::vector<std::unique_ptr<const ReoffendingTable>> reoffending_tables_;
  std::vector<const FeedbackLink*> links_;
  LinkReach reach_;
  std::vector<LinkEffects> greatest_;       ///< [group of classes][state]
  std::vector<double> greatest_of_events_;  ///< [group of classes][own event]
  std::vector<Version> versions_;
  std::vector<ArrivalProcess> arrivals_;
  std::vector<sim::Minute> age_band_starts_;
  std::vector<std::vector<std::pair<sim::Day, double>>> places_;  ///< by facility; by version date and series step
  std::vector<std::vector<std::pair<sim::Day, double>>> areas_;   ///< likewise; empty = not known
  std::vector<std::pair<sim::Day, double>> inhabitants_;
  UnitCosts unit_costs_;
};

/// The value of every parameter: central, or drawn for one replication when the scenario asks for it.
Valuation draw_values(const Scenario& scenario, sim::StreamKey key);

/// A scenario's parameters after its policies: one valuation a region for a date and a law.
/// `date` counts days since the start; policies for new cases count when they began on or before `law_date`.
std::vector<Valuation> values_on(const Scenario& scenario, const Valuation& base, sim::Day date, sim::Day law_date);

}  // namespace prisonflow::models
