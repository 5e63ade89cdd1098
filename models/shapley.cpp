// See the header.
#include "models/shapley.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <map>
#include <numeric>
#include <stdexcept>

namespace prisonflow::models {

namespace {

__extension__ using Whole = __int128;

constexpr sim::Purpose kOrders = sim::purpose("orders of a package");
constexpr int kBits = 53;       // of a double
constexpr int kFineBits = 100;  // of the greatest worth: no worth loses anything that could be seen
constexpr int kUsualExponent = -20;
constexpr int kSmallBits = 40;  // of the greatest worth, where worths are so small that 2^-20 would be coarse
constexpr double kGreatestWorth = 0x1p1000;  // sums of shares stay finite
constexpr int kSmallestExponent = -1074;

std::int64_t factorial(std::size_t number) {
  std::int64_t product = 1;
  for (std::size_t factor = 2; factor <= number; ++factor) product *= static_cast<std::int64_t>(factor);
  return product;
}

/// The nearest whole number of units of 2^exponent.
Whole on_grid(double value, int exponent) {
  return static_cast<Whole>(std::nearbyint(std::ldexp(value, -exponent)));
}

/// The greatest power of two of which a number, not 0, is a multiple.
int lowest_bit(double value) {
  int exponent = 0;
  const double fraction = std::frexp(value, &exponent);
  const auto digits = static_cast<std::int64_t>(std::ldexp(std::abs(fraction), kBits));
  return exponent - kBits + std::countr_zero(static_cast<std::uint64_t>(digits));
}

/// The grid on which the shares lie. `differences`: what they, and some of them, are to add up to. `amount`: the sum of
/// their sizes, which no sum of some of them exceeds.
int grid_exponent(double greatest_worth, std::initializer_list<double> differences, double amount) {
  int exponent = std::min(kUsualExponent, std::ilogb(greatest_worth) - kSmallBits);
  for (const double difference : differences)
    if (difference != 0) exponent = std::min(exponent, lowest_bit(difference));
  if (amount > 0) exponent = std::max(exponent, std::ilogb(amount) + 2 - kBits);
  return std::max({exponent, std::ilogb(greatest_worth) - kFineBits, kSmallestExponent});
}

/// Rounds `numerators` / `divisor` to whole numbers that add up to `total`.
std::vector<Whole> rounded_to_total(const std::vector<Whole>& numerators, Whole divisor, Whole total) {
  std::vector<Whole> rounded, remainders;
  Whole left = total;
  for (const Whole numerator : numerators) {
    Whole quotient = numerator / divisor;
    Whole remainder = numerator % divisor;
    if (remainder < 0) {
      remainder += divisor;
      --quotient;
    }
    rounded.push_back(quotient);
    remainders.push_back(remainder);
    left -= quotient;
  }
  std::vector<std::size_t> by_remainder(numerators.size());
  std::iota(by_remainder.begin(), by_remainder.end(), std::size_t{0});
  std::stable_sort(by_remainder.begin(), by_remainder.end(),
                   [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
  if (left < 0 || left > static_cast<Whole>(numerators.size()))
    throw std::logic_error("the shares of a package do not add up");
  for (std::size_t place = 0; place < static_cast<std::size_t>(left); ++place) ++rounded[by_remainder[place]];
  return rounded;
}

}  // namespace

std::vector<Order> draw_orders(std::size_t parts, std::size_t count, sim::StreamKey key) {
  std::vector<Order> orders;
  for (std::size_t pair = 0; 2 * pair < count; ++pair) {
    Order order(parts);
    std::iota(order.begin(), order.end(), std::uint8_t{0});
    for (std::size_t last = parts; last-- > 1;) {
      const double uniform = sim::draw(key, pair, static_cast<std::uint32_t>(last), kOrders).uniform53(0);
      std::swap(order[last], order[static_cast<std::size_t>(uniform * static_cast<double>(last + 1))]);
    }
    orders.push_back(order);
    std::reverse(order.begin(), order.end());
    orders.push_back(std::move(order));
  }
  return orders;
}

SharingPlan SharingPlan::exactly(std::size_t parts) {
  if (parts > kMostPartsExactly) throw std::invalid_argument("too many parts for all orders");
  SharingPlan plan(parts);
  plan.subsets_.resize(std::size_t{1} << parts);
  std::iota(plan.subsets_.begin(), plan.subsets_.end(), Subset{0});
  plan.denominator_ = factorial(parts);
  for (std::size_t part = 0; part < parts; ++part) {
    for (const Subset before : plan.subsets_) {
      if ((before >> part & 1) != 0) continue;
      const auto size = static_cast<std::size_t>(std::popcount(before));
      plan.add(part, before, factorial(size) * factorial(parts - size - 1));
    }
  }
  plan.merge_terms();
  return plan;
}

SharingPlan SharingPlan::over(const std::vector<Order>& orders) {
  if (orders.size() < 4 || orders.size() % 2 != 0 || orders.size() > kMostOrders || orders.front().empty())
    throw std::invalid_argument("orders of a package come in pairs, two at least");
  SharingPlan plan(orders.front().size());
  plan.denominator_ = static_cast<std::int64_t>(orders.size());
  for (const Order& order : orders) {
    Subset on = 0;
    plan.subsets_.push_back(on);
    for (const std::uint8_t part : order) plan.subsets_.push_back(on |= Subset{1} << part);
  }
  std::sort(plan.subsets_.begin(), plan.subsets_.end());
  plan.subsets_.erase(std::unique(plan.subsets_.begin(), plan.subsets_.end()), plan.subsets_.end());
  for (const Order& order : orders) {
    Way way{order, {plan.place_of(0)}};
    Subset on = 0;
    for (const std::uint8_t part : order) {
      plan.add(part, on, 1);
      way.places.push_back(plan.place_of(on |= Subset{1} << part));
    }
    plan.orders_.push_back(std::move(way));
  }
  plan.merge_terms();
  return plan;
}

std::size_t SharingPlan::place_of(Subset subset) const {
  return static_cast<std::size_t>(std::lower_bound(subsets_.begin(), subsets_.end(), subset) - subsets_.begin());
}

void SharingPlan::add(std::size_t part, Subset before, std::int64_t times) {
  terms_[part].push_back({place_of(before), -times});
  terms_[part].push_back({place_of(before | Subset{1} << part), times});
}

/// One term a worth: the same step is taken in many orders.
void SharingPlan::merge_terms() {
  for (std::vector<Term>& terms : terms_) {
    std::map<std::size_t, std::int64_t> sum;
    for (const Term& term : terms) sum[term.place] += term.times;
    terms.clear();
    for (const auto& [place, times] : sum) terms.push_back({place, times});
  }
}

std::vector<double> SharingPlan::shares(const std::vector<double>& worths, double baseline) const {
  const double total = worths.back() - baseline;
  double greatest = std::abs(baseline);
  bool sound = greatest <= kGreatestWorth;  // false for NaN as well
  for (const double worth : worths) {
    sound = sound && std::abs(worth) <= kGreatestWorth;
    greatest = std::max(greatest, std::abs(worth));
  }
  if (!sound) return std::vector<double>(parts() + 1, std::numeric_limits<double>::quiet_NaN());
  if (greatest == 0) return std::vector<double>(parts() + 1, 0.0);

  const int fine = std::ilogb(greatest) - kFineBits;
  std::vector<Whole> whole;
  for (const double worth : worths) whole.push_back(on_grid(worth, fine));
  std::vector<Whole> numerators(parts() + 1);
  for (std::size_t part = 0; part < parts(); ++part)
    for (const Term& term : terms_[part]) numerators[part] += term.times * whole[term.place];
  numerators.back() = denominator_ * (whole.front() - on_grid(baseline, fine));
  double amount = 0;
  for (const Whole numerator : numerators)
    amount += std::ldexp(std::abs(static_cast<double>(numerator)) / static_cast<double>(denominator_), fine);

  const int exponent =
      grid_exponent(greatest, {total, worths.back() - worths.front(), worths.front() - baseline}, amount);
  const Whole divisor = static_cast<Whole>(denominator_) << (exponent - fine);
  std::vector<double> shares;
  for (const Whole units : rounded_to_total(numerators, divisor, on_grid(total, exponent)))
    shares.push_back(std::ldexp(static_cast<double>(units), exponent));
  return shares;
}

std::vector<double> SharingPlan::errors(const std::vector<double>& worths) const {
  std::vector<double> errors(parts() + 1, 0.0);
  if (exact()) return errors;
  const std::size_t pairs = orders_.size() / 2;
  std::vector<std::vector<double>> added(parts(), std::vector<double>(pairs, 0.0));  // by part and pair of orders
  for (std::size_t number = 0; number < orders_.size(); ++number) {
    const Way& way = orders_[number];
    for (std::size_t step = 0; step < way.order.size(); ++step)
      added[way.order[step]][number / 2] += 0.5 * (worths[way.places[step + 1]] - worths[way.places[step]]);
  }
  for (std::size_t part = 0; part < parts(); ++part) {
    double mean = 0, squares = 0;
    for (const double each : added[part]) mean += each / static_cast<double>(pairs);
    for (const double each : added[part]) squares += (each - mean) * (each - mean);
    errors[part] = std::sqrt(squares / static_cast<double>(pairs - 1) / static_cast<double>(pairs));
  }
  return errors;
}

}  // namespace prisonflow::models
