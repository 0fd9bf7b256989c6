#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include <vitals/config/config.h>

#include "support/temp_folder.h"

namespace vitals::config::test {

/// A folder of configuration files.
class Files {
 public:
  std::string write(const std::string& name, const std::string& text) {
    const std::string path = folder_.file(name);
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path) << text;
    std::filesystem::permissions(path, std::filesystem::perms{0600});
    return path;
  }
  Result<Config> load(const std::string& text, const Overrides& overrides = {}) {
    return config::load(write("vitals.yaml", text), overrides);
  }
  /// The error with the folder's name taken out.
  std::string problems(const std::string& text) {
    const auto result = load(text);
    if (result) return "";
    std::string message = result.error().message;
    const std::string folder = folder_.path().string() + "/";
    for (auto at = message.find(folder); at != std::string::npos; at = message.find(folder)) {
      message.erase(at, folder.size());
    }
    return message;
  }
  const std::filesystem::path& path() const { return folder_.path(); }

 private:
  vitals::test::TempFolder folder_;
};

}  // namespace vitals::config::test
