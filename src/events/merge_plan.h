#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "block_index.h"

namespace vitals::events {

struct MergeRules {
  std::uint32_t block_rows;      ///< what merged blocks should have
  DurationMs arrival_bucket_ms;  ///< blocks of different buckets are not merged
};

/// What to do with the newest blocks of the log.
struct MergePlan {
  std::size_t settled = 0;  ///< of the first entries: they stay as they are
  std::size_t begin = 0;    ///< entries [begin, end) become one block; nothing when they are equal
  std::size_t end = 0;
};

/// Finds the next run to merge among adjacent blocks up to the end of the log. A run that cannot
/// grow is merged whole. At the open end a run is merged when that makes its largest block eight
/// times as large, so that a row is rewritten a few times at most however small the blocks come.
MergePlan plan_merge(std::span<const IndexEntry> entries, const MergeRules& rules);

}  // namespace vitals::events
