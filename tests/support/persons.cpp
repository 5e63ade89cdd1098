// See the header.
#include "tests/support/persons.hpp"

#include <bit>
#include <set>

namespace prisonflow::testing {

namespace {

std::string state_name(const World& world, std::uint8_t state) {
  return state == models::kNoResume ? "none" : world.scenario().states.at(state).name;
}

std::set<std::string> visited(const World& world, const models::Person& person) {
  std::set<std::string> names;
  const auto& facts = world.experiment().model().facts();
  for (std::size_t state = 0; state < facts.size(); ++state) {
    if ((person.visited & facts[state].visit_mask()) == 0) continue;
    names.insert(world.scenario().states[state].name);
  }
  return names;
}

}  // namespace

std::string difference(const World& world, const models::Person& a, const World& other_world, const models::Person& b) {
  std::string text;
  const auto compare = [&](const char* field, auto left, auto right) {
    if (left != right) text += std::string(field) + " ";
  };
  compare("name", a.name, b.name);
  compare("pending", a.pending, b.pending);
  compare("last", a.last, b.last);
  compare("state_end", a.state_end, b.state_end);
  compare("term_end", a.term_end, b.term_end);
  compare("milestone", a.milestone, b.milestone);
  compare("clock", a.clock, b.clock);
  compare("birth", a.birth, b.birth);
  compare("pretrial", a.pretrial, b.pretrial);
  compare("death", a.death, b.death);
  compare("fuse", std::bit_cast<std::uint32_t>(a.fuse), std::bit_cast<std::uint32_t>(b.fuse));
  compare("visited", visited(world, a), visited(other_world, b));
  compare("cell", a.cell, b.cell);
  compare("state", state_name(world, a.state), state_name(other_world, b.state));
  compare("case_number", a.case_number, b.case_number);
  compare("round", a.round, b.round);
  compare("law", a.law, b.law);
  compare("priors", a.priors, b.priors);
  compare("new_convictions", a.new_convictions, b.new_convictions);
  compare("event", static_cast<int>(a.event), static_cast<int>(b.event));
  compare("facility", a.facility, b.facility);
  compare("resume", state_name(world, a.resume), state_name(other_world, b.resume));
  compare("waiting", static_cast<int>(a.waiting), static_cast<int>(b.waiting));
  compare("released", static_cast<int>(a.released), static_cast<int>(b.released));
  compare("keeps_stay", static_cast<int>(a.keeps_stay), static_cast<int>(b.keeps_stay));
  return text;
}

std::string first_difference(const World& world, const models::Replication& replication, const World& other_world,
                             const models::Replication& other, bool only_first_may_have_more) {
  const auto left = persons_by_name(replication);
  const auto right = persons_by_name(other);
  for (const auto& [name, person] : right) {
    const auto found = left.find(name);
    if (found == left.end()) return "person " + std::to_string(name) + " is in the second world only";
    const std::string fields = difference(world, found->second, other_world, person);
    if (!fields.empty()) return "person " + std::to_string(name) + " differs in " + fields;
  }
  if (!only_first_may_have_more && left.size() != right.size()) return "the first world has more persons";
  return {};
}

}  // namespace prisonflow::testing
