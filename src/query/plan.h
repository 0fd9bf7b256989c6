#pragma once

#include <array>
#include <optional>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/result.h>
#include <vitals/series/resolution.h>

namespace vitals::query {

/// Where a stretch of time is read from: cells of a resolution, or (nothing) the raw log.
using Source = std::optional<series::Resolution>;

/// Half-open. The ends of a cell segment are multiples of its cell length.
struct Segment {
  TimeMs from_ms;
  TimeMs to_ms;
  Source source;
  bool operator==(const Segment&) const = default;
};

/// What is asked, and since when each source can serve it.
struct PlanRequest {
  TimeMs from_ms = 0;
  TimeMs to_ms = 0;
  DurationMs step_ms = 0;
  /// By resolution; nothing where its cells cannot answer the question at any time.
  std::array<std::optional<TimeMs>, series::kResolutions.size()> cells_since;
  TimeMs raw_since = 0;

  bool operator==(const PlanRequest&) const = default;
};

/// Segments in order of time, without gaps. Never empty.
struct Plan {
  std::vector<Segment> segments;

  TimeMs from_ms() const { return segments.front().from_ms; }
  TimeMs to_ms() const { return segments.back().to_ms; }
  Source coarsest() const;
  bool raw_only() const { return !coarsest().has_value(); }

  /// Reads [from_ms, to_ms) of a segment raw instead of from its cells.
  void make_raw(std::size_t segment, TimeMs from_ms, TimeMs to_ms);
  /// Reads what lies within these times raw.
  void make_raw(TimeMs from_ms, TimeMs to_ms);
};

/// Whole cells of the coarsest resolution inside, finer ones towards the edges, raw events at the
/// very edges; every cell lies within one point of the answer. Where the edges are older than what
/// is kept finely enough, the range is cut by less than one cell. Error: unprocessable, naming the
/// oldest time that can be answered.
Result<Plan> make_plan(const PlanRequest& request);

}  // namespace vitals::query
