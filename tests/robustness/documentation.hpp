// The pages of docs/ as data: their blocks of code, and what becomes of an example that is laid over the base and run.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace prisonflow::documentation {

/// What stands between ``` and ``` on a page.
struct CodeBlock {
  std::string language;  ///< "toml", "sh", …; empty when none is named
  int line = 0;          ///< of the opening fence, from 1
  std::string text;
  std::string not_run;  ///< the reason, when `<!-- not run: reason -->` stands in the line before the fence
};

/// The blocks of a page in their order. Throws std::runtime_error when the last one is not closed.
std::vector<CodeBlock> code_blocks(const std::string& page);

/// The pages whose examples are scenarios, from the root of the source.
std::vector<std::string> pages_with_examples();

/// Everything in docs/example/, where the examples are run: file name and text.
std::vector<std::pair<std::string, std::string>> example_files();

struct Outcome {
  std::string fault;  ///< empty: it was read and one replication was run; else the line and what was wrong
  double persons = 0;
  std::uint64_t hash = 0;  ///< of all results but what feedback links read
};

/// Lays one block of `page` ("docs/x.md") over docs/example/base.toml by `extends`, reads it with the program's own
/// reader and runs one replication. A fault names the line of the page. It is one, too, when an example declares a
/// state that nobody ever enters, because such an example shows nothing.
Outcome run_example(const std::string& page, const CodeBlock& block);

}  // namespace prisonflow::documentation
