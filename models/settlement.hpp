// Settlement: at the end of each day, requests for places and services are answered in one fixed order.
//
// Requests of all partitions for one thing are put in the order (priority, time, name), which does not depend on the
// partitions. What became free during the day is given from the earliest on, so that a stay can begin in the course of
// the day, when both the person and the capacity were there: with one priority this is exactly the
// first-come-first-served queue with many servers (Kiefer and Wolfowitz, Transactions of the AMS 78, 1955), but for
// services shorter than the day, which end at midnight. Yesterday's answers are carried out by the partitions at the
// start of the next day.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "models/feedback.hpp"
#include "models/movement.hpp"
#include "models/partition.hpp"

namespace prisonflow::models {

using Partitions = std::vector<std::unique_ptr<Partition>>;

class Settlement {
 public:
  Settlement(const Model& model, const MovementFacts& facts);

  /// Answers the requests of `day` (and those still waiting) into the partitions' grants. `feedback`: as it was during
  /// that day.
  void settle(sim::Day day, const Version& version, const Feedback& feedback, Partitions& partitions);

  /// Persons who still wait in a queue, or whose stay is to begin in the morning: all who wait, if nobody is lost.
  std::size_t persons_waiting(const Partitions& partitions) const;
  /// Entries in all queues, people who left while waiting included until their turn comes.
  std::size_t waiting() const;
  std::size_t bytes() const;

 private:
  /// Those who ask for one thing with one priority: first come first, today's behind.
  struct Line {
    std::deque<Request> waiting;
    std::vector<Request> today;
  };
  using Queue = std::vector<Line>;  ///< by priority

  void collect(sim::Day day, Partitions& partitions);
  /// `factor`: what feedback makes of the service's capacity.
  void settle_service(std::uint8_t service, sim::Day day, const Version& version, double factor,
                      Partitions& partitions);
  void settle_places(sim::Day day, Partitions& partitions);
  /// Free places go to those who are held in the other group, longest there first, then to the newcomers of the day.
  /// Who finds none is held in the other group.
  void settle_overflow(std::size_t group, sim::Minute midnight, Partitions& partitions);
  /// The admissible facility of a group with the lowest occupancy, kNoFacility when none may be used.
  std::uint8_t choose_facility(const Request& request, std::size_t group, bool only_with_free_place) const;
  void give_place(const Request& request, std::uint8_t facility, bool begins, sim::Minute start,
                  Partitions& partitions);
  static bool still_waits(const Request& request, const Partitions& partitions);
  /// Whether someone still is where they were when they last asked for a place of a group that overflows.
  bool still_asks(const Request& request, std::size_t group, const Partitions& partitions) const;

  const Model& model_;
  const MovementFacts& facts_;
  std::vector<Queue> service_queues_;            ///< by service
  std::vector<Line> place_queues_;               ///< by facility group; of one that overflows, those held elsewhere
  std::vector<std::vector<sim::Minute>> freed_;  ///< by service, this day
  std::vector<Request> requests_scratch_;
  std::vector<sim::Minute> times_scratch_;
  std::vector<std::int64_t> busy_;            ///< by service: persons being served
  std::vector<double> allowance_;             ///< by service: cases that may still begin today
  std::vector<std::vector<bool>> admits_;     ///< [facility][cell]
  std::vector<std::uint8_t> group_of_;        ///< by facility
  std::vector<std::int64_t> stock_, places_;  ///< by facility, this day
};

}  // namespace prisonflow::models
