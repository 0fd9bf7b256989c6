#pragma once

#include <optional>
#include <string_view>

#include "rules.h"

namespace vitals::text::valence {

/// sentiment() by some of its rules, or with other weights.
std::optional<double> score(std::string_view comment, const Rules& rules,
                            const Weights& weights = {});

}  // namespace vitals::text::valence
