#include <algorithm>

#include "../catalogue.h"
#include "../formula.h"

namespace vitals::metrics {
namespace {

constexpr Measure kRedundancy = measure_of(model::Number::redundancy);
constexpr Measure kDensity = measure_of(model::Number::information_density);

bool has(const Cell& cell, Measure measure) { return moments_of(cell, measure).count != 0; }

/// Mean of token efficiency, redundancy elimination and information density; a term without data is
/// left out, the first also without a success.
std::optional<double> efficiency(const Cell& cell, double tokens_budget) {
  WeightedMean terms;
  if (has(cell, Measure::total_tokens) && cell.counts.successes != 0) {
    const double per_success = moments_of(cell, Measure::total_tokens).total() /
                               static_cast<double>(cell.counts.successes);
    terms.add(1, per_success <= tokens_budget ? 10 : 10 * tokens_budget / per_success);
  }
  if (has(cell, kRedundancy)) terms.add(1, 10 * (1 - mean_of(cell, kRedundancy)));
  if (has(cell, kDensity)) terms.add(1, mean_of(cell, kDensity));
  return terms.value();
}

}  // namespace

MetricPtr efficiency_optimization(const Options::Efficiency& options) {
  return make_metric({
      .info = {.name = "efficiency_optimization",
               .unit = "score",
               .description = "Tokens per success against their budget, and how dense the prompts "
                              "are, 0 to 10",
               .direction = Direction::higher_is_better},
      .needs = moments_needed({Measure::total_tokens, kRedundancy, kDensity}),
      .value = [budget = options.tokens](const Cell& cell,
                                         double) { return efficiency(cell, budget); },
      .samples =
          [](const Cell& cell) {
            return std::max({moments_of(cell, Measure::total_tokens).count,
                             moments_of(cell, kRedundancy).count,
                             moments_of(cell, kDensity).count});
          },
  });
}

}  // namespace vitals::metrics
