#include <vitals/metrics/intervals.h>

#include "../catalogue.h"
#include "../formula.h"

namespace vitals::metrics {

MetricPtr errors() {
  return make_metric({
      .info = {.name = "errors",
               .unit = "executions",
               .description = "Executions that failed",
               .direction = Direction::lower_is_better,
               .is_total = true},
      .needs = {},
      .value = [](const Cell& cell, double) { return static_cast<double>(cell.counts.errors); },
      .samples = [](const Cell& cell) { return cell.counts.executions; },
      .interval =
          [](const Cell& cell, double, double confidence) {
            return std::optional(count_interval(cell.counts.errors, confidence));
          },
  });
}

}  // namespace vitals::metrics
