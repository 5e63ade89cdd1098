// The words a user may give: commands, options and their help.
#pragma once

namespace prisonflow::cli {

/// Parses the words, calls the command and returns its exit status; throws what commands throw.
int run_command_line(int count, char** words);

}  // namespace prisonflow::cli
