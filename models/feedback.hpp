// Feedback: how full, how far behind and how loaded the system was last night moves the numbers of today.
//
// A link reads one ratio (occupancy of a facility group, backlog of a service, caseload of a measure), puts it through
// its response curve and multiplies what it acts on by the factor that comes out. Hazards that vary so from day to day
// are thinned (models/thinning.hpp). Durations take the factor of the day they begin, odds that of the day they are
// drawn, services that of the day for which capacity is given out.
#pragma once

#include <bit>
#include <memory>
#include <vector>

#include "models/model.hpp"
#include "models/partition.hpp"

namespace prisonflow::models {

class Feedback {
 public:
  explicit Feedback(const Model& model);
  Feedback(const Feedback&) = delete;
  Feedback& operator=(const Feedback&) = delete;
  /// Whether the scenario has links that are switched on.
  bool any() const { return !model_.links().empty(); }

  /// Reads the ratios of the night after `day` and sets the factors of the next.
  void publish(sim::Day day, const Version& version, const std::vector<std::unique_ptr<Partition>>& partitions);
  /// The mean over the nights since the last call of what each link read; without those in which nothing had any
  /// capacity, missing without others. A link that reads each person's own time has none.
  std::vector<double> take_mean_ratios();

  /// Today's factors of a state for a class of persons, and the greatest they can be.
  const LinkEffects& today(std::size_t state, std::size_t cell) const {
    return today_[model_.reach().group_of(cell) * states_ + state];
  }
  const LinkEffects& greatest(std::size_t state, std::size_t cell) const {
    return model_.greatest(state, model_.reach().group_of(cell));
  }
  /// Whether nothing can hold back today what is pending in a linked state: no need to ask models/thinning.hpp.
  bool surely_happens(std::size_t state, Event event) const {
    return surely_happens_[state * kEventRoom + static_cast<std::size_t>(event)] != 0;
  }
  /// Today's factor on the hazard of an own event (Model::events()), and the greatest it can be.
  double event_today(std::size_t event, std::size_t cell) const {
    return events_today_[model_.reach().group_of(cell) * model_.events().size() + event];
  }
  double event_greatest(std::size_t event, std::size_t cell) const {
    return model_.greatest_of_event(event, model_.reach().group_of(cell));
  }
  /// Whether what people lived through inside moves them after their release.
  bool marks_released() const { return !marks_.empty(); }
  /// The factor on the hazard of reoffending of someone released at `now` who was inside from the day `since` on.
  double factor_of_release(const Version& version, std::size_t cell, sim::Day since, sim::Minute now) const;
  /// Today's factor on the capacity of a service.
  double capacity(std::size_t service) const { return capacity_[service]; }
  /// The branch of a decision with links, for 32 uniform bits: the row's shares times the factors of their branches,
  /// scaled to one. As without links while all factors are 1.
  std::uint32_t branch(std::size_t decision, const TableView& table, std::size_t cell, std::uint32_t word) const;

 private:
  double ratio_of(const FeedbackLink& link, const LinkNumbers& numbers, sim::Day day, const Version& version,
                  const std::vector<std::unique_ptr<Partition>>& partitions);
  /// The same, noted down for the measures.
  double read(std::size_t number, sim::Day day, const Version& version,
              const std::vector<std::unique_ptr<Partition>>& partitions);

  /// Finds all that a link acts on, once.
  std::vector<double*> moved_by(std::size_t number);
  /// After the factors of today are set.
  void note_what_happens_surely();

  const Model& model_;
  std::size_t states_;
  static constexpr std::size_t kEventRoom = std::bit_ceil(kEventKinds);
  std::vector<LinkEffects> today_;            ///< [group of classes][state]
  std::vector<std::vector<double>> odds_;     ///< likewise: of a decision with links a factor a branch; else empty
  std::vector<double> events_today_;          ///< [group of classes][own event]
  std::vector<double> capacity_;              ///< by service
  std::vector<std::uint8_t> surely_happens_;  ///< [state][kind of event]
  std::vector<std::vector<double*>> moved_;   ///< by link: those of the factors above that it acts on
  /// A link that moves people when they are released, and the sums of its ratio over the mornings before day 0, 1, 2 …
  struct Mark {
    std::size_t link = 0;
    std::vector<double> sums;
  };
  std::vector<Mark> marks_;
  /// By link: the sum of what was read, and over how many nights.
  struct Read {
    double sum = 0;
    std::int32_t nights = 0;
  };
  std::vector<Read> read_;
};

/// The factor at a ratio: straight lines between the points, level beyond.
double response_at(const FeedbackLink& link, const LinkNumbers& numbers, double ratio);

}  // namespace prisonflow::models
