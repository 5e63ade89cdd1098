// What the user asked for, one structure a command, and the commands themselves.
//
// A command returns the exit status: 0 done, 1 failed while running, 2 wrong use or wrong input. It may throw
// UsageError or models::InvalidScenario (status 2) and anything else (status 1); main.cpp turns these into words.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace prisonflow::cli {

inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kWrongUse = 2;

/// The user asked for something that cannot be done; the text is one sentence, printed as it is.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct InitOptions {
  std::string folder;
};
int init(const InitOptions& options);

struct ValidateOptions {
  std::vector<std::string> scenarios;
};
int validate(const ValidateOptions& options);

struct DescribeOptions {
  std::string scenario;
  bool assumed = false;
  bool fitted = false;
  bool json = false;
};
int describe(const DescribeOptions& options);

struct GraphOptions {
  std::string scenario;
  bool svg = false;
  std::string output;  ///< empty: standard output
};
int graph(const GraphOptions& options);

struct RunOptions {
  std::vector<std::string> scenarios;
  std::string output;
  std::optional<std::uint32_t> replications;
  std::optional<std::uint64_t> seed;
  int threads = 0;               ///< 0: as many as the machine offers
  std::uint32_t partitions = 0;  ///< 0: chosen by the program
  bool split = false;            ///< the effect of each dated measure of a reform
  std::uint32_t orders = 20;     ///< in which they come, where there are too many for all orders
  bool quiet = false;
  bool json = false;         ///< the log as JSON lines
  std::string cases;         ///< file for the cases of the first replication; empty: nowhere
  std::string command_line;  ///< for the side file
};
int run(const RunOptions& options);

struct VerifyOptions {
  std::string scenario;
  std::uint32_t replications = 20;
  int years = 10;
  std::optional<std::uint64_t> seed;
  int threads = 0;
};
int verify(const VerifyOptions& options);

struct SummaryOptions {
  std::string result;
  bool json = false;
};
int summary(const SummaryOptions& options);

struct CompareOptions {
  enum class Format { text, json, csv };
  std::string result;
  std::vector<std::string> dates;     ///< empty: chosen by the program
  std::vector<std::string> measures;  ///< empty: the usual ones
  Format format = Format::text;
};
int compare(const CompareOptions& options);

}  // namespace prisonflow::cli
