#include "json_text.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "numbers.h"

namespace vitals::cli {

std::string text_of(const nlohmann::ordered_json& object, const char* member) {
  const nlohmann::ordered_json& value = object.at(member);
  return value.is_string() ? value.get<std::string>() : "";
}

std::string count_of(const nlohmann::ordered_json& object, const char* member) {
  return with_separators(object.at(member).get<std::int64_t>());
}

std::string moment_text(const nlohmann::ordered_json& value) {
  return value.is_number() ? format_moment(value.get<TimeMs>() / 1000 * 1000) : "-";
}

std::string span_text(const nlohmann::ordered_json& value) {
  return value.is_number() ? format_span(value.get<DurationMs>()) : "-";
}

std::string number_text(const nlohmann::ordered_json& value, int decimals) {
  return value.is_number() ? format_number(value.get<double>(), decimals) : "-";
}

std::string short_id(const std::string& id) {
  constexpr std::size_t kEnough = 6;
  return id.substr(id.size() - std::min(id.size(), kEnough));
}

}  // namespace vitals::cli
