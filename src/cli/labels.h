#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "console.h"

namespace vitals::cli {

/// `prompt=a version=2` of a JSON object of texts; absent ones as `-`.
std::string labels_text(const nlohmann::ordered_json& labels);

Tone severity_tone(std::string_view severity);

}  // namespace vitals::cli
