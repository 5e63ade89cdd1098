// The queue with many servers, Poisson arrivals and exponential services: Erlang's formula C.
#pragma once

namespace prisonflow::testing {

struct ManyServers {
  double chance_to_wait = 0;
  double mean_wait = 0;  ///< in the unit of `mean_service`, of all who come
};

/// M/M/c in equilibrium, for a load below `servers`.
inline ManyServers erlang(int servers, double arrivals, double mean_service) {
  const double load = arrivals * mean_service;
  double term = 1;
  double sum = 0;
  for (int k = 0; k < servers; ++k) {
    sum += term;
    term *= load / (k + 1);
  }
  const double all_busy = term * servers / (servers - load);
  const double chance = all_busy / (sum + all_busy);
  return {chance, chance * mean_service / (servers - load)};
}

}  // namespace prisonflow::testing
