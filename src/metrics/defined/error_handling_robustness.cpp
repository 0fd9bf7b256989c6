#include "../catalogue.h"
#include "../formula.h"

namespace vitals::metrics {

/// A dimension that no error tells of is left out.
MetricPtr error_handling_robustness() {
  std::vector<MetricPtr> dimensions;
  dimensions.push_back(error_detection_accuracy());
  dimensions.push_back(error_recovery_rate());
  dimensions.push_back(graceful_degradation());
  return make_mean_of_metrics(
      {.name = "error_handling_robustness",
       .unit = "score",
       .description = "Errors detected, recovered, or degraded gracefully, 0 to 10",
       .direction = Direction::higher_is_better},
      std::move(dimensions), [](const Cell& cell) { return cell.counts.errors; });
}

}  // namespace vitals::metrics
