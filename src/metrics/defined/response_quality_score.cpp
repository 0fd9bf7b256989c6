#include "../catalogue.h"
#include "../formula.h"

namespace vitals::metrics {

MetricPtr response_quality_score() {
  return make_metric({
      .info = {.name = "response_quality_score",
               .unit = "score",
               .description =
                   "Mean quality of the responses, 0 to 10, over the dimensions assessed",
               .direction = Direction::higher_is_better,
               .target = 8.5,
               .alert = 7.5},
      .needs = moments_needed({Measure::response_quality}),
      .value = [](const Cell& cell, double) { return mean_of(cell, Measure::response_quality); },
      .samples = [](const Cell& cell) { return moments_of(cell, Measure::response_quality).count; },
      .interval =
          [](const Cell& cell, double, double confidence) {
            return mean_interval_of(cell, Measure::response_quality, confidence);
          },
  });
}

}  // namespace vitals::metrics
