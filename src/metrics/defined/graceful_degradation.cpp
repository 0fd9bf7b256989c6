#include "../catalogue.h"
#include "../formula.h"

namespace vitals::metrics {

MetricPtr graceful_degradation() {
  return make_share_of_errors(
      {.name = "graceful_degradation",
       .unit = "score",
       .description =
           "Errors that degraded gracefully, of those not recovered that say so, 0 to 10",
       .direction = Direction::higher_is_better},
      &Counts::degraded, &Counts::degraded_known);
}

}  // namespace vitals::metrics
