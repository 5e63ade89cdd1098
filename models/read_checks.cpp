// What only the whole scenario shows.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "models/policy_checks.hpp"
#include "models/read_sections.hpp"
#include "models/read_shares.hpp"
#include "sim/time.hpp"

namespace prisonflow::models {

namespace {

/// Persons keep the number of the law under which their case began in one byte.
void check_dates_for_new_cases(ReadContext& context) {
  constexpr std::size_t kMostDates = 255;
  const Scenario& scenario = context.scenario;
  std::set<std::int32_t> days{0};
  for (const Policy& policy : scenario.policies) {
    if (policy.everyone) continue;
    const auto add = [&](std::int32_t day) {
      if (day < sim::days_between(scenario.start, scenario.end)) days.insert(std::max(day, 0));
    };
    const std::int32_t from = sim::days_between(scenario.start, policy.from);
    add(from);
    for (std::int32_t month = 1; month < policy.phase_in_months; ++month)
      add(from + static_cast<std::int32_t>(month * sim::kDaysPerMonth) + 1);
    if (policy.until) add(sim::days_between(scenario.start, *policy.until));
    if (days.size() <= kMostDates) continue;
    context.problems.add(policy.where,
                         fmt::format("policies for new cases change the law on more than {} dates", kMostDates),
                         "every person carries the law under which the case began", "shorten a phase_in");
    return;
  }
}

void check_order_of_ends(ReadContext& context) {
  for (const auto& [low, high] : context.scenario.rules.ascending) {
    const Parameter& shortest = context.scenario.parameter(low);
    const Parameter& longest = context.scenario.parameter(high);
    if (shortest.value > longest.value)
      context.problems.add(longest.where, fmt::format("{} is above {}", shortest.path, longest.path),
                           "the shortest duration is not above the longest", "exchange the two");
  }
}

void check_series_dates(ReadContext& context, const Series& series) {
  for (std::size_t i = 1; i < series.points.size(); ++i)
    if (series.points[i].first == series.points[i - 1].first)
      context.problems.add(context.scenario.parameter(series.points[i].second).where,
                           fmt::format("{} is given twice", context.scenario.parameter(series.points[i].second).path),
                           "a series has one value a date", "remove one of the two");
}

/// Everyone who is held must be let in somewhere.
void check_places(ReadContext& context) {
  const Scenario& scenario = context.scenario;
  const auto& sexes = scenario.traits[index_of(Trait::sex)].labels;
  for (const State& state : scenario.states) {
    if (state.facilities.empty()) continue;
    const auto group = std::find_if(scenario.groups.begin(), scenario.groups.end(),
                                    [&](const FacilityGroup& g) { return g.name == state.facilities; });
    if (group == scenario.groups.end()) continue;
    const auto service = std::find_if(scenario.services.begin(), scenario.services.end(),
                                      [&](const Service& s) { return s.called() == state.service; });
    if (group->when_full == WhenFull::wait && service != scenario.services.end() && service->limited())
      context.problems.add(state.where,
                           fmt::format("states.{} waits for a place in \"{}\" and for the service \"{}\"", state.name,
                                       state.facilities, state.service),
                           "a stay begins when one thing is granted, not two",
                           fmt::format("write when_full = \"crowd\" in [facilities.{}], or put a custody state for the "
                                       "wait before the service",
                                       state.facilities));
    const auto index = static_cast<std::uint16_t>(group - scenario.groups.begin());
    bool any = false;
    std::vector<bool> admitted(sexes.size());
    for (const Facility& facility : scenario.facilities) {
      if (facility.group != index) continue;
      any = true;
      const auto& only = facility.only[index_of(Trait::sex)];
      for (std::size_t s = 0; s < sexes.size(); ++s)
        if (only.empty() || std::find(only.begin(), only.end(), s) != only.end()) admitted[s] = true;
    }
    for (std::size_t s = 0; s < sexes.size() && any; ++s)
      if (!admitted[s])
        context.problems.add(
            state.where,
            fmt::format("states.{}: no facility of \"{}\" admits {}", state.name, state.facilities, sexes[s]),
            "people in this state would be held nowhere",
            fmt::format("add \"{}\" to only.sex of a facility, or add one", sexes[s]));
  }
}

/// Refuses what no computer holds, before anything is allocated.
void check_size(ReadContext& context) {
  constexpr double kBytesPerPerson = 64 + 8 + 56;  // hot record, calendar entry, cold record and buffers
  constexpr double kMostBytes = 64.0 * 1024 * 1024 * 1024;
  const Scenario& scenario = context.scenario;
  const double years = sim::days_between(scenario.start, scenario.end) / sim::kDaysPerYear;
  double persons = 0, largest = -1;
  const Parameter* dominant = nullptr;
  const auto add = [&](double count, ParameterId id) {
    persons += count;
    if (count > largest) {
      largest = count;
      dominant = &scenario.parameter(id);
    }
  };
  for (const Arrivals& arrivals : scenario.arrivals) {
    double rate = 0;
    ParameterId at = kNoParameter;
    for (const auto& [date, id] : arrivals.rate.points)
      if (!given(at) || scenario.central(id) > rate) {
        rate = scenario.central(id);
        at = id;
      }
    if (given(at)) add(rate * years, at);
  }
  for (const InitialStock& stock : scenario.initial)
    if (given(stock.persons)) add(scenario.central(stock.persons), stock.persons);
  const double bytes = persons * kBytesPerPerson;
  if (dominant == nullptr || bytes <= kMostBytes) return;
  context.problems.add(
      dominant->where,
      fmt::format("the scenario has about {:.0f} million persons, most of them from {}", persons / 1e6, dominant->path),
      fmt::format("they need {:.0f} GiB of memory; the limit is 64 GiB", bytes / 1073741824.0),
      "simulate a sample: divide rates, stocks and places by the same number");
}

}  // namespace

void check_whole(ReadContext& context, const Node& root) {
  Scenario& scenario = context.scenario;
  check_sums(context, base_values(scenario));
  check_zero_odds(scenario, base_values(scenario), context.problems);
  check_order_of_ends(context);
  check_fewest_offences(context, base_values(scenario));
  check_dates_for_new_cases(context);
  check_policies(scenario, context.broken, context.problems);
  for (const Arrivals& arrivals : scenario.arrivals) check_series_dates(context, arrivals.rate);
  for (const Facility& facility : scenario.facilities) {
    check_series_dates(context, facility.places);
    check_series_dates(context, facility.area);
  }
  check_series_dates(context, scenario.population);
  check_places(context);
  check_size(context);
  if (root.find("arrivals") == nullptr && root.find("initial") == nullptr && !scenario.states.empty()) {
    context.references_sound = false;
    context.problems.add({root.where.file, 1, 1}, "nobody ever enters", "there are no arrivals and no initial stock",
                         "add [arrivals.<name>] with to and rate");
  }
  check_stays(context, root);
}

}  // namespace prisonflow::models
