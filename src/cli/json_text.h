#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace vitals::cli {

// Members of the daemon's answers as people read them.

/// "" where the member is null.
std::string text_of(const nlohmann::ordered_json& object, const char* member);

/// `1,234`, of a whole number.
std::string count_of(const nlohmann::ordered_json& object, const char* member);

/// `2026-11-23 07:00:00`, in UTC; `-` for null.
std::string moment_text(const nlohmann::ordered_json& value);

/// `5m 2s`; `-` for null.
std::string span_text(const nlohmann::ordered_json& value);

/// With that many decimals; `-` for null.
std::string number_text(const nlohmann::ordered_json& value, int decimals);

/// The end of an id, which is enough for commands to tell it from others.
std::string short_id(const std::string& id);

}  // namespace vitals::cli
