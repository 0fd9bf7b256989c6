#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <vitals/base/result.h>
#include <vitals/model/prompt.h>

namespace vitals::registry {

/// A version as it is stored (docs/formats/prompt.md): its text has a row of its own.
struct PromptRow {
  model::PromptVersion version;  ///< without its text
  std::size_t text_bytes = 0;
};

std::string encode(const model::PromptVersion& version);

/// Errors: corruption.
Result<PromptRow> decode_prompt(std::string_view bytes);

}  // namespace vitals::registry
