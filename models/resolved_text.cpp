// The canonical text: structure first, each number by its path, then every number; or the part of it that settles the
// first day.
#include <fmt/format.h>

#include <algorithm>

#include "models/describe.hpp"
#include "models/describe_text.hpp"
#include "models/model.hpp"
#include "models/steady_state_graph.hpp"

namespace prisonflow::models {

namespace {

constexpr std::array<std::string_view, 7> kFamilyNames{"fixed",     "exponential", "uniform",  "weibull",
                                                       "lognormal", "gamma",       "empirical"};
constexpr std::array<std::string_view, 5> kClockNames{"none", "duration", "term", "remainder", "continue"};
constexpr std::array<std::string_view, 5> kUncertaintyNames{"none", "triangular", "uniform", "normal", "lognormal"};
constexpr std::array<std::string_view, 3> kOperationNames{"set", "scale", "shift"};
constexpr std::array<std::string_view, 3> kWhenFullNames{"crowd", "wait", "overflow"};

template <class Enum, std::size_t n>
std::string_view name_of(const std::array<std::string_view, n>& names, Enum value) {
  return names[static_cast<std::size_t>(value)];
}

class Writer {
 public:
  explicit Writer(const Scenario& scenario) : s_(scenario) {}

  std::string text() {
    header();
    for (const State& state : s_.states) write(state);
    arrivals();
    initial();
    hazards();
    places();
    interventions();
    emergency_releases();
    comparisons();
    costs();
    parameters();
    return std::move(out_);
  }

  /// Without what the algebra of the steady state does not read.
  std::string first_day(const Model& model, const CaseGraph& graph) {
    graph_ = &graph;
    used_.assign(s_.parameters.size(), false);
    date("start", s_.start);
    section("classes");
    classes();
    for (std::size_t state = 0; state < s_.states.size(); ++state) {
      if (graph.is_met(static_cast<StateIndex>(state))) write(s_.states[state]);
    }
    for (std::size_t process = 0; process < s_.arrivals.size(); ++process) {
      const double per_day = model.arrivals()[process].segments.front().per_day->mean();
      if (!(per_day > 0)) continue;
      section("arrivals");
      state("to", s_.arrivals[process].to);
      raw("per_day", fmt::format("{}", per_day));
      mix(s_.arrivals[process].mix);
    }
    hazards();
    for (const Policy& policy : s_.policies) {
      if (policy.from <= s_.start) write(policy);
    }
    section("parameters");
    for (std::size_t index = 0; index < used_.size(); ++index) {
      if (used_[index]) raw(quoted(s_.parameters[index].path), fmt::format("{}", model.values()[index]));
    }
    return std::move(out_);
  }

 private:
  void section(std::string_view name) { out_ += fmt::format("\n[{}]\n", name); }
  void raw(std::string_view key, std::string_view value) { out_ += fmt::format("{} = {}\n", key, value); }
  void text(std::string_view key, std::string_view value) {
    if (!value.empty()) raw(key, quoted(value));
  }
  void flag(std::string_view key, bool value) {
    if (value) raw(key, "true");
  }
  void date(std::string_view key, sim::Date value) { raw(key, sim::to_string(value)); }
  std::string path(ParameterId id) {
    if (!given(id)) return "rest";
    if (!used_.empty()) used_[index_of(id)] = true;
    return s_.parameter(id).path;
  }
  void number(std::string_view key, ParameterId id) {
    if (given(id)) raw(key, path(id));
  }
  std::string state_name(StateIndex state) const { return state == kNoState ? "" : s_.states[state].name; }
  void state(std::string_view key, StateIndex value) { text(key, state_name(value)); }
  void states(std::string_view key, const std::vector<StateIndex>& values) {
    std::vector<std::string> names;
    for (const StateIndex value : values) names.push_back(state_name(value));
    if (!names.empty()) raw(key, list_of(names));
  }
  std::string label(Trait trait, std::uint16_t index) const {
    return fmt::format("{}:{}", kTraitNames[index_of(trait)], s_.traits[index_of(trait)].labels[index]);
  }
  void modifiers(std::string_view key, const std::vector<Modifier>& list) {
    for (const Modifier& modifier : list)
      raw(fmt::format("{}.{}", key, quoted(label(modifier.trait, modifier.label))), path(modifier.factor));
  }
  std::string who(const Conditions& conditions) const {
    std::string labels;
    for (const auto& [trait, index] : conditions) labels += (labels.empty() ? "" : "/") + label(trait, index);
    return quoted(labels);
  }
  void law(std::string_view key, const LawSpec& law) {
    raw(fmt::format("{}.family", key), quoted(name_of(kFamilyNames, law.family)));
    flag(fmt::format("{}.median", key), law.median);
    number(fmt::format("{}.scale", key), law.scale);
    number(fmt::format("{}.second", key), law.second);
    number(fmt::format("{}.never", key), law.never);
    for (const auto& [time, share] : law.points) raw(fmt::format("{}.point", key), path(time) + ", " + path(share));
    modifiers(fmt::format("{}.factor", key), law.factors);
  }
  /// `counts`: which branches are written.
  template <class Counts>
  void shares(std::string_view key, const Shares& shares, const std::vector<std::string>& names, Counts&& counts) {
    const auto row = [&](const std::string& row_key, const std::vector<ParameterId>& ids) {
      for (std::size_t i = 0; i < ids.size(); ++i)
        if (counts(i)) raw(fmt::format("{}.{}", row_key, quoted(names[shares.targets[i]])), path(ids[i]));
    };
    row(std::string(key), shares.base);
    for (const ShareRow& special : shares.rows)
      row(fmt::format("{}_for.{}", key, who(special.conditions)), special.shares);
    for (const ShareModifier& modifier : shares.modifiers)
      if (counts(modifier.branch))
        raw(fmt::format("{}_by.{}.{}", key, quoted(label(modifier.trait, modifier.label)),
                        quoted(names[shares.targets[modifier.branch]])),
            path(modifier.odds));
  }
  void shares(std::string_view key, const Shares& all, const std::vector<std::string>& names) {
    shares(key, all, names, [](std::size_t) { return true; });
  }
  void series(std::string_view key, const Series& series) {
    if (series.points.size() == 1) return number(key, series.points[0].second);
    raw(fmt::format("{}.between", key), series.linear ? "\"lines\"" : "\"steps\"");
    for (const auto& [on, id] : series.points) raw(fmt::format("{}.{}", key, sim::to_string(on)), path(id));
  }
  void only(const std::array<std::vector<std::uint16_t>, kTraits>& lists) {
    for (std::size_t t = 0; t < kTraits; ++t) {
      std::vector<std::string> names;
      for (const std::uint16_t index : lists[t]) names.push_back(s_.traits[t].labels[index]);
      if (!names.empty()) raw(fmt::format("only.{}", kTraitNames[t]), list_of(names));
    }
  }
  void mix(const std::array<Shares, kTraits>& mixes) {
    for (std::size_t t = 0; t < kTraits; ++t)
      if (mixes[t].declared()) shares(fmt::format("mix.{}", kTraitNames[t]), mixes[t], s_.traits[t].labels);
  }

  void header() {
    out_ = "[scenario]\n";
    text("name", s_.name);
    text("title", s_.title);
    text("description", s_.description);
    text("country", s_.country);
    date("start", s_.start);
    date("end", s_.end);
    raw("seed", std::to_string(s_.seed));
    raw("replications", std::to_string(s_.replications));
    raw("parameters", s_.draw_parameters ? "\"drawn\"" : "\"central\"");
    raw("initial", s_.initial_stationary ? "\"stationary\"" : "\"empty\"");
    section("classes");
    classes();
  }
  void classes() {
    for (std::size_t t = 0; t < kTraits; ++t) {
      raw(kTraitNames[t], list_of(s_.traits[t].labels));
      for (std::size_t i = 0; i < s_.traits[t].descriptions.size(); ++i)
        text(fmt::format("labels.{}.{}", kTraitNames[t], quoted(s_.traits[t].labels[i])), s_.traits[t].descriptions[i]);
    }
    raw("oldest_age", std::to_string(s_.oldest_age));
  }
  void write(const State& state_of) {
    const State& st = state_of;
    section("states." + st.name);
    text("label", st.label);
    raw("kind", quoted(name_of(kKindNames, st.kind)));
    raw("control", quoted(name_of(kControlNames, st.control)));
    flag("pretrial", st.pretrial);
    flag("held", st.held);
    flag("conviction", st.conviction);
    flag("at_risk", st.at_risk);
    for (const auto& [trait, label] : st.becomes)
      raw(fmt::format("becomes.{}", kTraitNames[index_of(trait)]), quoted(s_.traits[index_of(trait)].labels[label]));
    raw("clock", quoted(name_of(kClockNames, st.clock)));
    if (st.clock == Clock::duration || st.clock == Clock::term) law("law", st.law);
    for (const LawRow& row : st.law_for) law("law_for." + who(row.conditions), row.law);
    if (st.shares.declared()) {
      std::vector<std::string> names;
      for (const State& other : s_.states) names.push_back(other.name);
      const auto index = static_cast<StateIndex>(&st - s_.states.data());
      shares("shares", st.shares, names, [&](auto branch) { return !graph_ || graph_->is_open(index, branch); });
    }
    state("on_completion", st.on_completion);
    state("on_milestone", st.on_milestone);
    number("pretrial_credit", st.pretrial_credit);
    number("automatic_release", st.automatic_release);
    number("parole_eligibility", st.parole_eligibility);
    modifiers("parole_eligibility_by", st.parole_eligibility_by);
    number("parole_retry", st.parole_retry);
    text("facilities", st.facilities);
    text("service", st.service);
    number("breach", st.breach.rate);
    modifiers("breach_by", st.breach.ratios);
    number("leaving", st.leaving.rate);
    modifiers("leaving_by", st.leaving.ratios);
    number("reoffending_ratio", st.reoffending_ratio);
    modifiers("reoffending_ratio_by", st.reoffending_ratio_by);
    number("mortality_ratio", st.mortality_ratio);
    if (st.kind == Kind::custody) raw("older_term", quoted(name_of(kOlderTermNames, st.older_term)));
    number("joined_offence_factor", st.joined_offence_factor);
    state("on_new_offence", st.on_new_offence);
    for (const StateEvent& event : st.events) write(st, event);
  }
  void write(const State& st, const StateEvent& event) {
    section("states." + st.name + ".events." + event.name);
    text("label", event.label);
    number(kTimingNames[static_cast<std::size_t>(event.timing)],
           event.timing == Timing::rate ? event.hazard.rate : event.time);
    modifiers("rate_by", event.hazard.ratios);
    state("to", event.to);
    flag("while_waiting", event.while_waiting);
    number("delays_parole", event.delays_parole);
    number("loses_remission", event.loses_remission);
  }
  void arrivals() {
    for (const Arrivals& arrivals : s_.arrivals) {
      section("arrivals." + arrivals.name);
      state("to", arrivals.to);
      series("rate", arrivals.rate);
      mix(arrivals.mix);
    }
  }
  void initial() {
    for (const InitialStock& stock : s_.initial) {
      section("initial." + state_name(stock.state));
      if (given(stock.persons))
        number("persons", stock.persons);
      else
        raw("persons", "\"stationary\"");
      raw("elapsed", stock.fresh ? "\"none\"" : "\"stationary\"");
      mix(stock.mix);
    }
  }
  void hazards() {
    if (s_.reoffending.declared) {
      section("reoffending");
      state("to", s_.reoffending.to);
      law("time", s_.reoffending.time);
      modifiers("ratio_by", s_.reoffending.ratios);
      number("same_offence", s_.reoffending.same_offence);
      number("offences_each", s_.reoffending.offences_each);
      modifiers("offences_each_by", s_.reoffending.offences_each_by);
      number("victims_each", s_.reoffending.victims_each);
      modifiers("victims_each_by", s_.reoffending.victims_each_by);
      if (s_.reoffending.offence_mix.declared())
        shares("mix.offence", s_.reoffending.offence_mix, s_.traits[index_of(Trait::offence)].labels);
    }
    if (s_.mortality.declared) {
      section("mortality");
      state("to", s_.mortality.to);
      number("rate", s_.mortality.hazard.rate);
      modifiers("rate_by", s_.mortality.hazard.ratios);
    }
  }
  void places() {
    for (const FacilityGroup& group : s_.groups) {
      section("facilities." + group.name);
      raw("when_full", quoted(name_of(kWhenFullNames, group.when_full)));
      if (group.when_full == WhenFull::overflow) text("overflow", s_.groups[group.overflow].name);
    }
    for (const Facility& facility : s_.facilities) {
      section("facilities." + s_.groups[facility.group].name + "." + facility.name);
      text("label", facility.label);
      series("places", facility.places);
      series("area", facility.area);
      only(facility.only);
      if (facility.opens != sim::Date{}) date("opens", facility.opens);
      if (facility.closes) date("closes", *facility.closes);
    }
    for (const Service& service : s_.services) {
      section("services." + service.name);
      text("common_name", service.common_name);
      if (service.by_region()) text("region", s_.traits[index_of(Trait::region)].labels[service.region]);
      text("label", service.label);
      number("servers", service.servers);
      number("per_day", service.per_day);
      states("priority", service.priority);
    }
  }
  void interventions() {
    for (const Policy& policy : s_.policies) write(policy);
    for (const FeedbackLink& link : s_.feedback) write(link);
    for (const Amnesty& amnesty : s_.amnesties) {
      section("amnesties." + amnesty.name);
      text("label", amnesty.label);
      text("package_part", amnesty.package_part);
      date("on", amnesty.on);
      states("from", amnesty.from);
      state("to", amnesty.to);
      number("share", amnesty.share);
      number("persons", amnesty.persons);
      number("longest_remaining", amnesty.longest_remaining);
      only(amnesty.only);
    }
  }
  void write(const Policy& policy) {
    section("policies." + policy.name);
    text("label", policy.label);
    text("package_part", policy.package_part);
    date("from", policy.from);
    if (policy.until) date("until", *policy.until);
    raw("phase_in_months", std::to_string(policy.phase_in_months));
    raw("applies_to", !policy.everyone ? "\"new cases\"" : policy.inside ? "\"inside\"" : "\"everyone\"");
    std::vector<std::string> regions;
    for (const std::uint16_t region : policy.regions)
      regions.push_back(s_.traits[index_of(Trait::region)].labels[region]);
    if (!regions.empty()) raw("regions", list_of(regions));
    for (const Change& change : policy.changes)
      for (const ParameterId target : change.targets)
        raw(fmt::format("{}.{}", name_of(kOperationNames, change.operation), path(target)), path(change.value));
  }
  void write(const FeedbackLink& link) {
    section("feedback." + link.name);
    text("label", link.label);
    raw("enabled", link.enabled ? "true" : "false");
    const std::string_view ratio = kRatioNames[static_cast<std::size_t>(link.ratio)];
    if (link.lived_through) raw("lived_through", "true");
    if (link.ratio == Ratio::time_served) {
      raw(ratio, "true");
    } else if (link.ratio == Ratio::caseload) {
      states(ratio, link.states);
    } else {
      text(ratio, link.ratio == Ratio::occupancy ? s_.groups[link.source].name : s_.services[link.source].called());
    }
    number("officers", link.officers);
    for (const auto& [at, factor] : link.response) number(fmt::format("response.{}", at), factor);
    std::vector<std::string> targets;
    for (const LinkTarget& target : link.targets) targets.push_back(target_path(s_, target));
    raw("acts_on", list_of(targets));
    only(link.only);
  }
  void emergency_releases() {
    for (const EmergencyRelease& release : s_.emergency_releases) {
      section("emergency_releases." + release.terms.name);
      text("label", release.terms.label);
      text("package_part", release.terms.package_part);
      text("occupancy", s_.groups[release.group].name);
      number("above", release.above);
      number("down_to", release.down_to);
      states("from", release.terms.from);
      state("to", release.terms.to);
      number("longest_remaining", release.terms.longest_remaining);
      only(release.terms.only);
    }
  }
  void comparisons() {
    for (const Observed& observed : s_.observed) {
      section("observed." + observed.name);
      text("measure", observed.measure);
      text("label", observed.label);
      text("unit", observed.unit);
      const auto years = [&](std::string_view key, const auto& two) {
        if (two) raw(key, fmt::format("[{}, {}]", two->first, two->second));
      };
      years("fitted", observed.fitted_years);
      years("judged", observed.judged_years);
      for (const Observed::Point& point : observed.points)
        raw(sim::to_string(point.date), fmt::format("{{ value = {}, source = {}, note = {} }}", point.value,
                                                    quoted(point.source), quoted(point.note)));
    }
    if (s_.population.declared()) {
      section("population");
      series("series", s_.population);
    }
    for (const MeasureRequest& measure : s_.measures) {
      section("measures." + measure.name);
      text("label", measure.label);
      raw("quantity", quoted(measure.quantity));
      states("states", measure.states);
      raw("by", list_of(measure.by));
    }
  }
  void costs() {
    if (!s_.costs.declared()) return;
    section("costs");
    text("currency", s_.costs.currency);
    if (s_.costs.prices_of) raw("prices_of", std::to_string(*s_.costs.prices_of));
    number("discount_rate", s_.costs.discount_rate);
    for (const CostItem& item : s_.costs.items) number(item.name, item.unit_cost);
  }
  void parameters() {
    section("parameters");
    for (const Parameter& p : s_.parameters) {
      out_ += fmt::format("{} = {{ value = {}, base = {}, unit = {}", quoted(p.path), in_base(p), base_unit(p.quantity),
                          quoted(p.unit));
      if (p.uncertainty != Uncertainty::none)
        out_ += fmt::format(", draw = {}, low = {}, high = {}", quoted(name_of(kUncertaintyNames, p.uncertainty)),
                            p.low, p.high);
      out_ += fmt::format(", grade = {}", quoted(grade_name(p.grade)));
      if (!p.source.empty()) out_ += ", source = " + quoted(p.source);
      if (!p.note.empty()) out_ += ", note = " + quoted(p.note);
      out_ += " }\n";
    }
  }
  /// The shortest text that reads back as the same number.
  static std::string in_base(const Parameter& parameter) { return fmt::format("{}", parameter.value); }

  const Scenario& s_;
  const CaseGraph* graph_ = nullptr;  ///< of the first day, where that alone is written
  std::vector<bool> used_;            ///< by parameter, where that is asked for
  std::string out_;
};

}  // namespace

std::string resolved_text(const Scenario& scenario) {
  return Writer(scenario).text();
}

std::string first_day_text(const Model& model, const CaseGraph& graph) {
  return Writer(model.scenario()).first_day(model, graph);
}

}  // namespace prisonflow::models
