// Interventions at midnight: what happens to many persons at once on one date.
//
// Amnesties, the closing of a facility, and policies that also reach those already inside. Each walks over the persons
// of one partition; all partitions do so side by side at the start of the day.
#pragma once

#include <memory>
#include <vector>

#include "models/movement.hpp"

namespace prisonflow::models {

/// How many persons of a partition an amnesty could release at `now`.
std::uint64_t count_eligible(const Model& model, const Amnesty& amnesty, const Partition& partition, sim::Minute now);

/// Releases each eligible person with chance `share`.
void grant_amnesty(const Amnesty& amnesty, double share, const Model& model, sim::StreamKey key, Mover& mover,
                   sim::Minute now);

/// Whom an emergency release lets out at `now`, if its facilities are too full: those with the least time left, by name
/// among equals; by partition, their slots.
std::vector<std::vector<sim::Slot>> chosen_for_release(const Model& model, const EmergencyRelease& release,
                                                       const std::vector<std::unique_ptr<Partition>>& partitions,
                                                       sim::Day day);
/// Lets them out, but for those who have left since, or have come from an overflow to where they belong.
void release_chosen(const std::vector<sim::Slot>& slots, const EmergencyRelease& release, const Model& model,
                    Mover& mover, sim::Minute now);

/// Everyone in `facility` asks for a place elsewhere.
void close_facility(std::uint8_t facility, Mover& mover, sim::Minute now);

/// Reckons the clocks of those already in `revised` states anew: from the tables of `before` to those of the mover's
/// version. Terms and remaining times are scaled by the ratio of the drawn laws at their median, hazards stretched.
/// People whom the change makes eligible for parole at once are heard within one retry interval, spread evenly.
void revise_clocks(const std::vector<StateIndex>& revised, const Model& model, const Version& before,
                   sim::StreamKey key, Mover& mover, sim::Minute now);

}  // namespace prisonflow::models
