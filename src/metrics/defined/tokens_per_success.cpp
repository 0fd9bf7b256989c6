#include "../catalogue.h"
#include "../formula.h"

namespace vitals::metrics {

MetricPtr tokens_per_success() {
  return make_per_success({.name = "tokens_per_success",
                           .unit = "tokens",
                           .description = "Tokens of all executions per execution that succeeded",
                           .direction = Direction::lower_is_better},
                          Measure::total_tokens);
}

}  // namespace vitals::metrics
