// For people: a page that can be read aloud, then the table of numbers.
#include "models/describe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "models/describe_text.hpp"
#include "models/read_problems.hpp"

namespace prisonflow::models {

namespace {

class Page {
 public:
  Page(const Scenario& scenario, std::size_t width) : s_(scenario), say_(scenario), width_(width) {}

  std::string whole() {
    header();
    classes();
    for (const Kind kind :
         {Kind::decision, Kind::delay, Kind::service, Kind::custody, Kind::supervision, Kind::liberty, Kind::exit})
      states(kind);
    entries();
    returns();
    places();
    policies();
    emergency_releases();
    costs();
    comparisons();
    text_ += "\n" + number_table(s_, width_, std::nullopt) + unpublished_numbers(s_, width_);
    return std::move(text_);
  }

 private:
  void title(std::string_view words) { text_ += (text_.empty() ? "" : "\n") + std::string(words) + "\n"; }
  void line(const std::string& words, std::size_t indent) { text_ += wrapped(words, width_, indent) + "\n"; }
  /// A name and what there is to say about it, in a column of its own.
  void entry(const std::string& name, const std::vector<std::string>& lines, std::size_t column = 24) {
    std::string head = padded("  " + name + "  ", column);
    if (columns(head) > column) {
      text_ += "  " + name + "\n";
      head = std::string(column, ' ');
    }
    for (const std::string& words : lines) {
      text_ += head + wrapped(words, width_, column + 2, column) + "\n";
      head = std::string(column, ' ');
    }
  }
  static std::string named(const std::string& name, const std::string& label) {
    return label.empty() ? name : fmt::format("{} ({})", name, label);
  }

  void header() {
    title(s_.title.empty() ? s_.name : s_.title);
    const double years = sim::days_between(s_.start, s_.end) / 365.2425;
    line(fmt::format(
             "  {}{}: {} to {} ({:.3g} years), {} from seed {}, {}, {}", s_.name,
             s_.country.empty() ? "" : " (" + s_.country + ")", sim::to_string(s_.start),
             sim::to_string(sim::add_days(s_.end, -1)), years, many(s_.replications, "replication"), s_.seed,
             s_.draw_parameters ? "uncertain numbers drawn once a replication" : "central values",
             s_.initial_stationary ? "states start with their stationary numbers" : "states start empty unless given"),
         4);
    std::set<std::string> sources;
    for (const Parameter& parameter : s_.parameters)
      if (!parameter.source.empty()) sources.insert(parameter.source);
    line(fmt::format("  {} from {}, in {}", many(s_.parameters.size(), "number"), many(sources.size(), "source"),
                     many(s_.files.size(), "file")),
         4);
    if (!s_.description.empty()) line("  " + s_.description, 2);
  }

  void classes() {
    std::size_t cells = 1;
    for (const TraitClasses& trait : s_.traits) cells *= trait.labels.size();
    title(fmt::format("Persons are told apart by ({})", many(cells, "class", "classes")));
    for (std::size_t t = 0; t < kTraits; ++t) {
      const TraitClasses& trait = s_.traits[t];
      if (trait.labels.size() == 1 && trait.labels[0] == "all") continue;
      std::vector<std::string> labels;
      for (std::size_t i = 0; i < trait.labels.size(); ++i)
        labels.push_back(named(trait.labels[i], trait.descriptions[i]));
      if (static_cast<Trait>(t) == Trait::age) labels.back() += fmt::format(" (newcomers up to {})", s_.oldest_age);
      entry(std::string(kTraitNames[t]), {listed(labels, 100)});
    }
  }

  // -------------------------------------------------------------------- states

  void states(Kind kind) {
    constexpr std::array<std::string_view, 7> kTitles{"Decisions (no time passes)",
                                                      "Delays",
                                                      "Services (wait for capacity)",
                                                      "Custody",
                                                      "Supervision",
                                                      "Liberty",
                                                      "Exits"};
    const auto of_kind = [&](const State& state) { return state.kind == kind; };
    if (std::none_of(s_.states.begin(), s_.states.end(), of_kind)) return;
    title(kTitles[static_cast<std::size_t>(kind)]);
    for (const State& state : s_.states)
      if (state.kind == kind) entry(state.name, about(state));
  }
  std::vector<std::string> about(const State& state) const {
    std::vector<std::string> lines;
    std::string first = state.label;
    const auto add = [&](const std::string& words) { first += (first.empty() ? "" : "; ") + words; };
    const Control usual = state.kind == Kind::custody       ? Control::custody
                          : state.kind == Kind::supervision ? Control::supervised
                                                            : Control::none;
    if (state.control != usual) add(fmt::format("control {}", kControlNames[static_cast<std::size_t>(state.control)]));
    if (state.conviction) add("counts as a conviction");
    for (const auto& [trait, label] : state.becomes) add("people become " + say_.label(trait, label));
    if (state.pretrial)
      add(state.held ? "people here are held, not yet sentenced" : "people here are not yet sentenced");
    if (!first.empty()) lines.push_back(first);
    if (state.kind == Kind::decision)
      for (std::string& line : say_.shares(state.shares, names_of_states())) lines.push_back(std::move(line));
    else if (state.kind != Kind::exit)
      about_time(state, lines);
    if (lines.empty()) lines.emplace_back(state.kind == Kind::exit ? "people leave here" : "");
    return lines;
  }
  std::vector<std::string> names_of_states() const {
    std::vector<std::string> names;
    for (const State& state : s_.states) names.push_back(state.name);
    return names;
  }
  void about_time(const State& state, std::vector<std::string>& lines) const {
    std::string stay;
    switch (state.clock) {
      case Clock::none:
        stay = state.kind == Kind::custody ? "for life" : "without an end of its own";
        break;
      case Clock::duration:
        stay = "duration " + say_.law(state.law);
        break;
      case Clock::term:
        stay = "term " + say_.law(state.law);
        break;
      case Clock::remainder:
        stay = "term: the remainder";
        break;
      case Clock::proceed:
        stay = "term: continues";
        break;
    }
    if (state.kind == Kind::liberty && state.leaving.declared())
      stay = fmt::format("leaving at {}{}", say_.value(state.leaving.rate), say_.factors(state.leaving.ratios));
    if (state.on_completion != kNoState) stay += ", then " + say_.state(state.on_completion);
    lines.push_back(stay);
    for (const LawRow& row : state.law_for) {
      LawSpec law = row.law;
      law.factors = state.law.factors;
      lines.push_back(fmt::format("for {}: {}", say_.who(row.conditions), say_.law(law)));
    }
    if (given(state.automatic_release) || given(state.pretrial_credit)) {
      std::string words;
      if (given(state.automatic_release))
        words = fmt::format("release by law after {} of the term", say_.value(state.automatic_release));
      if (given(state.pretrial_credit))
        words += fmt::format("{}a day of pretrial detention takes {} days off", words.empty() ? "" : "; ",
                             say_.value(state.pretrial_credit));
      lines.push_back(words);
    }
    if (given(state.parole_eligibility))
      lines.push_back(fmt::format("parole hearing ({}) after {} of the term{}, again every {}",
                                  say_.state(state.on_milestone), say_.value(state.parole_eligibility),
                                  say_.factors(state.parole_eligibility_by), say_.value(state.parole_retry)));
    if (state.breach.declared())
      lines.push_back(fmt::format("breach at {}{}, then {}", say_.value(state.breach.rate),
                                  say_.factors(state.breach.ratios), say_.state(state.on_milestone)));
    if (!state.service.empty()) lines.push_back("waits for " + state.service);
    if (state.older_term != OlderTerm::lapses)
      lines.push_back(fmt::format("the rest of an older term is served {}", state.older_term == OlderTerm::concurrent
                                                                                ? "at the same time"
                                                                                : "as well, one after the other"));
    if (given(state.joined_offence_factor))
      lines.push_back(
          fmt::format("times {} for each offence joined to the case", say_.value(state.joined_offence_factor)));
    if (state.on_new_offence != kNoState)
      lines.push_back("a new offence is joined to the case, to " + say_.state(state.on_new_offence));
    for (const StateEvent& event : state.events) lines.push_back(say_.event(event));
    if (!state.facilities.empty()) lines.push_back("held in " + state.facilities);
    if (s_.reoffending.declared && (given(state.reoffending_ratio) || !state.reoffending_ratio_by.empty()))
      lines.push_back(fmt::format("reoffending times {}{}",
                                  given(state.reoffending_ratio) ? say_.value(state.reoffending_ratio) : "1",
                                  say_.factors(state.reoffending_ratio_by)));
    if (given(state.mortality_ratio)) lines.push_back("mortality times " + say_.value(state.mortality_ratio));
  }

  // -------------------------------------------------------------------- the rest

  void mix(const std::array<Shares, kTraits>& mixes, std::vector<std::string>& lines) const {
    for (std::size_t t = 0; t < kTraits; ++t) {
      if (!mixes[t].declared()) continue;
      const std::vector<std::string> words = say_.shares(mixes[t], s_.traits[t].labels);
      for (std::size_t i = 0; i < words.size(); ++i)
        lines.push_back((i == 0 ? std::string(kTraitNames[t]) + ": " : "  ") + words[i]);
    }
  }
  void entries() {
    if (!s_.arrivals.empty()) title("Arrivals");
    for (const Arrivals& arrivals : s_.arrivals) {
      std::vector<std::string> lines{fmt::format("{}, to {}", say_.series(arrivals.rate), say_.state(arrivals.to))};
      mix(arrivals.mix, lines);
      entry(arrivals.name, lines);
    }
    if (!s_.initial.empty()) title("There at the start");
    for (const InitialStock& stock : s_.initial) {
      std::vector<std::string> lines{fmt::format(
          "{}, {}", given(stock.persons) ? say_.counted(stock.persons, "persons") : "the stationary number of persons",
          stock.fresh ? "all just entered" : "part of their stay behind them")};
      mix(stock.mix, lines);
      entry(say_.state(stock.state), lines);
    }
  }
  void returns() {
    if (s_.reoffending.declared) {
      title("Reoffending");
      const Reoffending& r = s_.reoffending;
      std::vector<std::string> lines{fmt::format("{}, to {}", say_.law(r.time), say_.state(r.to))};
      if (!r.ratios.empty()) lines.push_back("hazard" + say_.factors(r.ratios).substr(1));
      if (given(r.same_offence)) lines.push_back("same offence again with share " + say_.value(r.same_offence));
      if (r.offence_mix.declared()) {
        lines.emplace_back("else:");
        for (std::string& words : say_.shares(r.offence_mix, s_.traits[index_of(Trait::offence)].labels))
          lines.push_back("  " + std::move(words));
      }
      entry("time at risk", lines);
      if (given(r.offences_each)) {
        lines = {fmt::format("{} offences{}", say_.value(r.offences_each), say_.factors(r.offences_each_by))};
        if (given(r.victims_each))
          lines.push_back(
              fmt::format("{} victims of each{}", say_.value(r.victims_each), say_.factors(r.victims_each_by)));
        entry("behind a new case", lines);
      }
    }
    if (!s_.mortality.declared) return;
    title("Death");
    entry("rate", {fmt::format("{}{}, to {}", say_.value(s_.mortality.hazard.rate),
                               say_.factors(s_.mortality.hazard.ratios), say_.state(s_.mortality.to))});
  }
  void places() {
    for (std::size_t g = 0; g < s_.groups.size(); ++g) {
      title(fmt::format("Facilities: {} (when full, {})", s_.groups[g].name, when_full(s_.groups[g])));
      for (const Facility& facility : s_.facilities) {
        if (facility.group != g) continue;
        std::string words = "holds " + say_.series(facility.places) + places_noun(facility) + say_.only(facility.only);
        if (facility.area.declared()) words += "; " + say_.series(facility.area) + " to live in";
        if (facility.opens != sim::Date{}) words += "; opens " + sim::to_string(facility.opens);
        if (facility.closes) words += "; closes " + sim::to_string(*facility.closes);
        entry(facility.name, facility.label.empty() ? std::vector{words} : std::vector{facility.label, words});
      }
    }
    if (!s_.services.empty()) title("Services");
    for (std::size_t first = 0; first < s_.services.size(); first = s_.end_of_service(first)) {
      const Service& service = s_.services[first];
      std::vector<std::string> words;
      for (std::size_t i = first; i < s_.end_of_service(first); ++i) words.push_back(capacity_of(s_.services[i]));
      if (!service.priority.empty()) words.back() += "; first: " + say_.states(service.priority);
      if (!service.label.empty()) words.insert(words.begin(), service.label);
      entry(service.called(), words);
    }
  }
  std::string when_full(const FacilityGroup& group) const {
    switch (group.when_full) {
      case WhenFull::wait:
        return "people wait outside";
      case WhenFull::overflow:
        return "people are held in " + s_.groups[group.overflow].name + " until a place is free";
      case WhenFull::crowd:
        break;
    }
    return "it is crowded";
  }
  std::string capacity_of(const Service& service) const {
    std::string words = given(service.servers)   ? say_.counted(service.servers, "cases") + " at once"
                        : given(service.per_day) ? say_.counted(service.per_day, "cases") + " begun a day"
                                                 : "unlimited";
    if (service.by_region()) words += " in " + s_.traits[index_of(Trait::region)].labels[service.region];
    return words;
  }

  std::string places_noun(const Facility& facility) const {
    const bool bare = facility.places.points.size() == 1 && s_.parameter(facility.places.points[0].second).unit == "1";
    return bare ? " places" : "";
  }
  std::string change_words(const Change& change) const {
    const Parameter& target = s_.parameter(change.targets.front());
    const Parameter& by = s_.parameter(change.value);
    std::string path = by.path;  // policies.<name>.<operation>.<target>
    for (int i = 0; i < 3; ++i) path = path.substr(path.find('.') + 1);
    const std::string value = value_text(by);
    switch (change.operation) {
      case Operation::set:
        return fmt::format("set {} to {} (without policies {})", path, value, value_text(target));
      case Operation::scale:
        return fmt::format("scale {} by {}", path, value);
      case Operation::shift:
        return fmt::format("shift {} by {} (without policies {})", path, value, value_text(target));
    }
    return path;
  }
  static std::string part_words(const std::string& part) { return part.empty() ? "" : ", part of " + part; }
  void policies() {
    if (!s_.policies.empty()) title("Policies, by date");
    for (const Policy& policy : s_.policies) {
      std::string words = named(policy.name, policy.label);
      if (policy.until) words += ", until " + sim::to_string(*policy.until);
      if (policy.phase_in_months > 0) words += fmt::format(", phased in over {} months", policy.phase_in_months);
      words += !policy.everyone ? ", new cases only" : policy.inside ? ", those inside too" : "";
      if (!policy.regions.empty()) {
        std::vector<std::string> regions;
        for (const std::uint16_t region : policy.regions)
          regions.push_back(s_.traits[index_of(Trait::region)].labels[region]);
        words += ", in " + listed(regions, 40);
      }
      words += part_words(policy.package_part);
      std::vector<std::string> lines{words};
      for (const Change& change : policy.changes) lines.push_back(change_words(change));
      entry(sim::to_string(policy.from), lines, 14);
    }
    if (!s_.feedback.empty()) title("Feedback: last night's ratios move today's numbers");
    for (const FeedbackLink& link : s_.feedback) entry(link.name, say_.link(link));
    if (!s_.amnesties.empty()) title("Releases on one date");
    for (const Amnesty& amnesty : s_.amnesties) {
      std::string words = fmt::format(
          "{}: {} from {} to {}{}", named(amnesty.name, amnesty.label),
          given(amnesty.persons) ? say_.counted(amnesty.persons, "persons") : "share " + say_.value(amnesty.share),
          say_.states(amnesty.from), say_.state(amnesty.to), say_.only(amnesty.only));
      if (given(amnesty.longest_remaining))
        words += fmt::format("; with no more than {} left", say_.value(amnesty.longest_remaining));
      words += part_words(amnesty.package_part);
      entry(sim::to_string(amnesty.on), {words}, 14);
    }
  }
  void emergency_releases() {
    if (!s_.emergency_releases.empty()) title("Emergency releases");
    for (const EmergencyRelease& release : s_.emergency_releases) {
      const Amnesty& terms = release.terms;
      std::string words = fmt::format("{}from {} to {}{}", terms.label.empty() ? "" : terms.label + ": ",
                                      say_.states(terms.from), say_.state(terms.to), say_.only(terms.only));
      if (given(terms.longest_remaining))
        words += fmt::format("; with no more than {} left", say_.value(terms.longest_remaining));
      words += part_words(terms.package_part);
      entry(terms.name, {words, fmt::format("when {} hold more than {} per cent, down to {}, the least time left first",
                                            s_.groups[release.group].name, say_.value(release.above),
                                            say_.value(release.down_to))});
    }
  }
  void costs() {
    if (!s_.costs.declared()) return;
    title(say_.costs_title());
    for (const CostItem& item : s_.costs.items) entry(item.name, {say_.cost(item)}, 32);
  }
  void comparisons() {
    if (!s_.observed.empty()) title("Published series to compare with");
    for (const Observed& observed : s_.observed) {
      std::string words = named(observed.measure, observed.label) + ", " + many(observed.points.size(), "value");
      if (!observed.points.empty())
        words += fmt::format(" from {} to {}", sim::to_string(observed.points.front().date),
                             sim::to_string(observed.points.back().date));
      if (observed.fitted_years)
        words += fmt::format("; fitted to {} to {}", observed.fitted_years->first, observed.fitted_years->second);
      if (observed.judged_years)
        words += fmt::format("; judged by {} to {}", observed.judged_years->first, observed.judged_years->second);
      entry(observed.name, {words});
    }
    if (!s_.measures.empty()) title("Measures asked for");
    for (const MeasureRequest& measure : s_.measures)
      entry(measure.name, {fmt::format("{} of {}{}", measure.quantity,
                                       measure.states.empty() ? "all states" : say_.states(measure.states),
                                       measure.by.empty() ? "" : " by " + listed(measure.by))});
  }

  const Scenario& s_;
  Wording say_;
  std::size_t width_;
  std::string text_;
};

}  // namespace

std::string describe(const Scenario& scenario, const DescribeOptions& options) {
  const std::size_t width = std::max<std::size_t>(options.width, 60);
  return options.only_grade ? number_table(scenario, width, options.only_grade) : Page(scenario, width).whole();
}

}  // namespace prisonflow::models
