// See the header.
#include "models/cli/headline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "models/cli/messages.hpp"
#include "models/describe_text.hpp"
#include "output/table.hpp"

namespace prisonflow::cli {

namespace {

constexpr const char* kFull = "100";  // per cent of the places

/// "1 December 2020"
std::string date_in_words(CalendarDay date) {
  constexpr std::array<const char*, 12> kMonths{"January", "February", "March",     "April",   "May",      "June",
                                                "July",    "August",   "September", "October", "November", "December"};
  const std::chrono::year_month_day day(date);
  return fmt::format("{} {} {}", static_cast<unsigned>(day.day()), kMonths[static_cast<unsigned>(day.month()) - 1],
                     static_cast<int>(day.year()));
}

/// Broken into lines, but not within "8.3 %" or "5 February".
std::string wrapped_whole(std::string sentence, std::size_t width) {
  constexpr char kHeld = '\x1f';
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  for (std::size_t i = 1; i + 1 < sentence.size(); ++i) {
    const char next = sentence[i + 1];
    if (sentence[i] == ' ' && is_digit(sentence[i - 1]) && (next == '%' || (next >= 'A' && next <= 'Z')))
      sentence[i] = kHeld;
  }
  std::string text = models::wrapped(sentence, width, 4);
  std::replace(text.begin(), text.end(), kHeld, ' ');
  return text;
}

}  // namespace

Headline headline_of(const output::ResultFile& file, const std::string& scenario) {
  Headline headline;
  if (file.has_dimension("time")) headline.end = file.dates("time").back();
  if (const std::vector<Point> prisoners = course(file, "prison_population", scenario); !prisoners.empty())
    headline.stock = prisoners.back();
  headline.breach = first_breach(file, scenario, kFull);
  headline.widening = widening(file, scenario);
  return headline;
}

std::string Headline::stock_sentence() const {
  if (!stock) return {};
  return fmt::format("On {} there are {} prisoners (95 % interval {} to {}).", date_in_words(end),
                     output::format_number(stock->mean), output::format_number(stock->low),
                     output::format_number(stock->high));
}

std::string Headline::breach_sentence() const {
  if (!breach) return {};
  const std::string all =
      breach->replications == 1 ? "the one replication" : "all " + plural(breach->replications, "replication");
  if (breach->breached == 0) return fmt::format("There are places enough on every day of the run, in {}.", all);
  if (breach->at_start == breach->replications)
    return fmt::format("There are more prisoners than places from the first day on, in {}.", all);
  const double share = static_cast<double>(breach->breached) / static_cast<double>(breach->replications);
  const std::string range = breach->early == breach->late
                                ? ""
                                : fmt::format(" (median; {} to {} in 90 % of them)", date_in_words(breach->early),
                                              date_in_words(breach->late));
  return fmt::format("The places run out within the run in {} of the replications, first on {}{}.",
                     output::format_share(share, 0), date_in_words(breach->median), range);
}

std::string Headline::widening_sentence() const {
  if (!widening) return {};
  const double cases = widening->diverted + widening->widened;
  if (cases == 0 || std::isnan(widening->ratio.mean))
    return "The reform neither spared a case custody nor put one under supervision that would not have been.";
  return fmt::format(
      "Of {} cases that the reform spared custody or newly put under supervision, {} ({} to {}) would have had less "
      "control without it: {} drawn in, {} spared custody.",
      output::format_number(cases), output::format_share(widening->ratio.mean),
      output::format_number(100 * widening->ratio.low, 1), output::format_share(widening->ratio.high),
      output::format_number(widening->widened), output::format_number(widening->diverted));
}

std::string Headline::text(std::size_t width) const {
  std::string text;
  for (const std::string& sentence : {stock_sentence(), breach_sentence(), widening_sentence()})
    if (!sentence.empty()) text += wrapped_whole("  " + sentence, width) + "\n";
  return text;
}

}  // namespace prisonflow::cli
