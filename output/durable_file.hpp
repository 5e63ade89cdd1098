// Putting a finished file in its place so that it survives a crash at any moment.
//
// rename() swaps names at once, but neither the data nor the new name is on the disk until both the file and its folder
// are synced, in that order. All functions throw OutputError.
#pragma once

#include <filesystem>
#include <string_view>

namespace prisonflow::output {

// `<path>.partial`
std::filesystem::path partial_path(const std::filesystem::path& path);

// That a file can be put at `path`: its folder exists and what is there, if anything, is a regular file.
void require_place_for_file(const std::filesystem::path& path);

// Syncs `partial`, renames it to `path`, syncs the folder.
void put_in_place(const std::filesystem::path& partial, const std::filesystem::path& path);

// The whole of a small file, aside and put in place.
void write_durably(const std::filesystem::path& path, std::string_view text);

}  // namespace prisonflow::output
