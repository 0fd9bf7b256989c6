#include "report.h"

namespace vitals::config {

void Report::add(std::string_view file, std::size_t line, std::string_view key,
                 std::string_view reason) {
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

}  // namespace vitals::config
