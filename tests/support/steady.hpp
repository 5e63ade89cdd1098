// Steady states compared to the last bit.
#pragma once

#include <algorithm>
#include <string>

#include "models/describe.hpp"
#include "models/steady_state.hpp"
#include "models/steady_state_graph.hpp"

namespace prisonflow::testing {

inline bool same_bits(const models::SteadyState& one, const models::SteadyState& other) {
  const auto same_group = [](const models::StayGroup& a, const models::StayGroup& b) {
    return a.persons == b.persons && a.pretrial == b.pretrial && a.unserved == b.unserved &&
           a.remaining == b.remaining && a.hearing == b.hearing && a.convictions == b.convictions &&
           a.susceptible == b.susceptible && a.exposed == b.exposed && a.left == b.left;
  };
  const auto same_groups = [&](const auto& a, const auto& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), same_group);
  };
  const auto same_stays = [&](const auto& a, const auto& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), same_groups);
  };
  const auto same_cases = [](const auto& a, const auto& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
      return x.stays == y.stays && x.per_day == y.per_day && x.priors == y.priors;
    });
  };
  const auto same_credit = [](const auto& a, const auto& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
      return x.bin_minutes == y.bin_minutes && x.shares == y.shares;
    });
  };
  return one.stock == other.stock && one.entries_per_day == other.entries_per_day &&
         one.susceptible == other.susceptible &&
         std::equal(one.credit.begin(), one.credit.end(), other.credit.begin(), other.credit.end(), same_credit) &&
         std::equal(one.cases.begin(), one.cases.end(), other.cases.begin(), other.cases.end(), same_cases) &&
         std::equal(one.stays.begin(), one.stays.end(), other.stays.begin(), other.stays.end(), same_stays);
}

inline std::string first_day(const models::Model& model) {
  return models::first_day_text(model, models::CaseGraph(model, models::CaseGraph::starts_of(model)));
}

}  // namespace prisonflow::testing
