// How the program speaks to people: errors with the line they are about, notes, sizes and times in words.
//
// Results go to standard output, everything else to standard error. Colour and excerpts are for terminals only (and not
// when NO_COLOR is set), so that what a pipe or a log receives is plain and one line a fact.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/diagnostics.hpp"

namespace prisonflow::cli {

bool stdout_is_terminal();
bool stderr_is_terminal();
/// Columns of the terminal on standard error or output; 100 when there is none.
std::size_t terminal_width();

/// The text in a colour of the terminal, for standard error or for standard output; unchanged when that is none.
enum class Tone { error, warning, good, faint, strong };
std::string toned(Tone tone, std::string_view text);
std::string toned_output(Tone tone, std::string_view text);

/// Every error, each with its line of text below it on a terminal, and their number.
void print_diagnostics(const std::vector<models::Diagnostic>& diagnostics);

/// "prisonflow: problem" to standard error.
void print_error(std::string_view problem);
void print_warning(std::string_view problem);

/// Writes to standard output.
void print(std::string_view text);

std::string bytes_in_words(double bytes);                        ///< "1.4 GB"
std::string duration_in_words(double seconds);                   ///< "2 min 05 s"
std::string plural(std::uint64_t count, std::string_view noun);  ///< "1 error", "1,204 errors"

}  // namespace prisonflow::cli
