#pragma once

#include <cstdint>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/metrics/cell.h>
#include <vitals/metrics/metric.h>
#include <vitals/model/alert.h>
#include <vitals/rules/reading.h>
#include <vitals/rules/rule.h>

namespace vitals::rules {

// What the conditions that are judged live say of what the windows hold.

/// Moment of an evaluation.
struct Moment {
  TimeMs now;
  TimeMs listening_since;
  DurationMs memory_ms;  ///< Windows::memory_ms()
  TimeMs outage_until;   ///< the end of the daemon's last outage; 0: there was none
};

/// Fewer than min_samples, or an interval that reaches over the bound, do not hold; a value at or
/// within the clear level clears, whatever it rests on.
Reading read_threshold(const Rule& rule, const Threshold& threshold, const metrics::Metric& metric,
                       const metrics::Cell& cell);
/// The same of a group of which the window knows nothing.
Reading read_empty_window(DurationMs window_ms, const Moment& moment);

/// `last_event_ms` is 0 when the window knows of none; `open` null when there is no alert.
Reading read_absence(const Absence& absence, TimeMs last_event_ms, const model::Alert* open,
                     const Moment& moment);

/// Executions with a status within one window.
struct Outcomes {
  std::uint64_t errors = 0;
  std::uint64_t executions = 0;
};
/// Of the long and the short window of each pair.
struct PairOutcomes {
  Outcomes long_window;
  Outcomes short_window;
};
Reading read_burn_rate(const Rule& rule, const BurnRate& burn_rate,
                       const std::vector<PairOutcomes>& pairs);

}  // namespace vitals::rules
