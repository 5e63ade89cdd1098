// Compares persons between two worlds, by name, field by field; states are told apart by their name.
#pragma once

#include <string>

#include "tests/support/world.hpp"

namespace prisonflow::testing {

/// What differs between two records of one person, as text; empty when nothing does.
std::string difference(const World& world, const models::Person& person, const World& other_world,
                       const models::Person& other);

/// The first difference between the persons of two worlds, or empty. `only_first_may_have_more`: persons whom the
/// second world does not have are passed over.
std::string first_difference(const World& world, const models::Replication& replication, const World& other_world,
                             const models::Replication& other, bool only_first_may_have_more = false);

}  // namespace prisonflow::testing
