#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <vitals/base/result.h>
#include <vitals/store/store.h>

namespace vitals::store {

/// Gives the new value of a row, or nothing when it stays as it is.
using RowEdit = std::function<std::optional<std::string>(std::string_view value)>;

/// Adds to `changes` every row of a small table that `edit` changes; returns how many.
Result<std::uint64_t> rewrite(const Snapshot& snapshot, Table table, const RowEdit& edit,
                              WriteBatch& changes);

}  // namespace vitals::store
