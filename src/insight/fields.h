#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <vitals/model/filter.h>
#include <vitals/query/engine.h>

#include "budget.h"

namespace vitals::insight {

/// The one value that the filters leave a field; "" when they leave it several.
std::string pinned(const std::vector<model::Filter>& filters, std::string_view field);

/// Tags of the newest executions of a period that tell them apart: with several values, but few.
std::vector<std::string> telling_tags(const query::Engine& engine,
                                      const std::vector<model::Filter>& filters, TimeMs from_ms,
                                      TimeMs to_ms, const Budget& budget);

}  // namespace vitals::insight
