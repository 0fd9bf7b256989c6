#include <vitals/metrics/intervals.h>

#include "../catalogue.h"
#include "../formula.h"

namespace vitals::metrics {

MetricPtr throughput() {
  return make_metric({
      .info = {.name = "throughput",
               .unit = "1/s",
               .description = "Executions per second",
               .direction = Direction::neutral,
               .is_total = true,
               .is_rate = true},
      .needs = {},
      .value = [](const Cell& cell,
                  double seconds) { return static_cast<double>(cell.counts.executions) / seconds; },
      .samples = [](const Cell& cell) { return cell.counts.executions; },
      .interval =
          [](const Cell& cell, double seconds, double confidence) {
            const Interval count = count_interval(cell.counts.executions, confidence);
            return std::optional(Interval{count.low / seconds, count.high / seconds});
          },
  });
}

}  // namespace vitals::metrics
