#include <utility>

#include <vitals/base/command_line.h>
#include <vitals/base/nearest.h>

namespace vitals {
namespace {

std::string meant(std::string_view word, const std::vector<std::string>& known,
                  std::string_view quote) {
  const std::string_view near = nearest(word, {known.begin(), known.end()});
  if (near.empty()) return "\n";
  return "; did you mean " + std::string(quote) + std::string(near) + std::string(quote) + "?\n";
}

}  // namespace

std::string unexpected_text(const std::vector<std::string>& words,
                            const std::vector<std::string>& options,
                            const std::vector<std::string>& commands) {
  std::string text;
  bool value = false;
  for (const std::string& word : words) {
    if (word.starts_with('-')) {
      const std::string name = word.substr(0, word.find('='));
      text += "unknown option " + name + meant(name, options, "");
      value = name == word;
    } else if (!std::exchange(value, false)) {
      text += commands.empty() ? "unexpected argument '" + word + "'\n"
                               : "unknown command '" + word + "'" + meant(word, commands, "'");
    }
  }
  return text;
}

}  // namespace vitals
