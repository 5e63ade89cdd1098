// Small systems given as text, and their steady states, for the tests of the linear algebra.
#pragma once

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "models/diagnostics.hpp"
#include "models/scenario_reader.hpp"
#include "models/steady_state.hpp"

namespace prisonflow::models {

inline constexpr double kYear = sim::kDaysPerYear;  // days

/// A scenario from text; ten newcomers a day unless the text says otherwise.
inline Scenario scenario_of(const std::string& text, const std::string& first = "start", double per_day = 10) {
  // Two tests may run at once, and with the same text.
  const auto path =
      std::filesystem::temp_directory_path() / ("prisonflow_steady_state_" + std::to_string(getpid()) + ".toml");
  std::ofstream file(path);
  file << "[scenario]\nname = \"steady\"\ntitle = \"Steady\"\nstart = 2000-01-01\nend = 2020-01-01\n"
       << "[arrivals.newcomers]\ngrade = \"assumed\"\nto = \"" << first
       << "\"\nrate = " << std::to_string(per_day * kYear) << "\n"
       << text << "\n[states.out]\nkind = \"exit\"\n";
  file.close();
  try {
    Scenario scenario = read_scenario(path);
    std::filesystem::remove(path);
    return scenario;
  } catch (const InvalidScenario& invalid) {
    FAIL(invalid.what());
    throw;
  }
}

/// A scenario and its steady state.
class Steady {
 public:
  explicit Steady(const std::string& text, const std::string& first = "start")
      : scenario_(std::make_unique<Scenario>(scenario_of(text, first))),
        model_(std::make_unique<Model>(*scenario_, draw_values(*scenario_, {}))),
        result_(steady_state(*model_)) {}
  double stock(const std::string& state) const { return result_.total(scenario_->find_state(state)); }
  double entries(const std::string& state) const { return sum(result_.entries_per_day[scenario_->find_state(state)]); }
  double entries(const std::string& state, std::uint32_t cell) const {
    return result_.entries_per_day[scenario_->find_state(state)][cell];
  }
  double susceptible(const std::string& state) const { return sum(result_.susceptible[scenario_->find_state(state)]); }
  const SteadyState& result() const { return result_; }
  const Scenario& scenario() const { return *scenario_; }
  const Model& model() const { return *model_; }

 private:
  static double sum(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }
  std::unique_ptr<Scenario> scenario_;
  std::unique_ptr<Model> model_;
  SteadyState result_;
};

inline bool near(double value, double expected, double tolerance) {
  return std::abs(value - expected) <= tolerance * std::abs(expected);
}

/// `value` is `right` and not `wrong`, the same formula with another number.
inline void check(double value, double right, double wrong, double tolerance = 1e-6) {
  INFO("value " << value << ", right " << right << ", wrong " << wrong);
  CHECK(near(value, right, tolerance));
  CHECK_FALSE(near(value, wrong, 10 * tolerance));
}

inline std::string one_delay(const std::string& law, const std::string& more = "") {
  return "[states.start]\ngrade = \"assumed\"\nkind = \"delay\"\nnext = \"out\"\nduration = " + law + "\n" + more;
}
inline const std::string kDeath = "[mortality]\ngrade = \"assumed\"\nto = \"out\"\nrate = 0.5\n";

inline const std::string kPrison = R"(
[states.prison]
grade = "assumed"
kind = "custody"
next = "out"
pretrial_credit = 1
)";

}  // namespace prisonflow::models
