#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/insight/causes.h>
#include <vitals/metrics/metric.h>
#include <vitals/model/filter.h>
#include <vitals/query/engine.h>

namespace vitals::insight {

/// A metric of some executions that has gone beyond a bound.
struct Incident {
  std::string metric;
  metrics::Stat stat;
  bool stat_given = false;
  std::vector<model::Filter> filters;  ///< whose executions they are
  TimeMs now_ms = 0;
  DurationMs window_ms = 300'000;  ///< before now, that the value is of
  std::optional<double> value;
  std::optional<double> threshold;
  std::uint64_t samples_min = 1;  ///< that a period must have to be compared with
  /// The period that is to be compared with. Else the first with enough in it that was on the good
  /// side of the threshold: of an average the hour (or as long as the window) before the window,
  /// the day, or the week; of a total as long as the window right before, a day before, or a week.
  std::optional<Period> baseline;
};

/// Texts for people; "" where nothing is known.
struct Findings {
  std::string cause;        ///< which label values explain the change, in words
  std::string affected;     ///< how many executions, users and regions
  std::string errors;       ///< the most frequent classes of errors
  std::string rollback_to;  ///< the last version of the prompt that met its benchmarks
};

/// Finds out what lies behind an incident, as far as it gets within the time: who is affected
/// first, then the cause, the errors, and the version to go back to.
Findings diagnose(const query::Engine& engine, const metrics::Catalogue& catalogue,
                  const Clock& clock, const Incident& incident, DurationMs deadline_ms);

}  // namespace vitals::insight
