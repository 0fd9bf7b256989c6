#include "secret.h"

#include <cstdlib>

#include "files.h"

namespace vitals::config {

void read_secret(Section& section, std::string_view key, const std::filesystem::path& folder,
                 std::string& out) {
  const std::string file_key = std::string(key) + "_file";
  const std::string env_key = std::string(key) + "_env";
  std::string file;
  std::string variable;
  section.text(key, out);
  section.text(file_key, file);
  section.text(env_key, variable);
  const int given = (out.empty() ? 0 : 1) + (file.empty() ? 0 : 1) + (variable.empty() ? 0 : 1);
  if (given > 1) {
    const std::string& odd = variable.empty() ? file_key : env_key;
    return section.problem(
        odd, std::string(key) + ", " + file_key + " and " + env_key + " exclude each other");
  }
  if (!file.empty()) {
    const Result<std::string> text = read_secret_file(folder / file);
    if (!text) return section.problem(file_key, "'" + file + "' " + text.error().message);
    out = text->substr(0, text->find_last_not_of(" \r\n") + 1);
    if (out.empty()) section.problem(file_key, "'" + file + "' is empty");
  }
  if (!variable.empty()) {
    const char* text = std::getenv(variable.c_str());
    if (text == nullptr || *text == '\0') {
      return section.problem(env_key, "the environment has no '" + variable + "'");
    }
    out = text;
  }
}

}  // namespace vitals::config
