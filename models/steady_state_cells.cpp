// See the header.
#include "models/steady_state_cells.hpp"

#include <algorithm>
#include <map>

namespace prisonflow::models {

CellKinds::CellKinds(const Model& model, const CaseGraph& graph) : cells_(model.cells()) {
  find_phases(model, graph);
  find_like(model, graph);
  if (!changes_.empty()) tell_apart_by_changes(model);
}

std::uint32_t CellKinds::phase_of(std::uint32_t cell) const {
  std::uint32_t phase = 0;
  for (const Trait trait : changing_) phase = phase * cells_.sizes[index_of(trait)] + cells_.label(cell, trait);
  return phase;
}

void CellKinds::find_phases(const Model& model, const CaseGraph& graph) {
  std::vector<bool> changes(kTraits, false);
  for (std::size_t state = 0; state < model.facts().size(); ++state) {
    if (model.facts()[state].change == 0xff || !graph.is_met(static_cast<StateIndex>(state))) continue;
    changes_.push_back(model.facts()[state].change);
    for (const auto& [trait, label] : model.scenario().states[state].becomes) changes[index_of(trait)] = true;
  }
  offsets_ = {0};
  for (std::size_t trait = 0; trait < kTraits; ++trait) {
    if (!changes[trait]) continue;
    changing_.push_back(static_cast<Trait>(trait));
    std::vector<std::uint32_t> finer;
    for (const std::uint32_t offset : offsets_) {
      for (std::uint32_t label = 0; label < cells_.sizes[trait]; ++label) {
        finer.push_back(offset + label * cells_.strides[trait]);
      }
    }
    offsets_ = std::move(finer);
  }
}

void CellKinds::find_like(const Model& model, const CaseGraph& graph) {
  const Version& version = model.versions().front();
  std::map<std::vector<double>, std::uint32_t> known;
  std::vector<double> numbers;
  for (std::uint32_t cell = 0; cell < cells_.count; ++cell) {
    numbers.clear();
    for (std::size_t state = 0; state < model.facts().size(); ++state) {
      if (!graph.is_met(static_cast<StateIndex>(state))) continue;
      const StateTable* const table = version.states[version.law][state];
      for (std::size_t branch = 0; branch < table->targets.size(); ++branch) {
        numbers.push_back(table->shares.share(cell, branch));
      }
      if (table->rows.empty()) continue;
      const ClockRow& row = table->rows[cell];
      for (const float number : {row.factor, row.death, row.reoffending, row.milestone}) {
        numbers.push_back(static_cast<double>(number));
      }
      bool by_region = false;
      for (const EventNumbers& event : table->events) {
        if (!event.hazards.empty()) numbers.push_back(static_cast<double>(event.hazards[cell]));
        by_region = by_region || event.times.size() > 1;
      }
      numbers.push_back(by_region ? static_cast<double>(model.region_of(cell)) : 0.0);
      numbers.push_back(static_cast<double>(table->clock_number(cell, model.region_stride())));
    }
    like_.push_back(known.try_emplace(numbers, cell).first->second);
  }
}

/// Alike are only cells of one phase, so that both pass through the same phases, and only if the cells that people
/// become are alike too.
void CellKinds::tell_apart_by_changes(const Model& model) {
  for (std::size_t kinds = 0;;) {
    std::map<std::vector<std::uint32_t>, std::uint32_t> known;
    std::vector<std::uint32_t> finer;
    for (std::uint32_t cell = 0; cell < cells_.count; ++cell) {
      std::vector<std::uint32_t> key{phase_of(cell), like_[cell]};
      for (const std::uint8_t change : changes_) key.push_back(like_[model.change(change)[cell]]);
      finer.push_back(known.try_emplace(key, cell).first->second);
    }
    like_ = std::move(finer);
    if (known.size() == kinds) return;
    kinds = known.size();
  }
}

namespace {

class Search {
 public:
  explicit Search(const std::vector<std::vector<std::uint32_t>>& links) : links_(links), seen_(links.size(), 0) {}

  /// The earliest node on the stack that `node` leads to.
  std::uint32_t visit(std::uint32_t node) {
    if (seen_[node] != 0) return seen_[node];
    std::uint32_t earliest = seen_[node] = ++count_;
    const std::size_t place = stack_.size();
    stack_.push_back(node);
    for (const std::uint32_t next : links_[node]) earliest = std::min(earliest, visit(next));
    if (earliest < seen_[node]) return earliest;
    groups_.emplace_back(stack_.begin() + static_cast<std::ptrdiff_t>(place), stack_.end());
    stack_.resize(place);
    for (const std::uint32_t member : groups_.back()) seen_[member] = kDone;
    return kDone;
  }
  std::vector<std::vector<std::uint32_t>>& groups() { return groups_; }

 private:
  static constexpr std::uint32_t kDone = 0xffffffffu;
  const std::vector<std::vector<std::uint32_t>>& links_;
  std::vector<std::uint32_t> seen_, stack_;
  std::uint32_t count_ = 0;
  std::vector<std::vector<std::uint32_t>> groups_;
};

}  // namespace

std::vector<std::vector<std::uint32_t>> groups_in_order(const std::vector<std::vector<std::uint32_t>>& links,
                                                        const std::vector<std::uint32_t>& roots) {
  Search search(links);
  for (const std::uint32_t root : roots) search.visit(root);
  std::reverse(search.groups().begin(), search.groups().end());
  for (auto& group : search.groups()) std::sort(group.begin(), group.end());
  return std::move(search.groups());
}

}  // namespace prisonflow::models
