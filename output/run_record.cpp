// Writes what differs between equal runs as a JSON object beside the result.
#include "output/run_record.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <ctime>
#include <nlohmann/json.hpp>
#include <type_traits>

#include "output/durable_file.hpp"

namespace prisonflow::output {

std::filesystem::path run_record_path(const std::filesystem::path& result) {
  return std::filesystem::path(result).replace_extension(".run.json");
}

void write_run_record(const std::filesystem::path& path, const std::vector<RunFact>& facts) {
  nlohmann::ordered_json record = nlohmann::ordered_json::object();
  for (const auto& [key, value] : facts) std::visit([&, &name = key](const auto& fact) { record[name] = fact; }, value);
  write_durably(path, record.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
}

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text.data();
}

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

std::int64_t peak_memory_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return std::int64_t{usage.ru_maxrss} * 1024;
}

}  // namespace prisonflow::output
