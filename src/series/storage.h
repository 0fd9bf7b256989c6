#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include <vitals/series/rollups.h>

#include "chunk_directory.h"
#include "key_cache.h"
#include "open_days.h"

namespace vitals::series {

inline constexpr DurationMs kForever = std::numeric_limits<DurationMs>::max();
inline constexpr TimeMs kBeginning = std::numeric_limits<TimeMs>::min();

/// What rollups and the views on them share.
struct Rollups::Storage {
  explicit Storage(std::size_t key_cache_bytes = 0) : keys(key_cache_bytes) {}

  ChunkTables tables;
  store::Table state;   ///< `progress`, `dimensions`
  store::Table series;  ///< first id → labels of a run of series
  store::Table dirty;   ///< ranges of days to rebuild

  /// Every 1-minute chunk carries everything.
  std::atomic<bool> full_minutes{false};
  /// As in Progress. An old snapshot may still list chunks of before.
  std::array<std::atomic<TimeMs>, 3> kept_since;
  mutable KeyCache keys;  ///< of readers, who change nothing else
};

/// How far the log is in the cells, saved with every fold.
struct Progress {
  std::uint64_t watermark = 0;
  std::uint64_t overflow_events = 0;
  /// By resolution: cells of buckets that start before may be missing, as retention dropped them or
  /// had passed when their events came. Retention that is raised later does not bring them back.
  std::array<TimeMs, 3> kept_since{kBeginning, kBeginning, kBeginning};
  Days open_days;

  void raise_kept_since(std::size_t resolution, TimeMs time) {
    kept_since[resolution] = std::max(kept_since[resolution], time);
  }
};

inline constexpr std::string_view kProgressKey = "progress";
inline constexpr std::string_view kDimensionsKey = "dimensions";

std::string encode_progress(const Progress& progress);
/// As made when nothing is saved. Errors: corruption.
Result<Progress> read_progress(const store::Snapshot& snapshot, store::Table state);

/// Finds, or makes, the tables.
Status open_tables(store::Store& store, Rollups::Storage& storage);

/// Dimensions are part of every cell, so a data folder keeps those it was made with. Errors:
/// invalid_argument when they are no fields or others than those.
Status check_dimensions(store::Store& store, store::Table state,
                        const std::vector<std::string>& dimensions);

/// Oldest bucket start that is kept at `now`; the beginning of time when kept for ever.
TimeMs oldest_bucket(TimeMs now, DurationMs retention_ms);

}  // namespace vitals::series
