#include "../catalogue.h"
#include "../formula.h"

namespace vitals::metrics {
namespace {

constexpr Measure kRedundancy = measure_of(model::Number::redundancy);

double eliminated(double redundancy) { return 10 * (1 - redundancy); }

}  // namespace

MetricPtr redundancy_elimination() {
  return make_metric({
      .info = {.name = "redundancy_elimination",
               .unit = "score",
               .description = "What the prompts do not say twice, 0 to 10",
               .direction = Direction::higher_is_better},
      .needs = moments_needed({kRedundancy}),
      .value = [](const Cell& cell, double) -> std::optional<double> {
        return eliminated(mean_of(cell, kRedundancy));
      },
      .samples = [](const Cell& cell) { return moments_of(cell, kRedundancy).count; },
      .interval = [](const Cell& cell, double, double confidence) -> std::optional<Interval> {
        const auto mean = mean_interval_of(cell, kRedundancy, confidence);
        if (!mean) return std::nullopt;
        return Interval{eliminated(mean->high), eliminated(mean->low)};
      },
  });
}

}  // namespace vitals::metrics
