// See the header.
#include "models/steady_state_laws.hpp"

#include <algorithm>

#include "sim/numerics.hpp"

namespace prisonflow::models {

namespace {

constexpr int kPerUnit = 8;  ///< nodes to a unit of z for moments: relative error below 1e-7
constexpr double kCoarseParts = 24;
constexpr double kCoarsestParts = 6;
constexpr double kMostNodes = 256;
constexpr double kLeastShare = 1e-5;  ///< both tails of a law are one node each
constexpr std::size_t kManyPairs = 2000;

/// Duration and weight from z = -9 to 12: beyond, the normal density is below 1e-18 (above, heavy tails count).
std::vector<LawNode> smooth_nodes(const sim::Distribution& law, int per_unit) {
  constexpr double kNegligible = 1e-12;
  std::vector<LawNode> nodes;
  double sum = 0;
  for (int k = -9 * per_unit; k <= 12 * per_unit; ++k) {
    const double z = static_cast<double>(k) / per_unit;
    const double share = sim::exp(-0.5 * z * z);
    const double minutes = law.inverse_cumulative_hazard(-sim::log_normal_cdf(-z));
    if (share < kNegligible && (z < 0 || share * minutes < kNegligible * law.base_mean())) continue;
    nodes.push_back({minutes, share});
    sum += share;
  }
  for (LawNode& node : nodes) node.share /= sum;
  return nodes;
}

std::vector<LawNode> midpoint_nodes(const sim::Distribution& law) {
  constexpr int kMidpoints = 2048;
  const double ends = 1.0 - law.never();
  std::vector<LawNode> nodes;
  for (int k = 0; k < kMidpoints; ++k) nodes.push_back({law.quantile(ends * (k + 0.5) / kMidpoints), 1.0 / kMidpoints});
  return nodes;
}

}  // namespace

std::vector<LawNode> law_nodes(const sim::Distribution& law, int per_unit) {
  std::vector<LawNode> nodes;
  switch (law.family()) {
    case sim::Distribution::Family::kFixed:
      nodes = {{law.base_mean(), 1.0}};
      break;
    case sim::Distribution::Family::kEmpirical:
      nodes = midpoint_nodes(law);
      break;
    default:
      nodes = smooth_nodes(law, per_unit);
  }
  for (LawNode& node : nodes) node.share *= 1.0 - law.never();
  return nodes;
}

std::vector<LawNode> joined(const std::vector<LawNode>& nodes, double least) {
  std::vector<LawNode> groups;
  LawNode group;  // its minutes are multiplied by the share
  for (const LawNode& node : nodes) {
    group.share += node.share;
    group.minutes += node.share * node.minutes;
    if (group.share < least) continue;
    groups.push_back({group.minutes / group.share, group.share});
    group = {};
  }
  if (group.share > 0 && !groups.empty()) {
    // What is left at the end is too little for a group of its own.
    LawNode& last = groups.back();
    last.minutes = (last.minutes * last.share + group.minutes) / (last.share + group.share);
    last.share += group.share;
  }
  return groups.empty() ? nodes : groups;
}

std::vector<LawNode> nodes_between(const sim::Distribution& law, double factor, const std::vector<double>& corners,
                                   int halvings) {
  if (law.family() == sim::Distribution::Family::kFixed) {
    return {{std::max(law.base_mean() * factor, sim::kLeastMinutes), 1.0 - law.never()}};
  }
  const double longest = (1.0 - law.never()) * (1.0 - 1e-13);  // beyond, rounding makes lengths infinite
  std::vector<LawNode> nodes;
  const auto panel = [&](double from, double to) {
    for (std::size_t node = 0; node < 2 * kGaussPlaces.size(); ++node) {
      const std::size_t place = node % kGaussPlaces.size();
      const double at = node < kGaussPlaces.size() ? kGaussPlaces[place] : -kGaussPlaces[place];
      const double u = from + 0.5 * (1.0 + at) * (to - from);
      nodes.push_back({std::max(law.quantile(std::min(u, longest)) * factor, sim::kLeastMinutes),
                       0.5 * kGaussWeights[place] * (to - from)});
    }
  };
  const double ends = 1.0 - law.never();
  double from = 0;
  for (std::size_t segment = 0; segment <= corners.size(); ++segment) {
    const bool last = segment == corners.size();
    const double to = last ? ends : std::clamp(1.0 - law.survival(corners[segment] / factor), from, ends);
    const double middle = from + 0.5 * (to - from);
    if (!(to > from)) continue;
    if (from > 0) {
      panel(from, middle);
    } else {
      double high = middle;
      for (int halving = 0; halving < halvings; ++halving, high *= 0.5) panel(0.5 * high, high);
      panel(0.0, high);
    }
    if (!last) {
      panel(middle, to);
    } else {
      double rest = to - middle;
      for (int halving = 0; halving < halvings; ++halving, rest *= 0.5) panel(to - rest, to - 0.5 * rest);
      panel(to - rest, to);
    }
    from = to;
  }
  return nodes;
}

StayMoments stay_of(double length, double hazard) {
  if (!(hazard > 0)) return {length, length < sim::kInfinity ? 1.0 : 0.0};
  if (length == sim::kInfinity) return {1.0 / hazard, 0.0};
  const double left_before = -sim::expm1(-hazard * length);
  return {left_before / hazard, 1.0 - left_before};
}

LawBook::Entry& LawBook::entry(const Clocks& clocks) {
  Entry& found = entries_[&clocks];
  if (found.fine.empty()) {
    const auto limited = [&](int per_unit) {
      const std::vector<LawNode> all = law_nodes(clocks.law, per_unit);
      return joined(all, static_cast<double>(all.size()) > 2 * kMostNodes ? 0.99 / kMostNodes : kLeastShare);
    };
    found.finest = limited(4 * kPerUnit);
    found.fine = limited(kPerUnit);
    found.coarse = joined(found.fine, 0.99 / kCoarseParts);
    found.coarsest = joined(found.fine, 0.99 / kCoarsestParts);
  }
  return found;
}

const std::vector<LawNode>& LawBook::nodes(const Clocks& clocks, std::size_t atoms) {
  const Entry& law = entry(clocks);
  if (atoms * law.finest.size() <= kManyPairs) return law.finest;
  if (atoms * law.fine.size() <= kManyPairs) return law.fine;
  return atoms * law.coarse.size() <= 2 * kManyPairs ? law.coarse : law.coarsest;
}

const std::vector<LawNode>& LawBook::term_nodes(const Clocks& clocks, std::size_t atoms) {
  const Entry& law = entry(clocks);
  return atoms * law.finest.size() <= kManyPairs ? law.finest : law.fine;
}

StayMoments LawBook::moments(const Clocks& clocks, float factor, double hazard) {
  const double stretch = static_cast<double>(factor);
  const auto [found, is_new] = entry(clocks).moments.try_emplace({stretch, hazard});
  if (!is_new) return found->second;
  const sim::Distribution& law = clocks.law;
  const double ends = 1.0 - law.never();
  StayMoments result;
  if (law.memoryless() && stretch > 0) {
    const double mean = law.base_mean() * stretch;
    result = {ends * mean / (1.0 + hazard * mean), ends / (1.0 + hazard * mean)};
  } else {
    for (const LawNode& node : law_nodes(law, kPerUnit)) {
      // A stay lasts at least a minute (sim/time.hpp).
      const StayMoments part = stay_of(std::max(node.minutes * stretch, 1.0), hazard);
      result.minutes += node.share * part.minutes;
      result.completion += node.share * part.completion;
    }
  }
  if (law.never() > 0) result.minutes += law.never() * stay_of(sim::kInfinity, hazard).minutes;
  found->second = result;
  return result;
}

}  // namespace prisonflow::models
