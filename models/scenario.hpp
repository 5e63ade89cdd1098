// A scenario as the rest of the program sees it: resolved, validated, immutable.
//
// The structure (states, branches, traits, policies) is separate from the numbers. Every number that can move a
// result is a Parameter in one table, with its path ("states.prison.term.mean"), unit, source, grade and place in the
// text; structure refers to numbers by ParameterId. A *valuation* is one value for each parameter: policies, phase-ins
// and draws over uncertain inputs change valuations, never structure. So "what does this reform change?" is a
// comparison of two lists of numbers, and `describe` prints exactly what a run uses.
//
// Made by models/scenario_reader.hpp; nothing later in the program asks "is this valid?".
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/costs.hpp"
#include "models/parameters.hpp"
#include "sim/dates.hpp"

namespace prisonflow::models {

// ---------------------------------------------------------------------------------------------- classes of persons

/// The traits that make a person's class, in the order in which they are drawn for an arrival. A modifier of one
/// trait's mix may refer to earlier traits only.
///   risk       latent, moves reoffending           need      what the person needs: treatment, education …
///   assessed   the risk band an assessment found   programme what the person has taken part in
///   support    what the person has outside: work, housing, a mentor …
enum class Trait : std::uint8_t { region, sex, offence, age, prior, risk, need, assessed, programme, support };
inline constexpr std::size_t kTraits = 10;
inline constexpr std::array<std::string_view, kTraits> kTraitNames{
    "region", "sex", "offence", "age", "prior", "risk", "need", "assessed", "programme", "support"};
/// Traits from here on may change when a person enters a state (State::becomes).
inline constexpr std::size_t kFirstChangingTrait = 5;
constexpr std::size_t index_of(Trait trait) {
  return static_cast<std::size_t>(trait);
}

struct TraitClasses {
  std::vector<std::string> labels;         ///< machine names: "theft", "18-24"; one label "all" when not declared
  std::vector<std::string> descriptions;   ///< for people; same length, may be empty text
  std::vector<std::int32_t> lower_bounds;  ///< age: years; prior: convictions; ascending; empty for other traits
};
// Age bands: lower_bounds {14, 18, 25, 35, 45, 55} make labels "14-17", "18-24", …, "55+". Prior: {0, 1, 3} make "0",
// "1-2", "3+". A person's age in years inside the band is uniform; the last band is taken as `oldest` wide.

/// Multiplies a value for persons with one label of one trait. The factors of several traits multiply.
struct Modifier {
  Trait trait = Trait::sex;
  std::uint16_t label = 0;
  ParameterId factor = kNoParameter;
};

/// For whom a row is: persons with these labels (all must match). Of the rows that match, the one with most conditions
/// replaces the base; among equals the first.
using Conditions = std::vector<std::pair<Trait, std::uint16_t>>;

/// One row of a share table for a class of persons.
struct ShareRow {
  Conditions conditions;
  std::vector<ParameterId> shares;  ///< one a branch; kNoParameter = the rest
};
struct ShareModifier {
  Trait trait = Trait::sex;
  std::uint16_t label = 0;
  std::uint16_t branch = 0;
  ParameterId odds = kNoParameter;  ///< multiplies the weight of that branch, then the row is scaled to add up to 1
};
/// A row of shares over targets: state indices for a decision, label indices for a mix.
struct Shares {
  std::vector<std::uint16_t> targets;
  std::vector<ParameterId> base;  ///< one a target; kNoParameter at most once = the rest
  std::vector<ShareRow> rows;
  std::vector<ShareModifier> modifiers;
  bool declared() const { return !targets.empty(); }
};

// ---------------------------------------------------------------------------------------------- durations

enum class Family : std::uint8_t { fixed, exponential, uniform, weibull, lognormal, gamma, empirical };
/// A distribution of a duration. Parameters by family:
///   fixed        scale = the duration
///   exponential  scale = mean
///   uniform      scale = shortest, second = longest
///   weibull      scale, second = shape
///   lognormal    scale = mean (`median` false) or median (true), second = sigma (standard deviation of the logarithm)
///   gamma        scale = mean, second = shape
///   empirical    points (duration, cumulative share), straight lines between, from (0, 0) to share 1
/// `never` is the share that never ends (split distribution), kNoParameter = none.
struct LawSpec {
  Family family = Family::fixed;
  bool median = false;
  ParameterId scale = kNoParameter;
  ParameterId second = kNoParameter;
  ParameterId never = kNoParameter;
  std::vector<std::pair<ParameterId, ParameterId>> points;
  std::vector<Modifier> factors;  ///< multiply the duration
};
/// A law of their own for a class of persons.
struct LawRow {
  Conditions conditions;
  LawSpec law;  ///< without factors: those of the base multiply this one as well
};

/// A hazard a year with hazard ratios.
struct HazardSpec {
  ParameterId rate = kNoParameter;
  std::vector<Modifier> ratios;
  bool declared() const { return given(rate); }
};

/// A value that changes on dates. `linear`: straight lines between the points, flat outside; else steps that hold from
/// their date on (the first also before it). A plain number is one point.
struct Series {
  std::vector<std::pair<sim::Date, ParameterId>> points;
  bool linear = false;
  bool declared() const { return !points.empty(); }
};

// ---------------------------------------------------------------------------------------------- states

using StateIndex = std::uint16_t;
inline constexpr StateIndex kNoState = 0xffff;

enum class Kind : std::uint8_t { decision, delay, service, custody, supervision, liberty, exit };
inline constexpr std::array<std::string_view, 7> kKindNames{"decision",    "delay",   "service", "custody",
                                                            "supervision", "liberty", "exit"};
/// Control rank of a state, from the least to the most (DESIGN.md section 6, net-widening).
enum class Control : std::uint8_t { none, conditional, financial, supervised, intensive, custody };
inline constexpr std::array<std::string_view, 6> kControlNames{"none",       "conditional", "financial",
                                                               "supervised", "intensive",   "custody"};

/// How long a person stays: what sets the completion of a timed state.
enum class Clock : std::uint8_t {
  none,       ///< no completion (liberty without `leaving`, custody for life)
  duration,   ///< drawn on entry from `law`; runs again on every entry
  term,       ///< a sentence drawn on entry from `law`, pretrial credit taken off; kept while the person comes back
              ///< to the same state from its own milestone (refused parole, a warning after a breach)
  remainder,  ///< what was unserved of the term when supervised release began (recall); supervision: to the term's end
  proceed,    ///< the running term goes on unchanged (moves between regimes); written `term = "continue"`
};

/// When an event of a state happens.
enum class Timing : std::uint8_t {
  rate,            ///< at a constant hazard
  after,           ///< so long after the stay began, and again after as long
  at,              ///< when a fraction of the term has passed
  after_pretrial,  ///< when so much pretrial detention has been served in the case
};
inline constexpr std::array<std::string_view, 4> kTimingNames{"rate", "after", "at", "after_pretrial"};

/// What may happen to people in a state beside its completion: a review, an absence, misconduct, an early end.
struct StateEvent {
  std::string name;
  std::string label;
  Location where;
  Timing timing = Timing::rate;
  HazardSpec hazard;                ///< rate
  ParameterId time = kNoParameter;  ///< after, after_pretrial: a duration; at: a share
  StateIndex to = kNoState;         ///< kNoState: people stay where they are. Who comes back from there goes on
  bool while_waiting = false;       ///< only while people wait for capacity; else only once they have it
  ParameterId delays_parole = kNoParameter;    ///< custody: by how long the next hearing moves
  ParameterId loses_remission = kNoParameter;  ///< custody: by how long release moves, to the end of the term at most
};

/// What becomes of the unserved rest of an older term when a new one is imposed.
enum class OlderTerm : std::uint8_t { lapses, concurrent, consecutive };
inline constexpr std::array<std::string_view, 3> kOlderTermNames{"lapses", "concurrent", "consecutive"};

struct State {
  std::string name;
  std::string label;  ///< for people
  Location where;
  Kind kind = Kind::delay;
  Control control = Control::none;
  bool pretrial = false;    ///< custody before sentence (SDG 16.3.2: unsentenced); time here earns pretrial credit
  bool held = false;        ///< the person is a prisoner here (kind custody, or a delay or service with a facility)
  bool conviction = false;  ///< entering counts as a conviction: prior convictions grow by one
  Clock clock = Clock::none;
  LawSpec law;
  std::vector<LawRow> law_for;  ///< in the place of `law` for some persons
  /// What persons become on entering: labels of traits that change with what happens to them.
  std::vector<std::pair<Trait, std::uint16_t>> becomes;

  Shares shares;  ///< decision: branches

  StateIndex on_completion = kNoState;  ///< every timed state: where its completion leads
  StateIndex on_milestone = kNoState;   ///< custody: at parole eligibility; supervision: on breach
  std::vector<StateEvent> events;
  StateIndex on_new_offence = kNoState;  ///< where a new offence, joined to the case, leads; none = a new case

  // custody
  ParameterId pretrial_credit = kNoParameter;     ///< days taken off a term a day of pretrial detention
  ParameterId automatic_release = kNoParameter;   ///< fraction of the term at which release is by law; none = 1
  ParameterId parole_eligibility = kNoParameter;  ///< fraction of the term after which parole may be granted
  std::vector<Modifier> parole_eligibility_by;    ///< factors on that fraction
  ParameterId parole_retry = kNoParameter;        ///< duration until the next hearing after a refusal
  std::string facilities;                         ///< name of a facility group, empty = none
  OlderTerm older_term = OlderTerm::lapses;
  ParameterId joined_offence_factor = kNoParameter;  ///< on the drawn term, for each offence joined to the case

  // supervision
  HazardSpec breach;

  // service; custody and supervision: a term runs while people wait
  std::string service;  ///< name of a service, empty = none

  // liberty: Clock::none with `leaving` uses an exponential time to leave
  HazardSpec leaving;

  // supervision and liberty, and any state with reoffending_ratio declared
  bool at_risk = false;                          ///< the reoffending fuse burns here
  ParameterId reoffending_ratio = kNoParameter;  ///< hazard ratio while in this state; none = 1
  std::vector<Modifier> reoffending_ratio_by;
  ParameterId mortality_ratio = kNoParameter;  ///< hazard ratio of death while in this state; none = 1
};

// ---------------------------------------------------------------------------------------------- the rest

struct Reoffending {
  bool declared = false;
  StateIndex to = kNoState;  ///< where a new case starts
  LawSpec time;  ///< base distribution of the time at risk until reoffending (never = share that never does)
  std::vector<Modifier> ratios;  ///< hazard ratios by trait (time.factors stays empty)
  ParameterId same_offence =
      kNoParameter;    ///< share whose new offence is of the same class; else drawn from the mix below
  Shares offence_mix;  ///< offences of those who switch
  // What stands behind a new case, counted only; by the class of the new case.
  ParameterId offences_each = kNoParameter;  ///< mean number of offences, at least 1; none = not counted
  std::vector<Modifier> offences_each_by;
  ParameterId victims_each = kNoParameter;  ///< mean number of victims an offence; none = not counted
  std::vector<Modifier> victims_each_by;
};

struct Mortality {
  bool declared = false;
  HazardSpec hazard;
  StateIndex to = kNoState;
};

struct Arrivals {
  std::string name;
  Location where;
  StateIndex to = kNoState;
  Series rate;                      ///< persons a year
  std::array<Shares, kTraits> mix;  ///< targets are label indices; not declared = first label only
};

struct InitialStock {
  StateIndex state = kNoState;
  Location where;
  ParameterId persons = kNoParameter;  ///< kNoParameter = the stationary law gives the number
  std::array<Shares, kTraits> mix;     ///< not declared = as in the stationary law for this state
  bool fresh = false;                  ///< all have just entered; else length-biased residual times
};

enum class WhenFull : std::uint8_t { crowd, wait, overflow };
struct FacilityGroup {
  std::string name;
  WhenFull when_full = WhenFull::crowd;
  std::uint16_t overflow = 0;  ///< the group in which people are held meanwhile
};
struct Facility {
  std::string name;
  std::string label;
  Location where;
  std::uint16_t group = 0;
  Series places;                                         ///< official places
  Series area;                                           ///< for prisoners to live in; may be missing
  std::array<std::vector<std::uint16_t>, kTraits> only;  ///< labels admitted; empty = all
  sim::Date opens{};                                     ///< default: before the start
  std::optional<sim::Date> closes;                       ///< people inside are moved that day
};

/// A service whose capacity is by region is one of these for each region, in the order of the labels: people queue in
/// their own region.
struct Service {
  std::string name;          ///< in results: "courts", or "courts_north"
  std::string common_name;   ///< by region: what states and links call all of them, "courts"; else empty
  std::uint16_t region = 0;  ///< by region: whose people it serves
  std::string label;
  Location where;
  ParameterId servers = kNoParameter;  ///< cases handled at once; exactly one of the two, neither = unlimited
  ParameterId per_day = kNoParameter;  ///< cases begun a day (throughput)
  std::vector<StateIndex> priority;    ///< states served first, in this order; all others after them, first come first

  bool by_region() const { return !common_name.empty(); }
  /// What states and links call it.
  const std::string& called() const { return by_region() ? common_name : name; }
  bool limited() const { return given(servers) || given(per_day); }
};

/// How full, how far behind, how loaded: what a feedback link reads every night.
///   occupancy  prisoners of a facility group, per cent of its places
///   backlog    persons waiting for a service, for each server (or for each case a day)
///   caseload   persons in some states, for each officer
/// and, for a person who is released,
///   time_served  months inside before
enum class Ratio : std::uint8_t { occupancy, backlog, caseload, time_served };
inline constexpr std::array<std::string_view, 4> kRatioNames{"occupancy", "backlog", "caseload", "time_served"};
/// What a feedback link multiplies: hazards of reoffending, of death, of breach; durations and terms; odds of a branch;
/// the capacity of a service; the hazard of one of a state's own events.
enum class Effect : std::uint8_t { reoffending, death, breach, duration, odds, capacity, event };
struct LinkTarget {
  Effect effect = Effect::reoffending;
  StateIndex state = kNoState;   ///< kNoState = every state
  StateIndex branch = kNoState;  ///< odds: the state the branch leads to
  std::uint16_t service = 0;     ///< capacity: the service (the first of those by region)
  std::uint8_t event = 0xff;     ///< event: place in State::events
  bool operator==(const LinkTarget&) const = default;
};
struct FeedbackLink {
  std::string name;
  std::string label;
  Location where;
  bool enabled = true;
  bool lived_through = false;  ///< occupancy: the mean of the time inside, for the time at risk after a release
  Ratio ratio = Ratio::occupancy;
  std::uint16_t source = 0;             ///< facility group or service (the first of those by region)
  std::vector<StateIndex> states;       ///< caseload: whose stock is counted
  ParameterId officers = kNoParameter;  ///< caseload
  /// Factor at a ratio, ascending; straight lines between, level beyond.
  std::vector<std::pair<std::int32_t, ParameterId>> response;
  std::vector<LinkTarget> targets;
  std::array<std::vector<std::uint16_t>, kTraits> only;  ///< whose numbers it moves; empty = everybody's

  /// Whether it moves a person for the rest of the case when they are released, not everybody day by day.
  bool marks_released() const { return lived_through || ratio == Ratio::time_served; }
};

enum class Operation : std::uint8_t { set, scale, shift };
struct Change {
  Operation operation = Operation::set;
  std::vector<ParameterId> targets;
  ParameterId value = kNoParameter;  ///< itself a parameter, so it carries a source
};
struct Policy {
  std::string name;
  std::string label;
  std::string package_part;  ///< the law it belongs to (models/package_split.hpp); empty = it is one by itself
  Location where;
  sim::Date from{};
  std::optional<sim::Date> until;    ///< the change ends on this date
  std::int32_t phase_in_months = 0;  ///< grows in equal monthly steps to its full size
  bool everyone = true;              ///< false: cases that begin on or after `from` only
  bool inside = false;  ///< also people already in a state whose clocks it changes: terms, parole dates and
                        ///< hazards of those inside are revised on the date
  std::vector<std::uint16_t> regions;  ///< empty = all
  std::vector<Change> changes;
};

/// A release on one date: amnesty, pardon, emergency release.
struct Amnesty {
  std::string name;
  std::string label;
  std::string package_part;  ///< as for a policy
  Location where;
  sim::Date on{};
  std::vector<StateIndex> from;
  StateIndex to = kNoState;
  ParameterId share = kNoParameter;              ///< chance of an eligible person to be released …
  ParameterId persons = kNoParameter;            ///< … or how many are to be released (spread evenly by chance)
  ParameterId longest_remaining = kNoParameter;  ///< duration; only people with no more than this left
  std::array<std::vector<std::uint16_t>, kTraits> only;  ///< eligible labels; empty = all
};

/// A release whenever a facility group is too full: those with the least time left go first.
struct EmergencyRelease {
  Amnesty terms;                       ///< name, from, to, who is eligible; no date, share or number
  std::uint16_t group = 0;             ///< whose occupancy is watched every night
  ParameterId above = kNoParameter;    ///< per cent of the places above which it happens
  ParameterId down_to = kNoParameter;  ///< per cent to which the number is brought
};

/// A published series to set beside the simulated one.
struct Observed {
  std::string name;     ///< "prison_population"
  Location where;       ///< of the measure
  std::string measure;  ///< a measure without further dimensions (but the region, which is summed over)
  std::string label;
  std::string unit;
  std::optional<std::pair<int, int>> fitted_years;  ///< inclusive: the years the scenario was fitted to
  std::optional<std::pair<int, int>> judged_years;  ///< inclusive: the years that judge it
  struct Point {
    sim::Date date{};
    double value = 0;
    std::string source;
    std::string note;
  };
  std::vector<Point> points;
};

/// A measure the scenario asks for beside the built-in ones.
struct MeasureRequest {
  std::string name;
  std::string label;
  Location where;
  std::string quantity;            ///< "stock", "entries", "person_years"
  std::vector<StateIndex> states;  ///< empty = all
  std::vector<std::string> by;     ///< "state" and trait names
};

struct SourceFile {
  std::string path;  ///< relative to the scenario's folder
  std::string text;
};

struct Scenario {
  std::string name, title, description;
  std::string country;       ///< ISO 3166 code or empty
  sim::Date start{}, end{};  ///< first simulated day; end is exclusive
  std::uint64_t seed = 1;
  std::uint32_t replications = 1;
  bool draw_parameters = false;  ///< uncertain parameters are drawn once a replication; else their central value

  std::vector<SourceFile> files;  ///< scenario texts and tables, in reading order (files[0] is the one asked for)
  std::vector<Parameter> parameters;
  NumberRules rules;

  std::array<TraitClasses, kTraits> traits;
  std::int32_t oldest_age = 0;  ///< years: the upper end of the last age band for newcomers; 0 without bands
  std::vector<State> states;
  std::vector<Arrivals> arrivals;
  std::vector<InitialStock> initial;
  bool initial_stationary = false;  ///< every state without a row above starts with its stationary number
  Reoffending reoffending;
  Mortality mortality;
  std::vector<FacilityGroup> groups;
  std::vector<Facility> facilities;
  std::vector<Service> services;
  std::vector<FeedbackLink> feedback;
  std::vector<Policy> policies;  ///< ordered by date, then by place in the text
  std::vector<Amnesty> amnesties;
  std::vector<EmergencyRelease> emergency_releases;
  std::vector<Observed> observed;
  std::vector<MeasureRequest> measures;
  Series population;  ///< inhabitants, for rates per 100,000; count
  Costs costs;

  StateIndex find_state(std::string_view name) const;
  /// One past the last of the services that are called like `first`: those by region stand together.
  std::size_t end_of_service(std::size_t first) const;
  const Parameter& parameter(ParameterId id) const { return parameters[index_of(id)]; }
  double central(ParameterId id) const { return parameters[index_of(id)].value; }
};

}  // namespace prisonflow::models
