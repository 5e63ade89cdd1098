// Laws made ready for many draws (Distribution::prepared), equal ones sharing their tables.
#pragma once

#include <map>
#include <tuple>

#include "sim/distributions.hpp"

namespace prisonflow::sim {

/// Prepares laws one after the other. Whether a law gets a table depends on its own numbers alone, never on those
/// before it: a person must draw the same bits in two scenarios (promise P2).
class PreparedLaws {
 public:
  Distribution operator()(const Distribution& law);

 private:
  std::map<std::tuple<Distribution::Family, double, double>, Distribution> known_;  // base distributions
};

}  // namespace prisonflow::sim
