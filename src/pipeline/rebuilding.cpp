#include "rebuilding.h"

#include <utility>

#include <vitals/base/clock.h>
#include <vitals/events/log_view.h>

namespace vitals::pipeline {
namespace {

/// Assessments may come for the same days all the time: so many times as long as making one anew
/// took they are left alone, and queries read their events.
constexpr std::int64_t kPause = 10;
/// Days that failed most likely fail again.
constexpr std::int64_t kRetryUs = 60'000'000;

series::Rollups::Source source_of(const MaintenanceParts& parts) {
  return [&parts](TimeMs from_ms, TimeMs to_ms, std::uint64_t before, const auto& visit) -> Status {
    events::ScanRequest request;
    request.from_ms = from_ms;
    request.to_ms = to_ms;
    request.end = before;
    request.columns = series::columns_of_cells();
    const events::LogView view(parts.log, parts.store.snapshot());
    return view.visit(request, [&visit](const events::Block& block, const auto& rows) {
      return visit(block.rows, rows);
    });
  };
}

}  // namespace

Status Rebuilding::all() {
  const TimeMs kept_since = parts_.log.kept_since(parts_.clock.now_ms());
  Status rebuilt = parts_.rollups.rebuild_dirty(kept_since, source_of(parts_));
  expected_ = !rebuilt;
  return rebuilt;
}

std::optional<Status> Rebuilding::next() {
  const auto day = parts_.rollups.dirty_day(next_);
  if (!day) return end_round(day.error());
  if (!*day) return end_round(std::exchange(round_, Status()));
  const std::int64_t begin_us = parts_.clock.monotonic_us();
  Status rebuilt = parts_.rollups.rebuild_day(**day, parts_.log.kept_since(parts_.clock.now_ms()),
                                              source_of(parts_));
  if (!rebuilt && round_) round_ = std::move(rebuilt);
  next_ = **day + kDayMs;
  const std::int64_t now_us = parts_.clock.monotonic_us();
  not_before_us_ = now_us + kPause * (now_us - begin_us);
  return std::nullopt;
}

Status Rebuilding::end_round(Status status) {
  // More may have become dirty since: only a round that finds nothing is the last.
  if (status && next_ == kFirst) expected_ = false;
  if (!status) not_before_us_ = parts_.clock.monotonic_us() + kRetryUs;
  next_ = kFirst;
  return status;
}

}  // namespace vitals::pipeline
