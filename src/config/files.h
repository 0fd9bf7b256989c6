#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/base/result.h>

namespace vitals::config {

/// A whole file. Errors: not_found, io, invalid_argument (over 4 MiB, or no regular file).
Result<std::string> read_file(const std::filesystem::path& path);

/// The same; permission_denied when anybody but its owner and group may read it.
Result<std::string> read_secret_file(const std::filesystem::path& path);

/// Files that match, sorted; `*`, `?` and `[…]` are wildcards. A path without wildcards is itself,
/// whether it exists or not.
std::vector<std::filesystem::path> expand_glob(const std::filesystem::path& pattern);

}  // namespace vitals::config
