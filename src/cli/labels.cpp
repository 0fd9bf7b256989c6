#include "labels.h"

#include <nlohmann/json.hpp>

namespace vitals::cli {

std::string labels_text(const nlohmann::ordered_json& labels) {
  std::string text;
  for (const auto& [name, value] : labels.items()) {
    text += (text.empty() ? "" : " ") + name + "=";
    text += value.is_string() ? value.get<std::string>() : value.is_null() ? "-" : value.dump();
  }
  return text;
}

TableCell severity_cell(const std::string& severity) {
  if (severity == "informational") return "info";
  return {severity, severity == "critical" ? Tone::bad : Tone::warning};
}

}  // namespace vitals::cli
