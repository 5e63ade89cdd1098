// See the header.
#include "models/settlement.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace prisonflow::models {

Settlement::Settlement(const Model& model, const MovementFacts& facts) : model_(model), facts_(facts) {
  const Scenario& scenario = model.scenario();
  for (const Service& service : scenario.services) service_queues_.emplace_back(service.priority.size() + 1);
  place_queues_.resize(scenario.groups.size());
  freed_.resize(scenario.services.size());
  busy_.resize(scenario.services.size());
  allowance_.resize(scenario.services.size());
  for (const Facility& facility : scenario.facilities) {
    std::vector<bool> admitted(model.cells().count);
    for (std::uint32_t cell = 0; cell < model.cells().count; ++cell) {
      admitted[cell] = admits(facility, model.cells(), cell);
    }
    admits_.push_back(std::move(admitted));
    group_of_.push_back(static_cast<std::uint8_t>(facility.group));
  }
  stock_.resize(scenario.facilities.size());
  places_.resize(scenario.facilities.size());
}

std::size_t Settlement::waiting() const {
  std::size_t count = 0;
  for (const Queue& queue : service_queues_) {
    for (const auto& line : queue) count += line.size();
  }
  for (const auto& line : place_queues_) count += line.size();
  return count;
}

std::size_t Settlement::bytes() const {
  return (waiting() + today_.capacity()) * sizeof(Request);
}

void Settlement::collect(Partitions& partitions) {
  today_.clear();
  for (auto& times : freed_) times.clear();
  for (const auto& partition : partitions) {
    today_.insert(today_.end(), partition->requests.begin(), partition->requests.end());
    partition->requests.clear();
    for (const Freed& freed : partition->freed) freed_[freed.service].push_back(freed.time);
    partition->freed.clear();
  }
  for (auto& times : freed_) std::sort(times.begin(), times.end());
  std::sort(today_.begin(), today_.end(), [](const Request& left, const Request& right) {
    const std::uint64_t left_order = left.order();
    const std::uint64_t right_order = right.order();
    return left_order != right_order ? left_order < right_order : left.name < right.name;
  });
}

void Settlement::settle(sim::Day day, const Version& version, Partitions& partitions) {
  if (service_queues_.empty() && group_of_.empty()) return;
  collect(partitions);
  for (const Request& request : today_) {
    if (request.service) service_queues_[request.resource][request.priority].push_back(request);
  }
  for (std::size_t service = 0; service < service_queues_.size(); ++service) {
    settle_service(static_cast<std::uint8_t>(service), day, version, partitions);
  }
  if (!group_of_.empty()) settle_places(day, partitions);
}

bool Settlement::still_waits(const Request& request, const Partitions& partitions) {
  const Person& person = partitions[request.partition]->people[request.slot];
  return person.state == request.state && person.name == request.name && person.waiting;
}

void Settlement::settle_service(std::uint8_t service, sim::Day day, const Version& version, Partitions& partitions) {
  const std::vector<sim::Minute>& freed = freed_[service];
  const auto freed_count = static_cast<std::int64_t>(freed.size());
  const double servers = version.servers[service];
  const bool limited = servers < std::numeric_limits<double>::infinity();
  const std::int64_t capacity = limited ? static_cast<std::int64_t>(servers) : 0;
  // Servers that stood idle before anyone left today come first; a cut in capacity uses up what was freed.
  const std::int64_t idle = limited ? std::max<std::int64_t>(capacity - busy_[service], 0) : 0;
  const std::int64_t surplus = limited ? std::max<std::int64_t>(busy_[service] - capacity, 0) : 0;
  busy_[service] -= freed_count;
  std::int64_t given_out = 0;
  double& allowance = allowance_[service];
  allowance = std::min(allowance, 1.0) + version.per_day[service];
  const sim::Minute morning = sim::start_of(day);
  for (auto& line : service_queues_[service]) {
    while (!line.empty()) {
      sim::Minute free_since = morning;
      if (limited) {
        const std::int64_t taken_from_freed = given_out - idle + surplus;
        if (given_out >= idle) {
          if (taken_from_freed >= freed_count) return;
          free_since = freed[static_cast<std::size_t>(taken_from_freed)];
        }
      }
      if (allowance < 1.0) return;
      const Request request = line.front();
      line.pop_front();
      if (!still_waits(request, partitions)) continue;
      const sim::Minute start = std::max(request.time, free_since);
      partitions[request.partition]->grants.push_back(
          Grant{.name = request.name, .start = start, .slot = request.slot, .facility = kNoFacility, .begins = true});
      ServiceTally& tally = partitions[request.partition]->tallies.services[service];
      ++tally.begun;
      tally.waited_minutes += start - request.time;
      ++given_out;
      ++busy_[service];
      allowance -= 1.0;
    }
  }
}

void Settlement::settle_places(sim::Day day, Partitions& partitions) {
  std::fill(stock_.begin(), stock_.end(), 0);
  for (const auto& partition : partitions) {
    for (std::size_t facility = 0; facility < stock_.size(); ++facility) {
      stock_[facility] += partition->tallies.facilities[facility].stock;
    }
  }
  for (std::size_t facility = 0; facility < places_.size(); ++facility) {
    places_[facility] = static_cast<std::int64_t>(std::floor(model_.places(facility, std::max(day, 0))));
  }
  const sim::Minute midnight = sim::start_of(day + 1);
  for (const Request& request : today_) {
    if (request.service) continue;
    const Person& person = partitions[request.partition]->people[request.slot];
    // Who left again on the same day, or came back to a place of another group, asks for nothing here any more.
    if (person.state == kFreeSlot || person.name != request.name || person.facility != kNoFacility ||
        model_.facts()[person.state].group != request.resource) {
      continue;
    }
    if (facts_.waits[request.resource] && person.waiting) {
      place_queues_[request.resource].push_back(request);
    } else {
      give_place(request, choose_facility(request, false), false, midnight, partitions);
    }
  }
  for (auto& line : place_queues_) {
    std::deque<Request> left;
    for (const Request& request : line) {
      if (!still_waits(request, partitions)) continue;
      const std::uint8_t facility = choose_facility(request, true);
      if (facility == kNoFacility) {
        left.push_back(request);
      } else {
        give_place(request, facility, true, midnight, partitions);
      }
    }
    line.swap(left);
  }
}

void Settlement::give_place(const Request& request, std::uint8_t facility, bool begins, sim::Minute start,
                            Partitions& partitions) {
  if (facility == kNoFacility) return;
  ++stock_[facility];
  partitions[request.partition]->grants.push_back(
      Grant{.name = request.name, .start = start, .slot = request.slot, .facility = facility, .begins = begins});
}

std::uint8_t Settlement::choose_facility(const Request& request, bool only_with_free_place) const {
  std::uint8_t best = kNoFacility;
  for (std::size_t facility = 0; facility < stock_.size(); ++facility) {
    if (group_of_[facility] != request.resource || !admits_[facility][request.cell] || places_[facility] <= 0) continue;
    if (only_with_free_place && stock_[facility] >= places_[facility]) continue;
    // (stock + 1) / places is smaller: compared in whole numbers, the first facility wins a tie.
    if (best == kNoFacility || (stock_[facility] + 1) * places_[best] < (stock_[best] + 1) * places_[facility]) {
      best = static_cast<std::uint8_t>(facility);
    }
  }
  return best;
}

}  // namespace prisonflow::models
