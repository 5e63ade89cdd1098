// What is counted while persons move: whole numbers only, so that partitions add up to the same total in any order.
//
// Person-time needs no look at anyone who stays: who enters a state at t is credited with the rest of the month, who
// leaves gives the rest back; at the month's end the stock carries over.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "models/person.hpp"
#include "sim/population.hpp"

namespace prisonflow::models {

struct CellTally {
  std::int32_t stock = 0;
  std::int32_t entries = 0;
  std::int64_t minutes = 0;
};

struct FacilityTally {
  std::int32_t stock = 0;
  std::int64_t minutes = 0;
};

struct ServiceTally {
  std::int32_t waiting = 0;         ///< in the queue now
  std::int32_t begun = 0;           ///< stays begun this month
  std::int64_t waited_minutes = 0;  ///< … and how long those persons had waited
};

/// How often each event of the calendar happened in a state this month. Under supervision a completion is the end of
/// the measure, a milestone its breach.
struct EventTally {
  std::array<std::int32_t, kEventKinds> counts{};
  std::int32_t& operator[](Event event) { return counts[static_cast<std::size_t>(event)]; }
  std::int32_t operator[](Event event) const { return counts[static_cast<std::size_t>(event)]; }
};

/// Releases of one month and how many of those released reoffended within one, two and three years.
struct ReleaseCohort {
  std::int32_t released = 0;
  std::int32_t reoffended[3] = {0, 0, 0};
  /// One of those released reoffended so long after.
  void count_reoffending(sim::Minute after) {
    constexpr double kYear = sim::kDaysPerYear * sim::kMinutesPerDay;
    for (int years = 1; years <= 3; ++years) {
      if (static_cast<double>(after) <= kYear * years) ++reoffended[years - 1];
    }
  }
  void add(const ReleaseCohort& other) {
    released += other.released;
    for (int years = 0; years < 3; ++years) reoffended[years] += other.reoffended[years];
  }
};

/// Days spent in pretrial detention, by whole day; the last bin is "or longer".
inline constexpr std::size_t kPretrialBins = 4096;

struct Tallies {
  Tallies(std::size_t states, std::size_t cells, std::size_t facility_count, std::size_t service_count,
          std::size_t months, std::size_t events_of_states)
      : cell_count(cells),
        by_cell(states * cells),
        stocks(states),
        facilities(facility_count),
        services(service_count),
        by_event(states),
        revocations(states),
        deaths_by_cell(cells),
        happenings(events_of_states),
        new_cases(cells),
        cohorts(months),
        pretrial_days(kPretrialBins) {}

  /// `entries`: 0 when coming back does not count as entering.
  void enter(std::size_t state, Cell cell, sim::Minute now, std::int32_t entries = 0) {
    CellTally& tally = by_cell[state * cell_count + cell];
    ++tally.stock;
    ++stocks[state];
    tally.entries += entries;
    tally.minutes += month_end - now;
  }
  void leave(std::size_t state, Cell cell, sim::Minute now) {
    CellTally& tally = by_cell[state * cell_count + cell];
    --tally.stock;
    --stocks[state];
    tally.minutes -= month_end - now;
  }
  [[gnu::always_inline]] void prefetch(std::size_t state, Cell cell) const {
    sim::prefetch(&by_cell[state * cell_count + cell]);
  }
  void count_entry(std::size_t state, Cell cell) { ++by_cell[state * cell_count + cell].entries; }
  void enter_facility(std::uint8_t facility, sim::Minute now) {
    ++facilities[facility].stock;
    facilities[facility].minutes += month_end - now;
  }
  void leave_facility(std::uint8_t facility, sim::Minute now) {
    --facilities[facility].stock;
    facilities[facility].minutes -= month_end - now;
  }

  /// Someone comes into prison or leaves it, whatever states people are held in.
  void pass_prison_door(bool enters, bool dies, Cell cell) {
    if (enters) {
      ++admissions;
      return;
    }
    ++(dies ? deaths_in_custody : releases);
    if (dies) ++deaths_by_cell[cell];
  }
  /// A pretrial detention of so many minutes is over.
  void end_pretrial(sim::Minute minutes) {
    ++pretrial_ended;
    pretrial_minutes += minutes;
    ++pretrial_days[std::min(static_cast<std::size_t>(minutes / sim::kMinutesPerDay), kPretrialBins - 1)];
  }

  /// The smallest number of whole days that at least `share` of the detentions did not exceed; NaN without any.
  double pretrial_quantile(double share) const;

  /// Forgets the month (not its cohorts and running totals).
  void clear_month() {
    std::fill(by_cell.begin(), by_cell.end(), CellTally{});
    std::fill(facilities.begin(), facilities.end(), FacilityTally{});
    std::fill(services.begin(), services.end(), ServiceTally{});
    std::fill(by_event.begin(), by_event.end(), EventTally{});
    std::fill(revocations.begin(), revocations.end(), 0);
    std::fill(deaths_by_cell.begin(), deaths_by_cell.end(), 0);
    std::fill(happenings.begin(), happenings.end(), 0);
    std::fill(pretrial_days.begin(), pretrial_days.end(), 0);
    pretrial_minutes = 0;
    pretrial_ended = admissions = releases = deaths_in_custody = 0;
  }

  /// Adds what another partition counted this month (not its cohorts and running totals).
  void add_month(const Tallies& other) {
    for (std::size_t index = 0; index < by_cell.size(); ++index) {
      by_cell[index].stock += other.by_cell[index].stock;
      by_cell[index].entries += other.by_cell[index].entries;
      by_cell[index].minutes += other.by_cell[index].minutes;
    }
    for (std::size_t index = 0; index < facilities.size(); ++index) {
      facilities[index].stock += other.facilities[index].stock;
      facilities[index].minutes += other.facilities[index].minutes;
    }
    for (std::size_t index = 0; index < services.size(); ++index) {
      services[index].waiting += other.services[index].waiting;
      services[index].begun += other.services[index].begun;
      services[index].waited_minutes += other.services[index].waited_minutes;
    }
    for (std::size_t state = 0; state < by_event.size(); ++state) {
      for (std::size_t event = 0; event < kEventKinds; ++event) {
        by_event[state].counts[event] += other.by_event[state].counts[event];
      }
      revocations[state] += other.revocations[state];
    }
    for (std::size_t cell = 0; cell < deaths_by_cell.size(); ++cell) deaths_by_cell[cell] += other.deaths_by_cell[cell];
    for (std::size_t event = 0; event < happenings.size(); ++event) happenings[event] += other.happenings[event];
    for (std::size_t day = 0; day < pretrial_days.size(); ++day) pretrial_days[day] += other.pretrial_days[day];
    pretrial_minutes += other.pretrial_minutes;
    pretrial_ended += other.pretrial_ended;
    admissions += other.admissions;
    releases += other.releases;
    deaths_in_custody += other.deaths_in_custody;
  }

  std::size_t cell_count;
  sim::Minute month_end = 0;
  std::size_t month = 0;
  std::vector<CellTally> by_cell;    ///< [state][cell]
  std::vector<std::int32_t> stocks;  ///< by state: of all cells
  std::vector<FacilityTally> facilities;
  std::vector<ServiceTally> services;
  std::vector<EventTally> by_event;          ///< by state
  std::vector<std::int32_t> revocations;     ///< of supervision in each state, this month
  std::vector<std::int32_t> deaths_by_cell;  ///< in custody, this month
  std::vector<std::int32_t> happenings;      ///< of each of the states' own events, this month
  std::vector<std::int32_t> new_cases;       ///< by reoffending; by class of the new case, since they were last taken
  std::vector<ReleaseCohort> cohorts;        ///< by month of release
  std::vector<std::int32_t> pretrial_days;
  std::int64_t pretrial_minutes = 0;  ///< of the detentions that ended this month
  std::int32_t pretrial_ended = 0;

  std::int32_t admissions = 0;         ///< into prison, from outside, this month
  std::int32_t releases = 0;           ///< out of prison alive, this month
  std::int32_t deaths_in_custody = 0;  ///< this month

  std::uint64_t created = 0;  ///< persons who ever entered
  std::uint64_t exited = 0;   ///< persons who left by an exit
  std::uint64_t events = 0;   ///< arrivals, events of the calendar, and stays that began after waiting
};

}  // namespace prisonflow::models
