#pragma once

#include <array>
#include <vector>

#include <vitals/metrics/measure.h>
#include <vitals/series/resolution.h>

#include "chunk_sink.h"
#include "open_days.h"
#include "sorted_events.h"

namespace vitals::series {

/// What of the cells is worth writing.
struct CellPlan {
  Fullness minutes = Fullness::thin;
  std::array<TimeMs, 3> oldest{};  ///< buckets that start before are left out, by resolution
  Days open_days;                  ///< get no day cells, and all hour cells, however old
  metrics::Options metrics;
};

/// Adds up executions into cells of all resolutions, column by column. The chunks of one span form
/// one run; they come in ascending order of their keys.
std::vector<NewChunk> build_cells(const SortedEvents& events, const CellPlan& plan,
                                  const RunLabel& label, ColumnWriter& writer);

}  // namespace vitals::series
