// [states.*]: which keys each kind of state takes, and what they need beside them.
#include <fmt/format.h>

#include <algorithm>

#include "models/read_law_rows.hpp"
#include "models/read_sections.hpp"
#include "models/read_shares.hpp"

namespace prisonflow::models {

namespace {

constexpr unsigned bit(Kind kind) {
  return 1u << static_cast<unsigned>(kind);
}
constexpr unsigned kDecision = bit(Kind::decision), kDelay = bit(Kind::delay), kService = bit(Kind::service),
                   kCustody = bit(Kind::custody), kSupervision = bit(Kind::supervision), kLiberty = bit(Kind::liberty),
                   kExit = bit(Kind::exit);
constexpr unsigned kPlaced = kDelay | kService | kCustody;
constexpr unsigned kCompleting = kPlaced | kSupervision;
constexpr unsigned kTimed = kCompleting | kLiberty;
constexpr unsigned kAny = kTimed | kDecision | kExit;

struct KeyRule {
  std::string_view key;
  unsigned kinds;
};
constexpr std::array<KeyRule, 39> kKeys{{{"kind", kAny},
                                         {"label", kAny},
                                         {"control", kAny},
                                         {"becomes", kTimed | kDecision},
                                         {"conviction", kDecision | kDelay | kService},
                                         {"shares", kDecision},
                                         {"shares_by", kDecision},
                                         {"shares_for", kDecision},
                                         {"next", kTimed},
                                         {"duration", kCompleting},
                                         {"duration_by", kCompleting},
                                         {"duration_for", kCompleting},
                                         {"term", kCustody | kSupervision},
                                         {"term_by", kCustody | kSupervision},
                                         {"term_for", kCustody | kSupervision},
                                         {"pretrial_credit", kCustody},
                                         {"automatic_release", kCustody},
                                         {"parole_eligibility", kCustody},
                                         {"parole_eligibility_by", kCustody},
                                         {"parole_retry", kCustody},
                                         {"on_parole", kCustody},
                                         {"facilities", kPlaced},
                                         {"pretrial", kPlaced | kSupervision},
                                         {"service", kService | kCustody | kSupervision},
                                         {"events", kTimed},
                                         {"on_new_offence", kTimed},
                                         {"older_term", kCustody},
                                         {"joined_offence_factor", kCustody},
                                         {"breach", kSupervision},
                                         {"breach_by", kSupervision},
                                         {"on_breach", kSupervision},
                                         {"leaving", kLiberty},
                                         {"leaving_by", kLiberty},
                                         {"reoffending_ratio", kTimed},
                                         {"reoffending_ratio_by", kTimed},
                                         {"mortality_ratio", kTimed},
                                         {"unit", kAny},
                                         {"source", kAny},
                                         {"grade", kAny}}};

std::string kinds_text(unsigned kinds) {
  std::vector<std::string> names;
  for (std::size_t k = 0; k < kKindNames.size(); ++k)
    if (kinds & (1u << k)) names.emplace_back(kKindNames[k]);
  return listed(names);
}

/// Reads one state.
class StateReader {
 public:
  StateReader(ReadContext& context, const Node& node, std::string path)
      : context_(context), node_(node), path_(std::move(path)) {}

  State read(const std::string& name) {
    state_.name = name;
    state_.where = node_.key;
    const bool knows_kind = read_kind();
    check_state_keys(knows_kind);
    if (!knows_kind) return std::move(state_);
    read_common();
    if (state_.kind == Kind::decision) read_decision();
    if (is(kCompleting)) read_clock();
    if (is(kPlaced)) read_place();
    if (is(kPlaced | kSupervision)) read_pretrial();
    if (state_.kind == Kind::custody) read_custody();
    if (is(kService | kCustody | kSupervision)) read_service();
    if (state_.kind == Kind::supervision) read_supervision();
    if (state_.kind == Kind::liberty) read_liberty();
    if (own("events") != nullptr) read_events(context_, node_, path_, state_);
    return std::move(state_);
  }

 private:
  bool is(unsigned kinds) const { return (bit(state_.kind) & kinds) != 0; }
  const Node* find(std::string_view key) const { return node_.find(key); }
  std::string at(std::string_view key) const { return join(path_, key); }
  void complain(const Node& node, std::string problem, std::string why, std::string suggestion) {
    context_.problems.add(node.key, path_ + ": " + std::move(problem), std::move(why), std::move(suggestion));
  }
  void must_have(std::string_view key, std::string_view why, std::string_view suggestion) {
    missing(context_, node_, path_, key, why, suggestion);
  }
  void needs(std::string_view key, std::string_view other) {
    const Node* node = find(key);
    if (node == nullptr || find(other) != nullptr) return;
    context_.references_sound = false;
    if (context_.meant.contains(at(other))) return;
    complain(*node, fmt::format("\"{}\" without \"{}\"", key, other), "one has no effect without the other",
             fmt::format("add {}, or remove {}", other, key));
  }

  bool read_kind() {
    const Node* kind = find("kind");
    if (kind == nullptr) {
      context_.references_sound = false;
      must_have("kind", fmt::format("the kind says how people pass through it: {}", listed(words_of(kKindNames))),
                "add kind = \"…\"");
      return false;
    }
    const auto choice = read_choice(context_, *kind, at("kind"), words_of(kKindNames));
    if (choice) state_.kind = static_cast<Kind>(*choice);
    if (!choice) context_.references_sound = false;
    return choice.has_value();
  }
  /// Without a kind, what no kind has is still wrong.
  void check_state_keys(bool knows_kind) {
    std::vector<std::string> allowed;
    for (const KeyRule& rule : kKeys)
      if (!knows_kind || is(rule.kinds)) allowed.emplace_back(rule.key);
    allowed.emplace_back("note");
    for (std::size_t i = 0; i < node_.keys.size(); ++i) {
      const std::string& key = node_.keys[i];
      if (std::find(allowed.begin(), allowed.end(), key) != allowed.end()) continue;
      const auto* rule = std::find_if(kKeys.begin(), kKeys.end(), [&](const KeyRule& r) { return r.key == key; });
      if (rule != kKeys.end()) {
        complain(
            node_.items[i],
            fmt::format("a state of kind {} has no \"{}\"", kKindNames[static_cast<std::size_t>(state_.kind)], key),
            fmt::format("it belongs to {}", kinds_text(rule->kinds)), "remove it, or change the kind");
      } else {
        const std::string near = closest(key, allowed);
        if (!near.empty()) context_.meant.insert(at(near));
        context_.problems.add(node_.items[i].key, fmt::format("unknown key \"{}\" in {}", key, path_),
                              "nothing would read it",
                              near.empty() ? fmt::format("the keys here are: {}", listed(allowed, 40))
                                           : fmt::format("did you mean \"{}\"?", near));
      }
    }
  }
  bool allowed(std::string_view key) const {
    for (const KeyRule& rule : kKeys)
      if (rule.key == key) return is(rule.kinds);
    return false;
  }
  /// The node of a key this kind of state has.
  const Node* own(std::string_view key) const { return allowed(key) ? find(key) : nullptr; }

  void read_common() {
    if (const Node* label = find("label")) state_.label = read_text(context_, *label, at("label")).value_or("");
    state_.control = state_.kind == Kind::custody       ? Control::custody
                     : state_.kind == Kind::supervision ? Control::supervised
                                                        : Control::none;
    if (const Node* control = find("control"))
      if (const auto choice = read_choice(context_, *control, at("control"), words_of(kControlNames)))
        state_.control = static_cast<Control>(*choice);
    if (const Node* conviction = own("conviction"))
      state_.conviction = read_truth(context_, *conviction, at("conviction")).value_or(false);
    if (const Node* becomes = own("becomes")) read_becomes(*becomes);
    if (const Node* next = own("next")) state_.on_completion = read_state(context_, *next, at("next"));
    state_.at_risk = is(kSupervision | kLiberty);
    if (const Node* ratio = own("reoffending_ratio")) {
      state_.reoffending_ratio = read_number(context_, *ratio, at("reoffending_ratio"), Quantity::odds);
      state_.at_risk = true;
    }
    if (own("reoffending_ratio_by")) {
      if (!is(kSupervision | kLiberty)) needs("reoffending_ratio_by", "reoffending_ratio");
      state_.reoffending_ratio_by = read_modifiers(context_, node_, path_, "reoffending_ratio");
    }
    if (const Node* to = own("on_new_offence")) {
      state_.on_new_offence = read_state(context_, *to, at("on_new_offence"));
      if (!state_.at_risk && !context_.meant.contains(at("reoffending_ratio")))
        complain(*to, "\"on_new_offence\" where nobody reoffends", "people are not at risk in this state",
                 "add reoffending_ratio, or remove it");
    }
    if (const Node* ratio = own("mortality_ratio"))
      state_.mortality_ratio = read_number(context_, *ratio, at("mortality_ratio"), Quantity::odds);
  }
  void read_becomes(const Node& becomes) {
    if (!expect(context_, becomes, NodeType::table, at("becomes"))) return;
    for (std::size_t i = 0; i < becomes.items.size(); ++i) {
      const Node& item = becomes.items[i];
      const std::string path = join(at("becomes"), becomes.keys[i]);
      const auto trait = find_trait(context_, becomes.keys[i], item.key, at("becomes"));
      if (!trait) continue;
      if (index_of(*trait) < kFirstChangingTrait) {
        context_.problems.add(item.key,
                              fmt::format("{}: no state changes a person's {}", at("becomes"), becomes.keys[i]),
                              "only what happens to people can: their risk, need, assessed band, programme and support",
                              "use one of those traits, or remove it");
        continue;
      }
      if (!expect(context_, item, NodeType::text, path)) continue;
      if (const auto label = find_label(context_, *trait, item.text, item.where, path))
        state_.becomes.emplace_back(*trait, *label);
    }
  }
  void read_decision() {
    state_.shares = read_shares(context_, node_, path_, "shares", {"states", context_.state_names, true, kTraits});
    if (find("shares") != nullptr || find("shares_by") != nullptr || find("shares_for") != nullptr) return;
    context_.references_sound = false;
    must_have("shares", "a decision sends people somewhere, at once", "add shares = { … }");
  }
  void read_clock() {
    const Node* duration = own("duration");
    const Node* term = own("term");
    if (duration != nullptr && term != nullptr)
      complain(*term, "\"duration\" and \"term\" are both given", "one of them sets how long people stay",
               "remove one of the two");
    if (term != nullptr) {
      read_term(*term);
    } else if (duration != nullptr) {
      state_.clock = Clock::duration;
      state_.law = read_law(context_, *duration, at("duration"));
      state_.law.factors = read_modifiers(context_, node_, path_, "duration");
      state_.law_for = read_law_rows(context_, node_, path_, "duration");
    } else {
      context_.references_sound = false;
      clock_known_ = !context_.meant.contains(at("term"));
      if (clock_known_)
        must_have("duration", "people would stay for ever",
                  is(kCustody | kSupervision) ? "add duration = \"…\" or term = \"…\"" : "add duration = \"…\"");
    }
    for (const std::string_view key : {"duration_by", "duration_for"}) needs(key, "duration");
    if (is(kCustody | kSupervision))
      for (const std::string_view key : {"term_by", "term_for"}) needs(key, "term");
    if (find("next") == nullptr && !life_) {
      context_.references_sound = false;
      must_have("next", "people whose time is over go somewhere", "add next = \"…\"");
    } else if (find("next") != nullptr && life_) {
      complain(*find("next"), "\"next\" with a life term", "a life term is never completed", "remove next");
    }
  }
  void read_term(const Node& term) {
    const std::string path = at("term");
    if (term.is(NodeType::text) && (term.text == "remainder" || term.text == "continue" || term.text == "life")) {
      state_.clock = term.text == "remainder"  ? Clock::remainder
                     : term.text == "continue" ? Clock::proceed
                                               : Clock::none;
      life_ = term.text == "life";
      if (life_ && state_.kind != Kind::custody)
        complain(term, "a life term outside of custody", "only custody never completes", "give the measure a duration");
      for (const std::string_view key : {"term_by", "term_for"})
        if (const Node* drawn = find(key))
          complain(*drawn, fmt::format("\"{}\" with term = \"{}\"", key, term.text), "nothing is drawn here",
                   "remove it");
      return;
    }
    if (term.is(NodeType::text)) {
      const std::string near = closest(term.text, {"remainder", "continue", "life"});
      if (!near.empty()) {
        context_.problems.add(term.where, fmt::format("{} = \"{}\" is not known", path, term.text),
                              "a term is a duration, a distribution, \"remainder\", \"continue\" or \"life\"",
                              fmt::format("did you mean \"{}\"?", near));
        clock_known_ = false;
        return;
      }
    }
    state_.clock = Clock::term;
    state_.law = read_law(context_, term, path);
    state_.law.factors = read_modifiers(context_, node_, path_, "term");
    state_.law_for = read_law_rows(context_, node_, path_, "term");
  }
  void read_place() {
    if (const Node* group = find("facilities")) {
      read_reference(context_, *group, at("facilities"), context_.group_names, "facility groups");
      if (group->is(NodeType::text)) state_.facilities = group->text;
    }
    state_.held = state_.kind == Kind::custody || find("facilities") != nullptr;
  }
  /// Before the sentence: held, or under control at liberty.
  void read_pretrial() {
    if (const Node* pretrial = find("pretrial")) {
      state_.pretrial = read_truth(context_, *pretrial, at("pretrial")).value_or(false);
      if (state_.pretrial && !state_.held && state_.control == Control::none)
        complain(*pretrial, "\"pretrial\" in a state where nobody is held or under control",
                 "a delay or service is a form of custody only with \"facilities\"",
                 "add facilities = \"…\" or control = \"…\", or remove it");
    }
  }
  void read_custody() {
    const bool drawn = state_.clock == Clock::term || !clock_known_;
    const bool term = (find("term") != nullptr && !life_) || !clock_known_;
    if (const Node* credit = find("pretrial_credit")) {
      state_.pretrial_credit = read_number(context_, *credit, at("pretrial_credit"), Quantity::odds);
      if (!drawn)
        complain(*credit, "\"pretrial_credit\" without a term drawn here", "credit is taken off a new term",
                 "remove it, or give the state a term");
    }
    if (const Node* older = find("older_term"))
      if (const auto choice = read_choice(context_, *older, at("older_term"), words_of(kOlderTermNames)))
        state_.older_term = static_cast<OlderTerm>(*choice);
    if (const Node* factor = find("joined_offence_factor"))
      state_.joined_offence_factor = read_number(context_, *factor, at("joined_offence_factor"), Quantity::odds);
    for (const std::string_view key : {"older_term", "joined_offence_factor"})
      if (find(key) != nullptr && !drawn)
        complain(*find(key), fmt::format("\"{}\" without a term drawn here", key), "it is about a new term",
                 "remove it, or give the state a term");
    for (const std::string_view key : {"automatic_release", "parole_eligibility"})
      if (find(key) != nullptr && !term)
        complain(*find(key), fmt::format("\"{}\" without a term", key), "it is a fraction of the term",
                 "give the state a term, or remove it");
    if (const Node* fraction = find("automatic_release"))
      state_.automatic_release = read_number(context_, *fraction, at("automatic_release"), Quantity::share);
    if (const Node* fraction = find("parole_eligibility"))
      state_.parole_eligibility = read_number(context_, *fraction, at("parole_eligibility"), Quantity::share);
    state_.parole_eligibility_by = read_modifiers(context_, node_, path_, "parole_eligibility");
    NumberRule above_zero;
    above_zero.above_zero = true;
    if (const Node* retry = find("parole_retry"))
      state_.parole_retry = read_number(context_, *retry, at("parole_retry"), Quantity::duration, above_zero);
    if (const Node* hearing = find("on_parole")) state_.on_milestone = read_state(context_, *hearing, at("on_parole"));
    for (const std::string_view key : {"on_parole", "parole_retry"}) {
      needs("parole_eligibility", key);
      needs(key, "parole_eligibility");
    }
    needs("parole_eligibility_by", "parole_eligibility");
  }
  void read_service() {
    const Node* service = find("service");
    if (service == nullptr && state_.kind != Kind::service) return;
    if (service == nullptr)
      return must_have("service", "a service state waits for the capacity of a service",
                       "add service = \"…\", or make it a delay");
    read_reference(context_, *service, at("service"), context_.service_names, "services");
    if (service->is(NodeType::text)) state_.service = service->text;
  }
  void read_supervision() {
    if (const Node* breach = find("breach")) {
      state_.breach.rate = read_number(context_, *breach, at("breach"), Quantity::rate);
      state_.breach.ratios = read_modifiers(context_, node_, path_, "breach");
    }
    if (const Node* to = find("on_breach")) state_.on_milestone = read_state(context_, *to, at("on_breach"));
    needs("breach", "on_breach");
    needs("on_breach", "breach");
    needs("breach_by", "breach");
  }
  void read_liberty() {
    if (const Node* leaving = find("leaving")) {
      state_.leaving.rate = read_number(context_, *leaving, at("leaving"), Quantity::rate);
      state_.leaving.ratios = read_modifiers(context_, node_, path_, "leaving");
    }
    needs("leaving", "next");
    needs("next", "leaving");
    needs("leaving_by", "leaving");
  }

  ReadContext& context_;
  const Node& node_;
  std::string path_;
  State state_;
  bool life_ = false;
  bool clock_known_ = true;  ///< false: the key that sets it is misspelt, which is said there
};

void check_across_states(ReadContext& context, const Node& root) {
  const Scenario& scenario = context.scenario;
  const auto& states = scenario.states;
  if (std::none_of(states.begin(), states.end(), [](const State& s) { return s.kind == Kind::exit; }) &&
      context.references_sound) {
    context.references_sound = false;
    context.problems.add(root.find("states")->key, "no state is an exit", "everyone who enters must be able to leave",
                         "add one: [states.end] with kind = \"exit\"");
  }
  if (std::none_of(states.begin(), states.end(), [](const State& s) { return s.held && s.pretrial; })) return;
  for (const State& state : states)
    if (state.kind == Kind::custody && state.clock == Clock::term && !given(state.pretrial_credit))
      context.problems.add(state.where, fmt::format("states.{} has no \"pretrial_credit\"", state.name),
                           "people come here from pretrial detention, and whether it counts moves every result",
                           "add pretrial_credit = 1 (a day for a day) or 0");
}

}  // namespace

void read_states(ReadContext& context, const Node& root) {
  for_each_table(context, root, "states", "a state",
                 [&](const std::string& name, const Node& node, const std::string& path) {
                   context.scenario.states.push_back(StateReader(context, node, path).read(name));
                 });
  if (!context.scenario.states.empty()) check_across_states(context, root);
}

}  // namespace prisonflow::models
