// See the header.
#include "models/settlement.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

namespace prisonflow::models {

namespace {

constexpr std::size_t kAhead = 16;      // requests ahead whose persons are fetched
constexpr std::size_t kFew = 8;         // fewer are sorted by comparisons alone
constexpr std::uint32_t kLongRun = 24;  // of one stretch, beyond which an insertion sort takes too long

void fetch(const Request& request, const Partitions& partitions) {
  sim::prefetch(&partitions[request.partition]->people[request.slot]);
}

sim::Minute minute_of(const Request& request) {
  return request.time;
}
sim::Minute minute_of(sim::Minute minute) {
  return minute;
}
bool comes_before(const Request& left, const Request& right) {
  return left.time != right.time ? left.time < right.time : left.name < right.name;
}
bool comes_before(sim::Minute left, sim::Minute right) {
  return left < right;
}

/// A capacity after feedback; what is not limited stays so. Only whole servers serve, so 29 hundredths of 100 must not
/// end an ulp below 29.
double moved(double capacity, double factor) {
  constexpr double kRoundingError = 1e-12;
  if (factor == 1.0 || !(capacity < std::numeric_limits<double>::infinity())) return capacity;
  return capacity * factor * (1.0 + kRoundingError);
}

/// Sorts what happened on a day by a counting sort over its minutes, and within a minute by comparisons.
template <class T>
void sort_by_minute(std::vector<T>& items, std::vector<T>& scratch, sim::Minute morning) {
  const auto before = [](const T& left, const T& right) { return comes_before(left, right); };
  if (items.size() < kFew) {
    std::sort(items.begin(), items.end(), before);
    return;
  }
  // By stretches of minutes, about two for each item. What came before the morning (who is there from the start) or at
  // the midnight after it has the first place or the last.
  const auto shift = static_cast<int>(std::bit_width(std::size_t{sim::kMinutesPerDay} / (2 * items.size())));
  std::array<std::uint32_t, sim::kMinutesPerDay + 2> ends;
  const std::size_t last = static_cast<std::size_t>((sim::kMinutesPerDay - 1) >> shift) + 2;
  std::fill_n(ends.begin(), last + 1, 0u);
  const auto place = [=](const T& item) {
    const sim::Minute since = minute_of(item) - morning;
    return since < 0 ? 0 : std::min(static_cast<std::size_t>(since >> shift) + 1, last);
  };
  for (const T& item : items) ++ends[place(item)];
  std::uint32_t sum = 0, longest = 0;
  for (std::size_t p = 0; p <= last; ++p) {
    longest = std::max(longest, ends[p]);
    sum += std::exchange(ends[p], sum);
  }
  scratch.resize(items.size());
  for (const T& item : items) scratch[ends[place(item)]++] = item;
  items.swap(scratch);
  if (longest > kLongRun) {
    std::sort(items.begin(), items.end(), before);
    return;
  }
  for (auto next = items.begin() + 1; next < items.end(); ++next) {
    if (!before(*next, next[-1])) continue;
    const T item = *next;
    auto to = next;
    do {
      *to = to[-1];
      --to;
    } while (to != items.begin() && before(item, to[-1]));
    *to = item;
  }
}

}  // namespace

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
    for (const Line& line : queue) count += line.waiting.size();
  }
  for (const Line& line : place_queues_) count += line.waiting.size();
  return count;
}

std::size_t Settlement::persons_waiting(const Partitions& partitions) const {
  // By partition and slot: who asked for a place and a service at once stands in two queues.
  std::vector<std::pair<std::uint16_t, sim::Slot>> found;
  const auto look_into = [&](const Line& line) {
    for (const Request& request : line.waiting) {
      if (still_waits(request, partitions)) found.emplace_back(request.partition, request.slot);
    }
  };
  for (const Queue& queue : service_queues_) std::for_each(queue.begin(), queue.end(), look_into);
  std::for_each(place_queues_.begin(), place_queues_.end(), look_into);
  for (const auto& partition : partitions) {
    for (const Grant& grant : partition->grants) {
      const Person& person = partition->people[grant.slot];
      if (grant.begins && person.state != kFreeSlot && person.name == grant.name && person.waiting) {
        found.emplace_back(partition->index, grant.slot);
      }
    }
  }
  std::sort(found.begin(), found.end());
  return static_cast<std::size_t>(std::unique(found.begin(), found.end()) - found.begin());
}

std::size_t Settlement::bytes() const {
  std::size_t count = waiting() + requests_scratch_.capacity();
  for (const Queue& queue : service_queues_) {
    for (const Line& line : queue) count += line.today.capacity();
  }
  for (const Line& line : place_queues_) count += line.today.capacity();
  return count * sizeof(Request);
}

void Settlement::collect(sim::Day day, Partitions& partitions) {
  const sim::Minute morning = sim::start_of(day);
  for (Line& line : place_queues_) line.today.clear();
  for (auto& times : freed_) times.clear();
  for (const auto& partition : partitions) {
    for (const Request& request : partition->requests) {
      (request.service ? service_queues_[request.resource][request.priority] : place_queues_[request.resource])
          .today.push_back(request);
    }
    partition->requests.clear();
    for (const Freed& freed : partition->freed) freed_[freed.service].push_back(freed.time);
    partition->freed.clear();
  }
  for (auto& times : freed_) sort_by_minute(times, times_scratch_, morning);
  for (Line& line : place_queues_) sort_by_minute(line.today, requests_scratch_, morning);
  for (Queue& queue : service_queues_) {
    for (Line& line : queue) {
      sort_by_minute(line.today, requests_scratch_, morning);
      line.waiting.insert(line.waiting.end(), line.today.begin(), line.today.end());
      line.today.clear();
    }
  }
}

void Settlement::settle(sim::Day day, const Version& version, const Feedback& feedback, Partitions& partitions) {
  if (service_queues_.empty() && group_of_.empty()) return;
  collect(day, partitions);
  for (std::size_t service = 0; service < service_queues_.size(); ++service) {
    settle_service(static_cast<std::uint8_t>(service), day, version, feedback.capacity(service), partitions);
  }
  if (!group_of_.empty()) settle_places(day, partitions);
}

bool Settlement::still_waits(const Request& request, const Partitions& partitions) {
  const Person& person = partitions[request.partition]->people[request.slot];
  return person.state == request.state && person.name == request.name && person.waiting &&
         occurrence_of(person) == request.visit;
}

void Settlement::settle_service(std::uint8_t service, sim::Day day, const Version& version, double factor,
                                Partitions& partitions) {
  const std::vector<sim::Minute>& freed = freed_[service];
  const auto freed_count = static_cast<std::int64_t>(freed.size());
  const double servers = moved(version.servers[service], factor);
  const bool limited = servers < std::numeric_limits<double>::infinity();
  const std::int64_t capacity = limited ? static_cast<std::int64_t>(servers) : 0;
  // Servers that stood idle before anyone left today come first; a cut in capacity uses up what was freed.
  const std::int64_t idle = limited ? std::max<std::int64_t>(capacity - busy_[service], 0) : 0;
  const std::int64_t surplus = limited ? std::max<std::int64_t>(busy_[service] - capacity, 0) : 0;
  busy_[service] -= freed_count;
  std::int64_t given_out = 0;
  double& allowance = allowance_[service];
  allowance = std::min(allowance, 1.0) + moved(version.per_day[service], factor);
  const sim::Minute morning = sim::start_of(day);
  for (Line& line : service_queues_[service]) {
    auto& waiting = line.waiting;
    while (!waiting.empty()) {
      sim::Minute free_since = morning;
      if (limited) {
        const std::int64_t taken_from_freed = given_out - idle + surplus;
        if (given_out >= idle) {
          if (taken_from_freed >= freed_count) return;
          free_since = freed[static_cast<std::size_t>(taken_from_freed)];
        }
      }
      if (allowance < 1.0) return;
      const Request request = waiting.front();
      waiting.pop_front();
      if (waiting.size() > kAhead) fetch(waiting[kAhead], partitions);
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
  for (std::size_t group = 0; group < place_queues_.size(); ++group) {
    if (facts_.overflow[group] != kNoFacility) {
      settle_overflow(group, midnight, partitions);
      continue;
    }
    Line& line = place_queues_[group];
    for (const Request& request : line.today) {
      const Person& person = partitions[request.partition]->people[request.slot];
      // Who left again on the same day, or came back to a place of another group, asks for nothing here any more.
      if (person.state == kFreeSlot || person.name != request.name || person.facility != kNoFacility ||
          model_.facts()[person.state].group != group) {
        continue;
      }
      if (facts_.waits[group] && person.waiting) {
        line.waiting.push_back(request);
      } else {
        give_place(request, choose_facility(request, group, false), false, midnight, partitions);
      }
    }
    std::deque<Request> left;
    for (const Request& request : line.waiting) {
      if (!still_waits(request, partitions)) continue;
      const std::uint8_t facility = choose_facility(request, group, true);
      if (facility == kNoFacility) {
        left.push_back(request);
      } else {
        give_place(request, facility, true, midnight, partitions);
      }
    }
    line.waiting.swap(left);
  }
}

bool Settlement::still_asks(const Request& request, std::size_t group, const Partitions& partitions) const {
  const Person& person = partitions[request.partition]->people[request.slot];
  if (person.state == kFreeSlot || person.name != request.name || person.facility != request.held_in ||
      model_.facts()[person.state].group != group) {
    return false;
  }
  // Who leaves the group gives the place up, so that holding it still is never to have left. Without any place, who
  // came back has asked anew.
  return request.held_in != kNoFacility || (person.state == request.state && occurrence_of(person) == request.visit);
}

void Settlement::settle_overflow(std::size_t group, sim::Minute midnight, Partitions& partitions) {
  Line& line = place_queues_[group];
  std::deque<Request> left;
  const auto settle = [&](Request request) {
    if (!still_asks(request, group, partitions)) return;
    request.cell = partitions[request.partition]->people[request.slot].cell;  // it may be another by now
    if (const std::uint8_t free = choose_facility(request, group, true); free != kNoFacility) {
      give_place(request, free, false, midnight, partitions);
      return;
    }
    if (request.held_in == kNoFacility) {
      const std::uint8_t meanwhile = choose_facility(request, facts_.overflow[group], false);
      give_place(request, meanwhile, false, midnight, partitions);
      request.held_in = meanwhile;
    }
    left.push_back(request);
  };
  for (const Request& request : line.waiting) settle(request);
  for (const Request& request : line.today) settle(request);
  line.waiting.swap(left);
}

void Settlement::give_place(const Request& request, std::uint8_t facility, bool begins, sim::Minute start,
                            Partitions& partitions) {
  if (facility == kNoFacility) return;
  ++stock_[facility];
  if (request.held_in != kNoFacility) --stock_[request.held_in];
  partitions[request.partition]->grants.push_back(Grant{.name = request.name,
                                                        .start = start,
                                                        .slot = request.slot,
                                                        .facility = facility,
                                                        .from = request.held_in,
                                                        .begins = begins});
}

std::uint8_t Settlement::choose_facility(const Request& request, std::size_t group, bool only_with_free_place) const {
  std::uint8_t best = kNoFacility;
  for (std::size_t facility = 0; facility < stock_.size(); ++facility) {
    if (group_of_[facility] != group || !admits_[facility][request.cell] || places_[facility] <= 0) continue;
    if (only_with_free_place && stock_[facility] >= places_[facility]) continue;
    // (stock + 1) / places is smaller: compared in whole numbers, the first facility wins a tie.
    if (best == kNoFacility || (stock_[facility] + 1) * places_[best] < (stock_[best] + 1) * places_[facility]) {
      best = static_cast<std::uint8_t>(facility);
    }
  }
  return best;
}

}  // namespace prisonflow::models
