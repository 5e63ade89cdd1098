// See the header.
#include "models/feedback.hpp"

#include <algorithm>
#include <limits>

namespace prisonflow::models {

double response_at(const FeedbackLink& link, const LinkNumbers& numbers, double ratio) {
  const auto& points = link.response;
  // Counted, since a curve has few points and a search would be a guess for each.
  std::size_t at = 0;
  for (const auto& point : points) at += ratio >= point.first ? 1 : 0;
  if (at == 0) return numbers.factors.front();
  if (at == points.size()) return numbers.factors.back();
  const double low = points[at - 1].first;
  const double part = (ratio - low) / (points[at].first - low);
  return numbers.factors[at - 1] + part * (numbers.factors[at] - numbers.factors[at - 1]);
}

Feedback::Feedback(const Model& model)
    : model_(model),
      states_(model.facts().size()),
      today_(model.reach().groups() * states_),
      odds_(model.reach().groups() * states_),
      events_today_(model.reach().groups() * model.events().size(), 1.0),
      capacity_(model.scenario().services.size(), 1.0),
      surely_happens_(states_ * kEventRoom, 1),
      read_(model.links().size()) {
  for (const FeedbackLink* const link : model.links()) {
    for (const LinkTarget& target : link->targets) {
      if (target.effect != Effect::odds) continue;
      const std::size_t branches = model.scenario().states[target.state].shares.targets.size();
      for (std::size_t at = target.state; at < odds_.size(); at += states_) odds_[at].assign(branches, 1.0);
    }
  }
  for (std::size_t number = 0; number < model.links().size(); ++number) {
    moved_.push_back(moved_by(number));
    if (model.links()[number]->marks_released()) marks_.push_back({number, {0.0}});
  }
}

std::vector<double*> Feedback::moved_by(std::size_t number) {
  const FeedbackLink& link = *model_.links()[number];
  std::vector<double*> moved;
  if (link.marks_released()) return moved;  // each person when they are released
  for (const LinkTarget& target : link.targets) {
    if (target.effect != Effect::capacity) continue;
    const std::size_t end = model_.scenario().end_of_service(target.service);
    for (std::size_t service = target.service; service < end; ++service) moved.push_back(&capacity_[service]);
  }
  for (std::size_t group = 0; group < model_.reach().groups(); ++group) {
    if (!model_.reach().reaches(number, group)) continue;
    for_each_effect(link, &today_[group * states_], states_, [&](double& effect) { moved.push_back(&effect); });
    for (const LinkTarget& target : link.targets) {
      if (target.effect == Effect::event) {
        moved.push_back(&events_today_[group * model_.events().size() + model_.event_of(target)]);
      }
      if (target.effect != Effect::odds) continue;
      const auto& branches = model_.scenario().states[target.state].shares.targets;
      for (std::size_t branch = 0; branch < branches.size(); ++branch) {
        if (branches[branch] == target.branch) moved.push_back(&odds_[group * states_ + target.state][branch]);
      }
    }
  }
  return moved;
}

double Feedback::ratio_of(const FeedbackLink& link, const LinkNumbers& numbers, sim::Day day, const Version& version,
                          const std::vector<std::unique_ptr<Partition>>& partitions) {
  std::int64_t persons = 0;
  double capacity = 0;
  switch (link.ratio) {
    case Ratio::occupancy: {
      const auto& facilities = model_.scenario().facilities;
      for (std::size_t facility = 0; facility < facilities.size(); ++facility) {
        if (facilities[facility].group != link.source) continue;
        capacity += model_.places(facility, std::max(day, 0));
        for (const auto& partition : partitions) persons += partition->tallies.facilities[facility].stock;
      }
      capacity /= 100.0;  // per cent
      break;
    }
    case Ratio::backlog: {
      const std::size_t end = model_.scenario().end_of_service(link.source);
      for (std::size_t service = link.source; service < end; ++service) {
        for (const auto& partition : partitions) persons += partition->tallies.services[service].waiting;
        const double servers = version.servers[service];
        capacity += servers < std::numeric_limits<double>::infinity() ? servers : version.per_day[service];
      }
      break;
    }
    case Ratio::time_served:
      return 0.0;  // each person's own
    case Ratio::caseload: {
      for (const auto& partition : partitions) {
        for (const StateIndex state : link.states) persons += partition->tallies.stocks[state];
      }
      capacity = numbers.officers;
      break;
    }
  }
  if (capacity > 0) return static_cast<double>(persons) / capacity;
  return persons > 0 ? std::numeric_limits<double>::infinity() : 0.0;
}

double Feedback::read(std::size_t number, sim::Day day, const Version& version,
                      const std::vector<std::unique_ptr<Partition>>& partitions) {
  const double ratio = ratio_of(*model_.links()[number], version.links[number], day, version, partitions);
  // The night before the run is of no month.
  if (day >= 0 && model_.links()[number]->ratio != Ratio::time_served &&
      ratio < std::numeric_limits<double>::infinity()) {
    read_[number].sum += ratio;
    ++read_[number].nights;
  }
  return ratio;
}

std::vector<double> Feedback::take_mean_ratios() {
  std::vector<double> means;
  for (Read& link : read_) {
    means.push_back(link.nights > 0 ? link.sum / link.nights : std::numeric_limits<double>::quiet_NaN());
    link = Read{};
  }
  return means;
}

void Feedback::publish(sim::Day day, const Version& version,
                       const std::vector<std::unique_ptr<Partition>>& partitions) {
  if (!any()) return;
  for (const auto& factors : moved_) {
    for (double* const factor : factors) *factor = 1.0;
  }
  for (Mark& mark : marks_) {
    const FeedbackLink& link = *model_.links()[mark.link];
    const double ratio = read(mark.link, day, version, partitions);
    // No place at all is as crowded as the curve goes.
    mark.sums.push_back(mark.sums.back() + std::min(ratio, static_cast<double>(link.response.back().first)));
  }
  for (std::size_t number = 0; number < model_.links().size(); ++number) {
    const FeedbackLink& link = *model_.links()[number];
    if (link.marks_released()) continue;
    const double today = response_at(link, version.links[number], read(number, day, version, partitions));
    for (double* const factor : moved_[number]) *factor *= today;
  }
  note_what_happens_surely();
}

void Feedback::note_what_happens_surely() {
  for (std::size_t state = 0; state < states_; ++state) {
    const StateFacts& facts = model_.facts()[state];
    if (!facts.linked) continue;
    std::uint8_t* const surely = &surely_happens_[state * kEventRoom];
    const auto set = [surely](Event event, bool to) { surely[static_cast<std::size_t>(event)] = to ? 1 : 0; };
    for (const Event event : {Event::milestone, Event::reoffending, Event::death, Event::own}) set(event, true);
    for (const Event event : {Event::more_breach, Event::more_reoffending, Event::more_death, Event::more_own}) {
      set(event, false);
    }
    for (std::size_t group = 0; group < model_.reach().groups(); ++group) {
      const LinkEffects& today = today_[group * states_ + state];
      if (today.breach < 1 && facts.kind == Kind::supervision) set(Event::milestone, false);
      if (today.reoffending < 1) set(Event::reoffending, false);
      if (today.death < 1) set(Event::death, false);
      const double* const events = events_today_.data() + group * model_.events().size() + facts.first_event;
      if (std::any_of(events, events + facts.events, [](double factor) { return factor < 1; })) set(Event::own, false);
    }
  }
}

double Feedback::factor_of_release(const Version& version, std::size_t cell, sim::Day since, sim::Minute now) const {
  double factor = 1;
  for (const Mark& mark : marks_) {
    if (!model_.reach().reaches(mark.link, model_.reach().group_of(cell))) continue;
    const FeedbackLink& link = *model_.links()[mark.link];
    double ratio = 0;
    if (link.ratio == Ratio::time_served) {
      const double minutes = static_cast<double>(now) - static_cast<double>(sim::start_of(since));
      ratio = minutes / (sim::kDaysPerMonth * sim::kMinutesPerDay);
    } else {
      const auto first = static_cast<std::size_t>(std::max(since, 0));
      const auto end = static_cast<std::size_t>(std::max(sim::day_of(now), 0)) + 1;
      ratio = (mark.sums[end] - mark.sums[first]) / static_cast<double>(end - first);
    }
    factor *= response_at(link, version.links[mark.link], ratio);
  }
  return factor;
}

std::uint32_t Feedback::branch(std::size_t decision, const TableView& table, std::size_t cell,
                               std::uint32_t word) const {
  const std::vector<double>& odds = odds_[model_.reach().group_of(cell) * states_ + decision];
  const std::uint32_t* const thresholds = table.thresholds_of(cell);
  if (std::all_of(odds.begin(), odds.end(), [](double factor) { return factor == 1.0; })) {
    return ShareTable::branch_among(thresholds, table.stride, word);
  }
  constexpr double kWhole = 0x1p31;  // of the thresholds
  const std::size_t last = odds.size() - 1;
  // Each share from the thresholds before and behind it; a row of shares is short. `visit` is told the sum up to and
  // with each branch but the last.
  const auto add_up = [&](const auto& visit) {
    double sum = 0;
    double from = 0;
    for (std::size_t branch = 0; branch < last; ++branch) {
      const double to = thresholds[branch];
      sum += odds[branch] * (to - from);
      from = to;
      visit(sum);
    }
    return sum + odds[last] * (kWhole - from);
  };
  const double whole = add_up([](double) {});
  if (!(whole > 0)) return ShareTable::branch_among(thresholds, table.stride, word);
  // The first branch that holds what is wanted, without a guess for each. Less than the whole, so that one does.
  const double wanted = (static_cast<double>(word >> 1) + 0.5) / kWhole * whole;
  std::uint32_t chosen = 0;
  add_up([&](double sum) { chosen += wanted >= sum ? 1 : 0; });
  return chosen;
}

}  // namespace prisonflow::models
