// See the header.
#include "models/policy_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "models/read_sections.hpp"
#include "models/read_shares.hpp"

namespace prisonflow::models {

namespace {

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
  ZeroOdds(const Scenario& scenario, std::string path, const Shares& shares, const Valuation& values,
           Problems& problems)
      : scenario_(scenario), path_(std::move(path)), shares_(shares), values_(values), problems_(problems) {
    for (const ShareModifier& modifier : shares.modifiers)
      if (values[index_of(modifier.odds)] == 0) zeros_.push_back(modifier);
  }

  void check() {
    if (zeros_.empty()) return;
    check_row(shares_.base, {});
    for (const ShareRow& row : shares_.rows) check_row(row.shares, row.conditions);
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
        problems_.add(scenario_.parameter(last).where, fmt::format("{}: every branch has odds 0 for {}", path_, who),
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
      const std::string& name = scenario_.traits[trait].labels[label];
      choose(trait + 1, left, fixed, who.empty() ? name : who + " and " + name, closing);
    }
    choose(trait + 1, open, fixed, who, last);
  }

  const Scenario& scenario_;
  std::string path_;
  const Shares& shares_;
  const Valuation& values_;
  Problems& problems_;
  std::vector<ShareModifier> zeros_;
  bool found_ = false;
};

/// Looks at the numbers as they are from a date on, in a region, for cases begun by a date.
class PolicyChecker {
 public:
  PolicyChecker(const Scenario& scenario, const std::set<std::string>& broken, Problems& problems)
      : scenario_(scenario), rules_(scenario.rules), broken_(broken), problems_(problems) {
    const Valuation base = base_values(scenario_);
    for (const SharesRow& row : rules_.shares_rows) base_wrong_.push_back(!wrong_sum(row, base).empty());
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
    check_zero_odds(scenario_, values, problems_);
    check_offences(date, region, cohort, values);
  }
  void check_ranges(const Policy& policy, sim::Date date, const Valuation& values) {
    for (const Change& change : policy.changes)
      for (const ParameterId target : change.targets) {
        const Parameter& parameter = scenario_.parameter(target);
        const double value = values[index_of(target)];
        const bool share = parameter.quantity == Quantity::share;
        const bool above_zero = parameter.quantity == Quantity::number || rules_.above_zero.contains(target);
        // A broken number of a policy is taken for 0.
        const bool zero = above_zero && value == 0 && !broken_.contains("policies." + policy.name);
        if (value >= 0 && !(share && value > 1 + 1e-9) && !zero && value < 1e300) continue;
        if (!said_.emplace(&change, parameter.path).second) continue;  // once, not on every later date again
        problems_.add(scenario_.parameter(change.value).where,
                      fmt::format("policies.{} makes {} {} on {}", policy.name, parameter.path, plain(value),
                                  sim::to_string(date)),
                      share        ? "a share is between 0 and 1"
                      : above_zero ? "it is above 0"
                                   : "it is 0 or more",
                      fmt::format("it is {} without policies", plain(parameter.value)));
      }
    for (const auto& [low, high] : rules_.ascending)
      for (const Change& change : policy.changes)
        for (const ParameterId target : change.targets)
          if ((target == low || target == high) && values[index_of(low)] > values[index_of(high)])
            problems_.add(scenario_.parameter(change.value).where,
                          fmt::format("policies.{} makes {} longer than {}", policy.name, scenario_.parameter(low).path,
                                      scenario_.parameter(high).path),
                          "the shortest duration is not above the longest", "change both");
  }
  void check_rows(sim::Date date, std::uint16_t region, sim::Date cohort, const Valuation& values) {
    for (std::size_t r = 0; r < rules_.shares_rows.size(); ++r) {
      const SharesRow& row = rules_.shares_rows[r];
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
        problems_.add(scenario_.parameter(change->value).where,
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
        problems_.add(scenario_.parameter(change->value).where,
                      fmt::format("policies.{} makes reoffending.offences_each {}{} on {}", policy->name,
                                  plain(fewest.mean), fewest.who, sim::to_string(date)),
                      "a case has at least one offence", "change it by less");
      return;
    }
  }

  const Scenario& scenario_;
  const NumberRules& rules_;
  const std::set<std::string>& broken_;
  Problems& problems_;
  std::vector<bool> base_wrong_;
  std::set<std::pair<const Change*, std::string>> said_;
};

/// Calls `visit(path, shares)` on every row of shares that may have odds ratios.
template <class Visit>
void for_each_shares(const Scenario& scenario, Visit visit) {
  const auto mix = [&](const std::string& path, const std::array<Shares, kTraits>& mixes) {
    for (std::size_t trait = 0; trait < kTraits; ++trait)
      visit(fmt::format("{}.mix.{}", path, kTraitNames[trait]), mixes[trait]);
  };
  for (const State& state : scenario.states) visit("states." + state.name + ".shares", state.shares);
  for (const Arrivals& arrivals : scenario.arrivals) mix("arrivals." + arrivals.name, arrivals.mix);
  for (const InitialStock& stock : scenario.initial)
    if (stock.state < scenario.states.size()) mix("initial." + scenario.states[stock.state].name, stock.mix);
  visit("reoffending.mix.offence", scenario.reoffending.offence_mix);
}

}  // namespace

Valuation base_values(const Scenario& scenario) {
  Valuation values;
  for (const Parameter& parameter : scenario.parameters) values.push_back(parameter.value);
  return values;
}

void check_zero_odds(const Scenario& scenario, const Valuation& values, Problems& problems) {
  for_each_shares(scenario, [&](const std::string& path, const Shares& shares) {
    if (!shares.modifiers.empty()) ZeroOdds(scenario, path, shares, values, problems).check();
  });
}

void check_policies(const Scenario& scenario, const std::set<std::string>& broken, Problems& problems) {
  PolicyChecker(scenario, broken, problems).check();
}

}  // namespace prisonflow::models
