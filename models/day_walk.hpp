// A partition's day: everyone to whom something happens walks from state to state, all of them one stage at a time.
//
// Persons do not meet within a day, so their order there cannot matter (models/movement.hpp). That freedom is spent on
// doing one thing to many persons before the next: all set out, all walk through their next decision, all settle. The
// draws of a stage are then made at once, persons that go to the same state stand together, so that the processor
// guesses their branches and finds their tables near, and what a person will read is fetched some persons ahead. A day
// is taken from the calendar and goes through the stages in pieces: persons, what a stage leaves for the next, and the
// instructions of all of them are then still in the caches, and the pages still known, which all that a whole day
// touches would push out.
#pragma once

#include "models/movement.hpp"

namespace prisonflow::models {

/// How many go through the stages together; the last piece of a day may be half as long again. Fewer would have the
/// processor guess more often what the next state is. No result depends on it.
inline constexpr std::size_t kWalkersOfPiece = 192;

class DayWalk {
 public:
  explicit DayWalk(Mover& mover) : mover_(mover), people_(mover.partition().people), rolls_(mover.partition().rolls) {}

  /// Capacity given last night: places are taken, stays that waited begin.
  void carry_out_grants(sim::Minute midnight);
  /// Of the newcomers of a day, `count` in all by `process`, those who belong to this partition appear, and walk.
  void let_in_newcomers(const Model& model, const ArrivalProcess& process, const ArrivalSegment& segment,
                        std::uint32_t count, sim::Day day, std::uint8_t law, std::uint32_t partitions);
  /// Carries out all events of the day.
  void run(sim::Day day);

 private:
  class Router;
  /// Those due set out and walk until they have settled, and with them newcomers that have not walked yet.
  void walk();
  Router set_out();
  /// Everyone walks through decisions until they stand before a state that takes time, or an exit.
  void decide(Router& router);
  void settle();
  /// Puts walkers in the order of their groups, which are below `groups`.
  void put_in_order(const Roll<Walker>& walkers, std::size_t groups, Roll<Walker>& into);
  const sim::Draws* draw_all(const Roll<sim::DrawName>& names);

  Mover& mover_;
  sim::Population<Person>& people_;
  WalkerRolls& rolls_;
};

}  // namespace prisonflow::models
