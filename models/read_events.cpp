// [states.<name>.events.*]: what may happen to people during a stay, beside its completion.
#include <fmt/format.h>

#include <algorithm>

#include "models/read_laws.hpp"
#include "models/read_sections.hpp"

namespace prisonflow::models {

namespace {

/// Reads one event of a state whose other keys are read already.
class EventReader {
 public:
  EventReader(ReadContext& context, const Node& node, std::string path, const State& state)
      : context_(context), node_(node), path_(std::move(path)), state_(state) {}

  StateEvent read(const std::string& name) {
    check_keys(context_, node_, path_,
               {"label", "rate", "rate_by", "after", "at", "after_pretrial", "to", "while_waiting", "delays_parole",
                "loses_remission"});
    event_.name = name;
    event_.where = node_.key;
    if (const Node* label = find("label")) event_.label = read_text(context_, *label, at("label")).value_or("");
    if (const Node* to = find("to")) event_.to = read_state(context_, *to, at("to"));
    read_timing();
    read_waiting();
    read_effects();
    return std::move(event_);
  }

 private:
  const Node* find(std::string_view key) const { return node_.find(key); }
  std::string at(std::string_view key) const { return join(path_, key); }
  void complain(const Node& node, std::string problem, std::string why, std::string suggestion) {
    context_.problems.add(node.key, path_ + ": " + std::move(problem), std::move(why), std::move(suggestion));
  }
  bool has_term() const {
    return state_.clock == Clock::term || state_.clock == Clock::remainder || state_.clock == Clock::proceed;
  }

  void read_timing() {
    std::vector<const Node*> given_timings;
    for (std::size_t timing = 0; timing < kTimingNames.size(); ++timing) {
      if (find(kTimingNames[timing]) == nullptr) continue;
      given_timings.push_back(find(kTimingNames[timing]));
      event_.timing = static_cast<Timing>(timing);
    }
    if (const Node* by = find("rate_by"); by != nullptr && find("rate") == nullptr)
      complain(*by, "\"rate_by\" without \"rate\"", "one has no effect without the other", "add rate, or remove it");
    if (given_timings.empty()) {
      missing(context_, node_, path_, "rate", "nothing says when it happens",
              "add one of rate, after, at, after_pretrial");
      return;
    }
    if (given_timings.size() > 1) {
      complain(*given_timings[1], fmt::format("it has {} times", given_timings.size()),
               "an event happens at a rate, after a time, or at a part of the term", "make two events of it");
      return;
    }
    const Node& node = *given_timings.front();
    const std::string path = at(kTimingNames[static_cast<std::size_t>(event_.timing)]);
    NumberRule above_zero;
    above_zero.above_zero = true;
    switch (event_.timing) {
      case Timing::rate:
        event_.hazard.rate = read_number(context_, node, path, Quantity::rate);
        event_.hazard.ratios = read_modifiers(context_, node_, path_, "rate");
        return;
      case Timing::after:
        event_.time = read_number(context_, node, path, Quantity::duration, above_zero);
        return;
      case Timing::after_pretrial:
        event_.time = read_number(context_, node, path, Quantity::duration, above_zero);
        if (!state_.pretrial)
          complain(node, "\"after_pretrial\" in a state that is no pretrial detention", "that time does not pass here",
                   "use after, or give the state pretrial = true");
        return;
      case Timing::at:
        event_.time = read_number(context_, node, path, Quantity::share);
        if (!has_term())
          complain(node, "\"at\" in a state without a term", "it is a fraction of the term",
                   "use after or rate, or give the state a term");
        return;
    }
  }

  void read_waiting() {
    const Node* waiting = find("while_waiting");
    if (waiting == nullptr) return;
    event_.while_waiting = read_truth(context_, *waiting, at("while_waiting")).value_or(false);
    if (event_.while_waiting && state_.service.empty())
      complain(*waiting, "\"while_waiting\" where nobody waits", "the state has no service", "remove it");
  }

  void read_effects() {
    if (const Node* delays = find("delays_parole")) {
      event_.delays_parole = read_number(context_, *delays, at("delays_parole"), Quantity::duration);
      if (state_.kind != Kind::custody || !has_term())
        complain(*delays, "\"delays_parole\" outside of a prison term", "there is no hearing to put off", "remove it");
    }
    if (const Node* loses = find("loses_remission")) {
      event_.loses_remission = read_number(context_, *loses, at("loses_remission"), Quantity::duration);
      if (state_.kind != Kind::custody || !has_term())
        complain(*loses, "\"loses_remission\" outside of a prison term", "there is no remission to lose", "remove it");
    }
  }

  ReadContext& context_;
  const Node& node_;
  std::string path_;
  const State& state_;
  StateEvent event_;
};

}  // namespace

void read_events(ReadContext& context, const Node& events, const std::string& path, State& state) {
  if (!expect(context, events, NodeType::table, path)) return;
  for (std::size_t i = 0; i < events.items.size(); ++i) {
    const std::string& name = events.keys[i];
    const Node& node = events.items[i];
    if (std::find(kProvenanceKeys.begin(), kProvenanceKeys.end(), name) != kProvenanceKeys.end()) continue;
    const std::string below = join(path, name);
    if (!check_name(context, name, node.key, "an event") || !expect(context, node, NodeType::table, below)) continue;
    constexpr std::size_t kMostEvents = 16;  // the person's course has a bit for each
    if (state.events.size() == kMostEvents) {
      context.problems.add(node.key, fmt::format("{} has more than {} events", path, kMostEvents),
                           "people remember no more of them", "divide the state in two");
      return;
    }
    state.events.push_back(EventReader(context, node, below, state).read(name));
  }
}

}  // namespace prisonflow::models
