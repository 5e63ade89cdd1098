// [states.<name>.events.*]: what may happen to people during a stay, beside its completion.
#include <fmt/format.h>

#include <algorithm>

#include "models/read_laws.hpp"
#include "models/read_sections.hpp"

namespace prisonflow::models {

namespace {

/// A state whose other keys are read already, beside its text: what is wrong with a key is said there alone.
struct Surroundings {
  const ReadContext& context;
  const Node& node;
  std::string path;
  const State& state;

  /// The key is there, rightly written or not.
  bool has(std::string_view key) const { return node.find(key) != nullptr || context.meant.contains(join(path, key)); }
  bool has_term() const {
    if (state.clock == Clock::none) {
      const Node* term = node.find("term");
      return has("term") && !(term != nullptr && term->is(NodeType::text) && term->text == "life");
    }
    return state.clock != Clock::duration;
  }
  /// Said, but not as it should be.
  bool means_pretrial() const {
    const Node* pretrial = node.find("pretrial");
    const bool said_no = pretrial != nullptr && pretrial->is(NodeType::boolean) && !pretrial->truth;
    return has("pretrial") && !said_no;
  }
  bool has_prison_term() const { return state.kind == Kind::custody && has_term(); }
};

/// Reads one event of a state.
class EventReader {
 public:
  EventReader(ReadContext& context, const Node& node, std::string path, const Surroundings& state)
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

  void read_timing() {
    std::vector<const Node*> times;  // in the order of the text
    for (std::size_t key = 0; key < node_.keys.size(); ++key) {
      const auto* timing = std::find(kTimingNames.begin(), kTimingNames.end(), node_.keys[key]);
      if (timing == kTimingNames.end()) continue;
      if (times.empty()) event_.timing = static_cast<Timing>(timing - kTimingNames.begin());
      times.push_back(&node_.items[key]);
    }
    if (times.empty()) {
      const bool misspelt = std::any_of(kTimingNames.begin(), kTimingNames.end(),
                                        [&](std::string_view name) { return context_.meant.contains(at(name)); });
      if (!misspelt)
        missing(context_, node_, path_, "rate, after, at or after_pretrial", "nothing says when it happens",
                "add one of them");
      return;
    }
    if (const Node* by = find("rate_by");
        by != nullptr && find("rate") == nullptr && !context_.meant.contains(at("rate")))
      complain(*by, "\"rate_by\" without \"rate\"", "one has no effect without the other", "add rate, or remove it");
    if (times.size() > 1) {
      complain(*times[1], fmt::format("it has {} times", times.size()),
               "an event happens at a rate, after a time, or at a part of the term",
               fmt::format("make {} events of it", times.size()));
      return;
    }
    const Node& node = *times.front();
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
        if (!state_.state.held || (!state_.state.pretrial && !state_.means_pretrial()))
          complain(node, "\"after_pretrial\" in a state that is no pretrial detention", "that time does not pass here",
                   "use after, or give the state pretrial = true");
        return;
      case Timing::at:
        event_.time = read_number(context_, node, path, Quantity::share);
        if (!state_.has_term())
          complain(node, "\"at\" in a state without a term", "it is a fraction of the term",
                   "use after or rate, or give the state a term");
        return;
    }
  }

  void read_waiting() {
    const Node* waiting = find("while_waiting");
    if (waiting == nullptr) return;
    event_.while_waiting = read_truth(context_, *waiting, at("while_waiting")).value_or(false);
    if (event_.while_waiting && state_.state.kind != Kind::service && !state_.has("service"))
      complain(*waiting, "\"while_waiting\" in a state without a service", "it is about the time in the queue of one",
               "remove it, or give the state a service");
  }

  void read_effects() {
    if (const Node* delays = find("delays_parole")) {
      event_.delays_parole = read_number(context_, *delays, at("delays_parole"), Quantity::duration);
      if (!state_.has_prison_term())
        complain(*delays, "\"delays_parole\" outside of a prison term", "there is no hearing to put off", "remove it");
    }
    if (const Node* loses = find("loses_remission")) {
      event_.loses_remission = read_number(context_, *loses, at("loses_remission"), Quantity::duration);
      if (!state_.has_prison_term())
        complain(*loses, "\"loses_remission\" outside of a prison term", "there is no remission to lose", "remove it");
      else if (!state_.has("automatic_release"))
        complain(*loses, "\"loses_remission\" where nobody is released early",
                 "without automatic_release the whole term is served, so there is nothing to lose",
                 "give the state automatic_release, or remove it");
    }
  }

  ReadContext& context_;
  const Node& node_;
  std::string path_;
  const Surroundings& state_;
  StateEvent event_;
};

}  // namespace

void read_events(ReadContext& context, const Node& node, const std::string& of, State& state) {
  const Node& events = *node.find("events");
  const std::string path = join(of, "events");
  const Surroundings surroundings{context, node, of, state};
  if (!expect(context, events, NodeType::table, path)) return;
  for (std::size_t i = 0; i < events.items.size(); ++i) {
    const std::string& name = events.keys[i];
    const Node& event = events.items[i];
    if (std::find(kProvenanceKeys.begin(), kProvenanceKeys.end(), name) != kProvenanceKeys.end()) continue;
    const std::string below = join(path, name);
    if (!check_name(context, name, event.key, "an event") || !expect(context, event, NodeType::table, below)) continue;
    constexpr std::size_t kMostEvents = 16;  // the person's course has a bit for each
    if (state.events.size() == kMostEvents) {
      context.problems.add(event.key, fmt::format("{} has more than {} events", path, kMostEvents),
                           "people remember no more of them", "divide the state in two");
      return;
    }
    state.events.push_back(EventReader(context, event, below, surroundings).read(name));
  }
}

}  // namespace prisonflow::models
