// See the header.
#include "models/cli/package_runs.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <set>

#include "models/cli/messages.hpp"
#include "models/cli/options.hpp"
#include "output/run_record.hpp"
#include "sim/numerics.hpp"

namespace prisonflow::cli {

namespace {

using models::Subset;

/// What is shared out, where scenarios have it.
constexpr std::array<const char*, 4> kSharedOut{"prison_population", "under_supervision", "under_control",
                                                "cost_total"};

const models::MeasureInfo* find_info(const models::Measures& measures, const std::string& name) {
  const auto& infos = measures.infos();
  const auto found =
      std::find_if(infos.begin(), infos.end(), [&](const models::MeasureInfo& info) { return info.name == name; });
  return found == infos.end() ? nullptr : &*found;
}

Subset all_of(const models::Package& package) {
  return (Subset{1} << package.parts().size()) - 1;
}

/// What compiled worlds may take: a quarter of the machine.
double most_bytes() {
  return static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE)) / 4;
}

}  // namespace

PackageRuns::PackageRuns(const std::vector<PreparedScenario>& prepared, std::uint64_t seed, std::uint32_t replications,
                         std::uint32_t orders)
    : baseline_(prepared.front()), seed_(seed), orders_(orders) {
  if (prepared.size() < 2)
    throw UsageError(
        "--split needs a baseline and a reform (a package is what the reform has more); name two scenarios");
  try {
    for (std::size_t scenario = 1; scenario < prepared.size(); ++scenario) {
      reforms_.push_back({&prepared[scenario],
                          models::Package(baseline_.scenario(), prepared[scenario].scenario()),
                          {},
                          std::nullopt,
                          {}});
    }
    add_axis();
    add_infos();
    for (Reform& reform : reforms_) {
      const std::size_t parts = reform.package.parts().size();
      if (parts <= models::kMostPartsExactly) reform.exact = models::SharingPlan::exactly(parts);
      check_and_count(reform, replications);
      keep_worlds(reform);
    }
  } catch (const models::PackageError& refused) {
    throw UsageError(refused.what());
  }
}

/// One axis for all reforms: their parts in order of first appearance, and last what has no date.
void PackageRuns::add_axis() {
  dimension_.name = "package_part";
  const auto place = [&](const std::string& name, const std::string& description) {
    const auto found = std::find(dimension_.labels.begin(), dimension_.labels.end(), name);
    if (found == dimension_.labels.end()) {
      dimension_.labels.push_back(name);
      dimension_.descriptions.push_back(description);
      return dimension_.labels.size() - 1;
    }
    return static_cast<std::size_t>(found - dimension_.labels.begin());
  };
  for (Reform& reform : reforms_)
    for (const models::PackagePart& part : reform.package.parts())
      reform.places.push_back(place(part.name, part.description));
  const std::size_t undated = place(std::string(models::kUndatedPart), "what differs from the baseline without a date");
  for (Reform& reform : reforms_) reform.places.push_back(undated);
}

void PackageRuns::add_infos() {
  for (const char* const name : kSharedOut) {
    const auto has = [&](const PreparedScenario& prepared) {
      const models::MeasureInfo* info = find_info(prepared.measures(), name);
      return info != nullptr && info->monthly;
    };
    const auto reform_has = [&](const Reform& reform) { return has(*reform.prepared); };
    if (has(baseline_) && std::all_of(reforms_.begin(), reforms_.end(), reform_has)) shared_out_.emplace_back(name);
  }
  const auto add = [&](const std::string& start, const std::string& long_name, const std::string& measure) {
    models::MeasureInfo info = *find_info(baseline_.measures(), measure);
    info.long_name = long_name + info.long_name;
    info.name = start + measure;
    info.dimensions = {0};
    info.cells = dimension_.labels.size();
    info.whole_numbers = false;
    infos_.push_back(std::move(info));
  };
  for (const std::string& measure : shared_out_)
    add("split_", "effect of each part of the reform, averaged over orders, on: ", measure);
  for (const std::string& measure : shared_out_)
    add("split_error_", "standard error, from sampled orders, of the effect of each part on: ", measure);
}

/// Looks at every world that any replication will ask for.
void PackageRuns::check_and_count(Reform& reform, std::uint32_t replications) {
  const auto simulated = [&](const models::SharingPlan& plan) {
    return static_cast<std::uint64_t>(std::count_if(plan.subsets().begin(), plan.subsets().end(),
                                                    [&](Subset on) { return is_simulated(reform, on); }));
  };
  if (reform.exact) {
    simulations_ += replications * simulated(*reform.exact);
    return reform.package.check(reform.exact->subsets());
  }
  std::set<Subset> asked;
  for (std::uint32_t replication = 0; replication < replications; ++replication) {
    const models::SharingPlan some = plan(reform, replication);
    simulations_ += simulated(some);
    asked.insert(some.subsets().begin(), some.subsets().end());
  }
  reform.package.check({asked.begin(), asked.end()});
}

void PackageRuns::keep_worlds(Reform& reform) {
  const std::size_t parts = reform.package.parts().size();
  std::vector<Subset> wanted;
  if (reform.exact) {
    wanted = reform.exact->subsets();
  } else {
    wanted.push_back(0);
    for (std::size_t part = 0; part < parts; ++part) {
      wanted.push_back(Subset{1} << part);
      wanted.push_back(all_of(reform.package) & ~(Subset{1} << part));
    }
  }
  for (const Subset on : wanted) {
    if (!is_simulated(reform, on) || kept_bytes_ > most_bytes()) continue;
    const auto before = static_cast<double>(output::peak_memory_bytes());
    auto kept = std::make_unique<Kept>();
    kept->scenario = reform.package.with(on);
    if (!kept->scenario.draw_parameters) {
      kept->experiment.emplace(kept->scenario, models::draw_values(kept->scenario, sim::stream_key(seed_, 0)),
                               &baseline_.steady_states());
    }
    reform.kept.emplace_back(on, std::move(kept));
    kept_bytes_ += static_cast<double>(output::peak_memory_bytes()) - before;
  }
}

models::SharingPlan PackageRuns::plan(const Reform& reform, std::uint32_t replication) const {
  if (reform.exact) return *reform.exact;
  return models::SharingPlan::over(
      models::draw_orders(reform.package.parts().size(), orders_, sim::stream_key(seed_, replication)));
}

/// The reform itself is there, and so is the world without its parts where nothing else differs.
bool PackageRuns::is_simulated(const Reform& reform, Subset on) const {
  if (on == all_of(reform.package)) return false;
  return on != 0 || reform.package.has_undated();
}

std::vector<std::string> PackageRuns::in_words() const {
  std::vector<std::string> lines;
  for (const Reform& reform : reforms_) {
    const std::size_t parts = reform.package.parts().size();
    std::string names;
    for (const models::PackagePart& part : reform.package.parts()) names += (names.empty() ? "" : ", ") + part.name;
    lines.push_back(fmt::format("{} in {}: {}; {}", reform.prepared->scenario().name, plural(parts, "dated part"),
                                names.empty() ? "none" : names,
                                reform.exact ? "over all orders" : fmt::format("over {} orders", orders_)));
  }
  return lines;
}

std::size_t PackageRuns::kept_models() const {
  std::size_t count = 0;
  for (const Reform& reform : reforms_)
    for (const auto& [on, kept] : reform.kept) count += kept->experiment ? 1 : 0;
  return count;
}

models::ReplicationResult PackageRuns::world(const Reform& reform, Subset on, std::uint32_t replication,
                                             std::uint32_t partitions, sim::Workers* workers,
                                             const Report& report) const {
  const models::Measures& measures = reform.prepared->measures();
  const auto run = [&](const models::Experiment& experiment) {
    return simulate(experiment, measures, seed_, replication, partitions, workers, report);
  };
  const auto found =
      std::find_if(reform.kept.begin(), reform.kept.end(), [&](const auto& kept) { return kept.first == on; });
  if (found != reform.kept.end() && found->second->experiment) return run(*found->second->experiment);
  const auto compiled = [&](const models::Scenario& scenario) {
    return run(models::Experiment(scenario, models::draw_values(scenario, sim::stream_key(seed_, replication)),
                                  &baseline_.steady_states()));
  };
  return found != reform.kept.end() ? compiled(found->second->scenario) : compiled(reform.package.with(on));
}

std::vector<std::vector<double>> PackageRuns::split(std::size_t scenario, std::uint32_t replication,
                                                    std::uint32_t partitions, sim::Workers* workers,
                                                    const models::ReplicationResult& baseline,
                                                    const models::ReplicationResult& reform, const Report& report,
                                                    const Taken& taken) const {
  const Reform& of = reforms_[scenario - 1];
  const models::SharingPlan plan = this->plan(of, replication);
  const auto baseline_totals = totals(baseline_, baseline);
  std::vector<std::vector<std::vector<double>>> worths;  // [world][measure][month]
  for (const Subset on : plan.subsets()) {
    if (on == all_of(of.package)) {
      worths.push_back(totals(*of.prepared, reform));
    } else if (!is_simulated(of, on)) {
      worths.push_back(baseline_totals);
    } else {
      const models::ReplicationResult result = world(of, on, replication, partitions, workers, report);
      taken(result);
      worths.push_back(totals(*of.prepared, result));
    }
  }
  const std::size_t months = baseline_.measures().months().size();
  std::vector<std::vector<double>> values(infos_.size(),
                                          std::vector<double>(months * dimension_.labels.size(), sim::kMissing));
  share_out(of, plan, worths, baseline_totals, values);
  return values;
}

void PackageRuns::share_out(const Reform& reform, const models::SharingPlan& plan,
                            const std::vector<std::vector<std::vector<double>>>& worths,
                            const std::vector<std::vector<double>>& baseline,
                            std::vector<std::vector<double>>& values) const {
  const std::size_t labels = dimension_.labels.size();
  std::vector<double> of_month(worths.size());
  for (std::size_t measure = 0; measure < shared_out_.size(); ++measure) {
    for (std::size_t month = 0; month < baseline[measure].size(); ++month) {
      for (std::size_t world = 0; world < worths.size(); ++world) of_month[world] = worths[world][measure][month];
      const std::vector<double> shares = plan.shares(of_month, baseline[measure][month]);
      const std::vector<double> errors = plan.errors(of_month);
      for (std::size_t part = 0; part < shares.size(); ++part) {
        const std::size_t at = month * labels + reform.places[part];
        values[measure][at] = shares[part];
        values[shared_out_.size() + measure][at] = errors[part];
      }
    }
  }
}

/// By measure that is shared out and month: the sum over regions.
std::vector<std::vector<double>> PackageRuns::totals(const PreparedScenario& prepared,
                                                     const models::ReplicationResult& result) const {
  std::vector<std::vector<double>> totals;
  const models::Measures& measures = prepared.measures();
  for (const std::string& name : shared_out_) {
    const models::MeasureInfo* info = find_info(measures, name);
    const std::vector<double>& values = result.values[static_cast<std::size_t>(info - measures.infos().data())];
    std::vector<double> by_month(measures.months().size());
    for (std::size_t index = 0; index < values.size(); ++index) by_month[index / info->cells] += values[index];
    totals.push_back(std::move(by_month));
  }
  return totals;
}

}  // namespace prisonflow::cli
