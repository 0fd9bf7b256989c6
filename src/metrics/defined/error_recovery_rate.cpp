#include "../catalogue.h"
#include "../formula.h"

namespace vitals::metrics {

MetricPtr error_recovery_rate() {
  return make_share_of_errors(
      {.name = "error_recovery_rate",
       .unit = "score",
       .description = "Errors that were recovered from, of those that say so, 0 to 10",
       .direction = Direction::higher_is_better},
      &Counts::recovered, &Counts::recovered_known);
}

}  // namespace vitals::metrics
