#include "report.h"

#include <algorithm>

#include <vitals/config/config.h>

namespace vitals::config {

void Report::add(std::string_view file, std::size_t line, std::string_view key,
                 std::string_view reason) {
  // What several rules inherit is wrong once.
  const std::string_view last = key.substr(key.rfind('.') + 1);
  if (line != 0 &&
      !seen_.insert({std::string(file), line, std::string(last), std::string(reason)}).second) {
    return;
  }
  std::string problem(file);
  if (line != 0) problem += ":" + std::to_string(line);
  problem += ": ";
  if (!key.empty()) problem.append(key).append(": ");
  problems_.push_back(problem.append(reason));
}

std::string Report::text() const {
  std::string text;
  for (const std::string& problem : problems_) {
    if (!text.empty()) text += '\n';
    text += problem;
  }
  return text;
}

std::string without_folders(std::string_view problems) {
  std::string text;
  while (!problems.empty()) {
    const std::string_view line = problems.substr(0, problems.find('\n'));
    problems.remove_prefix(std::min(line.size() + 1, problems.size()));
    const std::size_t slash = line.substr(0, line.find(':')).rfind('/');
    if (!text.empty()) text += '\n';
    text += slash == std::string_view::npos ? line : line.substr(slash + 1);
  }
  return text;
}

}  // namespace vitals::config
