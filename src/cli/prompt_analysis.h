#pragma once

#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include <vitals/base/result.h>

#include "console.h"
#include "table.h"

namespace vitals::cli {

/// The text of a prompt, `-` is standard input, in a JSON string. Errors: not_found,
/// invalid_argument (too long to be taken, no UTF-8).
Result<std::string> read_prompt(const std::string& file, Console& console);

/// A dimension's value, red where it is below `min`; `-` for null.
TableCell trait_cell(const std::string& dimension, const nlohmann::ordered_json& value,
                     std::optional<double> min = std::nullopt);

/// Whether a dimension is below: redundancy counts as 10 · (1 - redundancy).
bool is_below(const std::string& dimension, const nlohmann::ordered_json& value, double min);

/// Dimensions, in a line each, then findings as `NAME:LINE: "WORDS" why; suggestion [dimension]`.
void print_analysis(const nlohmann::ordered_json& analysis, const std::string& name,
                    std::optional<double> min, const Console& console);

}  // namespace vitals::cli
