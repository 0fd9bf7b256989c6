#include "files.h"

#include <fstream>
#include <iterator>

#include <glob.h>

namespace vitals::config {
namespace {

constexpr std::uintmax_t kFileBytesMax = 4 << 20;

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path) {
  std::error_code problem;
  if (!std::filesystem::exists(path, problem)) {
    return Error{Errc::not_found, "there is no such file"};
  }
  if (!std::filesystem::is_regular_file(path, problem)) {
    return Error{Errc::invalid_argument, "is not a file"};
  }
  if (std::filesystem::file_size(path, problem) > kFileBytesMax || problem) {
    return Error{Errc::invalid_argument, "is larger than 4 MiB"};
  }
  std::ifstream stream(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (!stream) return Error{Errc::io, "cannot be read"};
  return text;
}

Result<std::string> read_secret_file(const std::filesystem::path& path) {
  std::error_code problem;
  const std::filesystem::perms others =
      std::filesystem::status(path, problem).permissions() & std::filesystem::perms::others_all;
  if (!problem && std::filesystem::exists(path, problem) &&
      others != std::filesystem::perms::none) {
    return Error{Errc::permission_denied,
                 "holds secrets, but everybody may access it: chmod o= it first"};
  }
  return read_file(path);
}

std::vector<std::filesystem::path> expand_glob(const std::filesystem::path& pattern) {
  if (pattern.native().find_first_of("*?[") == std::string::npos) return {pattern};
  std::vector<std::filesystem::path> paths;
  glob_t found{};
  if (::glob(pattern.c_str(), 0, nullptr, &found) == 0) {
    paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  }
  ::globfree(&found);
  return paths;
}

}  // namespace vitals::config
