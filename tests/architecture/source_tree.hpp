// The project's files as a map from path to text, so that a checker runs over the real tree and over a made-up one.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace prisonflow::architecture {

/// Path from the root, with forward slashes, to the whole text of the file.
using SourceTree = std::map<std::string, std::string>;

/// All source text (C++, CMake, shell, Python, R, Julia, Markdown) below the given folders of `root`; data is left out.
SourceTree read_tree(const std::filesystem::path& root, const std::vector<std::string>& folders);

struct Include {
  std::string target;  ///< what stands between the brackets or quotes
  bool quoted = false;
  int line = 0;
};

/// The #include lines of a file that are not inside a comment.
std::vector<Include> includes_of(const std::string& text);

/// The text with comments, strings and character constants replaced by blanks; line ends stay.
std::string code_only(const std::string& text);

bool ends_with(const std::string& path, const std::string& ending);
bool is_cpp(const std::string& path);

}  // namespace prisonflow::architecture
