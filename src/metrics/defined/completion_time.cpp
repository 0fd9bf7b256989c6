#include "../catalogue.h"
#include "../formula.h"

namespace vitals::metrics {

MetricPtr completion_time() {
  return make_metric({
      .info = {.name = "completion_time",
               .unit = "s",
               .description = "Mean duration of an execution",
               .direction = Direction::lower_is_better,
               .target = 30,
               .alert = 45},
      .needs = moments_needed({kDuration}),
      .value = [](const Cell& cell, double) { return mean_of(cell, kDuration) / 1000; },
      .samples = [](const Cell& cell) { return moments_of(cell, kDuration).count; },
      .interval = [](const Cell& cell, double, double confidence) -> std::optional<Interval> {
        const auto mean = mean_interval_of(cell, kDuration, confidence);
        if (!mean) return std::nullopt;
        return Interval{mean->low / 1000, mean->high / 1000};
      },
  });
}

}  // namespace vitals::metrics
