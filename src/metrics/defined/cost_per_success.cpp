#include "../catalogue.h"
#include "../formula.h"

namespace vitals::metrics {
namespace {

constexpr Measure kSpent = measure_of(model::Number::cost_usd);

}  // namespace

MetricPtr cost_per_success() {
  return make_metric({
      .info = {.name = "cost_per_success",
               .unit = "USD",
               .description = "Cost of all executions per execution that succeeded",
               .direction = Direction::lower_is_better},
      .needs = moments_needed({kSpent}),
      .value = [](const Cell& cell,
                  double) { return per_success(moments_of(cell, kSpent).total(), cell.counts); },
      .samples = [](const Cell& cell) { return moments_of(cell, kSpent).count; },
  });
}

}  // namespace vitals::metrics
