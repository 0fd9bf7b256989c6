#include <algorithm>

#include "../catalogue.h"
#include "../formula.h"

namespace vitals::metrics {

MetricPtr token_efficiency(const Options::Efficiency& options) {
  return make_metric({
      .info = {.name = "token_efficiency",
               .unit = "score",
               .description = "The budget of tokens over tokens per success, 0 to 10",
               .direction = Direction::higher_is_better},
      .needs = moments_needed({Measure::total_tokens}),
      .value = [budget = options.tokens](const Cell& cell, double) -> std::optional<double> {
        if (cell.counts.successes == 0) return std::nullopt;
        const double affordable = budget * static_cast<double>(cell.counts.successes);
        const double spent = moments_of(cell, Measure::total_tokens).total();
        return spent <= affordable ? 10 : 10 * affordable / spent;
      },
      .samples = [](const Cell& cell) { return moments_of(cell, Measure::total_tokens).count; },
  });
}

}  // namespace vitals::metrics
