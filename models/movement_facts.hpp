// What movement reads of a model, laid out by cell and state once for the event loop; and new records of persons.
#pragma once

#include <vector>

#include "models/model.hpp"
#include "models/person.hpp"

namespace prisonflow::models {

/// Marks a slot nobody uses.
inline constexpr std::uint8_t kFreeSlot = 0xff;

/// What does not change during a run and is derived from the model once for the event loop.
struct MovementFacts {
  std::size_t month_of(sim::Minute time) const { return month_of_day[static_cast<std::size_t>(sim::day_of(time))]; }

  explicit MovementFacts(const Model& model);
  static constexpr std::int64_t kNoBirthday = std::int64_t{1} << 40;  ///< after any birth beyond all time
  std::vector<sim::Minute> band_end;        ///< by cell: the age at which the band ends, kNever for the last
  std::vector<std::int64_t> birthday;       ///< by cell: the same for the event loop, kNoBirthday for the last
  std::vector<sim::Minute> band_start;      ///< by cell: the age at which the band starts
  sim::Minute oldest = 0;                   ///< the age at which the last band is taken to end for newcomers
  std::vector<std::uint8_t> prior_count;    ///< by prior label: convictions of newcomers with it
  std::vector<Cell> older;                  ///< by cell: the cell of the next age band
  std::vector<std::uint8_t> prior_label;    ///< by number of convictions, 256 long
  std::vector<std::uint16_t> month_of_day;  ///< by simulated day
  std::vector<std::uint8_t> priority;       ///< by state: rank in its service's queue
  std::vector<bool> waits;                  ///< by facility group: people wait when it is full
  std::vector<std::uint8_t> overflow;  ///< by facility group: where people are held when it is full, or kNoFacility
  /// [facility group][cell]: the facility, where there is no choice and it is given at once; kNoFacility = settled at
  /// night.
  std::vector<std::vector<std::uint8_t>> only_facility;
  StateIndex new_case = kNoState;
  StateIndex dead = kNoState;
  std::size_t region_stride = 1;    ///< cells a region
  std::size_t draws_to_settle = 0;  ///< how many draws entering a state takes at most
};

/// The service that a person of a cell waits for in a state that has one.
inline std::uint8_t service_of(const StateFacts& state, Cell cell, const MovementFacts& facts) {
  if (!state.service_by_region) [[likely]]
    return state.service;
  return static_cast<std::uint8_t>(state.service + cell / facts.region_stride);
}

/// Whether a facility takes persons of a cell.
bool admits(const Facility& facility, const Cells& cells, std::uint32_t cell);

/// A new record: a person of a class, nowhere yet. `place_in_band`: uniform, where in the age band. The age is reckoned
/// at `now`.
inline void make_person(const Model& model, const MovementFacts& facts, std::uint64_t name, Cell cell,
                        double place_in_band, sim::Minute now, Person& person) {
  const double youngest = static_cast<double>(facts.band_start[cell]);
  const double oldest = static_cast<double>(facts.band_end[cell] == sim::kNever ? facts.oldest : facts.band_end[cell]);
  const double age = youngest + (oldest - youngest) * place_in_band;
  person = Person{};
  person.name = name;
  person.pending = sim::kNever;
  person.last = now;
  person.state_end = sim::kNever;
  person.term_end = sim::kNever;
  person.milestone = sim::kNever;
  person.clock = now;
  person.birth = now - static_cast<sim::Minute>(age);
  person.death = sim::kNever;
  person.fuse = kFuseNotDrawn;
  person.cell = cell;
  person.state = kFreeSlot;
  person.priors = facts.prior_count[model.cells().label(cell, Trait::prior)];
  person.facility = kNoFacility;
  person.resume = kNoResume;
}

}  // namespace prisonflow::models
