// [feedback.*]: links from how full, behind or loaded the system is to its numbers.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "models/read_numbers.hpp"
#include "models/read_sections.hpp"

namespace prisonflow::models {

namespace {

constexpr std::int32_t kMostRatio = 1'000'000;

/// Reads one link.
class LinkReader {
 public:
  LinkReader(ReadContext& context, const Node& node, std::string path)
      : context_(context), node_(node), path_(std::move(path)) {}

  FeedbackLink read(const std::string& name) {
    link_.name = name;
    link_.where = node_.key;
    check_keys(context_, node_, path_,
               {"label", "occupancy", "backlog", "caseload", "time_served", "lived_through", "officers", "response",
                "acts_on", "only", "enabled"});
    if (const Node* label = node_.find("label")) link_.label = read_text(context_, *label, at("label")).value_or("");
    if (const Node* enabled = node_.find("enabled"))
      link_.enabled = read_truth(context_, *enabled, at("enabled")).value_or(true);
    if (const Node* only = node_.find("only")) link_.only = read_only(context_, *only, at("only"));
    read_ratio();
    read_lived_through();
    read_response();
    read_targets();
    check_marks();
    return std::move(link_);
  }

 private:
  std::string at(std::string_view key) const { return join(path_, key); }
  void read_ratio() {
    std::vector<const Node*> given;
    for (const std::string_view name : kRatioNames)
      if (const Node* node = node_.find(name)) given.push_back(node);
    const bool misspelt = std::any_of(kRatioNames.begin(), kRatioNames.end(),
                                      [&](std::string_view name) { return context_.meant.contains(at(name)); });
    if (given.empty() && misspelt) return;
    if (given.empty())
      return missing(context_, node_, path_, "occupancy, backlog or caseload", "a link reads something every night",
                     "add occupancy = \"<facility group>\", backlog = \"<service>\" or caseload = [\"<state>\", …]; or "
                     "time_served = true");
    if (given.size() > 1)
      context_.problems.add(given[1]->key, fmt::format("{} reads two things", path_), "a link reads one ratio",
                            "make two links of it");
    const Node& read = *given.front();
    const Node* officers = node_.find("officers");
    if (&read == node_.find("occupancy")) {
      link_.ratio = Ratio::occupancy;
      link_.source =
          read_reference(context_, read, at("occupancy"), context_.group_names, "facility groups").value_or(0);
    } else if (&read == node_.find("backlog")) {
      link_.ratio = Ratio::backlog;
      read_reference(context_, read, at("backlog"), context_.service_names, "services");
      read_service(read);
    } else if (&read == node_.find("time_served")) {
      link_.ratio = Ratio::time_served;
      if (const auto truth = read_truth(context_, read, at("time_served")); truth && !*truth) {
        reads_nothing_ = true;
        context_.problems.add(read.where, fmt::format("{} = false", at("time_served")), "the link would read nothing",
                              "write time_served = true, or remove the link");
      }
    } else {
      link_.ratio = Ratio::caseload;
      if (expect(context_, read, NodeType::list, at("caseload")))
        for (const Node& item : read.items) read_caseload_state(item);
      NumberRule above_zero;
      above_zero.above_zero = true;
      if (officers != nullptr)
        link_.officers = read_number(context_, *officers, at("officers"), Quantity::count, above_zero);
      else
        missing(context_, node_, path_, "officers", "a caseload is persons for each officer", "add officers = …");
    }
    if (officers != nullptr && link_.ratio != Ratio::caseload)
      context_.problems.add(officers->key, fmt::format("{}: \"officers\" without \"caseload\"", path_),
                            "they are what a caseload is shared by", "remove it");
  }
  void read_lived_through() {
    const Node* lived = node_.find("lived_through");
    if (lived == nullptr) return;
    link_.lived_through = read_truth(context_, *lived, at("lived_through")).value_or(false);
    if (link_.ratio == Ratio::occupancy && node_.find("occupancy") != nullptr) return;
    link_.lived_through = false;
    context_.problems.add(lived->key, fmt::format("{}: \"lived_through\" without \"occupancy\"", path_),
                          "it is the occupancy of the time inside", "remove it, or read an occupancy");
  }
  /// What a release leaves behind is a hazard of reoffending.
  void check_marks() {
    if (!link_.marks_released() || link_.targets.empty() || reads_nothing_) return;
    if (link_.targets.size() == 1 && link_.targets[0] == LinkTarget{}) return;
    context_.problems.add(node_.find("acts_on")->where,
                          fmt::format("{}: more than reoffending is moved", at("acts_on")),
                          "what was lived through inside, and how long, is kept for the time at risk after a release",
                          "write acts_on = [\"reoffending\"]");
  }
  void read_caseload_state(const Node& item) {
    const StateIndex index = read_state(context_, item, at("caseload"));
    if (index == kNoState) return;
    const auto& states = context_.scenario.states;
    if (index < states.size() && (states[index].kind == Kind::decision || states[index].kind == Kind::exit))
      context_.problems.add(item.where, fmt::format("{}: nobody stays in \"{}\"", at("caseload"), item.text),
                            "a caseload is of states that take time", "name the state they are supervised in");
    if (std::find(link_.states.begin(), link_.states.end(), index) != link_.states.end())
      context_.problems.add(item.where, fmt::format("{}: \"{}\" is there twice", at("caseload"), item.text),
                            "everybody counts once", "remove one of the two");
    link_.states.push_back(index);
  }
  /// A service without a limit never has a backlog.
  void read_service(const Node& node) {
    const auto& services = context_.scenario.services;
    const auto service = std::ranges::find(services, node.text, &Service::called);
    if (!node.is(NodeType::text) || service == services.end()) return;
    link_.source = static_cast<std::uint16_t>(service - services.begin());
    if (!service->limited() && !context_.broken.contains("services." + node.text))
      context_.problems.add(node.where, fmt::format("{}: the service \"{}\" has no limit", at("backlog"), node.text),
                            "nobody ever waits for it", "give it servers or per_day, or read something else");
  }

  void read_response() {
    const Node* response = node_.find("response");
    if (response == nullptr)
      return missing(context_, node_, path_, "response", "how strong the link is, is not known",
                     "add response = { 100 = 1.0, 150 = 1.2 } (ratio = factor)");
    if (!expect(context_, *response, NodeType::table, at("response"))) return;
    bool any = false;
    for (std::size_t i = 0; i < response->items.size(); ++i) {
      const std::string& key = response->keys[i];
      const Node& item = response->items[i];
      if (std::find(kProvenanceKeys.begin(), kProvenanceKeys.end(), key) != kProvenanceKeys.end()) continue;
      any = true;
      std::int32_t ratio = -1;
      const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), ratio);
      if (error != std::errc() || end != key.data() + key.size() || ratio < 0 || ratio > kMostRatio) {
        context_.problems.add(item.key, fmt::format("{}: \"{}\" is no ratio", at("response"), key),
                              link_.ratio == Ratio::occupancy ? "occupancy is in whole per cent of the places"
                                                              : "ratios are whole numbers",
                              "write the ratio, for instance 100 = 1.0");
        continue;
      }
      link_.response.emplace_back(ratio, read_number(context_, item, join(at("response"), key), Quantity::odds));
    }
    std::sort(link_.response.begin(), link_.response.end(),
              [](const auto& left, const auto& right) { return left.first < right.first; });
    const auto twice =
        std::adjacent_find(link_.response.begin(), link_.response.end(), [](const auto& a, const auto& b) {
          return a.first == b.first;  // "100" and "0100"
        });
    if (twice != link_.response.end())
      context_.problems.add(response->where,
                            fmt::format("{}: the ratio {} is there twice", at("response"), twice->first),
                            "it has one factor", "remove one of the two");
    if (!any)
      context_.problems.add(response->where, fmt::format("{} is empty", at("response")),
                            "how strong the link is, is not known", "add a factor at a ratio, for instance 100 = 1.0");
  }

  void read_targets() {
    const Node* targets = node_.find("acts_on");
    if (targets == nullptr)
      return missing(context_, node_, path_, "acts_on", "a link moves something",
                     "add acts_on = [\"reoffending\"], or \"states.<name>.duration\" and so on");
    if (!expect(context_, *targets, NodeType::list, at("acts_on"))) return;
    if (targets->items.empty())
      context_.problems.add(targets->where, fmt::format("{} is empty", at("acts_on")), "the link would move nothing",
                            "name what it moves, or remove the link");
    for (const Node& item : targets->items)
      if (expect(context_, item, NodeType::text, at("acts_on"))) read_target(item);
  }
  void cannot(const Node& item, std::string_view why, std::string_view suggestion) {
    context_.problems.add(item.where, fmt::format("{}: \"{}\" cannot be moved", at("acts_on"), item.text),
                          std::string(why), std::string(suggestion));
  }
  void read_target(const Node& item) {
    const Scenario& scenario = context_.scenario;
    if (item.text == "reoffending") {
      if (!scenario.reoffending.declared)
        return cannot(item, "nobody reoffends here", "add [reoffending], or remove it");
      return add(item, {.effect = Effect::reoffending});
    }
    if (item.text == "mortality") {
      if (!scenario.mortality.declared) return cannot(item, "nobody dies here", "add [mortality], or remove it");
      return add(item, {Effect::death, kNoState, kNoState});
    }
    std::vector<std::string> words;
    for (std::size_t start = 0; start <= item.text.size();) {
      const std::size_t end = std::min(item.text.find('.', start), item.text.size());
      words.push_back(item.text.substr(start, end - start));
      start = end + 1;
    }
    if (words[0] == "services" && words.size() > 1) return read_service_target(item, words);
    if (words.size() < 3 || words[0] != "states")
      return cannot(
          item, "it is none of the numbers that links move",
          "use reoffending, mortality, services.<name>, or states.<name> with reoffending, mortality, breach, "
          "duration, term, shares.<branch> or events.<event>");
    const auto found = std::find(context_.state_names.begin(), context_.state_names.end(), words[1]);
    if (found == context_.state_names.end())
      return cannot(item, fmt::format("there is no state \"{}\"", words[1]),
                    suggest(words[1], context_.state_names, "states"));
    const auto index = static_cast<std::size_t>(found - context_.state_names.begin());
    if (index >= scenario.states.size() || context_.broken.contains("states." + words[1])) return;
    read_state_target(item, words, static_cast<StateIndex>(index), scenario.states[index]);
  }
  void read_service_target(const Node& item, const std::vector<std::string>& words) {
    const auto& services = context_.scenario.services;
    const std::string& name = words[1];
    if (std::ranges::find(context_.service_names, name) == context_.service_names.end())
      return cannot(item, fmt::format("there is no service \"{}\"", name),
                    suggest(name, context_.service_names, "services"));
    const auto service = std::ranges::find(services, name, &Service::called);
    if (service == services.end() || context_.broken.contains("services." + name)) return;
    if (words.size() > 2)
      return cannot(item, "a link moves the whole capacity of a service", fmt::format("write services.{}", name));
    if (!service->limited())
      return cannot(item, "the service has no limit", "give it servers or per_day, or remove it");
    if (node_.find("only") != nullptr)
      return cannot(item, "a service has one capacity for all classes of persons",
                    "make a link without \"only\" of it");
    add(item, {Effect::capacity, kNoState, kNoState, static_cast<std::uint16_t>(service - services.begin())});
  }
  void read_state_target(const Node& item, const std::vector<std::string>& words, StateIndex index,
                         const State& state) {
    const std::string& what = words[2];
    const bool timed = state.kind != Kind::decision && state.kind != Kind::exit;
    if (what == "events" && words.size() == 4) {
      const auto event = std::ranges::find(state.events, words[3], &StateEvent::name);
      if (event == state.events.end())
        return cannot(item, fmt::format("{} has no event \"{}\"", state.name, words[3]), "name one of its events");
      if (event->timing != Timing::rate)
        return cannot(item, "the event happens on a date, not at a rate", "name an event with a rate");
      LinkTarget target{.effect = Effect::event, .state = index};
      target.event = static_cast<std::uint8_t>(event - state.events.begin());
      return add(item, target);
    }
    if (what == "shares" && words.size() == 4) {
      if (state.kind != Kind::decision) return cannot(item, "only a decision has shares", "name a decision");
      const auto branch = std::find(context_.state_names.begin(), context_.state_names.end(), words[3]);
      const auto to = static_cast<StateIndex>(branch - context_.state_names.begin());
      if (branch == context_.state_names.end() ||
          std::find(state.shares.targets.begin(), state.shares.targets.end(), to) == state.shares.targets.end())
        return cannot(item, fmt::format("\"{}\" is no branch of {}", words[3], state.name), "name one of its branches");
      return add(item, {Effect::odds, index, to});
    }
    if (words.size() != 3)
      return cannot(item, "only shares and events have a name behind them", "leave the last word out");
    if (what == "reoffending") {
      if (!state.at_risk || !context_.scenario.reoffending.declared)
        return cannot(item, "nobody reoffends there", "name a state in which people are at risk");
      return add(item, {Effect::reoffending, index, kNoState});
    }
    if (what == "mortality") {
      if (!timed || !context_.scenario.mortality.declared)
        return cannot(item, "nobody dies there", "name a state that takes time, and have [mortality]");
      return add(item, {Effect::death, index, kNoState});
    }
    if (what == "breach") {
      if (!given(state.breach.rate)) return cannot(item, "nothing is breached there", "name a supervision with breach");
      return add(item, {Effect::breach, index, kNoState});
    }
    if (what == "duration" || what == "term") {
      if (state.clock != (what == "duration" ? Clock::duration : Clock::term))
        return cannot(item, fmt::format("no {} is drawn there", what), "name a state that has one");
      return add(item, {Effect::duration, index, kNoState});
    }
    cannot(item, fmt::format("states have no \"{}\" that links move", what),
           suggest(what, {"reoffending", "mortality", "breach", "duration", "term", "shares", "events"}, "numbers"));
  }
  /// Two targets of one link that move the same hazard would apply its factor twice.
  void add(const Node& item, LinkTarget target) {
    for (const LinkTarget& other : link_.targets) {
      const bool same_state = other.state == target.state || other.state == kNoState || target.state == kNoState;
      if (other.effect == target.effect && same_state && other.branch == target.branch &&
          other.service == target.service && other.event == target.event)
        return cannot(item, "another target of this link moves it already", "remove one of the two");
    }
    link_.targets.push_back(target);
  }

  ReadContext& context_;
  const Node& node_;
  std::string path_;
  FeedbackLink link_;
  bool reads_nothing_ = false;
};

}  // namespace

void read_feedback(ReadContext& context, const Node& root) {
  for_each_table(context, root, "feedback", "a feedback link",
                 [&](const std::string& name, const Node& node, const std::string& path) {
                   context.scenario.feedback.push_back(LinkReader(context, node, path).read(name));
                 });
}

}  // namespace prisonflow::models
