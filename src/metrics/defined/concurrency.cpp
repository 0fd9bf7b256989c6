#include <vitals/metrics/intervals.h>

#include "../catalogue.h"
#include "../formula.h"

namespace vitals::metrics {

/// Arrivals per second times the mean duration (J. D. C. Little, "A Proof for the Queuing Formula
/// L = λW", Operations Research 9, 1961). An execution counts where it ends.
MetricPtr concurrency() {
  return make_metric({
      .info = {.name = "concurrency",
               .unit = "executions",
               .description = "Executions in progress at the same time, on average",
               .direction = Direction::neutral,
               .is_total = true,
               .is_rate = true},
      .needs = moments_needed({kDuration}),
      .value = [](const Cell& cell,
                  double seconds) { return moments_of(cell, kDuration).total() / 1000 / seconds; },
      .samples = [](const Cell& cell) { return moments_of(cell, kDuration).count; },
      .interval = [](const Cell& cell, double seconds,
                     double confidence) -> std::optional<Interval> {
        const auto sum = sum_interval(moments_of(cell, kDuration), confidence);
        if (!sum) return std::nullopt;
        return Interval{sum->low / 1000 / seconds, sum->high / 1000 / seconds};
      },
  });
}

}  // namespace vitals::metrics
