#pragma once

#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/result.h>
#include <vitals/metrics/metric.h>
#include <vitals/query/engine.h>
#include <vitals/rules/reading.h>
#include <vitals/rules/rule.h>

namespace vitals::rules {

/// Reads what a rule of history (is_on_history()) is judged by, of all groups that have executions
/// now or had some in the time that is compared with. Blocks on queries: call from a query thread.
///
/// Where there are too few samples, now or then, nothing can be told: such a reading neither holds
/// nor clears, so no alert begins or ends by it. Nor does one end because its group had nothing now
/// or then, before it has been open for Windows::memory_ms().
///
/// - Deviation: the window that ends now against the same one a week ago, or against the median of
///   those at the same time of the `trailing` days before, of which half at least must be known.
///   min_samples must be there on both sides; of a total (a number or a sum) on the larger one, as
///   it is a total that falls away or comes out of little that is to be told.
/// - Trend: a robust line (analytics::robust_trend()) through about 48 averages of whole parts of
///   `over`, of which eight must be known and together rest on min_samples. It holds when the line
///   is beyond the bound, or leads there in time and is no chance (p < 0.05).
/// - BetterVersion: the current version of a group is the one that had most executions in the last
///   tenth of the window, or, where that is empty, in all of it. Another one is better when its
///   interval over the window lies wholly on the better side; both must rest on min_samples. The
///   best of those, by the near end of the interval, is named. Without another one to compare with
///   there is no better one: that clears.
///
/// Errors: those of Engine::metric(); unprocessable for a metric without a better side.
Result<std::vector<GroupReading>> read_history(const Rule& rule, const query::Engine& engine,
                                               const metrics::Catalogue& catalogue, TimeMs now);

}  // namespace vitals::rules
