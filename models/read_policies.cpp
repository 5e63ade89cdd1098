// [policies.*]: what changes on a date.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/package_split.hpp"
#include "models/read_numbers.hpp"
#include "models/read_sections.hpp"

namespace prisonflow::models {

namespace {

constexpr std::array<std::string_view, 3> kOperations{"set", "scale", "shift"};
/// Numbers of which there is one for all regions.
bool holds_everywhere(std::string_view path) {
  constexpr std::array<std::string_view, 7> kEverywhere{
      "services.", "facilities.", "feedback.", "population.", "costs.", "reoffending.time", "reoffending.same_offence"};
  if (path.starts_with("arrivals.")) {
    const std::string_view own = path.substr(path.find('.', std::string_view("arrivals.").size()) + 1);
    return own == "rate" || own.starts_with("rate.");
  }
  return std::any_of(kEverywhere.begin(), kEverywhere.end(), [&](auto start) { return path.starts_with(start); });
}

/// Numbers that are used before the first day or hold for a policy itself, so that no policy can change them.
constexpr std::array<std::string_view, 5> kUnchangeable{"initial", "policies", "amnesties", "emergency_releases",
                                                        "observed"};

std::vector<std::string> paths_below(const ReadContext& context, const std::string& path) {
  std::vector<std::string> paths;
  for (const Parameter& parameter : context.scenario.parameters)
    if (parameter.path.size() > path.size() + 1 && parameter.path.compare(0, path.size() + 1, path + ".") == 0)
      paths.push_back(parameter.path);
  return paths;
}

/// Reads the changes of one policy: tables within tables, whose path is the path of a parameter.
class ChangeReader {
 public:
  ChangeReader(ReadContext& context, Policy& policy) : context_(context), policy_(policy) {}

  void read(const Node& node, Operation operation, const std::string& own_path, const std::string& target) {
    if (is_target(target) || (!node.is(NodeType::table) || is_value_table(node)))
      return add(node, operation, own_path, target);
    bool any = false;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      if (std::find(kProvenanceKeys.begin(), kProvenanceKeys.end(), node.keys[i]) != kProvenanceKeys.end()) continue;
      any = true;
      read(node.items[i], operation, join(own_path, node.keys[i]), join(target, node.keys[i]));
    }
    if (!any)
      context_.problems.add(node.key, fmt::format("{} changes nothing", own_path), "the table is empty", "remove it");
  }

 private:
  /// The section has errors of its own, which may well be why the number is not there.
  bool is_broken(const std::string& target) const {
    const std::size_t first = target.find('.');
    const std::size_t second = first == std::string::npos ? first : target.find('.', first + 1);
    return context_.broken.contains(target.substr(0, first)) || context_.broken.contains(target.substr(0, second));
  }
  bool is_target(const std::string& target) const {
    return context_.by_path.contains(target) || context_.rests.contains(target);
  }
  void add(const Node& node, Operation operation, const std::string& own_path, const std::string& target) {
    Change change;
    change.operation = operation;
    const auto single = context_.by_path.find(target);
    const auto group = context_.path_groups.find(target);
    const std::string section = target.substr(0, target.find('.'));
    if (std::find(kUnchangeable.begin(), kUnchangeable.end(), section) != kUnchangeable.end()) {
      context_.problems.add(node.key, fmt::format("{} changes a number of [{}]", own_path, section),
                            "it is used once, not from a date on", "change it where it is written");
      return;
    }
    if (section == "costs" && !may_change_costs(node, own_path, target)) return;
    if (single != context_.by_path.end()) {
      change.targets = {single->second};
    } else if (group != context_.path_groups.end() && operation != Operation::set) {
      change.targets = group->second.scalable;
    } else if (!is_broken(target)) {
      return explain(node, own_path, target, group);
    }
    if (change.targets.empty()) return;  // its distribution is broken, which is reported there
    const std::string& first = context_.scenario.parameter(change.targets.front()).path;
    if (!policy_.regions.empty() && holds_everywhere(first)) {
      context_.problems.add(node.key, fmt::format("{} changes {} in some regions", own_path, first),
                            "there is one such number for all regions",
                            first.starts_with("arrivals.") ? "remove regions, or give each region arrivals of its own"
                                                           : "remove regions, or change it in another policy");
      return;
    }
    NumberRule rule;
    rule.any_sign = operation == Operation::shift;
    const Quantity quantity =
        operation == Operation::scale ? Quantity::odds : context_.scenario.parameter(change.targets.front()).quantity;
    change.value = read_number(context_, node, own_path, quantity, rule);
    policy_.changes.push_back(std::move(change));
  }
  /// Prices change for everybody from a day on; the rate of discount is one for the whole run.
  bool may_change_costs(const Node& node, const std::string& own_path, const std::string& target) {
    if (target == "costs.discount_rate") {
      context_.problems.add(node.key, fmt::format("{} changes the rate of discount", own_path),
                            "it weighs the costs of the whole run", "change it where it is written");
      return false;
    }
    if (policy_.everyone) return true;
    context_.problems.add(node.key, fmt::format("{} changes a cost for new cases only", own_path),
                          "a cost is that of the day, whoever's case it is",
                          "remove applies_to, or change it in another policy");
    return false;
  }
  void explain(const Node& node, const std::string& own_path, const std::string& target,
               std::map<std::string, PathGroup>::const_iterator group) {
    const auto rest = context_.rests.find(target);
    if (rest != context_.rests.end()) {
      context_.problems.add(node.key, fmt::format("{} changes a rest", own_path),
                            "this branch takes what the others leave",
                            "change the others: " + listed(paths_below(context_, rest->second)));
      return;
    }
    const std::vector<std::string> below = paths_below(context_, target);
    if (group != context_.path_groups.end()) {
      context_.problems.add(node.key, fmt::format("{} sets a {} of several numbers", own_path, group->second.what),
                            "it does not say which", "set one of " + listed(below) + ", or scale all of them");
      return;
    }
    if (!below.empty()) {
      context_.problems.add(node.key, fmt::format("{} is no number but a table of them", own_path),
                            "a policy changes numbers", "change one of " + listed(below));
      return;
    }
    std::vector<std::string> paths;
    for (const Parameter& parameter : context_.scenario.parameters) paths.push_back(parameter.path);
    for (const auto& [path, members] : context_.path_groups) paths.push_back(path);
    std::string near = closest(target, paths);
    std::string parent = target;
    while (near.empty() && parent.find('.') != std::string::npos) {
      parent = parent.substr(0, parent.rfind('.'));
      const std::vector<std::string> siblings = paths_below(context_, parent);
      if (!siblings.empty()) near = listed(siblings, 8);
    }
    context_.problems.add(
        node.key, fmt::format("{}: there is no number {}", own_path, target),
        "a policy changes numbers that the scenario gives",
        near.empty() ? "see the paths with: prisonflow describe" : fmt::format("did you mean {}?", near));
  }

  ReadContext& context_;
  Policy& policy_;
};

/// Whole months, at least one.
std::int32_t read_phase_in(ReadContext& context, const Node& node, const std::string& path) {
  if (node.is(NodeType::text)) {
    std::size_t used = 0;
    long long count = 0;
    while (used < node.text.size() && used < 5 && node.text[used] >= '0' && node.text[used] <= '9')
      count = count * 10 + (node.text[used++] - '0');
    const std::string unit = used < node.text.size() ? node.text.substr(used + (node.text[used] == ' ' ? 1 : 0)) : "";
    if (unit == "year" || unit == "years") count *= 12;
    if (used > 0 && count >= 1 && count <= 2400 &&
        (unit == "months" || unit == "month" || unit == "years" || unit == "year"))
      return static_cast<std::int32_t>(count);
  }
  context.problems.add(node.where, fmt::format("{} is no whole number of months", path),
                       "a policy is phased in by equal monthly steps", "write \"24 months\" or \"2 years\"");
  return 0;
}

void read_period(ReadContext& context, const Node& node, const std::string& path, Policy& policy) {
  const Scenario& scenario = context.scenario;
  const Node* from = node.find("from");
  if (from == nullptr)
    return missing(context, node, path, "from", "a policy begins on a date", "add from = 2015-01-01");
  const auto date = read_date(context, *from, path + ".from");
  if (!date) return;
  policy.from = *date;
  if (context.period_sound && policy.from >= scenario.end)
    context.problems.add(from->where, fmt::format("{} begins on {}", path, sim::to_string(policy.from)),
                         fmt::format("the run ends before {}", sim::to_string(scenario.end)),
                         "make scenario.end later, or remove the policy");
  const Node* until = node.find("until");
  if (until == nullptr) return;
  policy.until = read_date(context, *until, path + ".until");
  if (!policy.until) return;
  if (*policy.until <= policy.from)
    context.problems.add(until->where, fmt::format("{} ends on {}", path, sim::to_string(*policy.until)),
                         fmt::format("it begins on {}", sim::to_string(policy.from)), "it ends after it begins");
  else if (context.period_sound && *policy.until <= scenario.start)
    context.problems.add(
        until->where, fmt::format("{} ends on {}", path, sim::to_string(*policy.until)),
        fmt::format("the run starts on {}, so it would change nothing", sim::to_string(scenario.start)),
        "remove the policy");
}

}  // namespace

std::string read_package_part(ReadContext& context, const Node& table, const std::string& path) {
  const Node* part = table.find("package_part");
  if (part == nullptr) return {};
  const std::optional<std::string> name = read_text(context, *part, path + ".package_part");
  if (!name || !check_name(context, *name, part->where, "a part of a package")) return {};
  if (*name != kUndatedPart) return *name;
  context.problems.add(part->where, fmt::format("{}.package_part is \"{}\"", path, *name),
                       "results call by that name what differs without a date", "give the part another name");
  return {};
}

void read_policies(ReadContext& context, const Node& root) {
  for_each_table(
      context, root, "policies", "a policy", [&](const std::string& name, const Node& node, const std::string& path) {
        check_keys(
            context, node, path,
            {"label", "package_part", "from", "until", "phase_in", "applies_to", "regions", "set", "scale", "shift"});
        Policy policy;
        policy.name = name;
        policy.where = node.key;
        if (const Node* label = node.find("label"))
          policy.label = read_text(context, *label, path + ".label").value_or("");
        policy.package_part = read_package_part(context, node, path);
        read_period(context, node, path, policy);
        if (const Node* phase = node.find("phase_in"))
          policy.phase_in_months = read_phase_in(context, *phase, path + ".phase_in");
        if (const Node* applies = node.find("applies_to")) {
          const std::size_t to =
              read_choice(context, *applies, path + ".applies_to", {"everyone", "new cases", "inside"}).value_or(0);
          policy.everyone = to != 1;
          policy.inside = to == 2;
        }
        if (const Node* regions = node.find("regions"))
          policy.regions = read_labels(context, *regions, Trait::region, path + ".regions");
        bool any = false;
        for (std::size_t i = 0; i < node.items.size(); ++i) {
          const auto operation = std::find(kOperations.begin(), kOperations.end(), node.keys[i]);
          if (operation == kOperations.end()) continue;
          any = true;
          const std::string below = join(path, node.keys[i]);
          if (expect(context, node.items[i], NodeType::table, below))
            ChangeReader(context, policy)
                .read(node.items[i], static_cast<Operation>(operation - kOperations.begin()), below, "");
        }
        if (!any)
          context.problems.add(node.key, fmt::format("{} changes nothing", path), "it has no set, scale or shift",
                               "add set.<path of a number> = …, or remove the policy");
        context.scenario.policies.push_back(std::move(policy));
      });
  std::stable_sort(context.scenario.policies.begin(), context.scenario.policies.end(),
                   [](const Policy& a, const Policy& b) { return a.from < b.from; });
}

}  // namespace prisonflow::models
