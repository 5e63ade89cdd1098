// Every word the reader knows is explained in docs/scenario_language.md and used in an example that is run.
//
// The words are taken from the reader's own text: its lists of words (keys of a table, columns of a file, choices), its
// table of the keys of states, and the keys it looks for one by one. So a key that is added to the reader is missed
// here until it is documented.
#include <catch2/catch.hpp>
#include <cctype>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/robustness/documentation.hpp"
#include "tests/support/world.hpp"

namespace prisonflow::documentation {
namespace {

using Words = std::set<std::string>;
using testing::file_text;

/// Words of the reader that no example uses, with the reason.
const std::map<std::string, std::string> kWithoutExample{
    {"per", "a part of units, as in \"5 per 100 per year\""},
};

bool of_a_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// The words of the language that C++ text holds.
Words words_known_to(const std::string& source) {
  static const std::string word = R"x("([a-z][a-z_]*(?: [a-z]+)?)")x";
  static const std::regex list("\\{\\s*" + word + "(?:\\s*,\\s*" + word + ")*\\s*\\}"), one(word);
  static const std::regex row("\\{" + word + ",\\s*k[A-Z]"), sought("(?:find|own|there)\\(" + word + "\\)");
  static const std::regex compared("(?:key|text) == " + word);
  Words words;
  for (std::sregex_iterator at(source.begin(), source.end(), list), end; at != end; ++at) {
    const std::string found = (*at)[0];
    for (std::sregex_iterator w(found.begin(), found.end(), one); w != end; ++w) words.insert((*w)[1]);
  }
  for (const std::regex& alone : {row, sought, compared})
    for (std::sregex_iterator at(source.begin(), source.end(), alone), end; at != end; ++at) words.insert((*at)[1]);
  return words;
}

Words words_of_the_reader() {
  namespace fs = std::filesystem;
  Words words = words_known_to(file_text("models/scenario.hpp"));
  words.merge(words_known_to(file_text("models/read_tree.hpp")));
  for (const char* file : {"models/scenario_reader.cpp", "models/csv_table.hpp"})
    words.merge(words_known_to(file_text(file)));
  for (const auto& entry : fs::directory_iterator(fs::path(PRISONFLOW_SOURCE_DIR) / "models")) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("read_") && name.ends_with(".cpp")) words.merge(words_known_to(file_text("models/" + name)));
  }
  return words;
}

/// Words and phrases in quotes, and bare words before `=`, `.` or `]`: what TOML text uses. Comments and texts for
/// people are left out.
Words words_used_in(const std::string& toml) {
  Words words;
  for (std::size_t at = 0; at < toml.size();) {
    if (toml[at] == '#') {
      at = std::min(toml.find('\n', at), toml.size());
    } else if (toml[at] == '"') {
      const std::size_t end = std::min(toml.find('"', at + 1), toml.size());
      words.insert(toml.substr(at + 1, end - at - 1));
      at = end + 1;
    } else if (of_a_word(toml[at])) {
      std::size_t end = at;
      while (end < toml.size() && of_a_word(toml[end])) ++end;
      std::size_t next = end;
      while (next < toml.size() && toml[next] == ' ') ++next;
      if (next < toml.size() && (toml[next] == '=' || toml[next] == '.' || toml[next] == ']'))
        words.insert(toml.substr(at, end - at));
      at = end;
    } else {
      ++at;
    }
  }
  return words;
}

/// Words set in type for code in a page: between backticks or in a block of code.
Words words_explained_in(const std::string& page) {
  Words words;
  std::string prose = page;
  const auto take = [&](const std::string& code) {
    for (std::size_t at = 0; at < code.size();) {
      std::size_t end = at;
      while (end < code.size() && (of_a_word(code[end]))) ++end;
      if (end > at) words.insert(code.substr(at, end - at));
      at = end + 1;
    }
    static const std::regex phrase(R"x("([a-z]+ [a-z]+)")x");
    for (std::sregex_iterator at(code.begin(), code.end(), phrase), end; at != end; ++at) words.insert((*at)[1]);
  };
  for (const CodeBlock& block : code_blocks(page)) {
    if (block.language == "toml") words.merge(words_used_in(block.text));
    prose.replace(prose.find(block.text), block.text.size(), "");
  }
  static const std::regex fence("```[a-z]*");
  prose = std::regex_replace(prose, fence, "");
  std::istringstream parts(prose);
  std::string part;
  for (bool code = false; std::getline(parts, part, '`'); code = !code)
    if (code) take(part);
  return words;
}

Words words_of_the_examples() {
  Words words;
  for (const auto& [name, text] : example_files())
    words.merge(name.ends_with(".toml") ? words_used_in(text)
                                        : words_explained_in("`" + text.substr(0, text.find('\n')) + "`"));
  for (const std::string& page : pages_with_examples())
    for (const CodeBlock& block : code_blocks(file_text(page)))
      if (block.language == "toml" && block.not_run.empty()) words.merge(words_used_in(block.text));
  return words;
}

std::string missing_from(const Words& words, const Words& there) {
  std::string missing;
  for (const std::string& word : words)
    if (!there.contains(word)) missing += (missing.empty() ? "" : ", ") + word;
  return missing;
}

}  // namespace

TEST_CASE("documentation: every key is explained and has an example") {
  const Words words = words_of_the_reader();
  const Words must_be_seen{"extends",   "kind",      "conviction", "shares_for", "oldest_age",
                           "when_full", "only",      "phase_in",   "officers",   "fitted",
                           "weibull",   "new cases", "remainder",  "duration",   "supervision",
                           "intensive", "support",   "branch",     "note",       "person_years"};
  CHECK(missing_from(must_be_seen, words) == "");
  CHECK(words.size() > 120);

  CHECK(missing_from(words, words_explained_in(file_text("docs/scenario_language.md"))) == "");
  Words to_be_used = words;
  for (const auto& [word, reason] : kWithoutExample) {
    INFO(word << ": " << reason);
    CHECK(words.contains(word));
    to_be_used.erase(word);
  }
  CHECK(missing_from(to_be_used, words_of_the_examples()) == "");
}

TEST_CASE("documentation: a key nobody explained is reported missing") {
  Words words = words_of_the_reader();
  words.merge(words_known_to(R"(check_keys(context, node, path, {"to", "made_up_key"});)"));
  CHECK(missing_from(words, words_explained_in(file_text("docs/scenario_language.md"))) == "made_up_key");

  const std::string source = R"(constexpr Rule kKeys{{{"a_key", kAny}, {"other", kDecision | kDelay}}};
    node.find("sought"); {"new cases", "inside"}; "some text"; {"A text"}; if (item.text == "rest") return;)";
  CHECK(words_known_to(source) == Words{"a_key", "other", "sought", "new cases", "inside", "rest"});
  CHECK(words_used_in("[states.a]\nkey = \"steps\" # comment = 1\nb.c = { d = 1 }\nlabel = \"some kind = 2\"\n") ==
        Words{"states", "a", "key", "steps", "b", "c", "d", "label", "some kind = 2"});
  CHECK(words_explained_in("word, `shares_by` and `x, \"new cases\"`.\n```toml\nkey = 1\n```\n") ==
        Words{"shares_by", "x", "new", "cases", "new cases", "key"});
}

}  // namespace prisonflow::documentation
