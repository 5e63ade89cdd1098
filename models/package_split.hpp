// A reform as a package of parts: which dated measures it has that its baseline has not, and the worlds in which only
// some of them are switched on.
//
// A part is a policy, an amnesty or an emergency release of the reform whose name the baseline has not, or all of them
// with one `package_part`: measures that are one law. What both scenarios have by one name is on in every world.
// Whatever else differs (states, arrivals, numbers, facilities) is there in every world of the reform, also in that
// with all parts off: its effect is that of the part "undated".
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "models/scenario.hpp"
#include "models/shapley.hpp"

namespace prisonflow::models {

/// What differs between a reform and its baseline without being a dated measure; no part may have this name.
inline constexpr std::string_view kUndatedPart = "undated";

struct PackagePart {
  std::string name;
  std::string description;  ///< labels of its measures
  std::vector<std::string> policies, amnesties, emergency_releases;
};

/// The package cannot be split; the text is one sentence.
class PackageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Package {
 public:
  /// The references must outlive the package. Throws PackageError when a measure is named like the part "undated", or
  /// there are more parts than kMostParts.
  Package(const Scenario& baseline, const Scenario& reform);

  /// By date; emergency releases, which have none, last.
  const std::vector<PackagePart>& parts() const { return parts_; }
  /// Whether the reform with all parts off differs from the baseline in anything that could move a result. False only
  /// when it surely does not.
  bool has_undated() const { return has_undated_; }
  /// The reform with the parts `on` switched on. Numbers keep their ParameterId; texts of files are left out.
  Scenario with(Subset on) const;
  /// Throws PackageError when in one of these worlds a policy without another would make numbers that cannot be: it
  /// names both, and says what to write.
  void check(const std::vector<Subset>& subsets) const;

 private:
  void add(std::vector<std::string> PackagePart::*list, const Amnesty& measure);
  PackagePart& part_of(const std::string& name, const std::string& package_part, const std::string& label);
  bool differs_without_parts() const;

  const Scenario& baseline_;
  const Scenario& reform_;
  std::vector<PackagePart> parts_;
  bool has_undated_ = true;
};

}  // namespace prisonflow::models
