#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/model/batch.h>
#include <vitals/series/series_index.h>

namespace vitals::series {

/// Executions of several batches in the order of their cells: by series, then by minute. Adding
/// them up walks memory forward, and the rows of a cell of any resolution lie together.
struct SortedEvents {
  std::vector<SeriesId> series;  ///< of each row
  std::vector<TimeMs> minute;    ///< of each row: its start
  /// What cells are made from: outcome, numbers, user, session, error.type. A text may have several
  /// codes, one for each batch that it came in.
  model::ExecutionBatch columns;
};

/// `series` has the id of every row of every batch.
SortedEvents sort_events(std::span<const std::shared_ptr<const model::ExecutionBatch>> batches,
                         std::span<const std::vector<SeriesId>> series);

}  // namespace vitals::series
