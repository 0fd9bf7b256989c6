#pragma once

#include <string>

#include <vitals/metrics/cell.h>

namespace vitals::series {

/// Where a merged cell differs from what it should be, as "executions 5 instead of 7"; nothing when
/// it does not. Both must carry the same. Counts, values, extremes and sketches are held exactly;
/// sums and squares within what a chunk may round (docs/formats/cell-chunk.md).
std::string difference(const metrics::Cell& cell, const metrics::Cell& expected);

}  // namespace vitals::series
