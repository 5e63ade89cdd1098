// See the header.
#include "models/cli/case_file.hpp"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <optional>

#include "models/model.hpp"

namespace prisonflow::cli {

namespace {

using models::CaseRecord;
using models::Trait;

constexpr std::array kTraitsShown{Trait::region, Trait::sex, Trait::offence, Trait::age};

double days(std::int64_t minutes) {
  return static_cast<double>(minutes) / sim::kMinutesPerDay;
}

/// What one world says of a case, in the order of world_heading().
void append_world(const models::Scenario& scenario, const std::optional<CaseRecord>& record, std::string& table) {
  const auto out = std::back_inserter(table);
  if (!record) {
    table.append(5 + models::kControls, ',');
    return;
  }
  const std::string disposition =
      record->disposition == 0xff ? std::string() : scenario.states[record->disposition].name;
  fmt::format_to(out, ",{},{},{}", sim::to_string(sim::add_days(scenario.start, record->begun)),
                 models::kControlNames[static_cast<std::size_t>(record->rank)], disposition);
  for (std::size_t rank = 1; rank < models::kControls; ++rank) {
    fmt::format_to(out, ",{:.4g}", days(record->minutes[rank]));
  }
  fmt::format_to(out, ",{:.4g},{:.4g},{}", days(record->custody_before_trial), days(record->through_breach),
                 record->back_door() ? "yes" : "no");
}

std::string world_heading(const std::string& world) {
  std::string text = fmt::format(",{0}_begun,{0}_rank,{0}_disposition", world);
  for (std::size_t rank = 1; rank < models::kControls; ++rank) {
    text += fmt::format(",{}_days_{}", world, models::kControlNames[rank]);
  }
  return text + fmt::format(",{0}_days_custody_before_trial,{0}_days_custody_through_breach,{0}_back_door", world);
}

}  // namespace

std::string case_heading() {
  std::string text = "reform,person,case";
  for (const Trait trait : kTraitsShown) text += "," + std::string(models::kTraitNames[models::index_of(trait)]);
  return text + ",account,outcome" + world_heading("baseline") + world_heading("reform") + "\n";
}

void append_cases(const models::Scenario& baseline, const models::LedgersOfWorld& cases_of_baseline,
                  const models::Scenario& reform, const models::LedgersOfWorld& cases_of_reform, std::string& table) {
  const models::Cells cells = models::cells_of(baseline);
  const models::Cells cells_of_reform = models::cells_of(reform);
  for (const models::CasePair& pair : models::pairs_of_cases(cases_of_baseline, cases_of_reform)) {
    const bool known = pair.baseline.has_value();
    const CaseRecord& record = known ? *pair.baseline : *pair.reform;
    const models::Scenario& scenario = known ? baseline : reform;
    fmt::format_to(std::back_inserter(table), "{},{:016x},{}", reform.name, record.person, record.number);
    for (const Trait trait : kTraitsShown) {
      const auto& labels = scenario.traits[models::index_of(trait)].labels;
      const std::uint16_t label = (known ? cells : cells_of_reform).label(record.cell, trait);
      table += "," + (labels.empty() ? std::string("all") : labels[label]);
    }
    const models::CaseAccount account = models::account_of(pair);
    table += ",";
    table += models::kCaseAccountNames[static_cast<std::size_t>(account)];
    table += ",";
    if (account == models::CaseAccount::compared) {
      table += models::kCaseOutcomeNames[static_cast<std::size_t>(models::outcome_of(*pair.baseline, *pair.reform))];
    }
    append_world(baseline, pair.baseline, table);
    append_world(reform, pair.reform, table);
    table += "\n";
  }
}

}  // namespace prisonflow::cli
