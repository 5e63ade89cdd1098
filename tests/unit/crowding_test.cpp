// Overcrowding on paper: persons and places of known number, every day reckoned by hand; and the sums that must add up.
#include "models/crowding.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "tests/support/everything.hpp"

namespace prisonflow::testing {
namespace {

constexpr std::size_t kThresholds = models::Crowding::kThresholds;
constexpr std::size_t k95 = 0, k100 = 1, k120 = 2, k150 = 3;

std::string held(int persons, const std::string& hours) {
  return "[initial.prison]\npersons = " + std::to_string(persons) +
         "\nelapsed = \"none\"\n[states.prison]\nkind = \"custody\"\nfacilities = \"prisons\"\nduration = \"" + hours +
         " hours\"\nnext = \"gone\"\n[states.gone]\nkind = \"exit\"\n";
}

/// Ninety-six persons until noon of 11 April (100 days and a half), in ever fewer places; each cut but one just reaches
/// a threshold and does not exceed it.
const std::string kFewerPlaces =
    held(96, "2412") +
    "[facilities.prisons.main]\nplaces = { between = \"steps\", on = { 2011-01-01 = 100, 2011-02-10 = 80, 2011-03-01 = "
    "64, 2011-03-15 = 63 } }\n";

TEST_CASE("crowding: the days of a hundred persons in ever fewer places") {
  const World world(header("2011-01-01", "2011-07-01") + kFewerPlaces);
  const auto result = world.run();
  const auto value = [&](const char* measure, std::size_t month, std::size_t cell) {
    return world.value(result, measure, month, cell);
  };
  const double days_in[] = {31, 28, 31, 30, 31, 30};
  // [threshold][month]: 96 are above 95 of 100 places, not above 100; 120 per cent of 80; 150 of 64: neither above.
  const double days_above[kThresholds][6] = {
      {31, 28, 31, 11, 0, 0}, {0, 19, 31, 11, 0, 0}, {0, 0, 31, 11, 0, 0}, {0, 0, 17, 11, 0, 0}};
  const double first[kThresholds] = {0, 40, 59, 73};
  for (std::size_t threshold = 0; threshold < kThresholds; ++threshold) {
    for (std::size_t month = 0; month < 6; ++month) {
      INFO("threshold " << threshold << ", month " << month);
      const double days = days_above[threshold][month];
      CHECK(value("share_of_days_above", month, threshold) == days / days_in[month]);
      CHECK(value("share_of_days_above_total", month, threshold) == days / days_in[month]);
      CHECK(value("above_once", month, threshold) == (days > 0 ? 1 : 0));
      CHECK(value("above_so_far", month, threshold) ==
            (first[threshold] < world.measures().months()[month] + days_in[month] ? 1 : 0));
      CHECK(value("person_days_above", month, threshold) == 96 * days);
    }
    CHECK(value("days_to_first_breach", 0, threshold) == first[threshold]);
    CHECK(value("days_to_first_breach_total", 0, threshold) == first[threshold]);
  }
  const double shortage[] = {0, 0, 32, 33, 0, 0};
  const double short_days[] = {0, 19 * 16, 14 * 32 + 17 * 33, 11 * 33, 0, 0};
  for (std::size_t month = 0; month < 6; ++month) {
    INFO("month " << month);
    CHECK(value("places_short", month, 0) == shortage[month]);
    CHECK(value("places_short_total", month, 0) == shortage[month]);
    CHECK(value("places_short_days", month, 0) == short_days[month]);
  }
}

TEST_CASE("crowding: one person fewer and no threshold is exceeded") {
  const World world(header("2011-01-01", "2011-07-01") + replaced(kFewerPlaces, "persons = 96", "persons = 95"));
  const auto result = world.run();
  CHECK(world.value(result, "share_of_days_above", 0, k95) == 0);
  CHECK(world.value(result, "share_of_days_above", 1, k120) == 0);
  CHECK(world.value(result, "days_to_first_breach", 0, k95) == 40);
  // 95 in 63 places are 150.8 per cent.
  CHECK(world.value(result, "days_to_first_breach", 0, k150) == 73);
  const World roomy(header("2011-01-01", "2011-07-01") + held(95, "2412") +
                    "[facilities.prisons.main]\nplaces = 100\n");
  const auto none = roomy.run();
  for (std::size_t threshold = 0; threshold < kThresholds; ++threshold) {
    CHECK(std::isnan(roomy.value(none, "days_to_first_breach", 0, threshold)));
    for (std::size_t month = 0; month < roomy.months(); ++month) {
      CHECK(roomy.value(none, "above_so_far", month, threshold) == 0);
    }
  }
}

TEST_CASE("crowding: on the day a prison closes those inside are in the places it had") {
  const World world(header("2011-01-01", "2011-07-01") + held(50, "9000") +
                    "[facilities.prisons.old]\nplaces = 100\ncloses = 2011-02-15\n[facilities.prisons.new]\nplaces = "
                    "40\nopens = 2011-02-15\n[facilities.prisons.late]\nplaces = 10\nopens = 2011-04-01\n");
  const auto result = world.run();
  constexpr std::size_t kOld = 0, kNew = 1, kLate = 2, kFacilities = 3;
  const auto first = [&](std::size_t threshold, std::size_t facility) {
    return world.value(result, "days_to_first_breach", 0, threshold * kFacilities + facility);
  };
  CHECK(std::isnan(first(k95, kOld)));
  CHECK(first(k120, kNew) == 31 + 15);  // moved on 15 February, there on the 16th
  CHECK(std::isnan(first(k150, kNew)));
  CHECK(std::isnan(first(k95, kLate)));  // nobody moves there
  CHECK(world.value(result, "days_to_first_breach_total", 0, k120) == 31 + 15);
  CHECK(world.value(result, "share_of_days_above", 1, k100 * kFacilities + kNew) == 13.0 / 28);
  CHECK(world.value(result, "places_short", 2, kNew) == 10);
  CHECK(world.value(result, "places_short_total", 2) == 10);
  CHECK(world.value(result, "places_short_total", 3) == 0);  // in all there are 50 places in April
}

TEST_CASE("crowding: where there is no place everybody held is too many, and nobody is not") {
  const World world(
      header("2011-01-01", "2011-07-01") + held(1, "2412") +
      "[facilities.prisons.main]\nplaces = { between = \"steps\", on = { 2011-01-01 = 9, 2011-02-01 = 0.9 "
      "} }\n");
  const auto result = world.run();
  for (std::size_t threshold = 0; threshold < kThresholds; ++threshold) {
    CHECK(world.value(result, "share_of_days_above", 0, threshold) == 0);
    CHECK(world.value(result, "share_of_days_above", 1, threshold) == 1);  // nine tenths of a place are none
    CHECK(world.value(result, "share_of_days_above", 5, threshold) == 0);
  }
}

// ---- adding up, in a justice system in depth

World world_in_depth() {
  return World(in_depth(), tables_of_everything());
}

/// Persons by facility as the coming morning will have them: who is there, with last night's places taken up.
std::vector<std::int64_t> in_the_morning(const models::Replication& replication, std::size_t facilities) {
  std::vector<std::int64_t> persons(facilities);
  for (const auto& partition : replication.partitions()) {
    std::map<sim::Slot, std::uint8_t> moves;
    for (const models::Grant& grant : partition->grants) {
      const models::Person& person = partition->people[grant.slot];
      if (person.state == models::kFreeSlot || person.name != grant.name) continue;
      if (grant.facility != models::kNoFacility && person.facility == grant.from) {
        moves.emplace(grant.slot, grant.facility);  // the first one counts
      }
    }
    for (const sim::Slot slot : partition->people.slots()) {
      const models::Person& person = partition->people[slot];
      if (person.state == models::kFreeSlot) continue;
      const auto move = moves.find(slot);
      const std::uint8_t facility = move == moves.end() ? person.facility : move->second;
      if (facility != models::kNoFacility) ++persons[facility];
    }
  }
  return persons;
}

TEST_CASE("crowding: the months are what a recount of all persons finds day by day") {
  const World world = world_in_depth();
  const auto& model = world.experiment().model();
  const std::size_t facilities = world.scenario().facilities.size();
  const auto& months = world.measures().months();
  using PerMonth = std::vector<std::vector<double>>;
  const PerMonth nothing(months.size(), std::vector<double>(kThresholds * facilities));
  PerMonth days_above = nothing, person_days = nothing, short_days = nothing;
  std::vector<double> total_above(months.size()), total_short(months.size());
  const auto replication = world.begin(0, 3);
  for (sim::Day day = 0; day < model.days(); ++day) {
    const std::vector<std::int64_t> persons = in_the_morning(*replication, facilities);
    const auto month =
        static_cast<std::size_t>(std::upper_bound(months.begin(), months.end(), day) - months.begin()) - 1;
    std::int64_t all_persons = 0, all_places = 0;
    for (std::size_t facility = 0; facility < facilities; ++facility) {
      const std::int64_t places = models::counted_places(model, facility, day);
      all_persons += persons[facility];
      all_places += places;
      short_days[month][facility] += static_cast<double>(std::max<std::int64_t>(persons[facility] - places, 0));
      for (std::size_t threshold = 0; threshold < kThresholds; ++threshold) {
        if (100 * persons[facility] <= models::kCrowdingThresholds[threshold] * places) continue;
        days_above[month][threshold * facilities + facility] += 1;
        person_days[month][threshold * facilities + facility] += static_cast<double>(persons[facility]);
      }
    }
    total_above[month] += 100 * all_persons > 95 * all_places ? 1 : 0;
    total_short[month] += static_cast<double>(std::max<std::int64_t>(all_persons - all_places, 0));
    replication->run_day(day);
  }
  const auto result = replication->finish();
  double above = 0, all_days = 0;
  for (std::size_t month = 0; month < months.size(); ++month) {
    const sim::Day end = month + 1 < months.size() ? months[month + 1] : model.days();
    const double days = end - months[month];
    all_days += days;
    INFO("month " << month);
    for (std::size_t cell = 0; cell < kThresholds * facilities; ++cell) {
      REQUIRE(world.value(result, "share_of_days_above", month, cell) == days_above[month][cell] / days);
      REQUIRE(world.value(result, "person_days_above", month, cell) == person_days[month][cell]);
      above += days_above[month][cell];
    }
    for (std::size_t facility = 0; facility < facilities; ++facility) {
      REQUIRE(world.value(result, "places_short_days", month, facility) == short_days[month][facility]);
    }
    REQUIRE(world.value(result, "share_of_days_above_total", month, k95) == total_above[month] / days);
    REQUIRE(world.value(result, "places_short_days_total", month) == total_short[month]);
  }
  CHECK(all_days == model.days());
  CHECK(above > 500);  // a recount of nothing would prove nothing
}

TEST_CASE("crowding: measures agree with each other and with the stocks at the start of the month") {
  const World world = world_in_depth();
  const auto result = world.run();
  const auto& scenario = world.scenario();
  const std::size_t facilities = scenario.facilities.size();
  const auto value = [&](const std::string& measure, std::size_t month, std::size_t cell = 0) {
    return world.value(result, measure, month, cell);
  };
  for (const std::string scope : {"", "_total", "_by_region", "_by_sex"}) {
    const std::size_t labels = scope.empty() ? facilities : scope == "_total" ? 1 : 2;
    for (std::size_t cell = 0; cell < kThresholds * labels; ++cell) {
      bool so_far = false;
      double first_month = -1;
      for (std::size_t month = 0; month < world.months(); ++month) {
        INFO(scope << " " << cell << " in month " << month);
        const double share = value("share_of_days_above" + scope, month, cell);
        if (std::isnan(share)) {
          CHECK(std::isnan(value("above_once" + scope, month, cell)));
          continue;
        }
        const bool once = value("above_once" + scope, month, cell) == 1;
        CHECK(once == (share > 0));
        if (once && !so_far) first_month = static_cast<double>(month);
        so_far = so_far || once;
        CHECK(value("above_so_far" + scope, month, cell) == (so_far ? 1 : 0));
        CHECK((value("person_days_above" + scope, month, cell) > 0) == once);
        if (cell < labels) continue;
        CHECK(share <= value("share_of_days_above" + scope, month, cell - labels));  // the threshold below it
        CHECK(value("person_days_above" + scope, month, cell) <=
              value("person_days_above" + scope, month, cell - labels));
      }
      const double first = value("days_to_first_breach" + scope, 0, cell);
      CHECK(std::isnan(first) == (first_month < 0));
      if (first_month < 0) continue;
      const auto month = static_cast<std::size_t>(first_month);
      CHECK(first >= world.measures().months()[month]);
      if (month + 1 < world.months()) CHECK(first < world.measures().months()[month + 1]);
    }
  }
  // Facilities of one sex and of one region; both regions are served in the city's remand house.
  double greatest_difference = 0;
  for (std::size_t month = 0; month < world.months(); ++month) {
    INFO("month " << month);
    double shortage = 0, short_days = 0, persons[2] = {0, 0}, places[2] = {0, 0};
    for (std::size_t facility = 0; facility < facilities; ++facility) {
      const double persons_there = value("facility_population", month, facility);
      const auto& only = scenario.facilities[facility].only[models::index_of(models::Trait::sex)];
      if (only.size() == 1) {
        persons[only[0]] += persons_there;
        places[only[0]] += value("places", month, facility);
      }
      const sim::Day day = world.measures().months()[month];
      const auto places_there = static_cast<double>(models::counted_places(world.experiment().model(), facility, day));
      CHECK(value("places_short", month, facility) == std::max(persons_there - places_there, 0.0));
      shortage += value("places_short", month, facility);
      short_days += value("places_short_days", month, facility);
    }
    CHECK(value("occupancy_by_sex", month, 0) == persons[0] / places[0]);
    CHECK(value("occupancy_by_sex", month, 1) == persons[1] / places[1]);
    CHECK(value("occupancy_by_region", month, 1) == value("occupancy", month, 1));  // the country's remand house alone
    CHECK(std::isnan(value("occupancy_by_region", month, 0)));
    // Empty places elsewhere make up for those that are short, never the other way round.
    CHECK(value("places_short_total", month) <= shortage);
    CHECK(value("places_short_days_total", month) <= short_days);
    greatest_difference = std::max(greatest_difference, short_days - value("places_short_days_total", month));
  }
  CHECK(greatest_difference > 0);
}

TEST_CASE("crowding: facilities that are all too full add up to the total") {
  const std::string text = header("2011-01-01", "2012-01-01") +
                           "[classes]\nregion = [\"north\", \"south\"]\n[arrivals.a]\nto = \"prison\"\nrate = "
                           "2000\nmix.region = { north = 0.5, south = 0.5 }\n[states.prison]\nkind = "
                           "\"custody\"\nfacilities = \"prisons\"\nduration = \"100 days\"\nnext = "
                           "\"gone\"\n[states.gone]\nkind = \"exit\"\n[facilities.prisons.n]\nplaces = 30\nonly.region "
                           "= [\"north\"]\n[facilities.prisons.s]\nplaces = 25\nonly.region = [\"south\"]\n";
  const World world(text);
  const auto result = world.run();
  double from_facilities = 0;
  for (std::size_t month = 3; month < world.months(); ++month) {
    INFO("month " << month);
    for (const std::string measure : {"places_short", "places_short_days"}) {
      const double sum = world.value(result, measure, month, 0) + world.value(result, measure, month, 1);
      CHECK(sum == world.value(result, measure + "_total", month));
      CHECK(sum == world.value(result, measure + "_by_region", month, 0) +
                       world.value(result, measure + "_by_region", month, 1));
      from_facilities += sum;
    }
    for (std::size_t threshold = 0; threshold < kThresholds; ++threshold) {
      CHECK(world.value(result, "person_days_above", month, 2 * threshold) +
                world.value(result, "person_days_above", month, 2 * threshold + 1) ==
            world.value(result, "person_days_above_total", month, threshold));
    }
  }
  CHECK(from_facilities > 10000);
  // The twin: where there are empty places in the south, they do not add up.
  const World roomy(replaced(text, "places = 25", "places = 2500"));
  const auto other = roomy.run();
  CHECK(roomy.value(other, "places_short_days", 6, 0) > 0);
  CHECK(roomy.value(other, "places_short_days_total", 6) == 0);
}

// ---- space

TEST_CASE("crowding: space for each prisoner, where an area is given") {
  const std::string text = header("2011-01-01", "2011-07-01") + held(50, "2412") +
                           "[facilities.prisons.main]\nplaces = 60\narea = \"180.5 "
                           "m2\"\n[facilities.prisons.later]\nplaces = 10\nopens = 2011-06-01\n"
                           "[policies.wing]\nfrom = 2011-03-01\nset.facilities.prisons.main.area = \"250 m2\"\n";
  const World world(text);
  const auto result = world.run();
  CHECK(world.value(result, "space_per_prisoner", 0, 0) == 180.5 / 50);
  CHECK(world.value(result, "space_per_prisoner", 1, 0) == 180.5 / 50);
  CHECK(world.value(result, "space_per_prisoner", 2, 0) == 5);
  CHECK(std::isnan(world.value(result, "space_per_prisoner", 4, 0)));  // nobody is there
  CHECK(std::isnan(world.value(result, "space_per_prisoner", 0, 1)));  // no area
  const models::Parameter& area = world.scenario().parameter(world.scenario().facilities[0].area.points[0].second);
  CHECK(area.path == "facilities.prisons.main.area");
  CHECK(area.unit == "m2");
  CHECK(area.source == "a test");
  const World series(
      replaced(replaced(text, "area = \"180.5 m2\"",
                        "area = { between = \"steps\", on = { 2011-01-01 = \"100 m2\", 2011-02-01 = \"200 m²\" } }"),
               "set.facilities.prisons.main.area = \"250 m2\"", "scale.facilities.prisons.main.area = 1.5"));
  const auto grown = series.run();
  for (const std::size_t month : {0u, 1u, 2u}) {
    CHECK(series.value(grown, "space_per_prisoner", month, 0) == std::vector<double>{2, 4, 6}[month]);
  }
}

}  // namespace
}  // namespace prisonflow::testing
