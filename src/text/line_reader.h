#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "document.h"

namespace vitals::text {

struct ReadLines {
  std::vector<Line> lines;
  std::optional<std::size_t> unclosed_fence;
};

/// The lines of a text and what each of them is; their words are not read yet.
ReadLines read_lines(std::string_view text);

}  // namespace vitals::text
