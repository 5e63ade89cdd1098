// What only the whole scenario shows.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "models/read_sections.hpp"
#include "models/read_shares.hpp"
#include "sim/time.hpp"

namespace prisonflow::models {

namespace {

Valuation base_values(const Scenario& scenario) {
  Valuation values;
  for (const Parameter& parameter : scenario.parameters) values.push_back(parameter.value);
  return values;
}

void apply(const Policy& policy, const Scenario& scenario, Valuation& values) {
  for (const Change& change : policy.changes)
    for (const ParameterId target : change.targets) {
      double& value = values[index_of(target)];
      const double by = scenario.central(change.value);
      switch (change.operation) {
        case Operation::set:
          value = by;
          break;
        case Operation::scale:
          value *= by;
          break;
        case Operation::shift:
          value += by;
          break;
      }
    }
}

/// Finds persons for whom every branch of a row has an odds ratio of 0: nothing could be chosen.
class ZeroOdds {
 public:
  ZeroOdds(ReadContext& context, const WeightedShares& weighted, const Valuation& values)
      : context_(context), weighted_(weighted), values_(values) {
    for (const ShareModifier& modifier : weighted.shares.modifiers)
      if (values[index_of(modifier.odds)] == 0) zeros_.push_back(modifier);
  }

  void check() {
    if (zeros_.empty()) return;
    check_row(weighted_.shares.base, {});
    for (const ShareRow& row : weighted_.shares.rows) check_row(row.shares, row.conditions);
  }

 private:
  using Labels = std::vector<std::pair<Trait, std::uint16_t>>;

  void check_row(const std::vector<ParameterId>& shares, const Labels& fixed) {
    double rest = 1;
    for (const ParameterId id : shares)
      if (given(id)) rest -= values_[index_of(id)];
    std::vector<bool> open;
    for (const ParameterId id : shares) open.push_back(given(id) ? values_[index_of(id)] > 0 : rest > 1e-12);
    choose(0, open, fixed, {}, kNoParameter);
  }
  /// Gives each trait in turn one of the labels that close branches, or none of them.
  void choose(std::size_t trait, const std::vector<bool>& open, const Labels& fixed, const std::string& who,
              ParameterId last) {
    if (found_ || std::none_of(open.begin(), open.end(), [](bool b) { return b; })) {
      if (!found_ && given(last))
        context_.problems.add(context_.scenario.parameter(last).where,
                              fmt::format("{}: every branch has odds 0 for {}", weighted_.path, who),
                              "these persons could go nowhere", "leave one branch open for them");
      found_ = true;
      return;
    }
    if (trait == kTraits) return;
    const auto condition =
        std::find_if(fixed.begin(), fixed.end(), [&](const auto& c) { return index_of(c.first) == trait; });
    std::set<std::uint16_t> labels;
    for (const ShareModifier& zero : zeros_)
      if (index_of(zero.trait) == trait && (condition == fixed.end() || condition->second == zero.label))
        labels.insert(zero.label);
    for (const std::uint16_t label : labels) {
      std::vector<bool> left = open;
      ParameterId closing = last;
      for (const ShareModifier& zero : zeros_)
        if (index_of(zero.trait) == trait && zero.label == label) {
          left[zero.branch] = false;
          closing = zero.odds;
        }
      const std::string& name = context_.scenario.traits[trait].labels[label];
      choose(trait + 1, left, fixed, who.empty() ? name : who + " and " + name, closing);
    }
    choose(trait + 1, open, fixed, who, last);
  }

  ReadContext& context_;
  const WeightedShares& weighted_;
  const Valuation& values_;
  std::vector<ShareModifier> zeros_;
  bool found_ = false;
};

void check_zero_odds(ReadContext& context, const Valuation& values) {
  for (const WeightedShares& weighted : context.weighted) ZeroOdds(context, weighted, values).check();
}

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

/// Looks at the numbers as they are from a date on, in a region, for cases begun by a date.
class PolicyChecker {
 public:
  explicit PolicyChecker(ReadContext& context) : context_(context), scenario_(context.scenario) {
    const Valuation base = base_values(scenario_);
    for (const SharesRow& row : context.shares_rows) base_wrong_.push_back(!wrong_sum(row, base).empty());
  }

  void check() {
    std::set<sim::Date> dates;
    bool regional = false, by_cohort = false;
    for (const Policy& policy : scenario_.policies) {
      dates.insert(std::max(policy.from, scenario_.start));
      if (policy.until) dates.insert(std::max(*policy.until, scenario_.start));
      regional = regional || !policy.regions.empty();
      by_cohort = by_cohort || !policy.everyone;
    }
    const std::size_t regions = regional ? scenario_.traits[index_of(Trait::region)].labels.size() : 1;
    for (const sim::Date date : dates)
      for (std::size_t region = 0; region < regions; ++region)
        for (const sim::Date cohort : dates)
          if (cohort <= date && (by_cohort || cohort == date)) check(date, static_cast<std::uint16_t>(region), cohort);
    if (by_cohort && !dates.empty())
      for (std::size_t region = 0; region < regions; ++region)
        for (const sim::Date date : dates)
          check(date, static_cast<std::uint16_t>(region), sim::Date{std::numeric_limits<std::int32_t>::min()});
  }

 private:
  bool active(const Policy& policy, sim::Date date, std::uint16_t region, sim::Date cohort) const {
    const sim::Date on = policy.everyone ? date : cohort;
    if (policy.from > on || (policy.until && *policy.until <= on)) return false;
    return policy.regions.empty() ||
           std::find(policy.regions.begin(), policy.regions.end(), region) != policy.regions.end();
  }
  void check(sim::Date date, std::uint16_t region, sim::Date cohort) {
    Valuation values = base_values(scenario_);
    const Policy* last = nullptr;
    for (const Policy& policy : scenario_.policies) {
      if (!active(policy, date, region, cohort)) continue;
      apply(policy, scenario_, values);
      check_ranges(policy, date, values);
      last = &policy;
    }
    if (last == nullptr) return;
    check_rows(date, region, cohort, values);
    check_zero_odds(context_, values);
    check_offences(date, region, cohort, values);
  }
  void check_ranges(const Policy& policy, sim::Date date, const Valuation& values) {
    for (const Change& change : policy.changes)
      for (const ParameterId target : change.targets) {
        const Parameter& parameter = scenario_.parameter(target);
        const double value = values[index_of(target)];
        const bool share = parameter.quantity == Quantity::share;
        const bool above_zero = parameter.quantity == Quantity::number || context_.above_zero.contains(target);
        // A broken number of a policy is taken for 0.
        const bool zero = above_zero && value == 0 && !context_.broken.contains("policies." + policy.name);
        if (value >= 0 && !(share && value > 1 + 1e-9) && !zero && value < 1e300) continue;
        if (!said_.emplace(&change, parameter.path).second) continue;  // once, not on every later date again
        context_.problems.add(scenario_.parameter(change.value).where,
                              fmt::format("policies.{} makes {} {} on {}", policy.name, parameter.path, plain(value),
                                          sim::to_string(date)),
                              share        ? "a share is between 0 and 1"
                              : above_zero ? "it is above 0"
                                           : "it is 0 or more",
                              fmt::format("it is {} without policies", plain(parameter.value)));
      }
    for (const auto& [low, high] : context_.ascending)
      for (const Change& change : policy.changes)
        for (const ParameterId target : change.targets)
          if ((target == low || target == high) && values[index_of(low)] > values[index_of(high)])
            context_.problems.add(scenario_.parameter(change.value).where,
                                  fmt::format("policies.{} makes {} longer than {}", policy.name,
                                              scenario_.parameter(low).path, scenario_.parameter(high).path),
                                  "the shortest duration is not above the longest", "change both");
  }
  void check_rows(sim::Date date, std::uint16_t region, sim::Date cohort, const Valuation& values) {
    for (std::size_t r = 0; r < context_.shares_rows.size(); ++r) {
      const SharesRow& row = context_.shares_rows[r];
      const auto out_of_range = [&](ParameterId id) {
        return values[index_of(id)] < 0 || values[index_of(id)] > 1 + 1e-9;
      };
      if (base_wrong_[r] || std::any_of(row.members.begin(), row.members.end(), out_of_range)) continue;
      const std::string wrong = wrong_sum(row, values);
      if (wrong.empty()) continue;
      const auto touches = [&](const Change& change) {
        return std::any_of(change.targets.begin(), change.targets.end(), [&](ParameterId target) {
          return std::find(row.members.begin(), row.members.end(), target) != row.members.end();
        });
      };
      for (auto policy = scenario_.policies.rbegin(); policy != scenario_.policies.rend(); ++policy) {
        if (!active(*policy, date, region, cohort)) continue;
        const auto change = std::find_if(policy->changes.begin(), policy->changes.end(), touches);
        if (change == policy->changes.end()) continue;
        if (!said_.emplace(&*change, row.path).second) break;
        context_.problems.add(scenario_.parameter(change->value).where,
                              fmt::format("with policies.{} the shares of {} {} on {}", policy->name, row.path, wrong,
                                          sim::to_string(date)),
                              row.has_rest ? "nothing would be left for the rest" : "everyone goes somewhere, once",
                              row.has_rest ? "lower some of them"
                                           : "change the other branches too, or give one branch of the row \"rest\"");
        break;
      }
    }
  }

  void check_offences(sim::Date date, std::uint16_t region, sim::Date cohort, const Valuation& values) {
    const FewestOffences fewest = fewest_offences(scenario_, values);
    if (!fewest.too_few() || fewest.mean < 0 || fewest_offences(scenario_, base_values(scenario_)).too_few()) return;
    const auto touches = [&](const Change& change) {
      return std::any_of(change.targets.begin(), change.targets.end(), [&](ParameterId target) {
        return scenario_.parameter(target).path.starts_with("reoffending.offences_each");
      });
    };
    for (auto policy = scenario_.policies.rbegin(); policy != scenario_.policies.rend(); ++policy) {
      if (!active(*policy, date, region, cohort)) continue;
      const auto change = std::find_if(policy->changes.begin(), policy->changes.end(), touches);
      if (change == policy->changes.end()) continue;
      if (said_.emplace(&*change, "reoffending.offences_each").second)
        context_.problems.add(scenario_.parameter(change->value).where,
                              fmt::format("policies.{} makes reoffending.offences_each {}{} on {}", policy->name,
                                          plain(fewest.mean), fewest.who, sim::to_string(date)),
                              "a case has at least one offence", "change it by less");
      return;
    }
  }

  ReadContext& context_;
  const Scenario& scenario_;
  std::vector<bool> base_wrong_;
  std::set<std::pair<const Change*, std::string>> said_;
};

void check_order_of_ends(ReadContext& context) {
  for (const auto& [low, high] : context.ascending) {
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
  check_zero_odds(context, base_values(scenario));
  check_order_of_ends(context);
  check_fewest_offences(context, base_values(scenario));
  check_dates_for_new_cases(context);
  PolicyChecker(context).check();
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
