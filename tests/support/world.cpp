// See the header.
#include "tests/support/world.hpp"

#include <unistd.h>

#include <bit>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "models/scenario_reader.hpp"
#include "sim/workers.hpp"

namespace prisonflow::testing {

namespace {

namespace fs = std::filesystem;

/// A folder of its own that is gone when it goes out of scope.
class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "prisonflow_test_XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = pattern;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  fs::path write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name) << text;
    return path_ / name;
  }

 private:
  fs::path path_;
};

}  // namespace

models::Scenario read_text(const std::string& text, const Tables& tables) {
  const Folder folder;
  for (const auto& [name, table] : tables) folder.write(name, table);
  try {
    return models::read_scenario(folder.write("scenario.toml", text));
  } catch (const models::InvalidScenario& invalid) {
    std::string all = "the scenario of the test is invalid:";
    for (const auto& diagnostic : invalid.diagnostics()) all += "\n" + models::to_string(diagnostic);
    throw std::runtime_error(all);
  }
}

std::string header(const std::string& start, const std::string& end) {
  return "grade = \"assumed\"\nsource = \"a test\"\n[scenario]\nname = \"test\"\ntitle = \"Test\"\nstart = " + start +
         "\nend = " + end + "\nseed = 20240607\n";
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  std::size_t at = text.find(from);
  if (at == std::string::npos) throw std::logic_error("the text has no \"" + from + "\"");
  for (; at != std::string::npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
  return text;
}

std::string file_text(const std::string& path_in_source) {
  const fs::path path = fs::path(PRISONFLOW_SOURCE_DIR) / path_in_source;
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot open " + path.string());
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

World::World(const std::string& text, const Tables& tables)
    : scenario_(std::make_unique<models::Scenario>(read_text(text, tables))),
      experiment_(std::make_unique<models::Experiment>(
          *scenario_, models::draw_values(*scenario_, sim::stream_key(scenario_->seed, 0)))),
      measures_(std::make_unique<models::Measures>(*scenario_)) {}

models::ReplicationResult World::run(std::uint32_t number, std::uint16_t partitions, int threads) const {
  sim::Workers workers(threads);
  sim::Workers* const used = threads > 1 ? &workers : nullptr;
  if (scenario_->draw_parameters && number != 0) {
    const models::Experiment own(*scenario_, models::draw_values(*scenario_, sim::stream_key(scenario_->seed, number)));
    return models::Replication(own, *measures_, scenario_->seed, number, partitions).run(used);
  }
  return models::Replication(*experiment_, *measures_, scenario_->seed, number, partitions).run(used);
}

std::unique_ptr<models::Replication> World::begin(std::uint32_t number, std::uint16_t partitions) const {
  auto replication =
      std::make_unique<models::Replication>(*experiment_, *measures_, scenario_->seed, number, partitions);
  replication->start();
  return replication;
}

double World::value(const models::ReplicationResult& result, const std::string& measure, std::size_t month,
                    std::size_t cell) const {
  const auto& infos = measures_->infos();
  for (std::size_t index = 0; index < infos.size(); ++index) {
    if (infos[index].name == measure) return result.values[index].at(month * infos[index].cells + cell);
  }
  throw std::logic_error("no measure " + measure);
}

double World::state(const models::ReplicationResult& result, const std::string& measure, std::size_t month,
                    const std::string& state, std::size_t region) const {
  const models::StateIndex index = scenario_->find_state(state);
  if (index == models::kNoState) throw std::logic_error("no state " + state);
  return value(result, measure, month, region * scenario_->states.size() + index);
}

double World::total(const models::ReplicationResult& result, const std::string& measure, std::size_t cell) const {
  double sum = 0;
  for (std::size_t month = 0; month < months(); ++month) sum += value(result, measure, month, cell);
  return sum;
}

double World::entries(const models::ReplicationResult& result, const std::string& state, std::size_t first,
                      std::size_t end) const {
  double sum = 0;
  for (std::size_t month = first; month < end; ++month) sum += this->state(result, "entries", month, state);
  return sum;
}

std::uint64_t hash_of(const models::ReplicationResult& result, std::uint64_t seed) {
  std::uint64_t hash = seed;
  const auto add = [&](std::uint64_t bits) {
    for (int byte = 0; byte < 8; ++byte) hash = (hash ^ (bits >> (8 * byte) & 0xff)) * 0x100000001b3u;
  };
  for (const auto& measure : result.values) {
    for (const double value : measure)
      add(std::isnan(value) ? 0x7ff8000000000000u : std::bit_cast<std::uint64_t>(value));
  }
  add(result.events);
  add(result.persons);
  return hash;
}

std::uint64_t hash_of_people(const World& world, std::uint32_t number, std::uint16_t partitions) {
  return hash_of_people(world.measures(), world.run(number, partitions));
}

std::uint64_t hash_of_people(const models::Measures& measures, models::ReplicationResult result) {
  // Emptied or not there at all is the same to the hash.
  const std::size_t ratios = measures.find("link_ratio");
  if (ratios < result.values.size()) result.values[ratios].clear();
  return hash_of(result);
}

std::map<std::uint64_t, models::Person> persons_by_name(const models::Replication& replication) {
  std::map<std::uint64_t, models::Person> persons;
  for (const auto& partition : replication.partitions()) {
    for (const sim::Slot slot : partition->people.slots()) {
      const models::Person& person = partition->people[slot];
      if (person.state == models::kFreeSlot) continue;
      if (!persons.emplace(person.name, person).second) throw std::logic_error("two persons have one name");
    }
  }
  return persons;
}

}  // namespace prisonflow::testing
