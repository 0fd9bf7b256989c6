#pragma once

#include <string>
#include <string_view>

#include <vitals/base/result.h>
#include <vitals/model/prompt.h>

namespace vitals::registry {

/// A version as it is stored (docs/formats/prompt.md).
std::string encode(const model::PromptVersion& version);

/// Errors: corruption.
Result<model::PromptVersion> decode_prompt(std::string_view bytes);

}  // namespace vitals::registry
