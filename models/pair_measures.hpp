// What a run of several scenarios reports beyond each world's own measures: net-widening, and the days under control.
//
// The first scenario is the baseline. Every world says how long its people were under which control; a reform says what
// it did to the cases of the baseline (models/net_widening.hpp). One row a measure, as in models/measure_table.hpp.
#pragma once

#include <functional>
#include <vector>

#include "models/measures.hpp"
#include "models/net_widening.hpp"

namespace prisonflow::models {

class PairMeasures {
 public:
  /// `baseline` and `reform`: what their worlds report. All references must outlive this.
  PairMeasures(const Scenario& scenario_of_baseline, const Measures& baseline, const Measures& reform);

  /// Of each world by itself, the baseline included.
  const MeasureSet& of_world() const { return of_world_; }
  /// Of the reform against the baseline.
  const MeasureSet& of_pair() const { return of_pair_; }

  /// values[measure][cell], or [month × cells + cell]. `values`: those of the world's own measures.
  std::vector<std::vector<double>> world_values(const CaseTotals& totals) const;
  std::vector<std::vector<double>> pair_values(const CaseComparison& cases,
                                               const std::vector<std::vector<double>>& baseline,
                                               const std::vector<std::vector<double>>& reform) const;

 private:
  struct Pair {
    const CaseComparison& cases;
    const std::vector<std::vector<double>>& baseline;
    const std::vector<std::vector<double>>& reform;
  };
  using Fill = std::function<void(const Pair&, double*)>;
  using FillWorld = std::function<void(const CaseTotals&, double*)>;
  void add(MeasureInfo info, const std::vector<std::string>& by, Fill fill);
  void add_of_world(MeasureInfo info, const std::vector<std::string>& by, FillWorld fill);
  void matrices(const Scenario& scenario);
  void outcomes();
  void days();
  void stock_form();

  const Measures& baseline_;
  const Measures& reform_;
  MeasureSet of_world_, of_pair_;
  std::vector<FillWorld> world_rows_;
  std::vector<Fill> pair_rows_;
};

}  // namespace prisonflow::models
