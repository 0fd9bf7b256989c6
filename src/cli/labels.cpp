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

Tone severity_tone(std::string_view severity) {
  if (severity == "critical") return Tone::bad;
  return severity == "warning" ? Tone::warning : Tone::plain;
}

}  // namespace vitals::cli
