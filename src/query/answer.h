#pragma once

#include <vitals/query/request.h>

#include "tallies.h"

namespace vitals::query {

/// Sets the answer's groups from what was added up: ordered, at most `limit`, with points if there
/// is a step. Groups without a value come last whatever the order of values.
void set_groups(const Tallies& tallies, const MetricRequest& request, std::uint32_t limit,
                MetricAnswer& answer);

/// Of an answer over `points_max` points: names the smallest step that fits.
Error too_many_points(const Tallies& tallies, const MetricRequest& request,
                      std::uint64_t points_max);

}  // namespace vitals::query
