#include <vitals/metrics/intervals.h>

#include "../catalogue.h"
#include "../formula.h"

namespace vitals::metrics {

MetricPtr successes() {
  return make_metric({
      .info = {.name = "successes",
               .unit = "executions",
               .description = "Executions that succeeded",
               .direction = Direction::higher_is_better,
               .is_total = true},
      .needs = {},
      .value = [](const Cell& cell, double) { return static_cast<double>(cell.counts.successes); },
      .samples = [](const Cell& cell) { return cell.counts.executions; },
      .interval =
          [](const Cell& cell, double, double confidence) {
            return std::optional(count_interval(cell.counts.successes, confidence));
          },
  });
}

}  // namespace vitals::metrics
