#include <vitals/metrics/intervals.h>

#include "../catalogue.h"
#include "../formula.h"

namespace vitals::metrics {

MetricPtr executions() {
  return make_metric({
      .info = {.name = "executions",
               .unit = "executions",
               .description = "Executions, with or without a status",
               .direction = Direction::neutral,
               .is_total = true},
      .needs = {},
      .value = [](const Cell& cell, double) { return static_cast<double>(cell.counts.executions); },
      .samples = [](const Cell& cell) { return cell.counts.executions; },
      .interval =
          [](const Cell& cell, double, double confidence) {
            return std::optional(count_interval(cell.counts.executions, confidence));
          },
  });
}

}  // namespace vitals::metrics
