#pragma once

#include <string>
#include <vector>

#include <vitals/backtest/report.h>
#include <vitals/base/clock.h>
#include <vitals/base/result.h>
#include <vitals/events/event_log.h>
#include <vitals/metrics/metric.h>
#include <vitals/query/engine.h>
#include <vitals/rules/rule.h>
#include <vitals/store/store.h>

namespace vitals::backtest {

/// What a back-test reads.
struct Parts {
  const store::Store& store;
  const events::EventLog& log;
  const query::Engine& queries;  ///< for conditions on history
  const metrics::Catalogue& catalogue;
  const Clock& clock;  ///< for the deadline
};

struct Request {
  std::vector<rules::Rule> rules;  ///< the one in question, and those that it may name
  std::string rule;                ///< its name
  TimeMs from_ms = 0;
  TimeMs to_ms = 0;
  DurationMs step_ms = 0;  ///< between evaluations; 0: as fine as is useful and affordable
  DurationMs deadline_ms = 60'000;
};

/// At most so many evaluations, and readings of history, are worth their time.
inline constexpr std::int64_t kEvaluationsMax = 100'000;
inline constexpr std::int64_t kReadingsMax = 2'000;

/// How often a rule would have fired on what is stored, and for how long: the daemon's own
/// evaluator and windows, with a clock that goes from `from_ms` to `to_ms` in steps. It differs
/// from what the daemon did in this: an event counts by its time, although it may have come later;
/// the rule is judged once a step; time in which the daemon was down counts as silence. `from_ms`
/// is put off to the first event that is still held (not for conditions on history). The same store
/// and request give the same report.
///
/// Thread-safe; the events of a few hours or days, 250,000 or so, are in memory at a time.
/// Errors: not_found (no such rule), invalid_argument (rule, range or step), unprocessable (what it
/// watches is not stored), deadline_exceeded, corruption, io.
Result<Report> run(const Parts& parts, const Request& request);

}  // namespace vitals::backtest
