#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <vitals/series/rollups.h>

#include "chunk_directory.h"

namespace vitals::series {

/// What rollups and the views on them share.
struct Rollups::Storage {
  ChunkTables tables;
  store::Table state;   ///< `progress`, `dimensions`
  store::Table series;  ///< first id → labels of a run of series
  store::Table dirty;   ///< ranges of days to rebuild

  /// Every 1-minute chunk carries everything.
  std::atomic<bool> full_minutes{false};
  /// Spans that start before were dropped, by resolution; an old snapshot may still list them.
  std::array<std::atomic<TimeMs>, 3> dropped_before;
};

/// How far the log is in the cells, saved with every fold.
struct Progress {
  std::uint64_t watermark = 0;
  std::uint64_t overflow_events = 0;
};

inline constexpr std::string_view kProgressKey = "progress";
inline constexpr std::string_view kDimensionsKey = "dimensions";

std::string encode_progress(const Progress& progress);
/// Zeros when nothing is saved. Errors: corruption.
Result<Progress> read_progress(const store::Snapshot& snapshot, store::Table state);

/// Oldest bucket start that is kept at `now`; the beginning of time when kept for ever.
TimeMs oldest_bucket(TimeMs now, DurationMs retention_ms);

}  // namespace vitals::series
