#pragma once

#include <memory>
#include <span>
#include <vector>

#include <vitals/model/batch.h>

#include "chunk_directory.h"

namespace vitals::series {

/// Starts of UTC days, ascending. A day is open while its hour cells stand for its day cells, which
/// are made from them, once, when the day has gone quiet (docs/adr/0005-days-from-hours.md).
using Days = std::vector<TimeMs>;

bool contains(const Days& days, TimeMs day);

/// The first day that may be open when hours are kept from `oldest_hour` on: its hours stay for a
/// day at least, which is time enough to make its cells.
TimeMs first_open_day(TimeMs oldest_hour);

/// Opens the days of these events. Those before `first` and those `but` are left as they are.
void open_days_of(std::span<const std::shared_ptr<const model::ExecutionBatch>> batches,
                  TimeMs first, const Days& but, Days& days);

/// Whether an open day's cells should be made from these runs of hours: it has gone quiet, they
/// were made (`made`: the runs that they are now, if any) an hour ago, or it lies before `first`.
/// The more there is to do, the longer a pause must be, so that late events that trickle in cost
/// little.
bool is_due(TimeMs day, const std::vector<Run>& hours, const std::vector<Run>& made, TimeMs first,
            TimeMs now);

}  // namespace vitals::series
