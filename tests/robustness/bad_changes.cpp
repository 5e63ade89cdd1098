// States that change those who enter them, wrongly written.
#include <catch2/catch.hpp>

#include "tests/robustness/bad_case.hpp"

namespace {

using namespace bad_scenarios;

const std::vector<Case> kChanges{
    {"a change of sex", "shares = { prison = 0.7, free = 0.3 }",
     "becomes = { sex = \"male\" }\nshares = { prison = 0.7, free = 0.3 }", "|sex = \"male\" }",
     "no state changes a person's sex", "only what happens to people can", "use one of those traits"},
    {"a change of an unknown trait", "shares = { prison = 0.7, free = 0.3 }",
     "becomes = { program = \"cbt\" }\nshares = { prison = 0.7, free = 0.3 }", "|program = \"cbt\"",
     "there is no trait \"program\"", "told apart by their traits only", "\"programme\""},
    {"a change to an unknown label", "shares = { prison = 0.7, free = 0.3 }",
     "becomes = { risk = \"lo\" }\nshares = { prison = 0.7, free = 0.3 }", "risk = |\"lo\"", "there is no risk \"lo\"",
     "one of the labels of risk", "\"low\""},
    {"a change to a number", "shares = { prison = 0.7, free = 0.3 }",
     "becomes = { risk = 1 }\nshares = { prison = 0.7, free = 0.3 }", "risk = |1 }\nshares",
     "states.board.becomes.risk", "", ""},
    {"a change that is no table", "shares = { prison = 0.7, free = 0.3 }",
     "becomes = \"low\"\nshares = { prison = 0.7, free = 0.3 }", "becomes = |\"low\"", "states.board.becomes", "", ""},
    {"an exit that changes people", "[states.dead]\nkind = \"exit\"",
     "[states.dead]\nkind = \"exit\"\nbecomes = { risk = \"low\" }", "|becomes = { risk",
     "a state of kind exit has no \"becomes\"", "belongs to", "remove it"},
};

}  // namespace

TEST_CASE("every wrong change of persons is placed and explained") {
  require_one_error_each(kChanges);
}
