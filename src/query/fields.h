#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "reading.h"

namespace vitals::query {

/// Fields that can be filtered and grouped by: those every event may have, then, sorted, the
/// attributes that occur among the newest million events.
Result<std::vector<std::string>> list_fields(const Sources& sources);

/// Distinct values of a field, sorted, the first `limit` of them. Those of a series dimension are
/// as old as the series are, others as old as raw events.
Result<std::vector<std::string>> list_values(const Sources& sources, std::string_view field,
                                             std::uint32_t limit);

}  // namespace vitals::query
