#pragma once

#include <optional>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/result.h>
#include <vitals/store/store.h>

namespace vitals::series {

/// UTC days whose cells no longer agree with the log, first to last day by their starts.
struct DayRange {
  TimeMs first = 0;
  TimeMs last = 0;
};

/// Adds the days of [from_ms, to_ms].
void mark_days(store::WriteBatch& changes, store::Table table, TimeMs from_ms, TimeMs to_ms);

/// All that are marked. Errors: corruption.
Result<std::vector<DayRange>> marked_days(const store::Snapshot& snapshot, store::Table table);

/// The first day that is marked, of those from this one on.
std::optional<TimeMs> first_marked(const std::vector<DayRange>& marked, TimeMs from);

/// Takes a day off the marked ranges, which shrink, part or go.
void unmark_day(store::WriteBatch& changes, store::Table table, const std::vector<DayRange>& marked,
                TimeMs day);

}  // namespace vitals::series
