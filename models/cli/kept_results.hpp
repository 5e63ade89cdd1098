// The outcomes of finished replications, kept aside while a run goes on.
//
// A result file says at its beginning how many replications it holds. When a run is ended early the file is written
// again with those that are complete, and is then the same, to the byte, as that of a run asked for that many. The copy
// is a file without a name in the result's folder: the system removes it whatever happens to the program.
#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <vector>

namespace prisonflow::cli {

class KeptResults {
 public:
  /// Throws OutputError when there is no room in `folder`. `numbers`: how many each result has.
  KeptResults(const std::filesystem::path& folder, std::size_t numbers);

  void add(const std::vector<double>& result);
  std::vector<double> get(std::size_t index) const;

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::filesystem::path folder_;
  std::size_t numbers_;
  std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace prisonflow::cli
