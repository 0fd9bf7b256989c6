#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <vitals/base/result.h>
#include <vitals/store/store.h>

namespace vitals::store {

/// What two tables hold under a key; one of them may hold nothing. The listing is good during the
/// visit.
using PairVisitor = std::function<void(std::string_view key, std::optional<std::string_view> listed,
                                       const Result<std::optional<std::string>>& value)>;

/// Visits every key of an index and of the table that it lists, ascending. Keys that are not listed
/// are found as far as they can be read. Error: the index cannot be read any further.
Status visit_pairs(const Snapshot& snapshot, Table index, Table values, const PairVisitor& visit);

}  // namespace vitals::store
