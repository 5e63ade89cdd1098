// The documentation cannot go out of date: its examples are read and run, its commands are asked of the program.
#include "tests/robustness/documentation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <regex>
#include <set>
#include <sstream>
#include <stdexcept>

#include "tests/support/world.hpp"

namespace prisonflow::documentation {
namespace {

using testing::file_text;

/// The faults of the blocks of a page, and the lines of those that are marked as not to be run.
struct Run {
  std::vector<std::string> faults, not_run;
  int examples = 0;
};

/// `base`: the results of the base alone; an example of a measure must move them. Without it, an example need not.
void run_page(const std::string& page, const std::string& text, Run& run, std::optional<std::uint64_t> base = {}) {
  for (const CodeBlock& block : code_blocks(text)) {
    if (block.language != "toml") continue;
    ++run.examples;
    if (!block.not_run.empty()) {
      run.not_run.push_back(fmt::format("{}:{}: not run: {}", page, block.line, block.not_run));
      continue;
    }
    const Outcome outcome = run_example(page, block);
    if (!outcome.fault.empty()) run.faults.push_back(outcome.fault);
    if (outcome.fault.empty() && outcome.persons < 100)
      run.faults.push_back(fmt::format("{}:{}: hardly anybody passes through this example", page, block.line));
    if (outcome.fault.empty() && base && outcome.hash == *base)
      run.faults.push_back(fmt::format("{}:{}: everything is as it was without this example", page, block.line));
  }
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

// ---- commands

std::string said_by(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  if (!pipe) throw std::runtime_error("cannot run " + command);
  std::string said;
  std::array<char, 4096> part{};
  while (const std::size_t length = fread(part.data(), 1, part.size(), pipe.get())) said.append(part.data(), length);
  return said;
}

std::set<std::string> all_found(const std::string& text, const std::regex& what) {
  std::set<std::string> found;
  for (std::sregex_iterator at(text.begin(), text.end(), what), end; at != end; ++at) found.insert((*at)[1]);
  return found;
}

/// The program's commands and the options of each, as its own help lists them; "" is the program without a command.
using Commands = std::map<std::string, std::set<std::string>>;

Commands commands_of_the_program() {
  const std::string program = std::string("'") + PRISONFLOW_PROGRAM + "' ";
  static const std::regex option(R"([ ,](--?[a-z][a-z-]*))"), command(R"(\n  ([a-z]+)  )");
  const auto options = [&](const std::string& help) {
    std::set<std::string> found;  // from the lines that begin with one; examples show the options of other commands
    std::istringstream lines(help);
    for (std::string line; std::getline(lines, line);)
      if (line.starts_with("  -")) found.merge(all_found(line.substr(0, line.find("  ", 3)), option));
    return found;
  };
  const std::string help = said_by(program + "--help");
  Commands commands{{"", options(help)}};
  const std::size_t listed = help.find("Subcommands:");
  for (const std::string& name : all_found(help.substr(listed, help.find("Examples:") - listed), command))
    commands[name] = options(said_by(program + name + " --help"));
  return commands;
}

/// What is set in type for code: spans between backticks and blocks that are not in a language of their own.
std::string code_of(const std::string& page) {
  std::string code, prose = page;
  for (const CodeBlock& block : code_blocks(page)) {
    if (block.language.empty() || block.language == "sh") code += block.text;
    prose.replace(prose.find(block.text), block.text.size(), "");
  }
  static const std::regex span(R"(`([^`\n]+)`)");
  for (const std::string& text : all_found(prose, span)) code += text + "\n";
  return code;
}

/// Commands and options of `prisonflow …` on a page that the program does not have.
std::vector<std::string> unknown_commands(const std::string& page, const Commands& commands) {
  static const std::regex use(R"((?:^|[\s'])prisonflow +([^\n#|;&]+))"), word(R"((\S+))");
  std::vector<std::string> unknown;
  for (const std::string& words : all_found(code_of(page), use)) {
    std::istringstream list(words);
    std::string name, option;
    list >> name;
    const bool option_first = name.starts_with("-");
    const bool placeholder = name.find_first_of("abcdefghijklmnopqrstuvwxyz") == std::string::npos;
    const auto known = commands.find(option_first ? "" : name);
    if (!placeholder && known == commands.end()) unknown.push_back("prisonflow " + name);
    if (placeholder || known == commands.end()) continue;
    for (option = option_first ? name : ""; !option.empty() || list >> option; option.clear())
      if (option.starts_with("-") && !known->second.contains(option))
        unknown.push_back(fmt::format("prisonflow {} … {}", known->first, option));
  }
  return unknown;
}

/// docs/command_line.md has a section for each command; options there, and options that are not.
std::vector<std::string> sections_at_odds(const std::string& page, const Commands& commands) {
  static const std::regex option(R"(`[^`\n]*?(--?[a-z][a-z-]*)[^`\n]*`)");
  std::vector<std::string> faults;
  for (const auto& [name, options] : commands) {
    if (name.empty()) continue;
    const std::size_t begin = page.find("\n## " + name + "\n");
    if (begin == std::string::npos) {
      faults.push_back("no section about " + name);
      continue;
    }
    const std::string section = page.substr(begin, page.find("\n## ", begin + 1) - begin);
    for (const std::string& said : all_found(section, option))
      if (said.starts_with("-") && !options.contains(said)) faults.push_back(name + " has no option " + said);
    for (const std::string& has : options)
      if (has.starts_with("--") && has != "--help" && section.find("`" + has) == std::string::npos &&
          section.find(" " + has) == std::string::npos)
        faults.push_back(fmt::format("the section about {} says nothing of {}", name, has));
  }
  return faults;
}

// ---- links

/// The word behind # that leads to a heading.
std::string anchor_of(const std::string& heading) {
  std::string anchor;
  for (const char c : heading) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) anchor += static_cast<char>(std::tolower(c));
    if (c == '-' || c == '_') anchor += c;
    if (c == ' ') anchor += '-';
  }
  return anchor;
}

/// Links of a page to files and headings that are not there.
std::vector<std::string> dead_links(const std::string& page, const std::string& text) {
  namespace fs = std::filesystem;
  static const std::regex link(R"(\]\(([^)\s]+)\))"), heading(R"(\n#+ ([^\n]+))");
  std::vector<std::string> dead;
  for (const std::string& target : all_found(text, link)) {
    if (target.find("://") != std::string::npos) continue;
    const std::size_t hash = std::min(target.find('#'), target.size());
    const fs::path file = fs::path(page).parent_path() / target.substr(0, hash);
    if (hash > 0 && !fs::exists(fs::path(PRISONFLOW_SOURCE_DIR) / file)) {
      dead.push_back(target);
    } else if (hash < target.size()) {
      std::set<std::string> anchors;
      for (const std::string& title : all_found(hash == 0 ? text : file_text(file.string()), heading))
        anchors.insert(anchor_of(title));
      if (!anchors.contains(target.substr(hash + 1))) dead.push_back(target);
    }
  }
  return dead;
}

}  // namespace

TEST_CASE("documentation: every example is read and runs") {
  Run run;
  const std::vector<std::string> pages = pages_with_examples();
  const Outcome base = run_example("docs/only_the_base.md", CodeBlock{"toml", 1, "", ""});
  CHECK(base.fault.empty());
  const std::string measures = "docs/measures_in_the_language.md";
  for (const std::string& page : pages)
    run_page(page, file_text(page), run, page == measures ? std::optional(base.hash) : std::nullopt);
  INFO("pages: " << joined(pages) << "not run:\n" << joined(run.not_run) << "faults:\n" << joined(run.faults));
  CHECK(run.faults.empty());
  CHECK(run.not_run.size() <= 1);
  CHECK(run.examples > 20);
  CHECK(std::count(pages.begin(), pages.end(), measures) == 1);
}

TEST_CASE("documentation: a broken example is found with its line") {
  const auto faults = [](const std::string& text) {
    Run run;
    run_page("docs/made_up.md", text, run);
    return run.faults;
  };
  const std::string sound = "# A page\n\n```toml\nstates.prison.term = \"2 years\"\n```\n";
  CHECK(faults(sound).empty());

  const auto misspelt = faults(sound + "\n```toml\n[states.prison]\ntrem = \"2 years\"\n```\n");
  REQUIRE(misspelt.size() == 1);
  CHECK_THAT(misspelt[0], Catch::StartsWith("docs/made_up.md:7: "));
  CHECK_THAT(misspelt[0], Catch::Contains("made_up.toml:9:1: unknown key \"trem\""));

  const auto syntax = faults("```toml\na = …\n```\n");
  REQUIRE(syntax.size() == 1);
  CHECK_THAT(syntax[0], Catch::Contains("made_up.toml:2:5: syntax error"));

  const auto idle = faults(
      "\n```toml\nstates.charge.shares.other_way = 0\n[states.other_way]\nkind = \"decision\"\n"
      "shares = { community = 1 }\n```\n");
  REQUIRE(idle.size() == 1);
  CHECK(idle[0] == "docs/made_up.md:2: nobody ever enters other_way");

  Run unmoved;
  const Outcome base = run_example("docs/only_the_base.md", CodeBlock{"toml", 1, "", ""});
  run_page("docs/made_up.md", "```toml\nstates.prison.label = \"Gaol\"\n```\n" + sound, unmoved, base.hash);
  CHECK(unmoved.faults == std::vector<std::string>{"docs/made_up.md:1: everything is as it was without this example"});

  Run marked;
  run_page("docs/made_up.md", "<!-- not run: shows a mistake -->\n```toml\na = …\n```\n", marked);
  CHECK(marked.faults.empty());
  CHECK(marked.not_run == std::vector<std::string>{"docs/made_up.md:2: not run: shows a mistake"});
  CHECK_THROWS_AS(code_blocks("```toml\na = 1\n"), std::runtime_error);
}

TEST_CASE("documentation: every command and option it names is one of the program's") {
  const Commands commands = commands_of_the_program();
  REQUIRE(commands.contains("run"));
  REQUIRE(commands.at("run").contains("--log-format"));
  std::vector<std::string> pages{"README.md", "docs/command_line.md"};
  for (const std::string& page : pages_with_examples()) pages.push_back(page);
  for (const std::string& page : pages) {
    const auto unknown = unknown_commands(file_text(page), commands);
    INFO(page << ":\n" << joined(unknown));
    CHECK(unknown.empty());
  }
  const auto at_odds = sections_at_odds(file_text("docs/command_line.md"), commands);
  INFO(joined(at_odds));
  CHECK(at_odds.empty());
}

TEST_CASE("documentation: every link leads somewhere") {
  std::vector<std::string> pages{"README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/decisions.md"};
  for (const std::string& page : pages_with_examples()) pages.push_back(page);
  for (const std::string& page : pages) {
    const auto dead = dead_links(page, file_text(page));
    INFO(page << ":\n" << joined(dead));
    CHECK(dead.empty());
  }
  const std::string text = "\n## Bail, and surety\n[a](#bail-and-surety) [b](../README.md) [c](../READ.md) [d](#bail)";
  CHECK(dead_links("docs/made_up.md", text) == std::vector<std::string>{"#bail", "../READ.md"});
}

TEST_CASE("documentation: a command or option that does not exist is found") {
  const Commands commands{{"", {"--help"}}, {"run", {"-o", "--output"}}};
  CHECK(unknown_commands("`prisonflow run a.toml -o a.h5`, `prisonflow --help`, `COMMAND`", commands).empty());
  CHECK(unknown_commands("`prisonflow rum a.toml`", commands) == std::vector<std::string>{"prisonflow rum"});
  CHECK(unknown_commands("```sh\nprisonflow run a.toml --outputs a.h5 # --no option\n```\n", commands) ==
        std::vector<std::string>{"prisonflow run … --outputs"});
  CHECK(sections_at_odds("\n## run\n`-o`, `--output FILE`\n", commands).empty());
  CHECK(sections_at_odds("\n## run\n`-o`, `--input`\n", commands) ==
        std::vector<std::string>{"run has no option --input", "the section about run says nothing of --output"});
  CHECK(sections_at_odds("\n## walk\n", commands) == std::vector<std::string>{"no section about run"});
}

}  // namespace prisonflow::documentation
