#include "open_days.h"

#include <algorithm>

#include <vitals/base/clock.h>

#include "storage.h"

namespace vitals::series {
namespace {

/// As for merging: the present day is left alone until it really is quiet.
constexpr DurationMs kQuietMs = 600'000;
constexpr DurationMs kPauseMs = 10'000;
/// What is never quiet is made so often once it is over.
constexpr DurationMs kMadeAgainMs = kHourMs;
constexpr std::uint64_t kCellsPerMs = 4;  // making a day takes about a hundredth of that

}  // namespace

bool contains(const Days& days, TimeMs day) {
  return std::binary_search(days.begin(), days.end(), day);
}

TimeMs first_open_day(TimeMs oldest_hour) {
  return oldest_hour == kBeginning ? kBeginning : bucket_start(oldest_hour, kDayMs) + 2 * kDayMs;
}

void open_days_of(std::span<const std::shared_ptr<const model::ExecutionBatch>> batches,
                  TimeMs first, const Days& but, Days& days) {
  TimeMs last = kBeginning;
  for (const auto& batch : batches) {
    for (const TimeMs time : batch->time_ms) {
      const TimeMs day = bucket_start(time, kDayMs);
      if (day == last || day < first || contains(but, day)) continue;
      last = day;
      const auto at = std::lower_bound(days.begin(), days.end(), day);
      if (at == days.end() || *at != day) days.insert(at, day);
    }
  }
}

bool is_due(TimeMs day, const std::vector<Run>& hours, const std::vector<Run>& made, TimeMs first,
            TimeMs now) {
  if (hours.empty() || day < first) return true;
  TimeMs newest = kBeginning, oldest = now;
  std::uint64_t cells = 0;
  for (const Run& run : hours) {
    newest = std::max(newest, run.written_ms());
    oldest = std::min(oldest, run.written_ms());
    for (const ChunkEntry& part : run.parts) cells += part.summary.cells;
  }
  const DurationMs wait_ms = kPauseMs + static_cast<DurationMs>(cells / kCellsPerMs);
  const DurationMs pause_ms = now - newest;
  if (now <= day + kDayMs + kQuietMs) return pause_ms >= std::max(wait_ms, kQuietMs);
  const TimeMs since = made.empty() ? oldest : made.front().written_ms();
  return pause_ms >= wait_ms || now - since >= kMadeAgainMs;
}

}  // namespace vitals::series
