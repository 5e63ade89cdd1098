// See the header. CLI11 parses; words it would only call unexpected are checked first, to suggest what was meant.
#include "models/cli/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "models/cli/messages.hpp"
#include "models/cli/options.hpp"
#include "models/cli/program_facts.hpp"
#include "models/diagnostics.hpp"

namespace prisonflow::cli {

namespace {

constexpr const char* kExamples = R"(
Examples:
  prisonflow init my_country                          a small scenario to start from
  prisonflow validate my_country/reform.toml          every error at once, with line and column
  prisonflow run my_country/base.toml my_country/reform.toml -o result.h5
  prisonflow summary result.h5                        year by year, beside the observed figures
  prisonflow compare result.h5                        what a reform changes, and what comes of it

Exit status: 0 done, 1 failed while running, 2 wrong use or wrong input.
'prisonflow COMMAND --help' says more about a command.)";

/// A check that keeps out of the help, where the words say it.
CLI::Validator between(int low, int high) {
  return CLI::Validator(CLI::Range(low, high)).description("");
}

/// All commands with their options, and what was given.
class Words {
 public:
  Words()
      : app_("Simulates a justice system person by person: a scenario goes in, an HDF5 file comes out.", "prisonflow") {
    app_.footer(kExamples);
    app_.require_subcommand(1);
    app_.set_version_flag("--version", version_text(), "Version, compiler, build and libraries");
    app_.get_formatter()->column_width(34);
    add_init();
    add_validate();
    add_describe();
    add_graph();
    add_run();
    add_verify();
    add_summary();
    add_compare();
  }

  CLI::App& app() { return app_; }
  RunOptions& run_options() { return run_; }

  int call() {
    for (const auto& [command, action] : actions_) {
      if (command->parsed()) return action();
    }
    return kWrongUse;
  }

 private:
  CLI::App* command(const std::string& name, const std::string& help, const std::string& footer,
                    std::function<int()> action) {
    CLI::App* const added = app_.add_subcommand(name, help);
    if (!footer.empty()) added->footer(footer);
    actions_.emplace_back(added, std::move(action));
    return added;
  }
  static void scenario(CLI::App* to, std::string& value) {
    to->add_option("scenario", value, "A scenario file")->type_name("SCENARIO")->required();
  }
  static void threads(CLI::App* to, int& value) {
    to->add_option("-j,--threads", value, "Threads (default: all of this machine); results do not depend on it")
        ->type_name("N")
        ->check(between(1, 1024));
  }
  template <class Value>
  static void seed(CLI::App* to, Value& value) {
    to->add_option("--seed", value, "Seed of the random numbers (default: from the scenario)")->type_name("S");
  }
  static CLI::Option* choice(CLI::App* to, const std::string& name, const std::string& help, const std::string& usual,
                             const std::string& other, bool& is_other) {
    return to
        ->add_option_function<std::string>(
            name, [&is_other, other](const std::string& word) { is_other = word == other; }, help)
        ->type_name(usual + "|" + other)
        ->check(CLI::Validator(CLI::IsMember({usual, other})).description(""));
  }

  void add_init() {
    CLI::App* const to =
        command("init", "Write a small scenario to start from",
                "\nWrites base.toml, reform.toml and a table into DIR. Files that are there are never touched.",
                [this] { return init(init_); });
    to->add_option("folder", init_.folder, "The folder, made if needed")->type_name("DIR")->required();
  }
  void add_validate() {
    CLI::App* const to = command("validate", "Check scenarios: every error at once, with line and column", "",
                                 [this] { return cli::validate(validate_); });
    to->add_option("scenario", validate_.scenarios, "Scenario files")->type_name("SCENARIO")->required();
  }
  void add_describe() {
    CLI::App* const to =
        command("describe", "Say what a scenario means: states, policies, every number with its source", "",
                [this] { return cli::describe(describe_); });
    scenario(to, describe_.scenario);
    CLI::Option* const assumed = to->add_flag("--assumed", describe_.assumed, "Only the numbers that nobody published");
    to->add_flag("--fitted", describe_.fitted, "Only the numbers that were fitted, with the series and years")
        ->excludes(assumed);
    choice(to, "--format", "For people, or every number for programs (default: text)", "text", "json", describe_.json);
  }
  void add_graph() {
    CLI::App* const to =
        command("graph", "Draw the pathway", "\nExample:\n  prisonflow graph base.toml --format svg -o pathway.svg",
                [this] { return cli::graph(graph_); });
    scenario(to, graph_.scenario);
    choice(to, "--format", "Graphviz source or a picture (default: dot)", "dot", "svg", graph_.svg);
    to->add_option("-o,--output", graph_.output, "Write to FILE instead of standard output")->type_name("FILE");
  }
  void add_run() {
    CLI::App* const to = command(
        "run", "Simulate one or more scenarios into a result file",
        "\nScenarios that are run together share their random numbers, person by person: what differs is the law.\n"
        "The result depends on scenarios, seed and replications alone. An existing result is replaced only when the\n"
        "new one is complete. Ctrl-C finishes what has begun and keeps it; Ctrl-C twice ends at once.\n"
        "\nExample:\n  prisonflow run base.toml reform.toml -o result.h5 --replications 200",
        [this] { return cli::run(run_); });
    to->add_option("scenario", run_.scenarios, "Scenario files, the one to compare with first")
        ->type_name("SCENARIO")
        ->required();
    to->add_option("-o,--output", run_.output, "The result file")->type_name("FILE")->required();
    to->add_option("-n,--replications", run_.replications, "Replications (default: from the first scenario)")
        ->type_name("N")
        ->check(between(1, 10'000'000));
    seed(to, run_.seed);
    threads(to, run_.threads);
    to->add_option("--partitions", run_.partitions, "Parts in which one replication is simulated (default: chosen)")
        ->type_name("P")
        ->check(between(1, 4096));
    to->add_flag("-q,--quiet", run_.quiet, "Say nothing but errors");
    choice(to, "--log-format", "For people, or one JSON object a line (default: text)", "text", "json", run_.json);
  }
  void add_verify() {
    CLI::App* const to =
        command("verify", "Compare the simulation with linear algebra",
                "\nPolicies, events, limits and ageing are switched off; every state's simulated stock is compared "
                "with\nits expected value. Exit status 1 when one is outside the bounds.",
                [this] { return cli::verify(verify_); });
    scenario(to, verify_.scenario);
    to->add_option("-n,--replications", verify_.replications, "Replications (default: 20)")
        ->type_name("N")
        ->check(between(3, 100'000));
    to->add_option("--years", verify_.years, "Simulated years of each (default: 10)")
        ->type_name("Y")
        ->check(between(1, 200));
    seed(to, verify_.seed);
    threads(to, verify_.threads);
  }
  void add_summary() {
    CLI::App* const to = command("summary", "Show a result year by year, beside the observed figures", "",
                                 [this] { return cli::summary(summary_); });
    to->add_option("result", summary_.result, "A result file")->type_name("RESULT")->required();
    choice(to, "--format", "For people or for programs (default: text)", "text", "json", summary_.json);
  }

  void add_compare() {
    CLI::App* const to =
        command("compare", "Show what differs between the scenarios of a result, and what comes of it",
                "\nFirst what the reform changes; then levels in both worlds, paired differences and intervals; then\n"
                "whom the reform drew in, when places run out and what it costs, as far as the file has it.\n"
                "\nExample:\n  prisonflow compare result.h5 --at 2015 --at 2020-12 --measure prison_population",
                [this] { return cli::compare(compare_); });
    to->add_option("result", compare_.result, "A result file of two or more scenarios")
        ->type_name("RESULT")
        ->required();
    // One value each time, so that a result file may follow.
    to->add_option("--at", compare_.dates, "A month, \"2015\" or \"2015-03\"; may be repeated (default: a few)")
        ->type_name("DATE")
        ->allow_extra_args(false);
    to->add_option("--measure", compare_.measures, "A measure of the file; may be repeated (default: the usual ones)")
        ->type_name("NAME")
        ->allow_extra_args(false);
    to->add_option_function<std::string>(
          "--format",
          [this](const std::string& word) {
            using Format = CompareOptions::Format;
            compare_.format = word == "json" ? Format::json : word == "csv" ? Format::csv : Format::text;
          },
          "For people or for programs (default: text)")
        ->type_name("text|json|csv")
        ->check(CLI::Validator(CLI::IsMember({"text", "json", "csv"})).description(""));
  }

  CLI::App app_;
  std::vector<std::pair<CLI::App*, std::function<int()>>> actions_;
  InitOptions init_;
  ValidateOptions validate_;
  DescribeOptions describe_;
  GraphOptions graph_;
  RunOptions run_;
  VerifyOptions verify_;
  SummaryOptions summary_;
  CompareOptions compare_;
};

std::string did_you_mean(const std::string& word, const std::vector<std::string>& known) {
  const std::string meant = models::closest(word, known);
  return meant.empty() ? "" : fmt::format("; did you mean '{}'?", meant);
}

std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

/// Throws UsageError for a command or an option that there is not.
void check_words(CLI::App& app, const std::vector<std::string>& words) {
  if (words.empty() || words[0].starts_with("-")) {
    const auto known = std::vector<std::string>{"--help", "-h", "--version"};
    if (words.empty() || std::find(known.begin(), known.end(), words[0]) != known.end()) return;
    throw UsageError(
        fmt::format("unknown option '{}' (a command comes first){}", words[0], did_you_mean(words[0], known)));
  }
  std::vector<std::string> commands;
  for (const CLI::App* each : app.get_subcommands([](const CLI::App*) { return true; }))
    commands.push_back(each->get_name());
  if (std::find(commands.begin(), commands.end(), words[0]) == commands.end()) {
    const std::string meant = did_you_mean(words[0], commands);
    throw UsageError(fmt::format("unknown command '{}'{}", words[0],
                                 meant.empty() ? fmt::format(" (there are {})", listed(commands)) : meant));
  }
  const CLI::App* const command = app.get_subcommand(words[0]);
  std::vector<std::string> options;
  for (const CLI::Option* option : command->get_options()) {
    for (const std::string& name : option->get_lnames()) options.push_back("--" + name);
  }
  for (std::size_t index = 1; index < words.size() && words[index] != "--"; ++index) {
    if (!words[index].starts_with("--")) continue;
    const std::string name = words[index].substr(0, words[index].find('='));
    if (std::find(options.begin(), options.end(), name) != options.end()) continue;
    const std::string meant = did_you_mean(name, options);
    throw UsageError(fmt::format("unknown option '{}' of '{}'{}", name, words[0],
                                 meant.empty() ? fmt::format(" (there are {})", listed(options)) : meant));
  }
}

/// The words again, quoted where a shell would need it.
std::string as_typed(const std::vector<std::string>& words) {
  std::string text = "prisonflow";
  for (const std::string& word : words) {
    const bool plain = !word.empty() && word.find_first_of(" \t\n'\"\\$`*?[]{}()<>|&;~#!") == std::string::npos;
    text += plain ? " " + word : " '" + word + "'";
  }
  return text;
}

}  // namespace

int run_command_line(int count, char** words) {
  std::vector<std::string> given(words + 1, words + count);
  Words all;
  if (!given.empty() && given[0] == "help") {  // `help run` is `run --help`
    given.erase(given.begin());
    given.insert(given.empty() ? given.end() : given.begin() + 1, "--help");
  }
  check_words(all.app(), given);
  all.run_options().command_line = as_typed(given);
  if (given.empty()) {
    print(all.app().help());
    return kWrongUse;
  }
  try {
    all.app().parse(std::vector<std::string>(given.rbegin(), given.rend()));  // CLI11 takes them from the back
  } catch (const CLI::CallForHelp&) {
    const bool of_command = !given.empty() && !given[0].starts_with("-");
    print(of_command ? all.app().get_subcommand(given[0])->help("prisonflow") : all.app().help());
    return kDone;
  } catch (const CLI::CallForVersion&) {
    print(version_text() + "\n");
    return kDone;
  } catch (const CLI::ParseError& wrong) {
    const std::string about = given[0].starts_with("-") ? "" : given[0] + " ";
    throw UsageError(fmt::format("{}; 'prisonflow {}--help' shows how", wrong.what(), about));
  }
  return all.call();
}

}  // namespace prisonflow::cli
