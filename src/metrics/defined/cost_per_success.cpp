#include "../catalogue.h"
#include "../formula.h"

namespace vitals::metrics {

MetricPtr cost_per_success() {
  return make_per_success({.name = "cost_per_success",
                           .unit = "USD",
                           .description = "Cost of all executions per execution that succeeded",
                           .direction = Direction::lower_is_better},
                          measure_of(model::Number::cost_usd));
}

}  // namespace vitals::metrics
