// `prisonflow verify`: what the simulation shows in a steady state against what linear algebra says it must show.
//
// Every timed state's mean stock and every state's entries are compared. The bound is the quantile of Student's t at
// which a correct program raises a false alarm once in 10,000 runs of this command (Bonferroni over all rows).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/cli/messages.hpp"
#include "models/cli/options.hpp"
#include "models/cli/prepared_run.hpp"
#include "models/cli/progress.hpp"
#include "models/cli/student.hpp"
#include "models/scenario_reader.hpp"
#include "models/verification.hpp"
#include "output/statistics.hpp"
#include "output/table.hpp"

namespace prisonflow::cli {

namespace {

constexpr double kFamilyAlarm = 1e-4;
/// What the algebra covers only approximately may differ by as much without being called wrong.
constexpr double kApproximation = 0.05;

struct Row {
  std::string state;
  double expected = 0;
  std::vector<double> simulated{};  ///< one a replication
  bool compared = true;

  double mean() const { return output::mean(simulated); }
  double standard_error() const { return output::standard_error(simulated); }
  double difference() const { return mean() - expected; }
  bool occurs() const { return compared && (expected > 0 || mean() > 0); }
  bool within(double bound) const {
    // Where nothing varies (nobody ever comes) only rounding may differ.
    const double rounding = 1e-9 * std::max(1.0, expected);
    return std::abs(difference()) <= std::max(bound * standard_error(), rounding);
  }
};

/// Sums a measure over months and regions, by state.
std::vector<double> sums_by_state(const models::Measures& measures, const models::ReplicationResult& result,
                                  const std::string& name, std::size_t states) {
  std::vector<double> sums(states, 0.0);
  for (std::size_t measure = 0; measure < measures.infos().size(); ++measure) {
    if (measures.infos()[measure].name != name) continue;
    // The state is the last dimension.
    const std::vector<double>& values = result.values[measure];
    for (std::size_t index = 0; index < values.size(); ++index) sums[index % states] += values[index];
  }
  return sums;
}

std::string section(const std::string& heading, const std::vector<Row>& rows, double bound) {
  output::Table table({{"state", output::Alignment::left},
                       {"expected"},
                       {"simulated"},
                       {"differs"},
                       {"standard errors"},
                       {"verdict", output::Alignment::left}});
  for (const Row& row : rows) {
    if (!row.occurs()) continue;
    const int decimals = row.expected < 100 ? 2 : row.expected < 1000 ? 1 : 0;
    const double error = row.standard_error();
    table.add_row(
        {row.state, output::format_number(row.expected, decimals), output::format_number(row.mean(), decimals),
         row.expected > 0 ? fmt::format("{:+.2f} %", 100 * row.difference() / row.expected) : "–",
         error > 0 ? fmt::format("{:+.1f}", row.difference() / error) : "–", row.within(bound) ? "within" : "outside"});
  }
  return toned_output(Tone::strong, heading) + "\n" + table.text(100) + "\n";
}

}  // namespace

int verify(const VerifyOptions& options) {
  const models::Scenario scenario = models::read_scenario(options.scenario);
  const std::uint64_t seed = options.seed.value_or(scenario.seed);
  const PreparedScenario prepared(models::without_limits(scenario, options.years), seed);
  const models::Model& model = prepared.experiment(0)->model();
  const auto shared = prepared.steady_states().of(model);
  const models::SteadyState& steady = *shared;
  const std::vector<std::string> outside = models::outside_steady_state(model);
  const std::size_t states = prepared.scenario().states.size();
  const double years = prepared.days() / sim::kDaysPerYear;

  print(fmt::format("{}: {} of {} years, seed {}\npolicies, events, limits and ageing are off; arrivals as on {}\n\n",
                    prepared.scenario().name, plural(options.replications, "replication"), options.years, seed,
                    sim::to_string(scenario.start)));
  for (const std::string& sentence : outside) print("not covered exactly: " + sentence + "\n");
  if (!outside.empty()) print("\n");

  std::vector<Row> stocks, entries;
  for (std::size_t state = 0; state < states; ++state) {
    double a_day = 0;
    for (const double by_cell : steady.entries_per_day[state]) a_day += by_cell;
    stocks.push_back(
        {prepared.scenario().states[state].name, steady.total(static_cast<models::StateIndex>(state)), {}});
    entries.push_back({prepared.scenario().states[state].name, a_day * sim::kDaysPerYear, {}});
    // Who comes back from a refused parole or with a warning has never left, says the simulation; the algebra counts
    // both.
    if (prepared.scenario().states[state].on_milestone != models::kNoState) entries.back().compared = false;
  }
  Progress progress(stderr_is_terminal() ? Progress::Style::line : Progress::Style::none,
                    {static_cast<std::uint64_t>(prepared.days()) * options.replications, options.replications});
  sim::Workers workers(options.threads > 0 ? options.threads : sim::available_threads());
  workers.produce_in_order<models::ReplicationResult>(
      options.replications,
      [&](std::size_t replication) {
        return simulate(
            *prepared.experiment(0), prepared.measures(), seed, static_cast<std::uint32_t>(replication), 1, nullptr,
            [&](sim::Day days, std::uint64_t events) { progress.advance(static_cast<std::uint64_t>(days), events); });
      },
      [&](std::size_t, models::ReplicationResult&& result) {
        const auto person_years = sums_by_state(prepared.measures(), result, "person_years", states);
        const auto entered = sums_by_state(prepared.measures(), result, "entries", states);
        for (std::size_t state = 0; state < states; ++state) {
          stocks[state].simulated.push_back(person_years[state] / years);
          entries[state].simulated.push_back(entered[state] / years);
        }
        progress.finish_replication();
      },
      [] { return false; });
  progress.close();

  std::size_t compared = 0;
  std::vector<const Row*> all;
  for (const auto* rows : {&stocks, &entries}) {
    for (const Row& row : *rows) {
      if (row.occurs()) ++compared;
      all.push_back(&row);
    }
  }
  const double bound =
      student_bound(kFamilyAlarm / static_cast<double>(std::max<std::size_t>(compared, 1)), options.replications - 1.0);
  print(section("Persons in each state", stocks, bound) + section("Entries a year", entries, bound));
  std::size_t beyond = 0, wrong = 0;
  for (const Row* row : all) {
    if (!row->occurs() || row->within(bound)) continue;
    ++beyond;
    if (outside.empty() || std::abs(row->difference()) > kApproximation * row->expected) ++wrong;
  }
  print(fmt::format("bound: {:.1f} standard errors (a false alarm once in 10,000 runs over {} comparisons)\n", bound,
                    compared));
  constexpr double kWide = 10;
  if (bound > kWide) print("with so few replications the bound is wide; -n 20 makes it narrower\n");
  if (wrong > 0) {
    print(toned_output(Tone::error, fmt::format("{} outside: the simulation and the algebra disagree\n",
                                                plural(wrong, "comparison"))));
    return kFailed;
  }
  print(beyond > 0 ? fmt::format("{} outside, within the {:.0f} per cent left to what the algebra does not cover\n",
                                 plural(beyond, "comparison"), 100 * kApproximation)
                   : "the simulation agrees with the algebra everywhere\n");
  return kDone;
}

}  // namespace prisonflow::cli
