// See the header.
#include "models/replication.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "models/interventions.hpp"
#include "models/model_tables.hpp"
#include "models/names.hpp"

namespace prisonflow::models {

namespace {

constexpr sim::Purpose kNewcomers = sim::purpose("newcomers of the day");

}  // namespace

Experiment::Experiment(const Scenario& scenario, const Valuation& values, SteadyStates* shared)
    : model_(scenario, values), facts_(model_), initial_(model_, shared) {}

Replication::Replication(const Experiment& experiment, const Measures& measures, std::uint64_t seed,
                         std::uint32_t number, std::uint32_t partitions, Ledgers ledgers)
    : experiment_(experiment),
      model_(experiment.model()),
      measures_(measures),
      key_(sim::stream_key(seed, number)),
      settlement_(experiment.model(), experiment.facts()),
      feedback_(experiment.model()),
      crowding_(experiment.model(), partitions),
      month_{0, 0, {}, {}, {}, Tallies(0, 0, 0, 0, 0, 0), {}, {}, {}, {}, &crowding_, {}} {
  const Scenario& scenario = model_.scenario();
  const Tallies empty(scenario.states.size(), model_.cells().count, scenario.facilities.size(),
                      scenario.services.size(), measures.months().size(), model_.events().size());
  const sim::Minute horizon = sim::start_of(model_.days());
  for (std::uint32_t index = 0; index < partitions; ++index) {
    partitions_.push_back(std::make_unique<Partition>(static_cast<std::uint16_t>(index), horizon, empty,
                                                      ledgers == Ledgers::kept, model_.keeps_courses()));
  }
  month_.counts = empty;
  month_.opening_stock.resize(empty.by_cell.size());
  month_.opening_facility_stock.resize(empty.facilities.size());
  month_.opening_waiting.resize(empty.services.size());
  month_.new_cases.resize(empty.cell_count);
  if (given(scenario.reoffending.offences_each)) month_.offences.resize(empty.cell_count);
  if (given(scenario.reoffending.victims_each)) month_.victims.resize(empty.cell_count);
  result_.values = measures.empty_values();
}

ReplicationResult Replication::run(sim::Workers* workers) {
  start();
  for (sim::Day day = 0; day < model_.days(); ++day) run_day(day, workers);
  return finish();
}

void Replication::start() {
  version_ = &model_.versions().front();
  const auto& months = measures_.months();
  const sim::Day month_end = months.size() > 1 ? months[1] : model_.days();
  for (const auto& partition : partitions_) {
    partition->tallies.month_end = sim::start_of(month_end);
    Mover mover(model_, experiment_.facts(), *version_, feedback_, key_, *partition);
    experiment_.initial().fill(static_cast<std::uint32_t>(partitions_.size()), key_, mover);
  }
  settlement_.settle(-1, *version_, feedback_, partitions_);
  feedback_.publish(-1, *version_, partitions_);
  note_size();
}

void Replication::run_day(sim::Day day, sim::Workers* workers) {
  begin_day(day);
  if (workers != nullptr && partitions_.size() > 1) {
    workers->for_each(partitions_.size(), [&](std::size_t index) { run_partition(day, *partitions_[index]); });
  } else {
    for (const auto& partition : partitions_) run_partition(day, *partition);
  }
  crowding_.count_day(day);
  settlement_.settle(day, *version_, feedback_, partitions_);
  feedback_.publish(day, *version_, partitions_);
}

void Replication::begin_day(sim::Day day) {
  const Scenario& scenario = model_.scenario();
  const auto& months = measures_.months();
  version_before_ = nullptr;
  if (next_version_ < model_.versions().size() && model_.versions()[next_version_].from == day) {
    version_before_ = next_version_ > 0 ? version_ : nullptr;
    count_new_cases();  // by the numbers that held until now
    version_ = &model_.versions()[next_version_++];
  }
  // Grants of last night are carried out before the month is counted, so that who has a place is counted with it.
  if (next_month_ < months.size() && months[next_month_] == day) {
    for (const auto& partition : partitions_) {
      Mover mover(model_, experiment_.facts(), *version_, feedback_, key_, *partition);
      DayWalk(mover).carry_out_grants(sim::start_of(day));
    }
    if (next_month_ > 0) close_month();
    open_month(next_month_++, day);
    note_size();
  }
  amnesties_today_.clear();
  for (const Amnesty& amnesty : scenario.amnesties) {
    if (sim::days_between(scenario.start, amnesty.on) != day) continue;
    double share = 0;
    if (given(amnesty.share)) {
      share = model_.values()[index_of(amnesty.share)];
    } else {
      std::uint64_t eligible = 0;
      for (const auto& partition : partitions_) {
        eligible += count_eligible(model_, amnesty, *partition, sim::start_of(day));
      }
      if (eligible > 0) share = model_.values()[index_of(amnesty.persons)] / static_cast<double>(eligible);
    }
    amnesties_today_.emplace_back(&amnesty, share);
  }
  emergencies_today_.clear();
  for (const EmergencyRelease& release : scenario.emergency_releases) {
    emergencies_today_.push_back(chosen_for_release(model_, release, partitions_, day));
  }
  closing_today_.clear();
  for (std::size_t facility = 0; facility < scenario.facilities.size(); ++facility) {
    const auto& closes = scenario.facilities[facility].closes;
    if (closes && sim::days_between(scenario.start, *closes) == day) {
      closing_today_.push_back(static_cast<std::uint8_t>(facility));
    }
  }
}

void Replication::run_partition(sim::Day day, Partition& partition) {
  const sim::Minute midnight = sim::start_of(day);
  Mover mover(model_, experiment_.facts(), *version_, feedback_, key_, partition);
  DayWalk walk(mover);
  walk.carry_out_grants(midnight);
  crowding_.take(partition.index, partition.tallies.facilities);
  if (version_before_ != nullptr && !version_->revised.empty()) {
    revise_clocks(version_->revised, model_, *version_before_, key_, mover, midnight);
  }
  for (const auto& [amnesty, share] : amnesties_today_) {
    grant_amnesty(*amnesty, share, model_, key_, mover, midnight);
  }
  for (std::size_t number = 0; number < emergencies_today_.size(); ++number) {
    release_chosen(emergencies_today_[number][partition.index], model_.scenario().emergency_releases[number], model_,
                   mover, midnight);
  }
  for (const std::uint8_t facility : closing_today_) close_facility(facility, mover, midnight);
  let_in_newcomers(day, walk);
  walk.run(day);
}

void Replication::let_in_newcomers(sim::Day day, DayWalk& walk) const {
  const sim::Date date = sim::add_days(model_.scenario().start, day);
  for (const ArrivalProcess& process : model_.arrivals()) {
    const auto next =
        std::upper_bound(process.segments.begin(), process.segments.end(), day,
                         [](sim::Day wanted, const ArrivalSegment& segment) { return wanted < segment.from; });
    const ArrivalSegment& segment = *(next - 1);
    const std::uint64_t day_name = newcomer_name(process.name, date, 0);
    const std::uint32_t count = segment.per_day->quantile(sim::draw(key_, day_name, 0, kNewcomers).uniform53(0));
    walk.let_in_newcomers(model_, process, segment, count, day, version_->law,
                          static_cast<std::uint32_t>(partitions_.size()));
  }
}

void Replication::open_month(std::size_t month, sim::Day day) {
  const auto& months = measures_.months();
  const sim::Day end = month + 1 < months.size() ? months[month + 1] : model_.days();
  month_.first_day = day;
  month_.days = end - day;
  std::fill(month_.opening_stock.begin(), month_.opening_stock.end(), 0);
  std::fill(month_.opening_facility_stock.begin(), month_.opening_facility_stock.end(), 0);
  std::fill(month_.opening_waiting.begin(), month_.opening_waiting.end(), 0);
  std::fill(month_.offences.begin(), month_.offences.end(), 0.0);
  std::fill(month_.victims.begin(), month_.victims.end(), 0.0);
  std::fill(month_.new_cases.begin(), month_.new_cases.end(), 0);
  crowding_.begin_month();
  const std::int64_t length = static_cast<std::int64_t>(end - day) * sim::kMinutesPerDay;
  for (const auto& partition : partitions_) {
    Tallies& tallies = partition->tallies;
    tallies.month = month;
    tallies.month_end = sim::start_of(end);
    std::int32_t* opening = month_.opening_stock.data();
    for (CellTally& tally : tallies.by_cell) {
      *opening++ += tally.stock;
      tally.entries = 0;
      tally.minutes = tally.stock * length;
    }
    for (std::size_t facility = 0; facility < tallies.facilities.size(); ++facility) {
      month_.opening_facility_stock[facility] += tallies.facilities[facility].stock;
      tallies.facilities[facility].minutes = tallies.facilities[facility].stock * length;
    }
    for (std::size_t service = 0; service < tallies.services.size(); ++service) {
      ServiceTally& tally = tallies.services[service];
      month_.opening_waiting[service] += tally.waiting;
      tally.begun = 0;
      tally.waited_minutes = 0;
    }
    std::fill(tallies.by_event.begin(), tallies.by_event.end(), EventTally{});
    std::fill(tallies.revocations.begin(), tallies.revocations.end(), 0);
    std::fill(tallies.deaths_by_cell.begin(), tallies.deaths_by_cell.end(), 0);
    std::fill(tallies.happenings.begin(), tallies.happenings.end(), 0);
    std::fill(tallies.new_cases.begin(), tallies.new_cases.end(), 0);
    std::fill(tallies.pretrial_days.begin(), tallies.pretrial_days.end(), 0);
    tallies.pretrial_minutes = 0;
    tallies.pretrial_ended = 0;
    tallies.admissions = 0;
    tallies.releases = 0;
    tallies.deaths_in_custody = 0;
  }
}

/// Takes the new cases counted since the last time, and what stands behind them. Whole cases of all partitions are
/// added up first, so that the split does not show in the product.
void Replication::count_new_cases() {
  if (!model_.scenario().reoffending.declared) return;
  const ReoffendingTable& table = *version_->reoffending[version_->law];
  for (std::size_t cell = 0; cell < month_.new_cases.size(); ++cell) {
    std::int64_t cases = 0;
    for (const auto& partition : partitions_) cases += std::exchange(partition->tallies.new_cases[cell], 0);
    month_.new_cases[cell] += cases;
    if (!month_.offences.empty()) month_.count_offences(cell, cases, table);
  }
}

void Replication::close_month() {
  count_new_cases();
  month_.link_ratios = feedback_.take_mean_ratios();
  Tallies& first = partitions_.front()->tallies;
  Tallies& sum = month_.counts;
  const std::size_t month = first.month;
  // A single partition's counts are the sum: lent, not copied.
  const bool alone = partitions_.size() == 1;
  if (alone) {
    std::swap(sum, first);
  } else {
    sum.clear_month();
    for (const auto& partition : partitions_) sum.add_month(partition->tallies);
  }
  month_.add_up();
  measures_.observe(model_, month, month_, result_.values);
  if (alone) std::swap(sum, first);
}

void Replication::note_size() {
  std::uint64_t persons = 0;
  std::uint64_t bytes = settlement_.bytes();
  for (const auto& partition : partitions_) {
    persons += partition->people.alive();
    bytes += partition->people.bytes() + partition->people.bytes_beside() + partition->rolls.bytes();
    if (partition->ledger != nullptr) bytes -= partition->ledger->bytes_open();  // told apart (ledger_bytes)
  }
  result_.peak_persons = std::max(result_.peak_persons, persons);
  result_.peak_bytes = std::max(result_.peak_bytes, bytes);
}

ReplicationResult Replication::finish() {
  close_month();
  check_nobody_lost();
  const auto& months = measures_.months();
  WholeRun run;
  run.cohorts.resize(months.size());
  run.cohort_ends.assign(months.begin() + 1, months.end());
  run.cohort_ends.push_back(model_.days());
  run.crowding = &crowding_;
  for (const auto& partition : partitions_) {
    const Tallies& tallies = partition->tallies;
    for (std::size_t month = 0; month < months.size(); ++month) run.cohorts[month].add(tallies.cohorts[month]);
    result_.events += tallies.events;
    result_.persons += tallies.created;
  }
  measures_.finish(model_, run, result_.values);
  note_size();
  for (const auto& partition : partitions_) {
    if (partition->ledger == nullptr) continue;
    const auto& people = partition->people;
    result_.cases += partition->ledger->cases();
    result_.ledger_bytes += partition->ledger->bytes();
    partition->ledger->finish([&](sim::Slot slot) { return people[slot].state != kFreeSlot; });
    result_.ledgers.push_back(std::move(partition->ledger));
  }
  return std::move(result_);
}

void Replication::check_nobody_lost() const {
  const Scenario& scenario = model_.scenario();
  std::size_t waiting = 0;
  for (const auto& partition : partitions_) {
    const Tallies& tallies = partition->tallies;
    std::vector<std::int32_t> by_cell(tallies.by_cell.size(), 0);
    std::vector<std::int32_t> by_facility(tallies.facilities.size(), 0);
    std::uint64_t inside = 0;
    for (const sim::Slot slot : partition->people.slots()) {
      const Person& person = partition->people[slot];
      if (person.state == kFreeSlot) continue;
      ++inside;
      waiting += person.waiting;
      ++by_cell[person.state * tallies.cell_count + person.cell];
      if (person.facility != kNoFacility) ++by_facility[person.facility];
    }
    const auto report = [&](const std::string& what, auto expected, auto found) {
      throw ConservationError("nobody may be lost: " + what + " should be " + std::to_string(expected) + " but " +
                              std::to_string(found) + " were found (partition " + std::to_string(partition->index) +
                              ")");
    };
    if (tallies.created - tallies.exited != inside || inside != partition->people.alive()) {
      report("persons inside, entered less left,", tallies.created - tallies.exited, inside);
    }
    for (std::size_t state = 0; state < scenario.states.size(); ++state) {
      std::int32_t stock = 0;
      for (std::size_t index = state * tallies.cell_count; index < (state + 1) * tallies.cell_count; ++index) {
        stock += by_cell[index];
        if (by_cell[index] != tallies.by_cell[index].stock) {
          report("the stock of " + scenario.states[state].name, tallies.by_cell[index].stock, by_cell[index]);
        }
      }
      if (stock != tallies.stocks[state]) {
        report("the stock of all in " + scenario.states[state].name, tallies.stocks[state], stock);
      }
    }
    for (std::size_t facility = 0; facility < by_facility.size(); ++facility) {
      if (by_facility[facility] != tallies.facilities[facility].stock) {
        report("persons in facility " + scenario.facilities[facility].name, tallies.facilities[facility].stock,
               by_facility[facility]);
      }
    }
  }
  if (const std::size_t queued = settlement_.persons_waiting(partitions_); queued != waiting) {
    throw ConservationError("nobody may be lost: " + std::to_string(waiting) + " persons wait but " +
                            std::to_string(queued) + " are in a queue");
  }
}

}  // namespace prisonflow::models
