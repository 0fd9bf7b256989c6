#pragma once

#include <cstddef>
#include <string_view>

namespace vitals::text {

/// About how many tokens a model's byte-pair encoder makes of it; docs/prompt-analysis.md#tokens
/// says how well that holds.
std::size_t estimate_tokens(std::string_view text);

}  // namespace vitals::text
