#include "../catalogue.h"
#include "../formula.h"

namespace vitals::metrics {

MetricPtr error_detection_accuracy() {
  return make_share_of_errors(
      {.name = "error_detection_accuracy",
       .unit = "score",
       .description = "Errors that were detected, of those that say so, 0 to 10",
       .direction = Direction::higher_is_better},
      &Counts::detected, &Counts::detected_known);
}

}  // namespace vitals::metrics
