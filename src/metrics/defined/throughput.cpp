#include "../catalogue.h"
#include "../formula.h"

namespace vitals::metrics {

MetricPtr throughput() {
  return make_metric({
      .info = {.name = "throughput",
               .unit = "1/s",
               .description = "Executions per second",
               .direction = Direction::neutral,
               .is_total = true},
      .needs = {},
      .value = [](const Cell& cell,
                  double seconds) { return static_cast<double>(cell.counts.executions) / seconds; },
      .samples = [](const Cell& cell) { return cell.counts.executions; },
  });
}

}  // namespace vitals::metrics
