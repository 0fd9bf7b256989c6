#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "table.h"

namespace vitals::cli {

/// `prompt=a version=2` of a JSON object of texts; absent ones as `-`.
std::string labels_text(const nlohmann::ordered_json& labels);

/// `critical`, `warning` or `info`, in their colors.
TableCell severity_cell(const std::string& severity);

}  // namespace vitals::cli
