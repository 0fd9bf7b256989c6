#include "../catalogue.h"
#include "../formula.h"

namespace vitals::metrics {

MetricPtr user_satisfaction_rating() {
  return make_metric({
      .info = {.name = "user_satisfaction_rating",
               .unit = "rating",
               .description = "Mean rating, 1 to 5, weighted by the sentiment of the feedback",
               .direction = Direction::higher_is_better,
               .target = 4.2,
               .alert = 3.8},
      .needs = moments_needed({Measure::satisfaction}),
      .value = [](const Cell& cell, double) { return mean_of(cell, Measure::satisfaction); },
      .samples = [](const Cell& cell) { return moments_of(cell, Measure::satisfaction).count; },
      .interval =
          [](const Cell& cell, double, double confidence) {
            return mean_interval_of(cell, Measure::satisfaction, confidence);
          },
  });
}

}  // namespace vitals::metrics
