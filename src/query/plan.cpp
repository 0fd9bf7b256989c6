#include "plan.h"

#include <algorithm>

#include <vitals/base/time_text.h>

namespace vitals::query {
namespace {

/// A window as long as raw retention must not fail because the clock has moved on since it was
/// asked for: so much may be cut from a raw edge.
constexpr DurationMs kRawEdgeMs = 60'000;

TimeMs floor_to(TimeMs time, DurationMs length) { return series::bucket_start(time, length); }
TimeMs ceil_to(TimeMs time, DurationMs length) {
  const TimeMs floor = floor_to(time, length);
  return floor == time ? time : floor + length;
}

DurationMs edge_of(const Source& source) {
  return source ? series::length_ms(*source) : kRawEdgeMs;
}

struct Gap {
  TimeMs from_ms;
  TimeMs to_ms;
};

/// Cuts a range into segments, coarsest first, and notes what no source can give.
class Cutter {
 public:
  explicit Cutter(const PlanRequest& request) : request_(request) {}

  void cut(TimeMs from, TimeMs to, std::size_t levels) {
    if (from >= to) return;
    if (levels == 0) return cut_raw(from, to);
    const series::Resolution resolution = series::kResolutions[levels - 1];
    const DurationMs length = series::length_ms(resolution);
    const std::optional<TimeMs> since = request_.cells_since[levels - 1];
    if (!since || request_.step_ms % length != 0) return cut(from, to, levels - 1);
    const TimeMs begin = ceil_to(std::max(from, std::min(*since, to)), length);
    const TimeMs end = floor_to(to, length);
    if (begin >= end) return cut(from, to, levels - 1);
    cut(from, begin, levels - 1);
    segments.push_back({begin, end, resolution});
    cut(end, to, levels - 1);
  }

  std::vector<Segment> segments;
  std::vector<Gap> gaps;

 private:
  void cut_raw(TimeMs from, TimeMs to) {
    const TimeMs begin = std::clamp(request_.raw_since, from, to);
    if (from < begin) gaps.push_back({from, begin});
    if (begin < to) segments.push_back({begin, to, std::nullopt});
  }

  const PlanRequest& request_;
};

/// The oldest time that any source can answer.
TimeMs oldest_kept(const PlanRequest& request) {
  TimeMs oldest = request.raw_since;
  for (std::size_t i = 0; i < request.cells_since.size(); ++i) {
    const DurationMs length = series::length_ms(series::kResolutions[i]);
    const std::optional<TimeMs> since = request.cells_since[i];
    if (since && request.step_ms % length == 0 && *since < oldest) {
      oldest = std::min(oldest, ceil_to(std::max(*since, request.from_ms - length), length));
    }
  }
  return oldest;
}

Error refusal(TimeMs oldest) {
  return {Errc::unprocessable,
          "the range reaches beyond what is kept for this question; the oldest time that can be "
          "answered is " +
              format_rfc3339(oldest)};
}

}  // namespace

Source Plan::coarsest() const {
  Source coarsest;  // an empty optional compares below every resolution
  for (const Segment& segment : segments) coarsest = std::max(coarsest, segment.source);
  return coarsest;
}

void Plan::make_raw(std::size_t segment, TimeMs from_ms, TimeMs to_ms) {
  const Segment whole = segments[segment];
  std::vector<Segment> parts;
  if (whole.from_ms < from_ms) parts.push_back({whole.from_ms, from_ms, whole.source});
  parts.push_back({from_ms, to_ms, std::nullopt});
  if (to_ms < whole.to_ms) parts.push_back({to_ms, whole.to_ms, whole.source});
  const auto at = segments.erase(segments.begin() + static_cast<std::ptrdiff_t>(segment));
  segments.insert(at, parts.begin(), parts.end());
}

void Plan::make_raw(TimeMs from_ms, TimeMs to_ms) {
  for (std::size_t i = segments.size(); i-- > 0;) {
    const Segment& segment = segments[i];
    const TimeMs from = std::max(from_ms, segment.from_ms);
    const TimeMs to = std::min(to_ms, segment.to_ms);
    if (segment.source && from < to) make_raw(i, from, to);
  }
}

Result<Plan> make_plan(const PlanRequest& request) {
  Cutter cutter(request);
  cutter.cut(request.from_ms, request.to_ms, series::kResolutions.size());
  Plan plan{std::move(cutter.segments)};
  if (plan.segments.empty()) {
    const TimeMs oldest = oldest_kept(request);
    if (oldest > request.from_ms) return refusal(oldest);
    return Error{Errc::unprocessable,
                 "that time is kept in coarse cells only, and the range holds no whole one; ask "
                 "for a longer range"};
  }
  for (const Gap& gap : cutter.gaps) {
    const DurationMs length = gap.to_ms - gap.from_ms;
    const bool leading = gap.to_ms <= plan.from_ms() && length < edge_of(plan.segments[0].source);
    const bool trailing =
        gap.from_ms >= plan.to_ms() && length < edge_of(plan.segments.back().source);
    if (!leading && !trailing) return refusal(std::max(gap.to_ms, plan.from_ms()));
  }
  return plan;
}

}  // namespace vitals::query
