// See the header. Texts that are empty are left out of the objects.
#include "models/cli/difference_record.hpp"

#include <nlohmann/json.hpp>
#include <sstream>

namespace prisonflow::cli {

namespace {

using Json = nlohmann::ordered_json;

void put(Json& object, const char* key, const std::string& text) {
  if (!text.empty()) object[key] = text;
}
std::string take(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Json json_of(const models::ScenarioDifference& difference) {
  Json object = {{"kind", difference.kind}, {"change", difference.change}, {"name", difference.name}};
  put(object, "label", difference.label);
  put(object, "date", difference.date);
  put(object, "words", difference.words);
  if (difference.details.empty()) return object;
  object["details"] = Json::array();
  for (const models::DifferenceDetail& detail : difference.details) {
    Json line = {{"what", detail.what}};
    put(line, "before", detail.before);
    put(line, "after", detail.after);
    put(line, "unit", detail.unit);
    put(line, "source", detail.source);
    put(line, "grade", detail.grade);
    object["details"].push_back(std::move(line));
  }
  return object;
}

}  // namespace

std::string record_of(const std::vector<models::ScenarioDifference>& differences) {
  std::string text;
  for (const models::ScenarioDifference& difference : differences)
    text += json_of(difference).dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  return text;
}

std::vector<models::ScenarioDifference> read_record(const std::string& text) {
  std::vector<models::ScenarioDifference> differences;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const Json object = Json::parse(line, nullptr, false);
    if (!object.is_object()) continue;
    models::ScenarioDifference difference{take(object, "kind"),
                                          take(object, "change"),
                                          take(object, "name"),
                                          take(object, "label"),
                                          take(object, "date"),
                                          take(object, "words"),
                                          {}};
    if (const auto details = object.find("details"); details != object.end() && details->is_array())
      for (const Json& detail : *details)
        difference.details.push_back({take(detail, "what"), take(detail, "before"), take(detail, "after"),
                                      take(detail, "unit"), take(detail, "source"), take(detail, "grade")});
    differences.push_back(std::move(difference));
  }
  return differences;
}

}  // namespace prisonflow::cli
