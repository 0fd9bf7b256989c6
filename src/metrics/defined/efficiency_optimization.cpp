#include <algorithm>

#include "../catalogue.h"
#include "../formula.h"

namespace vitals::metrics {
namespace {

constexpr Measure kRedundancy = measure_of(model::Number::redundancy);
constexpr Measure kDensity = measure_of(model::Number::information_density);

}  // namespace

/// A dimension without data is left out, that of tokens also without a success.
MetricPtr efficiency_optimization(const Options::Efficiency& options) {
  std::vector<MetricPtr> dimensions;
  dimensions.push_back(token_efficiency(options));
  dimensions.push_back(redundancy_elimination());
  dimensions.push_back(make_mean_of_means({}, {kDensity}));
  return make_mean_of_metrics(
      {.name = "efficiency_optimization",
       .unit = "score",
       .description = "Tokens per success against their budget, and how dense the prompts "
                      "are, 0 to 10",
       .direction = Direction::higher_is_better},
      std::move(dimensions), [](const Cell& cell) {
        return std::max({moments_of(cell, Measure::total_tokens).count,
                         moments_of(cell, kRedundancy).count, moments_of(cell, kDensity).count});
      });
}

}  // namespace vitals::metrics
