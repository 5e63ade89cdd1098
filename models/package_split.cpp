// See the header.
#include "models/package_split.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <set>

#include "models/describe.hpp"
#include "models/policy_checks.hpp"

namespace prisonflow::models {

namespace {

const std::string& name_of(const Policy& policy) {
  return policy.name;
}
const std::string& name_of(const Amnesty& amnesty) {
  return amnesty.name;
}
const std::string& name_of(const EmergencyRelease& release) {
  return release.terms.name;
}

template <class Measure>
bool has(const std::vector<Measure>& measures, const std::string& name) {
  return std::any_of(measures.begin(), measures.end(), [&](const Measure& each) { return name_of(each) == name; });
}
template <class Measure>
void remove(std::vector<Measure>& measures, const std::vector<std::string>& names) {
  std::erase_if(measures, [&](const Measure& each) {
    return std::find(names.begin(), names.end(), name_of(each)) != names.end();
  });
}

/// The first thing that policies of a scenario break, as one clause, or nothing.
std::string what_is_broken(const Scenario& scenario) {
  Problems problems;
  check_policies(scenario, {}, problems);
  if (problems.none()) return {};
  std::vector<std::string> files;
  for (const SourceFile& file : scenario.files) files.push_back(file.path);
  return problems.in_text_order(files).front().problem;
}

/// Asks of each world once whether its policies can be.
class Worlds {
 public:
  Worlds(const Package& package, const Scenario& reform) : package_(package), trial_(reform), all_(reform.policies) {}

  std::string broken(Subset on) {
    trial_.policies = all_;
    for (std::size_t part = 0; part < package_.parts().size(); ++part)
      if ((on >> part & 1) == 0) remove(trial_.policies, package_.parts()[part].policies);
    return what_is_broken(trial_);
  }

 private:
  const Package& package_;
  Scenario trial_;
  std::vector<Policy> all_;
};

/// The resolved text without what cannot move a result: names and titles, seed and replications, and the numbers of
/// the measures that are not there.
std::string comparable_text(Scenario scenario, const std::vector<std::string>& absent) {
  scenario.name = scenario.title = scenario.description = "";
  scenario.seed = scenario.replications = 1;
  scenario.observed.clear();
  const std::string text = resolved_text(scenario);
  std::string kept;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
    const std::string_view line = std::string_view(text).substr(begin, end - begin);
    if (std::none_of(absent.begin(), absent.end(), [&](const std::string& path) { return line.starts_with(path); }))
      kept += line;
    begin = end;
  }
  return kept;
}

}  // namespace

Package::Package(const Scenario& baseline, const Scenario& reform) : baseline_(baseline), reform_(reform) {
  // By date, policies before amnesties of the same day; both lists are in that order already.
  auto amnesty = reform.amnesties.begin();
  const auto add_amnesties_until = [&](const Policy* next) {
    for (; amnesty != reform.amnesties.end() && (next == nullptr || amnesty->on < next->from); ++amnesty)
      if (!has(baseline.amnesties, amnesty->name)) add(&PackagePart::amnesties, *amnesty);
  };
  for (const Policy& policy : reform.policies) {
    add_amnesties_until(&policy);
    if (!has(baseline.policies, policy.name))
      part_of(policy.name, policy.package_part, policy.label).policies.push_back(policy.name);
  }
  add_amnesties_until(nullptr);
  for (const EmergencyRelease& release : reform.emergency_releases)
    if (!has(baseline.emergency_releases, release.terms.name)) add(&PackagePart::emergency_releases, release.terms);
  if (parts_.size() > kMostParts)
    throw PackageError(
        fmt::format("{} has {} dated measures beside the baseline's (at most {} can be told apart); "
                    "give those that are one law the same package_part",
                    reform.name, parts_.size(), kMostParts));
  has_undated_ = differs_without_parts();
}

void Package::add(std::vector<std::string> PackagePart::*list, const Amnesty& measure) {
  (part_of(measure.name, measure.package_part, measure.label).*list).push_back(measure.name);
}

PackagePart& Package::part_of(const std::string& name, const std::string& package_part, const std::string& label) {
  const std::string& part_name = package_part.empty() ? name : package_part;
  if (part_name == kUndatedPart)
    throw PackageError(
        fmt::format("a dated measure of {} is named \"{}\" (results call by that name what differs "
                    "without a date); give it another name, or a package_part",
                    reform_.name, kUndatedPart));
  auto found =
      std::find_if(parts_.begin(), parts_.end(), [&](const PackagePart& part) { return part.name == part_name; });
  if (found == parts_.end()) found = parts_.insert(parts_.end(), {part_name, "", {}, {}, {}});
  if (!label.empty()) found->description += (found->description.empty() ? "" : "; ") + label;
  return *found;
}

bool Package::differs_without_parts() const {
  std::vector<std::string> absent;
  for (const PackagePart& part : parts_) {
    for (const std::string& name : part.policies) absent.push_back(fmt::format("\"policies.{}.", name));
    for (const std::string& name : part.amnesties) absent.push_back(fmt::format("\"amnesties.{}.", name));
    for (const std::string& name : part.emergency_releases)
      absent.push_back(fmt::format("\"emergency_releases.{}.", name));
  }
  return comparable_text(with(0), absent) != comparable_text(baseline_, {});
}

Scenario Package::with(Subset on) const {
  Scenario scenario = reform_;
  for (SourceFile& file : scenario.files) file.text.clear();
  for (std::size_t part = 0; part < parts_.size(); ++part) {
    if ((on >> part & 1) != 0) continue;
    remove(scenario.policies, parts_[part].policies);
    remove(scenario.amnesties, parts_[part].amnesties);
    remove(scenario.emergency_releases, parts_[part].emergency_releases);
  }
  return scenario;
}

void Package::check(const std::vector<Subset>& subsets) const {
  std::vector<Subset> by_size = subsets;
  std::stable_sort(by_size.begin(), by_size.end(),
                   [](Subset a, Subset b) { return std::popcount(a) < std::popcount(b); });
  Worlds worlds(*this, reform_);
  for (const Subset on : by_size) {
    const std::string broken = worlds.broken(on);
    if (broken.empty()) continue;
    // Who is there that should not be alone, and who is missing.
    std::string present = "the rest of the scenario", absent = "the other measures";
    std::string suggestion = "change the policies so that each can stand alone";
    for (std::size_t part = 0; part < parts_.size(); ++part) {
      const Subset bit = Subset{1} << part;
      if ((on & bit) != 0 && worlds.broken(on & ~bit).empty()) present = fmt::format("'{}'", parts_[part].name);
      if ((on & bit) == 0 && absent.front() != '\'' && worlds.broken(on | bit).empty())
        absent = fmt::format("'{}'", parts_[part].name);
    }
    if (present.front() == '\'' && absent.front() == '\'')
      suggestion = "if they are one law, give both the same package_part";
    throw PackageError(
        fmt::format("{}: {} cannot be without {}: {} (the effect of a measure is split by leaving others out); {}",
                    reform_.name, present, absent, broken, suggestion));
  }
}

}  // namespace prisonflow::models
