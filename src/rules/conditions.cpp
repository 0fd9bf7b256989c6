#include "conditions.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include <fmt/format.h>

#include <vitals/base/time_text.h>

namespace vitals::rules {
namespace {

bool beyond(Comparison comparison, double value, double bound) {
  return comparison == Comparison::below ? value < bound : value > bound;
}

bool is_certain(const Threshold& threshold, const metrics::Metric& metric,
                const metrics::Cell& cell, double seconds) {
  if (threshold.confidence == 0) return true;
  const auto interval = metric.interval(cell, threshold.stat, seconds, threshold.confidence);
  return interval && beyond(threshold.comparison, interval->low, threshold.bound) &&
         beyond(threshold.comparison, interval->high, threshold.bound);
}

/// How many times as quickly as the objective allows the budget is used up.
double burn(const Outcomes& outcomes, double objective) {
  if (outcomes.executions == 0) return 0;
  const double share =
      static_cast<double>(outcomes.errors) / static_cast<double>(outcomes.executions);
  return share / (1 - objective / 100);
}

}  // namespace

Reading read_threshold(const Rule& rule, const Threshold& threshold, const metrics::Metric& metric,
                       const metrics::Cell& cell) {
  const double seconds = static_cast<double>(rule.window_ms) / 1000;
  Reading reading;
  reading.threshold = threshold.bound;
  reading.value = metric.value(cell, threshold.stat, seconds);
  reading.samples = metric.samples(cell);
  if (!reading.value) return reading;
  reading.clears =
      !beyond(threshold.comparison, *reading.value, threshold.clear.value_or(threshold.bound));
  reading.holds = beyond(threshold.comparison, *reading.value, threshold.bound) &&
                  reading.samples >= rule.min_samples &&
                  is_certain(threshold, metric, cell, seconds);
  return reading;
}

Reading read_empty_window(DurationMs window_ms, const Moment& moment) {
  Reading reading;
  // Events of the time the daemon was down may still be on their way.
  reading.clears = moment.outage_until == 0 || moment.now - moment.outage_until >= window_ms;
  return reading;
}

Reading read_absence(const Absence& absence, TimeMs last_event_ms, const model::Alert* open,
                     const Moment& moment) {
  TimeMs silent_since = std::max(last_event_ms, moment.listening_since);
  if (open != nullptr) {
    silent_since = last_event_ms > 0 ? last_event_ms : open->pending_since - absence.absent_ms;
  }
  const DurationMs silent_ms = moment.now - silent_since;
  Reading reading;
  reading.threshold = static_cast<double>(absence.absent_ms) / 1000;
  reading.value = static_cast<double>(silent_ms) / 1000;
  reading.holds = silent_ms >= absence.absent_ms;
  reading.clears = !reading.holds;
  return reading;
}

Reading read_burn_rate(const Rule& rule, const BurnRate& burn_rate,
                       const std::vector<PairOutcomes>& pairs) {
  std::size_t worst = 0;
  double most = -1;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const double of_factor = std::min(burn(pairs[i].long_window, burn_rate.objective),
                                      burn(pairs[i].short_window, burn_rate.objective)) /
                             burn_rate.windows[i].factor;
    if (of_factor > most) {
      most = of_factor;
      worst = i;
    }
  }
  const BurnRate::Pair& pair = burn_rate.windows[worst];
  Reading reading;
  reading.value = burn(pairs[worst].long_window, burn_rate.objective);
  reading.threshold = pair.factor;
  reading.samples = pairs[worst].long_window.executions;
  reading.clears = most <= 1;
  reading.holds = most > 1 && reading.samples >= rule.min_samples;
  if (reading.holds) {
    reading.words = {{"long", format_duration(pair.long_ms)},
                     {"short", format_duration(pair.short_ms)},
                     {"objective", fmt::format("{:g}", burn_rate.objective)}};
  }
  return reading;
}

}  // namespace vitals::rules
