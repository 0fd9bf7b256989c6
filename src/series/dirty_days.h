#pragma once

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

/// Takes the first day off a marked range, which shrinks or goes.
void unmark_first_day(store::WriteBatch& changes, store::Table table, const DayRange& range);

}  // namespace vitals::series
